"""Closed forms against textbook formulas and against the draws they replace."""

import math

import numpy as np
import pytest
from scipy import stats

import guessmodel as gm
from guessmodel.statistics.estimators import quantile
from guessmodel.statistics.exact import closed_forms


def closed(quantity):
    return closed_forms([quantity]).get(quantity)


def test_a_draw_has_its_familys_statistics():
    form = closed(gm.lognormal(mu=1, sigma=0.5))
    reference = stats.lognorm(0.5, scale=math.e)
    assert form.mean() == pytest.approx(reference.mean(), rel=1e-12)
    assert form.sd() == pytest.approx(reference.std(), rel=1e-12)
    for p in (1e-9, 0.05, 0.5, 0.95, 1 - 1e-9):
        assert form.quantile(p) == pytest.approx(reference.ppf(p), rel=1e-9)
    assert form.cdf(2.0) == pytest.approx(reference.cdf(2.0), rel=1e-12)


@pytest.mark.parametrize("bounds", [(0, 1), (0, 2), (0, 1e9), (-3, 0), (0, 1e-9)])
def test_a_bound_of_zero_is_zero(bounds):
    form = closed(gm.normal(*bounds))
    assert 0.0 in (form.quantile(0.05), form.quantile(0.95))
    assert closed(gm.lognormal(1, 3) - 1).quantile(0.05) == 0.0
    assert closed(gm.cauchy(-1, 1)).quantile(0.5) == 0.0


def test_small_quantiles_are_no_rounding():
    assert closed(gm.lognormal(1e-30, 1e30)).quantile(0.05) == pytest.approx(1e-30)
    reference = stats.gamma(0.01, scale=3).ppf(0.5)
    assert closed(gm.gamma(shape=0.01, scale=3)).quantile(0.5) == pytest.approx(reference)
    assert closed(gm.normal(1e-9, 2)).quantile(0.05) == pytest.approx(1e-9, rel=1e-6)


def test_what_is_too_large_is_infinite():
    form = closed(gm.lognormal(1e-300, 1e300))
    assert form.mean() == math.inf
    assert form.quantile(0.99) == math.inf


def test_products_quotients_and_powers_of_lognormals():
    a, b = gm.lognormal(mu=1, sigma=0.3), gm.lognormal(mu=2, sigma=0.4)
    form = closed(3 * a**2 / b)
    assert form.family.name == "lognormal"
    assert form.parameters == pytest.approx((0.0, math.hypot(0.6, 0.4)))
    assert form.scale == 3.0
    assert closed(a * a).parameters == pytest.approx((2.0, 0.6))
    assert closed(a / a).family is None
    assert closed(gm.sqrt(a)).parameters == pytest.approx((0.5, 0.15))


def test_linear_combinations_of_normals():
    x, y = gm.normal(mean=1, sd=3), gm.normal(mean=5, sd=4)
    form = closed(2 * x - y + 10)
    assert form.parameters == pytest.approx((7.0, math.hypot(6, 4)))
    assert closed(x - x).quantile(0.5) == 0.0
    assert closed(x + x).parameters == pytest.approx((2.0, 6.0))
    assert closed(gm.exp(x)).family.name == "lognormal"
    assert closed(gm.log(gm.lognormal(mu=1, sigma=2) * 10)).parameters == pytest.approx(
        (1 + math.log(10), 2)
    )


def test_multiples_and_shifts_keep_the_family_even_reflected():
    a = gm.lognormal(mu=0, sigma=1)
    form = closed(5 - 2 * a)
    reference = 5 - 2 * stats.lognorm(1).ppf(0.95)
    assert form.quantile(0.05) == pytest.approx(reference)
    assert form.mean() == pytest.approx(5 - 2 * math.exp(0.5))


def test_unit_conversions_stay_exact():
    price = gm.normal(8, 12, "USD/hour")
    assert closed(price.to("USD/day")).mean() == pytest.approx(240.0)
    cost = price * gm.constant(2, "day")
    assert closed(cost).mean() == pytest.approx(480.0)


@pytest.mark.parametrize("scale", [2.0, -2.0])
def test_at_an_atom_the_cdf_counts_it(scale):
    number = stats.poisson(3)
    for quantity, shift in ((scale * gm.poisson(3) + 1, 1.0), (scale * gm.poisson(3), 0.0)):
        for k in range(5):
            inclusive = number.cdf(k) if scale > 0 else number.sf(k - 1)
            between = number.cdf(k) if scale > 0 else number.sf(k)
            assert closed(quantity).cdf(shift + scale * k) == pytest.approx(inclusive, rel=1e-9)
            beside = shift + scale * k + (0.5 if scale > 0 else -0.5)
            assert closed(quantity).cdf(beside) == pytest.approx(between, rel=1e-9)
    assert closed(gm.constant(3.0)).cdf(3.0) == 1.0


def test_what_has_no_closed_form_has_none():
    a, x = gm.lognormal(1, 2), gm.normal(1, 2)
    for quantity in (a + a * x, a + x, gm.ceil(a), x * x, 1 / x, a**x, gm.lognormal(mu=x, sigma=1)):
        assert closed(quantity) is None


def test_closed_forms_agree_with_draws():
    # The draws are an independent way to the same statistic; each interval is a 90% one, and
    # widened three times it fails by chance with a probability below 1e-6 (normal: 4.9 sigma).
    a, b = gm.lognormal(1, 3), gm.lognormal(2, 9)
    x, y = gm.normal(1, 3), gm.normal(-5, 3)
    quantities = {"p": a * b / 4, "q": b**-0.5, "s": x - 3 * y, "r": 7 - 2 * a}
    sim = gm.Model(**quantities).sample(2**14, seed=3)
    for name, quantity in quantities.items():
        form = closed(quantity)
        rows = sim[name].values.reshape(8, -1)
        for p in (0.05, 0.5, 0.95):
            estimate = quantile(rows, p)
            assert abs(estimate.value - form.quantile(p)) < 3 * estimate.error + 1e-12


def test_a_wrong_closed_form_would_be_seen():
    a, b = gm.lognormal(1, 3), gm.lognormal(2, 9)
    rows = gm.Model(p=a * b).sample(2**14).draws["p"].reshape(8, -1)
    estimate = quantile(rows, 0.95)
    wrong = closed(a * b * 1.02).quantile(0.95)
    assert abs(estimate.value - wrong) > 3 * estimate.error


def test_means_that_do_not_exist_are_refused():
    cauchy = pytest.importorskip("guessmodel.distributions.cauchy").cauchy
    result = cauchy(location=0, scale=1).sample(64)
    assert np.isnan(result.mean().value)
    assert result.mean().note == "the mean does not exist"


def test_labels_keep_their_closed_forms():
    spans = gm.lognormal({"a": (1, 2), "b": (3, 9)}, dim="case")
    scale = gm.constant({"a": 2, "b": 10}, dim="case")
    result = (spans * scale).sample(64)
    assert result.sel(case="b").interval().high.value == pytest.approx(90)
    assert result.sel(case="b").median().is_exact
    assert (spans.sel(case="a") * 3).sample(64).median().value == pytest.approx(3 * math.sqrt(2))
    assert (spans.sel(case="a") * 3).sample(64).median().is_exact
    both = gm.stack({"x": spans.sel(case="a"), "y": gm.constant(7)}, dim="which")
    assert both.sample(64).sel(which="x").mean().is_exact
    ratio = (spans / spans.sel(case="a")).sample(64)
    assert ratio.sel(case="a").median().value == 1.0
    assert not spans.sum("case").sample(64).median().is_exact


def test_shared_labels_are_one_variate():
    shared = gm.normal({1: (0, 1), 2: (0, 1)}, dim="year", shared="year")
    apart = gm.normal({1: (0, 1), 2: (0, 1)}, dim="year")
    assert (shared.sel(year=1) - shared.sel(year=2)).sample(64).sd().value == 0.0
    sd = float(apart.sel(year=1).sample(64).sd())
    assert (apart.sel(year=1) - apart.sel(year=2)).sample(64).sd().value == pytest.approx(
        math.sqrt(2) * sd
    )
