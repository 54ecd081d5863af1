"""Formulas of the continuous families over their parameters, and intervals over their bounds."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guessmodel.distributions.arcsine import Arcsine
from guessmodel.distributions.beta import Beta, beta
from guessmodel.distributions.cauchy import Cauchy, cauchy
from guessmodel.distributions.chi2 import Chi2
from guessmodel.distributions.double_triangular import DoubleTriangular
from guessmodel.distributions.exponential import Exponential
from guessmodel.distributions.f import F
from guessmodel.distributions.gamma import Gamma, gamma
from guessmodel.distributions.inverse_gamma import InverseGamma, inverse_gamma
from guessmodel.distributions.logistic import Logistic, logistic
from guessmodel.distributions.lognormal import Lognormal, lognormal
from guessmodel.distributions.loguniform import LogUniform
from guessmodel.distributions.normal import Normal, normal
from guessmodel.distributions.pareto import Pareto, pareto
from guessmodel.distributions.pert import Pert
from guessmodel.distributions.student_t import StudentT, student_t
from guessmodel.distributions.triangular import Triangular
from guessmodel.distributions.truncated import Truncated
from guessmodel.distributions.uniform import Uniform
from guessmodel.distributions.weibull import Weibull, weibull
from guessmodel.graph.family import Family
from guessmodel.testing.families import check_family

Strategy = st.SearchStrategy[tuple[float, ...]]


def size(least: float, most: float) -> st.SearchStrategy[float]:
    """A positive number, any order of magnitude as likely as another."""
    return st.floats(math.log10(least), math.log10(most)).map(lambda x: 10.0**x)


location = st.one_of(
    st.just(0.0), st.builds(lambda s, x: s * x, st.sampled_from([-1, 1]), size(1e-6, 1e6))
)
scale = size(1e-6, 1e6)
share = st.floats(0.01, 0.99)


@st.composite
def bounded(draw: Any, *further: st.SearchStrategy[float], modes: Any = share) -> tuple[float, ...]:
    low, width, at = draw(location), draw(scale), draw(modes)
    # A width that the bounds can hold with ten digits.
    width = max(width, 1e-5 * abs(low))
    return low, low + at * width, low + width, *(draw(each) for each in further)


PARAMETERS: list[tuple[Family, Strategy]] = [
    (Normal(), st.tuples(location, scale)),
    (Lognormal(), st.tuples(st.floats(-20, 20), size(1e-3, 3))),
    (Uniform(), bounded().map(lambda at: (at[0], at[2]))),
    (LogUniform(), st.tuples(scale, size(0.01, 1e6)).map(lambda x: (x[0], x[0] * (1 + x[1])))),
    (Triangular(), bounded(modes=st.one_of(share, st.sampled_from([0.0, 1.0])))),
    (DoubleTriangular(), bounded(share)),
    (Pert(), bounded(size(0.1, 100))),
    (Arcsine(), bounded().map(lambda at: (at[0], at[2]))),
    (
        Beta(),
        st.tuples(size(0.1, 1e4), size(0.1, 1e4), st.sampled_from([(0.0, 1.0), (0.0, 100.0)])).map(
            lambda at: (*at[:2], *at[2])
        ),
    ),
    (Gamma(), st.tuples(size(0.1, 1e5), scale)),
    (InverseGamma(), st.tuples(size(0.1, 1e5), scale)),
    (Exponential(), st.tuples(scale)),
    (Weibull(), st.tuples(size(0.2, 100), scale)),
    (StudentT(), st.tuples(size(0.6, 1e5), location, scale)),
    (Cauchy(), st.tuples(location, scale)),
    (Logistic(), st.tuples(location, scale)),
    (Pareto(), st.tuples(scale, size(0.2, 100))),
    (Chi2(), st.tuples(size(0.2, 1e5))),
    (F(), st.tuples(size(0.2, 1e4), size(0.2, 1e4))),
]

# Bounded families lose digits at the upper bound with those of the value itself.
BOUNDED = ("arcsine", "uniform", "loguniform", "triangular", "double_triangular")
TAIL = dict.fromkeys(BOUNDED, 1e-6)


@pytest.mark.parametrize(
    ("family", "strategy"), [pytest.param(*pair, id=pair[0].name) for pair in PARAMETERS]
)
def test_formulas_agree_with_each_other(family: Family, strategy: Strategy) -> None:
    @settings(max_examples=25)
    @given(strategy)
    def check(at: tuple[float, ...]) -> None:
        mean, variance = float(family.mean(*at)), float(family.variance(*at))
        # Integration needs tails that are much lighter than the moment requires.
        converge = family.name not in {"inverse_gamma", "student_t", "pareto", "f"}
        check_family(
            family,
            at,
            tail=TAIL.get(family.name, 1e-12),
            rtol=1e-8,
            moments=converge and math.isfinite(mean) and math.isfinite(variance),
        )

    check()


@pytest.mark.parametrize(
    ("family", "strategy"), [pytest.param(*pair, id=pair[0].name) for pair in PARAMETERS]
)
def test_what_is_between_two_quantiles(family: Family, strategy: Strategy) -> None:
    """Between its quantiles at 0.2 and 0.7 a family has its own at 0.2 + p / 2, also where it is
    cut off twice."""
    p = np.array([0.1, 0.5, 0.9])

    @settings(max_examples=10)
    @given(strategy)
    def check(at: tuple[float, ...]) -> None:
        low, high = (float(family.ppf(end, *at)) for end in (0.2, 0.7))
        once = Truncated(family, ("lower", "upper"))
        twice = Truncated(Truncated(family, ("upper",)), ("lower", "upper"))
        expected = family.ppf(0.2 + 0.5 * p, *at)
        for cut, ends in ((once, (low, high)), (twice, (high, low, high))):
            assert cut.valid(*at, *ends)
            found = cut.ppf(p, *at, *ends)
            assert found == pytest.approx(expected, rel=1e-9, abs=1e-6 * (high - low))

    check()


@pytest.mark.parametrize(
    ("make", "family"),
    [
        (normal, Normal()),
        (lognormal, Lognormal()),
        (gamma, Gamma()),
        (inverse_gamma, InverseGamma()),
        (weibull, Weibull()),
        (logistic, Logistic()),
        (cauchy, Cauchy()),
        (pareto, Pareto()),
        (lambda *bounds, **options: student_t(*bounds, df=3, **options), StudentT()),
        (lambda low, high, **o: beta(low / (1 + low), high / (1 + high), **o), Beta()),
    ],
    ids=lambda x: getattr(x, "name", ""),
)
@given(low=size(1e-9, 1e9), ratio=size(1e-3, 1e6), mass=st.floats(0.01, 0.999))
@settings(max_examples=50)
def test_an_interval_holds_its_mass(
    make: Callable[..., Any], family: Family, low: float, ratio: float, mass: float
) -> None:
    high = low * (1.0 + ratio)
    at = [float(each.operation.value) for each in make(low, high, mass=mass).parameters]
    if family.name == "beta":
        low, high = low / (1 + low), high / (1 + high)
    tail = (1.0 - mass) / 2.0
    assert family.cdf(low, *at) == pytest.approx(tail, rel=1e-5)
    assert family.sf(high, *at) == pytest.approx(tail, rel=1e-5)
