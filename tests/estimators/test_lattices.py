"""Isolated values and their sums, against enumeration and closed forms."""

from __future__ import annotations

import itertools
from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

import guessmodel as gm
from guessmodel.estimators.closed_form import Closed, ClosedForms
from guessmodel.estimators.lattices import atoms_of, multiples, step_of, summed
from guessmodel.graph.quantity import Quantity


def closed(draw: Quantity) -> Closed:
    found = ClosedForms.of([draw]).at(draw)
    assert found is not None
    return found


@given(
    st.dictionaries(st.integers(0, 4), st.integers(1, 9), min_size=1, max_size=4),
    st.dictionaries(st.integers(-3, 5), st.integers(1, 9), min_size=2, max_size=4),
    st.sampled_from([1.0, 0.25, 0.01, 12.0]),
)
def test_sums_are_those_of_all_cases(
    counts: dict[int, int], sizes: dict[int, int], step: float
) -> None:
    whole, each = sum(counts.values()), sum(sizes.values())
    expected: Counter[int] = Counter()
    for n, weight in counts.items():
        for case in itertools.product(sizes, repeat=n):
            share = Fraction(weight, whole)
            for value in case:
                share *= Fraction(sizes[value], each)
            expected[sum(case)] += share  # type: ignore[assignment]
    k, x = sorted(counts), sorted(sizes)
    found = summed(
        (np.array(k, float), np.array([counts[n] / whole for n in k])),
        (multiples(step, np.array(x, float)), np.array([sizes[v] / each for v in x])),
    )
    assert found is not None
    got = {value: share for value, share in zip(*found, strict=True) if share > 0.0}
    assert sorted(got) == pytest.approx([step * value for value in sorted(expected)], rel=1e-12)
    assert list(got.values()) == pytest.approx(
        [float(expected[value]) for value in sorted(expected)], rel=1e-12
    )


def test_steps() -> None:
    assert step_of(np.array([0.0, 12.34, 56.78, -0.02])) == pytest.approx(0.02, rel=1e-12)
    assert step_of(np.array([1500.0, 2500.0])) == 500.0
    assert step_of(np.array([0.1, 0.2, 0.7])) == pytest.approx(0.1)
    for none in ([0.0], [1.0, np.sqrt(2.0)], [1.0, np.inf], [1.0, 100_000.0]):
        assert step_of(np.array(none)) is None
    assert multiples(0.01, np.array([57.0])) == 0.57  # 57 * 0.01 is not
    assert multiples(500.0, np.array([-3.0])) == -1500.0


def test_atoms_are_values_with_their_probabilities() -> None:
    values, shares = atoms_of(closed(3 - 2 * gm.binomial(2, 0.5))) or ((), ())
    assert list(values) == [-1.0, 1.0, 3.0]
    assert list(shares) == pytest.approx([0.25, 0.5, 0.25])
    values, shares = atoms_of(closed(gm.poisson(7))) or ((), ())
    assert shares == pytest.approx(stats.poisson(7).pmf(values), rel=1e-9)
    assert values[0] == 0.0 and stats.poisson(7).sf(values[-1]) < 1e-16
    assert atoms_of(closed(gm.normal(1, 2))) is None
    assert atoms_of(closed(gm.poisson(1e12))) is None  # too many


def test_what_would_take_too_long_is_left() -> None:
    one = np.arange(1_000.0), np.full(1_000, 1e-3)
    assert summed((np.array([1_000.0]), np.ones(1)), one) is None
    assert summed((np.array([-1.0]), np.ones(1)), one) is None
