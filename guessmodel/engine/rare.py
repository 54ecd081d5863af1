"""Rare events among the draws of a plan, and runs in which one of them happens.

A run of N draws meets an event of probability P about N P times. Where that is a few times or
never, a mean over the draws says nothing of what the event does to it, and nor does its error:
`where(bernoulli(1e-5), 1e9, 0)` is 0 in every draw of most runs. What the graph knows, though, is
P, and how to draw as if the event had happened: the variate behind it is confined to the event's
range of probabilities.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, final

import numpy as np
from numpy.typing import NDArray

from guessmodel.engine.drawn import Carried, Variates, parameter_table
from guessmodel.engine.jumps import by_row, events, profiles
from guessmodel.engine.plan import Plan, Step
from guessmodel.graph.family import Family, Frozen, Transformed
from guessmodel.graph.kinds import is_comparison
from guessmodel.graph.naming import coordinate_keys
from guessmodel.graph.quantity import Quantile, Quantity
from guessmodel.graph.variates import NORMAL, FloatArray, QuantileFunction
from guessmodel.sampling import design
from guessmodel.sampling.design import Stream

__all__ = [
    "EXPECTED",
    "Cell",
    "confined",
    "correlated_rare",
    "occurs",
    "own_streams",
    "rare_cells",
    "rare_crossings",
]

EXPECTED: Final = 10.0
"""An event is rare that is expected fewer times than this in a run."""
_FEW_DRAWS: Final = 1 << 12
_LEAST: Final = 1e-13  # a probability below which floating point does not tell of an event
_ATOMS: Final = 8  # rare values of one draw beyond which they are its tail, not events
_FAR: Final = 3.0  # standard deviations to a rare value; nearer ones are a tail, as any draw has
_HALVINGS: Final = 40  # of the distance from the end, over which a tail is looked at
_ROWS: Final = 1 << 12  # labels of one draw beyond which their events are a crowd, and seen


def seldom(draws: int) -> float:
    """The probability below which an event is looked at by itself in a run of so many draws. What
    is rare in a small run has draws of its own there; a larger run without them would err more."""
    return EXPECTED / min(draws, _FEW_DRAWS)


@final
@dataclass(frozen=True, slots=True)
class Cell:
    """A range of a variate's probabilities, by its distances from the nearer end."""

    position: int
    """Of the draw, among the steps of the plan."""
    stream: int
    row: int
    upper: bool
    near: float
    far: float

    @property
    def probability(self) -> float:
        return self.far - self.near

    @property
    def coordinate(self) -> tuple[int, int]:
        """Stream and row: two events of one coordinate exclude each other."""
        return self.stream, self.row


@final
@dataclass(frozen=True, slots=True)
class _Confined(QuantileFunction):
    """A source that stays within a cell."""

    of: QuantileFunction
    upper: bool
    near: float
    far: float

    @property
    def discrete(self) -> bool:
        return self.of.discrete

    def ppf(self, p: FloatArray) -> FloatArray:
        width = self.far - self.near
        if self.upper:
            return self.of.isf(self.far - p * width)
        return self.of.ppf(self.near + p * width)

    def isf(self, q: FloatArray) -> FloatArray:
        width = self.far - self.near
        if self.upper:
            return self.of.isf(self.near + q * width)
        return self.of.ppf(self.far - q * width)


def confined(plan: Plan, cell: Cell) -> Plan:
    """The plan with one coordinate's variate confined to a cell; also as a normal score, which
    correlated draws are made of."""
    streams = list(plan.streams)
    owner, key = streams[cell.stream].owner, streams[cell.stream].keys[cell.row]
    for number, stream in enumerate(plan.streams):
        if stream.owner != owner or key not in stream.keys:
            continue
        row = stream.keys.index(key)
        sources = [stream.source(each) for each in range(len(stream.keys))]
        sources[row] = _Confined(sources[row], cell.upper, cell.near, cell.far)
        streams[number] = replace(stream, sources=tuple(sources))
    return replace(plan, streams=tuple(streams))


def occurs(method: str, n: int, seed: int, plan: Plan, cells: Sequence[Cell]) -> NDArray[np.bool_]:
    """Which draws of a run of the plan lie in each cell: shape (cells, replicates, size)."""
    numbers = sorted({cell.stream for cell in cells})
    streams = [plan.streams[number] for number in numbers]
    points = design(method, n, seed, streams, universe=plan.universe)
    found = np.zeros((len(cells), points.replicates, points.size), dtype=np.bool_)
    for r, k, values in points.values(streams):
        for c, cell in enumerate(cells):
            if cell.stream == numbers[k]:
                low, high = _values(streams[k], cell)
                value = values[cell.row]
                found[c, r] = (value >= low) & (value <= high)
    return found


def _values(stream: Stream, cell: Cell) -> tuple[float, float]:
    """Smallest and largest value of the stream's coordinate within a cell."""
    source = _Confined(stream.source(cell.row), cell.upper, cell.near, cell.far)
    edge = np.array([2.0**-20])  # inside, though rounding may move a boundary
    return float(source.ppf(edge)[0]), float(source.isf(edge)[0])


def rare_cells(plan: Plan, share: float) -> list[Cell]:
    """The events of probabilities below `share`: values of discrete draws, components of mixtures.

    Only such count as have known probabilities. Of a draw with many rare values (data, the tail of
    a count) those beyond the outermost usual one count as one event on either side, if they are
    far from it; else they are a tail, which the run sees the beginning of.
    """
    found: list[Cell] = []
    alone = own_streams(plan)
    for position, step in enumerate(plan.steps):
        if isinstance(step.action, Variates) and step.action.stream in alone:
            for row, ranges in _rows(plan, step, step.action, share):
                found += [Cell(position, step.action.stream, row, *each) for each in ranges]
    return found


def rare_crossings(
    plan: Plan,
    roots: Iterable[Quantity],
    keys: Mapping[Quantity, str],
    share: float,
) -> tuple[list[Cell], list[tuple[Quantity, float]]]:
    """The events of probabilities below `share` that are a comparison of one continuous draw: where
    it turns over in a tail of the draw. Those of a draw that is made of several variates, as
    correlated ones are but the first, have no cell: the comparison, and the probability."""
    found = [event for event in events(roots) if is_comparison(event.node)]
    without: list[tuple[Quantity, float]] = []
    if not found:
        return [], without
    places = {
        step.action.stream: position
        for position, step in enumerate(plan.steps)
        if isinstance(step.action, Variates)
    }
    numbers = {plan.streams[number].keys[0]: number for number in own_streams(plan)}
    distances = np.ldexp(share, -np.arange(_HALVINGS))
    farthest: dict[tuple[int, int, bool], float] = {}
    tables = profiles(found, keys, distances, distances)
    for event, table in zip(found, tables, strict=True):
        variate, operation = event.draw.variate, event.draw.operation
        if variate is None or not isinstance(operation, Quantile):
            continue
        number = numbers.get(coordinate_keys(keys[variate], event.random)[0])
        if event.own and (number is None or len(plan.streams[number].keys) > _ROWS):
            continue  # the draw is behind no output, or some of its labels are not applicable
        for upper, side in ((False, table[..., :_HALVINGS]), (True, table[..., _HALVINGS:])):
            turned = by_row(event, side != side[..., :1])
            for row in np.flatnonzero(turned.any(axis=-1)).tolist():
                far = float(distances[np.argmax(turned[row]) - 1])
                if not event.own or number is None:
                    if far > _LEAST and not operation.family.discrete:
                        without.append((event.node, far))
                    continue
                source = plan.streams[number].source(row)
                if not source.discrete and far > _LEAST:  # values of discrete draws are cells
                    place = (number, row, upper)
                    farthest[place] = max(farthest.get(place, 0.0), far)
    cells = [
        Cell(places[stream], stream, row, upper, 0.0, far)
        for (stream, row, upper), far in farthest.items()
    ]
    return cells, without


def correlated_rare(plan: Plan, draws: int) -> list[tuple[int, float]]:
    """Rare events of a run of so many draws that are values of correlated draws, but the first: the
    position of the draw, and the probability. They are of several variates, so that there are no
    cells of them."""
    share = EXPECTED / draws
    alone = own_streams(plan)
    found = []
    for position, step in enumerate(plan.steps):
        action = step.action
        if isinstance(action, Carried):
            rows = [_law_ranges(law, share) for law in _carried_laws(plan, step, action)]
        elif isinstance(action, Variates) and action.stream not in alone:
            rows = [ranges for _, ranges in _rows(plan, step, action, share)]
        else:
            continue
        probability = sum(far - near for ranges in rows for _, near, far in ranges)
        if probability:
            found.append((position, probability))
    return found


def _carried_laws(plan: Plan, step: Step, action: Carried) -> list[_Law]:
    if action.sources:
        sources = [source for source in action.sources if isinstance(source, Frozen)]
        return [(source.family, source.parameters) for source in sources]
    inputs, axes = step.inputs[1:], [axes.dims for axes in step.axes[1:]]
    if not action.family.discrete or any(i not in plan.constants for i in inputs):
        return []
    values = [plan.constants[i][..., 0] for i in inputs]
    table = parameter_table(values, axes, step.result.dims)
    return [(action.family, parameters) for parameters in table[:_ROWS]]


def _law_ranges(law: _Law, share: float) -> list[_Range]:
    with np.errstate(all="ignore"):
        return _ranges(*law, share)


def own_streams(plan: Plan) -> set[int]:
    """The streams whose variate no other draw has: the events of one are none of another's. Others
    may have it as a normal score."""
    scores = {
        step.action.stream
        for step in plan.steps
        if isinstance(step.action, Variates)
        and step.action.family is None
        and plan.streams[step.action.stream].sources == (NORMAL,)
    }
    draws = [number for number in range(len(plan.streams)) if number not in scores]
    uses = Counter(plan.streams[number].owner for number in draws)
    return {number for number in draws if uses[plan.streams[number].owner] == 1}


_Range = tuple[bool, float, float]
_Law = tuple[Family, tuple[float, ...]]


def _rows(
    plan: Plan, step: Step, action: Variates, share: float
) -> Iterator[tuple[int, list[_Range]]]:
    """The rare ranges of each coordinate of a draw."""
    stream = plan.streams[action.stream]
    if len(stream.keys) > _ROWS:
        return
    laws: list[_Law] = []
    if action.family is None:
        for row in range(len(stream.keys)):
            source = stream.source(row)
            if isinstance(source, Frozen | Transformed):
                laws.append((source.family, source.parameters))
    elif action.family.discrete:
        count = len(step.inputs)
        if action.family.name == "mixture":
            count //= 2  # the weights alone; components may be anything
        inputs = step.inputs[:count]
        axes = [axes.dims for axes in step.axes[:count]]
        own = {dim.name for dim in action.dims}
        alone = all(dim.name in own for dims in axes for dim in dims)
        if alone and all(i in plan.constants for i in inputs):
            values = [plan.constants[i][..., 0] for i in inputs]
            table = parameter_table(values, axes, action.dims)
            laws = [(action.family, parameters) for parameters in table]
            laws *= len(stream.keys) // len(laws)
    known: dict[Any, list[_Range]] = {}
    for row, law in enumerate(laws):
        if law not in known:
            with np.errstate(all="ignore"):
                known[law] = _ranges(*law, share)
        if known[law]:
            yield row, known[law]


def _ranges(family: Family, parameters: tuple[float, ...], share: float) -> list[_Range]:
    """Ranges of probability below `share` in which a discrete draw takes rare values."""
    if family.name == "mixture" and parameters:  # components in the order of their writing
        weights = np.array(parameters) / sum(parameters)
        return _atoms(weights, share)
    if not np.all(family.valid(*parameters)):
        return []
    reach = share
    parts = getattr(family, "parts", None)
    if parts is not None:  # a mixture drawn by its quantile function: a component is in the tails
        reach = min(reach, 2.0 * sum(part.weight for part in parts if part.weight < share))
    elif not family.discrete:
        return []
    shares = getattr(family, "shares", None)
    if shares is not None and np.count_nonzero(shares < share) <= _ATOMS:
        return _atoms(shares, share)
    if reach < _LEAST:
        return []
    # Whole atoms: what is at the edge of the reach itself stays outside.
    last, first = family.isf(reach, *parameters), family.ppf(reach, *parameters)
    above = float(family.sf(last, *parameters))
    below = float(family.cdf(np.nextafter(first, -np.inf), *parameters))
    found = []
    far = _FAR * float(family.variance(*parameters)) ** 0.5 if parts is None else 0.0
    if _LEAST < above < share and family.isf(above / 2.0, *parameters) - last > far:
        found.append((True, 0.0, above))
    if _LEAST < below < share and first - family.ppf(below / 2.0, *parameters) > far:
        found.append((False, 0.0, below))
    return found


def _atoms(shares: FloatArray, share: float) -> list[_Range]:
    """The ranges of the rare ones of probabilities that follow each other."""
    below = np.concatenate(([0.0], np.cumsum(shares)[:-1]))
    above = np.append(np.cumsum(shares[:0:-1])[::-1], 0.0)
    return [
        (True, float(above[k]), float(above[k] + mass))
        if above[k] < below[k]
        else (False, float(below[k]), float(below[k] + mass))
        for k, mass in enumerate(shares.tolist())
        if _LEAST < mass < share
    ]
