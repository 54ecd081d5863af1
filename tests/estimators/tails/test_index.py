"""The tail index of what quantities are made into, against closed forms; and what it marks."""

import math
from collections.abc import Callable

import numpy as np
import pytest

import guessmodel as gm
from guessmodel.estimators.tails.index import TailIndex
from guessmodel.estimators.tails.light import facts_of
from guessmodel.graph.ends import Order

INF = math.inf


def index(quantity: gm.Quantity, *position: int) -> Order:
    return TailIndex().of(quantity, position)


def pareto(shape: float) -> gm.Quantity:
    return gm.pareto(scale=1, shape=shape)


def t(df: float) -> gm.Quantity:
    return gm.student_t(df=df)


def uniform(low: float = 0, high: float = 1) -> gm.Quantity:
    return gm.uniform(low, high)


def standard() -> gm.Quantity:
    return gm.normal(mean=0, sd=1)


def gamma(shape: float, scale: float = 1) -> gm.Quantity:
    return gm.gamma(shape=shape, scale=scale)


def expo(mean: float = 1) -> gm.Quantity:
    return gm.exponential(mean=mean)


def strickler() -> gm.Quantity:
    """Of OpenTURNS' flood model: N(30, 7.5), truncated at 0."""
    return gm.truncated(gm.normal(mean=30, sd=7.5), lower=0)


# Each index by a closed form: P(X > x) of a power, a product's E X^k E Y^k, a convolution.
KNOWN: dict[str, tuple[Callable[[], gm.Quantity], float]] = {
    "flood": (lambda: (uniform(900, 1100) / (strickler() * uniform(3, 6))) ** 0.6, 5 / 3),
    "t times lognormal": (lambda: t(2.5) * gm.lognormal(1, 3), 2.5),
    "difference of t": (lambda: t(3) - t(3), 3),
    "sum of t": (lambda: t(3) + t(1.5), 1.5),
    "ratio of normals": (lambda: standard() / standard(), 1),
    "1/uniform from 0": (lambda: 1 / uniform(), 1),
    "1/uniform from 1": (lambda: 1 / uniform(1, 2), INF),
    "1/uniform about 0": (lambda: 1 / uniform(-1, 2), 1),
    "1/normal, 13 sd from 0": (lambda: 1 / gm.normal(8, 12), INF),
    "1/normal about 0": (lambda: 1 / gm.normal(-1, 2), 1),
    "normal squared, below": (lambda: standard() ** -2, 0.5),
    "1/(exponential - exponential)": (lambda: 1 / (expo() - expo()), 1),
    "1/gamma": (lambda: 1 / gamma(2.5), 2.5),
    "1/chi2": (lambda: 1 / gm.chi2(df=3), 1.5),
    "1/weibull": (lambda: 1 / gm.weibull(shape=1.5, scale=2), 1.5),
    "1/beta": (lambda: 1 / gm.beta(alpha=1.5, beta=3), 1.5),
    "1/(1 - beta)": (lambda: 1 / (1 - gm.beta(alpha=3, beta=1.5)), 1.5),
    "1/triangular": (lambda: 1 / gm.triangular(0, 2, mode=1), 2),
    "1/negative gamma": (lambda: 1 / -gamma(1.5), 1.5),
    "1/poisson": (lambda: 1 / gm.poisson(3), INF),
    "1/sum of uniforms": (lambda: 1 / (uniform() + uniform()), 2),
    "1/product of uniforms": (lambda: 1 / (uniform() * uniform()), 1),
    "uniform^-1/4": (lambda: uniform() ** -0.25, 4),
    "lognormal^5": (lambda: gm.lognormal(1, 3) ** 5, INF),
    "lognormal^-5": (lambda: gm.lognormal(1, 3) ** -5, INF),
    "root of pareto": (lambda: gm.sqrt(pareto(1.5)), 3),
    "pareto cubed": (lambda: pareto(1.5) ** 3, 0.5),
    "product of pareto": (lambda: pareto(1.5) * pareto(2.5), 1.5),
    "pareto less pareto": (lambda: pareto(1.5) - pareto(1.2), 1.2),
    "smaller of two pareto": (lambda: gm.minimum(pareto(1.5), pareto(1)), 2.5),
    "larger of two pareto": (lambda: gm.maximum(pareto(1.5), pareto(1)), 1),
    "capped pareto": (lambda: gm.minimum(pareto(1), 10), INF),
    "clipped cauchy": (lambda: gm.clip(gm.cauchy(location=0, scale=1), -1, 1), INF),
    "t above 0": (lambda: gm.maximum(t(2.5), 0), 2.5),
    "size of t": (lambda: abs(t(2.5)), 2.5),
    "whole pareto": (lambda: gm.floor(pareto(1.5)) // 1, 1.5),
    "exp of exponential": (lambda: gm.exp(expo(0.5)), 2),
    "exp of gamma": (lambda: gm.exp(gamma(3, 0.25)), 4),
    "exp of logistic": (lambda: gm.exp(-gm.logistic(location=0, scale=0.5)), 2),
    "2 to the exponential": (lambda: 2 ** expo(1 / math.log(4)), 2),
    "exp of normal": (lambda: gm.exp(gm.normal(1, 2)), INF),
    "exp of t": (lambda: gm.exp(t(5)), 0),
    "exp of -pareto": (lambda: gm.exp(-pareto(1)), INF),
    "log of pareto": (lambda: gm.log(pareto(0.5)), INF),
    "exp(2 log pareto)": (lambda: gm.exp(2 * gm.log(pareto(1.5))), 0.75),
    "f": (lambda: gm.f(df1=3, df2=5) * 2 + 1, 2.5),
    "a fair choice": (lambda: gm.where(gm.bernoulli(0.3), pareto(1.5), 0), 1.5),
    "mixture": (lambda: gm.mixture([gm.normal(1, 2), pareto(1.5)], [0.5, 0.5]), 1.5),
    "never taken": (lambda: gm.mixture([gm.normal(1, 2), pareto(1.5)], [1, 0]), INF),
    "random scale": (lambda: gm.normal(mean=0, sd=pareto(2.5)), 2.5),
    "hypotenuse": (lambda: np.hypot(t(3), t(4)), 3),
    "in degrees": (lambda: 1 / (gm.uniform(0, 9, "degC").to("K") / gm.constant(1, "K")), INF),
    "in other units": (lambda: gm.pareto(scale=1, shape=1.5, unit="km").to("m") * 1.0, 1.5),
}  # fmt: skip


@pytest.mark.parametrize("name", KNOWN)
def test_known_indices(name: str) -> None:
    make, wanted = KNOWN[name]
    found = index(make())
    assert found == pytest.approx((wanted, wanted), rel=1e-6)


def test_of_one_draw() -> None:
    """What is certain of numbers that go together; the second bound is infinite where they may
    cancel."""
    x = pareto(1.5)
    half = pareto(3) ** 2
    for quantity, least, most in (
        (x * x, 0.75, 0.75),
        (x / x, INF, INF),
        (x - x, INF, INF),
        (x + x, 1.5, 1.5),
        (x / (1 + x), INF, INF),
        (x / (x + half), INF, INF),
        (x * (1 / (2 + x)), INF, INF),
        (x * gm.sqrt(x), 1.0, 1.0),
        (x - 2 * x, 1.5, 1.5),
        (x * gm.cos(x), 1.5, INF),
        (x + gm.log(x), 1.5, 1.5),
        (x + 1 / x, 1.5, 1.5),
    ):
        assert index(quantity) == pytest.approx((least, most), rel=1e-6)


def test_what_is_multiplied_by_itself_is_a_square_however_long_the_model() -> None:
    """b^2 / (1 + b^2) < 1, and a b / (1 + b^2) <= |a| / 2: all moments exist, also after more
    numbers in doubt than are looked at as a whole."""
    a, b = gm.lognormal(1, 3), gm.lognormal(1, 3)
    for _ in range(50):
        a, b = a * b / (1 + b * b), b - a
        assert index(a) == (INF, INF)
        assert facts_of(a, {}).light
    assert index(pareto(1.5) / (1 + b * b)) == (1.5, 1.5)


def test_what_cancels_is_looked_for_where_the_steps_leave_it_open() -> None:
    x, y = pareto(1.5), gm.lognormal(1, 3)
    known = TailIndex()
    assert known.of(x + y, ()) == (1.5, 1.5) and not known.known
    assert known.of(x / (x + y), ()) == (INF, INF) and known.known


def test_a_power_of_what_cancels() -> None:
    """E exp(k E) = 1 / (1 - k / 2) for an exponential of mean 1/2: for k below 2."""
    factor = gm.lognormal(1, 3)
    assert index(gm.exp(expo(0.5) * factor / factor)) == (2, 2)
    assert index(4 ** (expo(0.5) * factor / factor)) == pytest.approx((2 / math.log(4),) * 2)


def test_a_category_compared_with_a_threshold_is_an_indicator() -> None:
    steps = gm.normal(0, 1, dim={"month": (1, 2, 3)})
    first = steps.first_where(steps > 0, "month")
    for condition in (first < uniform(0, 4), first < 3, first == "never"):
        assert index(gm.where(condition, pareto(2.5), 1)).least == 2.5
        assert facts_of(condition * standard(), {}).light


def test_every_label_has_its_own() -> None:
    x = gm.pareto(scale=1, shape=gm.constant({"a": 0.9, "b": 3, "c": 2}, dim="k"))
    y = x + 1
    assert [index(y, i) for i in range(3)] == [(0.9, 0.9), (3, 3), (2, 2)]
    assert index(x.sum("k") + 1) == (0.9, 0.9)
    assert index(x.sel(k=["b", "c"]).mean("k") + 1) == (2, 2)
    assert index(x.prod("k")) == (0.9, 0.9)
    assert index(x.min("k")) == pytest.approx((5.9, 5.9))
    assert [index(x.sel(k=["b", "c"]).cumsum("k"), i) for i in (0, 1)] == [(3, 3), (2, 2)]
    assert index(x.shift(k=1) * 2, 1) == (0.9, 0.9)
    both = gm.stack({"x": pareto(1.5), "y": gm.normal(1, 2)}, dim="z") * 2
    assert [index(both, i) for i in (0, 1)] == [(1.5, 1.5), (INF, INF)]
    assert index((x / x.sum("k")).sel(k="a") * 2) == (INF, INF)


def test_shared_draws_are_one() -> None:
    x = gm.pareto(scale=gm.constant({"a": 1, "b": 2}, dim="k"), shape=3, shared="k")
    assert index(x.prod("k")) == pytest.approx((1.5, 3), rel=1e-6)


def test_uncertain_shapes() -> None:
    assert index(gm.pareto(scale=1, shape=uniform(1.5, 3))) == pytest.approx((1.5, 3))
    assert index(gm.pareto(scale=1, shape=gm.lognormal(1, 3))).least < 1
    assert index(gm.lognormal(mu=gm.normal(1, 2), sigma=0.5)).least == INF


def test_nothing_is_said_of_what_is_not_known() -> None:
    x = gm.apply(np.sin, pareto(1)) + pareto(3)
    assert index(x) == index(1 / x) == (INF, INF)


@pytest.mark.parametrize("name", KNOWN)
def test_what_is_quickly_found_light_is_light(name: str) -> None:
    make, wanted = KNOWN[name]
    quantity = make()
    facts = facts_of(quantity, {})
    assert not facts.light or wanted == INF
    inverse = 1 / (quantity + 0)
    assert not facts_of(quantity, {}).clear or index(inverse).least == INF


def test_most_quantities_are_quickly_found_light() -> None:
    price, hours = gm.lognormal(5, 8), gm.lognormal({"a": (1, 2), "b": (2, 3)}, dim="k")
    cost = price * hours / (hours + 1) ** 2 + gm.normal(1, 2)
    for quantity in (price * hours, price / hours, cost.sum("k"), gm.ceil(price) / hours):
        assert facts_of(quantity, {}).light
    assert not facts_of(1 / cost, {}).light


# --- what it marks --------------------------------------------------------------------------------


def test_openturns_flood_has_no_standard_deviation() -> None:
    height = (uniform(900, 1100) / (strickler() * 300 * 0.02)) ** 0.6
    for seed in range(2):
        result = height.sample(4096, seed=seed)
        assert math.isnan(result.sd().value) and result.sd().note == "the variance is infinite"
        assert result.mean().note == "unreliable: infinite variance"
        assert result.median().reliable


@pytest.mark.parametrize(
    ("make", "mean", "sd"),
    [
        (lambda: gm.maximum(t(2.5), uniform()), None, "unreliable: infinite fourth moment"),
        (lambda: gm.maximum(t(3), t(3)), None, "unreliable: infinite fourth moment"),
        (lambda: gm.maximum(t(5), t(5)), None, None),
        (lambda: t(2.5) * gm.lognormal(1, 3), None, None),  # exact
        (lambda: 1 / uniform(), "the mean does not exist", "the mean does not exist"),
        (lambda: 1 / uniform(1, 2), None, None),
        (lambda: standard() / standard(), "the mean does not exist", "the mean does not exist"),
        (lambda: gm.lognormal(1, 2) / gm.lognormal(2, 3) + 1, None, None),
    ],
)
def test_marks(make: Callable[[], gm.Quantity], mean: str | None, sd: str | None) -> None:
    result = make().sample(8192)
    marks = result.mean().note, result.sd().note
    # The draws themselves may tell of a few that decide the mean.
    assert marks[0] == mean or (mean is None and "largest draws" in (marks[0] or ""))
    assert marks[1] == sd


def test_what_is_possible_is_said_to_be_possible() -> None:
    x = pareto(1.5)
    result = (x * gm.cos(x)).sample(8192)
    assert (result.mean().note or "").endswith("the variance may be infinite")
    assert (result.sd().note or "").endswith("the variance may be infinite")
    y = gm.normal(1, 2)
    assert "the mean may not exist" in str((y / (y - uniform())).sample(8192).mean().note)


def test_a_bound_does_not_move_with_what_is_cut_off() -> None:
    """A logistic draw about 5 or 6 that is cut off at 0 comes near 0, so that 1/X has no mean."""
    about = gm.logistic(location=uniform(5, 6), scale=1)
    note = (1 / gm.truncated(about, lower=0)).sample(8192).mean().note
    assert "the mean may not exist" in str(note)
    assert (1 / gm.truncated(about, lower=1)).sample(8192).mean().note is None


def test_guesstimates_interval_needs_a_mean() -> None:
    interval = (1 / uniform()).sample(8192).guesstimate_interval()
    assert interval.low.note == "the mean does not exist"
    assert math.isnan(interval.high.value)


def test_large_runs_are_marked_too() -> None:
    simulation = gm.Model(x=gm.maximum(t(3), t(3)), y=1 / uniform()).sample(1 << 14, keep=False)
    assert simulation["x"].sd().note == "unreliable: infinite fourth moment"
    assert simulation["y"].mean().note == "the mean does not exist"
