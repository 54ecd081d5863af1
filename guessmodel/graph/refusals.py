"""What a quantity is not: a number, a truth value, a sequence, an array, something to pickle."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, NoReturn

from numpy.typing import NDArray

from guessmodel.attributes import Told
from guessmodel.errors import WrongKind, caller
from guessmodel.graph.dims import Dims, selection

__all__ = ["Unsampled"]


class Unsampled(Told):
    """Abstract: refuses what needs numbers before there are any, and names the replacement.

    Python would otherwise take `if q`, `max(a, b)` or `math.exp(q)` for what they are not.
    """

    __slots__ = ()

    @abstractmethod
    def describe(self) -> str:
        """What it is and where it was made, in a few words."""

    def __bool__(self) -> bool:
        self._refuse(
            "has no truth value before it is sampled; use gm.where(condition, a, b) for if, "
            "& | ~ for and/or/not, gm.maximum(a, b) for max, (1 < q) & (q < 2) for 1 < q < 2"
        )

    def __float__(self) -> float:
        self._refuse("is not a number; use gm.exp, gm.log … for math.*, simulation[q] for results")

    def __int__(self) -> int:
        self._refuse("is not a number; use gm.floor, gm.round … and simulation[q] for results")

    def __trunc__(self) -> int:
        self._refuse("is not a number; use gm.trunc … and simulation[q] for results")

    def __len__(self) -> int:
        self._refuse("has no length; len(q.dims[0]) is the number of labels along a dimension")

    @property
    @abstractmethod
    def dims(self) -> Dims:
        """Labelled dimensions."""

    def __getitem__(self, label: Any) -> NoReturn:
        if not self.dims:
            self._refuse("has no labels or positions; simulation[q].values has its draws")
        self._refuse(f"has labels, not positions; use q.{selection(self.dims)}")

    def __iter__(self) -> NoReturn:
        one = f"q.{selection(self.dims)} or q.sum({self.dims[0].name!r})" if self.dims else ""
        self._refuse(f"cannot be looped over; {f'use {one}' if one else 'it has no labels'}")

    def __array__(self, dtype: Any = None, copy: Any = None) -> NDArray[Any]:
        self._refuse('cannot stand in a NumPy array; use gm.stack({"a": a, "b": b}, dim="…")')

    def __divmod__(self, other: Any) -> NoReturn:
        self._refuse("has no divmod; write a // b and a % b")

    __rdivmod__ = __divmod__

    def __matmul__(self, other: Any) -> NoReturn:
        self._refuse("has no @; write (a * b).sum('dim')")

    __rmatmul__ = __matmul__

    def __index__(self) -> int:
        self._refuse("is no whole number of Python's; use gm.choose or q.sel(dim=label)")

    def __reduce__(self) -> NoReturn:
        self._refuse("cannot be pickled; pickle model.plan(), or share the model file")

    def _refuse(self, why: str) -> NoReturn:
        raise WrongKind(f"a quantity ({self.describe()}) {why}", caller())

    @property
    def variable(self) -> NoReturn:
        # xarray looks this up in `array * quantity`, before it would swallow the quantity as a bare
        # array. It returns NotImplemented for Datasets alone, and those are Mappings.
        self._refuse("stands right of a DataArray; write quantity * array, or np.multiply(…)")
