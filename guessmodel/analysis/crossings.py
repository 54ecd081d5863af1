"""Where a statistic, as a function of one input's value, crosses a target.

All values are seen on common draws, so that the statistic moves as smoothly with the input as it
does in truth, and a root finder can be trusted. The error of a crossing is told by inverting the
interval of the statistic: those values of the input belong to it at which the target lies within
the statistic's interval. It therefore holds the true crossing as often as that interval holds the
true statistic (Casella and Berger, Statistical Inference, 9.2.1).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final, final

from guessmodel.analysis.statistic import Asked, HowDrawn
from guessmodel.errors import GuessmodelError
from guessmodel.estimators.estimate import Estimate
from guessmodel.graph.dims import Label
from guessmodel.graph.quantity import Quantity

__all__ = ["Crossing", "Curve", "crossings", "nearest"]

_NARROW: Final = 1e-12  # of the bracket: how far roots are found
_NOTHING: Final = 1e-4  # of the statistic's error: so far off the target is on it
_WIDER: Final = 1.5
_CLOSE: Final = 0.03  # of the half-width of an interval: how far its ends are found
_ASIDE: Final = 0.25  # of that, from where an end is expected
_STEPS: Final = 60
_JUMP: Final = 1e-6  # of what lies between the ends of a bracket


@final
@dataclass(frozen=True, slots=True)
class Crossing:
    """A value of the input, and the statistic there."""

    value: Estimate
    reached: Estimate


@final
@dataclass(eq=False, slots=True)
class Curve:
    """A statistic at values of one input, less the target. What was seen is kept."""

    asked: Asked
    labels: Mapping[str, Label]
    key: str  # what the input is told by
    by: Quantity
    target: float
    how: HowDrawn
    seen: dict[float, Estimate] = field(default_factory=dict)
    refused: GuessmodelError | None = None  # why there is none at the value tried last in vain

    def at(self, x: float) -> Estimate:
        """The statistic at a value; refused where the model does not allow it."""
        if x not in self.seen:
            try:
                model = self.asked.model.with_({self.key: float(x)})
                found = self.asked.of(model, self.labels, **self.how)
            except GuessmodelError as error:
                self.refused = error
                found = Estimate.refused(error.message, "none")
            self.seen[x] = found
        return self.seen[x]

    def __call__(self, x: float) -> float:
        return self.at(float(x)).value - self.target

    def inside(self, x: float) -> float:
        """How far the target lies within the interval of the statistic there, below 0 where it is
        beyond; NaN where the statistic is refused."""
        there = self.at(x)
        return min(there.high - self.target, self.target - there.low)


def crossings(curve: Curve, xs: Sequence[float]) -> list[Crossing]:
    """All crossings that values in ascending order show: one between two neighbours on different
    sides of the target, and those of a dip between three. None is told where the statistic is
    refused between them."""
    xs = sorted(set(xs))
    roots: list[float] = []
    steps: list[float] = []
    for a, b in pairwise(sorted({*xs, *_dips(curve, xs)})):
        fa, fb = curve(a), curve(b)
        if fa == 0.0:
            roots.append(a)
            steps.append(b - a)
        elif fa * fb < 0.0 and (root := _root(curve, a, b)) is not None:
            roots.append(root)
            steps.append(b - a)
    if xs and curve(xs[-1]) == 0.0:
        roots.append(xs[-1])
        steps.append(xs[-1] - xs[0] or 1.0)
    return [
        _crossing(curve, root, step, (xs[0], xs[-1]))
        for root, step in zip(roots, steps, strict=True)
    ]


def nearest(curve: Curve) -> Crossing | None:
    """Where the statistic came nearest to the target; None where there was none at all."""
    known = [x for x, e in curve.seen.items() if math.isfinite(e.value)]
    if not known:
        return None
    best = min(known, key=lambda x: abs(curve(x)))
    return Crossing(_exactly(curve, best), curve.at(best))


def _dips(curve: Curve, xs: Sequence[float]) -> list[float]:
    """Where values that lie on one side come nearest to the target, between the neighbours of the
    nearest of them; it may be beyond."""
    from scipy.optimize import minimize_scalar

    values = [curve(x) for x in xs]
    known = [k for k, value in enumerate(values) if math.isfinite(value)]
    signs = {math.copysign(1.0, values[k]) for k in known}
    if len(signs) != 1 or len(known) < 3 or not all(values[k] for k in known):
        return []
    sign = signs.pop()
    best = min(known, key=lambda k: abs(values[k]))
    if best - 1 not in known or best + 1 not in known:
        return []
    ends = xs[best - 1], xs[best + 1]
    found = minimize_scalar(
        lambda x: sign * curve(x),
        bounds=ends,
        method="bounded",
        options={"xatol": 1e-4 * (ends[1] - ends[0]), "maxiter": 25},
    )
    return [float(found.x)]


def _root(curve: Curve, a: float, b: float) -> float | None:
    """The value between two others at which the statistic is on target; None where it is refused on
    the way, for then nothing tells on which side it is."""
    from scipy.optimize import brentq

    def height(x: float) -> float:
        found = curve(x)
        if math.isnan(found):
            raise ArithmeticError
        return 0.0 if abs(found) < _NOTHING * curve.at(x).error else found

    width = _NARROW * max(abs(a), abs(b), b - a)
    try:
        return float(brentq(height, a, b, xtol=width, rtol=1e-12, maxiter=200))
    except ArithmeticError:
        return None


def _crossing(curve: Curve, root: float, step: float, ends: tuple[float, float]) -> Crossing:
    """A root with its error, and what the statistic is there."""
    reached = curve.at(root)
    value = _exactly(curve, root)
    small = 1e-3 * step
    below, above = curve(root - small), curve(root + small)
    if not math.isfinite(below):
        below = curve(root)
    if not math.isfinite(above):
        above = curve(root)
    missed = abs(curve(root))
    if missed > _JUMP * abs(above - below) and missed > reached.error and missed > 0.0:
        jumps = "the statistic jumps over the target there"
        return Crossing(_with(value, root, root, jumps), reached)
    if not reached.error > 0.0:
        return Crossing(value, reached)
    slope = abs(above - below) / (2.0 * small)
    guess = 1.02 * reached.error / slope if slope > 0.0 else step
    low, open_low = _end(curve, root, -guess, ends[0])
    high, open_high = _end(curve, root, guess, ends[1])
    note = "its error reaches beyond what was searched" if open_low or open_high else None
    return Crossing(_with(value, low, high, note), reached)


def _end(curve: Curve, root: float, step: float, limit: float) -> tuple[float, bool]:
    """The end of the values at which the target is within the statistic's interval, from the root
    in the direction of a step, and whether the limit came first."""
    inside, outside = 0.0, step
    room = limit - root
    for _ in range(_STEPS):
        if abs(outside) >= abs(room):
            if curve.inside(limit) >= 0.0:
                return limit, True
            outside = room
        if not curve.inside(root + outside) >= 0.0:
            break
        inside, outside = outside, _WIDER * outside
    for turn in range(_STEPS):
        near = _CLOSE * abs(outside)
        if abs(outside - inside) <= near or root + inside == root + outside:
            break
        probe = 0.5 * (inside + outside)
        if turn < 2:
            # Where a straight line puts the end, first a little to one side of it, then to the
            # other: mostly the end then lies between two of the values.
            share = _share(curve.inside(root + inside), curve.inside(root + outside))
            aside = math.copysign(_ASIDE * near, outside) * (1.0 if turn else -1.0)
            there = inside + share * (outside - inside) + aside
            if min(inside, outside) < there < max(inside, outside):
                probe = there
        if curve.inside(root + probe) >= 0.0:
            inside = probe
        else:
            outside = probe
    return root + outside, False


def _share(above: float, below: float) -> float:
    """Where a straight line from one number to another is 0, as a share of the way; half of it
    where either is unknown."""
    share = above / (above - below) if above > below else math.nan
    return share if math.isfinite(share) else 0.5


def _exactly(curve: Curve, x: float) -> Estimate:
    unit, reached = str(curve.by.unit), curve.at(x)
    return Estimate(x, x, x, reached.estimator, unit, reached.note, curve.by.format)


def _with(value: Estimate, low: float, high: float, note: str | None) -> Estimate:
    notes = [each for each in (value.note, note) if each is not None]
    return replace(value, low=min(low, high), high=max(low, high), note="; ".join(notes) or None)
