"""Methods that go along labelled dimensions, which are named, never positional."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final, Self, SupportsIndex, TypeGuard

import numpy as np

from guessmodel.errors import DimensionError, UsageError, WrongKind, caller, public
from guessmodel.graph import dims as dimensions
from guessmodel.graph.along_dims import Accumulate, Extreme, Reduce, Shift, Take
from guessmodel.graph.dims import Dims, Label
from guessmodel.graph.operation import Operation
from guessmodel.graph.statistics_along import StatisticAlong
from guessmodel.graph.values import instead_of_percent, is_number, is_whole

if TYPE_CHECKING:
    from guessmodel.graph.quantity import Quantity

__all__ = ["Labelled"]

_OVER_DRAWS: Final = ("median", "quantile", "sd")  # statistics of results, too


@public
class Labelled:
    """Abstract: reductions, running totals, selections and shifts by the name of a dimension."""

    __slots__ = ()

    @property
    @abstractmethod
    def dims(self) -> Dims:
        """Labelled dimensions, in order of first appearance."""

    @abstractmethod
    def _operated(self, ufunc: np.ufunc, *operands: Any) -> Quantity:
        """The quantity that a function of NumPy's makes of its operands."""

    @abstractmethod
    def _wired(self, operation: Operation, categories: tuple[Label, ...] = ()) -> Self:
        """What an operation makes of this quantity, and the labels that its values count."""

    def sum(self, dim: str | Sequence[str] | None = None) -> Self:
        """Sum over one dimension or several."""
        return self._reduce("sum", dim)

    def mean(self, dim: str | Sequence[str] | None = None) -> Self:
        """Mean over labels. The mean over draws is a statistic: `simulation[q].mean()`."""
        return self._reduce("mean", dim)

    def min(self, dim: str | Sequence[str] | None = None) -> Self:
        """Smallest value over labels, draw by draw."""
        return self._reduce("min", dim)

    def max(self, dim: str | Sequence[str] | None = None) -> Self:
        """Largest value over labels, draw by draw."""
        return self._reduce("max", dim)

    def prod(self, dim: str | Sequence[str] | None = None) -> Self:
        """Product over one dimension or several; needs a quantity without unit."""
        return self._reduce("prod", dim)

    def median(self, dim: str | None = None) -> Self:
        """Median over labels, draw by draw. That over draws is `simulation[q].median()`."""
        return self._statistic_along("median", dim, 0.5)

    def quantile(self, p: float, dim: str | None = None) -> Self:
        """Quantile at p over labels, draw by draw, interpolated linearly between them: 5% of a
        population's individuals lie below `height.quantile(0.05, "individual")`.

        Raises UsageError or WrongKind for a p that is no share between 0 and 1 (both included).
        """
        if not is_number(p):
            raise WrongKind(f"a quantile is at a probability such as 0.9, not at {p!r}", caller())
        if not 0.0 <= p <= 1.0:
            told = f"a quantile is at a probability from 0 to 1, not {p:g}{instead_of_percent(p)}"
            raise UsageError(told, caller())
        return self._statistic_along("quantile", dim, float(p))

    def sd(self, dim: str | None = None) -> Self:
        """Standard deviation over labels, draw by draw: the root of the mean squared deviation, for
        the labels are all there are. That over draws is `simulation[q].sd()`."""
        return self._statistic_along("sd", dim, None)

    def cumsum(self, dim: str | None = None) -> Self:
        """Running sum along a dimension."""
        return self._wired(Accumulate("cumsum", self._along("cumsum", dim)))

    def cumprod(self, dim: str | None = None) -> Self:
        """Running product along a dimension; needs a quantity without unit."""
        return self._wired(Accumulate("cumprod", self._along("cumprod", dim)))

    def idxmin(self, dim: str | None = None) -> Self:
        """Label of the smallest value: a number, or a category to compare with `== "label"`."""
        return self._extreme("idxmin", dim)

    def idxmax(self, dim: str | None = None) -> Self:
        """Label of the largest value: a number, or a category to compare with `== "label"`."""
        return self._extreme("idxmax", dim)

    def sel(self, **labels: Label | Sequence[Label]) -> Self:
        """Select by label: one label drops the dimension, a list of labels keeps it."""
        where = caller()
        result = self
        wanted: Any
        for name, wanted in labels.items():
            try:
                dim = result.dims[dimensions.find(result.dims, name)]
                chosen: int | tuple[int, ...] = (
                    tuple(dim.index(label) for label in wanted)
                    if _is_list(wanted)
                    else dim.index(wanted)
                )
            except DimensionError as error:
                raise DimensionError(error.message, where) from None
            result = result._wired(Take(name, chosen))
        return result

    def isel(self, **positions: int | Sequence[int]) -> Self:
        """Select by position, counted from 0 (negative from the end)."""
        where = caller()
        result = self
        for name, wanted in positions.items():
            try:
                count = len(result.dims[dimensions.find(result.dims, name)])
            except DimensionError as error:
                raise DimensionError(error.message, where) from None
            listed: list[Any] = list(wanted) if _is_list(wanted) else [wanted]
            if not all(isinstance(i, SupportsIndex) and -count <= int(i) < count for i in listed):
                raise DimensionError(f"{name}={wanted} is outside 0 to {count - 1}", where)
            chosen = tuple(int(i) % count for i in listed)
            result = result._wired(Take(name, chosen if _is_list(wanted) else chosen[0]))
        return result

    def shift(self, fill: float = float("nan"), **steps: int) -> Self:
        """Move values along a dimension: `q.shift(year=1)` is last year's; empty labels are
        not applicable unless `fill` is given."""
        if not steps:
            raise WrongKind("shift needs a dimension: q.shift(year=1)", caller())
        result = self
        for name, by in steps.items():
            if not is_whole(by):
                raise WrongKind(f"shift moves by a whole number of labels, not {by!r}", caller())
            result = result._wired(Shift(name, int(by), fill))
        return result

    def diff(self, dim: str | None = None) -> Quantity:
        """Change from one label to the next: x[2] - x[1] at the second; the first label, which has
        none before it, is not applicable. Temperatures change by differences.

        >>> import guessmodel as gm
        >>> stock = gm.constant({"may": 5, "june": 8, "july": 6}, dim="month")
        >>> print(stock.diff("month").sum("month").sample(8).mean())
        1
        """
        return self._against_previous("diff", dim, np.subtract)

    def growth(self, dim: str | None = None) -> Quantity:
        """Relative change from one label to the next, a plain number: x[2] / x[1] - 1 at the
        second; the first label is not applicable."""
        return self._against_previous("growth", dim, np.divide) - 1.0

    def first_where(self, condition: Quantity, dim: str, never: float | None = None) -> Quantity:
        """The first label at which a condition holds and this quantity is applicable, or "never".

        Parameters
        ----------
        condition : an indicator along the dimension, as `cash < 0`
        never : a number above all labels, which must be numbers in rising order: the answer is
            then a number, and `never` that in draws in which the condition never holds

        Returns
        -------
        a category: results show the probability of each label and of "never", and `== 3` or
        `== "never"` are conditions. With `never=` a number.

        Raises DimensionError where the condition has no such dimension, UsageError for a `never`
        that is not above all labels.

        >>> import guessmodel as gm
        >>> cash = gm.normal(1, 9, dim={"month": range(1, 4)}).cumsum("month")
        >>> first = cash.first_where(cash > 12, "month")
        >>> (first == "never").sample().probability().value < 0.3
        True
        """
        from guessmodel.graph.first_where import first_where

        return first_where(self, condition, dim, never)

    def _against_previous(self, kind: str, dim: str | None, ufunc: np.ufunc) -> Quantity:
        return self._operated(ufunc, self, self.shift(**{self._along(kind, dim): 1}))

    def _reduce(self, kind: str, dim: str | Sequence[str] | None) -> Self:
        if dim is None:
            named = [each.name for each in self.dims]
            several = f" or {kind}({named!r})" if len(named) > 1 else ""
            wanted = f"write {kind}({named[0]!r}){several}" if named else "this one has none"
            draws = "; the mean over draws is simulation[quantity].mean()" if kind == "mean" else ""
            raise WrongKind(f".{kind}() goes over labels of a dimension; {wanted}{draws}", caller())
        result = self
        for name in dimensions.names(dim, caller()):
            result = result._wired(Reduce(kind, name))
        return result

    def _statistic_along(self, kind: str, dim: str | None, p: float | None) -> Self:
        return self._wired(StatisticAlong(self._along(kind, dim), p))

    def _extreme(self, kind: str, dim: str | None) -> Self:
        name = self._along(kind, dim)
        labels = next((known.labels for known in self.dims if known.name == name), ())
        numeric = all(isinstance(label, int | float) for label in labels)
        return self._wired(Extreme(kind, name), () if numeric else labels)

    def _along(self, kind: str, dim: str | None) -> str:
        """The dimension that something goes along; WrongKind where none was named."""
        if isinstance(dim, str):
            return dim
        own = self.dims[0].name if self.dims else None
        if dim is not None:
            wrong = f", such as {own or 'year'!r}, not {dim!r}"
        elif own is None:
            wrong = ", and this quantity has none"
        else:
            p = "0.95, " if kind == "quantile" else ""
            wrong = f"; write .{kind}({p}{own!r})"
        draws = f"; over draws it is simulation[quantity].{kind}()" if kind in _OVER_DRAWS else ""
        raise WrongKind(f"{kind} goes along one dimension{wrong}{draws}", caller())


def _is_list(wanted: Any) -> TypeGuard[Iterable[Any]]:
    single = isinstance(wanted, str) or (isinstance(wanted, np.ndarray) and wanted.ndim == 0)
    return isinstance(wanted, Iterable) and not single
