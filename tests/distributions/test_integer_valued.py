"""The search for exact quantiles, against a walk over all whole numbers."""

from __future__ import annotations

import numpy as np
import pytest

from guessmodel.distributions.binomial import Binomial
from guessmodel.distributions.geometric import Geometric
from guessmodel.distributions.integer_valued import IntegerValued
from guessmodel.distributions.negative_binomial import NegativeBinomial
from guessmodel.distributions.poisson import Poisson
from guessmodel.numerics.arrays import FloatArray

FAMILIES: list[tuple[IntegerValued, tuple[float, ...]]] = [
    (Poisson(), (3.7,)),
    (Binomial(), (40.0, 0.3)),
    (Geometric(), (0.1,)),
    (NegativeBinomial(), (0.4, 0.05)),
]


def walk(
    family: IntegerValued, at: tuple[float, ...], level: FloatArray, upper: bool
) -> FloatArray:
    """The first whole number that has the probability, one after the other."""
    k = np.arange(family.support(*at)[0], 2000.0)
    if upper:
        beyond = family.sf(k, *at)
        return np.array([k[np.argmax(beyond <= q)] for q in level])
    up_to = family.cdf(k, *at)
    return np.array([k[np.argmax(up_to >= p)] for p in level])


@pytest.mark.parametrize(("family", "at"), FAMILIES)
@pytest.mark.parametrize("upper", [False, True])
@pytest.mark.parametrize("count", [20, 300])  # one by one, and by way of a table
def test_a_quantile_is_the_first_value_that_has_the_probability(
    family: IntegerValued, at: tuple[float, ...], upper: bool, count: int
) -> None:
    level = np.random.default_rng(7).random(count) ** 4
    # At the CDF's own values the quantile jumps, and must be the value itself.
    k = np.arange(1.0, 8.0)
    level = np.append(level, family.sf(k, *at) if upper else family.cdf(k, *at))
    quantile = family.isf if upper else family.ppf
    assert quantile(level, *at).tolist() == walk(family, at, level, upper).tolist()


@pytest.mark.parametrize(("family", "at"), FAMILIES)
def test_many_parameters_at_once(family: IntegerValued, at: tuple[float, ...]) -> None:
    p = np.random.default_rng(8).random(200)
    columns = [np.full(200, x) for x in at]
    assert family.ppf(p, *columns).tolist() == family.ppf(p, *at).tolist()
    assert family.isf(p, *columns).tolist() == family.isf(p, *at).tolist()


@pytest.mark.parametrize(("family", "at"), FAMILIES)
def test_ends_and_nonsense(family: IntegerValued, at: tuple[float, ...]) -> None:
    low, high = family.support(*at)
    assert family.ppf([0.0, 1.0], *at).tolist() == [low, high]
    assert family.isf([1.0, 0.0], *at).tolist() == [low, high]
    assert np.isnan(family.ppf([-0.5, 1.5, np.nan], *at)).all()
    broken = tuple(-x for x in at)
    assert np.isnan(family.ppf(0.5, *broken))
    assert np.isnan(family.cdf([3.0], *broken)).all()
    assert family.cdf([-np.inf, np.inf], *at).tolist() == [0.0, 1.0]
    assert family.sf([-np.inf, np.inf], *at).tolist() == [1.0, 0.0]
    assert family.pdf([-np.inf, np.inf, 2.5], *at).tolist() == [0.0, 0.0, 0.0]


def test_where_whole_numbers_are_sparse_the_search_ends() -> None:
    # Above 2**53 neighbouring numbers differ by more than 1.
    value = float(Geometric().ppf(0.5, 1e-18))
    assert value == pytest.approx(np.log(2.0) * 1e18, rel=1e-6)


LEVELS = np.r_[np.geomspace(1e-15, 0.5, 40), np.linspace(0.51, 0.99, 30)]
HUGE: list[tuple[IntegerValued, tuple[float, ...]]] = [
    *((Poisson(), (mean,)) for mean in (1e7, 1e12, 1e16)),
    *((Binomial(), (n, p)) for n in (1e8, 1e12, 1e17) for p in (0.3, 1e-3, 0.999)),
    *((NegativeBinomial(), (r, p)) for r in (0.3, 5.0, 1e7, 1e16) for p in (0.3, 1e-3, 1e-9)),
    *((Geometric(), (p,)) for p in (1e-5, 1e-9, 1e-16)),
]


@pytest.mark.parametrize("upper", [False, True])
@pytest.mark.parametrize(("family", "at"), HUGE)
def test_quantiles_of_huge_numbers_are_exact_and_found_in_few_looks(
    family: IntegerValued, at: tuple[float, ...], upper: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the definition: k has the probability, and the number before it has not."""
    name, looks = "_sf" if upper else "_cdf", 0
    formula = getattr(type(family), name)

    def counted(self: IntegerValued, k: FloatArray, *at: FloatArray) -> FloatArray:
        nonlocal looks
        looks += k.size
        found: FloatArray = formula(self, k, *at)
        return found

    monkeypatch.setattr(type(family), name, counted)
    k = (family.isf if upper else family.ppf)(LEVELS, *at)
    assert looks <= 53 * LEVELS.size  # bits of a number
    before = k - np.maximum(1.0, np.spacing(k))
    if upper:
        assert np.all(family.sf(k, *at) <= LEVELS)
        assert np.all((family.sf(before, *at) > LEVELS) | (k == family.support(*at)[0]))
    else:
        assert np.all(family.cdf(k, *at) >= LEVELS)
        assert np.all((family.cdf(before, *at) < LEVELS) | (k == family.support(*at)[0]))


RNG = np.random.default_rng(8)
SHARES = RNG.uniform(0.0, 1.0, 4000)
VARYING: list[tuple[IntegerValued, tuple[FloatArray, ...]]] = [
    (Poisson(), (np.exp(RNG.normal(1.0, 2.0, 4000)),)),
    (Binomial(), (RNG.integers(1, 30, 4000) * 1.0, RNG.uniform(0.0, 1.0, 4000))),
    (Geometric(), (RNG.uniform(0.05, 1.0, 4000),)),
    (NegativeBinomial(), (np.exp(RNG.normal(0.0, 1.0, 4000)), RNG.uniform(0.05, 1.0, 4000))),
]


@pytest.mark.parametrize(("family", "at"), VARYING)
@pytest.mark.parametrize("upper", [False, True])
def test_a_quantile_at_uncertain_parameters_and_the_number_before_it(
    family: IntegerValued, at: tuple[FloatArray, ...], upper: bool
) -> None:
    """By the definition: k has the probability and k - 1 has not; also at the edges of the
    support, towards which the search strides."""
    k = (family.isf if upper else family.ppf)(SHARES, *at)
    if upper:
        assert np.all(family.sf(k, *at) <= SHARES)
        before = family.sf(k - 1.0, *at) <= SHARES
    else:
        assert np.all(family.cdf(k, *at) >= SHARES)
        before = family.cdf(k - 1.0, *at) >= SHARES
    assert not np.any(before & (k > family.support(*at)[0]))


@pytest.mark.parametrize("upper", [False, True])
@pytest.mark.parametrize(("family", "at"), VARYING)
def test_at_the_very_probabilities_of_whole_numbers(
    family: IntegerValued, at: tuple[FloatArray, ...], upper: bool
) -> None:
    """Where rounding decides, the functions as computed do."""
    k = family.ppf(SHARES, *at)
    level = (family.sf if upper else family.cdf)(k, *at)
    inner = (level > 0.0) & (level < 1.0)
    again = (family.isf if upper else family.ppf)(level, *at)
    assert np.array_equal(again[inner], k[inner])


@pytest.mark.parametrize(
    ("family", "at", "finite"),
    [
        *((family, at, True) for family, at in FAMILIES),
        (Geometric(), (1e-200,), True),
        (Geometric(), (1e-307,), False),  # ln(1e300) · 1e307 is no floating-point number
        (Poisson(), (-1.0,), False),
    ],
)
def test_quantiles_far_out_are_finite(
    family: IntegerValued, at: tuple[float, ...], finite: bool
) -> None:
    assert family.is_finite_at(1e-300, *at) is finite
    with np.errstate(all="ignore"):
        ends = [family.ppf(1e-300, *at), family.isf(1e-300, *at)]
    assert np.isfinite(ends).all() == finite
