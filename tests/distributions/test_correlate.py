"""Correlated draws: rank correlations of draws against the wish, margins, bits."""

import math
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from numpy.typing import NDArray
from scipy import stats

import guessmodel as gm
from guessmodel.engine.run import run_plan
from guessmodel.errors import GuessmodelError
from guessmodel.graph.correlations import correlated_groups

Array = NDArray[np.float64]
N = 1 << 14
NEAR = 6e-3  # three quarters of what independent draws are off by at times
MATRIX = [[1.0, 0.5, -0.2], [0.5, 1.0, 0.3], [-0.2, 0.3, 1.0]]


def drawn(n: int = N, method: str = "nets", **named: Any) -> dict[str, Array]:
    run = gm.Model(named).sample(n, method=method)
    return {name: run[name].values for name in named}


def spearman(a: Array, b: Array) -> float:
    return float(stats.spearmanr(a, b).statistic)


def three() -> list[gm.Quantity]:
    return [gm.lognormal(2, 5), gm.normal(30, 40), gm.beta(0.2, 0.4)]


# --- the wish -------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["nets", "lhs", "random"])
@pytest.mark.parametrize("rank", [-0.9, -0.3, 0.6, 0.99])
def test_two_draws_have_the_rank_correlation(method: str, rank: float) -> None:
    a, b = gm.correlate([gm.lognormal(2, 5), gm.gamma(1, 3)], rank=rank)
    found = drawn(method=method, a=a, b=b)
    error = NEAR if method == "nets" else 5.0 / math.sqrt(N)
    assert spearman(found["a"], found["b"]) == pytest.approx(rank, abs=error)


MATRICES: list[Callable[[list[gm.Quantity]], Any]] = [
    lambda q: MATRIX,
    lambda q: np.array(MATRIX),
    lambda q: pd.DataFrame(MATRIX),
    lambda q: xr.DataArray(MATRIX),
    lambda q: {(q[0], q[1]): 0.5, (q[2], q[0]): -0.2, (q[1], q[2]): 0.3},
]


@pytest.mark.parametrize("written", MATRICES)
def test_three_draws_have_a_matrix(written: Callable[[list[gm.Quantity]], Any]) -> None:
    draws = three()
    a, b, c = gm.correlate(draws, rank=written(draws))
    found = drawn(a=a, b=b, c=c)
    assert spearman(found["a"], found["b"]) == pytest.approx(0.5, abs=NEAR)
    assert spearman(found["a"], found["c"]) == pytest.approx(-0.2, abs=NEAR)
    assert spearman(found["b"], found["c"]) == pytest.approx(0.3, abs=NEAR)


@pytest.mark.parametrize("kind", ["frame", "array", "pairs"])
def test_labels_of_a_matrix_are_names_in_any_order(kind: str) -> None:
    draws = dict(zip("xyz", three(), strict=True))
    order = [2, 0, 1]
    values, labels = np.array(MATRIX)[np.ix_(order, order)], [list("xyz")[i] for i in order]
    written: Any = {("y", "x"): 0.5, ("x", "z"): -0.2, ("y", "z"): 0.3}
    if kind == "frame":
        written = pd.DataFrame(values, index=labels, columns=labels)
    elif kind == "array":
        written = xr.DataArray(values, coords={"one": labels, "other": labels})
    made = gm.correlate(draws, rank=written)
    assert list(made) == ["x", "y", "z"]
    found = drawn(**made)
    assert spearman(found["x"], found["y"]) == pytest.approx(0.5, abs=NEAR)
    assert spearman(found["x"], found["z"]) == pytest.approx(-0.2, abs=NEAR)
    assert spearman(found["y"], found["z"]) == pytest.approx(0.3, abs=NEAR)


def test_one_number_is_for_every_pair() -> None:
    found = drawn(**dict(zip("abc", gm.correlate(three(), rank=0.4), strict=True)))
    for one, other in ("ab", "ac", "bc"):
        assert spearman(found[one], found[other]) == pytest.approx(0.4, abs=NEAR)


@pytest.mark.parametrize("rank", [1, -1])
def test_one_is_comonotone_and_minus_one_countermonotone(rank: int) -> None:
    a, b, c = gm.correlate(
        [gm.lognormal(2, 5), gm.gamma(1, 3), gm.poisson(4)],
        rank=[[1, rank, 1], [rank, 1, rank], [1, rank, 1]],
    )
    found = drawn(a=a, b=b, c=c)
    order = np.argsort(found["a"])
    assert np.all(rank * np.diff(found["b"][order]) >= 0.0)
    assert np.all(np.diff(found["c"][order]) >= 0.0)
    assert spearman(found["a"], found["b"]) == pytest.approx(rank, abs=1e-12)


@pytest.mark.parametrize(
    ("one", "other", "rank"),
    [
        (lambda: gm.poisson(3), lambda: gm.bernoulli(0.3), 0.5),
        (lambda: gm.poisson(0.4), lambda: gm.lognormal(1, 4), -0.6),
        (lambda: gm.empirical([1, 1, 2, 5]), lambda: gm.binomial(10, 0.2), 0.7),
        (lambda: gm.mixture([0, gm.lognormal(1, 4)], [0.6, 0.4]), lambda: gm.normal(1, 2), 0.5),
    ],
)
def test_discrete_draws_by_mid_ranks(one: Any, other: Any, rank: float) -> None:
    a, b = gm.correlate([one(), other()], rank=rank)
    found = drawn(a=a, b=b)
    assert spearman(found["a"], found["b"]) == pytest.approx(rank, abs=NEAR)
    # Without being solved for, the wish would be missed.
    alike = 2.0 * math.sin(math.pi * rank / 6.0)
    z, w = np.random.default_rng(0).normal(size=(2, 200_000))
    margins = [np.sort(found[name]) for name in "ab"]
    u = [stats.norm.cdf(x) for x in (z, alike * z + math.sqrt(1 - alike**2) * w)]
    taken = [m[(p * N).astype(int)] for m, p in zip(margins, u, strict=True)]
    assert abs(spearman(*taken) - rank) > 0.02


def test_discrete_draws_at_each_label() -> None:
    rates = gm.constant({"a": 0.3, "b": 4.0}, dim="site")
    a, b = gm.correlate([gm.poisson(rates), gm.bernoulli(0.4, dim={"site": ["a", "b"]})], rank=0.4)
    found = drawn(a=a, b=b)
    for label in range(2):
        assert spearman(found["a"][label], found["b"][label]) == pytest.approx(0.4, abs=NEAR)


def test_uncertain_parameters_stay_outside_of_the_correlation() -> None:
    """Of a - mean and b."""
    mean = gm.normal(0, 100)
    a, b = gm.correlate([gm.normal(mean=mean, sd=1), gm.gamma(1, 3)], rank=0.7)
    found = drawn(rest=a - mean, b=b)
    assert spearman(found["rest"], found["b"]) == pytest.approx(0.7, abs=NEAR)


# --- labels ---------------------------------------------------------------------------------------


def test_labels_by_a_coefficient() -> None:
    """Scores k labels apart have correlation φᵏ, φ = 2 sin(π 0.8/6)."""
    demand = gm.correlate(gm.gamma(1, 3, dim={"month": range(1, 7)}), along="month", ar1=0.8)
    found = drawn(demand=demand)["demand"]
    phi = 2.0 * math.sin(math.pi * 0.8 / 6.0)
    for apart in range(1, 6):
        expected = 6.0 / math.pi * math.asin(phi**apart / 2.0)
        for first in range(6 - apart):
            seen = spearman(found[first], found[first + apart])
            assert seen == pytest.approx(expected, abs=4 * NEAR)


@pytest.mark.parametrize("labels", [["a", "b", "c"], None])
def test_labels_by_a_matrix(labels: list[str] | None) -> None:
    draw = gm.lognormal(1, 3, dim={"site": ["a", "b", "c"]})
    matrix = MATRIX if labels is None else pd.DataFrame(MATRIX, index=labels, columns=labels)
    found = drawn(x=gm.correlate(draw, along="site", rank=matrix))["x"]
    assert stats.spearmanr(found.T).statistic == pytest.approx(np.array(MATRIX), abs=4 * NEAR)


def test_labels_of_a_discrete_draw_by_one_number() -> None:
    rates = gm.constant({"a": 0.3, "b": 4.0, "c": 1.0}, dim="site")
    found = drawn(x=gm.correlate(gm.poisson(rates), along="site", rank=0.4))["x"]
    for i, j in ((0, 1), (0, 2), (1, 2)):
        assert spearman(found[i], found[j]) == pytest.approx(0.4, abs=4 * NEAR)


def test_two_dimensions_and_two_draws_at_once() -> None:
    dims = {"site": ["a", "b"], "month": range(3)}
    a, b = gm.correlate(
        [gm.normal(1, 2, dim=dims), gm.gamma(1, 3, dim=dims)],
        rank=-0.5,
        along={"site": 0.6},
        ar1={"month": 0.7},
    )
    found = drawn(a=a, b=b)
    near = 4 * NEAR
    assert spearman(found["a"][0, 1], found["b"][0, 1]) == pytest.approx(-0.5, abs=near)
    assert spearman(found["a"][0, 2], found["a"][1, 2]) == pytest.approx(0.6, abs=near)
    assert spearman(found["b"][1, 0], found["b"][1, 1]) == pytest.approx(0.7, abs=near)
    scores = [2.0 * math.sin(math.pi * r / 6.0) for r in (-0.5, 0.6, 0.7)]
    product = 6.0 / math.pi * math.asin(math.prod(scores) / 2.0)
    assert spearman(found["a"][0, 0], found["b"][1, 1]) == pytest.approx(product, abs=near)


def test_a_draw_without_labels_goes_with_each_label_of_another() -> None:
    a, b = gm.correlate([gm.normal(1, 2, dim={"month": range(3)}), gm.gamma(1, 3)], rank=0.5)
    assert b.dims == ()
    found = drawn(a=a, b=b)
    for label in range(3):
        assert spearman(found["a"][label], found["b"]) == pytest.approx(0.5, abs=NEAR)


# --- what stays -----------------------------------------------------------------------------------


def pair(rank: float | None) -> gm.Model:
    a, b, c = gm.lognormal(2, 5), gm.gamma(1, 3), gm.normal(1, 2)
    if rank is not None:
        a, b = gm.correlate([a, b], rank=rank)
    return gm.Model(a=a, b=b, c=c, total=a * b + c)


@pytest.mark.parametrize("method", ["nets", "lhs", "random"])
def test_nothing_else_moves(method: str) -> None:
    without, weak, strong = (pair(rank).sample(512, method=method) for rank in (None, 0.2, 0.8))
    for name in ("a", "c"):  # the first of the correlated draws keeps its own
        assert np.array_equal(without[name].values, weak[name].values)
        assert np.array_equal(without[name].values, strong[name].values)
    assert not np.array_equal(without["b"].values, weak["b"].values)


@pytest.mark.parametrize(
    "family",
    [
        lambda: gm.normal(1, 5),
        lambda: gm.gamma(1, 3),
        lambda: gm.uniform(2, 7),
        lambda: gm.cauchy(1, 2),
        lambda: gm.exponential(mean=3),
        lambda: gm.logistic(1, 2),
        lambda: gm.poisson(3),
        lambda: gm.beta(0.1, 0.4),
        lambda: gm.truncated(gm.normal(1, 5), lower=2),
    ],
)
def test_margins_are_exact(family: Callable[[], gm.Quantity]) -> None:
    alone = gm.Model(b=family()).sample(1024)["b"]
    _, b = gm.correlate([gm.normal(1, 2), family()], rank=0.7)
    found = gm.Model(b=b).sample(1024)["b"]
    for p in (0.001, 0.05, 0.5, 0.999):
        assert found.quantiles(p)[0].error == 0.0
        assert found.quantiles(p)[0].value == pytest.approx(alone.quantiles(p)[0].value, rel=1e-12)
    seen = gm.Model(b=b).sample(1 << 15)["b"].values
    for p in (0.01, 0.3, 0.9):
        at = float(found.quantiles(p)[0].value)
        assert np.mean(seen < at) <= p + 0.01
        assert np.mean(seen <= at) >= p - 0.01


def test_sums_and_products_of_normals_have_closed_forms() -> None:
    """Var(a ± b) = σ² + τ² ± 2rστ; the product of lognormals has the sum of logarithms."""
    r = 2.0 * math.sin(math.pi * 0.5 / 6.0)
    a, b = gm.correlate([gm.normal(mean=1, sd=2), gm.normal(mean=3, sd=4)], rank=0.5)
    x, y = gm.correlate([gm.lognormal(mu=0, sigma=1), gm.lognormal(mu=0, sigma=2)], rank=0.5)
    run = gm.Model(a=a, b=b, total=a + b, rest=a - b, x=x, y=y, product=x * y).sample(64)
    assert run["total"].sd().value == pytest.approx(math.sqrt(20 + 16 * r), rel=1e-12)
    assert run["rest"].sd().value == pytest.approx(math.sqrt(20 - 16 * r), rel=1e-12)
    assert run["product"].quantiles(0.95)[0].value == pytest.approx(
        math.exp(stats.norm.ppf(0.95) * math.sqrt(5 + 4 * r)), rel=1e-12
    )
    labelled = gm.correlate(gm.normal(mean=0, sd=1, dim={"m": range(3)}), along="m", rank=0.5)
    total = gm.Model(x=labelled, t=labelled.sum("m")).sample(64)["t"]
    assert total.sd().value == pytest.approx(math.sqrt(3 + 6 * r), rel=1e-12)


@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("method", ["nets", "random"])
def test_no_estimator_takes_correlated_draws_for_independent_ones(first: bool, method: str) -> None:
    """P(a > 0, b > 0) = 1/4 + asin(r)/2π (Sheppard 1899), and so of the smaller one: also where a
    draw is integrated out of it."""
    r = 2.0 * math.sin(math.pi * 0.8 / 6.0)
    p = 0.75 - math.asin(r) / (2.0 * math.pi)
    a, b = gm.correlate([gm.normal(mean=0, sd=1), gm.normal(mean=0, sd=1)], rank=0.8)
    least = gm.minimum(a, b) if first else gm.minimum(b, a)
    run = gm.Model(a=a, b=b, least=least, both=least > 0.0).sample(1 << 15, method=method)
    found, chance = run["least"].quantile(p), run["both"].probability()
    assert abs(found.value) < 4.0 * found.error < 0.1
    assert abs(chance.value - (1.0 - p)) < 4.0 * chance.error < 0.05


def test_heavy_tails_that_go_together_are_not_taken_for_independent_ones() -> None:
    """Comonotone, a² has half the tail index of a: 1.5 for a Pareto index of 3."""
    heavy = [gm.pareto(scale=1, shape=3) for _ in range(2)]
    together = gm.correlate(heavy, rank=1)
    alone = gm.Model(x=heavy[0] * heavy[1]).sample(1024)["x"].sd().note or ""
    joint = gm.Model(x=together[0] * together[1]).sample(1024)["x"].sd().note or ""
    assert "the variance may be infinite" in joint
    assert "may be infinite" not in alone


def test_lognormals_have_the_correlation_of_the_textbook() -> None:
    """Pearson's: (exp(rστ) - 1) / √((exp(σ²) - 1)(exp(τ²) - 1))."""
    r = 2.0 * math.sin(math.pi * 0.6 / 6.0)
    x, y = gm.correlate([gm.lognormal(mu=0, sigma=0.5), gm.lognormal(mu=1, sigma=0.3)], rank=0.6)
    found = drawn(1 << 16, x=x, y=y)
    expected = math.expm1(0.15 * r) / math.sqrt(math.expm1(0.25) * math.expm1(0.09))
    assert np.corrcoef(found["x"], found["y"])[0, 1] == pytest.approx(expected, abs=2e-3)


def test_names_descriptions_and_sources_are_handed_over() -> None:
    fuel = gm.lognormal(2, 5, "USD", name="fuel", doc="Diesel.", source="IEA", format="USD,2")
    made, _ = gm.correlate([fuel, gm.normal(3, 4)], rank=0.5)
    assert (made.name, made.doc, made.source, made.format) == ("fuel", "Diesel.", "IEA", "USD,2")
    assert made.location == fuel.location
    assert made.unit == fuel.unit
    far, _ = gm.correlate([gm.normal(3, 4, "km").to("m"), gm.normal(3, 4)], rank=1)
    assert str(far.unit) == "m"


def test_blocks_threads_and_pickled_plans_give_the_same_draws() -> None:
    x = gm.gamma(1, 3, dim={"month": range(12)})
    x, y = gm.correlate([x, gm.poisson(3)], rank=0.4)
    z = gm.correlate(gm.beta(0.2, 0.4, dim={"month": range(12)}), along="month", ar1=0.5)
    plan = gm.Model(x=x, y=y, z=z).plan()
    copy = pickle.loads(pickle.dumps(plan))
    first, _ = run_plan(plan, plan.points("nets", 4096, 0))
    second, _ = run_plan(copy, copy.points("nets", 4096, 0), threads=2, block=256)
    for name in first:
        assert np.array_equal(first[name], second[name])


def test_groups_tell_what_is_correlated_with_what() -> None:
    a, b = gm.correlate([gm.normal(1, 2), gm.normal(1, 2)], rank=0.5)
    alone = gm.normal(1, 2)
    months = gm.correlate(gm.normal(1, 2, dim={"month": range(3)}), along="month", ar1=0.5)
    groups = correlated_groups([a * alone, b, months])
    assert {a.variate, b.variate} in [set(group) for group in groups]
    assert {months.variate} in [set(group) for group in groups]
    assert len(groups) == 2


# --- a rank that is a quantity --------------------------------------------------------------------


def uncertain(rank: Any) -> gm.Model:
    rho = rank if isinstance(rank, gm.Quantity) else gm.constant(rank)
    a, b = gm.correlate([gm.normal(1, 2), gm.gamma(1, 3)], rank=rho)
    return gm.Model(rho=rho, a=a, b=b, total=a + b)


def test_a_constant_can_be_swept_and_overridden() -> None:
    model = uncertain(0.5)
    for rank in (-0.3, 0.0, 0.9, 1):
        run = model.with_(rho=rank).sample(N)
        assert spearman(run["a"].values, run["b"].values) == pytest.approx(rank, abs=NEAR)
        assert np.array_equal(run["a"].values, model.sample(N)["a"].values)
    plain = gm.correlate([gm.normal(1, 2), gm.gamma(1, 3)], rank=0.5)
    both = drawn(a=plain[0], b=plain[1])
    assert both["b"] == pytest.approx(model.sample(N)["b"].values, rel=1e-12)
    swept = model.sweep({"rho": [0.0, 1.0]}, "total", n=N).result
    spread = [swept.sel(rho=rank).sd().value for rank in (0.0, 1.0)]
    assert spread[1] > 1.3 * spread[0]


def test_an_uncertain_rank_keeps_margins_and_mixes_correlations() -> None:
    """Of uniform r the expected Spearman correlation is the mean of the ranks."""
    model = uncertain(gm.uniform(0.2, 0.8))
    run = model.sample(N)
    assert spearman(run["a"].values, run["b"].values) == pytest.approx(0.5, abs=2 * NEAR)
    assert run["b"].quantiles(0.95)[0].error == 0.0
    assert run["total"].sd().error > 0.0


def test_a_rank_beyond_one_is_an_error_or_no_number() -> None:
    model = uncertain(0.5)
    with pytest.raises(GuessmodelError, match=r"a rank correlation is 1\.5; write a number"):
        model.with_(rho=1.5).sample(64)["b"].mean()
    run = uncertain(gm.uniform(0.5, 1.5)).sample(1024)
    assert np.isnan(run["b"].values).any()
    assert any("a rank correlation beyond 1" in line for line in run.problems())


# --- overrides ------------------------------------------------------------------------------------


def test_an_override_keeps_the_correlation() -> None:
    model = pair(0.8)
    changed = model.with_(b="20 to 60").sample(N)
    assert spearman(changed["a"].values, changed["b"].values) == pytest.approx(0.8, abs=NEAR)
    same = spearman(changed["b"].values, model.sample(N)["b"].values)
    assert same == pytest.approx(1.0, abs=1e-12)
    fixed = model.with_(a=3).sample(N)
    assert np.array_equal(fixed["b"].values, model.sample(N)["b"].values)


def test_what_cannot_be_comes_with_the_nearest_that_can() -> None:
    """0.48 and its opposite, by symmetry: the scores are 1/2 apart, 6/π asin(1/4) = 0.4826."""
    matrix = [[1, 0.9, -0.9], [0.9, 1, 0.5], [-0.9, 0.5, 1]]
    draws = {name: gm.normal(1, 2) for name in ("fuel", "wages", "steel")}
    with pytest.raises(GuessmodelError) as caught:
        gm.correlate(draws, rank=matrix)
    first, second = str(caught.value).split("\n")
    assert "no draws have these rank correlations together; most off is that of" in first
    rows = second.split(": ")[1].split("; ")
    nearest = [[float(x) for x in row.strip("[]").split(", ")] for row in rows]
    made = gm.correlate(draws, rank=nearest)  # what is proposed is accepted
    found = drawn(**made)
    assert spearman(found["fuel"], found["wages"]) == pytest.approx(nearest[0][1], abs=NEAR)
    off = np.abs(np.array(nearest) - matrix)
    i, j = divmod(int(off.argmax()), 3)
    names = list(draws)
    assert f"{names[min(i, j)]} and {names[max(i, j)]}, {matrix[i][j]:g}, which can be" in first
