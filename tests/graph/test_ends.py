"""How families fall towards their ends: SciPy's distributions fall alike."""

import math

import numpy as np
import pytest
from scipy import stats

import guessmodel as gm
from guessmodel.distributions.beta import Beta
from guessmodel.distributions.binomial import Binomial
from guessmodel.distributions.cauchy import Cauchy
from guessmodel.distributions.chi2 import Chi2
from guessmodel.distributions.double_triangular import DoubleTriangular
from guessmodel.distributions.exponential import Exponential
from guessmodel.distributions.f import F
from guessmodel.distributions.from_scipy import FromScipy
from guessmodel.distributions.gamma import Gamma
from guessmodel.distributions.geometric import Geometric
from guessmodel.distributions.inverse_gamma import InverseGamma
from guessmodel.distributions.logistic import Logistic
from guessmodel.distributions.lognormal import Lognormal
from guessmodel.distributions.loguniform import LogUniform
from guessmodel.distributions.metalog_family import Metalog
from guessmodel.distributions.negative_binomial import NegativeBinomial
from guessmodel.distributions.normal import Normal
from guessmodel.distributions.pareto import Pareto
from guessmodel.distributions.pert import Pert
from guessmodel.distributions.poisson import Poisson
from guessmodel.distributions.student_t import StudentT
from guessmodel.distributions.triangular import Triangular
from guessmodel.distributions.truncated import Truncated
from guessmodel.distributions.uniform import Uniform
from guessmodel.distributions.weibull import Weibull
from guessmodel.graph.ends import BOUNDED, Ends
from guessmodel.graph.family import Family

NORMAL = stats.norm(3, 2)
# Of each family: parameters, and SciPy's distribution at these.
TABLE = [
    (Normal(), (3, 2), NORMAL),
    (Gamma(), (2.5, 3), stats.gamma(2.5, scale=3)),
    (Gamma(), (0.4, 3), stats.gamma(0.4, scale=3)),
    (Chi2(), (3,), stats.chi2(3)),
    (InverseGamma(), (1.7, 3), stats.invgamma(1.7, scale=3)),
    (Exponential(), (4,), stats.expon(scale=4)),
    (Weibull(), (1.0, 4), stats.weibull_min(1.0, scale=4)),
    (Weibull(), (1.8, 4), stats.weibull_min(1.8, scale=4)),
    (Weibull(), (0.6, 4), stats.weibull_min(0.6, scale=4)),
    (Pareto(), (2, 1.3), stats.pareto(1.3, scale=2)),
    (StudentT(), (2.5, 1, 3), stats.t(2.5, 1, 3)),
    (Cauchy(), (1, 3), stats.cauchy(1, 3)),
    (Logistic(), (1, 3), stats.logistic(1, 3)),
    (F(), (3, 5), stats.f(3, 5)),
    (Beta(), (0.7, 2.5, 0, 1), stats.beta(0.7, 2.5)),
    (Pert(), (0, 1, 4, 4), stats.beta(2, 4, 0, 4)),
    (Uniform(), (1, 4), stats.uniform(1, 3)),
    (LogUniform(), (1, 40), stats.loguniform(1, 40)),
    (Triangular(), (0, 1, 4), stats.triang(0.25, 0, 4)),
    (Triangular(), (0, 0, 4), stats.triang(0, 0, 4)),
    (Triangular(), (0, 4, 4), stats.triang(1, 0, 4)),
    (Truncated(Normal(), ("lower",)), (3, 2, 0), stats.truncnorm(-1.5, np.inf, 3, 2)),
    (Truncated(Pareto(), ("upper",)), (2, 1.3, 9), stats.truncpareto(1.3, 4.5, scale=2)),
]  # fmt: skip


def slope(of: object, at: float, step: float) -> float:
    return (of(at + step) - of(at)) / step  # type: ignore[operator]


@pytest.mark.parametrize(("family", "at", "scipy"), TABLE, ids=lambda x: getattr(x, "name", ""))
def test_tails_fall_as_scipys_do(family: Family, at: tuple[float, ...], scipy: object) -> None:
    ends = family.ends(*at)
    assert ends is not None
    low, high = scipy.support()  # type: ignore[attr-defined]
    for fall, sign, log_sf in (
        (ends.up, 1.0, lambda x: float(scipy.logsf(x))),  # type: ignore[attr-defined]
        (ends.down, -1.0, lambda x: float(scipy.logcdf(-x))),  # type: ignore[attr-defined]
    ):
        end = high if sign > 0 else -low
        assert fall.bounded == math.isfinite(end)
        if fall.bounded:
            continue
        if fall.power < math.inf:
            found = -slope(lambda u, f=log_sf: f(math.exp(u)), 18.0, 0.5)
            assert fall.power == pytest.approx(found, rel=1e-2)
            continue
        rates = [-slope(log_sf, x, 1.0) for x in (100.0, 400.0)]
        if 0.0 < fall.rate < math.inf:
            assert fall.rate == pytest.approx(rates[1], rel=2e-2)
        elif fall.rate == 0.0:
            assert rates[1] < 0.7 * rates[0]
        else:
            assert rates[1] > 1.5 * rates[0]


@pytest.mark.parametrize(("family", "at", "scipy"), TABLE, ids=lambda x: getattr(x, "name", ""))
def test_densities_vanish_at_the_ends_as_scipys_do(
    family: Family, at: tuple[float, ...], scipy: object
) -> None:
    ends = family.ends(*at)
    assert ends is not None
    low, high = scipy.support()  # type: ignore[attr-defined]
    for order, log_p, end in (
        (ends.at_low, lambda d: float(scipy.logcdf(low + d)), low),  # type: ignore[attr-defined]
        (ends.at_high, lambda d: float(scipy.logsf(high - d)), high),  # type: ignore[attr-defined]
    ):
        if math.isfinite(end) and math.isfinite(order):
            small = [log_p(math.exp(u)) for u in (-14.0, -12.0)]
            assert (small[1] - small[0]) / 2.0 == pytest.approx(order, rel=1e-3)
        elif math.isfinite(end):
            assert log_p(1e-2) < -100.0


def test_a_lognormal_is_judged_where_draws_are() -> None:
    mu, sigma = 0.2, 0.3
    ends = Lognormal().ends(mu, sigma)
    scipy = stats.lognorm(sigma, scale=math.exp(mu))
    there = float(scipy.isf(1e-16))
    rate = -slope(lambda x: float(scipy.logsf(x)), there, 1e-3)
    assert ends.up.rate == pytest.approx(rate, rel=0.05)
    assert ends.at_low == math.inf and ends.up.power == math.inf


def test_counts() -> None:
    assert Binomial().ends(7, 0.3) == Ends()
    assert Poisson().ends(7).up.rate == math.inf
    for ends, scipy in (
        (Geometric().ends(0.2), stats.geom(0.2)),
        (NegativeBinomial().ends(3, 0.2), stats.nbinom(3, 0.2)),
    ):
        assert ends.up.rate == pytest.approx(-slope(scipy.logsf, 1500.0, 1.0), rel=0.02)


@pytest.mark.parametrize("bounds", [(), ("lower",), ("upper",), ("lower", "upper")])
def test_metalogs_fall_as_their_quantiles_tell(bounds: tuple[str, ...]) -> None:
    """p as a function of the quantile, from its values at p = 1e-200 and 1e-250."""
    family = Metalog(4, bounds)
    values = (1.0, 0.8, 0.3, 0.1, *((0.0, 10.0)[-len(bounds) :] if bounds else ()))
    if bounds == ("lower",):
        values = (*values[:4], 0.0)
    ends = family.ends(*values)
    p = np.array([1e-200, 1e-250])
    fallen = math.log(1e50)
    for fall, order, x, bound in (
        (ends.up, ends.at_high, family.isf(p, *values), "upper"),
        (ends.down, ends.at_low, -family.ppf(p, *values), "lower"),
    ):
        assert fall.bounded == (bound in bounds)
        if not bounds:
            assert fall.rate == pytest.approx(fallen / (x[1] - x[0]), rel=1e-2)
        elif not fall.bounded:
            assert fall.power == pytest.approx(fallen / math.log(x[1] / x[0]), rel=1e-2)
        elif bound == "lower" or bounds == ("upper",):
            end = 0.0 if bound == "lower" else 10.0
            gone = np.abs(np.abs(x) - end)
            if gone.all():
                assert order == pytest.approx(fallen / math.log(gone[0] / gone[1]), rel=1e-2)


def test_nothing_is_known_of_scipys() -> None:
    assert FromScipy(stats.gumbel_r(3, 2), False).ends() is None
    assert Truncated(FromScipy(stats.gumbel_r(3, 2), False), ("lower",)).ends(1.0) is None


def test_double_triangular_and_data() -> None:
    assert DoubleTriangular().ends(0, 1, 4, 0.5) == Ends(at_low=2.0, at_high=2.0)
    data = gm.empirical([1.0, 2.0, 5.0]).operation
    assert data.family.ends().up == BOUNDED  # type: ignore[union-attr]
