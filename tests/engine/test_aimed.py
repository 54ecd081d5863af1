"""Runs that are aimed at a region: their weighted means are those of all draws."""

import math

import numpy as np
import pytest
from scipy import linalg, special, stats

import guessmodel as gm
from guessmodel.engine.aimed import Aim, Aimed
from guessmodel.engine.run import run_plan
from guessmodel.engine.scored import coordinates
from guessmodel.estimators.program import program_of

N = 1 << 13


def in_region(kind: str, n: int = 400) -> tuple[np.ndarray, float]:
    """Normal scores, made directly, given that they are in a region of known probability."""
    random = np.random.default_rng(5)
    beyond = stats.norm.isf(random.uniform(size=n) * stats.norm.sf(4.0))
    if kind == "one side":
        first = beyond
        p = stats.norm.sf(4.0)
    elif kind == "both sides":
        first = beyond * random.choice([-1, 1], size=n)
        p = 2 * stats.norm.sf(4.0)
    else:
        first = random.uniform(1.0, 1.0001, size=n)
        p = stats.norm.cdf(1.0001) - stats.norm.cdf(1.0)
    return first, p


def holds(kind: str, x: np.ndarray) -> np.ndarray:
    if kind == "one side":
        return x > 4.0
    return np.abs(x) > 4.0 if kind == "both sides" else (x > 1.0) & (x < 1.0001)


@pytest.mark.parametrize("variates", [1, 3, 20])
@pytest.mark.parametrize("kind", ["one side", "both sides", "window"])
@pytest.mark.parametrize("method", ["nets", "random"])
def test_probabilities_and_means(kind: str, variates: int, method: str) -> None:
    first, p = in_region(kind)
    random = np.random.default_rng(1)
    scores = random.standard_normal((variates, first.size))
    scores[0] = first
    xs = {f"x{k}": gm.normal(mean=0, sd=1, name=f"x{k}") for k in range(variates)}
    model = gm.Model(xs)
    plan = program_of(model).compiled({name: model.quantities[name] for name in xs})
    points = plan.points(method, N, 3)
    aimed = Aimed(plan, coordinates(plan), Aim.at(scores, random), points)
    draws, _ = run_plan(plan, aimed)
    weights = aimed.weights.ravel()
    hit = holds(kind, draws["x0"]) * weights
    assert hit.mean() == pytest.approx(p, rel=0.1)
    if kind == "one side":  # the hazard rate is the mean beyond
        mean = stats.norm.pdf(4.0) / stats.norm.sf(4.0)
        assert (hit * draws["x0"]).mean() / hit.mean() == pytest.approx(mean, rel=0.01)
    if variates > 1:
        assert (hit * draws["x1"] ** 2).mean() / hit.mean() == pytest.approx(1.0, abs=0.15)


@pytest.mark.parametrize("width", [1e-3, 1e-7, 0.0])
def test_points_on_a_line_or_in_one_place(width: float) -> None:
    """Kernels as thin as that: each weight is the density of the scores over that of the mixture,
    here from SciPy's normal densities of independent coordinates. (Points of one origin may be the
    same.)"""
    random = np.random.default_rng(2)
    points = np.repeat(random.standard_normal((2, 64)), 8, axis=1)
    points[0] = 4.0 + width * random.standard_normal(512)
    aim = Aim.at(points, random)
    z, weights = aim.moved(random.standard_normal((2, 8, 512)))
    flat = z.reshape(2, -1)
    logs = []
    for root in aim.shapes:
        for centre in aim.centres:
            apart = linalg.solve_triangular(
                root, flat - (aim.directions.T @ centre)[:, None], lower=True
            )
            logs.append(stats.norm.logpdf(apart).sum(axis=0) - math.log(np.prod(np.diag(root))))
    parts = len(aim.centres) * len(aim.shapes)
    ends = np.arange(parts + 1) * 512 // parts
    shares = np.diff(ends) / 512
    order = [
        c * len(aim.shapes) + s for s in range(len(aim.shapes)) for c in range(len(aim.centres))
    ]
    mixed = special.logsumexp(np.array(logs), axis=0, b=shares[order][:, None])
    true = stats.norm.logpdf(flat).sum(axis=0) - mixed
    np.testing.assert_allclose(np.log(weights.ravel()), true, atol=0.02)


def test_few_points_in_many_directions_are_those_that_differ() -> None:
    random = np.random.default_rng(0)
    scores = random.standard_normal((40, 300))
    scores[7] += 5.0
    scores[11] *= 3.0
    aim = Aim.at(scores, random)
    assert len(aim.directions) < 6
    for axis in (7, 11):
        along = math.hypot(*aim.directions[:, axis])
        assert along == pytest.approx(1.0, abs=0.1)


def test_places_apart_are_aimed_at_each_by_itself() -> None:
    """Beyond 4.5 on both sides: kernels as wide as the way from one to the other would waste most
    of the draws. As many as tell the same without weights (Kish 1965), of one side and of both."""

    def telling(sides: int) -> float:
        random = np.random.default_rng(0)
        far = stats.norm.isf(random.uniform(size=1024) * stats.norm.sf(4.5))
        far[: 512 * (sides - 1)] *= -1.0
        z, weights = Aim.at(far[np.newaxis], random).moved(random.standard_normal((1, 8, 1024)))
        beyond = np.abs(z[0]) if sides == 2 else z[0]
        hits = np.where(beyond > 4.5, weights, 0.0)
        assert hits.mean() == pytest.approx(sides * stats.norm.sf(4.5), rel=0.1)
        return float(hits.sum() ** 2 / (hits**2).sum())

    assert telling(2) > 0.6 * telling(1)
