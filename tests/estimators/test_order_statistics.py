import math

import numpy as np
import pytest
from numpy.typing import NDArray

from guessmodel.estimators.order_statistics import (
    AtRanks,
    Ordered,
    Window,
    finite_rows,
    windows,
)

PS = [0.001, 0.05, 0.5, 0.95, 0.9999]


def outputs(n: int, kind: str) -> NDArray[np.float64]:
    draws = np.exp(np.random.default_rng(3).standard_normal((8, n // 8)))
    if kind == "continuous":
        return draws
    if kind == "rounded":
        return np.ceil(draws)
    return np.where(draws < 1, 0.0, draws)  # half of the draws in one atom


def check(window: Window, values: NDArray[np.float64], rank: int) -> None:
    ordered = np.sort(values, axis=None)
    x = window.at(rank)
    assert x == ordered[rank - 1]
    less, up_to = window.counts(x)
    assert (less == (values < x).sum(axis=1)).all()
    assert (up_to == (values <= x).sum(axis=1)).all()


@pytest.mark.parametrize("kind", ["continuous", "rounded", "atom"])
@pytest.mark.parametrize("n", [64, 2**18])
def test_windows_hold_the_ranks_and_counts_of_a_sort(n: int, kind: str) -> None:
    values = outputs(n, kind)
    for p, window in zip(PS, windows(Ordered.of(values), PS), strict=True):
        for nearby in (-0.0003, 0.0, 0.0003):
            check(window, values, min(max(round((p + nearby) * n), 1), n))


def test_windows_of_a_large_run_sort_little() -> None:
    found = windows(Ordered.of(outputs(2**18, "continuous")), PS)
    assert sum(window.ordered.size for window in found) < 2**18 / 8


def test_an_atom_stays_outside_the_sorted_draws() -> None:
    (window,) = windows(Ordered.of(outputs(2**18, "atom")), [0.3])
    assert window.ordered.size == 0
    assert window.at(2**16) == 0.0


def test_a_misplaced_window_is_no_wrong_answer() -> None:
    values = np.sort(outputs(2**18, "continuous"), axis=1)  # first draws are all small
    (window,) = windows(Ordered.of(values), [0.5])
    assert not window.low < np.median(values) < window.high
    for rank in (1, 2**17, 2**18):
        check(window, values, rank)


def test_many_quantiles_share_one_sort() -> None:
    found = windows(Ordered.of(outputs(2**18, "continuous")), [k / 100 for k in range(1, 100)])
    assert len(found) == 99
    assert all(window is found[0] for window in found)
    assert (found[0].low, found[0].high) == (-math.inf, math.inf)


def test_finite_rows_are_views_where_nothing_is_left_out() -> None:
    values = outputs(64, "continuous")
    values[2, 3] = np.inf
    rows = finite_rows(values)
    assert [row.size for row in rows] == [8, 8, 7, 8, 8, 8, 8, 8]
    assert np.shares_memory(rows[0], values)


@pytest.mark.parametrize("size", [8, 100, 1024])  # of a replicate: with and without whole words
def test_several_draws_have_at_their_ranks_what_each_has_alone(size: int) -> None:
    kinds = ("continuous", "rounded", "atom")
    stack = np.stack([outputs(8 * size, kind) for kind in kinds])
    together = AtRanks.of_each(stack, Ordered.of_each(stack), PS)
    for rows, found in zip(stack, together, strict=True):
        alone = AtRanks.of(Ordered.of(rows), PS)
        assert (found.ranks, found.values) == (alone.ranks, alone.values)
        assert (found.less, found.up_to) == (alone.less, alone.up_to)
        assert found.halves == alone.halves
        for i, x in enumerate(found.values):
            assert (found.less[i], found.up_to[i]) == ((rows < x).sum(), (rows <= x).sum())
