"""The CDF of a draw from a table, beside SciPy's."""

from typing import Any

import numpy as np
import pytest
from scipy import stats

import guessmodel as gm
from guessmodel.estimators.conditional.tabled import Tabled, tabled
from guessmodel.graph.quantity import Quantity

CASES: dict[str, tuple[Quantity, Any]] = {
    "pert": (gm.pert(6, 16, mode=8), stats.beta(1.8, 4.2, loc=6, scale=10)),
    "narrow beta": (gm.beta(alpha=300, beta=900), stats.beta(300, 900)),
    "gamma": (gm.gamma(shape=2.3, scale=2), stats.gamma(2.3, scale=2)),
    "chi2": (gm.chi2(4), stats.chi2(4)),
    "student_t": (gm.student_t(df=4), stats.t(4)),
    "f": (gm.f(4, 9), stats.f(4, 9)),
    "inverse gamma": (gm.inverse_gamma(shape=3, scale=2), stats.invgamma(3, scale=2)),
}


def table(quantity: Quantity) -> Tabled | None:
    variate = quantity.operation
    parameters = [np.asarray(each.operation.value) for each in quantity.parameters]
    return tabled(variate.family, parameters)


@pytest.mark.parametrize("name", CASES)
def test_it_is_the_cdf_to_twelve_digits(name: str) -> None:
    """Between its nodes, and far out, where a small probability has all its digits."""
    quantity, known = CASES[name]
    found = table(quantity)
    assert found is not None
    p = np.concatenate([np.logspace(-200, -3, 99), np.linspace(1e-3, 1.0, 10_007)[:-1]])
    x = known.ppf(p)
    x = x[np.isfinite(x)]
    assert np.max(np.abs(found(x) - known.cdf(x))) < 1.1e-12
    assert found(x) == pytest.approx(known.cdf(x), rel=1e-9, abs=0.0)
    ends = np.array([-1e300, known.support()[0], 1e300])
    assert found(ends).tolist() == known.cdf(ends).tolist()
    assert found.nodes.size > 1000


def test_there_is_none_where_a_cubic_does_not_follow() -> None:
    """As of what is steep at 0; and none of what is fast, or has a parameter for each draw."""
    assert table(gm.gamma(shape=0.1, scale=2)) is None
    assert table(gm.normal(1, 2)) is None
    family = gm.chi2(4).operation.family
    assert tabled(family, [np.array([4.0, 5.0])]) is None


def test_a_quantile_is_the_same_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a sum that is integrated over one of its draws."""
    model = gm.Model(y=gm.pert(6, 16, mode=8) + gm.pert(4, 30, mode=8))
    with_table = model.sample(1 << 15)["y"].quantile(0.9)
    monkeypatch.setattr("guessmodel.estimators.conditional.shares.tabled", lambda *_: None)
    without = gm.Model(**model.quantities).sample(1 << 15)["y"].quantile(0.9)
    assert with_table.estimator == "conditional"
    for one, other in ((with_table.value, without.value), (with_table.low, without.low)):
        assert one == pytest.approx(other, rel=1e-9)
