"""Quantities from text: ranges, and all families by their constructors."""

import math

import numpy as np
import pytest
from scipy import stats

import guessmodel as gm
from guessmodel.distributions.composed_text import COMPOSED, UNWRITTEN
from guessmodel.distributions.text import FAMILIES, quantity_from_text
from guessmodel.errors import GuessmodelError

# A text, and the same as a constructor has it.
WRITTEN = {
    "arcsine(2, 5 m)": gm.arcsine(2, 5, "m"),
    "bernoulli(20%)": gm.bernoulli(0.2),
    "beta(0.2 to 0.4)": gm.beta(0.2, 0.4),
    "beta(20% to 40%)": gm.beta(20, 40, "percent"),
    "beta(2 to 5 USD, lower=0, upper=10)": gm.beta(2, 5, "USD", lower=0, upper=10),
    "binomial(trials=5, p=30%)": gm.binomial(trials=5, p=0.3),
    "cauchy(1 to 5 USD)": gm.cauchy(1, 5, "USD"),
    "chi2(df=3)": gm.chi2(df=3),
    "double_triangular(1, 5, mode=2)": gm.double_triangular(1, 5, mode=2),
    "exponential(mean=3 USD)": gm.exponential(mean=gm.constant(3, "USD")),
    "f(df1=3, df2=4)": gm.f(df1=3, df2=4),
    "gamma(1 to 5)": gm.gamma(1, 5),
    "geometric(p=0.2)": gm.geometric(p=0.2),
    "inverse_gamma(1 to 5)": gm.inverse_gamma(1, 5),
    "logistic(1 to 5)": gm.logistic(1, 5),
    "lognormal(1, 5 USD)": gm.lognormal(1, 5, "USD"),
    "loguniform(1, 5)": gm.loguniform(1, 5),
    "metalog(p5=1, p50=2, p95=5)": gm.metalog(p5=1, p50=2, p95=5),
    "negative_binomial(mean=3, dispersion=2)": gm.negative_binomial(mean=3, dispersion=2),
    "normal(mean=3 USD, sd=1 USD)": gm.normal(mean=3, sd=1, unit="USD"),
    "normal(1 to 5) USD": gm.normal(1, 5, "USD"),
    "pareto(1 to 5)": gm.pareto(1, 5),
    "pert(1, 3, 9)": gm.pert(1, 9, mode=3),
    "poisson(4)": gm.poisson(4),
    "student_t(1 to 5, df=4)": gm.student_t(1, 5, df=4),
    "triangular(1, 2, 4 kg)": gm.triangular(1, 4, "kg", mode=2),
    "triangular(2, 4, 8 USD, mass=0.8)": gm.triangular(2, 8, "USD", mode=4, mass=0.8),
    "uniform(1, 5)": gm.uniform(1, 5),
    "uniform(1, 5 USD, mass=50%)": gm.uniform(1, 5, "USD", mass=0.5),
    "weibull(1 to 5)": gm.weibull(1, 5),
}


@pytest.mark.parametrize("text", WRITTEN)
def test_a_family_in_text_is_that_of_its_constructor(text: str) -> None:
    read, meant = (
        gm.Model(x=q).sample(1024)["x"] for q in (quantity_from_text(text), WRITTEN[text])
    )
    assert read.unit == meant.unit
    assert read.quantile(0.3).value == pytest.approx(meant.quantile(0.3).value)
    assert read.quantile(0.9).value == pytest.approx(meant.quantile(0.9).value)


def test_every_family_has_a_row() -> None:
    assert {text.partition("(")[0] for text in WRITTEN} == set(FAMILIES)


def test_every_constructor_is_a_family_with_a_text_or_known_to_have_none() -> None:
    own = {
        name
        for name in gm.__all__
        if getattr(getattr(gm, name), "__module__", "") == f"guessmodel.distributions.{name}"
    }
    of_data = {"empirical", "from_preliz", "pool", "table"}  # and of other draws
    assert own == {*FAMILIES, *COMPOSED, *UNWRITTEN, *of_data} - {"filtered"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nrmal(1, 2)", "there is no family 'nrmal'; did you mean 'normal'"),
        ("open(1)", "there is no family 'open'"),
        ("normal(1, 2, 3)", "normal takes low, high; got 3"),
        ("normal(men=3)", "normal has no men=; did you mean 'mean'"),
        ("normal(1, 2, low=1)", "normal: low is given twice"),
        ("normal(mean=1, mean=2)", "normal: mean= is given twice"),
        ("normal(name=3)", "normal has no name="),
        ("normal(1, 2 kg, mass=x)", "cannot read 'x' as a figure"),
        ("normal(1 kg, 2 USD)", "cannot convert kg to USD"),
        ("normal()", "normal takes one of"),
        ("lognormal(0 to 12)", "low is 0, and every draw is above 0"),
    ],
)
def test_what_is_refused(text: str, message: str) -> None:
    with pytest.raises(GuessmodelError, match=message.replace("(", r"\(")):
        quantity_from_text(text)


@pytest.mark.parametrize(
    "old",
    [
        *("beta", "cauchy", "gamma", "inverse_gamma", "logistic", "lognormal", "normal"),
        *("pareto", "weibull", "uniform", "loguniform"),
    ],
)
def test_a_range_keeps_the_family_of_the_draw(old: str) -> None:
    """Also of a draw at labels, and of one in another unit."""
    make = getattr(gm, old)
    model = gm.Model(x=make(0.2, 0.5))
    changed = model.with_(x="0.3 to 0.4").quantities["x"]
    assert changed.operation.family.name == old  # type: ignore[union-attr]
    meant = gm.Model(x=make(0.3, 0.4)).sample(1024)["x"]
    found = model.with_(x="0.3 to 0.4").sample(1024)["x"]
    assert found.quantile(0.3).value == pytest.approx(meant.quantile(0.3).value)
    labelled = gm.Model(x=make({"a": (0.2, 0.5), "b": (0.1, 0.5)}, dim="k")).with_(x="0.3 to 0.4")
    assert labelled.quantities["x"].operation.family.name == old  # type: ignore[union-attr]


def test_a_converted_draw_keeps_its_family_and_a_derived_quantity_has_none() -> None:
    daily = gm.normal(24, 48, "USD/day")
    model = gm.Model(hourly=daily.to("USD/hour"))
    low, high = model.with_(hourly="1 to 9").sample(1024)["hourly"].interval()
    middle = model.with_(hourly="1 to 9").sample(1024)["hourly"].median()
    assert (low.value, middle.value, high.value) == pytest.approx((1, 5, 9))
    price = gm.normal(1, 2)
    derived = gm.Model(price=price, twice=2 * price).with_(twice="1 to 9").sample(1024)["twice"]
    assert derived.median().value == pytest.approx(3)  # lognormal: √(1 · 9)


def test_a_range_that_the_family_cannot_have_is_an_error_that_says_what_to_write() -> None:
    model = gm.Model(price=gm.lognormal(5, 10, "USD"), n=gm.poisson(3), t=gm.student_t(df=3))
    with pytest.raises(
        GuessmodelError,
        match=r"low is 0, and every draw is above 0.*\n.*write normal\(0 to 12 USD\)",
    ):
        model.with_(price="0 to 12 USD")
    with pytest.raises(GuessmodelError, match=r"says nothing of a poisson; .*normal\(3 to 5\)"):
        model.with_(n="3 to 5")
    mixed = gm.Model(x=gm.mixture([gm.normal(0, 1), gm.normal(5, 6)]))
    with pytest.raises(GuessmodelError, match=r"says nothing of a mixture.*: normal\(1 to 5\)"):
        mixed.with_(x="1 to 5")
    low, high = mixed.with_(x="normal(1 to 5)").sample(1024)["x"].interval()
    assert (low.value, high.value) == pytest.approx((1, 5))


def test_plain_numbers_are_counted_in_the_unit_of_what_is_replaced() -> None:
    model = gm.Model(x=gm.normal(1, 2, "kg"), share=gm.beta(20, 40, "percent"))
    assert model.with_(x="uniform(3000 gram, 5 kg)").sample(64)["x"].mean().value == 4
    assert model.with_(x="pert(1, 3, 5)").sample(64)["x"].unit == "kg"
    low, high = model.with_(share="beta(30 to 50)").sample(64)["share"].interval()
    assert (low.value, high.value) == pytest.approx((30, 50))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("5 to 10", gm.lognormal(5, 10)),
        ("1K..2M", gm.lognormal(1e3, 2e6)),
        ("[8, 10]", gm.lognormal(8, 10)),
        ("[8,10] USD", gm.lognormal(8, 10, "USD")),
        ("[1,000, 2,000]", gm.lognormal(1000, 2000)),
        ("3 of 10", gm.beta(alpha=4, beta=8)),
        ("0 of 10", gm.beta(alpha=1, beta=11)),
        ("1K of 2K", gm.beta(alpha=1001, beta=1001)),
        ("40%", gm.constant(40, "percent")),
        ("0.5 to 2 USD/hour", gm.lognormal(0.5, 2, "USD/hour")),
        ("1e3 to 2.5E4", gm.lognormal(1000, 25000)),
        ("-1 to 5", gm.normal(-1, 5)),
        ("normal(0 to 5)", gm.normal(0, 5)),
    ],
)
def test_parse_reads_what_people_write(text: str, meant: gm.Quantity) -> None:
    """The closed forms of the constructors, which have tests of their own."""
    found = gm.parse(text)
    assert found.unit == meant.unit
    for quantity in (found, gm.Model(x=gm.constant(0, meant.unit)).with_(x=text).quantities["x"]):
        for p in (0.05, 0.5, 0.95):
            shown = quantity.sample(64).quantile(p)
            assert shown.value == pytest.approx(meant.sample(64).quantile(p).value)


@pytest.mark.parametrize(
    ("text", "message", "column"),
    [
        ("0 to 5", r"cannot reach 0: write normal\(0 to 5\), or uniform\(0 to 5\)", 0),
        ("5 too 8", "cannot read '5 too 8': write 5 to 8", 2),
        ("5 to 8 USD/huor", "unknown unit 'huor'", 11),
        ("5 USD/huor to 8", "unknown unit 'huor'", 6),
        ("1.2.3", "cannot read '1.2.3' as a figure", 3),
        ("  -x", "cannot read '-x' as a figure", 3),
        ("5 to 8 to 9", "is no range", 10),
        ("8 to 5", "starts above its end", 0),
        ("5 to 8K", "is unclear: write '5K to 8K'", 6),
        ("5 to 8 m$", "is unclear", 7),
        ("16 B", "is unclear", 3),
        ("5 to 6bn", "is unclear", 6),
        ("nrmal(1, 2)", "there is no family 'nrmal'", 0),
        ("normal(1, 2 kkg)", "unknown unit 'kkg'", 12),
        ("normal(mean=1, sd=q)", "cannot read 'q'", 18),
        ("pert(1, 3, 9) USD/dya", "unknown unit 'dya'", 18),
        ("3 of 2", "3 successes are more than 2 trials", 0),
        ("0 of 0", "no trials tell nothing", 0),
        ("3.5 of 10", "'3.5' is no number of successes", 0),
        ("5 of 10 USD", "'10 USD' is no number of trials", 4),
        ("[1, 2, 3]", "'.1, 2, 3.': write two figures in brackets", 7),
        ("[8 10]", "write two figures in brackets", 1),
    ],
)
def test_an_error_has_a_caret_under_the_character_that_does_not_fit(
    text: str, message: str, column: int
) -> None:
    for read in (gm.parse, lambda text: gm.Model(x=gm.constant(1)).with_(x=text)):
        with pytest.raises(GuessmodelError, match=message) as caught:
            read(text)
        *_, shown, caret = caught.value.message.splitlines()
        assert shown == f"  {text}"
        assert caret == f"  {' ' * column}^"


def test_a_caret_stands_in_a_long_text_and_below_what_is_escaped() -> None:
    with pytest.raises(GuessmodelError, match="unknown unit 'zz'") as caught:
        gm.parse("pert(1, 2, " + "3" * 80 + " zz, 4)")
    *_, shown, caret = caught.value.message.splitlines()
    assert shown[caret.index("^") :].startswith("zz")
    with pytest.raises(GuessmodelError) as caught:
        gm.parse("\x1b[5")
    *_, shown, caret = caught.value.message.splitlines()
    assert shown.isprintable() and caret == "  ^"


def test_data_are_resampled_as_text() -> None:
    price = gm.Model(price=gm.normal(1, 2, "USD"))
    for text in ("empirical([3, 5, 5, 9] USD)", "empirical(300, 500, 500, 900 cent)"):
        result = price.with_(price=text).sample(1024)["price"]
        # The mean of the data, each as probable as the others.
        assert result.mean().value == pytest.approx(5.5)
        assert set(result.values) == {3.0, 5.0, 9.0}


def test_truncation_as_text() -> None:
    price = gm.Model(price=gm.normal(1, 2, "USD"))
    changed = price.with_(price="truncated(normal(mean=0, sd=100) cent, lower=0, upper=2 USD)")
    result = changed.sample(1024)["price"]
    truth = stats.truncnorm(0, 2)  # SciPy's, in sd from the mean
    assert result.median().value == pytest.approx(truth.median())
    assert result.mean().value == pytest.approx(truth.mean())
    whole = price.with_(price="truncated(normal(0 to 12), lower=0)")
    assert whole.sample(64)["price"].values.min() >= 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("mixture(1, 2)", r"write mixture\(\[normal\(2 to 8\), 0\], \[0.3, 0.7\]\)"),
        ("mixture([])", r"write mixture\("),
        ("mixture([1, 2], 3)", r"write a list of numbers, such as \[0.3, 0.7\]"),
        ("mixture([1, 2], [3])", "2 components take 2 weights, not 1"),
        ("mixture([1, 2], weight=[3, 4])", r"write mixture\("),
        (
            "mixture([1, foo(2)])",
            r"(?s)no family 'foo'.*foo\(2\)\]\)\n {14}\^",
        ),
        ("dirichlet(1, 2)", r"in place of shares along one dimension; .* gm.dirichlet\("),
        ("zero_inflated(lognormal(1, 2))", r"write zero_inflated\(lognormal"),
        ("hurdle(poisson(2), 0.1, 5)", r"write hurdle\(poisson"),
        ("from_scipy(gumbel_r(5, 2))", "gm.from_scipy"),
        ("truncated(5)", "truncated"),
        ("truncated(normal(1, 2), low=3)", r"write truncated\(normal\(2 to 8\), lower=0\)"),
        ("truncated(normal(1, 2))", "bound"),
        ("truncated(normal(1, 2), lower=3 hour)", "cannot convert hour"),
        ("empirical()", "data is empty; give at least one number"),
        ("empirical([3, x])", "cannot read 'x' as a figure"),
        ("emperical(3)", "no family 'emperical'; did you mean 'empirical'"),
    ],
)
def test_what_is_composed_is_made_or_refused(text: str, message: str) -> None:
    with pytest.raises(GuessmodelError, match=message):
        gm.Model(price=gm.normal(1, 2, "USD")).with_(price=text)


@pytest.mark.parametrize(
    ("text", "mean"),
    [
        ("mixture([normal(2 to 8), 0], [0.3, 0.7])", 0.3 * 5),
        ("mixture([normal(2 to 8 USD), 500 cent, 2])", (5 + 5 + 2) / 3),
        ("mixture([3, mixture([1, 2])], weights=[1, 3]) cent", (3 + 3 * 1.5) / 4 / 100),
        ("zero_inflated(uniform(1, 5), 90%)", 0.1 * 3),
        ("zero_inflated(5 USD, p_zero=0.2)", 0.8 * 5),
        ("hurdle(poisson(2), 70%)", 0.3 * 2 / (1 - math.exp(-2))),
        ("truncated(uniform(0, 10), 2, 4)", 3),
        ("truncated(mixture([uniform(0, 10), uniform(0, 10)]) , upper=4)", 2),
    ],
)
def test_what_is_made_of_other_texts(text: str, mean: float) -> None:
    """Means by hand; plain numbers are in the unit of what is replaced, and of a hurdle the mean
    is (1 - p) λ / (1 - exp(-λ))."""
    model = gm.Model(price=gm.lognormal(1, 2, "USD"), other=gm.normal(1, 2))
    changed = model.with_(price=text)
    result = changed.sample(1 << 14)["price"]
    assert result.mean().value == pytest.approx(mean, rel=2e-3)
    assert str(result.quantity.unit) == "USD"
    # It is made of the random number of what it replaces, and moves nothing else.
    assert changed.quantities["price"].to("USD").unit == model.quantities["price"].unit
    before, after = (each.sample(256)["other"].values for each in (model, changed))
    np.testing.assert_array_equal(before, after)


def test_a_mixture_as_text_has_one_random_number_that_of_what_it_replaces() -> None:
    price = gm.lognormal(1, 2)
    model = gm.Model(price=price)
    changed = model.with_(price="mixture([normal(20 to 80), uniform(1, 2)], [0.3, 0.7])")
    old, new = (each.sample(4096)["price"] for each in (model, changed))
    assert new.quantity.variate is old.quantity.variate
    from_old = gm.Model(a=old.quantity, b=new.quantity).sample(4096)
    assert from_old.rank_correlation("a", "b").value == pytest.approx(1, abs=1e-4)


def test_shares_as_text_lie_along_the_dimension_of_what_they_replace() -> None:
    """The mean of a share is its concentration over the sum of all."""
    shares = gm.dirichlet({"a": 2, "b": 3}, dim="way")
    model = gm.Model(shares=shares)
    for text, mean in (("dirichlet(20, 60)", 0.25), ("dirichlet(b=1, a=4)", 0.8)):
        found = model.with_(shares=text).sample(1 << 14)["shares"]
        assert found.sel(way="a").mean().value == pytest.approx(mean, abs=2e-3)
        assert found.values.sum(axis=0) == pytest.approx(1)
    for text, message in (
        ("dirichlet(1, 2, 3)", "a concentration for each way: 2, not 3"),
        ("dirichlet(a=1, c=2)", "dirichlet: 'c' is none of the labels, 'a', 'b'"),
        ("dirichlet(0, 2)", "write 0.05 or more"),
    ):
        with pytest.raises(GuessmodelError, match=message):
            model.with_(shares=text)
