"""What the draws of a run tell of the inputs of an output at one label: first-order indices, rank
correlations, and why they may be wrong."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import final

import numpy as np

from guessmodel.analysis.drivers import Driver, Drivers
from guessmodel.analysis.exact_shares import ExactShares
from guessmodel.analysis.first_order import Share, first_order
from guessmodel.analysis.inputs import Input, Inputs
from guessmodel.analysis.met_variance import MetVariance
from guessmodel.analysis.statistic_of_draws import StatisticOfDraws, View
from guessmodel.analysis.total_effects import ESTIMATOR
from guessmodel.estimators.estimate import Estimate, refuses
from guessmodel.estimators.over_replicates import of_ranks
from guessmodel.graph.categories import have_order
from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.rounding_noise import only_rounding
from guessmodel.numerics.sorting import centred_ranks
from guessmodel.numerics.squarable import power_of
from guessmodel.simulation import Result, Simulation

__all__ = ["CorrelatedDraws", "Found", "doubted", "shares_of_draws"]


@final
@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What the draws of the run tell of the output at one label."""

    drivers: Drivers
    shares: Mapping[str, Share]
    """First-order indices by key; none where there is no variance to share."""
    view: View
    """What they are shares of."""
    sd: Estimate | None = None
    """Of these, where it is known by more than the draws."""
    exact: ExactShares | None = None
    """All shares, where no draws are needed for them."""


def shares_of_draws(
    piece: Result,
    y: FloatArray,
    behind: Sequence[Input],
    inputs: Inputs,
    statistic: StatisticOfDraws,
    drawn: CorrelatedDraws,
    exact: ExactShares | None,
) -> Found:
    """First-order indices and rank correlations of an output at one label; `exact` are its shares,
    where they are known."""
    view = statistic.parted(y)
    if (reason := _undriven(y, view, behind, known=exact is not None)) is not None:
        return Found(Drivers((), reason), {}, view)
    seen = view(y)
    doubt = _variance(piece) if statistic.of_variance else None
    indices: Sequence[Estimate]
    shares: Sequence[Share] = ()
    sd = None
    if exact is not None:
        doubt = doubt if refuses(doubt) else None
        indices = [exact.alone[frozenset((one.key,))] for one in behind]
    else:
        found = first_order(
            seen,
            [partial(inputs.classes, one) for one in behind],
            stratified=inputs.points.method != "random",
        )
        doubt, shares = doubt or found.unreliable, found.shares
        if statistic.of_variance and not refuses(doubt):
            sd = piece.sd().scaled(2.0 ** -power_of(y))
        met = MetVariance.of(seen, sd)
        doubt = doubt or met.doubt or (None if sd is None else sd.note)
        indices = found.indices
        if shares:
            indices = [met.of_whole(share.estimate) for share in shares]
    ranks = centred_ranks(y)
    drivers = [
        _driver(one, doubted(first, doubt), _rank(one, ranks, inputs, drawn), behind)
        for one, first in zip(behind, indices, strict=True)
    ]
    known = zip(behind, shares, strict=True) if shares and not refuses(doubt) else ()
    by_key = {one.key: share for one, share in known}
    exact = None if refuses(doubt) else exact
    return Found(Drivers(tuple(drivers), doubt), by_key, view, sd, exact)


def _driver(one: Input, first: Estimate, rank: Estimate, behind: Sequence[Input]) -> Driver:
    """What is told of one input: no index of its own where it is correlated with others."""
    others = [other.name for other in behind if other.key in one.tied and other is not one]
    if others:
        first = Estimate.refused(_correlated(others), first.estimator)
    return Driver(one.key, one.name, one.unit, one.ends, first, rank, labels=one.categories)


def _rank(one: Input, ranks: FloatArray, inputs: Inputs, drawn: CorrelatedDraws) -> Estimate:
    """The rank correlation of an input with the output, of which these are the ranks."""
    if one.categories and not have_order(one.categories):
        return Estimate.refused("its labels have no order", ESTIMATOR)
    x = drawn.of(one) if one.tied else inputs.variate(one)[1]
    if x is None:
        return Estimate.refused("is correlated and has no name", ESTIMATOR)
    return of_ranks(ranks, centred_ranks(x))


def _undriven(y: FloatArray, view: View, behind: Sequence[Input], *, known: bool) -> str | None:
    """Why nothing is said of what drives an output with these draws; None where there is something
    to say. Shares that are `known` need no draws that vary."""
    if not np.isfinite(y).all():
        share = 1.0 - float(np.isfinite(y).mean())
        return f"has draws that are not finite, {share:.2g} of all: no variance"
    if not behind:
        return "does not vary, so nothing drives it"
    if known:
        return None
    if only_rounding(float(y.min()), float(y.max())):  # it may vary less than once in a run
        return f"is the same in all {y.size:,} draws, so nothing tells what drives it"
    seen = view(y)
    if seen.min() == seen.max():
        always = "always" if seen.min() else "never"
        return f"is {always} so in {y.size:,} draws, so nothing tells what drives it"
    return None


@final
class CorrelatedDraws:
    """Draws of inputs that are correlated with others, which their own random numbers do not tell;
    those of each quantity are made once."""

    def __init__(self, simulation: Simulation, n: int, replicates: int) -> None:
        self.simulation = simulation
        self.n = n
        self.replicates = replicates
        self._known: dict[str, Result] = {}

    def of(self, one: Input) -> FloatArray | None:
        """(replicates, draws); None of what has no name."""
        model, run = self.simulation.model, self.simulation.run
        if one.title not in model.quantities:
            return None
        if one.title not in self._known:
            again = model.sample(
                self.n, seed=run.seed, method=run.method, quantities=[one.title], keep=True
            )
            self._known[one.title] = again[one.title]
        return self._known[one.title].sel(**one.labels).by_replicate[: self.replicates]


def _correlated(others: Sequence[str]) -> str:
    more = ", …" if len(others) > 3 else ""
    return f"correlated with {', '.join(others[:3])}{more}; see what they do together"


def _variance(piece: Result) -> str | None:
    """Why the output may have no variance, or its estimates no error, by its tails."""
    closed = piece.closed
    if closed is not None:
        return None if math.isfinite(closed.sd()) else "the variance is infinite"
    index = piece.tail_index
    if index.most <= 2.0:
        return "the variance is infinite"
    if index.least <= 2.0:
        return "unreliable: the variance may be infinite"
    return "unreliable: infinite fourth moment" if index.most <= 4.0 else None


def doubted(estimate: Estimate, doubt: str | None) -> Estimate:
    """An estimate with a reservation about the variance that it is a share of: refused where there
    is none."""
    if doubt is None or math.isnan(estimate.value):
        return estimate
    if refuses(doubt):
        return Estimate.refused(doubt, estimate.estimator)
    return replace(estimate, note=doubt)
