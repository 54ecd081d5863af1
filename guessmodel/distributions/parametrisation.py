"""From what the user wrote to a draw: parametrisations, units, labels, and their errors."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence, Set
from functools import partial
from typing import Any, Unpack

import numpy as np

from guessmodel import units
from guessmodel.distributions.checks import finite, ordered_at_labels, refuse_repeated, within
from guessmodel.distributions.draws import constant_value, draw_from, magnitude, split_pairs
from guessmodel.distributions.forms import INTERVAL, Form, instead_of_text, listed
from guessmodel.distributions.options import TextOptions, constructor
from guessmodel.errors import (
    GuessmodelError,
    Location,
    ModelError,
    UnitError,
    WrongKind,
    caller,
    located,
)
from guessmodel.graph import dims as dimensions
from guessmodel.graph.categories import refuse_arithmetic
from guessmodel.graph.dims import Along, Dims, Labels
from guessmodel.graph.domains import POSITIVE, REAL
from guessmodel.graph.family import Family
from guessmodel.graph.labelled_data import with_index_named
from guessmodel.graph.number_in import amount
from guessmodel.graph.quantity import Constant, Quantity, as_quantity, constant_node
from guessmodel.graph.values import in_short, instead_of_percent, is_number, number
from guessmodel.numerics.arrays import FloatArray
from guessmodel.options import refuse_unknown
from guessmodel.units import DIMENSIONLESS, Unit

__all__ = [
    "INTERVAL",
    "Form",
    "constant",
    "construct",
    "read",
]

_MASS = 0.9  # probability between low and high where no other is given
_WIDTHS = frozenset({"sd", "scale"})  # arguments that are differences: no offset of a unit applies


def construct(
    family: Family,
    forms: Sequence[Form],
    given: Mapping[str, Any],
    unit: str | Unit | None,
    *,
    dimensionless: bool = False,
    mass: float | None = None,
    quantiles: Mapping[float, Any] | None = None,
    dim: str | Labels | None = None,
    shared: str | Sequence[str] = (),
    **texts: Unpack[TextOptions],
) -> Quantity:
    """A draw from `family`, given by exactly one of its `forms`.

    `given` holds all arguments of all forms, None where absent. `dimensionless` families
    (probabilities, counts of trials) take no unit. Raises ModelError, with the user's line, for a
    wrong set of arguments or wrong values.
    """
    where = caller()
    try:
        if texts:
            refuse_unknown(family.name, texts, listed(forms))
        written = {key: value for key, value in given.items() if value is not None}
        along = dimensions.along(dim)
        written, points = _points(family, split_pairs(family.name, written, along), quantiles)
        form = _form(family, forms, written, points, mass)
        points_at = _probabilities(family, form, points, mass)
        values = {key: read(value, along, where) for key, value in written.items()}
        refuse_repeated(family.name, along, zip(written.values(), values.values(), strict=True))
        target = _unit(family, form, values, unit)
        counted = target.is_dimensionless and (form.whole or _one_in(target) == 1.0)
        if dimensionless and not counted:
            raise UnitError(f"{family.name} draws plain numbers, not {target}")
        whole = {"whole": _one_in(target)} if counted else {}
        magnitudes = {
            key: _magnitude(key, value, target, form.powers[key], unit is None)
            for key, value in values.items()
        }
        further = {**points_at, **(whole if form.whole else {})}
        convert = partial(form.convert or partial(_as_written, family), **further)
        linked = {key for key, value in written.items() if isinstance(value, Quantity)}
        dims, arrays = _known_numbers(magnitudes)
        _check_domains(family, forms, form, arrays, dims, whole)
        parameters = _canonical(
            family, forms, form, magnitudes, (dims, arrays), linked, convert, where
        )
        return draw_from(
            family,
            parameters,
            target,
            where,
            given={**written, **points_at},
            along=along,
            shared=shared,
            **texts,
        )
    except GuessmodelError as error:
        raise located(error, where) from None


@constructor(TextOptions)
def constant(
    value: Any,
    unit: str | Unit | None = None,
    *,
    dim: str | Labels | None = None,
    **options: Unpack[TextOptions],
) -> Quantity:
    """A known quantity: a number, labels (`{"a": 1, "b": 2}` with `dim=`) or xarray.DataArray.

    With `dim={"month": range(1, 13)}` it has the same value at each of these labels.
    None or NaN at a label means not applicable there. Text such as `"5 USD/hour"` is read too.
    Raises WrongKind for what is no number, UnitError for an unknown unit.

    >>> import guessmodel as gm
    >>> price = gm.constant({"day": 5, "night": 3}, "USD/hour", dim="time")
    >>> print(price.sel(time="night").sample(8).mean())
    3 USD/hour
    """
    where = caller()
    try:
        refuse_unknown("constant", options)
        along = dimensions.along(dim)
        node = amount(value, where) if isinstance(value, str) else read(value, along, where)
        if isinstance(node.operation, Constant) and not isinstance(value, Quantity):
            finite("constant", value=node.operation.value, labelled=bool(node.dims))
        else:
            raise WrongKind("constant takes a number, labels or text; a quantity is one already")
        target = node.unit if unit is None else units.parse(unit)
        along.check(node.dims)
        dims, array = node.dims, node.operation.value
        if node.unit != DIMENSIONLESS:
            array = units.conversion(node.unit, target).apply(array)
        if along.dims:
            dims = dimensions.union([dims, along.dims])
            array = dimensions.broadcast(array, node.dims, dims)
            array = np.broadcast_to(array, dimensions.shape(dims)).copy()
        return constant_node(array, dims, target, where, **options)
    except GuessmodelError as error:
        raise located(error, where) from None


def read(value: Any, along: Along, where: Location) -> Quantity:
    """An argument as a quantity; a mapping of labels needs a dimension."""
    if isinstance(value, bool | np.bool_):
        raise WrongKind(f"{value} is not a number; write 1 or 0")
    if not isinstance(value, Mapping):
        found = as_quantity(with_index_named(value, along.name), where=where)
        refuse_arithmetic("a distribution", [found])
        return found
    dim = along.of(tuple(value))
    if any(isinstance(item, Quantity) for item in value.values()):
        raise WrongKind("labels with quantities: join them first with gm.stack({…}, dim=…)")
    try:
        array = np.array([math.nan if item is None else number(item) for item in value.values()])
    except WrongKind as error:
        raise WrongKind(f"labels along '{dim.name}' need numbers: {error.message}") from None
    return constant_node(array, (dim,), DIMENSIONLESS, where)


# --- steps of construct -------------------------------------------------------------------------


def _points(
    family: Family, written: dict[str, Any], quantiles: Mapping[float, Any] | None
) -> tuple[dict[str, Any], tuple[float, float] | None]:
    """`quantiles={p: low, q: high}` as low and high, and the two probabilities."""
    if quantiles is None:
        return written, None
    if not isinstance(quantiles, Mapping) or len(quantiles) != 2:
        raise ModelError(
            f"{family.name}: quantiles takes two points, e.g. quantiles={{0.1: 3, 0.5: 5}}"
        )
    if not all(is_number(p) and 0.0 < p < 1.0 for p in quantiles):
        raise ModelError(f"{family.name}: quantiles are at probabilities in (0, 1), e.g. 0.1")
    if clash := [key for key in INTERVAL if key in written]:
        raise ModelError(f"{family.name}: quantiles stand alone; leave out {', '.join(clash)}")
    (p, low), (q, high) = sorted(quantiles.items(), key=lambda item: item[0])
    return {"low": low, "high": high, **written}, (float(p), float(q))


def _probabilities(
    family: Family, form: Form, points: tuple[float, float] | None, mass: float | None
) -> dict[str, float]:
    """The probabilities at which low and high stand, where they are quantiles."""
    if mass is not None and not (is_number(mass) and 0.0 < mass < 1.0):
        hint = instead_of_percent(mass, "mass=") if is_number(mass) else ""
        raise ModelError(f"{family.name}: mass is {mass}, not between 0 and 1{hint}")
    if mass is not None and (points is not None or not form.interval):
        raise ModelError(f"{family.name}: mass goes with low and high; leave it out")
    if not form.interval:
        return {}
    held = _MASS if mass is None else float(mass)
    p, q = points or ((1.0 - held) / 2.0, (1.0 + held) / 2.0)
    return {"p": p, "q": q}


def _form(
    family: Family,
    forms: Sequence[Form],
    written: Mapping[str, Any],
    points: tuple[float, float] | None,
    mass: float | None,
) -> Form:
    fitting = [
        form
        for form in forms
        if set(form.powers) == set(written) and (form.interval or points is None)
    ]
    if fitting:  # bounds come first, and have no mass
        return next((form for form in fitting if form.interval == (mass is not None)), fitting[0])
    shown = [key for key in written if points is None or key not in INTERVAL]
    got = ", ".join(shown if points is None else ["quantiles", *shown]) or "nothing"
    accepted = listed(forms)
    one_of = "one of " if " or " in accepted else ""
    hint = instead_of_text(family.name, written.get("low"))
    if list(written) == ["low"] and is_number(written["low"]):
        keys = [key for form in forms if len(form.powers) == 1 for key in form.powers]
        hint = f"; write {keys[0]}={written['low']}" if keys else " alone; high is missing"
    raise ModelError(f"{family.name} takes {one_of}{accepted}; got {got}{hint}")


def _unit(
    family: Family, form: Form, values: Mapping[str, Quantity], unit: str | Unit | None
) -> Unit:
    if isinstance(unit, str | Unit):
        return units.parse(unit)
    if unit is not None:
        hint = "; write the mode as mode=…" if "mode" in family.parameters else ""
        raise WrongKind(f"{family.name}: the unit is text such as 'USD/day', not {unit!r}{hint}")
    for key, power in form.powers.items():
        if power and values[key].unit != DIMENSIONLESS:
            return units.power(values[key].unit, 1.0 / power)[0]
    return DIMENSIONLESS


def _one_in(unit: Unit) -> float:
    """The number 1 counted in a dimensionless unit: 100 for percent."""
    return units.factor(DIMENSIONLESS, unit)


def _magnitude(key: str, value: Quantity, unit: Unit, power: int, inferred: bool) -> Quantity:
    """The argument as a plain number, counted in the quantity's unit."""
    own = units.difference(unit) if key in _WIDTHS else unit
    target = units.power(own, power)[0] if power else DIMENSIONLESS
    literal = isinstance(value.operation, Constant) and value.unit == DIMENSIONLESS
    if literal and inferred and not units.compatible(target, DIMENSIONLESS):
        if not np.any(constant_value(value)) and not target.is_absolute:  # 0 fits every other unit
            return value
        raise UnitError(f"a plain number stands beside {unit}; unit='{unit}' counts it in that")
    if not literal or (inferred and value.unit != target):
        value = value.to(target)
    return magnitude(value)


def _known_numbers(
    values: Mapping[str, Quantity],
) -> tuple[Dims, dict[str, FloatArray]]:
    """The dimensions of the arguments, and those whose numbers are known, over these."""
    numbers = {key: constant_value(value) for key, value in values.items()}
    dims = dimensions.union(value.dims for value in values.values())
    return dims, {
        key: _broadcast_over(x, values[key].dims, dims)
        for key, x in numbers.items()
        if x is not None
    }


def _canonical(
    family: Family,
    forms: Sequence[Form],
    form: Form,
    values: Mapping[str, Quantity],
    known: tuple[Dims, Mapping[str, FloatArray]],
    linked: Set[str],
    convert: Callable[..., Sequence[Any]],
    where: Location,
) -> tuple[Quantity, ...]:
    """Canonical parameters; those `linked` to the user's own constants follow if these change."""
    dims, arrays = known
    if len(arrays) == len(values):
        converted = _converted(family, arrays, convert)
        constants = all(isinstance(value.operation, Constant) for value in values.values())
        if constants and (form.needs_numbers or not linked):
            return tuple(
                constant_node(x, dims if x.ndim else (), DIMENSIONLESS, where) for x in converted
            )
    if form.needs_numbers:
        closed = listed([other for other in forms if not other.needs_numbers])
        raise ModelError(
            f"{family.name}: {', '.join(form.powers)} are solved for numerically, so they must be "
            f"numbers; a parameter that is a quantity goes in {closed}"
        )
    simple = dict[str, Any](values)
    for key, value in values.items():
        if isinstance(value.operation, Constant) and not value.dims and key not in linked:
            simple[key] = float(arrays[key])
    return tuple(as_quantity(x, where=where) for x in convert(**simple))


def _instead(
    family: Family, forms: Sequence[Form], form: Form, known: Mapping[str, Any], whole: Any
) -> str:
    """A hint for who takes the ends of a range for other parameters: `normal(3, 1)`."""
    if not INTERVAL.keys() <= known.keys() or any(np.size(x) != 1 for x in known.values()):
        return ""
    numbers = {key: float(np.asarray(x).reshape(())) for key, x in known.items()}
    low, high = numbers.pop("low"), numbers.pop("high")
    told = []
    for other in forms:
        names = [key for key in other.powers if key not in form.powers]
        if len(names) == 2 and len(other.powers) == len(form.powers):
            values = {**numbers, **dict(zip(names, (low, high), strict=True))}
            if _is_distribution(family, other, values, whole):
                told.append(", ".join(f"{key}={values[key]:g}" for key in names))
    return f", or write {' or '.join(told)}" if told else ""


def _is_distribution(
    family: Family, form: Form, values: Mapping[str, float], whole: Mapping[str, float]
) -> bool:
    if any(key in _WIDTHS and not value > 0.0 for key, value in values.items()):
        return False
    convert = form.convert or partial(_as_written, family)
    try:
        with np.errstate(all="ignore"):
            made = convert(**values, **(whole if form.whole else {}))
            return bool(np.all(family.valid(*made)))
    except (ModelError, ArithmeticError):
        return False


def _check_domains(
    family: Family,
    forms: Sequence[Form],
    form: Form,
    arrays: Mapping[str, FloatArray],
    dims: Dims,
    whole: Mapping[str, float],
) -> None:
    """Raise ModelError where a known argument lies outside its domain."""
    finite(family.name, labelled=bool(dims), **arrays)
    if INTERVAL.keys() <= arrays.keys():
        try:
            ordered_at_labels(family.name, arrays["low"], arrays["high"], dims)
        except ModelError as error:
            hint = _instead(family, forms, form, arrays, whole)
            raise ModelError(f"{error.message}{hint}") from None
    for key, value in arrays.items():
        domain = form.domains.get(key) or family.parameters.get(key)
        domain = domain or (POSITIVE if key in _WIDTHS else REAL)
        if key == "low" and np.any(np.less_equal(value, domain.low)):
            other = "uniform" if form.bounds else "normal"
            raise ModelError(
                f"{family.name}: low is {in_short(value)}, and every draw is above 0; write "
                f"gm.{other}(low, high), or gm.metalog(…, lower=low) for a skewed quantity"
                f"{_instead(family, forms, form, arrays, whole)}"
            )
        within(family.name, domain, **{key: value})


def _as_written(family: Family, **values: Any) -> list[Any]:
    return [values[key] for key in family.parameters]


def _converted(
    family: Family,
    arrays: Mapping[str, FloatArray],
    convert: Callable[..., Sequence[Any]],
) -> list[FloatArray]:
    """Canonical parameters of known arguments; raises ModelError where they have none."""
    with np.errstate(all="ignore"):  # infinite parameters are refused below
        converted = [np.asarray(x, dtype=np.float64) for x in convert(**arrays)]
    missing = np.any([np.isnan(x) for x in np.broadcast_arrays(*arrays.values())], axis=0)
    if not np.all(family.valid(*converted) | missing):
        shown = ", ".join(f"{key}={in_short(x)}" for key, x in arrays.items())
        raise ModelError(f"{family.name} has no distribution for {shown}")
    return converted


def _broadcast_over(value: FloatArray, source: Dims, target: Dims) -> FloatArray:
    array, shape = dimensions.broadcast(value, source, target), dimensions.shape(target)
    return np.broadcast_to(array, shape).copy() if source else value
