"""Weighted sums of distributions and their quantiles; scipy.stats and bisection beside them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import optimize, stats

import guessmodel as gm
from guessmodel.distributions.empirical import Empirical
from guessmodel.distributions.known_mixture import KnownMixture, MixtureComponent
from guessmodel.distributions.lognormal import LOGNORMAL
from guessmodel.distributions.mixture import closed_mixture
from guessmodel.distributions.normal import NORMAL_FAMILY
from guessmodel.distributions.pareto import Pareto
from guessmodel.distributions.poisson import POISSON
from guessmodel.graph.family import Frozen
from guessmodel.sampling.interpolation import QuantileTable, quantile_table
from guessmodel.testing.families import check_family

SMOOTH = KnownMixture(
    (
        MixtureComponent(0.2, NORMAL_FAMILY, (5.0, 0.3), 1.0),
        MixtureComponent(0.5, LOGNORMAL, (0.0, 1.0), 2.0),
        MixtureComponent(0.3, NORMAL_FAMILY, (-1.0, 1.0), 24.0),
    )
)
MIXED = KnownMixture(
    (
        MixtureComponent(0.3, None, (), 0.0),
        MixtureComponent(0.6, LOGNORMAL, (0.0, 1.0), 1.0),
        MixtureComponent(0.1, None, (), 1.0),
    )
)
COUNTS = KnownMixture(
    (MixtureComponent(0.5, POISSON, (3.0,), 1.0), MixtureComponent(0.5, POISSON, (40.0,), 1.0))
)
P = np.concatenate([10.0 ** -np.arange(2.0, 300.0, 17.0), np.linspace(0.003, 0.997, 211)])


def smooth_cdf(x: float) -> float:
    parts = (stats.norm(5, 0.3), stats.lognorm(1, scale=2), stats.norm(-24, 24))
    return float(sum(w * part.cdf(x) for w, part in zip((0.2, 0.5, 0.3), parts, strict=True)))


def test_formulas_agree_with_each_other() -> None:
    check_family(SMOOTH, ())
    check_family(COUNTS, ())


def test_against_scipy_and_brentq() -> None:
    x = np.linspace(-80.0, 30.0, 23)
    assert SMOOTH.cdf(x) == pytest.approx([smooth_cdf(each) for each in x], rel=1e-12)
    for p in (1e-6, 0.04, 0.3, 0.62, 0.999):
        root = optimize.brentq(lambda x, p=p: smooth_cdf(x) - p, -400.0, 400.0, xtol=1e-12)
        assert float(SMOOTH.ppf(p)) == pytest.approx(root, rel=1e-9)


@pytest.mark.parametrize("family", [SMOOTH, MIXED, COUNTS])
def test_its_parts_tell_that_quantiles_far_out_are_finite(family: KnownMixture) -> None:
    assert family.is_finite_at(1e-300)
    assert np.isfinite([family.ppf(1e-300), family.isf(1e-300)]).all()


@pytest.mark.filterwarnings("ignore:overflow:RuntimeWarning")
@pytest.mark.parametrize(
    "far", [MixtureComponent(0.5, LOGNORMAL, (0.0, 100.0), k) for k in (1.0, -1.0)]
)
def test_one_infinite_quantile_of_a_part_is_enough(far: MixtureComponent) -> None:
    # exp(100 · 37) is no floating-point number; beside it the probability of 0.5 is much
    assert not KnownMixture(
        (MixtureComponent(0.5, NORMAL_FAMILY, (0.0, 1.0), 1.0), far)
    ).is_finite_at(1e-300)


@pytest.mark.parametrize("family", [SMOOTH, MIXED, COUNTS])
def test_the_quantile_is_the_first_number_that_has_the_probability(family: KnownMixture) -> None:
    x = family.ppf(P)
    assert np.all(family.cdf(x) >= P)
    assert np.all(family.cdf(np.nextafter(x, -np.inf)) < P)
    x = family.isf(P)
    assert np.all(family.sf(x) <= P)
    assert np.all(family.sf(np.nextafter(x, -np.inf)) > P)


@pytest.mark.parametrize("mean", [0.5, -0.5, 3e5])
def test_rounding_of_the_parts_quantiles_does_not_matter(mean: float) -> None:
    # A narrow part far from 0, whose quantile is off by some hundred digits of its probability.
    test_the_quantile_is_the_first_number_that_has_the_probability(
        KnownMixture((MixtureComponent(1.0, NORMAL_FAMILY, (mean, 0.01), 1.0),))
    )


def test_atoms_are_exact() -> None:
    # 0.3 at 0, then lognormal up to 1, its median: 0.3 + 0.6 / 2 is reached there, 0.1 more at 1.
    p = np.array([1e-9, 0.15, 0.3, 0.6001, 0.65, 0.6999])
    assert MIXED.ppf(p).tolist() == [0.0, 0.0, 0.0, 1.0, 1.0, 1.0]
    assert 0.0 < float(MIXED.ppf(0.5)) < 1.0 < float(MIXED.ppf(0.8))
    assert MIXED.isf(1.0 - p[1:3]).tolist() == [0.0, 0.0]
    assert MIXED.cdf([-1e-300, 0.0]).tolist() == [0.0, 0.3]


def test_counts_stay_whole_numbers() -> None:
    x = COUNTS.ppf(P)
    assert x.tolist() == np.floor(x).tolist()
    k = np.arange(100.0)
    expected = 0.5 * stats.poisson.pmf(k, 3) + 0.5 * stats.poisson.pmf(k, 40)
    assert COUNTS.pdf(k) == pytest.approx(expected, rel=1e-9)
    assert COUNTS.discrete and not MIXED.discrete and not SMOOTH.discrete


def test_moments() -> None:
    mean = 0.2 * 5 + 0.5 * 2 * np.exp(0.5) - 0.3 * 24
    second = 0.2 * (25 + 0.09) + 0.5 * 4 * np.exp(2.0) + 0.3 * 576 * 2
    assert float(SMOOTH.mean()) == pytest.approx(mean, rel=1e-12)
    assert float(SMOOTH.variance()) == pytest.approx(second - mean**2, rel=1e-12)


def test_moments_that_diverge() -> None:
    heavy = KnownMixture(
        (MixtureComponent(0.5, None, (), 0.0), MixtureComponent(0.5, Pareto(), (1.0, 0.8), 1.0))
    )
    assert float(heavy.mean()) == np.inf
    assert float(heavy.variance()) == np.inf
    wide = KnownMixture(
        (MixtureComponent(0.5, None, (), 0.0), MixtureComponent(0.5, Pareto(), (1.0, 1.5), 1.0))
    )
    assert float(wide.mean()) == pytest.approx(1.5)
    assert float(wide.variance()) == np.inf


def test_density_is_of_what_is_continuous() -> None:
    assert float(MIXED.pdf(1.0)) == pytest.approx(0.6 / np.sqrt(2.0 * np.pi))
    assert np.isnan(MIXED.pdf(np.nan))
    data = Empirical.of(np.array([1.0, 2.0]), np.ones(2))
    two = KnownMixture((MixtureComponent(0.5, data, (), 1.0), MixtureComponent(0.5, None, (), 2.0)))
    assert two.pdf([1.0, 2.0, 3.0]).tolist() == [0.25, 0.75, 0.0]


def test_ends_and_nonsense() -> None:
    assert MIXED.ppf([0.0, 1.0]).tolist() == [0.0, np.inf]
    assert MIXED.isf([0.0, 1.0]).tolist() == [np.inf, 0.0]
    assert np.isnan(MIXED.ppf([-0.1, 1.1, np.nan])).all()
    assert np.isnan(MIXED.cdf(np.nan))
    assert MIXED.ppf(np.full((2, 3), 0.8)).shape == (2, 3)


def test_equal_mixtures_share_a_table() -> None:
    same = KnownMixture(MIXED.parts)
    assert quantile_table(Frozen(same, ())) is quantile_table(Frozen(MIXED, ()))
    # The table keeps the atoms: draws are exactly 0 or 1 there, and nothing lies between.
    p = np.random.default_rng(5).random(4096)
    drawn = np.empty_like(p)
    quantile_table(Frozen(MIXED, ())).evaluate(p, drawn)
    assert np.all((drawn == 0.0) == (p <= 0.3))
    assert np.all((drawn == 1.0) == ((p > 0.6) & (p <= 0.7)))
    assert drawn == pytest.approx(MIXED.ppf(p), rel=1e-5)


@pytest.mark.parametrize(
    ("shapes", "most"),
    [  # of two beta variates; the CDF of one is evaluated 70 times a level by bisection alone
        ((2.0, 3.0, 4.0, 5.0), 20),
        ((0.02, 0.03, 0.02, 0.05), 30),
        ((0.005, 0.01, 0.01, 0.02), 40),
        ((0.05, 3.0, 0.005, 3.0), 45),
    ],
)
def test_tiny_shapes_need_few_evaluations(
    shapes: tuple[float, ...], most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    a, b, c, d = shapes
    mixed = gm.mixture([gm.beta(alpha=a, beta=b), gm.beta(alpha=c, beta=d)], [0.4, 0.6])
    family = closed_mixture(mixed)
    assert family is not None
    counted = 0
    inner = MixtureComponent.probability

    def counting(part: MixtureComponent, which: str, x: Any) -> Any:
        nonlocal counted
        counted += x.size
        return inner(part, which, x)

    monkeypatch.setattr(MixtureComponent, "probability", counting)
    p = (np.arange(500) + 0.37) / 500
    values = family.ppf(p)
    assert counted / 2 / p.size < most
    assert (family.cdf(values) >= p).all()


@pytest.mark.parametrize("shape", [0.03, 0.005, 1e-3, 1e-6])
@pytest.mark.parametrize("make", [gm.beta, gm.gamma])
def test_the_table_of_tiny_shapes_is_cheap(
    shape: float, make: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = {"beta": "beta", "gamma": "scale"}[make.__name__]
    first = {"beta": "alpha", "gamma": "shape"}[make.__name__]
    parts = [make(**{first: k * shape, other: 2.0 * k * shape}) for k in (1.0, 2.0)]
    family = closed_mixture(gm.mixture(parts, [0.4, 0.6]))
    assert family is not None
    counted = 0
    inner = KnownMixture._quantile

    def counting(mixture: KnownMixture, level: Any, *rest: Any) -> Any:
        nonlocal counted
        counted += level.size
        return inner(mixture, level, *rest)

    monkeypatch.setattr(KnownMixture, "_quantile", counting)
    table = QuantileTable.create(Frozen(family, ()))
    assert counted < 16_000  # of them 7360 at the cells' first nodes; 40,000 without logarithms
    p = np.random.default_rng(6).uniform(0.0, 0.5, 2000)
    assert table.ppf(p) == pytest.approx(family.ppf(p), rel=2e-5, abs=1e-300)
