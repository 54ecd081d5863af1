"""Which input moved what: the drifted inputs that a drifted quantity depends on, worst first."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from guessmodel.claims.drift import Cause, Drift
from guessmodel.graph.traversal import ancestors
from guessmodel.model.model import Model

__all__ = ["explained"]


def explained(models: Sequence[Model], drifts: Iterable[Drift]) -> list[Drift]:
    """The same with the inputs that moved each: constants and draws, of any of the models, that
    have drifted themselves or are new. Models come in their order; of each the largest relative
    change comes first, and names and units before all numbers."""
    drifts = list(drifts)
    moved: dict[tuple[str, str], float | None] = {}
    for model in models:
        for drift in drifts:
            if drift.model != model.title or drift.verdict not in ("drifted", "new"):
                continue
            name = _name(model, drift.quantity)
            if name is not None and model.quantities[name].kind != "derived":
                key = model.title, name
                moved[key] = _larger(moved.get(key), drift.change)
    found: list[Drift] = []
    for model in models:
        own = [drift for drift in drifts if drift.model == model.title]
        with_inputs = [replace(d, causes=_causes(model, d, moved)) for d in own]
        found += sorted(with_inputs, key=_size, reverse=True)
    return found


def _larger(one: float | None, other: float | None) -> float | None:
    known = [share for share in (one, other) if share is not None]
    return max(known, key=abs, default=None)


def _size(drift: Drift) -> float:
    share = drift.change
    return math.inf if share is None else abs(share)


def _causes(
    model: Model, drift: Drift, moved: Mapping[tuple[str, str], float | None]
) -> tuple[Cause, ...]:
    name = _name(model, drift.quantity)
    if name is None or not moved:
        return ()
    behind = set(ancestors([model.quantities[name]]))
    found = []
    for other, entry in model.entries.items():
        if other == name or entry.quantity not in behind:
            continue
        # What is imported has drifted in the report of this model, or in that of its own.
        for key in ((model.title, other), (entry.stem, entry.name)):
            if key in moved:
                found.append(Cause(other, moved[key]))
                break
    return tuple(sorted(found, key=lambda cause: -abs(cause.change or 0.0)))


def _name(model: Model, title: str) -> str | None:
    """The quantity that a title with labels, as `cost[twitter]`, is of."""
    for name in (title, title.partition("[")[0]):
        if name in model.quantities:
            return name
    return None
