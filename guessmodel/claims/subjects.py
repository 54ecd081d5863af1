"""The claims of one model, judged where each belongs: in the unchanged model or in a scenario."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, final

from guessmodel.claims.checked_claim import CheckedClaim
from guessmodel.claims.claim import Claim, Statement, claims_of
from guessmodel.claims.verdicts import Finding, Verdict, judge
from guessmodel.errors import UsageError
from guessmodel.graph.dims import titled
from guessmodel.graph.expression import expression
from guessmodel.graph.quantity import Quantity
from guessmodel.model.model import Model
from guessmodel.model.scenario import BASE
from guessmodel.simulation import Simulation

__all__ = ["CheckOptions", "Subjects", "tested"]

_UNDECIDED: Final[Verdict] = "undecided"


@final
@dataclass(frozen=True, slots=True)
class CheckOptions:
    """How claims are tested.

    Attributes
    ----------
    samples, most_samples, seed, method, threads : of the draws; see `check`
    within : scenarios in which all claims are tested, whatever they are about
    everywhere : whether each claim is tested in all scenarios too, beside its own
    integrates : whether statistics may have a draw integrated out, see `Simulation`
    pause : called between claims; what it raises ends the test
    """

    samples: int | None
    most_samples: int
    seed: int = 0
    method: str = "nets"
    threads: int | None = None
    within: Sequence[str] = ()
    everywhere: bool = False
    integrates: bool = True
    pause: Callable[[], None] = lambda: None


def tested(
    model: Model, names: Iterable[str], options: CheckOptions
) -> tuple[Simulation | None, list[CheckedClaim]]:
    """A run of some quantities of a model, and all its claims tested, each in the scenario that it
    is about, on common draws; those about a scenario in the unchanged model too.

    The simulation holds what the claims are about besides; None where there is nothing to draw.
    """
    if model.variants:
        raise UsageError(
            "these are scenarios side by side; check the model itself, with scenarios=True"
        )
    start = model.default_samples if options.samples is None else options.samples
    model = model.in_scenario(*options.within)
    claims = claims_of(model)
    homes = [BASE if options.within else claim.scenario or BASE for claim in claims]
    variants = [BASE, *(n for n in model.scenarios if options.everywhere or n in homes)]
    found: dict[str, dict[int, list[CheckedClaim]]] = {}
    simulation: Simulation | None = None
    titles: Mapping[int, str] = {}
    for variant in variants:
        there = options.everywhere or variant == BASE
        places = [place for place, home in enumerate(homes) if there or home == variant]
        unchanged = variant == BASE
        subjects = Subjects.of(model if unchanged else model.in_scenario(variant), places)
        run = subjects.sample(start, options, names if unchanged else ())
        if run is not None:
            found[variant] = subjects.checked(run, options)
        if unchanged:
            simulation = run
            titles = {place: subjects.title(claim) for place, claim in subjects.claims.items()}
    checked = []
    for place, home in enumerate(homes):
        scenario = ", ".join(options.within) or (None if home == BASE else home)
        for k, row in enumerate(found[home][place]):
            beside = {
                name: replace(rows[place][k], quantity=titles[place])
                for name, rows in found.items()
                if name != home and place in rows
            }
            row = replace(row, quantity=titles[place], scenario=scenario, beside=beside)
            checked.append(row)
    return simulation, checked


@final
@dataclass(frozen=True, slots=True)
class Subjects:
    """What some claims of a model are about: its quantities, and expressions that they name."""

    model: Model  # extended by those expressions
    names: Mapping[Quantity, str]  # in `model`
    titles: Mapping[Quantity, str]  # for people
    own: tuple[str, ...]  # names of the model's quantities proper
    claims: Mapping[int, Claim]  # by their place in the file

    @classmethod
    def of(cls, model: Model, places: Collection[int] | None = None) -> Subjects:
        """The subjects of the claims at some places, by default of all."""
        every = enumerate(claims_of(model))
        claims = {place: claim for place, claim in every if places is None or place in places}
        names = {quantity: name for name, quantity in model.quantities.items()}
        keys = {entry.quantity: entry.key for entry in model.all_entries}
        known = {**keys, **names}
        titles = dict(known)
        extra: dict[str, Quantity] = {}
        for claim in claims.values():
            for subject in claim.subjects:
                if subject not in names:
                    names[subject] = f"(claim {len(extra) + 1})"
                    part = len(claim.subjects) > 1
                    titles[subject] = keys.get(subject) or expression(subject, known, inner=part)
                    extra[names[subject]] = subject
        own = tuple(model.quantities)
        return cls(model.extended(extra) if extra else model, names, titles, own, claims)

    def title(self, claim: Claim) -> str:
        """What a claim is about, such as `cost[combined]` and `a / b`."""
        shown = (titled(self.titles[s], claim.labels_of(s).values()) for s in claim.subjects)
        return (" and " if claim.joint else " / ").join(shown)

    def sample(
        self,
        samples: int,
        options: CheckOptions,
        names: Iterable[str],
    ) -> Simulation | None:
        """Draw some of the model's own quantities, and what the claims need besides."""
        claimed = {self.names[s] for claim in self.claims.values() for s in claim.subjects}
        wanted = [name for name in self.model.quantities if name in claimed | set(names)]
        if not wanted:
            return None
        simulation = self.model.sample(
            samples,
            seed=options.seed,
            method=options.method,
            quantities=wanted,
            threads=options.threads,
        )
        return replace(simulation, integrates=options.integrates)

    def checked(
        self, simulation: Simulation, options: CheckOptions
    ) -> dict[int, list[CheckedClaim]]:
        """Every figure of every claim, drawing more for those that are undecided."""
        pending: list[tuple[Claim, Statement]] = [
            (claim, statement) for claim in self.claims.values() for statement in claim.statements
        ]
        found: dict[tuple[Claim, Statement], tuple[Finding, int]] = {}
        while True:
            for claim, statement in pending:
                options.pause()
                names = [self.names[subject] for subject in claim.subjects]
                before = found.get((claim, statement))
                finding = judge(
                    claim, statement, names, simulation, before[0] if before is not None else None
                )
                found[claim, statement] = finding, simulation.run.samples
            pending = [key for key in pending if found[key][0].verdict == _UNDECIDED]
            samples = 2 * simulation.run.samples
            if not pending or samples > options.most_samples:
                break
            again = dict.fromkeys(self.names[s] for claim, _ in pending for s in claim.subjects)
            run = simulation.run
            simulation = self.model.sample(
                samples,
                seed=run.seed,
                method=run.method,
                quantities=list(again),
                threads=options.threads,
            )
        return {
            place: _expecting(
                [self._checked(claim, each, *found[claim, each]) for each in claim.statements],
                claim,
            )
            for place, claim in self.claims.items()
        }

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
            kind=claim.kind,
            at_edge=finding.verdict == "holds" and accepted.at_edge(e.value, figure.value),
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
