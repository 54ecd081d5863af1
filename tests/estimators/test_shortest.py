"""The shortest interval of draws, against closed forms."""

import math

import numpy as np
import pytest
from scipy import stats

from guessmodel.estimators.shortest import densest, shortest


def test_of_a_few_numbers_by_hand() -> None:
    ordered = np.array([0.0, 10.0, 11.0, 12.0, 13.0, 40.0, 90.0])
    assert densest(ordered, 0.5) == (10.0, 40.0) or densest(ordered, 0.5) == (0.0, 13.0)
    assert densest(ordered, 0.4) == (10.0, 13.0)


@pytest.mark.parametrize("mass", [0.5, 0.9])
def test_against_closed_forms(mass: float, rng: np.random.Generator) -> None:
    z = stats.norm.ppf(0.5 + mass / 2)
    low, high = shortest(rng.normal(3.0, 2.0, (8, 8192)), mass)
    for found, end in ((low, 3.0 - 2.0 * z), (high, 3.0 + 2.0 * z)):
        assert abs(found.value - end) < 3.0 * found.error
        assert found.error < 0.3
    low, high = shortest(rng.exponential(1.0, (8, 8192)), mass)
    assert abs(low.value) < 1e-3
    assert abs(high.value + math.log(1.0 - mass)) < 3.0 * high.error


def test_what_is_refused(rng: np.random.Generator) -> None:
    low, _ = shortest(rng.normal(size=(8, 64)), 0.99)
    assert low.note == "needs 8192 samples or more"
    assert shortest(np.full((8, 16), np.nan), 0.5).high.note == "no finite draws"
    low, high = shortest(np.full((8, 1024), 0.1), 0.5)
    assert (low.value, high.value, low.error) == (0.1, 0.1, 0.0)


def test_two_peaks_are_not_smoothed_into_one(rng: np.random.Generator) -> None:
    both = np.concatenate([rng.normal(0, 1, (8, 4096)), rng.normal(50, 1, (8, 4096))], axis=1)
    low, high = shortest(both, 0.4)
    assert high.value - low.value < 6.0


@pytest.mark.parametrize(
    "known",
    [
        stats.poisson(3),
        stats.poisson(40),
        stats.geom(0.5),
        stats.binom(8, 0.3),
        stats.bernoulli(0.5),
        stats.nbinom(2, 0.1),
    ],
    ids=lambda known: f"{known.dist.name}{known.args}",
)
@pytest.mark.parametrize("mass", [0.5, 0.8])
def test_of_whole_numbers(known: stats.rv_discrete, mass: float) -> None:
    """Several intervals may be the shortest ones, by the sums of their probabilities: one of them
    is what is told, within the errors told for its ends."""
    true = shortest_ones(known, mass)
    length = true[0][1] - true[0][0]
    held = 0
    for seed in range(20):
        values = known.rvs((8, 512), random_state=seed).astype(float)
        low, high = shortest(values, mass)
        held += any(low.low <= a <= low.high and high.low <= b <= high.high for a, b in true)
        assert abs(high.value - low.value - length) <= 2
    assert held >= 17
    moved = [(a + length + 9, b + length + 9) for a, b in true]
    assert not any(low.low <= a <= low.high and high.low <= b <= high.high for a, b in moved)


def shortest_ones(known: stats.rv_discrete, mass: float) -> list[tuple[int, int]]:
    ends = range(int(known.ppf(0.9999)) + 1)
    for length in ends:
        inside = [(k, k + length) for k in ends if share(known, k, k + length) >= mass - 1e-12]
        if inside:
            return inside
    raise AssertionError


def share(known: stats.rv_discrete, low: int, high: int) -> float:
    return float(known.cdf(high) - known.cdf(low - 1))


def test_two_intervals_as_short_are_not_mixed(rng: np.random.Generator) -> None:
    """-4 to 0 and -3 to 1 hold 55% each, by symmetry; -4 to 1 is no shortest interval with 53%."""
    values = np.floor(rng.logistic(-1.0, 2.0, (8, 2048)))
    low, high = shortest(values, 0.53)
    assert (low.value, high.value) in {(-4.0, 0.0), (-3.0, 1.0)}
    assert (low.low, low.high) == (-4.0, -3.0)
    assert (high.low, high.high) == (0.0, 1.0)


def test_a_rare_loss(rng: np.random.Generator) -> None:
    """Nothing in 96 of 100 draws, else uniform: 98% lie between 0 and the middle of the losses."""
    held = 0
    for _ in range(20):
        draws = np.where(rng.random((8, 4096)) < 0.96, 0.0, rng.random((8, 4096)))
        low, high = shortest(draws, 0.98)
        assert (low.value, low.error) == (0.0, 0.0)
        assert 0.02 < high.error < 0.2
        held += high.low < 0.5 < high.high
    assert held >= 15  # of 20 at 90%: fewer once in 90


def test_of_a_flat_density_any_interval_may_be_the_shortest() -> None:
    """Half of uniform draws lie in any interval of length 1/2, which may begin from 0 to 1/2: the
    typical interval of the end reaches over more than 0.4 of that."""
    rng = np.random.default_rng(11)
    reached = []
    for _ in range(20):
        low, high = shortest(rng.random((8, 512)), 0.5)
        assert high.low == pytest.approx(low.low + 0.5, abs=0.05)
        reached.append(min(low.high, 0.5) - max(low.low, 0.0))
    assert np.median(reached) > 0.4
