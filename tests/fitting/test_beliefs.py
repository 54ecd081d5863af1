"""Least squares of probabilities against what is known, and against another minimiser."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import optimize

from guessmodel.fitting.beliefs import BELIEFS, fitted

LEVELS = np.array([0.1, 0.3, 0.5, 0.8, 0.95])
TRUE = {
    "beta": (2.0, 5.0),
    "lognormal": (-3.0, 0.7),
    "gamma": (0.7, 30.0),
    "weibull": (3.0, 0.02),
    "normal": (-400.0, 3.0),
    "student_t": (1e6, 20.0),
    "logistic": (0.0, 1e-3),
}


@pytest.mark.parametrize("name", BELIEFS)
def test_quantiles_of_a_family_give_its_parameters_back(name: str) -> None:
    belief = BELIEFS[name]
    x = belief.distribution(np.array(TRUE[name])).ppf(LEVELS)
    assert fitted(belief, x, LEVELS) == pytest.approx(TRUE[name], rel=1e-5, abs=1e-8)


@pytest.mark.parametrize("name", BELIEFS)
@pytest.mark.parametrize("p", [[0.1, 0.5, 0.9], [0.25, 0.5, 0.75, 0.95], [0.05, 0.95]])
def test_no_other_parameters_are_nearer(name: str, p: list[float]) -> None:
    """Nelder and Mead's search, from where least squares ended and from elsewhere."""
    belief = BELIEFS[name]
    level, x = np.array(p), np.array([0.2, 0.3, 0.55, 0.9])[: len(p)]

    def squares(at: np.ndarray) -> float:
        made = np.where(belief.positive, np.exp(np.where(belief.positive, at, 0.0)), at)
        with np.errstate(all="ignore"):
            off = float(np.sum((belief.distribution(made).cdf(x) - level) ** 2))
        return off if np.isfinite(off) else 9.0

    found = fitted(belief, x, level)
    start = np.where(belief.positive, np.log(np.where(belief.positive, found, 1.0)), found)
    ours = squares(start)
    for shift in (0.0, 0.3, -0.3):
        other = optimize.minimize(squares, start + shift, method="Nelder-Mead")
        assert ours <= float(other.fun) + 1e-7
