"""What outputs depend on: Spearman's rank correlation with every uncertain input."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from guessmodel.estimators.estimate import Estimate
from guessmodel.estimators.over_replicates import of_ranks
from guessmodel.graph.categories import have_order
from guessmodel.graph.dims import Label
from guessmodel.graph.traversal import ancestors
from guessmodel.model.model import Model
from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.rounding_noise import only_rounding
from guessmodel.numerics.sorting import centred_ranks
from guessmodel.simulation import Result, Simulation

__all__ = ["Dependence", "dependence"]

_LEAST = 0.05  # a weaker correlation, 0.25% of the variance of the ranks, tells a reader nothing


class Dependence(NamedTuple):
    """A result at its labels, and the names of its inputs, each with its rank correlation."""

    output: str
    labels: dict[str, Label]
    inputs: list[tuple[str, Estimate]]


def dependence(model: Model, simulation: Simulation, results: Iterable[str]) -> list[Dependence]:
    """For each of the results, at each of its labels, the inputs in the order of their correlation.

    The correlation is that of all draws (of the preview, where they were not kept), if all are
    finite; its interval is that of `over_replicates`. Inputs below 0.05 are left out, labels
    that share all their inputs' labels with an output are matched with its own. None for outputs
    that do not vary.
    """
    ranks = _RankCache()
    names = {quantity: name for name, quantity in model.quantities.items()}
    found = []
    for output in results:
        quantity = model.quantities[output]
        if quantity.kind != "derived" or quantity.categories:
            continue
        behind = [q for q in ancestors([quantity]) if q in names and q.kind == "draw"]
        # Labels without an order have no ranks.
        draws = [names[q] for q in behind if not q.categories or have_order(q.categories)]
        for labels, title, of in _pieces(simulation[output]):
            if ranks.of(title, of) is None:
                continue
            pieces = (piece for name in draws for piece in _pieces(simulation[name]))
            inputs = [
                (shown, value)
                for theirs, shown, piece in pieces
                if all(labels.get(dim, label) == label for dim, label in theirs.items())
                and (value := ranks.correlation((title, of), (shown, piece))) is not None
            ]
            # On another CPU the last digits differ; the order must not.
            inputs.sort(key=lambda entry: -round(abs(entry[1].value), 6))
            found.append(Dependence(output, labels, inputs))
    return found


def _pieces(result: Result) -> Iterator[tuple[dict[str, Label], str, Result]]:
    if not result.dims:
        yield {}, result.name, result
        return
    for labels, piece in result.by_label.items():
        if piece.applicable:
            listed = labels if isinstance(labels, tuple) else (labels,)
            names = (dim.name for dim in result.dims)
            yield dict(zip(names, listed, strict=True)), piece.name, piece


class _RankCache:
    """Centred ranks of results, worked out once each; None of what is constant or not finite."""

    def __init__(self) -> None:
        self._known: dict[str, FloatArray | None] = {}

    def of(self, title: str, result: Result) -> FloatArray | None:
        """Ranks by replicate, shape (replicates, draws)."""
        if title not in self._known:
            draws = result.by_replicate
            usable = bool(np.isfinite(draws).all()) and not only_rounding(draws.min(), draws.max())
            self._known[title] = centred_ranks(draws) if usable else None
        return self._known[title]

    def correlation(self, one: tuple[str, Result], other: tuple[str, Result]) -> Estimate | None:
        """Rank correlation of two results; None where it is weak, or one of them has no ranks."""
        a, b = self.of(*one), self.of(*other)
        if a is None or b is None:
            return None
        # Most inputs hardly matter to an output: of these no error is worked out.
        ab, aa, bb = (float(np.einsum("ij,ij->", *pair)) for pair in ((a, b), (a, a), (b, b)))
        if abs(ab) < _LEAST * math.sqrt(aa * bb):
            return None
        return of_ranks(a, b)
