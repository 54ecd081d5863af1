"""Random sums: so many independent events, each of its own size."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, overload

from guessmodel import units
from guessmodel.distributions.draws import scalar_value, variate
from guessmodel.distributions.uniform import UNIFORM_FAMILY
from guessmodel.errors import (
    GuessmodelError,
    Location,
    ModelError,
    UnitError,
    UsageError,
    WrongKind,
    caller,
    located,
    public,
)
from guessmodel.graph import dims as dimensions
from guessmodel.graph.elementwise import Convert
from guessmodel.graph.functions import maximum, minimum
from guessmodel.graph.number_in import Amount, amount
from guessmodel.graph.operation import Pointwise
from guessmodel.graph.quantity import (
    Constant,
    Operand,
    Quantile,
    Quantity,
    Variate,
    as_quantity,
)
from guessmodel.graph.random_sum import EventDraw, EventStep, RandomSum
from guessmodel.graph.traversal import ancestors, depth_first
from guessmodel.graph.values import is_whole
from guessmodel.units import DIMENSIONLESS, Conversion

__all__ = ["compound", "sum_of"]


@overload
def compound(
    frequency: Operand,
    severity: Quantity | Callable[[], Quantity],
    *,
    deductible: Amount | None = None,
    limit: Amount | None = None,
    aggregate_deductible: Amount | None = None,
    aggregate_limit: Amount | None = None,
) -> Quantity: ...


@overload
def compound(
    frequency: Operand, severity: Callable[[], tuple[Quantity, ...]]
) -> tuple[Quantity, ...]: ...


@public
def compound(
    frequency: Operand,
    severity: Quantity | Callable[[], Quantity | tuple[Quantity, ...]],
    *,
    deductible: Amount | None = None,
    limit: Amount | None = None,
    aggregate_deductible: Amount | None = None,
    aggregate_limit: Amount | None = None,
) -> Quantity | tuple[Quantity, ...]:
    """The sum of a random number of independent events: losses of a year, orders of a day.

    Parameters
    ----------
    frequency : how many there are, whole numbers; with labels there is a sum at each
    severity : the size of one, a draw that nothing else uses: it is drawn anew for each event, and
        what its parameters are made of is the same for all. What is not a draw by itself is given
        by a function that makes it: `lambda: gm.lognormal(1, 9) + gm.gamma(1, 2)`. One that makes a
        tuple, such as a loss and what the reinsurer pays of it, gives a sum of each over the same
        events.
    deductible, limit : of each event the part above the deductible is paid, up to the limit; text
        such as "5 USD" is read
    aggregate_deductible, aggregate_limit : the same of the sum

    Returns
    -------
    Quantity in the unit of the frequency times that of the severity: `claim` times `USD/claim` is
    USD; or a tuple of them. There is no largest number of events; draws are lost where it is not
    whole.

    Raises
    ------
    ModelError
        For a severity that is no draw, or correlated with others, or made of labels.
    UnitError
        For deductibles and limits in another unit.
    WrongKind
        For a severity that is no quantity, and no function that makes one.

    Mean and variance are E[N] E[X] and E[N] Var[X] + Var[N] E[X]² (Klugman, Panjer and Willmot,
    "Loss Models", chapter 9), exact where those of frequency and severity are known.

    >>> import guessmodel as gm
    >>> losses = gm.compound(gm.poisson(3), gm.gamma(shape=2, scale=5, unit="kg"))
    >>> print(losses.sample(1024).mean(), losses.sample(1024).sd())  # 3 · 10, sqrt(3 · 150)
    30 kg 21.21 kg
    """
    where = caller()
    try:
        count = _frequency(as_quantity(frequency, where=where))
        event, inside = _event(severity)
        if isinstance(event, tuple):
            terms = (deductible, limit, aggregate_deductible, aggregate_limit)
            if any(term is not None for term in terms):
                raise UsageError(
                    "compound: deductibles and limits go with one sum; of several, write in the "
                    "function what is paid of an event"
                )
            return _summed(count, event, inside, where)
        paid = _part_above(event, deductible, limit)
        (total,) = _summed(count, (paid,), inside | _steps_between(paid, event), where)
        return _part_above(total, aggregate_deductible, aggregate_limit)
    except GuessmodelError as error:
        raise located(error, where) from None


@public
def sum_of(n: int, draw: Quantity | Callable[[], Quantity]) -> Quantity:
    """The sum of n independent draws of one distribution, such as the weight of 20 people.

    20 times the weight of one person is another thing: that of 20 people who all weigh the same.
    Its standard deviation is 20 times that of one; that of the sum only sqrt(20) times.

    Raises UsageError for an n that is no whole number from 1, and what `compound` raises.

    >>> import guessmodel as gm
    >>> people = gm.sum_of(16, gm.normal(mean=75, sd=10, unit="kg"))
    >>> print(people.sample(1024).mean(), people.sample(1024).sd())
    1200 kg 40 kg
    """
    where = caller()
    if not is_whole(n) or n < 1:
        hint = "; a number that is uncertain goes in gm.compound" if isinstance(n, Quantity) else ""
        raise UsageError(f"sum_of takes a whole number of draws from 1, not {n!r}{hint}", where)
    try:
        event, inside = _event(draw)
        if isinstance(event, tuple):
            raise WrongKind("sum_of sums up one draw; gm.compound takes several of an event")
        return _summed(as_quantity(n, where=where), (event,), inside, where)[0]
    except GuessmodelError as error:
        raise located(error, where) from None


def _frequency(count: Quantity) -> Quantity:
    operation = count.operation
    if isinstance(operation, Quantile) and not operation.family.discrete:
        raise ModelError(
            f"compound: frequency is a {operation.family.name} draw, which is no whole number; "
            "write gm.poisson(…) for the number of events, or gm.round(frequency)"
        )
    known = scalar_value(count)
    if known is not None and not (known >= 0.0 and known.is_integer()):
        raise ModelError(f"compound: frequency is {known:g}; write a whole number of events")
    return count


def _event(severity: Any) -> tuple[Quantity | tuple[Quantity, ...], set[Quantity]]:
    """The size of an event, or several of it, and what of it is drawn and computed for each."""
    if callable(severity) and not isinstance(severity, Quantity):
        first = as_quantity(0).serial
        event = severity()
        several = event if isinstance(event, tuple) and event else (event,)
        for each in several:
            if not isinstance(each, Quantity):
                raise WrongKind(f"compound: the function gives {each!r}, which is no quantity")
        walk = depth_first(several, lambda q: [c for c in q.operands if c.serial > first])
        return event, {node for node in walk if node.serial > first}
    if not isinstance(severity, Quantity):
        raise WrongKind(
            f"severity is {severity!r}; write a draw, such as gm.lognormal(1, 9), or a function "
            "that makes one"
        )
    draw = severity
    if not isinstance(draw.operation, Quantile):
        raise ModelError(
            f"compound: severity is no draw ({draw.label} is {draw.kind}), so that it is not known "
            "what to draw for each event; write a function that makes it: lambda: …"
        )
    if draw.operation.family.name == "mixture" and any(
        isinstance(node.operation, Quantile) for node in ancestors(draw.parameters)
    ):
        raise ModelError(
            "compound: the components of this mixture are draws of their own, which all events "
            "would share; write a function that makes it: lambda: gm.mixture(…)"
        )
    return draw, {draw}


def _steps_between(paid: Quantity, event: Quantity) -> set[Quantity]:
    """What lies between an event and what is paid of it."""
    between = set()
    for node in ancestors([paid]):
        if node is event or any(child in between or child is event for child in node.operands):
            between.add(node)
    return between - {event}


def _part_above(x: Quantity, deductible: Amount | None, limit: Amount | None) -> Quantity:
    if deductible is not None:
        x = maximum(x - _checked_bound(deductible, x, "deductible"), 0)
    return x if limit is None else minimum(x, _checked_bound(limit, x, "limit"))


def _checked_bound(bound: Amount, x: Quantity, what: str) -> Quantity:
    node = amount(bound)
    value = scalar_value(node)
    if value is not None and not value >= 0.0:
        raise ModelError(f"compound: {what} is {value:g}; it must not be below 0")
    if not units.compatible(node.unit, x.unit):
        own, unit = (
            f"in {each}" if str(each) else "a plain number" for each in (node.unit, x.unit)
        )
        instead = ""
        if str(x.unit) and not str(node.unit):
            figure = f"{value or 0.0:g} {x.unit}"
            instead = f"; give it that unit, as in {what}={figure!r}"
        raise UnitError(f"compound: {what} is {own}, and the sum {unit}{instead}")
    return node


def _summed(
    count: Quantity, events: Sequence[Quantity], inside: set[Quantity], where: Location
) -> tuple[Quantity, ...]:
    """The sum of each over the same events."""
    order = [node for node in ancestors(events) if node in inside]
    drawn = [node for node in order if isinstance(node.operation, Quantile)]
    _check_drawn_anew(drawn, count)
    used = [*(child for node in order for child in node.parameters), *events]
    leaves = [node for node in used if node not in inside]
    dims = dimensions.union(node.dims for node in (count, *order))
    seed = _seed(dims, where)
    operands = list(dict.fromkeys([count, seed, *drawn, *leaves]))  # a leaf may be the count too
    place = {node: position for position, node in enumerate(operands)}
    steps = _steps(order, operands, place, dims)
    operands = list(dict.fromkeys([*operands, *events]))
    position = {node: k for k, node in enumerate(operands)}
    made = []
    for event in events:
        unit, factor = units.multiply(count.unit, event.unit)
        total = RandomSum(steps, place[event], position[event])
        axes = total.axes([node.axes for node in operands])
        result = Quantity(total, tuple(operands), unit, axes, where)
        if factor != 1:
            by = Convert(Conversion.by(factor), unit)
            result = Quantity(by, (result,), unit, axes, where)
        made.append(result)
    return tuple(made)


def _steps(
    order: Sequence[Quantity],
    operands: list[Quantity],
    place: dict[Quantity, int],
    dims: dimensions.Dims,
) -> tuple[EventDraw | EventStep, ...]:
    """How an event is drawn and computed. Constants are added to the operands; `place` gets where
    each number is found: an operand from 0 up, a step from -1 down."""
    steps: list[EventDraw | EventStep] = []
    for node in order:
        operation = node.operation
        if isinstance(operation, Quantile):
            parameters = tuple(place[child] for child in node.parameters)
            own = set(dims) == set(node.operands[0].dims)
            steps.append(EventDraw(place[node], operation.family, parameters, own))
        elif isinstance(operation, Pointwise):
            place[node] = -1 - len(steps)
            steps.append(EventStep(operation, tuple(place[child] for child in node.operands)))
        elif isinstance(operation, Constant):
            place[node] = len(operands)
            operands.append(node)
        elif not isinstance(operation, Variate):
            raise ModelError(
                f"compound: the size of an event is made with {operation.name}, which goes along "
                "labels; make it of draws without labels"
            )
    return tuple(steps)


def _check_drawn_anew(drawn: Sequence[Quantity], count: Quantity) -> None:
    """Raise ModelError for draws that cannot be made anew for each event."""
    if not drawn:
        raise ModelError("compound: the function makes no draw, so that all events are the same")
    behind = set(ancestors([count]))
    for node in drawn:
        if not isinstance(node.operands[0].operation, Variate):
            raise ModelError(
                f"compound: {node.label} is correlated with other draws; events are independent"
            )
        if node.operands[0] in behind:
            raise ModelError(
                f"compound: {node.label} is drawn anew for each event, and used for their number "
                "too; make another draw for this, or give the sum a function: "
                "gm.compound(n, lambda: gm.lognormal(…))"
            )


def _seed(dims: dimensions.Dims, where: Location) -> Quantity:
    """The random number that all events but the first are hashed from."""
    own = variate(UNIFORM_FAMILY, dims, where)
    ends = [as_quantity(end, where=where) for end in (0.0, 1.0)]
    draw = Quantile(UNIFORM_FAMILY, {"low": 0.0, "high": 1.0}, inner=True)
    axes = draw.axes([own.axes, *(end.axes for end in ends)])
    return Quantity(draw, (own, *ends), DIMENSIONLESS, axes, where)
