"""Quantiles and the ends of their intervals on CDFs whose crossings are known by other means."""

import math

import numpy as np
import pytest
from scipy import optimize, stats

from guessmodel.estimators.conditional.quantile_search import CdfValue, end, polished, root

HALF = 0.01  # half-width of the CDF's error, at every threshold


def reader(cdf, half=HALF, seen=None):
    shares = np.zeros((8, 128))

    def read(x):
        if seen is not None:
            seen.append(x)
        return CdfValue(x, float(cdf(x)), half, shares)

    return read


def crossing(cdf, share, low, high):
    return optimize.brentq(lambda x: cdf(x) - share, low, high)


def both_ends(cdf, p, start, width):
    read = reader(cdf)
    found = root(read, p, start, width)
    return found, end(read, p, found, -1, width), end(read, p, found, 1, width)


def kinked(x):
    """Slope 1 below 0, slope 1/10 above it."""
    return min(max(0.5 + (x if x < 0 else 0.1 * x), 0.0), 1.0)


def modes(x):
    return 0.4 * stats.norm.cdf(x) + 0.6 * stats.norm.cdf(x - 12)


@pytest.mark.parametrize("p", [0.01, 0.05, 0.5, 0.95, 0.99])
@pytest.mark.parametrize("off", [-0.5, 0.1, 0.9])
def test_a_smooth_cdf_is_read_three_or_four_times(p, off):
    seen = []
    truth = stats.norm.ppf(p)
    density = stats.norm.pdf(truth)
    half = 0.05 * min(p, 1 - p)
    width = 10 * half / density
    found = root(reader(stats.norm.cdf, half, seen), p, truth + off * width, width)
    assert abs(found.x - truth) < 0.05 * found.half
    assert found.half == pytest.approx(half / density, rel=0.02)
    assert len(seen) <= 4


def test_the_quantile_of_a_finer_cdf_takes_one_more_reading():
    rough = root(reader(stats.logistic(0.01).cdf), 0.7, 0.6, 0.5)
    seen = []
    found = polished(reader(stats.logistic.cdf, 1e-3, seen), 0.7, rough, 0.5)
    assert found.x == pytest.approx(stats.logistic.ppf(0.7), abs=0.05 * found.half)
    assert found.half == pytest.approx(1e-3 / stats.logistic.pdf(found.x), rel=0.02)
    assert len(seen) == 1


def test_in_a_tail_the_slope_of_a_part_is_not_believed():
    truth = stats.norm.ppf(0.99)
    rough = root(reader(lambda x: stats.norm.cdf(4 * x - 3 * truth)), 0.99, truth + 0.05, 0.1)
    found = polished(reader(stats.norm.cdf, 1e-3), 0.99, rough, 0.1)
    assert found.half == pytest.approx(1e-3 / stats.norm.pdf(truth), rel=0.1)


def test_a_long_step_is_not_taken_by_the_slope_of_a_part():
    rough = root(reader(stats.logistic(0.03, 0.9).cdf), 0.7, 0.6, 0.5)
    found = polished(reader(stats.logistic.cdf, 1e-3), 0.7, rough, 0.5)
    assert found.x == pytest.approx(stats.logistic.ppf(0.7), abs=0.05 * found.half)


def test_a_finer_cdf_that_differs_much_is_searched_anew():
    rough = root(reader(stats.logistic(0.4).cdf), 0.7, 0.9, 0.5)
    found = polished(reader(stats.logistic.cdf, 1e-4), 0.7, rough, 0.5)
    assert found.x == pytest.approx(stats.logistic.ppf(0.7), abs=0.05 * found.half)


def test_where_the_cdf_is_straight_the_ends_are_the_error_over_the_slope():
    found, low, high = both_ends(lambda x: 0.5 + 0.2 * x, 0.6, 0.3, 0.4)
    assert found.x == pytest.approx(0.5)
    assert not found.bent
    assert (low, high) == (pytest.approx(0.5 - HALF / 0.2), pytest.approx(0.5 + HALF / 0.2))


@pytest.mark.parametrize("start", [-0.1, 0.03])
def test_beyond_a_kink_the_interval_is_as_wide_as_the_slope_there_wants(start):
    found, low, high = both_ends(kinked, 0.499, start, 0.15)
    assert kinked(found.x) == pytest.approx(0.499, abs=0.3 * HALF)
    assert found.bent
    # The CDF is 0.499 + 0.01 at 0.09, and 0.499 - 0.01 at -0.011.
    assert 0.09 - 0.1 * 0.1 <= high <= 0.09 + 0.25 * 0.1
    assert -0.011 - 0.25 * HALF <= low <= -0.011 + 0.1 * HALF


@pytest.mark.parametrize("p", [0.395, 0.3999, 0.405, 0.415])
def test_an_interval_reaches_across_a_gap_that_may_hold_the_quantile(p):
    found, low, high = both_ends(modes, p, 3.0, 8.0)
    assert modes(found.x) == pytest.approx(p, abs=0.3 * HALF)
    for got, share in ((low, p - HALF), (high, p + HALF)):
        exact = crossing(modes, share, -10, 20)
        assert abs(got - exact) <= 0.25 * abs(exact - found.x)
    assert (high > 9) == (p + HALF > 0.4)
    assert (low < 3) == (p - HALF < 0.4)


@pytest.mark.parametrize("start", [0.6, 1.0, 1.1, 1.5, 2.3])
def test_the_slope_is_the_curves_and_not_that_of_a_long_chord(start):
    def cdf(x):
        return 0.05 * max(x, 0.0) ** 0.3

    found = root(reader(cdf, 4e-4), 0.05, start, 1.2)
    assert found.x == pytest.approx(1.0, abs=0.3 * 4e-4 / 0.015)
    assert found.half == pytest.approx(4e-4 / 0.015, rel=0.25)  # the slope at 1 is 0.3 * 0.05


def test_a_search_that_comes_back_to_its_start_ends_there():
    found = root(reader(lambda x: 0.5 + 0.25 * x), 0.5, 0.0, 0.25)
    assert found.x == 0.0
    assert found.half == pytest.approx(HALF / 0.25)


def test_at_an_atom_there_is_no_root():
    assert root(reader(lambda x: 0.3 if x < 2 else 0.7), 0.5, 1.9, 0.5) is None


def test_an_end_beyond_all_thresholds_is_none():
    read = reader(stats.norm.cdf)
    found = root(read, 0.995, 2.5, 0.3)
    assert end(read, 0.995, found, 1, 0.3) is None  # the CDF never is 1.005
    assert end(read, 0.995, found, -1, 0.3) == pytest.approx(stats.norm.ppf(0.985), rel=0.03)


def test_a_start_too_far_off_is_left():
    assert root(reader(stats.norm.cdf), 0.5, 30.0, 0.1) is None
    assert root(reader(lambda x: 0.5 + math.atan(x) / math.pi), 0.5, 30.0, 0.1) is None
