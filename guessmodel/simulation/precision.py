"""How precise a run is: the largest relative error of what its table shows."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from guessmodel.estimators.estimate import FEW_HOLD_MUCH, NO_VARIANCE, Estimate, wants_draws
from guessmodel.simulation.simulation import Simulation

__all__ = ["worst_of"]


def worst_of(
    simulation: Simulation, before: Mapping[tuple[str, str], float]
) -> tuple[float, str, dict[tuple[str, str], float]]:
    """Largest relative error over the statistics shown, and all of them for the next round.

    The error of one round alone is itself uncertain, and stopping at the first small one would
    pick the lucky rounds; so each counts no less than 1/sqrt(2) of the round before.
    """
    errors: dict[tuple[str, str], float] = {}
    worst, where = 0.0, "nothing"
    for row in simulation.summary().rows:
        for kind, estimate in _shown(row.mean, row.p5, row.p50, row.p95):
            key = (row.title, kind)
            if math.isnan(estimate.value) and not wants_draws(estimate.note):
                return math.nan, f"{kind} of '{row.title}' ({estimate.note})", errors
            errors[key] = math.inf if math.isnan(estimate.value) else estimate.relative_error
            error = max(errors[key], before.get(key, math.inf) / math.sqrt(2.0))
            shown = f"{kind} of '{row.title}'"
            if kind == "mean" and FEW_HOLD_MUCH in (estimate.note or ""):
                error, shown = math.inf, f"{shown} ({estimate.note})"
            if error > worst and not estimate.is_exact:
                worst, where = error, shown
    return worst, where, errors


def _shown(*estimates: Estimate | None) -> Iterable[tuple[str, Estimate]]:
    """The statistics that more draws can make precise: a mean that does not exist, or whose
    variance is infinite, is none of them."""
    for kind, estimate in zip(("mean", "5%", "50%", "95%"), estimates, strict=True):
        if estimate is None:
            continue
        hopeless = math.isnan(estimate.value) or NO_VARIANCE in (estimate.note or "")
        if kind != "mean" or not hopeless:
            yield kind, estimate
