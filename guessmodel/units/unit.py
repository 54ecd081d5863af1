"""What a unit is, and how units multiply.

The vocabulary is `units.txt`, and grows by `define`. Arithmetic on units is cached, so that wiring
a graph costs one look-up per operation.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache, partial
from typing import final

from guessmodel.errors import UnitError, public
from guessmodel.units.conversion import Conversion, Ratio
from guessmodel.units.currencies import CURRENCIES
from guessmodel.units.definitions import Exponent, Meaning, Powers, tidy
from guessmodel.units.grammar import read, written
from guessmodel.units.vocabulary import (
    add,
    check_known,
    find,
    has_own_words,
    meaning,
    unknown,
    word,
)

__all__ = [
    "DIMENSIONLESS",
    "Unit",
    "compatible",
    "conversion",
    "define",
    "difference",
    "divide",
    "factor",
    "multiply",
    "parse",
    "power",
]

_TIME = (("[time]", 1),)
_AMOUNT = re.compile(r"\s*((?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)?(.*)", re.DOTALL)


@final
@dataclass(frozen=True, slots=True, repr=False)
class Unit:
    """A product of powers of named units, such as USD/day.

    Built by `parse` and by unit arithmetic, which keep the pairs in one order: two units are
    equal if they are written with the same names. `compatible` is for units that convert.
    """

    powers: Powers = ()
    """Pairs of a unit's name and its exponent, never 0."""

    @property
    def is_plain(self) -> bool:
        """Whether there is no unit at all."""
        return not self.powers

    @property
    def is_dimensionless(self) -> bool:
        """Whether it is a plain number up to a factor, as percent and hour/day are."""
        return not self.powers or not _dimension(self)

    @property
    def is_countable(self) -> bool:
        """Whether it is a noun, such as person or GPU, of which there are whole numbers."""
        if len(self.powers) != 1 or self.powers[0][1] != 1:
            return False
        name = self.powers[0][0]
        return name not in CURRENCIES and _dimension(self) == ((f"[{name}]", 1),)

    @property
    def is_absolute(self) -> bool:
        """Whether its numbers are places on a scale with a zero of its own, as of degC."""
        return _zero(self) != 0

    def __str__(self) -> str:
        return written([(word(name), e) for name, e in self.powers])

    def __repr__(self) -> str:
        return f"Unit({str(self)!r})"


DIMENSIONLESS = Unit()
"""The unit of a plain number."""

_ONE = Fraction(1)


def parse(text: str | Unit | None) -> Unit:
    """The unit that a text means; None and "" are plain numbers.

    `*` and `/` are read from left to right, `per` is `/`, and units that stand next to each
    other belong together: "USD/million tokens" is a price per million tokens.

    Raises
    ------
    UnitError
        For a name that is no unit, and for text that is no product of powers.

    Examples
    --------
    >>> parse("tokens per node day")
    Unit('token/(node*day)')
    >>> parse("USD/day") == parse("$ / day")
    True
    """
    if text is None or (isinstance(text, str) and not text):
        return DIMENSIONLESS
    if isinstance(text, Unit):
        return text
    if not isinstance(text, str):
        raise UnitError(f"a unit is written as text such as 'USD/day', not {text!r}")
    # What is known by its text is so for models with the common words only.
    unit = _parse.__wrapped__(text) if has_own_words() else _parse(text)
    check_known(unit.powers)
    return unit


@lru_cache(maxsize=4096)
def difference(unit: Unit) -> Unit:
    """The unit of differences, and of standard deviations, of what is counted in a unit.

    Examples
    --------
    >>> difference(parse("degC")), difference(parse("USD"))
    (Unit('delta_degC'), Unit('USD'))
    """
    return Unit(((meaning(unit.powers[0][0]).difference, 1),)) if unit.is_absolute else unit


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
    add(name, Meaning(scale, _dimension(unit)))


@lru_cache(maxsize=4096)
def multiply(a: Unit, b: Unit) -> tuple[Unit, Ratio]:
    """The unit of a product, and the exact factor that the product of the magnitudes needs.

    Like dimensions merge and the first operand's unit stays; percent, million and the like
    become part of the factor, so that a plain number times a percent is a plain number.

    Examples
    --------
    >>> multiply(parse("USD/hour"), parse("day"))
    (Unit('USD'), Fraction(24, 1))
    >>> multiply(parse("tweet/day"), parse("percent"))
    (Unit('tweet/day'), Fraction(1, 100))
    """
    return (
        _beside(a) if not b.powers else _beside(b) if not a.powers else _merge(a.powers + b.powers)
    )


@lru_cache(maxsize=4096)
def divide(a: Unit, b: Unit) -> tuple[Unit, Ratio]:
    """The unit of a quotient, and the exact factor that the quotient of the magnitudes needs.

    Examples
    --------
    >>> divide(parse("USD/day"), parse("USD/hour"))
    (Unit(''), Fraction(1, 24))
    """
    return _merge(a.powers + _raised(b.powers, -1)) if b.powers else _beside(a)


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
    ratio, zero = _ratio(source, target), _zero(source) - _zero(target)
    return Conversion.by(ratio, zero and zero / Fraction(_scale(target.powers)))


@lru_cache(maxsize=4096)
def _ratio(source: Unit, target: Unit) -> Ratio:
    if source == target:
        return _ONE
    if not compatible(source, target):
        kinds = _dimension(source) == _dimension(target)
        why = ": one is a temperature, the other a difference" if kinds else ""
        raise UnitError(f"cannot convert {_shown(source)} to {_shown(target)}{why}")
    return _scale(source.powers + _raised(target.powers, -1))


@lru_cache(maxsize=4096)
def compatible(a: Unit, b: Unit) -> bool:
    """Whether magnitudes in one unit can be converted into the other."""
    if a == b:
        return True
    return _dimension(a) == _dimension(b) and not (
        (a.is_absolute and _is_difference(b)) or (b.is_absolute and _is_difference(a))
    )


@lru_cache(maxsize=4096)
def _dimension(unit: Unit) -> Powers:
    total: dict[str, Exponent] = {}
    for name, exponent in unit.powers:
        for base, e in meaning(name).dimension:
            total[base] = total.get(base, 0) + e * exponent
    return tidy(total)


@lru_cache(maxsize=4096)
def _zero(unit: Unit) -> Fraction:
    """Where the unit's scale begins, in base units."""
    alone = len(unit.powers) == 1 and unit.powers[0][1] == 1
    return meaning(unit.powers[0][0]).zero if alone else Fraction(0)


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
    """Let like dimensions meet in the first of their units, and collect the factor."""
    _check_no_zero(powers)
    kept: dict[str, Exponent] = {}
    converted: list[tuple[str, Exponent]] = []
    for name, e in powers:
        dimension = meaning(name).dimension
        if not dimension:
            converted.append((name, e))
            continue
        like, sign = _like(dimension, kept) or (name, 1)
        if like != name:
            converted += [(name, e), (like, -sign * e)]
        kept[like] = kept.get(like, 0) + sign * e
    return _ordered(kept), _scale(tuple(converted))


def _beside(unit: Unit) -> tuple[Unit, Ratio]:
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


def _ordered(powers: dict[str, Exponent]) -> Unit:
    """A unit in the order that reads well: multiples, then units by name, then time."""

    def rank(pair: tuple[str, Exponent]) -> tuple[int, str]:
        dimension = meaning(pair[0]).dimension
        return (0 if not dimension else 2 if dimension == _TIME else 1), pair[0]

    return Unit(tuple(sorted(tidy(powers), key=rank)))


def _raised(powers: Powers, exponent: Exponent) -> Powers:
    return tidy({name: e * exponent for name, e in powers})


def _shown(unit: Unit) -> str:
    return str(unit) or "a plain number"


@lru_cache(maxsize=4096)
def _parse(text: str) -> Unit:
    powers: dict[str, Exponent] = {}
    for name, e in read(text):
        known = find(name)
        if known is None:
            raise unknown(name)
        powers[known] = powers.get(known, 0) + e
    unit = _ordered(powers)
    zeros = [name for name in powers if meaning(name).zero]
    if zeros and not unit.is_absolute:
        apart = {
            meaning(name).difference if name in zeros else name: e for name, e in powers.items()
        }
        raise UnitError(
            f"{zeros[0]} does not multiply or divide, as its zero is not absolute; write "
            f"'{_ordered(apart)}', with differences"
        )
    return unit
