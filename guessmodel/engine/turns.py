"""Where a quantity may take another turn: a condition holds or does not, a `max` takes its other
operand, an absolute value changes its sign, a whole number becomes the next one.

Each is decided by numbers that do not jump there: by a difference, or by what is rounded. How far
these are from it (`engine.margins`) tells the way there; whether it happens does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Final, final

import numpy as np

from guessmodel.engine.conditions import Count, decides, is_counted, is_drawn, leaves
from guessmodel.graph.elementwise import Apply, Elementwise, Round
from guessmodel.graph.number_in import number_node
from guessmodel.graph.quantity import Constant, Quantity, Variate, wire
from guessmodel.graph.traversal import ancestors, depth_first

__all__ = [
    "CHOICES",
    "LEFT",
    "SIGNED",
    "Turn",
    "does",
    "is_whole",
    "rounding",
    "step",
    "turns_of",
    "two_sided",
]

CHOICES: Final = (np.maximum, np.minimum, np.fmax, np.fmin)
SIGNED: Final = (np.absolute, np.fabs)
_EXTREMES: Final = (*CHOICES, *SIGNED)
LEFT: Final[Mapping[np.ufunc, np.ufunc]] = {np.remainder: np.floor, np.fmod: np.trunc}
"""What leaves a rest, and how its quotient becomes a whole number."""
_WHOLE: Final[Mapping[np.ufunc, np.ufunc]] = {
    **{ufunc: ufunc for ufunc in (np.floor, np.ceil, np.rint, np.trunc, np.sign)},
    np.floor_divide: np.floor,
    **LEFT,
}
"""How a number, or the quotient of two, becomes a whole one, which jumps."""
_WAVES: Final = (np.sin, np.cos, np.tan)
_ABOVE: Final = (np.greater, np.greater_equal)
_BELOW: Final = (np.less, np.less_equal)
_FOLDING: Final = frozenset([*SIGNED, *LEFT, *_WAVES, np.equal, np.not_equal, np.square, np.hypot])
"""What takes numbers from both sides to one."""


@final
@dataclass(frozen=True, slots=True, eq=False)
class Turn:
    """A quantity that may take another turn."""

    node: Quantity

    @property
    def needed(self) -> list[Quantity]:
        """Whose draws tell of it."""
        found: dict[Quantity, None] = {}
        for leaf in leaves(self.node):
            found |= dict.fromkeys((leaf, *leaf.operands))
            for operand in filter(is_counted, leaf.operands if decides(leaf) else ()):
                found |= dict.fromkeys(operand.operands)
        return list(found)

    def otherwise(self) -> Quantity:
        """The quantity if it took its other turn, as far beyond as it is away from it now."""
        node = self.node
        if does(node, CHOICES) and Count.of(node) is None:
            one, other = node.operands
            if _is_random(one) and _is_random(other):  # the one that is not taken goes there
                return node + (node - one) + (node - other)
            fixed, moved = (other, one) if _is_random(one) else (one, other)
            assert isinstance(node.operation, Elementwise)
            return wire(node.operation, fixed, fixed + (fixed - moved))
        if does(node, (*SIGNED, np.sign)):
            return -node
        if does(node, LEFT):
            return node - node.operands[1]
        next_one = number_node(step(node), node.unit, node.location)
        return node + next_one if rounding(node) or is_whole(node) else next_one - node


def turns_of(roots: Iterable[Quantity]) -> list[Turn]:
    """All upstream that draws are behind (what is made of constants never turns); of conditions
    that are combined, the combination."""
    found: dict[Quantity, Turn] = {}
    random: set[Quantity] = set()
    combined: set[Quantity] = set()
    roots = list(roots)
    order = ancestors(roots)
    for node in order:
        if isinstance(node.operation, Variate) or not random.isdisjoint(node.operands):
            random.add(node)
        if node not in random or node.categories:
            continue
        if any(operand.categories for operand in node.operands):
            continue  # of a category's labels some are rare values, which are events of their own
        if (count := Count.of(node)) is not None:
            combined.update(node.operands, (part for part, _ in count.parts))
            if any(decides(leaf) or is_drawn(leaf) for leaf in leaves(node)):
                found[node] = Turn(node)
        elif (
            decides(node) or rounding(node) or does(node, _EXTREMES) or _is_uncertain(node, random)
        ):
            found[node] = Turn(node)
    chosen = set(roots)
    for node in depth_first(roots, _counted):  # not what is summed up to be counted alone
        if Count.of(node) is None:
            chosen.update(node.operands)
    return [turn for node, turn in found.items() if node not in combined or node in chosen]


def _counted(node: Quantity) -> Sequence[Quantity]:
    """What it counts, else its operands."""
    count = Count.of(node)
    return node.operands if count is None else [part for part, _ in count.parts]


def two_sided(turns: Iterable[Turn]) -> set[Quantity]:
    """What may be in a window of its draws, and not beyond an end alone."""
    found: set[Quantity] = set()
    for node in ancestors(turn.node for turn in turns):
        if _folds(node) or not found.isdisjoint(node.operands):
            found.add(node)
    return found


def _folds(node: Quantity) -> bool:
    operation, count = node.operation, Count.of(node)
    if count is not None:
        return count.folds
    if isinstance(operation, Apply):
        return True
    if not isinstance(operation, Elementwise):
        return False
    if operation.ufunc in (np.power, np.float_power):
        exponent = node.operands[1].operation
        return not isinstance(exponent, Constant) or bool(np.any(exponent.value % 2.0 == 0.0))
    return operation.ufunc in _FOLDING


def rounding(node: Quantity) -> np.ufunc | None:
    """How it is made whole; None where it is not."""
    operation = node.operation
    if isinstance(operation, Round):
        return operation.function
    return _WHOLE.get(operation.ufunc) if isinstance(operation, Elementwise) else None


def step(node: Quantity) -> float:
    """From one of its whole numbers to the next, in its unit."""
    return 10.0**-node.operation.digits if isinstance(node.operation, Round) else 1.0


def is_whole(node: Quantity) -> bool:
    """Whether it is a draw of whole numbers, and not of yes or no."""
    return is_counted(node) and not is_drawn(node)


def _is_uncertain(node: Quantity, random: Set[Quantity]) -> bool:
    """Whether it is a draw of whole numbers of unknown probabilities."""
    return is_counted(node) and not random.isdisjoint(node.parameters)


def _is_random(node: Quantity) -> bool:
    return any(isinstance(x.operation, Variate) for x in ancestors([node]))


def does(node: Quantity, ufuncs: Iterable[np.ufunc]) -> bool:
    """Whether it is made by one of some functions."""
    return isinstance(node.operation, Elementwise) and node.operation.ufunc in ufuncs
