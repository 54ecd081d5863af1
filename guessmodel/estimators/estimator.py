"""Estimators: ways to compute the statistics of a quantity at one coordinate.

A result asks the cheapest estimator first: the closed form, which needs no draws; then conditional
Monte Carlo, which needs fewer than the run; then the draws of the run, or counts of them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import final

from guessmodel.estimators.estimate import Estimate, Interval

__all__ = ["Candidate", "Estimator"]


@final
@dataclass(frozen=True, slots=True)
class Candidate:
    """An estimate, and whether it is `settled`: an estimator that costs more could hardly do
    better, and need not be asked."""

    estimate: Estimate
    settled: bool = True


class Estimator(ABC):
    """Abstract: has quantiles, and those of the other statistics that it overrides."""

    __slots__ = ()

    def mean(self, unit: str) -> Candidate | None:
        """Mean; None where this estimator cannot tell."""
        return None

    def sd(self, unit: str) -> Candidate | None:
        """Standard deviation; None where it cannot tell."""
        return None

    @abstractmethod
    def quantile(self, p: float, unit: str) -> Candidate | None:
        """Quantile at p; None where it cannot tell."""

    def share(self, x: float, *, above: bool, including: bool) -> Candidate | None:
        """Probability of more than x, or of less, and of x itself too where it is `including`; None
        where it cannot tell."""
        return None

    def shortfall(self, share: float, unit: str, *, upper: bool) -> Candidate | None:
        """Mean of the share of all values that is largest, or smallest; None where it cannot
        tell."""
        return None

    def shortest(self, mass: float) -> tuple[float, float] | None:
        """The ends of the shortest interval that holds `mass`; None where it cannot tell."""
        return None

    def probability(self) -> Candidate | None:
        """Probability that an indicator is 1; None where it cannot tell."""
        return None

    def guesstimate_interval(self, unit: str) -> Interval | None:
        """The interval that Guesstimate displays; None where it cannot tell."""
        return None
