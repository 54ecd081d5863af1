"""Outer strata: jitter of each coordinate's own, curves within them, and where they are written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
import pytest
from sources import Gamma, Poisson

from guessmodel.graph.variates import CAUCHY, EXPONENTIAL, NORMAL, UNIFORM, QuantileFunction
from guessmodel.sampling import Stream
from guessmodel.sampling.design import Rows
from guessmodel.sampling.outer_strata import OUTER, Curves, OuterDraws, outer_strata, outer_values


@final
@dataclass(frozen=True)
class Kinked(QuantileFunction):
    """Uniform, with slope 9 beyond the 20.5th of 1000 strata."""

    def ppf(self, p):
        return np.where(p < 0.0205, p, 9.0 * p - 8.0 * 0.0205)

    def isf(self, q):
        return self.ppf(1.0 - q)


def test_outer_strata_are_numbered_from_both_ends_inwards():
    assert outer_strata(1).tolist() == [0]
    assert outer_strata(5).tolist() == [0, 1, 2, 3, 4]
    assert outer_strata(64).tolist() == list(range(64))
    assert outer_strata(1000).tolist() == [*range(32), *range(500, 532)]
    assert outer_strata(1001).tolist() == [*range(32), *range(501, 533)]


@pytest.mark.parametrize("size", [1, 2, 63, 64, 65, 2**17])
def test_outer_values_lie_in_their_strata(size):
    rows = Rows.create(0, [Stream(tuple(f"k{i}" for i in range(50)), True, (UNIFORM,))])
    value = outer_values(rows, np.arange(8), size)
    strata = outer_strata(size)
    half = (size + 1) // 2
    from_below = np.where(strata < half, strata, size - 1 - (strata - half))[:, None, None]
    assert value.shape == (strata.size, 8, 50)
    # An upper edge may be reached by rounding; the ends never are.
    assert (value * size - from_below >= 0.0).all() and (value * size - from_below <= 1.0).all()
    assert (value > 0.0).all() and (value < 1.0).all()


def exact(source, size, place):
    """The quantile function itself at `place` in each outer stratum."""
    lower = (size + 1) // 2
    strata = outer_strata(size)
    p = (np.where(strata < lower, strata, strata - lower)[:, None, None] + place) / size
    low = (strata < lower)[:, None, None]
    with np.errstate(divide="ignore"):
        return np.where(low, source.ppf(p), source.isf(p))


@pytest.mark.parametrize("size", [64, 65, 1000, 2**17])
@pytest.mark.parametrize("source", [NORMAL, EXPONENTIAL, CAUCHY, UNIFORM, Gamma(2.5), Gamma(0.1)])
def test_curves_follow_the_quantile_function(source, size):
    place = np.random.default_rng(0).random((outer_strata(size).size, 3, 50))
    curves = Curves.create(source, size)
    found, wanted = curves.evaluate(place), exact(source, size, place)
    # Between the nodes t(t - 1/3)(t - 2/3)(t - 1) is at most 1.8 times what it is at 1/2, where
    # 1e-4 of the width is allowed; the fourth derivative varies as well. Plus the table's own 1e-8.
    ends = exact(source, size, np.array([0.0, 1.0]))
    width = np.abs(ends[..., 1:] - ends[..., :1])
    assert (np.abs(found - wanted) <= 2.5e-4 * width + 1e-7 * np.abs(wanted)).all()
    if size > 64:
        assert curves.lower.size < 12
        assert curves.upper.size < 12


def test_kinks_and_steps_are_evaluated_by_the_table():
    place = np.random.default_rng(0).random((64, 2, 200))
    curves = Curves.create(Kinked(), 1000)
    assert 20 in curves.lower
    np.testing.assert_allclose(curves.evaluate(place), exact(Kinked(), 1000, place), rtol=1e-7)
    # With a mean of 1e6 the steps are so fine that a cubic would pass for one of them.
    for mean in (3.0, 1e6):
        counts = Curves.create(Poisson(mean), 1000)
        assert np.array_equal(counts.evaluate(place), exact(Poisson(mean), 1000, place))


@pytest.mark.parametrize("rows", [slice(0, 5), slice(1, 4), slice(2, 3)])
@pytest.mark.parametrize("contiguous", [True, False])
def test_draws_are_written_where_they_belong(rows, contiguous):
    rng = np.random.default_rng(1)
    size, replicates, k = 100, 3, 2 * OUTER
    position = np.array(
        [[rng.permutation(size)[:k] for _ in range(5)] for _ in range(replicates)], dtype=np.int32
    ).transpose(2, 0, 1)
    value = rng.random(position.shape)
    whole = np.zeros((5, replicates * size))
    for i, r, row in np.ndindex(position.shape):
        whole[row, r * size + position[i, r, row]] = value[i, r, row]
    outer = OuterDraws(position, value, size)
    for start, stop in [
        (0, 300),
        (0, 100),
        (100, 300),
        (30, 40),
        (90, 110),
        (150, 300),
        (299, 300),
    ]:
        count = rows.stop - rows.start
        room = np.zeros((count, stop - start) if contiguous else (count, 2 * (stop - start)))
        out = room[:, : stop - start]
        outer.write(rows, start, out)
        assert np.array_equal(out, whole[rows, start:stop])
