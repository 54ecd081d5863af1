"""What words for units mean: definitions as text, in pint's format, resolved into base units.

pint itself reads `units.txt` in the tests, and must find the same. Importing it takes longer than
a whole run of a small model, of which it would do no more than what stands here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TypeAlias, final

__all__ = ["Exponent", "Meaning", "Powers", "UnitDefinitions", "tidy"]

Exponent: TypeAlias = int | Fraction
Powers: TypeAlias = tuple[tuple[str, Exponent], ...]

_FACTOR = re.compile(r"([*/]?)\s*([^\s*/]+)(?:\s*\*\*\s*([0-9]+))?")
_OFFSET = "; offset:"


@final
@dataclass(frozen=True, slots=True)
class Meaning:
    """A unit in base units: its size, and the exponents of the base dimensions.

    `zero` is where the unit's scale begins, as 273.15 kelvin for degC; `difference` is the unit
    of differences on that scale.
    """

    scale: Fraction
    dimension: Powers = ()
    zero: Fraction = Fraction(0)
    difference: str = ""


@final
class UnitDefinitions:
    """Units by name, and the words that each has: its name, aliases and plurals."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}  # word -> name
        self._meanings: dict[str, str | Meaning] = {}  # as text until it is asked for

    @classmethod
    def of_file(cls, file: Path) -> UnitDefinitions:
        """The units that a file defines, one a line: `name = amount = _ = alias = alias`."""
        found = cls()
        for line in file.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                name, amount, *others = (part.strip() for part in line.split("="))
                found.add(name, amount, *(word for word in others if word != "_"))
        return found

    def add(self, name: str, meaning: str | Meaning, *others: str) -> None:
        """Add a unit under its name and other words, none of which is there yet. The text of a
        meaning is a product: `[name]` is a new dimension, and other units may be defined later."""
        for word in (name, *others):
            self.names[word] = name
        self._meanings[name] = meaning
        if isinstance(meaning, str) and _OFFSET in meaning:
            words = [f"{sign}{word}" for word in (name, *others) for sign in ("delta_", "Δ")]
            self.add(words[0], meaning.partition(_OFFSET)[0], *words[1:])

    def meaning(self, name: str) -> Meaning:
        """What the unit of a name means in base units; KeyError if there is none."""
        found = self._meanings[name]
        if isinstance(found, str):
            text, _, offset = found.partition(_OFFSET)
            size = self._product(text)
            zero = self._product(offset).scale if offset else Fraction(0)
            found = Meaning(size.scale, size.dimension, zero, f"delta_{name}" if zero else "")
            self._meanings[name] = found
        return found

    def _product(self, text: str) -> Meaning:
        scale = Fraction(1)
        dimension: dict[str, Exponent] = {}
        for sign, word, exponent in _FACTOR.findall(text):
            e = (-1 if sign == "/" else 1) * int(exponent or 1)
            factor = self._factor(word)
            scale *= factor.scale**e
            for base, power in factor.dimension:
                dimension[base] = dimension.get(base, 0) + power * e
        return Meaning(scale, tidy(dimension))

    def _factor(self, word: str) -> Meaning:
        if word[0].isdigit():
            return Meaning(Fraction(word))
        if word[0] == "[":
            return Meaning(Fraction(1), ((word, 1),))
        return self.meaning(self.names[word])


def tidy(powers: dict[str, Exponent]) -> Powers:
    """Pairs in alphabetical order, without zeros, whole exponents as int."""
    pairs = sorted(powers.items())
    return tuple((name, int(e) if e.denominator == 1 else e) for name, e in pairs if e != 0)
