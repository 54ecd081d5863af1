"""Labels are text or numbers of Python's own kinds, each once."""

import math
from itertools import permutations

import numpy as np
import pytest

import guessmodel as gm
from guessmodel.errors import DimensionError
from guessmodel.graph import dims as dimensions
from guessmodel.graph.dims import Dim


def test_numbers_of_numpy_are_labels_like_pythons_own():
    years = np.arange(2025, 2028)
    one = Dim("year", tuple(years))
    assert one == Dim("year", (2025, 2026, 2027))
    assert [type(label) for label in one.labels] == [int, int, int]
    assert Dim("case", (np.str_("a"), np.float32(0.5))).labels == ("a", 0.5)


def test_the_kind_of_number_does_not_move_draws():
    drawn = [
        gm.Model(g=gm.normal(dict.fromkeys(years, (1, 2)), dim="year")).sample(64)["g"].values
        for years in (range(2025, 2028), np.arange(2025, 2028))
    ]
    np.testing.assert_array_equal(*drawn)


def test_dates_are_labels_as_text():
    days = np.array(["2025-01-31", "2025-02-28"], dtype="datetime64[ns]")
    assert Dim("day", tuple(days)).labels == ("2025-01-31", "2025-02-28")


@pytest.mark.parametrize("label", [None, True, (1, 2), b"a", 1j, math.nan])
def test_other_kinds_are_no_labels(label):
    with pytest.raises(DimensionError, match=r"dimension 'k' has the label .*; write text or a nu"):
        Dim("k", (label, "b"))


@pytest.mark.parametrize("labels", [("a", "a"), (1, 1.0), (1, np.int64(1)), (1, "1")])
def test_labels_that_read_alike_are_the_same(labels):
    with pytest.raises(DimensionError, match=r"dimension 'k' has the label ('a'|'1'|1) twice"):
        Dim("k", labels)


@pytest.mark.parametrize("name", ["", None, 3])
def test_a_dimension_has_a_name(name):
    with pytest.raises(DimensionError, match="names no dimension; write text such as 'year'"):
        Dim(name, ("a",))


def test_errors_tell_the_line():
    with pytest.raises(DimensionError, match=r"test_dims.py:\d+: dimension 'k' has the label None"):
        gm.constant({None: 1, "a": 2}, dim="k")
    with pytest.raises(DimensionError, match=r"test_dims.py:\d+: dimension 'k' has the label None"):
        gm.stack({None: gm.normal(1, 2)}, dim="k")


@pytest.mark.parametrize("target", ["", "a", "ab", "ba", "abc", "cab"])
def test_arrays_broadcast_by_the_names_of_their_axes(target: str) -> None:
    """Against einsum, which sums nothing here: each axis goes where its letter stands."""
    sizes = {"a": 2, "b": 3, "c": 4}
    dims = {name: Dim(name, tuple(range(size))) for name, size in sizes.items()}
    wanted = tuple(dims[name] for name in target)
    for count in range(len(target) + 1):
        for source in permutations(target, count):
            array = np.random.default_rng(1).random((*(sizes[name] for name in source), 5))
            ones = [np.ones(sizes[name]) for name in target]
            subscripts = ",".join(["".join(source) + "z", *target])
            expected = np.einsum(f"{subscripts}->{target}z", array, *ones)
            found = dimensions.broadcast(array, tuple(dims[name] for name in source), wanted)
            assert found.ndim == expected.ndim and found.base is array
            assert np.array_equal(np.broadcast_to(found, expected.shape), expected)
