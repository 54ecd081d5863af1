"""The field of a lattice rule against schoolbook arithmetic, and its table of components."""

from __future__ import annotations

import numpy as np
import pytest

from guessmodel.sampling.lattice import MOST, POLYNOMIALS, columns, components, product, raised
from guessmodel.sampling.lattice_search import search


def schoolbook(a: int, b: int, m: int) -> int:
    """The product of two polynomials over GF(2), and its remainder."""
    total = 0
    for bit in range(m):
        if b >> bit & 1:
            total ^= a << bit
    for bit in range(2 * m - 2, m - 1, -1):
        if total >> bit & 1:
            total ^= POLYNOMIALS[m] << (bit - m)
    return total


@pytest.mark.parametrize("m", range(1, MOST + 1))
def test_x_is_primitive(m: int) -> None:
    element, order = 1, 0
    while order == 0 or element != 1:
        element = schoolbook(element, 2, m) if m > 1 else 1
        order += 1
    assert order == 2**m - 1


@pytest.mark.parametrize("m", [1, 2, 5, 9, 13, 17])
def test_products_are_those_of_the_schoolbook(m: int) -> None:
    rng = np.random.default_rng(m)
    a, b = rng.integers(1, 2**m, (2, 40)).astype(np.uint32)
    expected = [schoolbook(int(x), int(y), m) for x, y in zip(a, b, strict=True)]
    assert product(a, b, m).tolist() == expected
    powers = columns(a, m)
    for j in range(m):
        shifted = [schoolbook(int(x), 1 << j, m) for x in a]
        assert powers[j].tolist() == shifted


@pytest.mark.parametrize("m", [1, 2, 5, 9, 13, 17])
def test_powers_multiply_by_adding_exponents(m: int) -> None:
    e, f = np.random.default_rng(m).integers(-(2**m), 2**m, (2, 50))
    assert np.array_equal(product(raised(e, m), raised(f, m), m), raised(e + f, m))
    assert (product(raised(e, m), raised(-e, m), m) == 1).all()
    assert raised(np.arange(2), m).tolist() == [1, 2 if m > 1 else 1]


@pytest.mark.parametrize("m", range(MOST + 1))
def test_tables_hold_distinct_components(m: int) -> None:
    table = components(m)
    assert table.count == max(2**m - 1, 1)
    assert len(set(table.listed.tolist())) == table.listed.size == min(256, table.count)
    assert table.listed.size >= min(2 * table.buckets, table.count)
    assert ((table.listed >= 0) & (table.listed < table.count)).all()
    if m:
        assert table.count / 2 <= table.others.size <= table.count / 2 + table.count / 4 + 1
        assert ((table.others >= 0) & (table.others < table.count)).all()


@pytest.mark.parametrize("m", [9, 10])
def test_what_is_listed_is_what_the_search_finds(m: int) -> None:
    # Candidates that are equally good may come in another order on another machine: what is
    # compared is how good the first ones are together.
    table, (listed, _) = components(m), search(m)
    first = 2 * table.buckets
    kernel = _kernel(m)
    found = [
        np.mean([_pair(kernel, a - b) for a in some[:first] for b in some[:first] if a != b])
        for some in (table.listed, listed)
    ]
    assert found[0] == pytest.approx(found[1], rel=0.05)
    rng = np.random.default_rng(0)
    others = rng.choice(table.count, first, replace=False)
    random = np.mean([_pair(kernel, a - b) for a in others for b in others if a != b])
    assert found[0] < random / 4


def _kernel(m: int) -> np.ndarray:
    """Of the draws of component 1 in order of their exponents: the share of a uniform number's
    variance in its first digits that are 0, less that of the digit after."""
    zeros = m - np.floor(np.log2(raised(np.arange(2**m - 1), m))).astype(int) - 1
    levels = 3.0 * 4.0 ** -np.arange(1, m + 2)
    return np.array([levels[:z].sum() - levels[z] for z in zeros])


def _pair(kernel: np.ndarray, difference: int) -> float:
    return 1.0 + float(kernel @ np.roll(kernel, difference))
