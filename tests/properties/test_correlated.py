"""Correlated draws: what never matters to them, and what they never move."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import guessmodel as gm
from guessmodel.graph.quantity import Quantity
from guessmodel.numerics.correlation_matrix import factor, nearest_correlation

FAMILIES: list[Callable[[], Quantity]] = [
    lambda: gm.normal(30, 40),
    lambda: gm.lognormal(2, 5),
    lambda: gm.beta(0.2, 0.4),
    lambda: gm.cauchy(1, 2),
    lambda: gm.uniform(2, 7),
    lambda: gm.poisson(4),
    lambda: gm.empirical([1, 2, 2, 9]),
    lambda: gm.mixture([gm.normal(1, 2), gm.gamma(5, 9)], [0.3, 0.7]),
]
families = st.sampled_from(FAMILIES)
ranks = st.floats(-0.7, 0.7).map(lambda rank: round(rank, 3))
methods = st.sampled_from(["nets", "lhs", "random"])
few = settings(max_examples=25, deadline=None)


@few
@given(families, families, ranks, ranks, methods, st.booleans())
def test_other_draws_and_the_first_one_never_move(
    one: Callable[[], Quantity],
    two: Callable[[], Quantity],
    rank: float,
    other: float,
    method: str,
    more: bool,
) -> None:
    runs = []
    for each in (None, rank, other):
        a, b, c = one(), two(), gm.normal(1, 2)
        if each is not None:
            a, b = gm.correlate([a, b], rank=each)
        unrelated = {"d": gm.gamma(1, 3)} if more and each is not None else {}
        runs.append(gm.Model(a=a, b=b, c=c, **unrelated).sample(256, method=method))
    for run in runs[1:]:
        assert np.array_equal(run["a"].values, runs[0]["a"].values)
        if method != "nets" or not more:
            assert np.array_equal(run["c"].values, runs[0]["c"].values)
    if rank == other:
        assert np.array_equal(runs[1]["b"].values, runs[2]["b"].values)


@few
@given(st.sampled_from(FAMILIES[:5]), ranks)
def test_a_draw_is_increasing_in_its_score(family: Callable[[], Quantity], rank: float) -> None:
    """The same score through another margin: no order is turned, so that ranks never change."""
    values = []
    for margin in (family, lambda: gm.normal(0, 1)):
        _, b = gm.correlate([gm.normal(0, 1), margin()], rank=rank)
        values.append(gm.Model(a=gm.normal(5, 6), b=b).sample(256)["b"].values)
    order = np.argsort(values[1], kind="stable")
    assert np.all(np.diff(values[0][order]) >= 0.0)


@few
@given(ranks, st.floats(0.1, 100.0))
def test_units_never_matter(rank: float, factor_: float) -> None:
    runs = []
    for unit, scale in (("USD", 1.0), ("USD", factor_)):
        a, b = gm.correlate(
            [gm.lognormal(2 * scale, 5 * scale, unit), gm.normal(1 * scale, 4 * scale, unit)], rank
        )
        runs.append(gm.Model(a=a, b=b).sample(256))
    for name in "ab":
        scaled = runs[0][name].values * factor_
        assert runs[1][name].values == pytest.approx(scaled, rel=1e-9, abs=1e-9 * factor_)
    assert runs[0].rank_correlation("a", "b").value == pytest.approx(
        runs[1].rank_correlation("a", "b").value, abs=1e-9
    )


@few
@given(st.integers(2, 6), st.integers(0, 2**32 - 1))
def test_what_is_proposed_for_a_matrix_that_cannot_be_is_accepted(size: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    matrix = np.round(rng.uniform(-1.0, 1.0, (size, size)), 2)
    matrix = np.triu(matrix, 1)
    matrix += matrix.T + np.eye(size)
    draws = {f"d{i}": gm.normal(1, 2) for i in range(size)}
    try:
        gm.correlate(draws, rank=matrix)
    except gm.GuessmodelError as error:
        rows = str(error).split("(Higham): ")[1].split("; ")
        nearest = [[float(x) for x in row.strip("[]").split(", ")] for row in rows]
        gm.correlate(draws, rank=nearest)


@few
@given(st.integers(2, 8), st.integers(0, 2**32 - 1))
def test_the_nearest_matrix_is_one_of_correlations(size: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    matrix = rng.uniform(-1.0, 1.0, (size, size))
    matrix = np.triu(matrix, 1)
    matrix += matrix.T + np.eye(size)
    found = nearest_correlation(matrix, 1e-4)
    assert factor(found) is not None
    again = nearest_correlation(found, 1e-4)
    assert again == pytest.approx(found, abs=1e-6)
    order = rng.permutation(size)
    turned = nearest_correlation(matrix[np.ix_(order, order)], 1e-4)
    assert turned == pytest.approx(found[np.ix_(order, order)], abs=1e-6)
