"""Correlations and covariance of draws, against SciPy and closed forms."""

import numpy as np
import pytest
from scipy import stats

from guessmodel.estimators.joint import covariance, pearson, spearman

A, B = np.random.default_rng(3).normal(size=(2, 8, 200))


@pytest.mark.parametrize("of", [lambda x: x, np.round, np.sign])
def test_values_are_those_of_scipy(of: object) -> None:
    x, y = of(A), of(A + 2.0 * B)  # type: ignore[operator]
    flat = x.ravel(), y.ravel()
    assert spearman(x, y).value == pytest.approx(stats.spearmanr(*flat).statistic, abs=1e-12)
    assert pearson(x, y).value == pytest.approx(np.corrcoef(*flat)[0, 1], abs=1e-12)
    assert covariance(x, y).value == pytest.approx(np.cov(*flat, bias=True)[0, 1], abs=1e-12)


def test_ranks_know_only_the_order() -> None:
    found, other = spearman(A, A + B), spearman(np.exp(A), (A + B) ** 3)
    assert (other.value, other.low, other.high) == pytest.approx(
        (found.value, found.low, found.high), abs=1e-12
    )
    assert spearman(A, -A - B).value == pytest.approx(-found.value, abs=1e-12)
    assert spearman(A + B, A).high == pytest.approx(found.high, abs=1e-12)


def test_units_do_not_matter_to_correlations_and_multiply_covariances() -> None:
    assert pearson(3.0 * A + 7.0, -2.0 * (A + B)).value == pytest.approx(-pearson(A, A + B).value)
    found, scaled = covariance(A, A + B), covariance(3.0 * A + 7.0, 2.0 * (A + B))
    assert scaled.value == pytest.approx(6.0 * found.value)
    assert scaled.error == pytest.approx(6.0 * found.error)


def test_a_variable_goes_with_itself_exactly() -> None:
    assert (spearman(A, A).value, spearman(A, A).error) == pytest.approx((1.0, 0.0), abs=1e-9)
    assert pearson(A, A).error == pytest.approx(0.0, abs=1e-9)
    assert spearman(A, -np.exp(A)).low == pytest.approx(-1.0, abs=1e-12)


def test_the_error_is_that_of_the_influence_function() -> None:
    """Asymptotic variance of Spearman's ρ under independence is 1; of Pearson's r of normal
    variables (1 - r²)²."""
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(2, 8, 4000))
    wide = 1.8946 / np.sqrt(32_000.0)  # Student's t of 7 degrees of freedom at 95%
    assert 0.3 * wide < spearman(a, b).error < 2.0 * wide
    c = 0.8 * a + 0.6 * b
    assert 0.3 * 0.36 * wide < pearson(a, c).error < 2.0 * 0.36 * wide


def test_draws_that_are_not_finite_are_left_out() -> None:
    x = A.copy()
    x[0, :3], x[3, 4] = np.nan, np.inf
    there = np.isfinite(x)
    expected = stats.spearmanr(x[there], B[there]).statistic
    assert spearman(x, B).value == pytest.approx(expected, abs=1e-12)
    assert pearson(x, B).value == pytest.approx(np.corrcoef(x[there], B[there])[0, 1], abs=1e-12)


@pytest.mark.parametrize("of", [spearman, pearson])
def test_what_does_not_vary_has_none(of: object) -> None:
    found = of(A, np.ones_like(A))  # type: ignore[operator]
    assert np.isnan(found.value)
    assert found.note == "does not exist: one is constant"
    nothing = np.full_like(A, np.nan)
    assert np.isnan(of(A, nothing).value)  # type: ignore[operator]


@pytest.mark.parametrize("sign", [1.0, -1.0])
@pytest.mark.parametrize("noise", [0.003, 0.01])
def test_ranks_of_what_is_nearly_the_same(noise: float, sign: float) -> None:
    """Of normal variables with correlation r: (6/π) asin(r/2) (Kruskal 1958). In samples that are
    not large it is smaller on the average, by more than its error."""
    true = sign * 6.0 / np.pi * np.arcsin(0.5 / np.sqrt(1.0 + noise**2))
    random = np.random.default_rng(7)
    held = 0
    for _ in range(40):
        a, b = random.normal(size=(2, 8, 256))
        found = spearman(a, sign * a + noise * b)
        held += found.low <= true <= found.high
        assert found.error < 10 * (1 - abs(true))
    assert held >= 30
