"""Points whose normal scores are given, against SciPy's quantile functions."""

import numpy as np
import pytest
from scipy import stats

import guessmodel as gm
from guessmodel.engine.run import run_plan
from guessmodel.engine.scored import Scored, coordinates

DRAWS = {
    "normal": (gm.normal(mean=2, sd=3), stats.norm(2, 3)),
    "lognormal": (gm.lognormal(mu=0, sigma=0.5), stats.lognorm(0.5)),
    "uniform": (gm.uniform(1, 4), stats.uniform(1, 3)),
    "exponential": (gm.exponential(mean=2), stats.expon(scale=2)),
    "gamma": (gm.gamma(shape=3, scale=2), stats.gamma(3, scale=2)),
}


@pytest.mark.parametrize("names", [list(DRAWS), ["normal", "lognormal"], ["gamma", "normal"]])
def test_each_draw_is_the_quantile_at_its_score(names: list[str]) -> None:
    """Of what is made of a normal variable alone no probability is asked for, of others it is."""
    plan = gm.Model(**{name: DRAWS[name][0] for name in names}).plan()
    chosen = coordinates(plan)
    z = np.random.default_rng(1).normal(size=(len(chosen), 2, 50)) * 2.0
    draws, _ = run_plan(plan, Scored(plan, chosen, z))
    for (number, row), scores in zip(chosen, z, strict=True):
        name = plan.streams[number].keys[row].removeprefix(".")
        known = DRAWS[name][1]
        lower = scores < 0.0
        expected = np.where(
            lower, known.ppf(stats.norm.cdf(scores)), known.isf(stats.norm.sf(scores))
        )
        assert draws[name].reshape(2, 50) == pytest.approx(expected, rel=1e-9)


def test_labels_have_scores_of_their_own() -> None:
    demand = gm.uniform({"a": (0, 1), "b": (0, 10), "c": (5, 6)}, dim="case")
    plan = gm.Model(demand=demand).plan()
    z = np.linspace(-3.0, 3.0, 21).reshape(3, 1, 7)
    draws, _ = run_plan(plan, Scored(plan, coordinates(plan), z))
    low, width = np.array([[0.0], [0.0], [5.0]]), np.array([[1.0], [10.0], [1.0]])
    assert draws["demand"] == pytest.approx(low + width * stats.norm.cdf(z[:, 0]), rel=1e-12)
