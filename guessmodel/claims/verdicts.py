"""Whether a computed statistic agrees with a published figure: holds, falls short, undecided.

A statistic is compared with the range of accepted results by its sampling interval: inside it
holds, outside it falls short, across an edge it is undecided.

Where a quantity has atoms (whole nodes, a cap that binds) a quantile jumps between them, and a
figure is tested on the distribution function instead: some accepted x has F(x-) <= p <= F(x),
so F just below the accepted range is at most p, and F at its upper end at least p, with the
relative tolerance for the probability min(p, 1 - p) beyond the quantile.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, final

import numpy as np

from guessmodel.claims.claim import Claim, Statement
from guessmodel.claims.published import INFERRED, Accepted
from guessmodel.errors import GuessmodelError, relocated
from guessmodel.estimators import replicates as estimators
from guessmodel.estimators import stratified
from guessmodel.estimators.closed_form import Closed
from guessmodel.estimators.estimate import Estimate
from guessmodel.estimators.half_widths import half_width
from guessmodel.estimators.over_replicates import over_replicates
from guessmodel.numerics.arrays import FloatArray
from guessmodel.simulation import Result, Simulation
from guessmodel.simulation.statistics import statistic as named
from guessmodel.units import divide

__all__ = ["Finding", "Verdict", "judge"]

Verdict = Literal["holds", "falls short", "undecided"]

_ATOM = 1e-3  # share of equal draws that makes a quantile jump
_ULPS = 8  # rounding may move a value by so many units in the last place
_DIVISION_BY_NOUGHT = "unreliable: the denominator's mean may be 0"


@final
@dataclass(frozen=True, slots=True)
class Finding:
    """What one figure of a claim came to.

    Attributes
    ----------
    estimate : the statistic, in the unit of the quantity
    verdict : whether it agrees
    tests : the numbers that were compared with a range; the statistic itself, or two gaps
        between the distribution function and p
    reason : why it is undecided
    """

    estimate: Estimate
    verdict: Verdict
    tests: tuple[Estimate, ...]
    reason: str | None = None


@final
@dataclass(frozen=True, slots=True)
class _Test:
    """A number and the range in which it must lie."""

    number: Estimate
    low: float
    high: float

    @property
    def verdict(self) -> Verdict:
        if self.low <= self.number.low and self.number.high <= self.high:
            return "holds"
        if self.number.high < self.low or self.number.low > self.high:
            return "falls short"
        return "undecided"


def judge(
    claim: Claim,
    statement: Statement,
    names: Sequence[str],
    simulation: Simulation,
    before: Finding | None = None,
) -> Finding:
    """Compare one figure of a claim with a simulation.

    Parameters
    ----------
    names : of the claim's subjects in the simulation
    before : the finding of a run with half the draws, if there was one. A run that happens to
        look precise would decide too early; so no error counts less than 1/sqrt(2) of the one
        before.

    Raises GuessmodelError, at the claim's line, for a statistic that the quantity does not have.
    """
    accepted = claim.accepted(statement)
    results = [
        simulation[name].sel(**claim.labels_of(subject))
        for name, subject in zip(names, claim.subjects, strict=True)
    ]
    try:
        estimate = _statistic(statement, results, simulation)
    except GuessmodelError as error:
        raise relocated(error, claim.location) from None
    if not estimate.reliable:
        return Finding(estimate, "undecided", (estimate,), estimate.note)
    tests = _gaps(statement, results[0], estimate, accepted)
    tests = tests or [_Test(estimate, accepted.low, accepted.high)]
    if before is not None and len(before.tests) == len(tests):
        tests = [
            replace(test, number=_no_narrower(test.number, old))
            for test, old in zip(tests, before.tests, strict=True)
        ]
    numbers = tuple(test.number for test in tests)
    found = {test.verdict for test in tests}
    if "falls short" in found:
        return Finding(estimate, "falls short", numbers)
    if "undecided" in found:
        reason = "the sampling error reaches across the edge of the tolerance"
        return Finding(estimate, "undecided", numbers, reason)
    return Finding(estimate, "holds", numbers)


def _no_narrower(now: Estimate, before: Estimate) -> Estimate:
    low = min(now.low, now.value - (before.value - before.low) / math.sqrt(2.0))
    high = max(now.high, now.value + (before.high - before.value) / math.sqrt(2.0))
    return replace(now, low=low, high=high)


# --- statistics ---------------------------------------------------------------------------------


def _statistic(statement: Statement, results: Sequence[Result], simulation: Simulation) -> Estimate:
    result = results[0]
    match statement.kind:
        case "mean":
            return result.mean()
        case "sd":
            return result.sd()
        case "probability":
            return result.probability()
        case "statistic":
            return named(statement.name)(result)
        case "guesstimate_interval":
            interval = result.guesstimate_interval()
            return interval.low if statement.end == "low" else interval.high
        case "ratio_of_means":
            return _ratio_of_means(*results)
        case "correlation":
            return simulation.correlation(*results)
        case "rank_correlation":
            return simulation.rank_correlation(*results)
        case "covariance":
            return simulation.covariance(*results)
        case _:
            assert statement.p is not None
            return result.quantile(statement.p)


def _ratio_of_means(above: Result, below: Result) -> Estimate:
    """mean(above) / mean(below), both over the same draws.

    Errors that both share cancel, see `over_replicates`.
    """
    unit, factor = divide(above.quantity.unit, below.quantity.unit)
    means = above.mean(), below.mean()
    for part in means:
        if math.isnan(part.value):
            return Estimate.refused(part.note or "no mean", part.estimator, str(unit))
    if means[1].value == 0.0:
        return Estimate.refused(_DIVISION_BY_NOUGHT, "replicates", str(unit))
    draws = [
        part.value if part.is_exact else result.by_replicate
        for part, result in zip(means, (above, below), strict=True)
    ]
    values = [part.value for part in means]
    ratio = over_replicates(lambda a, b: factor * a / b, *draws, means=values, unit=str(unit))
    if stratified.ESTIMATOR in (part.estimator for part in means):
        # The draws hold too few rare events for a joint error: the errors of both means are used.
        half = abs(ratio.value) * math.hypot(*(part.relative_error for part in means))
        low, high = ratio.value - half, ratio.value + half
        ratio = replace(ratio, low=low, high=high, estimator=stratified.ESTIMATOR)
    note = next((part.note for part in (*means, ratio) if part.note is not None), None)
    if means[1].low <= 0.0 <= means[1].high:
        note = _DIVISION_BY_NOUGHT
    return replace(ratio, note=note)


# --- quantiles that jump ------------------------------------------------------------------------


def _gaps(
    statement: Statement, result: Result, estimate: Estimate, accepted: Accepted
) -> list[_Test]:
    """The tests on the distribution function; none where the quantile does not jump."""
    if statement.kind not in ("median", "interval", "quantile", "guesstimate_interval"):
        return []
    if not _jumps(result, estimate.value):
        return []
    if statement.p is not None:
        target = np.array([statement.p])
    else:
        rows = result.by_replicate
        split = np.mean(rows < np.mean(rows, axis=1, keepdims=True), axis=1)
        target = 0.1 * split if statement.end == "low" else split + 0.9 * (1.0 - split)
    level = float(target.mean())
    share = INFERRED if accepted.relative is None else min(accepted.relative, INFERRED)
    slack = share * min(level, 1.0 - level)
    closed = result.closed
    tests = []
    if math.isfinite(accepted.high):
        if closed is not None and statement.p is not None:
            above = Estimate.exact(_cdf_around(closed, accepted.high)[1] - statement.p)
        else:
            above = _gap(result.by_replicate <= accepted.high, target)
        tests.append(_Test(above, -slack, math.inf))
    if math.isfinite(accepted.low):
        if closed is not None and statement.p is not None:
            below = Estimate.exact(_cdf_around(closed, accepted.low)[0] - statement.p)
        else:
            below = _gap(result.by_replicate < accepted.low, target)
        tests.append(_Test(below, -math.inf, slack))
    return tests


def _jumps(result: Result, quantile: float) -> bool:
    closed = result.closed
    if closed is not None:
        below, at = _cdf_around(closed, quantile)
        return closed.family is not None and (closed.discrete or at - below >= _ATOM)
    draws = result.preview
    return int(np.count_nonzero(draws == quantile)) >= _ATOM * draws.size


def _cdf_around(closed: Closed, x: float) -> tuple[float, float]:
    """The distribution function just below x and at x, whatever the last digits of x."""
    step = _ULPS * math.ulp(max(abs(x), abs(closed.shift)))
    return closed.cdf(x - step), closed.cdf(x + step)


def _gap(hits: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], target: FloatArray) -> Estimate:
    """Share of hits less the target, by Student's t over the replicates."""
    shares = np.mean(hits, axis=1) - target
    count, size = hits.shape
    half = half_width(shares, np.ones(count))
    half = max(half, estimators.share_floor(count, size))
    centre = float(shares.mean())
    return Estimate(centre, centre - half, centre + half, "replicates")
