"""Nets: scrambles, solutions, equidistribution, the universe of two versions."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from guessmodel.graph.variates import UNIFORM
from guessmodel.sampling import Stream, design
from guessmodel.sampling.lattice import columns, raised
from guessmodel.sampling.mixing import Purpose, digests, layers, words
from guessmodel.sampling.nets import (
    NetDesign,
    _multiply,
    _positions,
    _span,
    _unit_lower,
)
from guessmodel.sampling.outer_strata import outer_strata


def scalar(key, source=UNIFORM):
    return Stream((key,), False, (source,))


def points_of(points, replicate):
    """Draws (streams, size) of scalar streams."""
    made = points.replicate(replicate)
    out = np.empty((len(points.rows), points.size))
    for stream, line in enumerate(out):
        made.fill(stream, 0, points.size, line)
    return out


def binary(columns):
    """Columns of integers (digits, …) as matrices of 0 and 1, (…, digits, digits)."""
    columns = np.moveaxis(columns.astype(np.int64), 0, -1)
    digits = columns.shape[-1]
    return (columns[..., None, :] >> np.arange(digits - 1, -1, -1)[:, None]) & 1


@pytest.mark.parametrize("m", [0, 1, 3, 5, 6, 9, 13])
def test_every_stratum_is_visited_once(m):
    streams = [scalar("a"), scalar("b"), Stream(("c", "d"), True, (UNIFORM,))]
    points = design("nets", 8 * 2**m, 0, streams)
    for r in range(8):
        out = np.empty((4, points.size))
        made = points.replicate(r)
        made.fill(0, 0, points.size, out[0])
        made.fill(1, 0, points.size, out[1])
        made.fill(2, 0, points.size, out[2:])
        assert (np.sort(np.floor(out * 2**m), axis=1) == np.arange(2**m)).all()


@pytest.mark.parametrize(("m", "k"), [(9, 8), (13, 8), (13, 10)])
def test_the_first_draws_are_spread_much_as_random_ones(m, k):
    """Their greatest distance from uniform numbers, against the law of Kolmogorov."""
    distances = []
    for seed in range(12):
        keys = [f"x{seed}.{i}" for i in range(10)]
        points = design("nets", 8 * 2**m, seed, [scalar(key) for key in keys])
        for r in range(8):
            first = np.sort(points_of(points, r)[:, : 2**k], axis=1)
            distances += list(np.abs(first - (np.arange(2**k) + 0.5) / 2**k).max(axis=1))
    random = stats.kstwo(2**k)
    assert np.mean(distances) < random.mean()
    assert np.mean(distances > random.isf(0.001)) < 0.05


def test_two_versions_of_a_model_assign_over_the_union_of_their_names():
    keys = [f"x{i}" for i in range(120)]
    old, new = keys[:80], keys[40:]

    def draws(own, universe):
        points = design("nets", 512, 0, [scalar(key) for key in own], universe=universe)
        return dict(zip(own, points_of(points, 0), strict=True))

    a, b = draws(old, new), draws(new, old)
    for key in set(old) & set(new):
        assert np.array_equal(a[key], b[key])
    # Without it some of them differ, or this test says nothing.
    c, d = draws(old, ()), draws(new, ())
    assert any(not np.array_equal(c[key], d[key]) for key in set(old) & set(new))


def test_scrambles_are_unit_triangular_and_otherwise_fair():
    m, count = 9, 4000
    digest = digests(0, [f"k{i}" for i in range(count)])
    lower = binary(_unit_lower(layers(digest, np.array([0]), Purpose.LOWER, m)))[0]
    below, above = np.tril_indices(m, -1), np.triu_indices(m, 1)
    assert (lower[:, range(m), range(m)] == 1).all()
    assert (lower[(slice(None), *above)] == 0).all()
    # 36 means of `count` fair bits: 6.2 standard deviations have probability 2e-8 in all.
    assert np.abs(lower[(slice(None), *below)].mean(axis=0) - 0.5).max() < 3.1 / np.sqrt(count)


def test_products_and_solutions_agree_with_arithmetic_modulo_two():
    m = 11
    digest = digests(1, [f"k{i}" for i in range(20)])
    replicates = np.arange(3)
    lower = _unit_lower(layers(digest, replicates, Purpose.LOWER, m))
    exponent = np.arange(60).reshape(3, 20) * 37
    generator = columns(raised(exponent, m), m)
    product = _multiply(lower, generator)
    assert np.array_equal(binary(product), binary(lower) @ binary(generator) % 2)
    shift = words(digest, replicates, Purpose.SHIFT, 1)[..., 0].astype(np.uint32) & (2**m - 1)
    draws = _positions(lower, columns(raised(-exponent, m), m), shift)
    visits = np.take_along_axis(_span(shift, product), draws, axis=0)
    assert (visits == outer_strata(2**m)[:, None, None]).all()


@pytest.mark.parametrize("size", [1, 2, 8, 32, 64, 128])
def test_positions_of_the_outer_strata_of_small_nets(size):
    points = design("nets", 8 * size, 0, [scalar("a"), scalar("b")])
    u = points_of(points, 0)
    assert np.array_equal(np.sort(np.floor(u * size)), np.tile(np.arange(size), (2, 1)))


def test_many_coordinates_or_replicates_are_scrambled_one_replicate_at_a_time(monkeypatch):
    streams = [scalar(f"x{i}") for i in range(300)]
    apart = NetDesign.create(8 * 64, 0, streams)
    monkeypatch.setattr("guessmodel.sampling.nets._TOGETHER", 10_000)
    together = NetDesign.create(8 * 64, 0, streams)
    assert apart.scrambles is None
    assert together.scrambles is not None
    for r in (0, 5):
        assert np.array_equal(points_of(apart, r), points_of(together, r))
