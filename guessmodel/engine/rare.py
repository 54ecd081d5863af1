"""Rare events among the draws of a plan: which there are, and how probable.

A run of N draws meets an event of probability P about N P times. Where that is a few times or
never, a mean over the draws says nothing of what the event does to it, and nor does its error:
`where(bernoulli(1e-5), 1e9, 0)` is 0 in every draw of most runs. What the graph knows, though, is
P, and how to draw as if the event had happened (`confined`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise, product
from typing import Final

import numpy as np

from guessmodel.distributions.known_mixture import MixtureComponent
from guessmodel.engine.confined import Cell
from guessmodel.engine.drawn import Carried, Variates, parameter_table
from guessmodel.engine.jumps import by_row, events, profiles
from guessmodel.engine.plan import Plan, Step
from guessmodel.graph import dims as dimensions
from guessmodel.graph.family import Family, Frozen, Transformed
from guessmodel.graph.kinds import is_comparison
from guessmodel.graph.naming import coordinate_keys
from guessmodel.graph.quantity import Quantile, Quantity
from guessmodel.graph.variates import NORMAL
from guessmodel.numerics.arrays import FloatArray
from guessmodel.sampling.design import Stream

__all__ = [
    "EXPECTED",
    "LEAST",
    "correlated_rare",
    "isolated",
    "rare_cells",
    "rare_crossings",
    "rare_events",
    "seldom",
]

EXPECTED: Final = 10.0
"""An event is rare that is expected fewer times than this in a run."""
_FEW_DRAWS: Final = 1 << 12
_COMMON: Final = 1 / 4  # the largest probability of an event, however few the draws are
LEAST: Final = 1e-13
"""A probability below which floating point does not tell of an event."""
_ATOMS: Final = 8  # rare values of one draw beyond which they are its tail, not events
_LEFT: Final = (1e-9, 1e-6, 1e-4, 1e-3, 0.01, 0.05, 0.2, 0.5)
"""Shares of a rare component that may be outside the tail that it is in."""
_AROUND: Final = 4.0  # times the tail of a rare component: what of it may be outside
_FAR: Final = 3.0  # standard deviations to a rare value; nearer ones are a tail, as any draw has
_HALVINGS: Final = 40  # of the distance from the end, over which a tail is looked at
_NESTED: Final = 2.0  # times rarer: a tail within another that has draws of its own
_WHOLE: Final = 1e-9  # of the reach, by which an atom ends before it
_TURNS: Final = 8.0  # the same of one comparison that turns over several times
_ROWS: Final = 1 << 12  # labels of one draw beyond which their events are a crowd, and seen


def seldom(draws: int) -> float:
    """The probability below which an event is looked at by itself in a run of so many draws. What
    is rare in a small run has draws of its own there; a larger run without them would err more."""
    return min(EXPECTED / min(draws, _FEW_DRAWS), _COMMON)


def rare_events(
    plan: Plan, roots: Iterable[Quantity], keys: Mapping[Quantity, str], share: float
) -> tuple[list[Cell], list[tuple[Quantity, float]]]:
    """The events of probabilities below `share`, apart from each other: rare values of draws, and
    comparisons that turn over in a tail of one; and those that there are no cells of, as of
    `rare_crossings`. Several draws may be made of one variate, as at several labels, or in several
    scenarios: where the ranges of their events overlap, each part of them is an event."""
    found = rare_cells(plan, share)
    ends = {(cell.key, cell.upper) for cell in found}
    crossings, without = rare_crossings(plan, roots, keys, share)
    # What is a comparison of a discrete draw is one of its values, unless these are a tail of it.
    found += [
        cell for cell, discrete in crossings if not (discrete and (cell.key, cell.upper) in ends)
    ]
    sides: dict[tuple[str, bool], list[Cell]] = {}
    for cell in found:
        sides.setdefault((cell.key, cell.upper), []).append(cell)
    return [each for side in sides.values() for each in _apart(side)], without


def _apart(cells: Sequence[Cell]) -> list[Cell]:
    """Ranges at one end of a variate's probabilities, and whose they are, cut where others begin or
    end; of tails within each other the next one is told apart that is a good deal rarer."""
    edges = {edge for cell in cells if cell.near for edge in (cell.near, cell.far)}
    last = math.inf
    for cell in sorted((cell for cell in cells if not cell.near), key=lambda cell: -cell.far):
        if cell.far * _NESTED <= last:
            last = cell.far
            edges.add(last)
    found = []
    for near, far in pairwise(sorted({0.0, *edges})):
        there = [cell.positions for cell in cells if cell.near < far and cell.far > near]
        if there:
            found.append(replace(cells[0], positions=frozenset().union(*there), near=near, far=far))
    return found


def rare_cells(plan: Plan, share: float) -> list[Cell]:
    """The events of probabilities below `share`: values of discrete draws, components of mixtures.

    Only such count as have known probabilities. Of a draw with many rare values (data, the tail of
    a count) those beyond the outermost usual one count as one event on either side, if they are
    far from it; else they are a tail, which the run sees the beginning of.
    """
    return [
        Cell(frozenset([position]), key, *each)
        for position, step in enumerate(plan.steps)
        if isinstance(step.action, Variates)
        for key, ranges in _rows(plan, step, step.action, share)
        for each in ranges
    ]


def rare_crossings(
    plan: Plan,
    roots: Iterable[Quantity],
    keys: Mapping[Quantity, str],
    share: float,
) -> tuple[list[tuple[Cell, bool]], list[tuple[Quantity, float]]]:
    """The events of probabilities below `share` that are a comparison of one draw: where it turns
    over in a tail of the draw, and whether this is discrete. Those of a draw that is made of
    several variates, as correlated ones are but the first, have no cell: the comparison, and the
    probability."""
    found = [event for event in events(roots) if is_comparison(event.node)]
    without: list[tuple[Quantity, float]] = []
    if not found:
        return [], without
    places: dict[str, set[int]] = {}  # of draws by the coordinates that they are made of
    for position, step in enumerate(plan.steps):
        if isinstance(step.action, Variates) and not _is_score(plan, step.action):
            for key in plan.streams[step.action.stream].keys:
                places.setdefault(key, set()).add(position)
    distances = np.ldexp(share, -np.arange(_HALVINGS))
    cells: dict[tuple[str, bool, float], tuple[Cell, bool]] = {}
    tables = profiles(found, keys, distances, distances)
    for event, table in zip(found, tables, strict=True):
        variate, operation = event.draw.variate, event.draw.operation
        if variate is None or not isinstance(operation, Quantile):
            continue
        rows = coordinate_keys(keys[variate], event.random)
        if event.own and (len(rows) > _ROWS or places.keys().isdisjoint(rows)):
            continue  # the draw is behind no output
        for upper, side in ((False, table[..., :_HALVINGS]), (True, table[..., _HALVINGS:])):
            turned = by_row(event, side[..., 1:] != side[..., :-1])
            last: dict[int, float] = {}
            for row, halving in np.argwhere(turned).tolist():
                far = float(distances[halving])
                if far <= LEAST or far * _TURNS > last.get(row, math.inf):
                    continue
                last[row] = far
                if event.own and (key := rows[row]) in places:
                    if operation.family.discrete:
                        far = _whole_atoms(_law_of(plan, places[key], key), upper, far)
                    if far > LEAST:
                        cell = Cell(frozenset(places[key]), key, upper, 0.0, far)
                        cells[key, upper, far] = cell, operation.family.discrete
                elif not event.own and not operation.family.discrete:
                    without.append((event.node, far))
    return list(cells.values()), without


def _law_of(plan: Plan, positions: Iterable[int], key: str) -> _Law | None:
    """The family and parameters of the discrete draw at a coordinate, as far as they are known;
    None of a mixture, whose variate chooses a component."""
    for position in sorted(positions):
        step = plan.steps[position]
        assert isinstance(step.action, Variates)
        for one, law in _laws(plan, step, step.action, plan.streams[step.action.stream]):
            if one == key and law[0].discrete and law[0].name != "mixture":
                return law
    return None


def _whole_atoms(law: _Law | None, upper: bool, far: float) -> float:
    """How far the values reach that are farther out than the one at `far`, of which a part would
    be in the cell: whether a draw is there is told by its value."""
    if law is None:
        return far
    family, parameters = law
    if upper:
        return float(family.sf(family.isf(far, *parameters), *parameters))
    first = np.nextafter(family.ppf(far, *parameters), -np.inf)
    return float(family.cdf(first, *parameters))


def correlated_rare(plan: Plan, draws: int) -> list[tuple[int, float]]:
    """Rare events of a run of so many draws that are values of correlated draws, but the first: the
    position of the draw, and the probability. They are of several variates, so that there are no
    cells of them."""
    share = min(EXPECTED / draws, _COMMON)
    found = []
    for position, step in enumerate(plan.steps):
        if isinstance(step.action, Carried):
            rows = [_law_ranges(law, share) for law in _carried_laws(plan, step, step.action)]
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


def isolated(plan: Plan, step: Step) -> int:
    """The number of coordinates at which a step draws values that have probabilities of their
    own."""
    if not isinstance(step.action, Variates):
        return 0
    stream, family = plan.streams[step.action.stream], step.action.family
    if family is not None:
        return 0 if family.has_density else len(stream.keys)
    sources = [stream.source(row) for row in range(len(stream.keys))]
    families = [x.family for x in sources if isinstance(x, Frozen | Transformed)]
    return sum(not each.has_density for each in families)


def _is_score(plan: Plan, action: Variates) -> bool:
    """Whether it is a normal score that correlated draws are made of, and no draw."""
    return action.family is None and plan.streams[action.stream].sources == (NORMAL,)


_Range = tuple[bool, float, float]
_Law = tuple[Family, tuple[float, ...]]


def _rows(
    plan: Plan, step: Step, action: Variates, share: float
) -> Iterator[tuple[str, list[_Range]]]:
    """The rare ranges of each coordinate of a draw, by its key. Of labels that share a variate each
    has its own."""
    stream = plan.streams[action.stream]
    if len(stream.keys) > _ROWS:
        return
    known: dict[_Law, list[_Range]] = {}
    for key, law in dict.fromkeys(_laws(plan, step, action, stream)):
        if law not in known:
            known[law] = _law_ranges(law, share)
        if known[law]:
            yield key, known[law]


def _laws(plan: Plan, step: Step, action: Variates, stream: Stream) -> Iterator[tuple[str, _Law]]:
    """The family and parameters at each coordinate, as far as they are known."""
    if action.family is None:
        for row, key in enumerate(stream.keys):
            source = stream.source(row)
            if isinstance(source, Frozen | Transformed):
                yield key, (source.family, source.parameters)
    elif action.family.discrete:
        count = len(step.inputs)
        if action.family.name == "mixture":
            count //= 2  # the weights alone; components may be anything
        inputs = step.inputs[:count]
        if all(i in plan.constants for i in inputs):
            axes = [axes.dims for axes in step.axes[:count]]
            whole = dimensions.union([action.dims, *axes])
            rows = np.arange(dimensions.size(action.dims)).reshape(dimensions.shape(action.dims))
            numbers = np.broadcast_to(
                dimensions.broadcast(rows, action.dims, whole), dimensions.shape(whole)
            )
            values = [plan.constants[i][..., 0] for i in inputs]
            table = parameter_table(values, axes, whole)
            if table == [()]:
                table *= numbers.size
            there = action.applicable or range(rows.size)
            keys = dict(zip(there, stream.keys, strict=True))
            for row, parameters in zip(numbers.ravel().tolist(), table, strict=True):
                if row in keys:
                    yield keys[row], (action.family, parameters)


def _ranges(family: Family, parameters: tuple[float, ...], share: float) -> list[_Range]:
    """Ranges of probability below `share` in which a draw that is discrete, or has an atom, takes
    rare values."""
    if family.name == "mixture" and parameters:  # components in the order of their writing
        weights = np.array(parameters) / sum(parameters)
        return _atoms(weights, share)
    if not np.all(family.valid(*parameters)):
        return []
    reach = share
    parts = getattr(family, "parts", None)
    if parts is not None:  # a mixture drawn by its quantile function: a component is in the tails
        reach = min(reach, 2.0 * sum(part.weight for part in parts if part.weight < share))
    elif family.has_density:
        return []
    shares = getattr(family, "shares", None)
    if shares is not None and np.count_nonzero(shares < share) <= _ATOMS:
        return _atoms(shares, share)
    if reach < LEAST:
        return []
    # Whole atoms: what is at the edge of the reach itself stays outside.
    last, first = family.isf(reach, *parameters), family.ppf(reach, *parameters)
    above = float(family.sf(last, *parameters))
    below = float(family.cdf(np.nextafter(first, -np.inf), *parameters))
    found = []
    tail = parts is None and family.discrete  # else what is rare is a part, not the end of a tail
    far = _FAR * float(family.variance(*parameters)) ** 0.5 if tail else 0.0
    most = min(share, reach * (1.0 - _WHOLE))  # what is continuous goes on beyond the reach
    if LEAST < above < most and family.isf(above / 2.0, *parameters) - last > far:
        found.append((True, 0.0, above))
    if LEAST < below < most and first - family.ppf(below / 2.0, *parameters) > far:
        found.append((False, 0.0, below))
    return found or ([] if parts is None else _of_parts(family, parts, share))


def _of_parts(family: Family, parts: Sequence[MixtureComponent], share: float) -> list[_Range]:
    """The tails of a mixture in which its rare components are, as far as others are not."""
    found = []
    for part in parts:
        if part.discrete or not LEAST < part.weight < share:
            continue
        for upper, left in product((True, False), _LEFT):
            begin = part.quantile("ppf" if upper else "isf", np.array(left))
            far = float((family.sf if upper else family.cdf)(begin))
            if far * _AROUND < share:
                found += [(upper, 0.0, far), (upper, 0.0, far * _AROUND)]
                break
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
        if LEAST < mass < share
    ]
