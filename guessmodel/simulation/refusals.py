"""What a result is not: a number, a list, an array."""

from __future__ import annotations

from typing import Any, NoReturn, Self

from guessmodel.errors import WrongKind, caller, public
from guessmodel.graph.dims import Dims, selection
from guessmodel.graph.values import NoOperand
from guessmodel.words import attribute_instead

__all__ = ["NotAnArray"]


@public
class NotAnArray(NoOperand):
    """Abstract: refuses what needs positions or an array, and names what there is."""

    name: str
    dims: Dims

    def no_operand(self) -> str:
        """What arithmetic with it is answered."""
        return (
            f"'{self.name}' is the result of a run: work on the quantities, "
            "(revenue - cost).sample(), or on draws, result.values"
        )

    def __getitem__(self, label: Any) -> NoReturn:
        if not self.dims:
            self._refuse("has no labels or positions; .values has its draws, .mean() its mean")
        self._refuse(f"has labels, not positions; write result.{selection(self.dims)}")

    def __iter__(self) -> NoReturn:
        if not self.dims:
            self._refuse("cannot be looped over; .values has its draws")
        self._refuse("cannot be looped over; write for label, one in result.by_label.items()")

    def __len__(self) -> NoReturn:
        self._refuse("has no length; result.values.shape is that of its draws")

    def __bool__(self) -> bool:
        return True

    def __array__(self, dtype: Any = None, copy: Any = None) -> NoReturn:
        self._refuse("is no array; write result.values for its draws")

    def __array_function__(self, function: Any, *_: Any) -> NoReturn:
        name = function.__name__
        instead = attribute_instead("Result", name) or "result.values for its draws"
        self._refuse(f"is no array, so that np.{name} does not work on it; write {instead}")

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: Any) -> Self:
        return self

    def __reduce__(self) -> NoReturn:
        self._refuse("cannot be pickled; pickle result.values, or simulation.to_pandas()")

    def _refuse(self, why: str) -> NoReturn:
        raise WrongKind(f"'{self.name}', the result of a run, {why}", caller())
