"""The inputs of a quantity: the named random numbers behind it, one a label, and their draws."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Final, final

import numpy as np

from guessmodel.analysis.classes import Classes
from guessmodel.engine.drawn import Variates
from guessmodel.engine.plan import Plan
from guessmodel.estimators.closed_form import Closed
from guessmodel.estimators.program import program_of
from guessmodel.graph import dims as dimensions
from guessmodel.graph.along_dims import Accumulate, Reduce
from guessmodel.graph.coordinates import Element, opaque, operands_of
from guessmodel.graph.correlations import correlated_along, correlated_groups
from guessmodel.graph.dims import Dim, Label, titled
from guessmodel.graph.elementwise import Apply
from guessmodel.graph.family import Family
from guessmodel.graph.naming import coordinate_keys
from guessmodel.graph.quantity import Quantile, Quantity, Variate
from guessmodel.graph.traversal import ancestors, drawn_variate, reached
from guessmodel.graph.variates import UNIFORM, QuantileFunction, StandardVariate
from guessmodel.model.model import Model
from guessmodel.numerics.arrays import FloatArray
from guessmodel.sampling import Design, Replicate, Stream, design

__all__ = ["Input", "Inputs"]

_MEMORY: Final = 1 << 28  # bytes of classes that are kept; else they are made again for each use


@final
@dataclass(frozen=True, slots=True, eq=False)
class Input:
    """One random number behind a quantity."""

    name: str  # as shown: `price`, or `price[2025]`
    title: str  # of the quantity that is drawn: `price`
    labels: Mapping[str, Label]  # by dimension
    key: str
    places: tuple[tuple[int, int], ...]  # streams of the plan, and the coordinate in each
    unit: str  # of the draw
    closed: Closed | None  # its distribution, where its parameters are known
    categories: tuple[Label, ...] = ()  # that its values count
    tied: frozenset[str] = frozenset()  # keys of all that it is correlated with, and its own

    @property
    def ends(self) -> tuple[float, float] | None:
        """The values at which it is held, where its distribution is known."""
        return (
            None
            if self.closed is None
            else (self.closed.quantile(0.05), self.closed.quantile(0.95))
        )

    @property
    def file(self) -> str:
        """The stem of the file that draws it; "" of a model made by hand."""
        return self.key.partition(".")[0]


@final
@dataclass(frozen=True, eq=False)
class Inputs:
    """All inputs of a quantity of a model, and their draws in a run of so many."""

    plan: Plan
    all: tuple[Input, ...]
    behind: Mapping[tuple[int, ...], tuple[Input, ...]]  # by the position of the quantity's labels
    points: Design
    replicates: int
    _uniform: Design
    pause: Callable[[], None] = lambda: None
    """Called now and then; may raise."""
    _made: dict[tuple[str, int], Classes] = field(default_factory=dict)
    _variates: dict[str, tuple[FloatArray, FloatArray]] = field(default_factory=dict)
    _replicates: dict[tuple[int, int], Replicate] = field(default_factory=dict)
    _filled_last: dict[int, tuple[int, FloatArray]] = field(default_factory=dict)

    @staticmethod
    def of(
        model: Model,
        name: str,
        method: str,
        n: int,
        seed: int,
        replicates: int,
        pause: Callable[[], None] = lambda: None,
    ) -> Inputs:
        """The inputs of a quantity, in the first `replicates` of a run of n draws."""
        plan = program_of(model).plan((name,))
        reached = {
            position: _keys(model, Element(model.quantities[name], position))
            for position in _applicable(model.quantities[name])
        }
        found = _listed(model, plan)
        behind = {
            position: tuple(each for each in found if each.key in keys)
            for position, keys in reached.items()
        }
        some = set().union(*reached.values())
        points, uniform = _designs(plan, method, n, seed)
        inputs = tuple(each for each in found if each.key in some)
        return Inputs(plan, inputs, behind, points, replicates, uniform, pause)

    def again(self, n: int, seed: int) -> Inputs:
        """The same inputs in another run."""
        points, uniform = _designs(self.plan, self.points.method, n, seed)
        replicates, pause = points.replicates, self.pause
        return Inputs(self.plan, self.all, self.behind, points, replicates, uniform, pause)

    def classes(self, one: Input, finest: int) -> Classes:
        """An input's draws in so many classes of equal probability."""
        self.pause()
        if (one.key, finest) in self._made:
            return self._made[one.key, finest]
        made = Classes.of(*self.variate(one), finest)
        if 16 * made.off.size * len(self.all) <= _MEMORY:
            self._made[one.key, finest] = made
        return made

    def variate(self, one: Input) -> tuple[FloatArray, FloatArray]:
        """(replicates, draws) each: the uniform number behind an input's draws, and its value;
        where its parameters are uncertain themselves, that of the number they are applied to."""
        self.pause()
        if one.key in self._variates:
            return self._variates[one.key]
        made = self._filled(self._uniform, one), self._valued(one, self._filled(self.points, one))
        if 16 * made[0].size * len(self.all) <= _MEMORY:
            self._variates[one.key] = made
        return made

    def sources(self, one: Input) -> list[QuantileFunction]:
        """What an input's draws come from at each of its places: its family, or the number that
        it is applied to."""
        return [self.plan.streams[number].source(row) for number, row in one.places]

    def _filled(self, points: Design, one: Input) -> FloatArray:
        number, row = one.places[0]
        stream = self.plan.streams[number]
        # All labels of a stream are made at once, and are asked for one after the other.
        if self._filled_last.get(id(points), (-1,))[0] != number:
            out = np.empty((self.replicates, len(stream.keys), points.size))
            for r, rows in enumerate(out):
                replicate = self._replicate(points, r)
                replicate.fill(number, 0, points.size, rows if stream.labelled else rows[0])
            self._filled_last[id(points)] = number, out
        return np.ascontiguousarray(self._filled_last[id(points)][1][:, row])

    def _replicate(self, points: Design, r: int) -> Replicate:
        """A replicate of the points. Its tables are made once, if there is room."""
        if 8 * points.n * len(self.plan.streams) > _MEMORY:
            return points.replicate(r)
        key = (id(points), r)
        if key not in self._replicates:
            self._replicates[key] = points.replicate(r)
        return self._replicates[key]

    def is_value(self, one: Input) -> bool:
        """Whether the values of `variate` are those of the draw itself, in its unit."""
        return self._family(one) is not None

    def _valued(self, one: Input, x: FloatArray) -> FloatArray:
        found = self._family(one)
        if found is None:
            return x
        family, own = found
        if family.base is None:
            return family.draw(x, *own)
        return np.asarray(family.transform(x, *own))

    def _family(self, one: Input) -> tuple[Family, list[float]] | None:
        """What an input is drawn from, where its parameters are known."""
        number, row = one.places[0]
        for step in self.plan.steps:
            action = step.action
            if isinstance(action, Variates) and action.stream == number:
                known = all(i in self.plan.constants for i in step.inputs)
                if action.family is None or not known or action.dims != step.result.dims:
                    return None
                parameters = [
                    dimensions.broadcast(self.plan.constants[i], axes.dims, action.dims)
                    for i, axes in zip(step.inputs, step.axes, strict=True)
                ]
                shape = (*dimensions.shape(action.dims), 1)
                return action.family, [np.broadcast_to(p, shape).ravel()[row] for p in parameters]
        raise AssertionError(one.name)


def _designs(plan: Plan, method: str, n: int, seed: int) -> tuple[Design, Design]:
    """The points of a run, and the uniform numbers behind them."""
    streams = [_uniform(stream) for stream in plan.streams]
    uniform = design(method, n, seed, streams, universe=plan.universe)
    return plan.points(method, n, seed), uniform


def _uniform(stream: Stream) -> Stream:
    """The same random numbers, as uniform ones."""
    root = stream.sources[0].base
    kind = root if stream.kind is None and isinstance(root, StandardVariate) else stream.kind
    return replace(stream, sources=(UNIFORM,), kind=kind)


# --- where randomness is kept: the one place that knows what a draw is made of --------------------


def _keys(model: Model, root: Element) -> set[str]:
    """Keys of all random numbers that a quantity depends on at a label."""
    found: set[str] = set()
    for place in reached([root], _operands):
        if isinstance(place.node.operation, Variate):
            own = tuple(
                Dim(dim.name, (dim.labels[i],))
                for dim, i in zip(place.node.dims, place.position, strict=True)
            )
            found.add(coordinate_keys(model.keys[place.node], own)[0])
    return found


def _operands(place: Element) -> list[Element]:
    operation = place.node.operation
    mixed = isinstance(operation, Apply) or opaque(place.node)
    if not mixed or isinstance(operation, Reduce | Accumulate):
        return list(operands_of(place))
    return [Element(child, p) for child in place.node.operands for p in _applicable(child)]


def _listed(model: Model, plan: Plan) -> list[Input]:
    """All coordinates of all streams, by the names of the quantities that are drawn."""
    shown: dict[Quantity, str] = {}
    for name, entry in model.entries.items():
        variate = drawn_variate(entry.quantity)
        if variate is not None:
            shown.setdefault(variate, name)
    variates = {key: node for node, key in model.keys.items()}
    drawn = {
        node.variate: node
        for node in ancestors(model.quantities.values())
        if isinstance(node.operation, Quantile)
    }
    forms = program_of(model).forms
    places: dict[str, list[tuple[int, int]]] = {}
    found: dict[str, Input] = {}
    for number, stream in enumerate(plan.streams):
        key = stream.owner
        variate = variates[key]
        positions = dict(
            zip(
                coordinate_keys(key, variate.dims),
                np.ndindex(*dimensions.shape(variate.dims)),
                strict=True,
            )
        )
        title = shown.get(variate, key.partition(".")[2])
        assert isinstance(variate.operation, Variate)
        place = variate.operation.place
        title = title if place is None else title.removesuffix(str(place))
        named = variate in shown
        quantity = model.quantities[shown[variate]] if named else drawn.get(variate)
        alike = quantity is not None and quantity.dims == variate.dims
        for coordinate, own in enumerate(stream.keys):
            places.setdefault(own, []).append((number, coordinate))
            position = positions[own]
            labels = {d.name: d.labels[i] for d, i in zip(variate.dims, position, strict=True)}
            labels |= {} if place is None else {place.dim: place.label}
            closed = forms.at(quantity, position) if quantity is not None and alike else None
            unit = "" if quantity is None else str(quantity.unit)
            text = titled(title, labels.values())
            known = () if quantity is None else quantity.categories
            found.setdefault(own, Input(text, title, labels, own, (), unit, closed, known))
    tied = _tied(model, [model.quantities[name] for name in plan.outputs])
    return [
        replace(each, places=tuple(places[key]), tied=tied.get(key, frozenset()))
        for key, each in found.items()
    ]


def _tied(model: Model, roots: Iterable[Quantity]) -> dict[str, frozenset[str]]:
    """For the key of each random number that is correlated with others, all their keys: at the same
    labels of the dimensions that all of them have, unless they are correlated along these."""
    roots = list(roots)
    along = correlated_along(roots)
    found: dict[str, frozenset[str]] = {}
    for group in correlated_groups(roots):
        shared = frozenset.intersection(*(frozenset(variate.dims) for variate in group))
        within = {name for variate in group for name in along.get(variate, ())}
        dims = sorted((d for d in shared if d.name not in within), key=lambda d: d.name)
        sets: dict[tuple[Label, ...], set[str]] = {}
        for variate in group:
            keys = coordinate_keys(model.keys[variate], variate.dims)
            for labels, key in zip(product(*(d.labels for d in variate.dims)), keys, strict=True):
                at = dict(zip(variate.dims, labels, strict=True))
                sets.setdefault(tuple(at[dim] for dim in dims), set()).add(key)
        for some in sets.values():
            found |= dict.fromkeys(some, frozenset(some))
    return found


def _applicable(node: Quantity) -> list[tuple[int, ...]]:
    mask = node.axes.mask
    return [p for p in np.ndindex(*dimensions.shape(node.dims)) if mask is None or mask[p]]
