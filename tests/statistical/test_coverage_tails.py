"""Measured coverage of far percentiles where a heavy tail is not what is integrated out.

Nominal 90%; at least 85% is asked for, with a false-alarm probability of 1e-6 for each test. The
true value is a double integral by the trapezoidal rule, whose error on such integrands is far below
the last digit.
"""

import numpy as np
import pytest
from scipy import optimize, stats

import guessmodel as gm
from guessmodel.testing import assert_coverage

Z = stats.norm.ppf(0.95)


def heavy() -> gm.Model:
    a, b, t = gm.lognormal(1, 5), gm.normal(-1, 3), gm.student_t(-1, 1, df=3)
    return gm.Model(a=a, b=b, t=t, y=t + a * b)


def truth(p: float) -> float:
    scale = 1.0 / stats.t(3).ppf(0.95)
    u = np.linspace(-9.0, 9.0, 801)
    weights = stats.norm.pdf(u) * (u[1] - u[0])
    a, b = np.exp(np.log(5.0) * (0.5 + 0.5 * u / Z)), 1.0 + 2.0 * u / Z

    def cdf(y: float) -> float:
        return float(weights @ stats.t(3).cdf((y - np.outer(a, b)) / scale) @ weights)

    return float(optimize.brentq(lambda y: cdf(y) - p, -40.0, 60.0))


@pytest.mark.parametrize(("method", "p"), [("sobol", 0.01), ("sobol", 0.99), ("lhs", 0.99)])
def test_far_percentiles(method: str, p: float) -> None:
    model = heavy()
    assert_coverage(
        lambda seed: model.sample(2**13, seed=seed, method=method)["y"].quantile(p),
        truth(p),
        runs=150,
    )
