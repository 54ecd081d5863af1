"""How units multiply, divide and convert, by exact ratios; and units that are defined so.

Arithmetic on units is cached, so that wiring a graph costs one look-up per operation.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache, partial

from guessmodel.errors import UnitError, public
from guessmodel.units.conversion import Conversion, Ratio
from guessmodel.units.currencies import CURRENCIES
from guessmodel.units.definitions import Exponent, Meaning, Powers, tidy
from guessmodel.units.unit import Unit, dimension_of, ordered, parse, zero_of
from guessmodel.units.vocabulary import add, meaning

__all__ = [
    "compatible",
    "conversion",
    "define",
    "divide",
    "factor",
    "multiply",
    "power",
]

_AMOUNT = re.compile(r"\s*((?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)?(.*)", re.DOTALL)
_ONE = Fraction(1)


@lru_cache(maxsize=4096)
def multiply(a: Unit, b: Unit) -> tuple[Unit, Ratio]:
    """The unit of a product, and the exact factor that the product of the magnitudes needs.

    What has one name cancels, and other units of one dimension merge into the first; percent,
    million and the like become part of the factor, so that a plain number times a percent is a
    plain number.

    Examples
    --------
    >>> multiply(parse("USD/hour"), parse("day"))
    (Unit('USD'), Fraction(24, 1))
    >>> multiply(parse("USD/day"), parse("day/month"))
    (Unit('USD/month'), Fraction(1, 1))
    >>> multiply(parse("tweet/day"), parse("percent"))
    (Unit('tweet/day'), Fraction(1, 100))
    """
    return (
        _with_plain_number(a)
        if not b.powers
        else _with_plain_number(b)
        if not a.powers
        else _merge(a.powers + b.powers)
    )


@lru_cache(maxsize=4096)
def divide(a: Unit, b: Unit) -> tuple[Unit, Ratio]:
    """The unit of a quotient, and the exact factor that the quotient of the magnitudes needs.

    Examples
    --------
    >>> divide(parse("USD/day"), parse("USD/hour"))
    (Unit(''), Fraction(1, 24))
    """
    return _merge(a.powers + _raised(b.powers, -1)) if b.powers else _with_plain_number(a)


@lru_cache(maxsize=4096)
def power(a: Unit, exponent: float) -> tuple[Unit, Ratio]:
    """The unit of a power, and the factor that the power of the magnitude needs; exact for whole
    exponents.

    Examples
    --------
    >>> power(parse("m**2"), 0.5)
    (Unit('m'), Fraction(1, 1))
    >>> power(parse("percent"), 2)
    (Unit(''), Fraction(1, 10000))
    """
    exponent = float(exponent)  # a scalar of NumPy's, too
    if not math.isfinite(exponent):
        raise UnitError(f"{_shown(a)} cannot be raised to the power {exponent}")
    if exponent == 1:
        return a, _ONE
    near = Fraction(exponent).limit_denominator(1_000_000)
    exact = near if math.isclose(near, exponent, rel_tol=1e-12) else Fraction(exponent)
    return _merge(_raised(a.powers, exact))


def factor(source: Unit, target: Unit) -> float:
    """What a magnitude in `source` is multiplied by to be in `target`, rounded to a float; of
    units with an offset, what differences are multiplied by. Errors as of `conversion`.

    Examples
    --------
    >>> factor(parse("year"), parse("day"))
    365.0
    """
    return float(_ratio(source, target))


@lru_cache(maxsize=4096)
def conversion(source: Unit, target: Unit) -> Conversion:
    """How a magnitude in `source` becomes one in `target`: by the exact ratio of the units, and
    the distance of their zeros.

    Raises
    ------
    UnitError
        If one cannot be converted into the other.

    Examples
    --------
    >>> conversion(parse("day"), parse("year"))
    Conversion(numerator=1.0, denominator=365.0, offset=0.0)
    >>> conversion(parse("degF"), parse("degC")).apply(212.0)
    100.0
    """
    ratio, zero = _ratio(source, target), zero_of(source) - zero_of(target)
    return Conversion.by(ratio, zero and zero / Fraction(_scale(target.powers)))


@lru_cache(maxsize=4096)
def _ratio(source: Unit, target: Unit) -> Ratio:
    if source == target:
        return _ONE
    if not compatible(source, target):
        kinds = dimension_of(source) == dimension_of(target)
        why = ": one is a temperature, the other a difference" if kinds else ""
        if source.is_plain:
            why = f"; multiply it by gm.constant(1, '{target}')"
        if {str(source), str(target)} <= CURRENCIES:
            why = f"; multiply it by a rate in {target}/{source}"
        raise UnitError(f"cannot convert {_shown(source)} to {_shown(target)}{why}")
    return _scale(source.powers + _raised(target.powers, -1))


@lru_cache(maxsize=4096)
def compatible(a: Unit, b: Unit) -> bool:
    """Whether magnitudes in one unit can be converted into the other."""
    if a == b:
        return True
    return dimension_of(a) == dimension_of(b) and not (
        (a.is_absolute and _is_difference(b)) or (b.is_absolute and _is_difference(a))
    )


def _is_difference(unit: Unit) -> bool:
    return any(name in ("delta_degC", "delta_degF") for name, _ in unit.powers)


def _check_no_zero(powers: Powers) -> None:
    for name, _ in powers:
        if meaning(name).zero:
            raise UnitError(
                f"{name} does not multiply or divide, as its zero is not absolute; write "
                f'.to("kelvin"), or {meaning(name).difference} for a difference'
            )


def _scale(powers: Powers) -> Ratio:
    """The size of a product in base units, exact for whole exponents."""
    size: Ratio = Fraction(1)
    try:
        for name, e in powers:
            scale = meaning(name).scale
            whole = isinstance(e, int) and abs(e) <= 64  # beyond that exactness costs too much
            size = size * (scale**e if whole else float(scale) ** float(e))
        result = float(size)
    except ArithmeticError:
        result = 0.0
    if result == 0.0 or not math.isfinite(result):
        raise UnitError(f"the factor of {Unit(powers)} is too large or too small for a number")
    return size


def _merge(powers: Powers) -> tuple[Unit, Ratio]:
    """Let like dimensions meet in the first of their units, and collect the factor.

    A unit that cancels by its name is gone before that: USD/day times day/month is USD/month, as
    on paper, though months could be counted in days.
    """
    _check_no_zero(powers)
    total: dict[str, Exponent] = {}
    for name, e in powers:
        total[name] = total.get(name, 0) + e
    kept: dict[str, Exponent] = {}
    converted: list[tuple[str, Exponent]] = []
    for name, e in total.items():
        if not e:
            continue
        dimension = meaning(name).dimension
        if not dimension:
            converted.append((name, e))
            continue
        like, sign = _like(dimension, kept) or (name, 1)
        if like != name:
            converted += [(name, e), (like, -sign * e)]
        kept[like] = kept.get(like, 0) + sign * e
    return ordered(kept), _scale(tuple(converted))


def _with_plain_number(unit: Unit) -> tuple[Unit, Ratio]:
    """The unit of a product with a plain number."""
    if unit.is_dimensionless:
        return _merge(unit.powers)
    _check_no_zero(unit.powers)
    return unit, _ONE


def _like(dimension: Powers, kept: Iterable[str]) -> tuple[str, int] | None:
    """The kept unit of the same dimension or its inverse (s for Hz), and which it is."""
    inverse = _raised(dimension, -1)
    for name in kept:
        other = meaning(name).dimension
        if other in (dimension, inverse):
            return name, 1 if other == dimension else -1
    return None


def _raised(powers: Powers, exponent: Exponent) -> Powers:
    return tidy({name: e * exponent for name, e in powers})


def _shown(unit: Unit) -> str:
    return str(unit) or "a plain number"


@partial(public, name="unit")
def define(name: str, equals: str | None = None) -> None:
    """Add a countable noun to the vocabulary, or a unit that equals so many of another.

    A noun is a dimension of its own: widgets do not add up with tokens. A noun that exists
    already stays as it is.

    Raises
    ------
    UnitError
        If the name is not an identifier, or already means something else.

    Examples
    --------
    >>> define("egg")
    >>> define("dozen_eggs", equals="12 egg")
    >>> factor(parse("dozen_eggs/week"), parse("eggs/week"))
    12.0
    """
    if equals is None:
        add(name)
        return
    match = _AMOUNT.fullmatch(str(equals))
    number = match[1] or "1" if match else ""
    if match is None or not 0 < float(number) < math.inf:
        raise UnitError(f"'{name}' must equal a positive amount such as '12 egg', not {equals!r}")
    unit = parse(match[2])
    _check_no_zero(unit.powers)
    scale = Fraction(number) * Fraction(_scale(unit.powers))  # exact but for a root
    add(name, Meaning(scale, dimension_of(unit)))
