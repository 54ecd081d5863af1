"""Half-widths over replicates, against Student's t of plain arithmetic."""

import math

import numpy as np
import pytest
from scipy import stats

from guessmodel.estimators.half_widths import COVERAGE, half_width, half_widths, student


@pytest.mark.parametrize("replicates", [2, 5, 8, 32])
def test_of_replicates_of_one_size_it_is_that_of_a_mean(replicates: int) -> None:
    """t s / √R, with the standard deviation s of the replicates' means."""
    means = np.random.default_rng(replicates).normal(size=replicates)
    t = stats.t.ppf((1 + COVERAGE) / 2, replicates - 1)
    wanted = t * np.std(means, ddof=1) / math.sqrt(replicates)
    size = 64.0
    assert half_width(means * size, np.full(replicates, size)) == pytest.approx(wanted)
    assert student(float(np.linalg.norm(means - means.mean())), replicates) / replicates == (
        pytest.approx(wanted)
    )


def test_of_replicates_of_several_sizes_it_is_that_of_a_ratio() -> None:
    """Cochran (1977), "Sampling Techniques", 6.4: the residuals are y - r x, with r the ratio."""
    draws = np.random.default_rng(1)
    sizes = draws.integers(20, 40, 8).astype(float)
    totals = draws.normal(3.0 * sizes, 2.0)
    residuals = totals - totals.sum() / sizes.sum() * sizes
    t = stats.t.ppf((1 + COVERAGE) / 2, 7)
    wanted = t * math.sqrt((residuals**2).sum() * 8 / 7) / sizes.sum()
    assert half_width(totals, sizes) == pytest.approx(wanted)


def test_several_at_once_are_in_bits_what_each_is_alone() -> None:
    totals = np.random.default_rng(2).normal(size=(40, 8))
    sizes = np.full(8, 100.0)
    assert half_widths(totals, sizes) == [half_width(each, sizes) for each in totals]
    assert half_widths(np.empty((0, 8)), sizes) == []
