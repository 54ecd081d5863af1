"""Categorical distribution: one of several labels, each with its probability."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Unpack, final

import numpy as np
from numpy.typing import ArrayLike

from guessmodel.distributions.checks import refuse_repeated, within
from guessmodel.distributions.draws import constant_value, draw_from
from guessmodel.distributions.options import TextOptions, constructor
from guessmodel.distributions.parametrisation import read
from guessmodel.errors import (
    DimensionError,
    GuessmodelError,
    Location,
    ModelError,
    UsageError,
    WrongKind,
    caller,
    located,
)
from guessmodel.graph import dims as dimensions
from guessmodel.graph.dims import Along, Dim, Label, Labels
from guessmodel.graph.domains import PROBABILITY, Domain
from guessmodel.graph.ends import Ends
from guessmodel.graph.family import Family
from guessmodel.graph.quantity import Quantity, Value
from guessmodel.graph.variates import UNIFORM
from guessmodel.numerics.arrays import FloatArray
from guessmodel.options import refuse_unknown
from guessmodel.units import DIMENSIONLESS

__all__ = ["Categorical", "categorical"]

_ROUNDING: Final = 1e-9  # by which probabilities may miss 1


@final
@dataclass(frozen=True)
class Categorical(Family):
    """The place of a label, counted from 0, by the probabilities of all of them."""

    labels: tuple[Label, ...]

    name = "categorical"
    discrete = True
    base = UNIFORM

    @property
    def parameters(self) -> dict[str, Domain]:  # type: ignore[override]
        """The probability of each label."""
        return {str(label): PROBABILITY for label in self.labels}

    def fit_together(self, *p: Any) -> Any:
        return np.abs(sum(np.asarray(each) for each in p) - 1.0) <= _ROUNDING

    def support(self, *p: Any) -> tuple[FloatArray, FloatArray]:
        shares, places = _stacked(p)
        some = shares > 0.0
        last = len(self.labels) - 1.0
        return np.where(some, places, last).min(axis=0), np.where(some, places, 0.0).max(axis=0)

    def ends(self, *p: float) -> Ends:
        return Ends()

    def mean(self, *p: Any) -> FloatArray:
        shares, places = _stacked(p)
        return np.asarray(np.sum(shares * places, axis=0))

    def variance(self, *p: Any) -> FloatArray:
        shares, places = _stacked(p)
        return np.asarray(np.sum(shares * (places - self.mean(*p)) ** 2, axis=0))

    def pdf(self, x: ArrayLike, *p: Any) -> FloatArray:
        """The probability of exactly this place."""
        return self._sum(np.equal, x, p)

    def cdf(self, x: ArrayLike, *p: Any) -> FloatArray:
        return self._sum(np.less_equal, x, p)

    def sf(self, x: ArrayLike, *p: Any) -> FloatArray:
        return self._sum(np.greater, x, p)

    def ppf(self, level: ArrayLike, *p: Any) -> FloatArray:
        shares, _ = _stacked(p, level)
        return self._first(np.less(np.cumsum(shares, axis=0), level), level, p)

    def isf(self, level: ArrayLike, *p: Any) -> FloatArray:
        shares, _ = _stacked(p, level)
        above = np.cumsum(shares[::-1], axis=0)[::-1]
        beyond = np.concatenate((above[1:], np.zeros_like(above[:1])))
        return self._first(np.greater(beyond, level), level, p)

    def transform(self, z: FloatArray, *p: Any, out: FloatArray | None = None) -> Any:
        level = z.copy() if out is z else z
        place = np.empty(np.broadcast_shapes(z.shape, *map(np.shape, p))) if out is None else out
        np.copyto(place, 0.0 * sum(np.asarray(each) for each in p))
        for end in np.cumsum(np.broadcast_arrays(*p), axis=0)[:-1]:
            np.add(place, level > end, out=place)
        return place

    def jumps(self, *p: float) -> Sequence[float]:
        ends = np.cumsum(p)[:-1]
        return tuple(dict.fromkeys(ends[(ends > 0.0) & (ends < 1.0)].tolist()))

    def _sum(self, compared: np.ufunc, x: ArrayLike, p: Sequence[Any]) -> FloatArray:
        """The probability of the places that compare so with x; 1 where no other has any."""
        shares, places = _stacked(p, x)
        there = compared(places, x)
        found = np.where(there, shares, 0.0 * shares).sum(axis=0)
        found = np.where(np.where(there, 0.0 * shares, shares).sum(axis=0) == 0.0, 1.0, found)
        return np.where(np.isnan(np.asarray(x, dtype=np.float64)), np.nan, found)

    def _first(self, before: Any, level: ArrayLike, p: Sequence[Any]) -> FloatArray:
        """The first place that is not `before`, within the support."""
        low, high = self.support(*p)
        place = np.clip(before.sum(axis=0).astype(np.float64), low, high)
        level = np.asarray(level, dtype=np.float64)
        known = (level >= 0.0) & (level <= 1.0) & self.valid(*p)
        return np.where(known, place, np.nan)


def _stacked(p: Sequence[Any], *others: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """The probabilities, stacked along a first axis, and their places."""
    shares = np.array(np.broadcast_arrays(*p, *others)[: len(p)], dtype=np.float64)
    return shares, np.arange(float(len(p))).reshape(-1, *(1,) * (shares.ndim - 1))


@constructor(TextOptions)
def categorical(
    p: Mapping[Any, Value] | Quantity,
    along: str | None = None,
    *,
    dim: str | Labels | None = None,
    shared: str | Sequence[str] = (),
    **options: Unpack[TextOptions],
) -> Quantity:
    """One of several labels, each with its probability: `categorical({"train": 0.7, "car": 0.3})`.

    Parameters
    ----------
    p : the probability of each label, numbers or quantities, which sum to 1; or a quantity along a
        dimension, such as `gm.dirichlet` gives, whose labels are drawn
    along : that dimension, where the quantity has others too: there is a draw at each of their
        labels

    Returns
    -------
    a category, as `idxmin` gives: `== "car"` is a condition, `gm.choose(…, by=…)` takes a quantity
    by it, and results show the probability of each label. Numeric labels in rising order are
    compared with numbers.

    Draws are lost in which uncertain probabilities do not sum to 1.

    Raises
    ------
    ModelError
        For probabilities outside [0, 1], and such as do not sum to 1.
    DimensionError
        For labels that are there twice, and where the dimension is not plain.

    >>> import guessmodel as gm
    >>> way = categorical({"train": 0.7, "car": 0.3})
    >>> hours = gm.choose({"train": gm.normal(3, 4), "car": gm.normal(2, 7)}, by=way)
    >>> print(way.sample().category_probability("train"))
    0.7
    """
    where = caller()
    try:
        refuse_unknown("categorical", options)
        place = dimensions.along(dim)
        labels, shares = _shares(p, along, place, where)
        written = p.values() if isinstance(p, Mapping) else shares
        refuse_repeated("categorical", place, zip(written, shares, strict=True))
        family = Categorical(labels)
        draw = draw_from(
            family,
            [share.to(DIMENSIONLESS) for share in shares],
            None,
            where,
            given={"p": p},
            along=place,
            shared=shared,
            **options,
        )
        return replace(draw, categories=labels)
    except GuessmodelError as error:
        raise located(error, where) from None


def _shares(
    p: Any, along: str | None, place: Along, where: Location
) -> tuple[tuple[Label, ...], list[Quantity]]:
    """The labels, and the probability of each."""
    if isinstance(p, Mapping):
        if along is not None:
            raise UsageError(
                f"categorical: along={along!r} names the dimension of a quantity, and the labels "
                "stand here already; leave it out"
            )
        if not p:
            raise ModelError(
                "categorical needs labels: gm.categorical({'north': 0.2, 'south': 0.8})"
            )
        labels = Dim("p", tuple(p)).labels
        shares = [read(each, place, where) for each in p.values()]
        _check(labels, [(constant_value(each.to(DIMENSIONLESS)), each.dims) for each in shares])
        return labels, shares
    whole = _with_labels(p, where)
    named = dimensions.describe(whole.dims) or "none"
    if along is None and len(whole.dims) != 1:
        raise DimensionError(
            f"categorical: the labels of which dimension? Its dimensions: {named}; write "
            "gm.categorical(p, 'way')"
        )
    name = whole.dims[0].name if along is None else along
    axis = dimensions.find(whole.dims, name)
    labels, others = (
        whole.dims[axis].labels,
        tuple(each for each in whole.dims if each.name != name),
    )
    known = constant_value(whole.to(DIMENSIONLESS))
    if known is not None:
        _check(labels, [(each, others) for each in np.moveaxis(known, axis, 0)])
    return labels, [whole.isel(**{name: k}) for k in range(len(labels))]


def _with_labels(p: Any, where: Location) -> Quantity:
    """A quantity, DataArray or Series, whose labels are drawn."""
    given = isinstance(p, Quantity) or hasattr(p, "ndim")
    found = read(p, dimensions.NOWHERE, where) if given else None
    if found is None or not found.dims:
        raise WrongKind(
            f"categorical takes probabilities by label, {{'north': 0.2, 'south': 0.8}}, not {p!r}"
        )
    return found


def _check(
    labels: Sequence[Label], shares: Iterable[tuple[FloatArray | None, tuple[Dim, ...]]]
) -> None:
    """Raise ModelError for known probabilities that are none together."""
    given = list(shares)
    for label, (value, _) in zip(labels, given, strict=True):
        if value is not None:
            within("categorical", PROBABILITY, **{f"p of {label!r}": value})
    known = [(value, dims) for value, dims in given if value is not None]
    if len(known) < len(given):
        return
    over = dimensions.union(dims for _, dims in known)
    total = sum(dimensions.broadcast(value, dims, over) for value, dims in known)
    wrong = np.extract(np.abs(total - 1.0) > _ROUNDING, total)
    if wrong.size:
        raise ModelError(
            f"categorical: the probabilities sum to {wrong[0]:.6g}, not 1; divide them by their "
            "sum, or write what is left to a label of its own"
        )
