"""How likely the bound of a `min` or `max` (its other operand) is beyond a threshold, where no draw
of the run has it there.

Where the bound has a closed form that tells. Else the draws that it is made of are integrated out
of it as they are out of an output: the mean of smooth shares tells of 1e-9, a count does not.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import final

import numpy as np

from guessmodel.estimators.closed_form import Closed, ClosedForms
from guessmodel.estimators.conditional.paths import Path, find_paths
from guessmodel.estimators.conditional.shares import DrawBlock, Values
from guessmodel.estimators.conditional.tail_widening import count_factors
from guessmodel.graph.coordinates import Element, operands_of
from guessmodel.graph.elementwise import Elementwise
from guessmodel.graph.quantity import Quantity
from guessmodel.graph.traversal import variates
from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.confidence import NORMAL_95

__all__ = ["Bound", "DrawnBound", "bounds_of"]

_MOST = 4  # draws that are integrated out of a bound
_ENOUGH = 1 << 12  # draws that tell
_DECIDES = 0.1  # share of the probability in a single draw, from which on more may be missing


@final
@dataclass(frozen=True, slots=True, eq=False)
class Bound:
    """A bound with a closed form, or with paths to draws that are integrated out of it."""

    closed: Closed | None
    paths: tuple[Path, ...] = ()

    @property
    def given(self) -> Iterable[Element]:
        """What the paths are given, and their draws."""
        for path in self.paths:
            yield from path.given
            yield path.draw


def bounds_of(path: Path, forms: ClosedForms) -> tuple[Bound | None, ...]:
    """For each operation on a path, but for a comparison, the bound of a `min` or `max`; None where
    nothing is known of it, as it shares all its draws with what it is compared with, say."""
    found: list[Bound | None] = []
    before: list[Quantity] = []  # what the threshold is made of
    for applied in path.operations:
        operation = applied.operation
        others = [x for k, x in enumerate(applied.operands) if k != applied.inner]
        bound = None
        if isinstance(operation, Elementwise) and operation.ufunc in (np.minimum, np.maximum):
            (other,) = others
            bound = _bound(other, variates(before), forms)
        if not (isinstance(operation, Elementwise) and operation.compares):
            found.append(bound)
        before.extend(x.node for x in others)
    return tuple(found)


def _bound(element: Element, compared: set[Quantity], forms: ClosedForms) -> Bound | None:
    closed = forms.at(element.node, element.position)
    if closed is not None and not variates([element.node]) & compared:
        return Bound(closed)
    paths = find_paths(element.node, element.position, itself=True)
    free = [
        path
        for path in paths
        if path.family.has_density and next(operands_of(path.draw)).node not in compared
    ]
    return Bound(None, tuple(free[:_MOST])) if free else None


@final
@dataclass(frozen=True, slots=True, eq=False)
class DrawnBound:
    """A bound, and draws of what it is given: `replicates` times `size`."""

    bound: Bound
    values: Values
    replicates: int
    size: int
    built: dict[tuple[int, bool], DrawBlock | None] = field(default_factory=dict)  # by first column

    def beyond(
        self, thresholds: Sequence[tuple[slice, FloatArray]], *, below: bool
    ) -> float | None:
        """An upper limit of the probability that the bound is at most a threshold, or above it,
        from the thresholds in some columns of the draws; None where the draws do not tell.

        It is at least twice the probability. So much is missing, no more and no less, but for the
        height of the jump: an end of an interval just there would hold the truth or not by rounding
        alone."""
        closed = self.bound.closed
        if closed is not None:
            x = np.concatenate([np.atleast_1d(x).ravel() for _, x in thresholds])
            return 2.0 * _probability(closed, x, below=below)
        shares: list[FloatArray] = []
        for columns, x in thresholds:
            if sum(share.size for share in shares) >= _ENOUGH:
                break
            share = self._shares(columns, x, below=below)
            if share is None:
                return None
            shares.append(share.ravel())
        found = np.concatenate(shares)
        mean, heaviest = float(found.mean()), float(found.max())
        few = found.size > 1 and heaviest > _DECIDES * float(found.sum())
        if mean == 0.0 or few:
            return None
        half = NORMAL_95 * float(found.std()) / math.sqrt(found.size)
        return max(2.0 * mean, mean + count_factors(found, mean, half)[1] * half)

    def _shares(self, columns: slice, x: FloatArray, *, below: bool) -> FloatArray | None:
        place = columns.start or 0, below
        if place not in self.built:
            self.built[place] = self._block(columns, below=below)
        block = self.built[place]
        if block is None:
            return None
        share = block.shares(x)
        share = share if below else 1.0 - share
        # Elsewhere it is decided by now.
        return np.where(np.isfinite(x), share, 0.0) if np.all(np.isfinite(share)) else None

    def _block(self, columns: slice, *, below: bool) -> DrawBlock | None:
        def part(element: Element) -> FloatArray:
            draws = self.values(element)
            if draws.size == 1:
                return draws
            return draws.reshape(self.replicates, self.size)[:, columns]

        return DrawBlock.create(self.bound.paths, part, columns, upper=not below)


def _probability(bound: Closed, x: FloatArray, *, below: bool) -> float:
    """The mean probability that a bound is at most x, or above it."""
    if bound.family is None:
        return float(np.mean((bound.shift <= x) == below))
    z = (x - bound.shift) / bound.scale
    lower = below == (bound.scale > 0.0)
    return float(np.mean((bound.family.cdf if lower else bound.family.sf)(z, *bound.parameters)))
