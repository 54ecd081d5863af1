"""Swings that are known exactly: against closed forms, and against draws with an input held."""

import math
from collections.abc import Callable

import pytest
from scipy import stats

import guessmodel as gm
from guessmodel.analysis import swings as module
from guessmodel.analysis.drivers import Sensitivity

Z = float(stats.norm.ppf(0.95))


def told(out: gm.Quantity, of: str = "mean", n: int = 1024, **inputs: gm.Quantity) -> Sensitivity:
    return gm.Model(**inputs, out=out).sample(n).sensitivity("out", of=of)


def ends(found: Sensitivity, name: str) -> tuple[float, float]:
    swing = found[name].tornado
    assert swing is not None
    for each in (swing.at_p5, swing.at_p95, swing.swing):
        assert (each.estimator, each.error, each.note) == ("exact", 0.0, None)
    assert swing.swing.value == pytest.approx(swing.at_p95.value - swing.at_p5.value, abs=1e-12)
    return swing.at_p5.value, swing.at_p95.value


def test_a_product_its_mean_and_its_spread() -> None:
    """a b of a lognormal and a uniform number: with one held it is a multiple of the other."""
    a, b = gm.lognormal(mu=1, sigma=0.8), gm.uniform(2, 4)
    low, high = math.exp(1 - 0.8 * Z), math.exp(1 + 0.8 * Z)
    mean = math.exp(1.32)
    sd = mean * math.sqrt(math.expm1(0.64))
    found = told(a * b, a=a, b=b)
    assert ends(found, "a") == pytest.approx((3 * low, 3 * high))
    assert ends(found, "b") == pytest.approx((2.1 * mean, 3.9 * mean))
    assert found.base == pytest.approx(3 * mean)
    spread = told(a * b, "sd", a=a, b=b)
    assert ends(spread, "a") == pytest.approx((low / math.sqrt(3), high / math.sqrt(3)))
    assert ends(spread, "b") == pytest.approx((2.1 * sd, 3.9 * sd))


def test_what_falls_with_an_input() -> None:
    a, b = gm.normal(mean=10, sd=2), gm.exponential(mean=1)
    found = told(5 - 3 * a + 1 / (1 + b), a=a, b=b)
    low, high = ends(found, "a")
    assert low - high == pytest.approx(3 * 2 * 2 * Z)
    first, last = ends(found, "b")
    at = [-math.log(0.95), -math.log(0.05)]  # the exponential's percentiles
    assert first - last == pytest.approx(1 / (1 + at[0]) - 1 / (1 + at[1]))


def test_events_steps_powers_and_exponentials() -> None:
    """With p = 0.3 the percentiles of an event are no and yes, with 1 in a million both are no."""
    event, rare, loss = gm.bernoulli(0.3), gm.bernoulli(1e-6), gm.lognormal(mu=2, sigma=0.5)
    a, b = gm.uniform(0, 1), gm.normal(mean=0, sd=0.4)
    out = event * loss + rare * 1e6 + gm.where(a > 0.5, 8.0, 0.0)
    found = told(out, event=event, rare=rare, loss=loss, a=a)
    mean = math.exp(2.125)
    assert ends(found, "event") == pytest.approx((1 + 4, mean + 1 + 4))
    assert ends(found, "rare") == pytest.approx((0.3 * mean + 4,) * 2)
    assert ends(found, "a") == pytest.approx((0.3 * mean + 1, 0.3 * mean + 9))
    factor = math.exp(0.5 * Z)
    assert ends(found, "loss") == pytest.approx(
        tuple(0.3 * math.exp(2) * each + 5 for each in (1 / factor, factor))
    )
    power = told((loss / gm.exp(b)) ** 2 * gm.ceil(4 * a), loss=loss, b=b, a=a)
    both = math.exp(4 + 2 * 0.25) * math.exp(2 * 0.16)  # E[loss²] and E[e^−2b]
    assert ends(power, "a") == pytest.approx((both, 4 * both))
    assert ends(power, "b") == pytest.approx(
        tuple(math.exp(4.5) * 2.5 * math.exp(-2 * z * 0.4) for z in (-Z, Z))
    )
    assert ends(power, "loss") == pytest.approx(
        tuple(math.exp(0.32) * 2.5 * math.exp(4 + z) for z in (-Z, Z))
    )


def test_a_mean_and_a_spread_that_are_uncertain() -> None:
    mean, sd = gm.normal(mean=5, sd=3), gm.uniform(1, 3)
    x = gm.normal(mean=mean, sd=sd)
    found = told(2 * x, mean=mean, sd=sd, x=x)
    assert ends(found, "mean") == pytest.approx((10 - 6 * Z, 10 + 6 * Z))
    assert ends(found, "sd") == pytest.approx((10, 10))
    assert ends(found, "x") == pytest.approx((10 - 4 * Z, 10 + 4 * Z))
    spread = told(2 * x, "sd", mean=mean, sd=sd, x=x)
    assert ends(spread, "sd") == pytest.approx(tuple(2 * math.hypot(3, s) for s in (1.1, 2.9)))
    assert ends(spread, "x") == pytest.approx((2 * math.sqrt(9 + Z * Z / 3),) * 2)


def test_branches_that_share_a_draw_and_labels() -> None:
    on, cost = gm.bernoulli(0.5), gm.normal(mean=3, sd=1, dim={"year": [1, 2]})
    out = gm.where(on > 0.5, 2 * cost, cost)
    found = gm.Model(on=on, cost=cost, out=out).sample(1024).sensitivity("out")
    one = found.sel(year=2)
    assert one["on"].first.estimator == "classes across replicates"  # the branches share a draw
    whole = gm.Model(on=on, cost=cost, out=cost.sum("year") * on).sample(1024).sensitivity("out")
    assert ends(whole, "cost[2]") == pytest.approx(tuple(0.5 * (6 + z) for z in (-Z, Z)))


def test_a_chance() -> None:
    a, b = gm.uniform(0, 1), gm.uniform(0, 1)
    found = told(a > 0.3, "probability", a=a, b=b)
    assert ends(found, "a") == (0.0, 1.0)
    assert found.base == pytest.approx(0.7)


@pytest.mark.parametrize("of", ["mean", "sd"])
@pytest.mark.parametrize(
    "make",
    [
        lambda a, b, c: a * b + c,
        lambda a, b, c: gm.where(a > 2.2, b * 5, 1.0) - c**2,
        lambda a, b, c: gm.ceil(3 * a) / (1 + b) * gm.exp(-c),
        lambda a, b, c: gm.maximum(a - 2, 0) * gm.sqrt(1 + b) + gm.poisson(3) * c,
    ],
)
def test_as_by_draws(
    make: Callable[..., gm.Quantity], of: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On nets of 65,536 draws ends are known to a part in 1,000 and better."""
    a, b, c = gm.lognormal(mu=0.5, sigma=0.4), gm.uniform(0, 2), gm.normal(mean=1, sd=0.3)
    inputs = {"a": a, "b": b, "c": c}
    exact = told(make(a, b, c), of, **inputs)
    monkeypatch.setattr(module, "exact_swings", lambda *_: None)
    drawn = told(make(a, b, c), of, 1 << 16, **inputs)
    size = abs(drawn.base)
    for name in inputs:
        swing = drawn[name].tornado
        assert swing is not None
        for end, told_by_draws in zip(ends(exact, name), (swing.at_p5, swing.at_p95), strict=True):
            assert abs(end - told_by_draws.value) < 4 * told_by_draws.error + 1e-4 * size
            assert told_by_draws.error < 0.02 * size
