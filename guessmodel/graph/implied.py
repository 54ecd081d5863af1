"""What follows from conditions that are known to hold: other conditions, and numbers.

Conditions are taken apart (`a & b` holds: a holds and b does), and what is written alike is one and
the same: `demand > 5`, written twice, or of one label and of that label selected. What compares a
quantity with a number says between which numbers it lies, and so decides about other numbers too.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, final

import numpy as np

from guessmodel.graph.along_dims import Shift, Stack, Take
from guessmodel.graph.coordinates import Element, operands_of
from guessmodel.graph.elementwise import Convert, Elementwise
from guessmodel.graph.kinds import is_indicator
from guessmodel.graph.quantity import Constant
from guessmodel.graph.traversal import depth_first

__all__ = ["Implied"]

_SELECTIONS: Final = (Take, Stack, Shift)
_TURNED: Final = {  # a > b is b < a, and a >= b is not a < b; so it is known by what it denies
    np.greater: (True, False),
    np.greater_equal: (False, True),
    np.less_equal: (True, True),
    np.less: (False, False),
    np.not_equal: (False, True),
    np.equal: (False, False),
}
"""Of a comparison: whether its sides change places, and whether it is denied, in terms of `<` and
`==`."""


@final
@dataclass(slots=True)
class _Range:
    """Between which numbers a quantity lies; ends that are `open` are not among them."""

    low: float = -math.inf
    low_open: bool = False
    high: float = math.inf
    high_open: bool = False

    def above(self, number: float, *, opened: bool) -> None:
        if (number, opened) > (self.low, self.low_open):
            self.low, self.low_open = number, opened

    def below(self, number: float, *, opened: bool) -> None:
        if (-number, opened) > (-self.high, self.high_open):
            self.high, self.high_open = number, opened

    def is_at(self, number: float) -> None:
        self.above(number, opened=False)
        self.below(number, opened=False)

    def is_less(self, number: float) -> bool | None:
        """Whether all of it is less than a number, or none; None where it is not known."""
        if self.high < number or (self.high == number and self.high_open):
            return True
        return False if self.low >= number else None

    def is_more(self, number: float) -> bool | None:
        if self.low > number or (self.low == number and self.low_open):
            return True
        return False if self.high <= number else None


@final
@dataclass(frozen=True, eq=False)
class Implied:
    """What follows from conditions; each is asked at one coordinate."""

    _known: dict[Element, int] = field(default_factory=dict)
    _written: dict[tuple[object, ...], int] = field(default_factory=dict)
    _numbers: dict[int, float] = field(default_factory=dict)  # of constants
    _facts: dict[tuple[object, ...], bool] = field(default_factory=dict)
    _ranges: dict[int, _Range] = field(default_factory=dict)

    @staticmethod
    def by(conditions: Iterable[Element]) -> Implied:
        """What follows from these, which hold."""
        made = Implied()
        for condition in conditions:
            made._take(condition)
        return made

    def value(self, element: Element) -> float | None:
        """The number that a quantity is where the conditions hold, 1 or 0 of a condition; None
        where nothing follows."""
        truth = self._truth(element)
        if truth is not None:
            return float(truth)
        if not any(known.low == known.high for known in self._ranges.values()):
            return None
        of = self._ranges.get(self._at(element))
        return of.low if of is not None and of.low == of.high else None

    # --- what is written alike ------------------------------------------------------------------

    def _at(self, root: Element) -> int:
        """A number for each quantity, the same for all that are written alike."""
        for element in depth_first([root], self._parts):
            if element not in self._known:
                self._known[element] = self._number(element)
        return self._known[root]

    def _parts(self, element: Element) -> list[Element]:
        if element in self._known:
            return []
        through = isinstance(element.node.operation, Elementwise | Convert | Take | Stack | Shift)
        return list(operands_of(element)) if through else []

    def _number(self, element: Element) -> int:
        operation = element.node.operation
        parts = [self._known[part] for part in self._parts(element)]
        if isinstance(operation, _SELECTIONS) and parts:
            return parts[0]
        value = math.nan
        if isinstance(operation, Constant):
            value = float(operation.value[element.position])
        elif isinstance(operation, Convert) and parts[0] in self._numbers:
            value = float(operation.conversion.apply(self._numbers[parts[0]]))
        if not math.isnan(value):
            key: tuple[object, ...] = ("number", value)
        elif isinstance(operation, Elementwise | Convert):
            key = (operation, *parts)
        else:
            key = (element,)
        number = self._written.setdefault(key, len(self._written))
        if not math.isnan(value):
            self._numbers[number] = value
        return number

    # --- what holds -----------------------------------------------------------------------------

    def _take(self, condition: Element) -> None:
        waiting = [(condition, True)]
        while waiting:
            element, holds = waiting.pop()
            element = _selected(element)
            ufunc = _ufunc(element)
            if ufunc is np.logical_not:
                waiting += [(part, not holds) for part in operands_of(element)]
            elif ufunc is (np.logical_and if holds else np.logical_or):
                waiting += [(part, holds) for part in operands_of(element)]
            if holds and not is_indicator(element.node):
                continue  # a count, say, of which `&` asks no more than that it is not 0
            self._ranges.setdefault(self._at(element), _Range()).is_at(float(holds))
            key, denied = self._fact(element)
            self._facts[key] = holds != denied
            if key[0] in ("<", "=="):
                self._narrow(*key, holds=holds != denied)

    def _fact(self, element: Element) -> tuple[tuple[object, ...], bool]:
        """A condition as what says it or denies it, and whether it is denied."""
        ufunc = _ufunc(element)
        if ufunc not in _TURNED:
            return (self._at(element),), False
        turned, denied = _TURNED[ufunc]
        sides = [self._at(part) for part in operands_of(element)]
        equal = ufunc in (np.equal, np.not_equal)
        ordered = sorted(sides) if equal else sides[::-1] if turned else sides
        operation = element.node.operation
        assert isinstance(operation, Elementwise)
        # What a conversion rounded is compared less strictly, and is known by itself alone.
        sign = "==" if equal else "<"
        rounded = operation.converted is not None
        return ("rounded" + str(ufunc) if rounded else sign, *ordered), denied and not rounded

    def _narrow(self, sign: object, first: object, second: object, *, holds: bool) -> None:
        """What a comparison with a number says of the quantity that is compared."""
        assert isinstance(first, int) and isinstance(second, int)
        for side, other, below in ((first, second, True), (second, first, False)):
            number = self._numbers.get(other)
            if number is None:
                continue
            known = self._ranges.setdefault(side, _Range())
            if sign == "==":
                if holds:
                    known.is_at(number)
            elif below == holds:
                known.below(number, opened=holds)
            else:
                known.above(number, opened=holds)

    # --- what follows ---------------------------------------------------------------------------

    def _truth(self, root: Element) -> bool | None:
        found: dict[Element, bool | None] = {}

        def parts(element: Element) -> list[Element]:
            if isinstance(element.node.operation, _SELECTIONS) or _is_logic(element):
                return list(operands_of(element))
            return []

        for element in depth_first([root], parts):
            told = [found[part] for part in parts(element)]
            found[element] = self._decided(element, told)
        return found[root]

    def _decided(self, element: Element, told: list[bool | None]) -> bool | None:
        if isinstance(element.node.operation, _SELECTIONS):
            return told[0] if told else None
        key, denied = self._fact(element)
        known = self._facts.get(key)
        if known is None and told:
            known = _combined(_ufunc(element), told)
        elif known is None and key[0] in ("<", "=="):
            known = self._ranged(*key)
        return None if known is None else known != denied

    def _ranged(self, sign: object, first: object, second: object) -> bool | None:
        assert isinstance(first, int) and isinstance(second, int)
        for side, other, below in ((first, second, True), (second, first, False)):
            number, known = self._numbers.get(other), self._ranges.get(side)
            if number is None or known is None:
                continue
            less, more = known.is_less(number), known.is_more(number)
            if sign == "<":
                return less if below else more
            if less or more:
                return False
            return True if known.low == known.high == number else None
        return None


def _ufunc(element: Element) -> np.ufunc | None:
    operation = element.node.operation
    return operation.ufunc if isinstance(operation, Elementwise) else None


def _is_logic(element: Element) -> bool:
    return _ufunc(element) in (np.logical_and, np.logical_or, np.logical_not, np.logical_xor)


def _selected(element: Element) -> Element:
    """What a selection takes."""
    while isinstance(element.node.operation, _SELECTIONS):
        part = next(operands_of(element), None)
        if part is None:
            break
        element = part
    return element


def _combined(ufunc: np.ufunc | None, told: list[bool | None]) -> bool | None:
    if ufunc is np.logical_not:
        return None if told[0] is None else not told[0]
    if ufunc is np.logical_xor:
        return None if None in told else told[0] != told[1]
    decides = ufunc is np.logical_or  # one that is true decides `or`, one that is false `and`
    if decides in told:
        return decides
    return None if None in told else not decides
