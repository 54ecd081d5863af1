"""A precision that is asked for: what more draws can mend, and what they cannot."""

import math

import numpy as np
import pytest

import guessmodel as gm
from guessmodel.errors import UsageError
from guessmodel.simulation import runner


def test_a_precision_out_of_reach_is_refused_early(monkeypatch: pytest.MonkeyPatch) -> None:
    # Mean and median are 0, of which no error is a small share, however many draws there are.
    product = gm.normal(-1, 1) * gm.normal(-1, 1)
    monkeypatch.setattr(runner, "_FARTHEST", 1 << 20)
    monkeypatch.setattr(runner, "_HOPELESS", 1 << 12)
    with pytest.raises(UsageError, match=r"out of reach for .* of 'z' at [\d,]{5,7} samples"):
        gm.Model(z=product).sample(1 << 10, precision=0.01)


def test_a_mean_of_rare_draws_is_waited_for() -> None:
    parts = gm.normal(mean=0, sd=1, dim={"i": range(150)})  # too many to aim draws at
    profit = gm.normal(5, 300) + gm.normal(100, 140) + parts.sum("i")
    # In a function of the user's own, of which the graph cannot tell how rare it is.
    model = gm.Model(loss=gm.apply(lambda x: np.maximum(-x, 0.0), profit))
    assert not model.sample(1 << 12)["loss"].mean().reliable
    mean = model.sample(1 << 12, precision=0.03)["loss"].mean()
    assert mean.reliable
    assert mean.relative_error <= 0.03
    # Of a normal variable with these moments E max(-X, 0) = s f(m/s) - m (1 - F(m/s)).
    z = 1.6448536269514722
    m, s = 152.5 + 120.0, math.sqrt((147.5 / z) ** 2 + (20.0 / z) ** 2 + 150.0)
    density = np.exp(-0.5 * (m / s) ** 2) / np.sqrt(2 * np.pi)
    expected = s * density - m * 0.5 * math.erfc(m / s / math.sqrt(2))
    assert mean.value == pytest.approx(expected, rel=0.1)


def test_a_mean_that_never_settles_is_out_of_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "_FARTHEST", 1 << 20)
    monkeypatch.setattr(runner, "_HOPELESS", 1 << 14)
    unknown = gm.apply(np.positive, gm.cauchy(0, 1))  # of which the graph cannot tell
    model = gm.Model(x=unknown + gm.normal(1, 2))
    with pytest.raises(UsageError, match=r"reach for mean of 'x' \(unreliable: the largest draws"):
        model.sample(1 << 10, precision=0.05)


def test_a_mean_that_does_not_exist_is_not_waited_for() -> None:
    x = gm.cauchy(1, 2)
    simulation = gm.Model(x=x, y=x + gm.normal(1, 2)).sample(precision=0.05)
    assert np.isnan(simulation["x"].mean().value)
    assert np.isnan(simulation["y"].mean().value)


def test_percentiles_that_too_few_draws_have_are_waited_for() -> None:
    model = gm.Model(x=gm.normal(5, 10) * gm.normal(1, 2))
    assert "samples or more" in str(model.sample(64)["x"].quantile(0.05))
    assert model.sample(64, precision=0.02)["x"].quantile(0.05).relative_error <= 0.02
