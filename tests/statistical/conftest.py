"""A watch over measured coverage, which stops as soon as it has seen enough."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import count
from typing import final

import pytest

from guessmodel.estimators.estimate import Estimate

FALSE_ALARM = 1e-6 / 300  # of one watch; there are fewer than 300
MISSED = 1e-2
ENOUGH = 6000  # runs; what is still undecided lies between the coverages told apart


def likelihood_ratio(hits: int, misses: int, this: float, that: float) -> float:
    """Logarithm of how much likelier a coverage of `this` makes what was seen than `that`."""
    return hits * math.log(this / that) + misses * math.log((1 - this) / (1 - that))


@final
@dataclass
class Watch:
    """Tells a coverage of 85 to 95% from one below 80% or above 97.5%, run by run.

    Two sequential tests by Wald (1945): however long one looks, the likelihood ratio of 80%
    against 85% exceeds 1/a with probability a at most if the coverage is 85% or more (Ville
    1939), and falls below b with probability b at most if it is 80% or less; and so for 97.5%
    against 95%. Where the interval is a discrete count's, coverage may be anything above 85%.
    """

    bounded: bool = True
    hits: int = 0
    misses: int = 0

    def see(self, held: bool) -> None:
        self.hits += bool(held)
        self.misses += not held

    @property
    def verdict(self) -> str | None:
        """What is wrong, "" for nothing; None where that is not known yet."""
        low = likelihood_ratio(self.hits, self.misses, 0.8, 0.85)
        high = likelihood_ratio(self.hits, self.misses, 0.975, 0.95) if self.bounded else -math.inf
        share = f"{self.hits} of {self.hits + self.misses} intervals hold the true value"
        if low > -math.log(FALSE_ALARM):
            return f"too narrow: {share}"
        if high > -math.log(FALSE_ALARM):
            return f"too wide: {share}"
        enough = max(low, high) < math.log(MISSED) or self.hits + self.misses >= ENOUGH
        return "" if enough else None

    def over(
        self, estimates: Callable[[int], Iterable[tuple[Estimate, float]]], shrink: float = 1.0
    ) -> str:
        """The verdict on estimates, each with the true value, of one run after another; a twin has
        intervals of a part of the length."""
        for run in count():
            for found, true in estimates(run):
                low = found.value - shrink * (found.value - found.low)
                high = found.value + shrink * (found.high - found.value)
                self.see(low <= true <= high)
            if self.verdict is not None:
                break
        return str(self.verdict)


@pytest.fixture(scope="session")
def watch() -> Callable[..., Watch]:
    return Watch
