import numpy as np
import pytest
from numpy.typing import NDArray

from guessmodel.numerics.moments import Moments


def draws(shape: tuple[int, int], seed: int = 0) -> NDArray[np.float64]:
    return np.random.default_rng(seed).gamma(2.0, 3.0, shape)


def same(a: Moments, b: Moments) -> None:
    for name in ("count", "mean", "squares", "lowest", "highest"):
        np.testing.assert_allclose(getattr(a, name), getattr(b, name), rtol=1e-12)


@pytest.mark.parametrize("shape", [(8, 1), (8, 300), (3, 512), (2, 2**16 + 77), (2, 2**17)])
def test_moments_are_those_of_numpy(shape: tuple[int, int]) -> None:
    values = draws(shape)
    moments = Moments.of(values)
    assert (moments.count == shape[1]).all()
    np.testing.assert_allclose(moments.mean, values.mean(axis=1), rtol=1e-13)
    np.testing.assert_allclose(moments.squares, values.var(axis=1) * shape[1], rtol=1e-12)
    assert (moments.lowest == values.min(axis=1)).all()
    assert (moments.highest == values.max(axis=1)).all()


def test_a_large_offset_costs_no_digits() -> None:
    values = 1e9 + draws((4, 2**15))
    expected = (values - 1e9).var(axis=1) * values.shape[1]
    np.testing.assert_allclose(Moments.of(values).squares, expected, rtol=1e-9)


def test_parts_merge_to_the_whole() -> None:
    values = draws((5, 1000))
    parts = [Moments.of(values[:, a:b]) for a, b in ((0, 1), (1, 400), (400, 400), (400, 1000))]
    merged = parts[0]
    for part in parts[1:]:
        merged = merged.merge(part)
    same(merged, Moments.of(values))


def test_replicates_stack() -> None:
    values = draws((5, 100))
    same(Moments.stack([Moments.of(values[:2]), Moments.of(values[2:])]), Moments.of(values))


def test_non_finite_draws_are_left_out() -> None:
    values = draws((3, 700))
    values[0, 5] = np.nan
    values[1, :600] = np.inf
    values[1, 650] = -np.inf
    values[2] = np.nan
    moments = Moments.of(values)
    assert moments.count.tolist() == [699, 99, 0]
    finite = values[1][np.isfinite(values[1])]
    assert moments.mean[1] == pytest.approx(finite.mean())
    assert moments.squares[1] == pytest.approx(finite.var() * 99)
    assert moments.draws == 798
    kept = values[np.isfinite(values)]
    assert moments.pooled_mean == pytest.approx(kept.mean())
    assert moments.squares_about(kept.mean()).sum() == pytest.approx(kept.var() * 798)


def test_without_finite_draws_there_is_no_mean() -> None:
    assert np.isnan(Moments.of(np.full((2, 3), np.nan)).pooled_mean)


def test_columns_need_not_be_contiguous() -> None:
    values = draws((512, 4))
    same(Moments.of(values.T), Moments.of(np.ascontiguousarray(values.T)))


def test_several_have_the_moments_that_each_has_alone() -> None:
    stack = np.stack([draws((8, 300), seed) for seed in range(3)])
    too_large = np.full((8, 300), 1e307)  # for their sum to be a number
    for second in (stack[1], too_large):
        stack[1] = second
        for rows, found in zip(stack, Moments.of_each(stack), strict=True):
            alone = Moments.of(rows)
            assert found.mean.tolist() == alone.mean.tolist()
            assert found.squares.tolist() == alone.squares.tolist()


def test_draws_at_both_ends_of_the_floats_have_no_mean() -> None:
    """Replicates at inf and at -inf: no warning, which some machines give and some do not."""
    moments = Moments.of(np.array([[1.7e308] * 4, [-1.7e308] * 4]))
    beyond = Moments(
        moments.count, np.array([np.inf, -np.inf]), moments.squares, moments.lowest, moments.highest
    )
    assert np.isnan(beyond.pooled_mean)
