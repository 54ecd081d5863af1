"""Closed forms against textbook formulas and against the draws they replace."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import guessmodel as gm
from guessmodel.estimators.closed_form import ClosedForms
from guessmodel.estimators.replicates import quantile


def closed(quantity):
    return ClosedForms.of([quantity]).at(quantity)


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
    wrong = closed(a * b * 1.05).quantile(0.95)
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
    assert not spans.sum("case").sample(64).median().is_exact  # a sum of lognormals


def test_shared_labels_are_one_variate():
    shared = gm.normal({1: (0, 1), 2: (0, 1)}, dim="year", shared="year")
    apart = gm.normal({1: (0, 1), 2: (0, 1)}, dim="year")
    assert (shared.sel(year=1) - shared.sel(year=2)).sample(64).sd().value == 0.0
    sd = float(apart.sel(year=1).sample(64).sd())
    assert (apart.sel(year=1) - apart.sel(year=2)).sample(64).sd().value == pytest.approx(
        math.sqrt(2) * sd
    )


# --- along labels ---------------------------------------------------------------------------------

MONTHS = ("jan", "feb", "mar", "apr")


def test_the_sum_of_four_standard_normals_is_that_of_jcgm_101():
    # JCGM 101:2008, 9.2.2: four quantities N(0, 1), y = sum; 95% coverage interval [-3.92, 3.92].
    x = gm.normal(mean=dict.fromkeys(MONTHS, 0.0), sd=1.0, dim="input")
    result = x.sum("input").sample(64)
    for p, published in ((0.025, -3.92), (0.975, 3.92)):
        assert result.quantile(p).is_exact
        assert round(result.quantile(p).value, 2) == published
    assert result.sd().value == 2.0
    assert x.mean("input").sample(64).sd().value == 0.5


def test_products_of_labelled_lognormals():
    x = gm.lognormal(mu={"a": 0.5, "b": 1.5}, sigma={"a": 3.0, "b": 4.0}, dim="case")
    assert closed(x.prod("case")).parameters == pytest.approx((2.0, 5.0))
    product = x.cumprod("case")
    running = ClosedForms.of([product])
    assert running.at(product, (0,)).parameters == pytest.approx((0.5, 3.0))
    assert running.at(product, (1,)).parameters == pytest.approx((2.0, 5.0))
    ratio = ClosedForms.of([both := x.prod("case") / x.sel(case="a")]).at(both)
    assert ratio.parameters == pytest.approx((1.5, 4.0))


def test_what_mixes_labels_in_other_ways_has_no_closed_form():
    x = gm.normal({"a": (1, 2), "b": (3, 9)}, dim="case")
    for quantity in (x.max("case"), x.min("case"), x.prod("case"), x.idxmax("case")):
        assert closed(quantity) is None
    assert closed(gm.exp(x).sum("case")) is None


def labelled_and_named(data):
    """A labelled quantity, and the same as one unlabelled quantity a label (None: not applicable),
    by the same steps; the named ones know nothing of labels."""
    means = data.draw(st.lists(st.floats(-5, 5), min_size=len(MONTHS), max_size=len(MONTHS)))
    common = gm.normal(mean=1, sd=2)
    named = [gm.normal(mean=mean, sd=0.5 + i) for i, mean in enumerate(means)]
    sds = {month: 0.5 + i for i, month in enumerate(MONTHS)}
    labelled = gm.normal(mean=dict(zip(MONTHS, means, strict=True)), sd=sds, dim="month")
    first_labelled, first_named = labelled, named
    for step in data.draw(
        st.lists(st.sampled_from(["sum", "difference", "later", "weights", "base", "add"]))
    ):
        if step == "sum":
            labelled, named = labelled.cumsum("month"), summed(named)
        elif step == "difference":
            labelled = labelled - labelled.shift(month=1, fill=0)
            before = [gm.constant(0), *named[:-1]]
            named = [
                None if x is None or y is None else x - y
                for x, y in zip(named, before, strict=True)
            ]
        elif step == "later":
            labelled, named = labelled.shift(month=1), [None, *named[:-1]]
        elif step == "weights":
            labelled = labelled * gm.constant(
                dict(zip(MONTHS, (2, -1, 0, 0.3), strict=True)), dim="month"
            )
            named = [x if x is None else x * w for x, w in zip(named, (2, -1, 0, 0.3), strict=True)]
        elif step == "base":
            labelled, named = labelled + common, [x if x is None else x + common for x in named]
        else:
            labelled = labelled + first_labelled
            named = [x if x is None else x + y for x, y in zip(named, first_named, strict=True)]
    return labelled, named


def summed(terms):
    total, found = gm.constant(0), []
    for term in terms:
        total = total if term is None else total + term
        found.append(None if term is None else total)
    return found


@settings(deadline=None)
@given(st.data())
def test_labelled_quantities_are_as_exact_as_named_ones(data):
    labelled, named = labelled_and_named(data)
    forms = ClosedForms.of([labelled])
    applicable = [x for x in named if x is not None]
    for i, x in enumerate(named):
        assert_alike(forms.at(labelled, (i,)), x)
    if applicable:
        assert_alike(closed(labelled.sum("month")), sum(applicable))
        assert_alike(closed(labelled.mean("month")), sum(applicable) / len(applicable))
        product = gm.exp(labelled).prod("month")
        assert_alike(closed(product), gm.exp(sum(applicable)))


def assert_alike(form, quantity):
    other = None if quantity is None else closed(quantity)
    if other is None:
        assert form is None
        return
    assert (form.family is None) == (other.family is None)
    for p in (0.05, 0.5, 0.95):
        assert form.quantile(p) == pytest.approx(other.quantile(p), rel=1e-9, abs=1e-9)


def test_labelled_sums_agree_with_draws():
    # Order statistics are an independent way; chance leaves 1e-6 three widened intervals away.
    x = gm.normal({month: (i, 2 * i + 1) for i, month in enumerate(MONTHS)}, dim="month")
    late = (x - x.shift(month=1)).cumsum("month").sum("month")
    rows = gm.Model(late=late).sample(2**14, seed=3).draws["late"].reshape(8, -1)
    for p in (0.05, 0.5, 0.95):
        estimate = quantile(rows, p)
        assert abs(estimate.value - closed(late).quantile(p)) < 3 * estimate.error
    wrong = closed(late * 1.05)
    assert abs(estimate.value - wrong.quantile(0.95)) > 3 * estimate.error


def test_sums_and_products_of_thousands_of_terms():
    n = 5_000
    x = [gm.normal(mean=1, sd=0.5) for _ in range(n)]
    assert closed(sum(x)).parameters == pytest.approx((n, 0.5 * math.sqrt(n)))
    y = gm.lognormal(mu=0.01, sigma=0.02)
    product = math.prod([y] * n)
    assert closed(product).parameters == pytest.approx((0.01 * n, 0.02 * n))


def test_a_form_is_worked_out_once():
    names = [str(i) for i in range(300)]
    x = gm.normal(dict.fromkeys(names, (1, 2)), dim="i")
    total = x.cumsum("i")
    forms = ClosedForms.of([total])
    for i in range(len(names)):
        forms.at(total, (i,))
    # A coordinate of the sum, of the draw, of its two parameters and of what these are made from.
    assert len(forms.known) <= 8 * len(names)


def test_factors_beyond_the_range_of_floats():
    a = gm.lognormal(mu=0, sigma=1)
    huge = a * 1e300
    assert closed(huge * huge / 1e300 / 1e300).quantile(0.5) == pytest.approx(1.0)
    assert closed(huge**2 / huge).quantile(0.5) == pytest.approx(1e300)
    assert closed(gm.exp(a - a + 1000)) is None  # infinite, which the draws tell of


@pytest.mark.parametrize("scale", [1e-200, -1e-200])
@pytest.mark.parametrize(
    "draw",
    [
        gm.uniform(5, 10),
        gm.normal(5, 10),
        gm.lognormal(5, 10),
        gm.poisson(3),
        gm.gamma(5, 10),
        gm.cauchy(5, 10),
        gm.bernoulli(0.3),
        gm.empirical([3, 5, 9]),
    ],
    ids=lambda x: x.operation.family.name,
)
def test_what_no_draw_differs_from_is_a_constant(draw, scale):
    """Its scale has become 0, by which the cdf divided."""
    for x in (draw * scale * abs(scale) + 2, (draw + 7) * scale * abs(scale) + 2):
        form = closed(x)
        assert (form.mean(), form.sd(), form.quantile(0.05)) == (2.0, 0.0, 2.0)
        assert [form.cdf(t) for t in (1.9, 2.0, 2.1)] == [0.0, 1.0, 1.0]


@pytest.mark.parametrize("steps", [30, 60, 1100])
def test_a_spread_lost_in_rounding_is_none(steps):
    """Of the draws, which are all the same then, and of the closed form."""
    x = gm.uniform(5, 10)
    for _ in range(steps):
        x = x * 0.5 + 1
    draws = np.unique(x.sample(1000).draws)
    form = closed(x)
    assert (form.sd() == 0.0) == (len(draws) == 1)
    assert form.quantile(0.5) == pytest.approx(float(draws.mean()), rel=1e-15)
    assert form.cdf(2.0 + 1e-7) == 1.0
    assert (form.cdf(2.0) == 1.0) == (draws.max() == 2.0)


def test_a_small_spread_stays():
    assert closed(gm.uniform(5, 10) * 1e-15 + 2).sd() > 0.0
    assert closed(gm.lognormal(mu=0, sigma=20) * 1e-20 + 2).quantile(1 - 1e-9) > 3.0
    assert closed(gm.uniform(5, 10) * 1e-300).quantile(0.5) == pytest.approx(7.5e-300)


def test_multiples_of_lognormals_beyond_the_range_of_floats():
    a = gm.lognormal(mu=0, sigma=1)
    small = a * 1e-170 * 1e-300
    assert closed(small * 1e250 * 1e220).quantile(0.5) == pytest.approx(1.0)
    assert closed(-small * 1e250 * 1e220).quantile(0.5) == pytest.approx(-1.0)
    assert closed(a * 1e170 * 1e300 * 1e-250 * 1e-220).quantile(0.5) == pytest.approx(1.0)
