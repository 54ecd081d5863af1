"""The check of models: their claims, and their drift from the committed reports."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, final

from guessmodel.claims.causes import explained
from guessmodel.claims.claim import Claim, Expected, Statement, claims_of
from guessmodel.claims.drift import Committed, Drift, compared, read_report, reports_folder
from guessmodel.claims.verdicts import Finding, Verdict, judge
from guessmodel.errors import Location, UsageError
from guessmodel.estimators.estimate import Estimate
from guessmodel.graph.dims import titled
from guessmodel.graph.expression import expression
from guessmodel.graph.naming import Entry
from guessmodel.graph.quantity import Quantity
from guessmodel.model.model import Model
from guessmodel.simulation import Simulation

__all__ = ["MOST_SAMPLES", "CheckResult", "CheckedClaim", "check", "figures", "sampled_and_checked"]

MOST_SAMPLES = 1 << 21
"""Draws beyond which an undecided figure stays undecided."""

_UNDECIDED: Verdict = "undecided"

Progress = Callable[[int, int, str], None]


@final
@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """One figure of a claim, and what the model says.

    Attributes
    ----------
    model, quantity, statistic : what it is about, such as "twitter", "cost[combined]", "mean"
    published : the figure as written
    computed : the statistic, in the unit of `published`
    tolerance : as a share of the figure; None about 0
    tolerance_text : the same with the reason for it
    verdict, expected : "holds", "falls short" or, as a verdict, "undecided"
    samples : draws that decided it
    reason : why it is undecided
    """

    model: str
    quantity: str
    statistic: str
    published: str
    computed: Estimate
    tolerance: float | None
    tolerance_text: str
    verdict: Verdict
    expected: Expected
    source: str | None
    note: str | None
    location: Location
    samples: int
    reason: str | None = None

    @property
    def as_expected(self) -> bool:
        """Whether the verdict is the expected one."""
        return self.verdict == self.expected

    @property
    def explanation(self) -> str:
        """What an analyst needs to know of a claim that does not come out as expected."""
        if self.verdict == "undecided":
            what = f"is undecided after {self.samples:,} samples"
        elif self.verdict == "falls short":
            what = "falls short"
        else:
            what = 'holds, but is marked expected="falls short"; remove the mark'
        lines = [
            f"{self.location}: {self.statistic} of {self.quantity} {what}",
            f"  published  {self.published}",
            f"  computed   {self.computed}",
            f"  tolerance  {self.tolerance_text}",
        ]
        for title, text in (("reason", self.reason), ("source", self.source), ("note", self.note)):
            if text and text != self.computed.note:
                lines.append(f"  {title:<9}  {' '.join(text.split())}")
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        """For JSON, under the names that `guessmodel check --json` documents."""
        return {
            "model": self.model,
            "quantity": self.quantity,
            "statistic": self.statistic,
            "published": self.published,
            "computed": self.computed.to_dict(),
            "tolerance": self.tolerance,
            "verdict": self.verdict,
            "expected": self.expected,
            "source": self.source,
            "note": self.note,
        }


@final
@dataclass(frozen=True, slots=True)
class CheckResult:
    """All claims and all drift of some models.

    `remarks` says what could not be compared, such as a model without a committed report.
    """

    claims: tuple[CheckedClaim, ...]
    drift: tuple[Drift, ...] = ()
    models: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether every verdict is the expected one, and nothing drifted."""
        return not self.drift and all(claim.as_expected for claim in self.claims)

    def to_dict(self) -> dict[str, Any]:
        """The object that `guessmodel check --json` prints."""
        return {
            "holds": self.holds,
            "claims": [claim.to_dict() for claim in self.claims],
            "drift": [drift.to_dict() for drift in self.drift],
        }


def check(
    models: Model | str | Path | Iterable[Model | str | Path],
    reports: str | Path | None = None,
    *,
    drift: bool = True,
    samples: int | None = None,
    seed: int = 0,
    most_samples: int = MOST_SAMPLES,
    threads: int | None = None,
    progress: Progress | None = None,
) -> CheckResult:
    """Test the claims of models, and compare their results with the committed reports.

    Each model is sampled once. Figures that the sampling error leaves undecided are sampled
    again with twice the draws, until they are decided or `most_samples` is reached.

    Parameters
    ----------
    models : models, or paths of model files and of folders with model files
    reports : folder of the committed `<model>.json`; by default the nearest folder `reports`,
        beside the model's file or beside a folder that it is in. A model without a report there
        has no drift, which a remark says.
    drift : whether to compare with reports at all
    samples : draws to begin with; by default those of `Model.sample`
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
    found = _models(models)
    claims: list[CheckedClaim] = []
    differences: list[Drift] = []
    committed, without = _reports(found, reports) if drift else ([None] * len(found), {})
    covered = {model.title for model, report in zip(found, committed, strict=True) if report}
    for done, (model, report) in enumerate(zip(found, committed, strict=True)):
        if progress is not None:
            progress(done, len(found), model.title)
        subjects = _Subjects.of(model)
        start = model.default_samples if samples is None else samples
        there = {name for name, entry in model.entries.items() if not _elsewhere(entry, covered)}
        wanted = there if report is not None else frozenset()
        simulation = subjects.sample(start, seed, threads, wanted)
        if simulation is not None:
            claims += subjects.claims(simulation, most_samples, threads)
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
    differences = explained(found, differences)
    return CheckResult(tuple(claims), tuple(differences), tuple(m.title for m in found), remarks)


def figures(model: Model) -> list[tuple[Claim, Statement, str]]:
    """Every figure of a model's claims, with the name of what it is about; in the order of
    `check`, and without sampling."""
    subjects = _Subjects.of(model)
    return [
        (claim, statement, subjects.title(claim))
        for claim in claims_of(model)
        for statement in claim.statements
    ]


def sampled_and_checked(
    model: Model, *, samples: int | None = None, seed: int = 0, method: str = "nets"
) -> tuple[Simulation, list[CheckedClaim]]:
    """One run of all quantities of a model, and its claims tested on the same draws.

    The simulation may hold more than the model's quantities: what only claims name.
    """
    subjects = _Subjects.of(model)
    start = model.default_samples if samples is None else samples
    simulation = subjects.sample(start, seed, None, subjects.own, method)
    assert simulation is not None  # every model has a quantity
    return simulation, subjects.claims(simulation, MOST_SAMPLES, None)


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


# --- one model ----------------------------------------------------------------------------------


@final
@dataclass(frozen=True, slots=True)
class _Subjects:
    """What a model's claims are about: its quantities, and expressions that only claims name."""

    model: Model  # extended by those expressions
    names: Mapping[Quantity, str]  # in `model`
    titles: Mapping[Quantity, str]  # for people
    own: tuple[str, ...]  # names of the model's quantities proper

    @classmethod
    def of(cls, model: Model) -> _Subjects:
        names = {quantity: name for name, quantity in model.quantities.items()}
        keys = {entry.quantity: entry.key for entry in model.all_entries}
        known = {**keys, **names}
        titles = dict(known)
        extra: dict[str, Quantity] = {}
        for claim in claims_of(model):
            for subject in claim.subjects:
                if subject not in names:
                    names[subject] = f"(claim {len(extra) + 1})"
                    part = len(claim.subjects) > 1
                    titles[subject] = keys.get(subject) or expression(subject, known, inner=part)
                    extra[names[subject]] = subject
        own = tuple(model.quantities)
        return cls(model.extended(extra) if extra else model, names, titles, own)

    def title(self, claim: Claim) -> str:
        """What a claim is about, such as `cost[combined]` and `a / b`."""
        shown = (titled(self.titles[s], claim.labels_of(s).values()) for s in claim.subjects)
        return " / ".join(shown)

    def sample(
        self,
        samples: int,
        seed: int,
        threads: int | None,
        names: Iterable[str],
        method: str = "nets",
    ) -> Simulation | None:
        """Draw some of the model's own quantities, and what the claims need besides."""
        claimed = {self.names[s] for claim in claims_of(self.model) for s in claim.subjects}
        wanted = [name for name in self.model.quantities if name in claimed | set(names)]
        if not wanted:
            return None
        return self.model.sample(
            samples, seed=seed, method=method, quantities=wanted, threads=threads
        )

    def claims(
        self, simulation: Simulation, most_samples: int, threads: int | None
    ) -> list[CheckedClaim]:
        """Every figure of every claim, drawing more for those that are undecided."""
        pending: list[tuple[Claim, Statement]] = [
            (claim, statement) for claim in claims_of(self.model) for statement in claim.statements
        ]
        found: dict[tuple[Claim, Statement], tuple[Finding, int]] = {}
        while True:
            for claim, statement in pending:
                names = [self.names[subject] for subject in claim.subjects]
                before = found.get((claim, statement))
                finding = judge(
                    claim, statement, names, simulation, before[0] if before is not None else None
                )
                found[claim, statement] = finding, simulation.run.samples
            pending = [key for key in pending if found[key][0].verdict == _UNDECIDED]
            samples = 2 * simulation.run.samples
            if not pending or samples > most_samples:
                break
            again = dict.fromkeys(self.names[s] for claim, _ in pending for s in claim.subjects)
            run = simulation.run
            simulation = self.model.sample(
                samples, seed=run.seed, method=run.method, quantities=list(again), threads=threads
            )
        checked = []
        for claim in claims_of(self.model):
            rows = [
                self._checked(claim, statement, *found[claim, statement])
                for statement in claim.statements
            ]
            checked += _expecting(rows, claim)
        return checked

    def _checked(
        self, claim: Claim, statement: Statement, finding: Finding, samples: int
    ) -> CheckedClaim:
        figure, accepted = statement.figure, claim.accepted(statement)
        e, scale = finding.estimate, figure.scale
        computed = e.scaled(scale, str(figure.unit))
        return CheckedClaim(
            self.model.title,
            self.title(claim),
            statement.statistic,
            figure.text,
            computed,
            accepted.relative,
            accepted.text,
            finding.verdict,
            claim.expected,
            claim.source,
            claim.note,
            claim.location,
            samples,
            finding.reason,
        )


def _expecting(rows: list[CheckedClaim], claim: Claim) -> list[CheckedClaim]:
    """An interval that is expected to fall short does so if one end does; the other may hold."""
    if claim.expected == "holds":
        return rows
    short = {row.statistic.rpartition(" ")[0] for row in rows if row.verdict == "falls short"}
    return [
        replace(row, expected="holds")
        if statement.end
        and row.verdict != "falls short"
        and row.statistic.rpartition(" ")[0] in short
        else row
        for row, statement in zip(rows, claim.statements, strict=True)
    ]
