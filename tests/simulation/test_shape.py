"""What a result tells of its shape and tails: values, refusals, marks, names."""

import math
import operator
from typing import Any

import pytest

import guessmodel as gm
from guessmodel.errors import DimensionError, GuessmodelError, UsageError, WrongKind
from guessmodel.graph.quantity import Quantity
from guessmodel.simulation.statistics import statistic, unit_of
from guessmodel.units import parse

PRICE = gm.lognormal(mu=0, sigma=0.5)
LOSS = gm.exponential(mean=10, unit="USD")
SUM = LOSS + gm.exponential(mean=10, unit="USD", name="other")


def test_exact_where_the_distribution_is_known() -> None:
    result = LOSS.sample(64)
    # An exponential variable has skewness 2, kurtosis 9 and no memory.
    assert result.skewness().value == pytest.approx(2.0, rel=1e-9)
    assert result.kurtosis().value == pytest.approx(9.0, rel=1e-9)
    assert result.mode() == gm.Estimate.exact(0.0, "USD")
    assert result.shortfall(0.9).value == pytest.approx(10 * math.log(10) + 10, rel=1e-9)
    assert result.cdf(10).value == pytest.approx(1 - math.exp(-1))
    assert result.exceedance("2000 cent").value == pytest.approx(math.exp(-2))
    assert result.hdi(0.9).high.value == pytest.approx(10 * math.log(10))
    assert result.skewness().unit == ""
    assert result.shortfall().unit == result.hdi().low.unit == "USD"


def test_from_draws() -> None:
    # The sum of two is a gamma variable of shape 2: skewness √2, kurtosis 6, mode 10.
    result = gm.Model(total=SUM).sample()["total"]
    for found, true in (
        (result.mode(), 10.0),
        (result.cdf("20 USD"), 1 - 3 * math.exp(-2)),
        (result.exceedance(20), 3 * math.exp(-2)),
    ):
        assert not found.is_exact
        assert abs(found.value - true) < 3 * found.error
    lower = result.shortfall(0.5, tail="lower").value
    upper = result.shortfall(0.5).value
    assert (lower + upper) / 2 == pytest.approx(result.mean().value, rel=1e-3)
    assert result.shortfall(0.95).low > result.quantile(0.95).value


def test_moments_of_independent_parts_are_exact() -> None:
    # Of the same sum.
    result = gm.Model(total=SUM).sample(64)["total"]
    for found, true in (
        (result.sd(), 10.0 * math.sqrt(2.0)),
        (result.skewness(), math.sqrt(2.0)),
        (result.kurtosis(), 6.0),
    ):
        assert found.is_exact
        assert found.value == pytest.approx(true, rel=1e-9)


def test_the_larger_of_two_is_drawn() -> None:
    # Its CDF is (1 - exp(-x))², and its skewness that of two in a row: (2 + 2/8) / (1 + 1/4)^(3/2).
    parts = [gm.exponential(mean=1, name=name) for name in "ab"]
    found = gm.maximum(*parts).sample().skewness()
    assert not found.is_exact
    assert abs(found.value - 2.25 / 1.25**1.5) < 3 * found.error


def test_moments_that_do_not_exist() -> None:
    heavy = (gm.student_t(df=3) + gm.student_t(df=3, name="b")).sample(4096)
    assert heavy.skewness().note == "the skewness does not exist"
    assert heavy.kurtosis().note == "the kurtosis does not exist"
    five = gm.student_t(df=5, name="c"), gm.student_t(df=5)
    some = gm.maximum(*five).sample(4096)
    assert some.skewness().note == "unreliable: the skewness has an infinite error"
    assert sum(five).sample(4096).skewness() == gm.Estimate.exact(0.0)
    pareto = gm.pareto(scale=1, shape=0.9) + gm.normal(1, 2)
    assert pareto.sample(4096).shortfall(0.9).note == "the mean beyond it does not exist"
    # The other tail of the same quantity is light.
    assert math.isfinite(pareto.sample(4096).shortfall(0.1, tail="lower").value)
    both = (gm.student_t(df=1.5) + gm.normal(1, 2)).sample(4096).shortfall(0.9)
    assert both.note == "unreliable: the mean beyond it has an infinite error"
    assert LOSS.sample(64).shortfall(0.999999).is_exact
    assert SUM.sample(64).shortfall(0.999).note == "needs 8192 samples or more"


def test_shape_of_a_constant_and_of_a_flat_density() -> None:
    assert gm.constant(3).sample(8).skewness().note == "a constant has no shape"
    flat = gm.uniform(1, 2).sample(64).mode()
    assert flat.note == "there is no mode: the density is the same all along an interval"


def test_rare_events_count() -> None:
    event, loss = gm.bernoulli(1e-5, name="event"), gm.normal(9e5, 11e5, name="loss")
    rare = gm.where(event, loss, 0) + gm.normal(14, 16, name="usual")
    # Nearly all moments come from the event: E[loss³] / E[loss²]^(3/2) / √1e-5.
    mean, sd = 1e6, 1e5 / 1.6448536269514722
    true = (mean**3 + 3 * mean * sd**2) / (mean**2 + sd**2) ** 1.5 / 1e-5**0.5
    assert rare.sample(4096).skewness().value == pytest.approx(true, rel=1e-3)
    found = gm.maximum(gm.where(event, loss, 0), gm.normal(14, 16)).sample(4096).skewness()
    assert found.estimator == "stratified"
    assert found.value == pytest.approx(true, rel=0.05)


def test_runs_that_keep_no_draws() -> None:
    result = gm.Model(total=SUM).sample(2**16, keep=False)["total"]
    for statistic_of in (result.mode, result.shortfall):
        assert statistic_of().note == "needs the draws, which were not kept"
    larger = gm.Model(larger=gm.maximum(LOSS, 2 * SUM)).sample(2**16, keep=False)["larger"]
    for statistic_of in (larger.skewness, larger.kurtosis):
        assert statistic_of().note == "needs the draws, which were not kept"
    assert result.hdi().low.note == "needs the draws, which were not kept"
    true = 1 - 3 * math.exp(-2)
    share, beyond = result.cdf(20), result.exceedance(20)
    assert share.low < true < share.high
    assert share.error < 0.02
    assert beyond.value == pytest.approx(1 - share.value)


@pytest.mark.parametrize("operation", [operator.gt, operator.ge, operator.lt, operator.le])
@pytest.mark.parametrize(
    "quantity",
    [
        LOSS * gm.lognormal(1, 3),
        gm.minimum(LOSS * gm.lognormal(1, 3), gm.constant(20, "USD")),  # 20 USD has a share
        gm.ceil(LOSS * gm.lognormal(1, 3)),
        gm.where(gm.bernoulli(0.2), LOSS * 2, gm.constant(20, "USD")),
    ],
)
def test_a_chance_is_that_of_the_comparison(quantity: Quantity, operation: Any) -> None:
    """What a headline or a claim says of a quantity, and what `seek` and a comparison in the model
    say: one number, by one estimator."""
    holds = operation(quantity, gm.constant(20, "USD"))
    simulation = gm.Model(y=quantity, holds=holds).sample(4096, quantities=["y", "holds"])
    found = simulation["y"].share(
        20,
        above=operation in (operator.gt, operator.ge),
        including=operation in (operator.ge, operator.le),
    )
    own = simulation["holds"].probability()
    assert (found.value, found.low, found.high) == (own.value, own.low, own.high)
    assert found.estimator == own.estimator


def test_labels_and_draws_that_are_lost() -> None:
    labelled = gm.normal({"a": (1, 3), "b": (2, 4)}, dim="x").sample(64)
    with pytest.raises(DimensionError, match="choose a label"):
        labelled.skewness()
    assert labelled.sel(x="a").mode().value == pytest.approx(2.0)
    lost = gm.log(gm.normal(-1, 3)).sample(4096)
    for found in (lost.mode(), lost.skewness(), lost.cdf(0)):
        assert "not finite and left out" in (found.note or "")


def test_bad_arguments() -> None:
    result = LOSS.sample(64)
    with pytest.raises(UsageError, match="p is 95, not between 0 and 1; write 0.95"):
        result.shortfall(95)
    with pytest.raises(WrongKind, match="mass is a share such as 0.9, not '90%'"):
        result.hdi("90%")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="tail='left': write 'upper' or 'lower'"):
        result.shortfall(0.9, tail="left")  # type: ignore[arg-type]
    with pytest.raises(GuessmodelError, match="cannot convert kg to USD"):
        result.cdf("5 kg")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("mean", 10.0),
        ("mode", 0.0),
        ("skewness", 2.0),
        ("kurtosis", 9.0),
        ("median", 10 * math.log(2)),
        ("p90", 10 * math.log(10)),
        ("shortfall(0.9)", 10 * math.log(10) + 10),
        ("shortfall(0.9,  upper)", 10 * math.log(10) + 10),
        ("hdi(0.9) high", 10 * math.log(10)),
        ("hdi(.9) low", 0.0),
        ("P(<= 10 USD)", 1 - math.exp(-1)),
        ("P(>  10)", math.exp(-1)),
    ],
)
def test_statistics_by_name(name: str, value: float) -> None:
    assert statistic(name)(LOSS.sample(64)).value == pytest.approx(value)


@pytest.mark.parametrize(("several", "within"), [(1, 1e-12), (2, 2e-3)])
def test_chances_of_a_count(several: int, within: float) -> None:
    """The threshold counts or not: P(<= 1) = 3 exp(-2) of faults with mean 2, and its square of the
    larger of two such counts, which are drawn."""
    a, b = gm.poisson(2), gm.poisson(2)
    result = (a if several == 1 else gm.maximum(a, b)).sample(8192)
    assert (result.closed is None) == (several == 2)
    none, at_most_one = math.exp(-2) ** several, (3 * math.exp(-2)) ** several
    for name, true in (
        ("P(< 1)", none),
        ("P(<= 1)", at_most_one),
        ("P(> 1)", 1 - at_most_one),
        ("P(>= 1)", 1 - none),
    ):
        assert statistic(name)(result).value == pytest.approx(true, abs=within)


def test_lower_shortfall_by_name() -> None:
    # The mean of the lowest half, by parts: 10 (1 - ln 2 · ½ / ½) = 10 (1 - ln 2).
    found = statistic("shortfall(0.5, lower)")(LOSS.sample(64))
    assert found.value == pytest.approx(10 * (1 - math.log(2)))


def test_units_and_names_that_are_none() -> None:
    kelvin = parse("degC")
    assert str(unit_of("sd", kelvin)) == "delta_degC"
    assert str(unit_of("mode", kelvin)) == "degC"
    assert str(unit_of("P(<= 5 degC)", kelvin)) == str(unit_of("skewness", kelvin)) == ""
    for wrong, right in (("cdf(5)", "P(<= 5)"), ("exceedance(2 K)", "P(> 2 K)")):
        with pytest.raises(UsageError) as caught:
            statistic(wrong)
        assert caught.value.message == f"no statistic '{wrong}'; write '{right}'"
    for wrong in ("p0", "p100", "shortfall(95)", "hdi(90)", "averag", ""):
        with pytest.raises(UsageError, match="no statistic"):
            statistic(wrong)
    with pytest.raises(UsageError, match=r"'hdi\(0.9\)' has two ends; write 'hdi\(0.9\) low' or"):
        statistic("hdi(0.9)")
    with pytest.raises(UsageError, match="no statistic 'skewnes'; did you mean 'skewness'"):
        statistic("skewnes")


def test_a_shape_needs_more_than_a_few_draws() -> None:
    """What is exact needs none."""
    x = gm.apply(lambda a, b: a * b, gm.uniform(1, 9), gm.normal(2, 5))
    for n, reliable in ((8, False), (64, False), (256, True)):
        run = gm.Model(x=x, known=gm.exponential(mean=2)).sample(n)
        assert run["known"].skewness().reliable and run["known"].kurtosis().reliable
        assert run["x"].skewness().reliable == reliable
        if not reliable:
            assert run["x"].skewness().note == f"unreliable: {n} draws are too few to tell a shape"


def test_a_few_draws_that_are_all_the_same_are_no_constant() -> None:
    """One draw in ten million is larger, in the midst of the others, where no look farther out
    finds it; of what hangs on no draw nothing can be missed."""
    x = gm.apply(lambda a: (abs(a - 0.5) < 5e-8) * 1.0, gm.uniform(0, 1))
    same = gm.apply(lambda a: a + 1.0, gm.constant(2))
    run = gm.Model(x=x, same=same).sample(8)
    for found in (run["x"].mean(), run["x"].sd()):
        assert found.note == "unreliable: all of 8 draws are the same"
    assert run["same"].mean().reliable and run["same"].sd().reliable
