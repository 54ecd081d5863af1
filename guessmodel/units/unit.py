"""What a unit is, and which one a text means.

The vocabulary is `units.txt`, and grows by `define`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import final

from guessmodel.errors import UnitError
from guessmodel.units.currencies import CURRENCIES
from guessmodel.units.definitions import Exponent, Powers, tidy
from guessmodel.units.grammar import read, written
from guessmodel.units.vocabulary import (
    check_known,
    find,
    has_own_words,
    meaning,
    unknown,
    word,
)

__all__ = ["DIMENSIONLESS", "Unit", "difference", "dimension_of", "ordered", "parse", "zero_of"]

_TIME = (("[time]", 1),)


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
        return not self.powers or not dimension_of(self)

    @property
    def is_countable(self) -> bool:
        """Whether it is a noun, such as person or GPU, of which there are whole numbers."""
        if len(self.powers) != 1 or self.powers[0][1] != 1:
            return False
        name = self.powers[0][0]
        return name not in CURRENCIES and dimension_of(self) == ((f"[{name}]", 1),)

    @property
    def is_absolute(self) -> bool:
        """Whether its numbers are places on a scale with a zero of its own, as of degC."""
        return zero_of(self) != 0

    def __str__(self) -> str:
        return written([(word(name), e) for name, e in self.powers])

    def __repr__(self) -> str:
        return f"Unit({str(self)!r})"


DIMENSIONLESS = Unit()
"""The unit of a plain number."""


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


@lru_cache(maxsize=4096)
def dimension_of(unit: Unit) -> Powers:
    """The product of base units that it is a multiple of."""
    total: dict[str, Exponent] = {}
    for name, exponent in unit.powers:
        for base, e in meaning(name).dimension:
            total[base] = total.get(base, 0) + e * exponent
    return tidy(total)


@lru_cache(maxsize=4096)
def zero_of(unit: Unit) -> Fraction:
    """Where the unit's scale begins, in base units."""
    alone = len(unit.powers) == 1 and unit.powers[0][1] == 1
    return meaning(unit.powers[0][0]).zero if alone else Fraction(0)


def ordered(powers: dict[str, Exponent]) -> Unit:
    """A unit in the order that reads well: multiples, then units by name, then time."""

    def rank(pair: tuple[str, Exponent]) -> tuple[int, str]:
        dimension = meaning(pair[0]).dimension
        return (0 if not dimension else 2 if dimension == _TIME else 1), pair[0]

    return Unit(tuple(sorted(tidy(powers), key=rank)))


@lru_cache(maxsize=4096)
def _parse(text: str) -> Unit:
    powers: dict[str, Exponent] = {}
    for name, e in read(text):
        known = find(name)
        if known is None:
            raise unknown(name)
        powers[known] = powers.get(known, 0) + e
    unit = ordered(powers)
    zeros = [name for name in powers if meaning(name).zero]
    if zeros and not unit.is_absolute:
        apart = {
            meaning(name).difference if name in zeros else name: e for name, e in powers.items()
        }
        raise UnitError(
            f"{zeros[0]} does not multiply or divide, as its zero is not absolute; write "
            f"'{ordered(apart)}', with differences"
        )
    return unit
