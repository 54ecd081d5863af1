"""Python's operators: arithmetic, comparisons and logic build quantities."""

from __future__ import annotations

import operator
from abc import abstractmethod
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np

if TYPE_CHECKING:
    from guessmodel.graph.quantity import Operand, Quantity

__all__ = ["COMPARISONS", "Operators"]

COMPARISONS: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}
"""Comparisons of quantities, or of arrays, by their signs."""


class Operators:
    """Abstract: each operator is NumPy's function of the same meaning, applied to quantities."""

    __slots__ = ()

    @staticmethod
    @abstractmethod
    def _operated(ufunc: np.ufunc, *operands: Any) -> Quantity:
        """The quantity that a function of NumPy's makes of its operands."""

    # --- arithmetic -----------------------------------------------------------------------------

    def __add__(self, other: Operand) -> Quantity:
        return self._operated(np.add, self, other)

    def __radd__(self, other: Operand) -> Quantity:
        return self._operated(np.add, other, self)

    def __sub__(self, other: Operand) -> Quantity:
        return self._operated(np.subtract, self, other)

    def __rsub__(self, other: Operand) -> Quantity:
        return self._operated(np.subtract, other, self)

    def __mul__(self, other: Operand) -> Quantity:
        return self._operated(np.multiply, self, other)

    def __rmul__(self, other: Operand) -> Quantity:
        return self._operated(np.multiply, other, self)

    def __truediv__(self, other: Operand) -> Quantity:
        return self._operated(np.divide, self, other)

    def __rtruediv__(self, other: Operand) -> Quantity:
        return self._operated(np.divide, other, self)

    def __floordiv__(self, other: Operand) -> Quantity:
        return self._operated(np.floor_divide, self, other)

    def __rfloordiv__(self, other: Operand) -> Quantity:
        return self._operated(np.floor_divide, other, self)

    def __mod__(self, other: Operand) -> Quantity:
        return self._operated(np.remainder, self, other)

    def __rmod__(self, other: Operand) -> Quantity:
        return self._operated(np.remainder, other, self)

    def __pow__(self, other: Operand) -> Quantity:
        return self._operated(np.power, self, other)

    def __rpow__(self, other: Operand) -> Quantity:
        return self._operated(np.power, other, self)

    def __neg__(self) -> Quantity:
        return self._operated(np.negative, self)

    def __pos__(self) -> Self:
        return self

    def __abs__(self) -> Quantity:
        return self._operated(np.absolute, self)

    # --- comparisons and logic build indicators ---------------------------------------------------

    def __lt__(self, other: Operand) -> Quantity:
        return self._operated(np.less, self, other)

    def __le__(self, other: Operand) -> Quantity:
        return self._operated(np.less_equal, self, other)

    def __gt__(self, other: Operand) -> Quantity:
        return self._operated(np.greater, self, other)

    def __ge__(self, other: Operand) -> Quantity:
        return self._operated(np.greater_equal, self, other)

    def __eq__(self, other: Operand | str) -> Quantity:  # type: ignore[override]
        return self._operated(np.equal, self, other)

    def __ne__(self, other: Operand | str) -> Quantity:  # type: ignore[override]
        return self._operated(np.not_equal, self, other)

    __hash__ = object.__hash__

    def __and__(self, other: Operand) -> Quantity:
        return self._operated(np.logical_and, self, other)

    __rand__ = __and__

    def __or__(self, other: Operand) -> Quantity:
        return self._operated(np.logical_or, self, other)

    __ror__ = __or__

    def __xor__(self, other: Operand) -> Quantity:
        return self._operated(np.logical_xor, self, other)

    __rxor__ = __xor__

    def __invert__(self) -> Quantity:
        return self._operated(np.logical_not, self)
