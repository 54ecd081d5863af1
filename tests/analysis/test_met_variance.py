"""Shares of a variance that the draws of a run have not met."""

import math

import numpy as np
import pytest

import guessmodel as gm
from guessmodel.analysis.met_variance import MetVariance
from guessmodel.estimators.estimate import Estimate


def insured(p: float, loss: float) -> tuple[gm.Model, dict[str, float]]:
    """a b − 2 a of normal numbers and an event that costs a loss now and then, and the total
    effects. The model is drawn: both terms have a. With m and v of each, a (b − 2) has the parts
    v_a (m_b − 2)², v_b m_a², v_a v_b; the event p (1 − p) loss²."""
    a, b = gm.normal(mean=10, sd=1), gm.normal(mean=5, sd=1)
    event = gm.bernoulli(p)
    model = gm.Model(a=a, b=b, event=event, out=a * b - 2 * a - event * loss)
    rare = p * (1.0 - p) * loss**2
    whole = 9.0 + 100.0 + 1.0 + rare
    return model, {"a": 10.0 / whole, "b": 101.0 / whole, "event": rare / whole}


def test_what_a_run_has_not_met_is_told() -> None:
    """An event of 1 in 100,000 makes half of the variance, and 4% of all runs of 4,096 draws have a
    draw of it, which then stands for 24 times as much."""
    model, known = insured(1e-5, 3300.0)
    assert known["event"] == pytest.approx(0.4975, abs=1e-4)
    for seed in range(8):
        found = model.sample(4096, seed=seed).sensitivity("out")
        assert found.unreliable is not None
        assert "% of the variance, see sd" in found.unreliable
        for name in known:
            assert not found[name].first.reliable


def test_a_little_that_is_missing_is_in_the_intervals() -> None:
    """5% of the variance, which may be anybody's: nothing is marked, and all intervals hold, where
    those of what was met alone hold nowhere."""
    model, known = insured(1e-6, 2400.0)
    assert known["event"] == pytest.approx(0.0497, abs=1e-4)
    for seed in range(8):
        found = model.sample(1 << 15, seed=seed).sensitivity("out")
        assert found.unreliable is None
        for name, share in known.items():
            total, first = found[name].total, found[name].first
            assert total is not None
            assert total.low - 1e-3 <= share <= total.high + 1e-3
            assert total.reliable
            assert 0.04 < total.high - total.low < 0.12
            assert first.low <= first.value <= first.high
            if name != "a":  # half of the width that was added is more than what was met tells of
                assert abs(total.value - share) > 0.03


def test_an_event_that_a_run_has_met_too_often_is_told() -> None:
    """With 1/2^14 one draw of 4,096 that has it stands for four times as many."""
    model, _ = insured(2.0**-14, 1000.0)
    met = [
        found
        for found in (model.sample(4096, seed=seed).sensitivity("out") for seed in range(20))
        if found["event"].rank.value != 0.0 and np.isfinite(found["event"].rank.value)
    ]
    assert 0 < len(met) < 14
    for found in met:
        assert found.unreliable is not None
        assert found["event"].first.note == found.unreliable


def told(variance: float | None) -> Estimate:
    """A share of the variance of the draws, which is 2, or of one that is known."""
    share = 1.0 / (2.0 if variance is None else variance)
    return Estimate(share, share - 0.01, share + 0.02, "draws")


def test_a_share_of_what_is_known_is_in_the_interval() -> None:
    less = MetVariance(0.95, 2.0 / 0.95).of_whole(told)
    assert (less.value, less.low, less.high) == pytest.approx((0.5, 0.475 - 0.01, 0.5 + 0.02))
    more = MetVariance(1.05, 2.0 / 1.05).of_whole(told)
    assert (more.value, more.low, more.high) == pytest.approx((0.5, 0.5 - 0.01, 0.525 + 0.02))
    assert MetVariance().of_whole(told) == told(None)


def test_what_was_not_met_may_be_anybodys() -> None:
    less = MetVariance(0.95, 2.0 / 0.95, unmet=True).of_whole(told)  # 0.475 to 0.525 of the whole
    assert (less.value, less.low, less.high) == pytest.approx((0.5, 0.475 - 0.01, 0.525 + 0.02))
    more = MetVariance(1.05, 2.0 / 1.05, unmet=True).of_whole(told)
    assert (more.low, more.high) == pytest.approx((0.475 - 0.01, 0.525 + 0.02))
    refused = MetVariance(0.95, 2.0).of_whole(lambda variance: Estimate.refused("no", ""))
    assert refused.note == "no"


@pytest.mark.parametrize(("part", "told"), [(0.95, False), (0.8, True), (1.05, False), (1.2, True)])
def test_a_tenth_of_the_variance_is_much(part: float, told: bool) -> None:
    assert (MetVariance(part, unmet=True).doubt is not None) == told
    assert MetVariance(part).doubt is None  # the draws' own error explains it


def test_what_the_draws_own_error_explains_is_no_difference() -> None:
    y = np.random.default_rng(0).normal(size=(8, 256))
    sd = float(y.std())
    near, off, far = (Estimate.exact(sd * factor) for factor in (1.01, 1.06, 1.4))
    assert MetVariance.of(y, near).part == 1.0
    assert MetVariance.of(y, off) == MetVariance(pytest.approx(1 / 1.06**2), off.value**2)
    assert MetVariance.of(y, far) == MetVariance(pytest.approx(1 / 1.4**2), far.value**2, True)
    unsure = Estimate(far.value, far.value * 0.8, far.value * 1.25, "draws")
    assert MetVariance.of(y, unsure).part == 1.0
    assert MetVariance.of(y, None).part == 1.0
    assert MetVariance.of(y, Estimate.exact(math.nan)).part == 1.0
