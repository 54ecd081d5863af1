"""Shape of known distributions, against scipy.stats and closed forms of textbooks."""

import math

import numpy as np
import pytest
from scipy import stats

import guessmodel as gm
from guessmodel.estimators import exact_shape
from guessmodel.estimators.closed_form import Closed, ClosedForms


def closed(quantity: gm.Quantity) -> Closed:
    found = ClosedForms.of([quantity]).at(quantity, ())
    assert found is not None
    return found


# Quantity, the same of scipy.stats, its mode by a textbook formula.
SMOOTH = [
    (gm.normal(mean=3, sd=2), stats.norm(3, 2), 3.0),
    (gm.lognormal(mu=0, sigma=0.5), stats.lognorm(0.5), math.exp(-0.25)),
    (gm.gamma(shape=3, scale=2), stats.gamma(3, scale=2), 4.0),
    (gm.exponential(mean=5), stats.expon(scale=5), 0.0),
    (gm.beta(alpha=2, beta=5), stats.beta(2, 5), 0.2),
    (gm.logistic(location=1, scale=2), stats.logistic(1, 2), 1.0),
    (gm.student_t(df=9), stats.t(9), 0.0),
]


@pytest.mark.parametrize(("quantity", "known", "peak"), SMOOTH)
def test_against_scipy(quantity: gm.Quantity, known, peak: float) -> None:
    form = closed(quantity)
    skewness, excess = known.stats("sk")
    assert exact_shape.standardised_moment(form, 3) == pytest.approx(skewness, rel=1e-7, abs=1e-9)
    assert exact_shape.standardised_moment(form, 4) == pytest.approx(excess + 3.0, rel=1e-7)
    assert exact_shape.mode(form) == pytest.approx(peak, abs=1e-6)
    for p in (0.1, 0.95):
        above = known.expect(lambda x: x, lb=known.ppf(p), conditional=True)
        below = known.expect(lambda x: x, ub=known.ppf(p), lb=known.support()[0], conditional=True)
        assert exact_shape.shortfall(form, 1 - p, upper=True) == pytest.approx(above, rel=1e-5)
        assert exact_shape.shortfall(form, p, upper=False) == pytest.approx(below, rel=1e-4)
    assert form.share(5.0, above=True, including=False) == pytest.approx(known.sf(5.0), rel=1e-9)


@pytest.mark.parametrize(("quantity", "known", "peak"), SMOOTH)
def test_shortest_interval_has_one_density_at_both_ends(
    quantity: gm.Quantity, known, peak: float
) -> None:
    ends = exact_shape.shortest(closed(quantity), 0.8)
    assert ends is not None
    assert known.cdf(ends[1]) - known.cdf(ends[0]) == pytest.approx(0.8, abs=1e-9)
    assert ends[0] <= peak <= ends[1]
    if peak > known.support()[0]:  # the first-order condition of the shortest interval
        assert known.pdf(ends[0]) == pytest.approx(known.pdf(ends[1]), rel=1e-5)
    else:
        assert ends[0] == known.support()[0]


def test_a_negative_factor_turns_everything_round() -> None:
    form, turned = closed(gm.gamma(shape=3, scale=2)), closed(-gm.gamma(shape=3, scale=2))
    assert exact_shape.standardised_moment(turned, 3) == pytest.approx(-2 / math.sqrt(3), rel=1e-9)
    assert exact_shape.mode(turned) == pytest.approx(-4.0, abs=1e-6)
    low, high = exact_shape.shortest(form, 0.7) or (0.0, 0.0)
    assert exact_shape.shortest(turned, 0.7) == pytest.approx((-high, -low), abs=1e-6)
    worst = exact_shape.shortfall(form, 0.1, upper=True)
    assert exact_shape.shortfall(turned, 0.1, upper=False) == pytest.approx(-(worst or 0.0))
    assert turned.share(-4.0, above=True, including=False) == pytest.approx(
        stats.gamma(3, scale=2).cdf(4.0)
    )


def test_shortfall_of_pareto_by_its_formula() -> None:
    # Beyond its quantile q a Pareto variable has the mean a q / (a - 1), however heavy its tail.
    form = closed(gm.pareto(scale=2, shape=1.2))
    q = stats.pareto(1.2, scale=2).ppf(0.9)
    assert exact_shape.shortfall(form, 0.1, upper=True) == pytest.approx(6.0 * q, rel=1e-5)


def test_whole_numbers_are_summed_up() -> None:
    """Of a Poisson variable the skewness is m^(-1/2), the kurtosis 3 + 1 / m; of a fair die the
    largest quarter are 6 with 1/6 and 5 with the 1/12 that is left."""
    whole = closed(gm.poisson(mean=3))
    assert exact_shape.standardised_moment(whole, 3) == pytest.approx(3**-0.5, rel=1e-9)
    assert exact_shape.standardised_moment(whole, 4) == pytest.approx(3 + 1 / 3, rel=1e-9)
    for die, sign in (
        (closed(gm.empirical(range(1, 7))), 1),
        (closed(-gm.empirical(range(1, 7))), -1),
    ):
        largest = exact_shape.shortfall(die, 0.25, upper=sign > 0)
        assert largest == pytest.approx(sign * (6 / 6 + 5 / 12) / 0.25, rel=1e-12)
        smallest = exact_shape.shortfall(die, 0.25, upper=sign < 0)
        assert smallest == pytest.approx(sign * (1 / 6 + 2 / 12) / 0.25, rel=1e-12)
    assert exact_shape.standardised_moment(closed(gm.constant(3) * 1), 3) is None


def test_shares_with_and_without_the_number_itself() -> None:
    for form in (closed(gm.binomial(2, 0.5)), closed(2 - gm.binomial(2, 0.5))):
        for x, below, at in ((0.0, 0.0, 0.25), (1.0, 0.25, 0.5), (2.0, 0.75, 0.25), (3.0, 1, 0)):
            assert form.share(x, above=False, including=False) == pytest.approx(below)
            assert form.share(x, above=False, including=True) == pytest.approx(below + at)
            assert form.share(x, above=True, including=True) == pytest.approx(1 - below)
            assert form.share(x, above=True, including=False) == pytest.approx(1 - below - at)
    constant = closed(gm.constant(3) * 1)
    for x, below, at in ((2.0, 0, 0), (3.0, 0, 1), (4.0, 1, 0)):
        assert constant.share(x, above=False, including=False) == below
        assert constant.share(x, above=False, including=True) == below + at
        assert constant.share(x, above=True, including=True) == 1 - below
        assert constant.share(x, above=True, including=False) == 1 - below - at


def test_what_has_no_smooth_distribution_is_left_to_the_draws() -> None:
    whole = closed(gm.poisson(mean=3))
    assert exact_shape.mode(whole) is None
    assert exact_shape.shortest(whole, 0.9) is None
    assert exact_shape.standardised_moment(closed(gm.cauchy(location=0, scale=1)), 3) is None
    assert math.isnan(exact_shape.mode(closed(gm.uniform(1, 2))) or 0.0)


def test_density_that_is_infinite_at_an_end() -> None:
    assert exact_shape.mode(closed(gm.gamma(shape=0.5, scale=1) + 3)) == 3.0
    assert np.isclose(
        exact_shape.shortest(closed(gm.uniform(0, 1)), 0.5) or (0, 0), (0.25, 0.75)
    ).all()
