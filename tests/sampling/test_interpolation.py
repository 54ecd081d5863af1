"""Tables of quantile functions against the functions themselves: smooth, kinked, with jumps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import final

import numpy as np
import pytest
from scipy import special, stats

import guessmodel as gm
from guessmodel.graph.variates import (
    CAUCHY,
    EXPONENTIAL,
    LOGISTIC,
    NORMAL,
    UNIFORM,
    QuantileFunction,
)
from guessmodel.sampling.interpolation import QuantileTable, quantile_table


@final
@dataclass(frozen=True)
class Frozen(QuantileFunction):
    """A distribution of scipy.stats."""

    family: str
    parameters: tuple[float, ...]

    @property
    def discrete(self):
        return isinstance(getattr(stats, self.family), stats.rv_discrete)

    def ppf(self, p):
        return np.asarray(getattr(stats, self.family).ppf(p, *self.parameters), dtype=float)

    def isf(self, q):
        return np.asarray(getattr(stats, self.family).isf(q, *self.parameters), dtype=float)


@final
@dataclass(frozen=True)
class Pieces(QuantileFunction):
    """Zero with probability 0.3, one with 0.2, uniform on (2, 3) with 0.1, then rising to 13."""

    def ppf(self, p):
        p = np.asarray(p)
        rise = np.where(p < 0.6, 2.0 + (p - 0.5) * 10.0, 3.0 + (p - 0.6) * 25.0)
        return np.where(p <= 0.3, 0.0, np.where(p <= 0.5, 1.0, rise))

    def isf(self, q):
        return self.ppf(1.0 - np.asarray(q))


@final
class Counted(QuantileFunction):
    """Counts the evaluations of a beta distribution's quantile function."""

    def __init__(self):
        self.count = 0

    def ppf(self, p):
        self.count += p.size
        return special.betaincinv(2.0, 3.0, p)

    def isf(self, q):
        self.count += q.size
        return special.betainccinv(2.0, 3.0, q)


@final
class Power(QuantileFunction):
    """The power of a uniform number, a beta variate of shapes 1/exponent and 1; or less that.
    Counts its evaluations."""

    def __init__(self, exponent, sign):
        self.exponent, self.sign, self.count = exponent, sign, 0

    def ppf(self, p):
        self.count += p.size
        return self.sign * np.exp(self.exponent * np.log(p))

    def isf(self, q):
        self.count += q.size
        return self.sign * np.exp(self.exponent * np.log1p(-q))


def exact(source, p):
    upper = p >= 0.5
    return np.where(
        upper, source.isf(np.where(upper, 1.0 - p, 0.5)), source.ppf(np.where(upper, 0.5, p))
    )


def table_of(source, p):
    out = np.empty_like(p)
    quantile_table(source).evaluate(p, out)
    return out


def grid():
    tails = np.logspace(-15, -1, 3000)
    return np.concatenate((tails, np.random.default_rng(1).random(50_000), 1.0 - tails))


SMOOTH = [
    NORMAL,
    UNIFORM,
    EXPONENTIAL,
    LOGISTIC,
    CAUCHY,
    Frozen("gamma", (2.5,)),
    Frozen("gamma", (0.1,)),
    Frozen("beta", (2.0, 3.0)),
    Frozen("beta", (0.5, 0.3)),
    Frozen("t", (3.0,)),
    Frozen("pareto", (0.5,)),
    Frozen("lognorm", (3.0,)),
    Frozen("triang", (0.3,)),
]


@pytest.mark.parametrize("source", SMOOTH, ids=str)
def test_smooth_families_within_the_stated_error(source):
    p = grid()
    got, want = table_of(source, p), exact(source, p)
    # The scale in which the module states its error: dQ/d(ln x), here by central differences.
    x = np.minimum(p, 1.0 - p)
    h = np.where(p < 0.5, x, -x) * 1e-4
    slope = np.abs(exact(source, p + h) - exact(source, p - h)) / 2e-4
    # 1e-5 of the rise of a cell, of which there are at least 32 to a halving of x.
    assert (np.abs(got - want) <= 1e-5 / 32 * slope + 1e-12 * np.abs(want) + 1e-300).all()


def test_the_error_that_the_module_states():
    p = np.linspace(2.0**-12, 0.5, 100_001)[1:-1]
    p = np.concatenate((np.logspace(np.log10(2.0**-24), -3, 20_000)[1:], p))
    scale = 1.0 / (1.0 - p)  # dQ/d(ln p) of the logistic distribution
    assert (np.abs(table_of(LOGISTIC, p) - exact(LOGISTIC, p)) < 3e-9 * scale).all()
    p = p[p < 0.25]  # beyond, the Cauchy distribution is no power
    assert (np.abs(table_of(CAUCHY, p) / exact(CAUCHY, p) - 1.0) < 1.3e-8).all()


@pytest.mark.parametrize("source", SMOOTH, ids=str)
def test_tails_are_exact(source):
    p = np.concatenate((np.logspace(-15, np.log10(2.0**-24.01), 100), [2.0**-54]))
    p = np.concatenate((p, 1.0 - p[:-1]))
    assert np.array_equal(table_of(source, p), exact(source, p))


@pytest.mark.parametrize(
    "source",
    [
        Frozen("bernoulli", (0.3,)),
        Frozen("binom", (100, 0.37)),
        Frozen("poisson", (0.01,)),
        Frozen("poisson", (20.0,)),
        Frozen("poisson", (1e6,)),
        Frozen("geom", (0.2,)),
        Frozen("nbinom", (2, 0.4)),
    ],
    ids=str,
)
def test_discrete_families_are_exact(source):
    p = grid()[::10]
    assert np.array_equal(table_of(source, p), exact(source, p))


def test_atoms_jumps_and_kinks():
    p = grid()
    got, want = table_of(Pieces(), p), exact(Pieces(), p)
    np.testing.assert_allclose(got, want, rtol=1e-6, atol=0.0)
    assert np.array_equal(got[p <= 0.5], want[p <= 0.5])


def test_next_to_a_jump_there_is_nothing_between_the_values():
    p = 0.3 + np.linspace(-1e-4, 1e-4, 20_001)
    assert set(table_of(Pieces(), p).tolist()) == {0.0, 1.0}


def test_in_place_and_in_any_shape():
    p = np.random.default_rng(2).random((3, 20_000))
    out = np.empty_like(p)
    table = quantile_table(NORMAL)
    table.evaluate(p, out)
    assert np.array_equal(out[1], table_of(NORMAL, p[1]))
    table.evaluate(p, p)
    assert np.array_equal(p, out)


def test_costly_families_are_evaluated_a_few_thousand_times_whatever_n():
    source = Counted()
    table = quantile_table(source)
    assert source.count <= 2**13
    setup = source.count
    p = np.random.default_rng(3).random(2**17)
    table.evaluate(p, np.empty_like(p))
    assert source.count - setup < p.size / 1000


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize("shape", [0.1, 0.02, 0.005, 1e-3, 1e-4, 1e-6, 1e-9, 1e-13])
def test_all_orders_of_magnitude_within_a_cell_cost_a_few_evaluations(shape, sign):
    source = Power(1.0 / shape, sign)
    table = QuantileTable.create(source)
    assert source.count <= 7360 + 3500  # cells that are not halved, and the others
    # Levels of values from 1e-300 to 1, and from the other end.
    p = np.exp(-shape * np.linspace(1e-6, 690.0, 20_001))
    p = np.concatenate((p[p > 0.0], np.linspace(1e-7, 1.0, 20_000, endpoint=False)))
    got = np.empty_like(p)
    table.evaluate(p, got)
    want = exact(source, p)
    assert (np.abs(got - want) <= 2e-5 * np.abs(want) + 1e-323).all()  # two of the smallest numbers


@pytest.mark.parametrize(
    "draw",
    [
        gm.beta(alpha=1e-3, beta=1e-3),
        gm.beta(alpha=1e15, beta=1),
        gm.beta(alpha=1, beta=1e-3),
        gm.pert(1, 1 + 1e-15, mode=1),
        gm.arcsine(0, 0.1),
        gm.truncated(gm.beta(alpha=0.02, beta=0.03), lower=0.2, upper=0.7),
    ],
)
@pytest.mark.parametrize("method", ["nets", "random"])
@pytest.mark.parametrize("n", [64, 4096])
def test_draws_never_leave_the_support(draw, method, n):
    """Cubics are rounded: that of a beta variate of tiny shapes reached 1 + 1e-15."""
    family = draw.operation.family
    low, high = family.support(*(float(each.operation.value) for each in draw.parameters))
    values = draw.sample(n, method=method).values
    assert low <= values.min() and values.max() <= high


def test_a_source_is_tabulated_once():
    assert quantile_table(Frozen("t", (4.0,))) is quantile_table(Frozen("t", (4.0,)))


def test_steps_are_the_strata_that_may_not_be_interpolated():
    for size in (128, 1000, 2**12):
        steps = np.flatnonzero(quantile_table(Pieces()).steps(size))
        for jump in (0.3, 0.5):
            assert int(jump * size) in steps
        # The kink counts as one, and the last piece around either may lie across an edge.
        assert steps.size <= 6
        assert not quantile_table(NORMAL).steps(size).any()


def test_where_everything_is_a_step_everything_is_exact():
    table = QuantileTable.create(Frozen("poisson", (1e6,)))
    assert table.steps(4096)[4096 // 32 : -4096 // 32].mean() > 0.9
