"""Nets: the published generators, ownership by name, scrambles, equidistribution."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.stats import qmc

from guessmodel.sampling import NORMAL, UNIFORM, Stream, assign, design
from guessmodel.sampling.mixing import Purpose, digests, key_hash, layers, words
from guessmodel.sampling.outer import outer_strata
from guessmodel.sampling.sobol import (
    DIMENSIONS,
    SobolDesign,
    _generators,
    _multiply,
    _positions,
    _span,
    _unit_lower,
    _unit_upper,
    directions,
)


def scalar(key, source=UNIFORM):
    return Stream((key,), False, (source,))


def key_owning(dimension):
    return next(f"k{i}" for i in itertools.count() if key_hash(f"k{i}") % DIMENSIONS == dimension)


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


def equidistributed(u, v, fine):
    """Every rectangle 2^-a by 2^-(fine - a) holds the same number of points."""
    for a in range(fine + 1):
        cell = np.floor(u * 2**a).astype(int) * 2 ** (fine - a)
        cell += np.floor(v * 2 ** (fine - a)).astype(int)
        if not (np.bincount(cell, minlength=2**fine) == u.size // 2**fine).all():
            return False
    return True


def test_unscrambled_they_are_the_nets_that_scipy_publishes():
    m = 10
    published = qmc.Sobol(DIMENSIONS, scramble=False).random(2**m).T
    columns = (directions()[:, :m] >> (17 - m)).T.astype(np.uint32)
    ours = _span(np.zeros(DIMENSIONS, dtype=np.uint32), columns).T / 2**m
    # SciPy walks them in the order of the Gray code.
    number = np.arange(2**m)
    assert np.array_equal(ours[:, number ^ (number >> 1)], published)


def test_generators_are_read_only():
    with pytest.raises(ValueError, match="read-only"):
        directions()[0, 0] = 1


def test_assignment_depends_on_the_names_alone():
    keys = [f"quantity_{i}" for i in range(100)]
    owned = assign(keys)
    assert owned == assign(reversed(keys))
    assert len(set(owned.values())) == len(owned)
    for key, dimension in owned.items():
        assert dimension == key_hash(key) % DIMENSIONS
    for key in set(keys) - set(owned):
        winner = next(k for k, d in owned.items() if d == key_hash(key) % DIMENSIONS)
        assert key_hash(winner) < key_hash(key)


def test_assignment_of_one_name_or_none():
    assert assign([]) == {}
    assert assign(["a", "a"]) == {"a": key_hash("a") % DIMENSIONS}


def test_labelled_coordinates_and_losers_are_padded():
    taken = key_owning(7)
    rival = next(
        key
        for key in (f"r{i}" for i in itertools.count())
        if key_hash(key) % DIMENSIONS == 7 and key_hash(key) > key_hash(taken)
    )
    streams = [scalar(rival), scalar(taken), Stream((key_owning(9),), True, (NORMAL,))]
    assert SobolDesign.create(64, 0, streams).dimensions.tolist() == [-1, 7, -1]
    assert SobolDesign.create(64, 0, streams[:1]).dimensions.tolist() == [7]


def test_two_versions_of_a_model_assign_over_the_union_of_their_names():
    keys = [f"x{i}" for i in range(120)]
    old, new = keys[:80], keys[40:]

    def draws(own, universe):
        points = design("sobol", 512, 0, [scalar(key) for key in own], universe=universe)
        return dict(zip(own, points_of(points, 0), strict=True))

    a, b = draws(old, new), draws(new, old)
    for key in set(old) & set(new):
        assert np.array_equal(a[key], b[key])
    # Without it some of them differ, or this test says nothing.
    c, d = draws(old, ()), draws(new, ())
    assert any(not np.array_equal(c[key], d[key]) for key in set(old) & set(new))


def test_a_net_in_two_published_dimensions():
    # Dimensions 1 and 2 of Sobol' are a (0, m, 2)-net, scrambled or not.
    points = design("sobol", 8 * 2**9, 3, [scalar(key_owning(0)), scalar(key_owning(1))])
    for r in range(8):
        assert equidistributed(*points_of(points, r), fine=9)


def test_padded_pairs_are_no_such_net():
    points = design("sobol", 8 * 2**9, 3, [Stream(("a", "b"), True, (UNIFORM,))])
    both = np.empty((2, points.size))
    points.replicate(0).fill(0, 0, points.size, both)
    assert not equidistributed(*both, fine=9)


@pytest.mark.parametrize("m", [1, 3, 5, 6, 9, 13])
def test_every_run_of_a_power_of_two_is_stratified(m):
    streams = [scalar("a"), scalar("b"), Stream(("c", "d"), True, (UNIFORM,))]
    points = design("sobol", 8 * 2**m, 0, streams)
    for r in range(8):
        out = np.empty((4, points.size))
        made = points.replicate(r)
        made.fill(0, 0, points.size, out[0])
        made.fill(1, 0, points.size, out[1])
        made.fill(2, 0, points.size, out[2:])
        for k in range(m + 1):
            runs = np.sort(np.floor(out.reshape(4, -1, 2**k) * 2**k), axis=-1)
            assert (runs == np.arange(2**k)).all()


def test_scrambles_are_unit_triangular_and_otherwise_fair():
    m, count = 9, 4000
    digest = digests(0, [f"k{i}" for i in range(count)])
    lower = binary(_unit_lower(layers(digest, np.array([0]), Purpose.LOWER, m)))[0]
    upper = binary(_unit_upper(layers(digest, np.array([0]), Purpose.UPPER, m)))[0]
    below, above = np.tril_indices(m, -1), np.triu_indices(m, 1)
    for matrix, free, empty in ((lower, below, above), (upper, above, below)):
        assert (matrix[:, range(m), range(m)] == 1).all()
        assert (matrix[(slice(None), *empty)] == 0).all()
        # 36 means of `count` fair bits: 6.2 standard deviations have probability 2e-8 in all.
        assert np.abs(matrix[(slice(None), *free)].mean(axis=0) - 0.5).max() < 3.1 / np.sqrt(count)


def test_products_and_solutions_agree_with_arithmetic_modulo_two():
    m = 11
    digest = digests(1, [f"k{i}" for i in range(20)])
    replicates = np.arange(3)
    lower = _unit_lower(layers(digest, replicates, Purpose.LOWER, m))
    dimensions = np.where(np.arange(20) % 2, np.arange(20), -1)
    generator = _generators(dimensions, digest, replicates, m)
    product = _multiply(lower, generator)
    assert np.array_equal(binary(product), binary(lower) @ binary(generator) % 2)
    shift = words(digest, replicates, Purpose.SHIFT, 1)[..., 0].astype(np.uint32) & (2**m - 1)
    visits = np.take_along_axis(_span(shift, product), _positions(lower, generator, shift), axis=0)
    assert (visits == outer_strata(2**m)[:, None, None]).all()


@pytest.mark.parametrize("size", [1, 2, 8, 32, 64, 128])
def test_positions_of_the_outer_strata_of_small_nets(size):
    points = design("sobol", 8 * size, 0, [scalar("a"), scalar("b")])
    u = points_of(points, 0)
    assert np.array_equal(np.sort(np.floor(u * size)), np.tile(np.arange(size), (2, 1)))


def test_padding_is_drawn_anew_in_each_replicate():
    digest = digests(0, ["a"])
    generator = _generators(np.array([-1, 0]), np.repeat(digest, 2), np.arange(8), 12)
    assert len({tuple(column) for column in generator[..., 0].T.tolist()}) == 8
    assert (generator[..., 1] == (directions()[0, :12] >> 5)[:, None]).all()


def test_many_coordinates_or_replicates_are_scrambled_one_replicate_at_a_time():
    streams = [scalar(f"x{i}") for i in range(300)]
    many = SobolDesign.create(8 * 64, 0, streams)
    few = SobolDesign.create(8 * 64, 0, streams[:10])
    assert many.scrambles is None
    assert few.scrambles is not None
    owned = [i for i in range(10) if many.dimensions[i] == few.dimensions[i]]
    for r in (0, 5):
        assert np.array_equal(points_of(many, r)[owned], points_of(few, r)[owned])
