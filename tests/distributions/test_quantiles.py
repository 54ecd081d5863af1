"""Quantiles at extreme parameters: in order, within the support, no atoms but 0 and infinity."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy import special, stats

import guessmodel as gm
from guessmodel.distributions.beta import Beta
from guessmodel.distributions.chi2 import Chi2
from guessmodel.distributions.double_triangular import DoubleTriangular
from guessmodel.distributions.exponential import Exponential
from guessmodel.distributions.f import F
from guessmodel.distributions.gamma import Gamma
from guessmodel.distributions.inverse_gamma import InverseGamma
from guessmodel.distributions.logistic import Logistic
from guessmodel.distributions.lognormal import Lognormal
from guessmodel.distributions.loguniform import LogUniform
from guessmodel.distributions.normal import Normal
from guessmodel.distributions.pareto import Pareto
from guessmodel.distributions.pert import Pert
from guessmodel.distributions.quantiles import (
    beta_cdf,
    beta_isf,
    beta_ppf,
    beta_sf,
    gamma_cdf,
    gamma_isf,
    gamma_ppf,
    gamma_sf,
    log_beta_near_zero,
)
from guessmodel.distributions.student_t import StudentT
from guessmodel.distributions.triangular import Triangular
from guessmodel.distributions.truncated import Truncated
from guessmodel.distributions.uniform import Uniform
from guessmodel.distributions.weibull import Weibull
from guessmodel.errors import ModelError
from guessmodel.graph.family import Family
from guessmodel.numerics.kernels import gamma_kernel

SHAPES = (1e-4, 1e-3, 0.005, 0.02, 0.1, 1.0, 3.0, 1e6)
SCALES = (1e-300, 1.0, 1e300)
EXTREME: list[tuple[Family, list[tuple[float, ...]]]] = [
    (Beta(), [(a, b, 0.0, 1.0) for a in (*SHAPES, 1e9) for b in (*SHAPES, 1e9)]),
    (F(), [(a, b) for a in SHAPES for b in SHAPES]),
    (StudentT(), [(a, x, s) for a in (*SHAPES, 1e12) for x, s in ((0, 1), (5, 1e-5), (0, 1e-99))]),
    (Gamma(), [(a, s) for a in (*SHAPES, 1e14) for s in SCALES]),
    (InverseGamma(), [(a, s) for a in (*SHAPES, 1e14) for s in SCALES]),
    (Chi2(), [(a,) for a in (*SHAPES, 1e14)]),
    (Weibull(), [(a, s) for a in SHAPES for s in SCALES]),
    (Pareto(), [(s, a) for a in (*SHAPES, 1e12) for s in SCALES]),
    (Lognormal(), [(m, s) for m in (-700, 0, 700) for s in (1e-8, 1, 100, 1e3, 1e5)]),
    (Exponential(), [(s,) for s in SCALES]),
    (Normal(), [(0.0, s) for s in SCALES] + [(1e10, 1e-3)]),
    (Logistic(), [(0.0, s) for s in SCALES] + [(1e10, 1e-3)]),
    (Uniform(), [(0.0, 1e-300), (-8e307, 8e307), (1.0, 1.0 + 1e-10)]),
    (LogUniform(), [(1e-300, 1.0), (1.0, 1e300), (1.0, 1.0 + 1e-10)]),
    (Triangular(), [(0.0, 0.0, 1e-300), (-8e307, 0.0, 8e307), (0.0, 1e-300, 1.0)]),
    (DoubleTriangular(), [(0.0, 1e-300, 1.0, 0.5), (-8e307, 0.0, 8e307, 0.3)]),
    (Pert(), [(0.0, 0.0, 1.0, 1e-6), (0.0, 0.0, 1.0, 1e6), (0.0, 1e-300, 1.0, 4.0)]),
    (Truncated(Normal(), ("lower",)), [(0.0, 1.0, 8.0), (0.0, 1.0, 37.0)]),
    (Truncated(Gamma(), ("upper",)), [(0.005, 1.0, 1e-9), (0.005, 1.0, 1e-290)]),
    (Truncated(Beta(), ("upper",)), [(0.005, 3.0, 0.0, 1.0, 0.5), (3.0, 0.005, 0.0, 1.0, 0.5)]),
]
CASES = [(family, at) for family, some in EXTREME for at in some]


@pytest.mark.parametrize(("family", "some"), EXTREME, ids=lambda x: getattr(x, "name", ""))
def test_quantiles_keep_order_support_and_spread(
    family: Family, some: list[tuple[float, ...]]
) -> None:
    p = np.unique(np.r_[np.geomspace(1e-16, 0.5, 400), np.arange(1, 512) / 1024])
    for at in some:
        with np.errstate(all="ignore"):
            low, high = (float(end) for end in family.support(*at))
            for name, x in (("ppf", family.ppf(p, *at)), ("isf", -family.isf(p, *at))):
                assert not np.isnan(x).any(), (at, name)
                ends = (low, high) if name == "ppf" else (-high, -low)
                assert ends[0] <= x.min() and x.max() <= ends[1], (at, name)
                known = x[np.isfinite(x)]
                assert np.all(np.diff(known) >= -1e-11 * np.abs(known[1:])), (at, name)
                assert np.all(np.diff(np.sign(x) * np.isinf(x)) >= 0), (at, name)
                values, counts = np.unique(x, return_counts=True)
                held = (counts > 20) & np.isfinite(values) & (np.abs(values) > 1e-306)
                for end in ends:  # near a bound that is not 0, numbers are far from each other
                    held &= ~np.isclose(values, end, rtol=1e-15, atol=0.0)
                assert not held.any(), (at, name, values[held])


# --- closed forms and limits ----------------------------------------------------------------------


@pytest.mark.parametrize("a", [1e-3, 0.005, 0.02, 0.3])
def test_a_beta_variate_of_second_shape_1_is_a_power(a: float) -> None:
    p = np.geomspace(1e-12, 0.9, 50)
    with np.errstate(under="ignore"):
        exact = p ** (1 / a)
        assert beta_ppf(a, 1.0, p) == pytest.approx(exact, rel=1e-10, abs=1e-320)
        assert beta_isf(a, 1.0, 0.25) == pytest.approx(0.75 ** (1 / a), rel=1e-10)
    assert (exact < 1e-310).any() or a == 0.3


@pytest.mark.parametrize(("a", "b"), [(0.005, 3.0), (0.02, 1e6), (1e-3, 1e-3)])
def test_the_limit_meets_scipy_where_it_is_right(a: float, b: float) -> None:
    """SciPy's CDF, a function of its own, at the limit's quantile."""
    log_y = np.linspace(-650.0, -200.0, 20)
    log_p = np.log(special.betainc(a, b, np.exp(log_y)))
    assert log_beta_near_zero(a, b, log_p) == pytest.approx(log_y, rel=1e-9)


def test_a_student_t_variate_beyond_scipys_range() -> None:
    """P(|T| > t) tends to c t^(-df); c is SciPy's at 1e50."""
    df = 0.02
    z = 1e50
    beyond = 2 * stats.t.sf(z, df)
    for power in (100, 150, 200):
        at = beyond / 2 * 10.0 ** (-df * (power - 50))
        assert StudentT().isf(at, df, 0.0, 1.0) == pytest.approx(10.0**power, rel=1e-9)
        assert StudentT().ppf(at, df, 0.0, 1.0) == pytest.approx(-(10.0**power), rel=1e-9)


@pytest.mark.parametrize("k", [2e6, 1e8, 1e11, 1e14])
def test_gamma_quantiles_at_large_shapes(k: float) -> None:
    """The density, integrated: within 3e-7 standard deviations. (SciPy's CDF and quantiles are up
    to 0.28 off.)"""
    nodes, weights = np.polynomial.legendre.leggauss(200)
    p = np.array([1e-12, 1e-9, 1e-6, 1e-3, 0.1, 0.5])
    for sign, found in ((-1.0, gamma_ppf(k, p)), (1.0, gamma_isf(k, p))):
        for x, wanted in zip(found, p, strict=True):
            z = x + sign * np.sqrt(k) * 6.0 * (nodes + 1.0)  # 12 standard deviations outwards
            mass = float(np.sum(weights * gamma_kernel(z, k) / z)) * 6.0 * np.sqrt(k)
            slope = stats.norm.pdf(stats.norm.ppf(wanted))
            assert abs(mass - wanted) < 3e-7 * slope, (sign, wanted)
    both = gamma_ppf(np.array([[3.0], [k]]), p)
    assert both[0] == pytest.approx(special.gammaincinv(3.0, p), rel=1e-12)
    assert np.array_equal(both[1], gamma_ppf(k, p))


@pytest.mark.parametrize("k", [2e6, 1e8, 1e12, 1e15])
@pytest.mark.parametrize("z", [-12.0, -7.0, -5.0, -1.0, 0.0, 1.0, 6.0, 12.0])
def test_gamma_probabilities_at_large_shapes(k: float, z: float) -> None:
    """The density, integrated over 20 standard deviations outwards. (SciPy's is a hundredth of it
    for shape 1e12 and z = -5, as its series ends too early.)"""
    nodes, weights = np.polynomial.legendre.leggauss(400)
    at = k + z * np.sqrt(k)
    for sign, found in ((-1.0, gamma_cdf(k, at)), (1.0, gamma_sf(k, at))):
        x = at + sign * np.sqrt(k) * 10.0 * (nodes + 1.0)
        mass = float(np.sum(weights * gamma_kernel(x, k) / x)) * 10.0 * np.sqrt(k)
        if sign * z >= 0.0:
            assert found == pytest.approx(mass, rel=1e-6)
        else:
            assert found == pytest.approx(1.0 - float((gamma_sf, gamma_cdf)[sign > 0](k, at)))
    assert gamma_cdf(np.array([3.0, k]), 0.0).tolist() == [0.0, 0.0]
    assert gamma_sf(np.array([3.0, k]), np.inf).tolist() == [0.0, 0.0]
    far = np.array([1e-290, 1.0, 1e290]) * k
    assert gamma_cdf(k, far)[[0, 2]].tolist() == gamma_sf(k, far)[[2, 0]].tolist() == [0.0, 1.0]
    assert gamma_sf(1e300, 1.0) == 1.0


Z = np.array([-9.0, -5.0, -1.0, -0.1, -1e-3, 1e-4, 0.02, 0.5, 2.0, 7.0])


@pytest.mark.parametrize(
    ("a", "b"), [(2.0**21, 2.0**21), (2.0**21, 3e8), (4e8, 1.5e6), (3e7, 1e8), (2.0**21, 5.0)]
)
def test_probabilities_of_beta_variates_of_large_shapes(a: float, b: float) -> None:
    """SciPy has these to 11 digits up to shapes of some 1e8."""
    y = (a + Z * np.sqrt(a * b / (a + b))) / (a + b)
    y = y[y < 1.0]
    assert beta_cdf(a, b, y) == pytest.approx(special.betainc(a, b, y), rel=3e-10)
    assert beta_sf(a, b, y) == pytest.approx(special.betaincc(a, b, y), rel=3e-10)
    several = np.full(y.shape, a), np.where(np.arange(y.size) % 2, b, 3.0)
    assert beta_cdf(*several, y) == pytest.approx(special.betainc(*several, y), rel=3e-10)


@pytest.mark.parametrize("a", [0.01, 1.0, 3.7, 400.0, 6e4, 1e6])
@pytest.mark.parametrize("b", [0.02, 1.0, 12.0, 5e3, 4e4, 1e16])
def test_a_beta_variate_is_more_than_a_number(a: float, b: float) -> None:
    """As SciPy has it, which takes up to 40 times as long."""
    middle = special.betaincinv(a, b, [1e-9, 0.3, 0.5, 0.7])
    y = np.r_[0.0, 1e-300, 1e-17, middle, special.betainccinv(a, b, [0.1, 1e-12]), 1.0 - 1e-16, 1.0]
    assert beta_sf(a, b, y) == pytest.approx(special.betaincc(a, b, y), rel=3e-11, abs=1e-300)
    assert beta_sf(np.array(a), b, 0.25).shape == ()


@pytest.mark.parametrize("a", [2.0**21, 1e10])
def test_a_beta_variate_of_one_larger_shape_is_a_gamma_variate(a: float) -> None:
    """Beta(a, b) / (1 - Beta(a, b)) is the quotient of gamma variates, and of b = 1e22 the second
    is b to 11 digits."""
    b = 1e22
    z = a + Z * np.sqrt(a)
    y = z / (b + z)
    assert beta_cdf(a, b, y) == pytest.approx(gamma_cdf(a, z), rel=1e-8)
    assert beta_sf(a, b, y) == pytest.approx(gamma_sf(a, z), rel=1e-8)


def test_both_tails_of_a_beta_variate_of_huge_shapes() -> None:
    a = np.array([2.0**21, 1e12, 1e17])
    assert beta_cdf(a, a, 0.5) == pytest.approx(0.5, abs=1e-15)
    y = 0.5 + 3.0 / np.sqrt(8.0 * a + 4.0)  # standard deviations
    # By Edgeworth's expansion, with a kurtosis of -3/a.
    tail = stats.norm.sf(3.0) + stats.norm.pdf(3.0) * (27.0 - 9.0) * -3.0 / a / 24.0
    assert beta_sf(a, a, y) == pytest.approx(tail, rel=3e-7)  # y has no more digits
    assert beta_cdf(a, a, y) == pytest.approx(1.0 - tail, rel=1e-9)
    assert beta_cdf(a, a, 0.0).tolist() == [0.0] * 3 and beta_cdf(a, a, 1.0).tolist() == [1.0] * 3
    assert beta_sf(a, a, 0.0).tolist() == [1.0] * 3 and beta_sf(a, a, 1.0).tolist() == [0.0] * 3


@pytest.mark.parametrize(
    ("a", "b"), [(2.5, 3.0), (2.5, 5e7), (2.5, 1e15), (30.0, 2.0), (0.01, 3.0)]
)
def test_beta_quantiles_at_probabilities_where_scipys_are_nan(a: float, b: float) -> None:
    """The probability of the quantile is asked for; SciPy's is right as far as 1e-300."""
    p = np.geomspace(1e-280, 1e-20, 60)
    with np.errstate(under="ignore"):
        y = beta_ppf(a, b, p)
        seen = y > 1e-300
        assert special.betainc(a, b, y[seen]) == pytest.approx(p[seen], rel=1e-9)
        assert np.all(np.diff(y) >= 0.0)
        assert np.all(np.diff(beta_isf(a, b, p)) <= 0.0) and beta_isf(a, b, p).max() <= 1.0


def test_a_second_shape_beyond_all_draws() -> None:
    """F(2, n) of large n is the exponential: q = -log(1 - p); its variance (that of df1 = 2) 1."""
    p = np.array([0.01, 0.5, 0.99])
    for n in (1e20, 1e200, 1e300):
        assert F().ppf(p, 2.0, n) == pytest.approx(-np.log1p(-p), rel=1e-9)
        assert F().variance(2.0, n) == pytest.approx(1.0, rel=1e-9)


# --- draws ----------------------------------------------------------------------------------------


def test_logarithms_of_draws_below_the_range_are_lost_and_said_to_be() -> None:
    """P(beta(a, b) < x) = x^a / (a B(a, b)) for small x; 2^-1075 rounds to 0."""
    share = 2.0 ** (-1075 * 0.005) / (0.005 * special.beta(0.005, 3.0))
    result = gm.log10(gm.beta(alpha=0.005, beta=3, name="b")).sample(8192)
    assert result.non_finite == pytest.approx(share, abs=2e-3)
    assert "not finite and left out" in (result.mean().note or "")
    values = result.values[np.isfinite(result.values)]
    assert np.unique(values, return_counts=True)[1].max() < 4 or values.min() < -323


@pytest.mark.parametrize(
    "make",
    [
        lambda: gm.inverse_gamma(shape=0.001, scale=1, name="x"),
        lambda: gm.inverse_gamma(shape=gm.uniform(0.001, 0.002, name="u"), scale=1, name="x"),
        lambda: gm.student_t(df=0.002, name="x"),
        lambda: gm.f(df1=1, df2=0.002, name="x"),
        lambda: gm.pareto(scale=1, shape=0.001, name="x"),
        lambda: gm.weibull(shape=0.001, scale=1, name="x"),
    ],
)
def test_infinite_draws_are_said_to_be(make: Callable[[], gm.Quantity]) -> None:
    result = (make() + gm.normal(1, 2, name="y")).sample(4096)
    assert result.non_finite > 0.05
    assert all("not finite" in (e.note or "") for e in (result.mean(), result.median()))
    assert "overflow" in result.faults[0]


def test_a_span_that_floating_point_numbers_do_not_hold_is_refused() -> None:
    with pytest.raises(ModelError, match="loguniform: the bounds are more than 304 decades apart"):
        gm.loguniform(1e-300, 1e300)
