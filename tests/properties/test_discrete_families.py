"""Counts, metalogs, truncations, mixtures and data over their parameters."""

from __future__ import annotations

import math
from contextlib import suppress
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from guessmodel.distributions.bernoulli import Bernoulli
from guessmodel.distributions.binomial import Binomial
from guessmodel.distributions.categorical import Categorical
from guessmodel.distributions.empirical import Empirical
from guessmodel.distributions.geometric import Geometric
from guessmodel.distributions.known_mixture import KnownMixture, MixtureComponent
from guessmodel.distributions.lognormal import LOGNORMAL
from guessmodel.distributions.metalog import metalog
from guessmodel.distributions.metalog_family import STEEPEST, Metalog
from guessmodel.distributions.negative_binomial import NegativeBinomial
from guessmodel.distributions.normal import NORMAL_FAMILY
from guessmodel.distributions.poisson import POISSON, Poisson
from guessmodel.distributions.truncated import Truncated
from guessmodel.errors import GuessmodelError
from guessmodel.graph.family import Family
from guessmodel.graph.quantity import Constant, Quantile
from guessmodel.testing.families import check_family

Strategy = st.SearchStrategy[tuple[float, ...]]


def size(least: float, most: float) -> st.SearchStrategy[float]:
    """A positive number, any order of magnitude as likely as another."""
    return st.floats(math.log10(least), math.log10(most)).map(lambda x: 10.0**x)


probability = st.one_of(size(1e-6, 0.5), st.floats(0.01, 0.999))
whole = st.one_of(st.integers(1, 30), size(1, 1e4).map(round)).map(float)

PARAMETERS: list[tuple[Family, Strategy]] = [
    (Bernoulli(), st.tuples(st.one_of(probability, st.sampled_from([0.0, 1.0])))),
    (Poisson(), st.tuples(size(1e-6, 1e4))),
    (Binomial(), st.tuples(whole, probability)),
    (Geometric(), st.tuples(st.floats(0.001, 0.999))),
    (NegativeBinomial(), st.tuples(size(0.1, 1e3), st.floats(0.01, 0.999))),
]


@pytest.mark.parametrize(("family", "strategy"), PARAMETERS, ids=lambda x: getattr(x, "name", ""))
@given(data=st.data())
@settings(max_examples=40)
def test_formulas_of_counts_agree(family: Family, strategy: Strategy, data: st.DataObject) -> None:
    check_family(family, data.draw(strategy))


@given(st.lists(st.one_of(st.just(0.0), size(1e-9, 1.0)), min_size=1, max_size=9))
@settings(max_examples=60)
def test_formulas_of_labels_agree(weights: list[float]) -> None:
    assume(sum(weights) > 0.0)
    shares = np.array(weights) / sum(weights)
    check_family(Categorical(tuple(range(shares.size))), tuple(shares.tolist()))


@pytest.mark.parametrize("bounds", [(), ("lower",), ("upper",), ("lower", "upper")])
@given(data=st.data())
@settings(max_examples=15)
def test_formulas_of_metalogs_agree(bounds: tuple[str, ...], data: st.DataObject) -> None:
    scale = data.draw(st.floats(0.05, 0.4))
    skew = data.draw(st.floats(-0.95, 0.95)) * STEEPEST * scale
    bulge = data.draw(st.sampled_from([(), (0.3 * scale,)]))
    at = (data.draw(st.floats(-3, 3)), scale, skew, *bulge)
    ends = {"lower": -1.0, "upper": 2.5}
    family = Metalog(len(at), bounds)
    assume(bool(family.valid(*at, *(ends[key] for key in bounds))))
    # Near where the variance diverges, the checker's integral converges too slowly.
    light = len(bounds) != 1 or scale + 0.5 * abs(skew) < 0.4
    check_family(family, (*at, *(ends[key] for key in bounds)), tail=1e-9, moments=light)


@given(
    values=st.lists(st.integers(1, 10**4), min_size=2, max_size=5, unique=True).map(sorted),
    start=st.floats(0.01, 0.2),
    lower=st.sampled_from([None, 0]),
)
def test_a_metalog_meets_its_points_or_says_what_would(
    values: list[int], start: float, lower: float | None
) -> None:
    p = np.linspace(start, 0.9, len(values)).tolist()
    points = dict(zip(p, map(float, values), strict=True))
    node = None
    with suppress(GuessmodelError):
        node = metalog(quantiles=points, lower=lower)
    if node is None:
        assert len(points) > 2
        with pytest.raises(
            GuessmodelError, match="no increasing curve goes through these points; "
        ):
            metalog(quantiles=points, lower=lower)
        return
    assert isinstance(node.operation, Quantile)
    at = [float(x.operation.value) for x in node.parameters if isinstance(x.operation, Constant)]
    family = node.operation.family
    found = family.ppf(p, *at)
    assert found == pytest.approx(list(points.values()), rel=1e-6)
    grid = family.ppf(np.linspace(0.001, 0.999, 300), *at)
    # The search for a point where the curve falls has an end: a dip of 6e-8 of its range was seen.
    dip = 1e-6 * float(grid[-1] - grid[0])
    assert all(a <= b + dip for a, b in pairwise(grid.tolist()))


@given(
    mean=st.floats(-5, 5),
    sd=size(0.1, 10),
    low=st.floats(-8, 8),
    width=size(0.1, 10),
    bounds=st.sampled_from([("lower",), ("upper",), ("lower", "upper")]),
)
def test_truncated_normals_agree(
    mean: float, sd: float, low: float, width: float, bounds: tuple[str, ...]
) -> None:
    family = Truncated(NORMAL_FAMILY, bounds)
    ends = {"lower": low, "upper": low + width}
    at = (mean, sd, *(ends[key] for key in bounds))
    distance = abs(low - mean) / sd
    assume(distance < 30.0 and bool(family.valid(*at)))
    p = np.array([1e-4, 0.02, 0.3, 0.5, 0.9, 0.999])
    x = family.ppf(p, *at)
    assert np.all((x >= at[2] if bounds[0] == "lower" else True) & np.isfinite(x))
    # What rounding x does to its probability grows with the distance from the middle.
    slack = 1e-9 + 1e-13 * (1.0 + distance) * (1.0 + np.abs(x) / sd) / np.minimum(1.0, width / sd)
    assert np.all(np.abs(family.cdf(x, *at) - p) <= slack)
    assert np.all(np.abs(family.sf(x, *at) - (1.0 - p)) <= slack)
    assert family.isf(1.0 - p, *at) == pytest.approx(x, rel=1e-6, abs=1e-9 * sd)


@given(
    mean=size(0.1, 100), low=st.integers(0, 120), width=st.integers(0, 60), shift=st.floats(0, 0.9)
)
def test_truncated_counts_are_whole_numbers_within_the_bounds(
    mean: float, low: int, width: int, shift: float
) -> None:
    at = (mean, low - shift, low + width + shift)
    family = Truncated(POISSON, ("lower", "upper"))
    assume(bool(family.probability(*at) > 1e-280))
    k = np.arange(low, low + width + 1.0)
    assert family.pdf(k, *at).sum() == pytest.approx(1.0, rel=1e-9)
    x = family.ppf(np.linspace(0.0, 1.0, 41), *at)
    assert set(x.tolist()) <= set(k.tolist())
    assert (x[0], x[-1]) == (family.support(*at)[0], family.support(*at)[1])
    cdf = family.cdf(x[1:-1], *at)
    assert np.all(cdf >= np.linspace(0.0, 1.0, 41)[1:-1] - 1e-9)


part = st.one_of(
    st.builds(lambda w, x: MixtureComponent(w, None, (), x), size(0.01, 1), st.floats(-10, 10)),
    st.builds(
        lambda w, m, s: MixtureComponent(w, NORMAL_FAMILY, (m, s), 1.0),
        size(0.01, 1),
        st.floats(-10, 10),
        size(0.01, 10),
    ),
    st.builds(
        lambda w, m, s, c: MixtureComponent(w, LOGNORMAL, (m, s), c),
        size(0.01, 1),
        st.floats(-3, 3),
        size(0.1, 3),
        st.sampled_from([1.0, 24.0, 1 / 60]),
    ),
    st.builds(lambda w, m: MixtureComponent(w, POISSON, (m,), 1.0), size(0.01, 1), size(0.1, 50)),
)


@given(parts=st.lists(part, min_size=1, max_size=4), p=st.lists(size(1e-12, 0.999999), max_size=8))
@settings(max_examples=60)
def test_mixtures_are_inverted_to_the_last_digit(
    parts: list[MixtureComponent], p: list[float]
) -> None:
    total = sum(each.weight for each in parts)
    family = KnownMixture(tuple(each.weighing(each.weight / total) for each in parts))
    level = np.array([0.5, *p])
    x = family.ppf(level)
    # In rounding, a CDF of several terms may waver in its last digits, and stop short of 1.
    eps = 1e-14
    assert np.all(family.cdf(x) >= level * (1 - eps) - 1e-16)
    assert np.all(family.cdf(np.nextafter(x, -np.inf)) <= level * (1 + eps) + 1e-16)
    x = family.isf(level)
    assert np.all(family.sf(x) <= level * (1 + eps))
    assert np.all(family.sf(np.nextafter(x, -np.inf)) >= level * (1 - eps))
    assert float(family.mean()) == pytest.approx(
        sum(each.weight / total * each.moment("mean") for each in parts), rel=1e-9, abs=1e-12
    )


@given(
    data=st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30),
    p=st.lists(st.floats(1e-9, 1.0), min_size=1, max_size=9),
)
def test_data_are_inverted_like_numpy_does(data: list[float], p: list[float]) -> None:
    values = np.array(data)
    family = Empirical.of(values, np.ones(values.size))
    position = np.array(p) * values.size
    # Just at a step, multiplying and dividing by the number of data may round apart.
    assume(bool(np.all(np.abs(position - np.rint(position)) > 1e-9)))
    assert family.ppf(p).tolist() == np.quantile(values, p, method="inverted_cdf").tolist()
    assert family.isf(1.0 - np.array(p)).tolist() == family.ppf(p).tolist()
