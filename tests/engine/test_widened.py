"""Draws that go farther out, with what they count: moments stay what they are."""

import numpy as np
import pytest
from scipy import stats

import guessmodel as gm
from guessmodel.engine.run import run_plan
from guessmodel.engine.scored import coordinates, scores
from guessmodel.engine.widened import Stretched, ratios
from guessmodel.estimators.program import program_of

N = 1 << 14


def stretched(model: gm.Model, method: str, frames: list[np.ndarray] | None = None):
    plan = program_of(model).plan()
    chosen = coordinates(plan)
    points = plan.points(method, N, 3)
    made = Stretched(plan, chosen, frames or [np.eye(len(chosen))], 2.0, points)
    return run_plan(plan, made)[0], made


@pytest.mark.parametrize("method", ["nets", "lhs", "random"])
def test_weighted_means_are_those_of_the_families(method: str) -> None:
    x = gm.gamma(shape=3, scale=1, name="x")
    y = gm.uniform(0, 1, name="y")
    draws, made = stretched(gm.Model(x=x, y=y), method)
    count = made.weights.ravel()
    tolerance = 0.1 if method == "random" else 0.02
    assert count.mean() == pytest.approx(1.0, abs=tolerance)
    assert (count * draws["x"]).mean() == pytest.approx(3.0, rel=tolerance)
    assert (count * draws["x"] ** 2).mean() == pytest.approx(12.0, rel=tolerance)
    assert (count * draws["y"]).mean() == pytest.approx(0.5, rel=tolerance)
    # Half of normal scores are beyond 1.349 where they are stretched by 2.
    beyond = stats.gamma(3).ppf(stats.norm.cdf(1.349))
    assert np.mean(draws["x"] > beyond) == pytest.approx(0.25, abs=0.02)
    assert count.max() <= 4.0  # twice for each of two variates


def test_parts_are_stretched_each_along_its_own() -> None:
    model = gm.Model(a=gm.normal(mean=0, sd=1), b=gm.normal(mean=0, sd=1))
    frames = [np.zeros((0, 2)), np.array([[1.0, 0.0]]), np.array([[1.0, 1.0]]) / 2**0.5]
    draws, made = stretched(model, "nets", frames)
    a, b = (draws[name].reshape(8, -1) for name in "ab")
    third = a.shape[1] // 3
    plain, first, along = (slice(k * third, (k + 1) * third) for k in range(3))
    for part, true in ((plain, (1, 1, 0)), (first, (4, 1, 0)), (along, (2.5, 2.5, 1.5))):
        x, y = a[:, part].ravel(), b[:, part].ravel()
        assert ((x * x).mean(), (y * y).mean(), (x * y).mean()) == pytest.approx(true, abs=0.25)
    assert made.weights.max() <= 3.0 + 0.01  # the part that is as it was is a third
    assert (made.weights * a * b).mean() == pytest.approx(0.0, abs=0.05)
    assert (made.weights * a * a).mean() == pytest.approx(1.0, abs=0.05)


def test_what_is_made_of_a_draw_goes_farther_out_with_it() -> None:
    x = gm.normal(mean=0, sd=1, name="x")
    model = gm.Model(x=x, y=2 * x)
    draws, _ = stretched(model, "nets")
    assert draws["y"].tolist() == pytest.approx((2 * draws["x"]).tolist())
    assert draws["x"].std() == pytest.approx(2.0, rel=0.02)


def test_scores_are_those_of_the_draws() -> None:
    model = gm.Model(x=gm.exponential(mean=1), y=gm.normal({"a": (1, 3), "b": (2, 4)}, dim="k"))
    plan = program_of(model).plan()
    chosen = coordinates(plan)
    z = scores(plan, chosen, "nets", 1024, 5)
    drawn = run_plan(plan, plan.points("nets", 1024, 5))[0]
    assert z.shape == (3, 8, 128)
    ranks = np.argsort(np.argsort(drawn["x"]))
    assert np.argsort(np.argsort(z[0].ravel())).tolist() == ranks.tolist()
    for k in range(2):
        assert np.corrcoef(z[1 + k].ravel(), drawn["y"][k])[0, 1] > 0.9999


def test_ratios_are_those_of_densities() -> None:
    z = np.array([[0.5, -3.0], [1.0, 2.0]])
    frames = [np.zeros((0, 2)), np.array([[0.6, 0.8]]), np.eye(2)]
    density = stats.multivariate_normal([0, 0]).pdf(z.T)
    for frame, found in zip(frames, ratios(z, frames, 2.5), strict=True):
        covariance = np.eye(2) + (2.5**2 - 1) * frame.T @ frame
        true = stats.multivariate_normal([0, 0], covariance).pdf(z.T) / density
        assert found == pytest.approx(true)
