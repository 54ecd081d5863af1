"""Names own their randomness, whatever the model: blocks, order, insertion, removal, renaming."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guessmodel.graph.variates import CAUCHY, EXPONENTIAL, LOGISTIC, NORMAL, UNIFORM
from guessmodel.sampling import METHODS, Stream, design
from guessmodel.sampling.slots import assign

methods = pytest.mark.parametrize("method", METHODS)
names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8)
lists = st.lists(names, min_size=1, max_size=8, unique=True)
seeds = st.integers()
sources = st.sampled_from([NORMAL, UNIFORM, EXPONENTIAL, LOGISTIC, CAUCHY])


def draws(method, keys, seed=0, n=512, universe=()):
    """The draws of scalar streams in one replicate, by key."""
    points = design(
        method, n, seed, [Stream((key,), False, (NORMAL,)) for key in keys], universe=universe
    )
    made = points.replicate(3)
    out = {}
    for number, key in enumerate(keys):
        out[key] = np.empty(points.size)
        made.fill(number, 0, points.size, out[key])
    return out


def changed(a, b):
    return {key for key in set(a) & set(b) if not np.array_equal(a[key], b[key])}


@methods
@given(keys=lists, seed=seeds, data=st.data())
def test_reordering_changes_nothing(method, keys, seed, data):
    order = data.draw(st.permutations(keys))
    assert changed(draws(method, keys, seed), draws(method, order, seed)) == set()


@methods
@given(keys=lists, new=names, seed=seeds)
def test_insertion_and_removal(method, keys, new, seed):
    more = [*(key for key in keys if key != new), new]
    fewer = more[:-1]
    moved = changed(draws(method, fewer, seed), draws(method, more, seed))
    if method == "nets":
        assert len(moved) <= 1
    else:
        assert moved == set()


@methods
@given(keys=lists, new=names, seed=seeds)
def test_renaming_moves_itself_and_with_nets_at_most_two_others(method, keys, new, seed):
    rest = [key for key in keys[1:] if key != new]
    moved = changed(draws(method, [keys[0], *rest], seed), draws(method, [new, *rest], seed)) - {
        keys[0]
    }
    assert len(moved) <= (2 if method == "nets" else 0)


@given(keys=st.lists(names, min_size=1, max_size=300, unique=True), new=names)
def test_a_name_costs_at_most_one_other_its_component(keys, new):
    before = assign((key for key in keys if key != new), 32)
    after = assign({*keys, new}, 32)
    moved = {key for key in keys if key != new and after.get(key) != before.get(key)}
    assert len(moved) <= 1
    assert not moved or new in after


@methods
@given(keys=lists, other=lists, seed=seeds)
def test_two_versions_over_the_union_see_common_draws(method, keys, other, seed):
    a = draws(method, keys, seed, universe=other)
    b = draws(method, other, seed, universe=keys)
    assert changed(a, b) == set()


@methods
@given(
    n=st.integers(1, 6000),
    seed=seeds,
    source=sources,
    cuts=st.lists(st.floats(0, 1), max_size=5),
)
def test_any_division_into_blocks(method, n, seed, source, cuts):
    points = design(method, n, seed, [Stream(("a", "b", "c"), True, (source,))])
    made = points.replicate(7)
    whole = np.full((3, points.size), np.nan)
    made.fill(0, 0, points.size, whole)
    assert np.isfinite(whole).all()
    edges = sorted({0, points.size, *(int(cut * points.size) for cut in cuts)})
    for start, stop in itertools.pairwise(edges):
        part = np.full((3, stop - start), np.nan)
        made.fill(0, start, stop, part)
        assert np.array_equal(part, whole[:, start:stop])


@methods
@given(labels=lists, more=lists, seed=seeds)
def test_coordinates_own_their_draws_too(method, labels, more, seed):
    def labelled(keys):
        points = design(method, 256, seed, [Stream(tuple(keys), True, (NORMAL,))])
        out = np.empty((len(keys), points.size))
        points.replicate(0).fill(0, 0, points.size, out)
        return dict(zip(keys, out, strict=True))

    union = [*labels, *(key for key in more if key not in labels)]
    added = len(union) - len(labels) if method == "nets" else 0  # each moves one at most
    assert len(changed(labelled(labels), labelled(union))) <= added


@pytest.mark.parametrize("method", ["nets", "lhs"])
@given(n=st.integers(1, 3000), seed=seeds, key=names, labelled=st.booleans())
def test_every_stratum_is_visited_once(method, n, seed, key, labelled):
    points = design(method, n, seed, [Stream((key,), labelled, (UNIFORM,))])
    out = np.empty((1, points.size) if labelled else points.size)
    points.replicate(1).fill(0, 0, points.size, out)
    assert ((out > 0.0) & (out < 1.0)).all()
    # A draw may be rounded to the edge of its stratum, not further.
    place = np.sort(out.ravel()) * points.size - np.arange(points.size)
    assert (place >= 0.0).all() and (place <= 1.0).all()
