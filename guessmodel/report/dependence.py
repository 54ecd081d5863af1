"""What outputs depend on: Spearman's rank correlation with every uncertain input."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from guessmodel.dims import Label
from guessmodel.graph import ancestors
from guessmodel.model import Model
from guessmodel.operations import FloatArray
from guessmodel.quantity import Draw
from guessmodel.simulation import Result, Simulation
from guessmodel.statistics.confidence import student_t_quantile
from guessmodel.statistics.estimate import Estimate

__all__ = ["dependence"]

_LEAST = 0.05  # a weaker correlation, 0.25% of the variance of the ranks, tells a reader nothing


def dependence(
    model: Model, simulation: Simulation, results: Iterable[str]
) -> list[dict[str, Any]]:
    """For each of the results, at each of its labels, the inputs in the order of their correlation.

    The correlation is that of all draws (of the preview, where they were not kept), if all are
    finite; its interval is Student's t over the replicates. Inputs below 0.05 are left out, labels
    that share all their inputs' labels with an output are matched with its own. None for outputs
    that do not vary.
    """
    ranks = _Ranks()
    names = {quantity: name for name, quantity in model.quantities.items()}
    found = []
    for output in results:
        quantity = model.quantities[output]
        if quantity.kind != "derived" or quantity.categories:
            continue
        draws = [
            names[q] for q in ancestors([quantity]) if q in names and isinstance(q.operation, Draw)
        ]
        for labels, title, of in _pieces(simulation[output]):
            if ranks.of(title, of) is None:
                continue
            inputs: list[dict[str, Any]] = []
            for name in draws:
                for theirs, shown, piece in _pieces(simulation[name]):
                    if any(labels.get(dim, label) != label for dim, label in theirs.items()):
                        continue
                    value = ranks.correlation((title, of), (shown, piece))
                    if value is not None and abs(value.value) >= _LEAST:
                        inputs.append({"input": shown, "value": value})
            # On another CPU the last digits differ; the order must not.
            inputs.sort(key=lambda entry: -round(abs(entry["value"].value), 6))
            found.append({"output": output, "labels": labels, "inputs": inputs})
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


class _Ranks:
    """Centred ranks of results, worked out once each; None of what is constant or not finite."""

    def __init__(self) -> None:
        self._known: dict[str, FloatArray | None] = {}

    def of(self, title: str, result: Result) -> FloatArray | None:
        """Ranks by replicate, shape (replicates, draws)."""
        from scipy.stats import rankdata

        if title not in self._known:
            draws = result.by_replicate
            usable = bool(np.isfinite(draws).all()) and draws.min() < draws.max()
            ranks = rankdata(draws) - (draws.size + 1) / 2.0 if usable else None
            self._known[title] = None if ranks is None else ranks.reshape(draws.shape)
        return self._known[title]

    def correlation(self, one: tuple[str, Result], other: tuple[str, Result]) -> Estimate | None:
        """Rank correlation of two results; None where one of them has no ranks."""
        a, b = self.of(*one), self.of(*other)
        if a is None or b is None:
            return None
        value = float(np.sum(a * b) / math.sqrt(float(np.sum(a * a)) * float(np.sum(b * b))))
        each = np.sum(a * b, axis=1) / np.sqrt(np.sum(a * a, axis=1) * np.sum(b * b, axis=1))
        if len(each) < 2:
            return Estimate(value, -1.0, 1.0, "replicates")
        half = student_t_quantile(0.95, len(each) - 1) * float(each.std(ddof=1))
        half /= math.sqrt(len(each))
        return Estimate(value, max(value - half, -1.0), min(value + half, 1.0), "replicates")
