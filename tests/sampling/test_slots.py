"""Which names own which components, and how well those of random names go together."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guessmodel.graph.variates import UNIFORM
from guessmodel.sampling import Stream, design
from guessmodel.sampling.design import Rows
from guessmodel.sampling.lattice import columns, components, raised
from guessmodel.sampling.mixing import key_hash
from guessmodel.sampling.nets import _span
from guessmodel.sampling.slots import Slots, assign

REPLICATES = np.arange(8)


def scalars(keys):
    return [Stream((key,), False, (UNIFORM,)) for key in keys]


def labelled(keys, name="q"):
    return [Stream(tuple(keys), True, (UNIFORM,), name)]


def test_the_first_and_the_last_of_a_bucket_own_a_component():
    keys = [f"quantity_{i}" for i in range(100)]
    owned = assign(keys, 16)
    assert owned == assign(reversed(keys), 16)
    assert len(set(owned.values())) == len(owned)
    for bucket in range(16):
        met = sorted((key for key in keys if key_hash(key) % 16 == bucket), key=key_hash)
        assert [owned.get(key) for key in met] == [
            bucket,
            *[None] * (len(met) - 2),
            16 + bucket,
        ]


def test_assignment_of_one_name_or_none():
    assert assign([], 16) == {}
    assert assign(["a", "a"], 16) == {"a": key_hash("a") % 16}


@given(st.sets(st.text("abcdefgh", min_size=1, max_size=4), min_size=2, max_size=60), st.data())
def test_a_name_that_comes_moves_at_most_one_other(names, data):
    added = data.draw(st.sampled_from(sorted(names)))
    before, after = assign(names - {added}, 8), assign(names, 8)
    moved = [key for key in names - {added} if before.get(key) != after.get(key)]
    assert len(moved) <= 1


def test_ten_thousand_insertions_never_move_two():
    rng = np.random.default_rng(0)
    moved = []
    for _ in range(10_000):
        keys = [f"n{number}" for number in rng.integers(10**9, size=41)]
        before, after = assign(keys[1:], 32), assign(keys, 32)
        moved.append(sum(before.get(key) != after.get(key) for key in keys[1:]))
    assert max(moved) == 1
    assert 0.1 < np.mean(moved) < 0.5


@pytest.mark.parametrize("streams", [scalars, labelled])
def test_an_insertion_leaves_the_draws_of_all_others_but_one(streams):
    def draws(keys):
        made = design("nets", 8 * 128, 3, streams(keys)).replicate(2)
        if streams is labelled:
            out = np.empty((len(keys), 128))
            made.fill(0, 0, 128, out)
        else:
            out = np.empty((len(keys), 128))
            for stream, line in enumerate(out):
                made.fill(stream, 0, 128, line)
        return dict(zip(keys, out, strict=True))

    keys = [f"x[{i}]" for i in range(60)]
    counts = []
    for added in keys[:20]:
        rest = [key for key in keys if key != added]
        before, after = draws(rest), draws(keys)
        counts.append(sum(not np.array_equal(before[key], after[key]) for key in rest))
    assert set(counts) <= {0, 1}


def test_labels_of_another_quantity_change_nothing():
    def exponents(*streams):
        rows = Rows.create(0, streams)
        table = components(9)
        slots = Slots.create(0, rows, table, (), ordered=False)
        return slots.exponents(rows, table, REPLICATES)

    (a,), (b,) = labelled([f"a[{i}]" for i in range(5)], "a"), labelled(["b[0]", "b[1]"], "b")
    assert np.array_equal(exponents(a, b)[:, :5], exponents(a))


def relative_variance(streams, m, seed):
    """Over all pairs of coordinates, the variance of the mean of a product of two centred uniform
    numbers, relative to that of as many independent draws: N times the sum over k and l of the
    squared Walsh coefficients that a net leaves, by the kernel of J. Dick and F. Pillichshammer,
    "Digital Nets and Sequences" (2010), section 13.3."""
    rows = Rows.create(seed, streams)
    table = components(m)
    exponent = Slots.create(seed, rows, table, (), ordered=False).exponents(rows, table, REPLICATES)
    levels = 3.0 * 4.0 ** -np.arange(1, m + 2)
    by_zeros = np.array([levels[:z].sum() - levels[z] for z in range(m)] + [levels[:m].sum()])
    total = 0.0
    for own in exponent:
        strata = _span(np.zeros(own.size, dtype=np.uint32), columns(raised(own, m), m))
        zeros = m - np.frexp(strata.astype(float))[1]
        kernel = by_zeros[zeros]
        total = total + kernel.T @ kernel
    pairs = np.triu_indices(len(rows), 1)
    return (total / len(REPLICATES))[pairs]


def test_the_formula_is_the_variance_that_runs_have():
    streams = scalars(["a", "b", "c", "d"])
    squares = []
    for seed in range(300):
        points = design("nets", 8 * 32, seed, streams)
        products = np.zeros((4, 4))
        for r in range(8):
            out = np.empty((4, 32))
            for stream, line in enumerate(out):
                points.replicate(r).fill(stream, 0, 32, line)
            products += (out - 0.5) @ (out - 0.5).T / 256
        squares.append(products[np.triu_indices(4, 1)] ** 2 * 256 * 144)
    expected = np.mean([relative_variance(streams, 5, seed).mean() for seed in range(300)])
    # The squares of 1,800 nearly normal numbers in 300 groups: 6 standard errors.
    error = np.std(np.mean(squares, axis=1)) / np.sqrt(300)
    assert abs(np.mean(squares) - expected) < 6 * error


@pytest.mark.parametrize(
    ("m", "inputs", "sets", "most"),
    [(9, 10, 60, 0.35), (9, 40, 20, 0.55), (13, 10, 20, 0.12), (13, 40, 4, 0.18)],
)
def test_pairs_of_random_names_are_better_than_independent_draws(m, inputs, sets, most):
    rng = np.random.default_rng(m)
    found = []
    for seed in range(sets):
        keys = [f"model{seed}.n{number}" for number in rng.integers(10**9, size=inputs)]
        found.append(relative_variance(scalars(keys), m, seed).mean())
    assert np.sqrt(np.mean(found)) <= most
    assert m < 13 or np.sqrt(np.max(found)) <= 0.3


def test_twelve_labels_are_better_than_independent_draws():
    found = [
        relative_variance(labelled([f"q{seed}[{i}]" for i in range(12)]), 13, seed).mean()
        for seed in range(8)
    ]
    assert np.sqrt(np.mean(found)) <= 0.15


def test_coordinates_of_different_quantities_go_together_as_independent_draws_do():
    # Whatever the components, the mean over their ratios is that of independent draws.
    m = 6
    count = 2**m - 1
    strata = _span(np.zeros(count, dtype=np.uint32), columns(raised(np.arange(count), m), m))
    levels = 3.0 * 4.0 ** -np.arange(1, m + 2)
    by_zeros = np.array([levels[:z].sum() - levels[z] for z in range(m)] + [levels[:m].sum()])
    kernel = by_zeros[m - np.frexp(strata.astype(float))[1]]
    relative = kernel.T @ kernel
    assert np.mean(relative) == pytest.approx(1.0, abs=0.05)


def test_ordered_streams_take_the_components_in_their_order():
    keys = [f"o{i}" for i in range(5)]
    rows = Rows.create(0, scalars(keys))
    table = components(9)
    slots = Slots.create(0, rows, table, (), ordered=True)
    found = slots.exponents(rows, table, REPLICATES)
    assert ((found - found[:, :1]) % table.count == table.listed[:5] % table.count).all()
    assert len(set(found[:, 0].tolist())) == 8  # each replicate multiplies by one of its own
