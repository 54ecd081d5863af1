"""The check of models: their claims, and their drift from the committed reports."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, final

from guessmodel.claims.causes import explained
from guessmodel.claims.check_texts import cells, drift_line, in_one_line
from guessmodel.claims.checked_claim import CheckedClaim
from guessmodel.claims.claim import Claim, Statement, claims_of
from guessmodel.claims.drift import Committed, Drift, compared, read_report, reports_folder
from guessmodel.claims.subjects import CheckOptions, Subjects, tested
from guessmodel.errors import UsageError, needed, public
from guessmodel.graph.naming import Entry
from guessmodel.method.warning import MethodWarning
from guessmodel.method.warnings import warnings_of
from guessmodel.model.model import Model
from guessmodel.simulation import Simulation
from guessmodel.tables import Tabled

if TYPE_CHECKING:
    import pandas

__all__ = ["MOST_SAMPLES", "CheckResult", "CheckedClaim", "check", "figures", "sampled_and_checked"]

MOST_SAMPLES = 1 << 21
"""Draws beyond which an undecided figure stays undecided."""

Progress = Callable[[int, int, str], None]


@final
@dataclass(frozen=True, slots=True, repr=False)
class CheckResult(Tabled):
    """All claims and all drift of some models.

    `remarks` says what could not be compared, such as a model without a committed report;
    `warnings` what a model may not have meant to say, which `holds` does not depend on.
    """

    claims: tuple[CheckedClaim, ...]
    drift: tuple[Drift, ...] = ()
    models: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    warnings: tuple[MethodWarning, ...] = ()
    name_columns: ClassVar[int] = 3

    @property
    def holds(self) -> bool:
        """Whether every verdict is the expected one, and nothing drifted."""
        return not self.drift and all(claim.as_expected for claim in self.claims)

    @property
    def heading(self) -> str:
        """How many figures hold, fall short, are undecided; how much drifted."""
        return in_one_line(self.claims, self.drift, self.warnings)

    def cells(self) -> list[list[str]]:
        """Header and rows as text, a row for each figure of a claim."""
        return cells(self.claims)

    def notes(self) -> list[str]:
        """What drifted, warnings of method, and what could not be compared."""
        return [*map(drift_line, self.drift), *map(str, self.warnings), *self.remarks]

    def to_pandas(self) -> pandas.DataFrame:
        """A row for each figure of a claim, with the ends of the error of what was computed."""
        needed("pandas", "xarray")
        import pandas

        keys = ("model", "quantity", "statistic", "published")
        more = ("tolerance", "verdict", "expected", "kind", "scenario")
        return pandas.DataFrame(
            [
                {key: getattr(each, key) for key in keys}
                | {
                    "computed": each.computed.value,
                    "low": each.computed.low,
                    "high": each.computed.high,
                    "unit": each.computed.unit,
                }
                | {key: getattr(each, key) for key in more}
                for each in self.claims
            ]
        )

    def to_dict(self) -> dict[str, Any]:
        """The object that `guessmodel check --json` prints."""
        return {
            "holds": self.holds,
            "claims": [claim.to_dict() for claim in self.claims],
            "drift": [drift.to_dict() for drift in self.drift],
            "warnings": [warning.to_dict() for warning in self.warnings],
        }


@public
def check(
    models: Model | str | Path | Iterable[Model | str | Path],
    reports: str | Path | None = None,
    *,
    drift: bool = True,
    samples: int | None = None,
    seed: int = 0,
    most_samples: int = MOST_SAMPLES,
    threads: int | None = None,
    scenario: str | Sequence[str] = (),
    scenarios: bool = False,
    progress: Progress | None = None,
) -> CheckResult:
    """Test the claims of models, and compare their results with the committed reports; and warn of
    what they may not have meant to say (docs/method.md).

    A claim about a scenario is tested there, and in the unchanged model beside it. Each model is
    sampled once for each scenario that a claim is about. Figures that the sampling error leaves
    undecided are sampled again with twice the draws, until they are decided or `most_samples` is
    reached.

    Parameters
    ----------
    models : models, or paths of model files and of folders with model files
    reports : folder of the committed `<model>.json`; by default the nearest folder `reports`,
        beside the model's file or beside a folder that it is in. A model without a report there
        has no drift, which a remark says.
    drift : whether to compare with reports at all
    samples : draws to begin with; by default those of `Model.sample`
    scenario : name of a scenario, or several, in which all claims are tested instead, whatever they
        are about; drift is left out, for reports are of the unchanged model
    scenarios : whether each claim is tested in all other scenarios too
    progress : called with the number of models done, of all models, and the next one's name

    Raises
    ------
    GuessmodelError
        For a model that cannot be loaded, a claim on a statistic that its quantity does not
        have, and a report that is none.

    >>> import guessmodel as gm
    >>> check(gm.Model(cost=gm.lognormal(240, 720, "USD/day"))).holds
    True
    """
    if reports is not None and not drift:
        raise UsageError("reports= is for drift, and drift=False leaves it out; give one of them")
    within = (scenario,) if isinstance(scenario, str) else tuple(scenario)
    if within and (reports is not None or scenarios):
        other = "scenarios=" if scenarios else "reports="
        raise UsageError(f"scenario= chooses what all claims are tested in; leave out {other}")
    drift = drift and not within
    options = CheckOptions(
        samples, most_samples, seed, threads=threads, within=within, everywhere=scenarios
    )
    found = _models(models)
    claims: list[CheckedClaim] = []
    differences: list[Drift] = []
    committed, without = _reports(found, reports) if drift else ([None] * len(found), {})
    covered = {model.title for model, report in zip(found, committed, strict=True) if report}
    for done, (model, report) in enumerate(zip(found, committed, strict=True)):
        if progress is not None:
            progress(done, len(found), model.title)
        there = {name for name, entry in model.entries.items() if not _elsewhere(entry, covered)}
        wanted = there if report is not None else frozenset()
        simulation, rows_of_claims = tested(model, wanted, options)
        claims += rows_of_claims
        if simulation is not None and report is not None:
            names = tuple(name for name in simulation if name in there)
            rows = replace(simulation, names=names).summary().rows
            before = {n: c for n, c in report.items() if c.origin not in covered - {model.title}}
            differences += compared(model.title, before, rows)
    if progress is not None:
        progress(len(found), len(found), "")
    remarks = tuple(
        f"no report of {', '.join(titles)} in {place}, so drift is not checked; "
        "guessmodel report writes it"
        for place, titles in without.items()
    )
    known = {m.title: report for m, report in zip(found, committed, strict=True) if report}
    differences = explained(found, differences, known)
    titles = tuple(model.title for model in found)
    warnings = tuple(warnings_of(found))
    return CheckResult(tuple(claims), tuple(differences), titles, remarks, warnings)


def figures(model: Model) -> list[tuple[Claim, Statement, str]]:
    """Every figure of a model's claims, with the name of what it is about; in the order of
    `check`, and without sampling."""
    subjects = Subjects.of(model)
    return [
        (claim, statement, subjects.title(claim))
        for claim in claims_of(model)
        for statement in claim.statements
    ]


def sampled_and_checked(
    model: Model,
    *,
    samples: int | None = None,
    seed: int = 0,
    method: str = "nets",
    within: Sequence[str] = (),
    at_once: bool = False,
    pause: Callable[[], None] = lambda: None,
) -> tuple[Simulation, list[CheckedClaim]]:
    """One run of all quantities of a model, and its claims tested on the same draws, with the
    changes of the scenarios that it is `within`; `at_once` by what these alone tell, though more
    would decide more. `pause` is called now and then, and may raise.

    The simulation may hold more than the model's quantities: what only claims name.
    """
    most = 0 if at_once else MOST_SAMPLES
    simulation, claims = tested(
        model,
        list(model.quantities),
        CheckOptions(
            samples, most, seed, method, within=within, integrates=not at_once, pause=pause
        ),
    )
    assert simulation is not None  # every model has a quantity
    return simulation, claims


def _models(given: Model | str | Path | Iterable[Model | str | Path]) -> list[Model]:
    several = [given] if isinstance(given, Model | str | Path) else list(given)
    found = [one for one in several if isinstance(one, Model)]
    found += Model.from_paths(one for one in several if not isinstance(one, Model))
    if not found:
        raise UsageError("there is no model to check; name a model file or a folder of them")
    return found


def _reports(
    models: Sequence[Model], folder: str | Path | None
) -> tuple[list[dict[str, Committed] | None], dict[str, list[str]]]:
    """The committed report of each model; and the titles of those without, by folder."""
    found: list[dict[str, Committed] | None] = []
    without: dict[str, list[str]] = {}
    for model in models:
        place = Path(folder) if folder is not None else None
        if place is None and model.file is not None:
            place = reports_folder(model.file)
        found.append(read_report(place / f"{model.title}.json") if place is not None else None)
        if found[-1] is None and place is not None:
            without.setdefault(str(place), []).append(model.title)
    return found, without


def _elsewhere(entry: Entry, covered: Set[str]) -> bool:
    """Whether a quantity is compared with the report of the model that it is imported from."""
    return not entry.own and entry.stem in covered
