"""Estimates by integrating a draw out of an output."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, final

import numpy as np

from guessmodel.estimators.conditional.budget import FULL
from guessmodel.estimators.conditional.cdf import ConditionalCdf, is_far_out
from guessmodel.estimators.conditional.choose import Choice, Integrations, choose
from guessmodel.estimators.conditional.integration import Integration
from guessmodel.estimators.estimate import Estimate
from guessmodel.estimators.estimator import Candidate, Estimator
from guessmodel.graph.coordinates import Element
from guessmodel.numerics.confidence import NORMAL_95

if TYPE_CHECKING:
    from guessmodel.estimators.program import Program

__all__ = ["Conditional", "conditional"]

_HELD = 1 << 24  # numbers of a net that are held
_LEAST_BEYOND = 4  # draws of the run, with fewer than which a quantile is not told
_LEAST_SHARE = 1 / 3  # of the error of independent draws; counting on nets seldom has less


@final
@dataclass(frozen=True, slots=True, eq=False)
class Conditional(Estimator):
    """Statistics of a quantity at a coordinate by conditional Monte Carlo. CDFs are computed when a
    statistic first needs them."""

    integrations: Integrations
    method: str
    seed: int
    replicates: int
    size: int  # draws of a replicate of the run
    most: int  # draws that a net may have, see `budget`
    built: dict[Integration, ConditionalCdf | None] = field(default_factory=dict)
    # Headlines, sentences and sections ask again for what the table has.
    answers: dict[tuple[float, str, Estimate | None], Candidate | None] = field(
        default_factory=dict
    )

    @property
    def n(self) -> int:
        """Draws of the run."""
        return self.replicates * self.size

    def net_size(self, integration: Integration) -> int:
        """Draws in each replicate of a net. The error of a conditional CDF falls faster than that
        of counting, so that the net of a large run may have fewer draws."""
        wanted = self.size
        if self.method != "random" and not integration.many:
            wanted = min(wanted, max(FULL, math.isqrt(FULL * self.size)))
        held = _HELD // max(len(integration.conditioning.names), 1)
        # Each path costs as much as the one that `most` is reckoned for.
        afforded = max(self.most // len(integration.paths), self.replicates * min(self.size, FULL))
        most = min(wanted, min(self.most, afforded, held) // self.replicates)
        return most if most == self.size else 1 << max(most, 1).bit_length() - 1

    def least_share(self) -> float:
        """The least error of counting on the run, as a share of that of independent draws. A net of
        d inputs has a draw in each of N boxes; the boundary of an event cuts N^(1 - 1/d) of them,
        and only these leave an error."""
        d = self.integrations.inputs
        if self.method == "nets" or d == 1:
            return min(_LEAST_SHARE, math.pow(self.size, -0.5 / d))
        return _LEAST_SHARE

    def cdf(self, choice: Choice) -> ConditionalCdf | None:
        """The CDF around a level; None where there is none, or where counting is better."""
        # The error of independent draws falls by the variance alone.
        p, integration = choice.level, choice.integration
        size = self.net_size(integration)
        if self.method == "random" and choice.left * self.size > p * (1.0 - p) * size:
            return None
        if integration not in self.built:
            self.built[integration] = integration.cdf(
                self.method, self.replicates * size, self.seed
            )
        return self.built[integration]

    def quantile(self, p: float, unit: str, counted: Estimate | None = None) -> Candidate | None:
        """Quantile at p. The search starts from an order statistic of the guide, or of the run
        where that is `counted`. None where it fails."""
        question = p, unit, counted
        if question not in self.answers:
            self.answers[question] = self._searched(*question)
        return self.answers[question]

    def _searched(self, p: float, unit: str, counted: Estimate | None) -> Candidate | None:
        if self.n * min(p, 1.0 - p) < _LEAST_BEYOND:
            return None
        choice = self.integrations.at(p, self.size)
        cdf = self.cdf(choice)
        if cdf is None or cdf.compares:
            return None
        if counted is not None:
            found = cdf.quantile(p, counted.value, counted.error, unit)
            return None if found is None else Candidate(found, False)
        guide = choice.guide
        size = guide.size
        reach = NORMAL_95 * math.sqrt(size * p * (1.0 - p))
        low, high = size * p - reach, size * p + reach
        if not size or low < 0.0 or high > size:
            return None
        below, start, above = np.interp((low, size * p, high), np.arange(size), guide).tolist()
        width = (above - below) / 2.0
        found = cdf.quantile(p, start, width, unit)
        if found is None:
            return None
        # The error of n independent draws, by the guide's density.
        independent = width * math.sqrt(size / self.n)
        return Candidate(found, found.error <= self.least_share() * independent)

    def probability(self) -> Candidate | None:
        """Probability of a comparison; None where its error cannot be told."""
        cdf = self.cdf(self.integrations.middle)
        if cdf is None or not cdf.compares:
            return None
        found = cdf.probability()
        if found is None:
            return None
        if is_far_out(found.value, self.size):
            far = self.cdf(self.integrations.at(found.value, self.size))
            found = (far and far.probability()) or found
        independent = NORMAL_95 * math.sqrt(found.value * (1.0 - found.value) / self.n)
        return Candidate(found, found.error <= self.least_share() * independent)


def conditional(
    program: Program,
    element: Element,
    method: str,
    seed: int,
    replicates: int,
    size: int,
    most: int,
) -> Conditional | None:
    """The conditional estimator of a quantity at a coordinate, for a run of `replicates` times
    `size` draws, by nets of `most` draws at most; None where no draw can be integrated out. The
    draw is chosen once for a model."""
    if element not in program.integrations:
        program.integrations[element] = choose(program, element)
    integrations = program.integrations[element]
    if integrations is None:
        return None
    return Conditional(integrations, method, seed, replicates, size, most)
