"""Sorting against NumPy's own functions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guessmodel.numerics.sorting import sample_quantiles, ties

values = st.lists(st.sampled_from([-2.0, -0.0, 0.0, 1.0, 1.5, np.nan, np.inf]), max_size=12)


@given(values)
def test_ties_are_those_of_unique(listed: list[float]) -> None:
    array = np.array(listed)
    _, place, counts = np.unique(array, return_inverse=True, return_counts=True)
    found = ties(array)
    assert found[0].tolist() == place.tolist()
    assert found[1].tolist() == counts.tolist()


def test_ties_of_truth_values() -> None:
    place, counts = ties(np.array([[True, False], [True, True]]))
    assert place.tolist() == [1, 0, 1, 1]
    assert counts.tolist() == [1, 3]


@pytest.mark.parametrize("n", [1, 2, 7, 1000])
def test_quantiles_are_those_of_numpy(n: int) -> None:
    x = np.random.default_rng(n).normal(size=n)
    ps = [0.0, 0.05, 0.5, 0.95, 1.0]
    np.testing.assert_allclose(sample_quantiles(x, ps), np.quantile(x, ps), rtol=1e-12, atol=1e-15)
