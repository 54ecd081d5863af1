"""Swings of a statistic: of inputs that are held, and of what no draw has met."""

import math

import pytest

import guessmodel as gm


def test_tornado_of_a_product_of_independent_inputs() -> None:
    """E[xy | x] = x E[y]: the ends are the percentiles of x times the mean of y."""
    x, y = gm.normal(10, 20), gm.uniform(2, 4)
    model = gm.Model(x=x, y=y, out=x * y)
    found = model.sample(1 << 14).sensitivity("out")
    for name, low, high, mean in (("x", 10, 20, 3), ("y", 2.1, 3.9, 15)):
        swing = found[name].tornado
        assert swing is not None
        assert found[name].ends == pytest.approx((low, high))
        assert swing.at_p5.value == pytest.approx(low * mean, rel=1e-4)
        assert swing.at_p95.value == pytest.approx(high * mean, rel=1e-4)
        assert swing.swing.value == pytest.approx((high - low) * mean, rel=1e-4)
        assert abs(swing.swing.value - (high - low) * mean) <= 3 * swing.swing.error + 1e-9


def test_tornado_of_a_percentile_is_that_of_the_held_model() -> None:
    """Held by hand with `with_`, which draws by another way."""
    x, y = gm.lognormal(5, 10), gm.normal(2, 4)
    model = gm.Model(x=x, y=y, out=x * y)
    swing = model.sample(1 << 14).sensitivity("out", of="p95")["x"].tornado
    assert swing is not None
    for at, held in ((swing.at_p5, 5.0), (swing.at_p95, 10.0)):
        by_hand = model.with_(x=held).sample(1 << 14)["out"].quantile(0.95)
        assert abs(at.value - by_hand.value) <= at.error + by_hand.error + 1e-3
    assert swing.swing.value == pytest.approx(swing.at_p95.value - swing.at_p5.value)


def test_swings_of_what_no_draw_met_are_wider_or_marked() -> None:
    """An event of 1e-5 adds 0.1 to a mean, of which 4,096 draws have nothing: with a or b held they
    are as much too small."""
    a, b, event = gm.normal(mean=10, sd=1), gm.normal(mean=5, sd=1), gm.bernoulli(1e-5)
    loss = gm.uniform(5_000, 15_000)
    model = gm.Model(a=a, b=b, event=event, loss=loss, out=a * b - 2 * a + event * loss)
    z = 1.6448536269514722
    known = {
        "a": (3 * (10 - z) + 0.1, 3 * (10 + z) + 0.1),
        "b": (10 * (3 - z) + 0.1, 10 * (3 + z) + 0.1),
    }
    for seed in range(3):
        found = model.sample(4096, seed=seed).sensitivity("out")
        for name, (low, high) in known.items():
            swing = found[name].tornado
            assert swing is not None
            for end, truth in ((swing.at_p5, low), (swing.at_p95, high)):
                assert end.low - 0.02 <= truth <= end.high + 0.02
                assert 0.1 < end.high - end.low < 0.25
            assert "unreliable: the draws have a mean of " in str(swing.at_p5.note)
        assert not found["loss"].tornado.swing.reliable
    # With fewer draws their own error is as large: nothing is marked, and the intervals hold.
    few = model.with_(event=gm.bernoulli(1e-6)).sample(1024).sensitivity("out")["a"].tornado
    assert few is not None
    assert few.at_p5.low <= 3 * (10 - z) + 0.01 <= few.at_p5.high


def test_a_mean_that_does_not_exist_has_no_swings() -> None:
    x, y = gm.cauchy(0, 1), gm.normal(0, 1)
    simulation = gm.Model(x=x, y=y, out=x + y).sample(1 << 13)
    found = simulation.sensitivity("out")
    for name in ("x", "y"):
        swing = found[name].tornado
        assert swing is not None
        assert swing.swing.note == "the mean does not exist"
    assert math.isnan(found.base)
    median = simulation.sensitivity("out", of="median")  # P(Y < 0 | x) goes up and down
    assert median["y"].first.value > median["x"].first.value > 0.01
    assert median["y"].tornado is not None
    assert median["y"].tornado.swing.value == pytest.approx(1, abs=1e-3)  # x lies around 0.5
