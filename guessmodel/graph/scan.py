"""Recurrences along a dimension: what each label makes of the state that the label before left.

The step is traced once. What does not depend on the state is computed for all labels together; the
rest is written out, label by label, as a user would by hand. So all that is known of elementwise
operations is known of recurrences too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, final

from guessmodel.errors import (
    DimensionError,
    GuessmodelError,
    Location,
    WrongKind,
    caller,
    located,
    public,
)
from guessmodel.graph import dims as dimensions
from guessmodel.graph.along_dims import Stack, Take
from guessmodel.graph.dims import Dim, Labels
from guessmodel.graph.draw import ScanPlace, Variate
from guessmodel.graph.elementwise import Apply
from guessmodel.graph.operation import LabelledAxes, Operation
from guessmodel.graph.quantity import Constant, Operand, Quantile, Quantity, as_quantity, wire
from guessmodel.graph.traversal import depth_first, variates
from guessmodel.graph.unit_rules import Term, UnitSignature
from guessmodel.numerics.arrays import FloatArray

__all__ = ["scan"]


@public
def scan(
    step: Callable[..., Any], init: Any, *inputs: Operand, dim: str | Labels | None = None
) -> Any:
    """A recurrence: the state at each label, made by `step` from the state at the label before.

    state[1] = step(init, …[1]), state[2] = step(state[1], …[2]) and so on; `init` itself is at no
    label.

    Parameters
    ----------
    step : called once, with the state and the slice of each input at a label, all of them
        quantities; gives the next state. A draw that is made in it is another one at each label;
        one that is made outside is the same at all.
    init : the state before the first label, a quantity or number; or a tuple of several, for a
        step that takes and gives a tuple
    inputs : quantities; of those along the dimension the step gets the value at its label, the
        others it gets as they are
    dim : labels, `{"month": range(1, 37)}`, or the name of a dimension that an input has

    Returns
    -------
    Quantity along the dimension, in the unit of `init`; a tuple of them for several states

    Raises
    ------
    DimensionError
        Where nothing has labels along `dim`, inputs have other ones, or the step uses a quantity
        along the dimension that is no input.
    UnitError
        Where the next state cannot be in the unit of `init`.
    WrongKind
        For a step that is no function, or gives no state.

    >>> import guessmodel as gm
    >>> months = {"month": range(1, 37)}
    >>> users = gm.scan(lambda now: now * 0.97 + 50, 1000, dim=months)
    >>> print(users.sel(month=1).sample(8).mean())  # 1000 * 0.97 + 50
    1020
    """
    where = caller()
    try:
        several = isinstance(init, tuple | list)
        starts = [as_quantity(each, where=where) for each in (init if several else [init])]
        given = [as_quantity(each, where=where) for each in inputs]
        along = _dimension(dim, given)
        _check_arguments(step, starts, along)
        body = _traced(step, starts, given, along, where, several=several)
        found = _written_out(body, starts, along, where)
    except GuessmodelError as error:
        raise located(error, where) from None
    return tuple(found) if several else found[0]


def _dimension(dim: str | Labels | None, inputs: Sequence[Quantity]) -> Dim:
    along = dimensions.along(dim)
    known = dimensions.union(each.dims for each in inputs)
    if len(along.dims) > 1 or (along.name is None and not along.dims):
        raise DimensionError('scan goes along one dimension; write dim={"month": range(1, 37)}')
    if along.name is not None:
        for each in known:
            if each.name == along.name:
                return each
        if not inputs:
            raise DimensionError(
                f"scan: dim={along.name!r} comes without labels; write "
                f"dim={{{along.name!r}: range(1, 37)}}"
            )
        raise DimensionError(f"scan: no input has the dimension '{along.name}'")
    own = along.dims[0]
    for each in known:
        if each.name == own.name:
            dimensions.union([(own,), (each,)])
    return own


def _check_arguments(step: Any, starts: Sequence[Quantity], along: Dim) -> None:
    if not callable(step):
        raise WrongKind(
            "scan takes a function first: gm.scan(lambda state: state * 1.02, 100, dim=…)"
        )
    if not starts:
        raise WrongKind("scan needs a state to begin with; init is empty")
    for each in starts:
        if any(own.name == along.name for own in each.dims):
            raise DimensionError(
                f"scan: init has the dimension '{along.name}' itself; pass what changes along it "
                "as an input, after init"
            )


# --- tracing --------------------------------------------------------------------------------------


@final
@dataclass(frozen=True, slots=True, eq=False)
class _Unknown(Operation):
    """Stands for a state or a slice of an input while the step is traced."""

    @property
    def name(self) -> str:
        return "state or slice of gm.scan"

    def unit_signature(self, terms: Sequence[Term]) -> UnitSignature:
        raise AssertionError

    def axes(self, operands: Sequence[LabelledAxes]) -> LabelledAxes:
        raise AssertionError

    def evaluate(
        self, arrays: Sequence[FloatArray], operands: Sequence[LabelledAxes], out: FloatArray
    ) -> None:
        raise AssertionError


@final
@dataclass(frozen=True, slots=True, eq=False)
class _Body:
    """A step as it was traced: `nodes` are made in it, each after its operands."""

    states: tuple[Quantity, ...]
    slices: Mapping[Quantity, Quantity]  # of those along the dimension: the input
    results: tuple[Quantity, ...]
    nodes: tuple[Quantity, ...]
    inside: frozenset[Quantity]  # what differs from label to label


def _traced(
    step: Callable[..., Any],
    starts: Sequence[Quantity],
    inputs: Sequence[Quantity],
    along: Dim,
    where: Location,
    *,
    several: bool,
) -> _Body:
    states = tuple(_unknown(each, each.axes, where) for each in starts)
    slices: dict[Quantity, Quantity] = {}
    handed = []
    for each in inputs:
        if any(own.name == along.name for own in each.dims):
            one = _unknown(each, Take(along.name, 0).axes([each.axes]), where)
            slices[one] = each
            handed.append(one)
        else:
            handed.append(each)
    first = states[0].serial  # quantities of the step have larger ones
    given = step(states if several else states[0], *handed)
    results = _results(given, starts, several=several)
    nodes = tuple(_made_inside(results, first))
    differs: set[Quantity] = set()
    for node in nodes:
        unknown = isinstance(node.operation, _Unknown | Variate)
        if unknown or any(child in differs for child in node.operands):
            differs.add(node)
    for node in (*(node for node in nodes if node in differs), *results):
        if any(own.name == along.name for own in node.dims):
            raise DimensionError(
                f"scan: the step uses a quantity along '{along.name}' that is no input; write "
                "gm.scan(step, init, quantity, …), and the step gets its value at each label",
                node.location,
            )
    return _Body(states, slices, results, nodes, frozenset(differs))


def _unknown(like: Quantity, axes: LabelledAxes, where: Location) -> Quantity:
    axes = LabelledAxes(axes.dims, None)
    return Quantity(_Unknown(), (), like.unit, axes, where, categories=like.categories)


def _results(given: Any, starts: Sequence[Quantity], *, several: bool) -> tuple[Quantity, ...]:
    shown = f"{len(starts)} states" if several else "one state"
    listed = given if isinstance(given, tuple | list) else [given]
    if (
        given is None
        or isinstance(given, tuple | list) is not several
        or len(listed) != len(starts)
    ):
        got = f"a {type(given).__name__}" if not several else f"{len(listed)}"
        got = "nothing; end it with return" if given is None else got
        raise WrongKind(f"scan: init has {shown}, and the step gives {got}")
    made = tuple(
        as_quantity(each).to(start.unit) for each, start in zip(listed, starts, strict=True)
    )
    for each, start in zip(made, starts, strict=True):
        if each.categories != start.categories:
            raise WrongKind(
                f"scan: init is {_kind(start)}, and the step gives {_kind(each)}; the state is of "
                "one kind at all labels",
                each.location,
            )
    return made


def _kind(state: Quantity) -> str:
    labels = ", ".join(map(repr, state.categories))
    return f"a category ({labels})" if labels else "a number"


def _made_inside(results: Iterable[Quantity], first: int) -> list[Quantity]:
    def operands(node: Quantity) -> Sequence[Quantity]:
        return [child for child in node.operands if child.serial >= first]

    return list(depth_first((each for each in results if each.serial >= first), operands))


# --- writing out ----------------------------------------------------------------------------------


def _written_out(
    body: _Body, starts: Sequence[Quantity], along: Dim, where: Location
) -> list[Quantity]:
    unrolled = _unrolled(body)
    lifted = _lifted(body, unrolled, along)
    sequential = [node for node in body.nodes if node in unrolled]
    used = {
        child
        for node in (*sequential, *body.results)
        for child in (node, *node.operands)
        if child in lifted
    }
    now = dict(zip(body.states, starts, strict=True))
    rows: list[list[Quantity]] = [[] for _ in starts]
    draws = {node.operands[0]: node for node in sequential if isinstance(node.operation, Quantile)}
    for position, label in enumerate(along.labels):
        new = dict(now)
        for node in used:
            new[node] = _at_label(lifted[node], along, position)
        for node in sequential:
            if node in new:
                continue
            if isinstance(node.operation, Variate):
                name = draws[node].name if node in draws else None
                place = ScanPlace(node.serial, along.name, label, name)
                operation = replace(node.operation, place=place)
                new[node] = Quantity(operation, (), node.unit, node.axes, node.location)
            else:
                made = _rebuilt(node, [new.get(child, child) for child in node.operands])
                new[node] = replace(made, name=None) if node.name is not None else made
        states = [new.get(each, each) for each in body.results]
        for row, state in zip(rows, states, strict=True):
            row.append(state)
        now = dict(zip(body.states, states, strict=True))
    stacked = (wire(Stack(along), *row) for row in rows)
    return [replace(each, location=where) for each in stacked]


def _unrolled(body: _Body) -> set[Quantity]:
    """What is computed label by label: what depends on the state, and functions of the user's own.

    A draw stands on its own random number. So where the parameters depend on the state, the number
    is one of many, too, and so is all else that is made of it.
    """
    found: set[Quantity] = set(body.states)
    size = -1
    while len(found) > size:
        size = len(found)
        for node in body.nodes:
            operation = node.operation
            if node in body.inside and isinstance(operation, Apply):
                found.add(node)
            if any(child in found for child in node.operands):
                found.add(node)
                if isinstance(operation, Quantile):
                    found |= variates([node.operands[0]])
    return found & body.inside


def _lifted(body: _Body, unrolled: set[Quantity], along: Dim) -> dict[Quantity, Quantity]:
    """What differs from label to label and does not depend on the state, at all labels at once."""
    new: dict[Quantity, Quantity] = {}
    for node in body.nodes:
        if node not in body.inside or node in unrolled:
            continue
        if node in body.slices:
            new[node] = body.slices[node]
        elif isinstance(node.operation, Variate):
            axes = LabelledAxes((*node.dims, along), None)
            new[node] = replace(node, axes=axes)
        else:
            new[node] = _rebuilt(node, [new.get(child, child) for child in node.operands])
    return new


def _rebuilt(node: Quantity, operands: Sequence[Quantity]) -> Quantity:
    assert not isinstance(node.operation, Constant | Variate)
    axes = node.operation.axes([each.axes for each in operands])
    return Quantity(
        node.operation,
        tuple(operands),
        node.unit,
        axes,
        node.location,
        node.name,
        node.doc,
        node.source,
        node.format,
        node.categories,
    )


def _at_label(node: Quantity, along: Dim, position: int) -> Quantity:
    operation = Take(along.name, position)
    return Quantity(operation, (node,), node.unit, operation.axes([node.axes]), node.location)
