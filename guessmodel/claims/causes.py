"""Which input moved what: the drifted inputs that a drifted quantity depends on, worst first."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

from guessmodel.claims.drift import Drift
from guessmodel.graph.traversal import ancestors
from guessmodel.model.model import Model

__all__ = ["explained"]


def explained(models: Sequence[Model], drifts: Iterable[Drift]) -> list[Drift]:
    """The same with the inputs that moved each: constants and draws, of any of the models, that
    have drifted themselves or are new. Models come in their order; of each the largest relative
    change comes first, and names and units before all numbers."""
    drifts = list(drifts)
    moved = {
        (model.title, name)
        for model in models
        for drift in drifts
        if drift.model == model.title
        and drift.verdict in ("drifted", "new")
        and (name := _name(model, drift.quantity)) is not None
        and model.quantities[name].kind != "derived"
    }
    found: list[Drift] = []
    for model in models:
        own = [drift for drift in drifts if drift.model == model.title]
        with_inputs = [replace(d, inputs=_inputs(model, d, moved)) for d in own]
        found += sorted(with_inputs, key=_size, reverse=True)
    return found


def _size(drift: Drift) -> float:
    share = drift.change
    return math.inf if share is None else abs(share)


def _inputs(model: Model, drift: Drift, moved: set[tuple[str, str]]) -> tuple[str, ...]:
    name = _name(model, drift.quantity)
    if name is None or not moved:
        return ()
    behind = set(ancestors([model.quantities[name]]))
    found = []
    for other, entry in model.entries.items():
        origin = (model.title, other) if entry.own else (entry.stem, entry.name)
        if other != name and entry.quantity in behind and origin in moved:
            found.append(other)
    return tuple(found)


def _name(model: Model, title: str) -> str | None:
    """The quantity that a title with labels, as `cost[twitter]`, is of."""
    for name in (title, title.partition("[")[0]):
        if name in model.quantities:
            return name
    return None
