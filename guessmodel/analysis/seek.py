"""What it would take: the value of one input at which a statistic of an output is on target."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, final

import numpy as np

from guessmodel.analysis.crossings import Crossing, Curve, crossings, nearest
from guessmodel.analysis.statistic import (
    Asked,
    HowDrawn,
    RunOptions,
    asked,
    drawn_how,
    input_of,
    output_of,
    title_at,
)
from guessmodel.errors import UsageError, WrongKind, did_you_mean, needed, public
from guessmodel.estimators.estimate import Estimate
from guessmodel.graph.dims import Label
from guessmodel.graph.kinds import is_yes_or_no
from guessmodel.graph.number_in import Amount, number_in
from guessmodel.graph.quantity import Quantity
from guessmodel.graph.traversal import ancestors
from guessmodel.model.model import Model
from guessmodel.model.scenario import BASE, Scenario
from guessmodel.simulation.runner import run_of
from guessmodel.simulation.statistics import CHANCE
from guessmodel.tables import as_html, as_text
from guessmodel.units.figures import with_unit

if TYPE_CHECKING:
    import pandas

__all__ = ["SeekOptions", "SeekSetup", "Sought", "seek", "seek_setup"]

_POINTS: Final = 33  # that are looked at between two given ends
_DECADES: Final = 1.5  # from which on these are spaced evenly in the logarithm
_ROUNDS: Final = (1, 3, 6, 10, 15, 20)  # powers of 2 of the input's own scale


class SeekOptions(RunOptions, total=False):
    """What `Model.seek` takes by name, beside the input."""

    between: Sequence[Amount] | None
    labels: Mapping[str, Label] | None
    scenarios: bool | str | Scenario | Sequence[str | Scenario]


@final
@dataclass(frozen=True, slots=True, eq=False)
class Sought:
    """What it would take: all values of an input at which a statistic is on target.

    Attributes
    ----------
    output, statistic, target : what was asked for; the target in the statistic's unit
    by, unit : the input, and the unit of its values
    found : in ascending order, each with the statistic there; none where none was found
    nearest : where the statistic came nearest to the target, where none was found
    searched : the ends of what was searched
    heading : how the draws were made
    looked : the values of the input that were looked at, in ascending order, and the statistic
    beside : by name the answers in scenarios, where these were asked for; that in the unchanged
        model is first, and the one that all other attributes are of
    """

    output: str
    statistic: str
    target: Estimate
    by: str
    unit: str
    found: tuple[Crossing, ...]
    nearest: Crossing | None
    searched: tuple[float, float]
    heading: str
    looked: tuple[tuple[float, Estimate], ...] = ()
    beside: Mapping[str, Sought] = field(default_factory=dict)

    def sel(self, scenario: str) -> Sought:
        """The answer in one of the scenarios side by side."""
        if scenario not in self.beside:
            hint = did_you_mean(scenario, list(self.beside)) or "; give scenarios=True"
            raise UsageError(f"nothing was sought in a scenario '{scenario}'{hint}")
        return self.beside[scenario]

    @property
    def value(self) -> Estimate | None:
        """The smallest value of the input that is on target; None where there is none."""
        return self.found[0].value if self.found else None

    @property
    def reached(self) -> Estimate | None:
        """The statistic at that value, or where it came nearest to the target."""
        there = self.found[0] if self.found else self.nearest
        return None if there is None else there.reached

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it; `value` is null where there is none, and `nearest` says where it came
        nearest; `all` has all crossings where there are several. Of scenarios side by side there
        is one for each under `scenarios`."""
        if self.beside:
            return {"scenarios": {name: each.to_dict() for name, each in self.beside.items()}}
        value, reached = self.value, self.reached
        shown: dict[str, Any] = {
            "output": self.output,
            "by": self.by,
            "value": None if value is None else value.to_dict(),
            "statistic": self.statistic,
            "target": self.target.value,
            "reached": None if reached is None else reached.to_dict(),
        }
        if len(self.found) > 1:
            shown["all"] = [_crossing(each) for each in self.found]
        if not self.found:
            there = self.nearest
            shown["nearest"] = None if there is None else there.value.value
            shown["searched"] = list(self.searched)
        return shown

    def to_pandas(self) -> pandas.DataFrame:
        """A row for each crossing: value and statistic, with the ends of their errors; of
        scenarios side by side with their name in the index."""
        needed("pandas", "xarray")
        import pandas

        if self.beside:
            frames = {name: each.to_pandas() for name, each in self.beside.items()}
            return pandas.concat(frames, names=["scenario", None])
        columns = [self.by, f"{self.by}_low", f"{self.by}_high"]
        columns += ["reached", "reached_low", "reached_high"]
        rows = [
            [e for part in (each.value, each.reached) for e in (part.value, part.low, part.high)]
            for each in self.found
        ]
        return pandas.DataFrame(rows, columns=columns, dtype=float)

    def cells(self) -> list[list[str]]:
        """Header and rows as text."""
        head = [_titled(self.by, self.unit), _titled(self._title, self.target.unit)]
        if self.beside:
            parts = [(name, each.cells()[1:]) for name, each in self.beside.items()]
            return [
                ["scenario", *head],
                *([name, *row] for name, rows in parts for row in rows or [["–", "–"]]),
            ]
        rows = [[each.value.text(), each.reached.text()] for each in self.found]
        return [head, *rows]

    def notes(self) -> list[str]:
        """Reservations; where there is no such value, how near the statistic comes."""
        if self.beside:
            told = ((name, line) for name, each in self.beside.items() for line in each.notes())
            return [f"{name}: {line}" for name, line in told]
        lines = [f"! {_shown(each.value)}: {note}" for each, note in self._reservations()]
        if len(self.found) > 1:
            lines.append(f"{len(self.found)} values of {self.by} are on target")
        if self.found:
            return lines
        low, high = (f"{end:.4g}" for end in self.searched)
        lines.append(
            f"no value of {self.by} between {low} and {with_unit(high, self.unit)} brings the "
            f"{self._title} to {self.target}"
        )
        if self.nearest is not None:
            there = self.nearest
            lines.append(f"the nearest is {there.reached}, at {self.by} = {_shown(there.value)}")
        return lines

    @property
    def question(self) -> str:
        """What was sought: `P(> 0) of profit = 0.95`."""
        return f"{self._title} = {self.target}"

    @property
    def _title(self) -> str:
        return f"{self.statistic} of {self.output}"

    def _reservations(self) -> Iterator[tuple[Crossing, str]]:
        for each in self.found:
            notes = (each.value.note, each.reached.note)
            yield from ((each, note) for note in dict.fromkeys(notes) if note is not None)

    def __str__(self) -> str:
        heading = f"{self.question}; {self.heading}"
        cells = self.cells() if self.found or self.beside else []
        return as_text(heading, cells, self.notes(), names=1 if self.beside else 0)

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return as_html(f"{self.question}; {self.heading}", self.cells(), self.notes())


@public
def seek(
    model: Model,
    output: str | Quantity | None,
    statistic: str,
    target: Amount,
    by: str | Quantity,
    between: Sequence[Amount] | None = None,
    *,
    labels: Mapping[str, Label] | None = None,
    scenarios: bool | str | Scenario | Sequence[str | Scenario] = False,
    n: int | None = None,
    seed: int | None = 0,
    method: str = "nets",
) -> Sought:
    """See `Model.seek`."""
    labels = labels or {}
    if scenarios is not False:
        model = model.side_by_side(scenarios)
    if model.variants:
        how = drawn_how(model, n, seed, method)
        (output, own), (by, *_) = output_of(model, output), input_of(model, by)
        labels = {**own, **labels}
        beside = {
            name: seek(each, output, statistic, target, by, between, labels=labels, **how)
            for name, each in model.variants
        }
        return replace(beside[BASE], beside=beside)
    setup = seek_setup(model, output, statistic, target, by, between, labels)
    question, wanted, title = setup.question, setup.target, setup.title
    (key, old, at), ends = setup.by, setup.ends
    how = drawn_how(model, n, seed, method)
    run = run_of(how["n"], seed=how["seed"], method=method)
    curve = Curve(question, setup.labels, key, old, wanted, how)
    if ends is not None:
        found, ends = _between(curve, ends)
    else:
        found, ends = _around(curve, _scale(model, model.name_of(old), at, how))
    if not any(math.isfinite(e.value) for e in curve.seen.values()):
        why = curve.refused or next(iter(curve.seen.values())).note
        raise UsageError(f"no value of '{key}' there gives a {statistic} of '{title}': {why}")
    return Sought(
        title,
        statistic,
        Estimate.exact(wanted, str(question.unit)),
        key,
        str(old.unit),
        tuple(found),
        None if found else nearest(curve),
        ends,
        run.heading,
        tuple(sorted(curve.seen.items(), key=lambda each: each[0])),
    )


@final
@dataclass(frozen=True, slots=True, eq=False)
class SeekSetup:
    """What is sought in a model: the statistic, its target, title and labels; what the input is
    told by, the quantity, and which label of it; the ends of what is searched, where they are
    given."""

    question: Asked
    target: float
    title: str
    labels: Mapping[str, Label]
    by: tuple[str, Quantity, dict[str, Label]]
    ends: tuple[float, float] | None


def seek_setup(
    model: Model,
    output: str | Quantity | None,
    statistic: str,
    target: Amount,
    by: str | Quantity,
    between: Sequence[Amount] | None,
    labels: Mapping[str, Label],
) -> SeekSetup:
    """What is sought, where it fits a model; nothing is drawn. Raises UsageError, WrongKind or
    UnitError where it does not."""
    (name, own), (key, old, at) = output_of(model, output), input_of(model, by)
    labels = {**own, **labels}
    question = asked(model, name, statistic)
    wanted = number_in(question.unit, target)
    chance = statistic == "probability" or CHANCE.fullmatch(statistic)
    if chance and not 0 < wanted < 1:
        raise UsageError(f"a probability is sought between 0 and 1, not at {wanted:g}")
    title = title_at(model, name, labels)
    if model.quantities[name] is old:
        raise UsageError(f"'{name}' is the output; seek by an input of it")
    if old not in set(ancestors([model.quantities[name]])):
        raise UsageError(f"'{name}' does not depend on '{key}'")
    if is_yes_or_no(old):
        raise UsageError(
            f"'{key}' is 1 or 0, yes or no; name its probability, as in p = gm.constant(0.3); "
            f"{key} = gm.bernoulli(p), and seek by that"
        )
    ends = None if between is None else _ends(old, key, between)
    return SeekSetup(question, wanted, title, labels, (key, old, at), ends)


def _ends(old: Quantity, name: str, between: Sequence[Amount]) -> tuple[float, float]:
    if isinstance(between, str) or not hasattr(between, "__len__") or len(between) != 2:
        raise WrongKind(f"between= takes two values of '{name}': between=(1, 10)")
    low, high = (number_in(old.unit, end) for end in between)
    if not low < high:
        raise UsageError(f"between= goes from {low:g} to {high:g}; write the lower first")
    return low, high


def _between(curve: Curve, ends: tuple[float, float]) -> tuple[list[Crossing], tuple[float, float]]:
    low, high = ends
    log = low > 0.0 and math.log10(high / low) > _DECADES
    xs = np.geomspace(low, high, _POINTS) if log else np.linspace(low, high, _POINTS)
    xs[[0, -1]] = low, high
    return crossings(curve, xs.tolist()), ends


def _scale(
    model: Model, name: str, labels: Mapping[str, Label], how: HowDrawn
) -> tuple[float, float, bool]:
    """Where to begin, how far to go at first, and whether by factors of 2."""
    result = model.sample(quantities=[name], **how)[name].sel(**labels)
    pieces = list(result.by_label.values()) if result.dims else [result]
    ends = [e.value for piece in pieces if piece.applicable for e in piece.interval()]
    ends = [end for end in ends if math.isfinite(end)] or [0.0]
    low, high = min(ends), max(ends)
    middle = 0.5 * (low + high)
    if low > 0.0 or high < 0.0:
        return middle, 0.0, True
    return middle, 0.5 * (high - low) or 1.0, False


def _around(
    curve: Curve, scale: tuple[float, float, bool]
) -> tuple[list[Crossing], tuple[float, float]]:
    """What is found in the first round in which there is anything; each looks farther."""
    middle, step, by_factors = scale
    xs: list[float] = []
    for rounds in _ROUNDS:
        powers = [float(k) for k in range(-rounds, rounds + 1)]
        if by_factors:
            xs = sorted(middle * 2.0**k for k in powers)
        else:
            steps = [step * 2.0**k for k in range(-2, rounds)]
            xs = sorted([middle, *(middle + s for s in steps), *(middle - s for s in steps)])
        if found := crossings(curve, xs):
            return found, (xs[0], xs[-1])
    return [], (xs[0], xs[-1])


def _crossing(crossing: Crossing) -> dict[str, Any]:
    return {"value": crossing.value.to_dict(), "reached": crossing.reached.to_dict()}


def _titled(name: str, unit: str) -> str:
    return f"{name} [{unit}]" if unit else name


def _shown(value: Estimate) -> str:
    return with_unit(value.text(4), value.unit)
