"""Drift: what moved since the committed report, beyond what the sampling errors allow.

Two runs with other draws differ by chance; a statistic has drifted where the difference exceeds
k sqrt(e1² + e2²), with e1 and e2 the half-widths of both 90% sampling intervals. Student's t with
the degrees of freedom of 8 replicates gives k for a false alarm in 1e-7 of all statistics: one in
a thousand checks of ten thousand statistics. To this comes one unit of the last digit to which
the report rounds, at least 1e-9 of the value, for the floating point of another CPU; and 64 ulp
of the standard deviation, for a mean of 0 is a sum of numbers that cancel, and may come to 1e-16
there. Not more: the low percentiles of what spans decades are small beside it, and may not move.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple, final

from guessmodel.claims.committed import read_quantities
from guessmodel.claims.report_format import EstimateData, QuantityData
from guessmodel.estimators.estimate import Estimate
from guessmodel.estimators.half_widths import COVERAGE
from guessmodel.graph.dims import titled
from guessmodel.numerics.confidence import widening
from guessmodel.simulation.summary import RECORDED, Row
from guessmodel.units.formats import format_numbers

__all__ = [
    "Cause",
    "Committed",
    "Drift",
    "Recorded",
    "compared",
    "read_report",
    "relative_change",
    "reports_folder",
]

_FALSE_ALARM = 1e-7
_FREEDOM = 7
_FLOATING_POINT = 1e-9
_CANCELLED = 64 * 2.0**-52
_FEWEST_DIGITS = 6

Change = Literal["drifted", "new", "removed", "renamed"]


@final
@dataclass(frozen=True, slots=True)
class Recorded:
    """A statistic of a report, or of the new run; nan where it was refused. `rounding` is that of
    the report, as a share."""

    value: float
    error: float = 0.0
    rounding: float = 0.0
    reliable: bool = True


@final
@dataclass(frozen=True, slots=True)
class Committed:
    """One quantity at one coordinate, as a report has it: its unit, its statistics, and the model
    that it is imported from."""

    unit: str
    statistics: Mapping[str, Recorded]
    origin: str | None = None


class Cause(NamedTuple):
    """An input that drifted, and the largest relative change of its statistics; None where it has
    none, as of a unit. Its effect is what it did to the statistic that drifted, in the quantity's
    unit; None where the report does not tell."""

    name: str
    change: float | None
    effect: Estimate | None = None


@final
@dataclass(frozen=True, slots=True)
class Drift:
    """One difference between a committed report and the model.

    For a statistic, `committed` and `computed` are its values, in the quantity's unit; None where
    it does not exist. For the statistic "name" or "unit" they are names or units. `errors` are the
    half-widths of the intervals of both values.
    """

    model: str
    quantity: str
    statistic: str
    committed: float | str | None
    computed: float | str | None
    verdict: Change
    errors: tuple[float, float] = (0.0, 0.0)
    causes: tuple[Cause, ...] = ()
    """What has drifted itself and lies behind it, worst first; see `causes.py`."""

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of the causes."""
        return tuple(cause.name for cause in self.causes)

    @property
    def change(self) -> float | None:
        """The difference as a share of the committed value; None of names, units and statistics
        that one side lacks, inf from 0."""
        before, now = self.committed, self.computed
        if not isinstance(before, float) or not isinstance(now, float):
            return None
        return relative_change(before, now)

    @property
    def texts(self) -> tuple[str, str]:
        """What it was and what it is: names and units as they are, numbers with their ±."""
        both = (self.committed, self.computed)
        known = [
            (value, value - error, value + error)
            for value, error in zip(both, self.errors, strict=True)
            if isinstance(value, float)
        ]
        shown = iter(format_numbers(known))
        before, now = (
            next(shown) if isinstance(value, float) else "" if value is None else value
            for value in both
        )
        return before, now

    def to_dict(self) -> dict[str, Any]:
        """For JSON, under the names that `guessmodel check --json` documents."""
        return {
            "model": self.model,
            "quantity": self.quantity,
            "statistic": self.statistic,
            "committed": self.committed,
            "computed": self.computed,
            "verdict": self.verdict,
            **self._errors(),
            "inputs": list(self.inputs),
            "causes": [
                {
                    "input": cause.name,
                    "change": cause.change,
                    "effect": None if cause.effect is None else cause.effect.to_dict(),
                }
                for cause in self.causes
            ],
        }

    def _errors(self) -> dict[str, float | None]:
        if self.statistic not in RECORDED:
            return {}
        pairs = zip(("committed_error", "computed_error"), self.errors, strict=True)
        return {key: error if math.isfinite(error) else None for key, error in pairs}


# --- the committed report -----------------------------------------------------------------------


def relative_change(before: float, now: float) -> float:
    """The difference as a share of what it was, which may be negative; inf from 0.

    >>> relative_change(-10.0, -12.0), relative_change(0.0, -1.0), relative_change(0.0, 0.0)
    (-0.2, -inf, 0.0)
    """
    if before == now:
        return 0.0
    return (now - before) / abs(before) if before else math.copysign(math.inf, now)


def reports_folder(file: Path) -> Path:
    """Where the reports of a model file (absolute) are written, and looked for.

    It is the nearest folder `reports` with JSON in it: beside the file, or beside a folder that
    the file is in, up to the top of its repository. Where there is none yet: `reports` in the
    current folder if that is one of these, else beside the file. A folder with another model of
    this name is none of these: its report would be taken for that of this one.
    """
    folders: list[Path] = []
    for folder in file.parents:
        free = folder == file.parent or not (folder / file.name).exists()
        if free:
            folders.append(folder)
        if free and any((folder / "reports").glob("*.json")):
            return folder / "reports"
        if (folder / ".git").exists():
            break
    here = Path.cwd()
    return (here if here in folders else file.parent) / "reports"


def read_report(path: Path) -> dict[str, Committed] | None:
    """Statistics by quantity and label (`cost[twitter]`) from a report; None if there is no file.

    The report's "quantities" have the form that `guessmodel run --json` prints: statistics
    `{"value", "low", "high"}`, below their labels for labelled quantities. It is taken to round
    to as many significant digits as its longest number has, 6 at least.

    Raises ModelError for a file that holds anything else.
    """
    longest = _FEWEST_DIGITS

    def number(text: str) -> float:
        nonlocal longest
        mantissa = text.lower().partition("e")[0]
        longest = max(longest, len(mantissa.replace(".", "").strip("-0")))
        return float(text)

    try:
        quantities = read_quantities(path, number)
    except FileNotFoundError:
        return None
    rounding = 10.0 ** (1 - longest)
    return {
        key: one
        for name, entry in quantities.items()
        for key, one in _coordinates(name, entry, rounding)
    }


def _coordinates(
    name: str, entry: QuantityData, rounding: float
) -> Iterable[tuple[str, Committed]]:
    unit = entry["unit"]
    found: dict[tuple[str, ...], dict[str, Recorded]] = {}
    for key in RECORDED:
        for labels, leaf in _leaves(entry[key], len(entry["dims"])):
            if leaf is not None:  # else not applicable
                found.setdefault(labels, {})[key] = _number(leaf, rounding)
    for labels, numbers in found.items():
        yield titled(name, labels), Committed(unit, numbers, entry.get("from"))


def _leaves(tree: Any, depth: int) -> Iterable[tuple[tuple[str, ...], Any]]:
    """Statistics below their labels, one level a dimension."""
    if depth == 0:
        yield (), tree
        return
    for label, branch in tree.items():
        for labels, leaf in _leaves(branch, depth - 1):
            yield (label, *labels), leaf


def _number(given: EstimateData, rounding: float) -> Recorded:
    value, low, high = given["value"], given["low"], given["high"]
    reliable = given.get("note") is None
    if value is None:
        return Recorded(math.nan, reliable=reliable)
    if low is None or high is None:
        return Recorded(float(value), math.inf, rounding, reliable)
    return Recorded(float(value), max(value - low, high - value, 0.0), rounding, reliable)


# --- comparison ---------------------------------------------------------------------------------


def compared(model: str, committed: Mapping[str, Committed], rows: Sequence[Row]) -> list[Drift]:
    """The differences between a report and the rows of a new run, in the order of the model.

    Means and standard deviations that either side marks as unreliable are not compared.
    """
    computed = {row.title: _of_row(row) for row in rows if row.mean is not None}
    removed = [name for name in committed if name not in computed]
    found: list[Drift] = []
    for name, now in computed.items():
        if name in committed:
            found += _moved(model, name, committed[name], now)
            continue
        twin = next((old for old in removed if _same(committed[old], now)), None)
        if twin is None:
            found.append(Drift(model, name, "name", None, name, "new"))
        else:
            removed.remove(twin)
            found.append(Drift(model, name, "name", twin, name, "renamed"))
    found += [Drift(model, name, "name", name, None, "removed") for name in removed]
    return found


def _of_row(row: Row) -> Committed:
    numbers = {}
    for key in RECORDED:
        estimate: Estimate | None = getattr(row, key)
        if estimate is not None:
            error = estimate.error if math.isfinite(estimate.value) else 0.0
            numbers[key] = Recorded(estimate.value, error, reliable=estimate.reliable)
    return Committed(row.unit, numbers)


def _moved(model: str, name: str, old: Committed, new: Committed) -> list[Drift]:
    if old.unit != new.unit:
        return [Drift(model, name, "unit", old.unit, new.unit, "drifted")]
    spread = _spread(old, new)
    found = [
        Drift(model, name, key, _known(before), _known(now), "drifted", (before.error, now.error))
        for key, before, now in _pairs(old, new)
        if not _agree(before, now, spread)
    ]
    # Of what does not vary all statistics say the same: one is enough.
    return found[:1] if _is_constant(old) and _is_constant(new) else found


def _is_constant(side: Committed) -> bool:
    return len({each.value for key, each in side.statistics.items() if key != "sd"}) == 1


def _same(old: Committed, new: Committed) -> bool:
    spread = _spread(old, new)
    return old.unit == new.unit and all(_agree(*pair[1:], spread) for pair in _pairs(old, new))


def _pairs(old: Committed, new: Committed) -> Iterable[tuple[str, Recorded, Recorded]]:
    """Each statistic on both sides; nan where a side does not have it."""
    for key in RECORDED:
        if key in old.statistics or key in new.statistics:
            nothing = Recorded(math.nan)
            yield key, old.statistics.get(key, nothing), new.statistics.get(key, nothing)


def _spread(old: Committed, new: Committed) -> float:
    """The smaller of both standard deviations; 0 where one is not known."""
    found = [side.statistics.get("sd", Recorded(math.nan)).value for side in (old, new)]
    return min(found) if all(map(math.isfinite, found)) else 0.0


def _agree(before: Recorded, now: Recorded, spread: float) -> bool:
    if math.isnan(before.value) or math.isnan(now.value):
        return math.isnan(before.value) == math.isnan(now.value)
    if not (before.reliable and now.reliable):
        return True
    size = max(abs(before.value), abs(now.value))
    floor = max(before.rounding, _FLOATING_POINT) * size + _CANCELLED * spread
    error = widening(COVERAGE, _FALSE_ALARM, _FREEDOM) * math.hypot(before.error, now.error)
    return abs(now.value - before.value) <= error + floor


def _known(number: Recorded) -> float | None:
    return number.value if math.isfinite(number.value) else None
