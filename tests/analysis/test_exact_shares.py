"""Shares that are known exactly: against closed forms, and against sums over all cases."""

import math
from collections.abc import Callable, Sequence
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import guessmodel as gm
from guessmodel.analysis.drivers import Sensitivity
from guessmodel.estimators.estimate import Estimate
from guessmodel.graph.traversal import ancestors

Array = NDArray[np.float64]


def told(out: gm.Quantity, seed: int = 0, **inputs: gm.Quantity) -> Sensitivity:
    return gm.Model(**inputs, out=out).sample(1024, seed=seed).sensitivity("out")


def shares(found: Sensitivity) -> dict[str, tuple[float, float]]:
    """Alone and in all, which are known exactly."""
    pairs = {}
    for name, driver in found.inputs.items():
        assert driver.total is not None
        for share in (driver.first, driver.total):
            assert (share.estimator, share.error, share.note) == ("exact", 0.0, None)
        pairs[name] = (driver.first.value, driver.total.value)
    return pairs


def agree(found: Sensitivity, known: dict[str, tuple[float, float]]) -> None:
    assert {name: pytest.approx(pair, abs=1e-9) for name, pair in known.items()} == shares(found)


# --- closed forms -------------------------------------------------------------------------------


def test_a_product_of_lognormals_and_a_sum() -> None:
    """(e^σᵢ² − 1) and (e^σᵢ² − 1) e^σⱼ² over the whole, of a product."""
    a, b = gm.lognormal(mu=0, sigma=1.2), gm.lognormal(mu=1, sigma=0.5)
    x, y = math.exp(1.44), math.exp(0.25)
    whole = x * y - 1.0
    agree(
        told(a * b, a=a, b=b),
        {"a": ((x - 1) / whole, (x - 1) * y / whole), "b": ((y - 1) / whole, (y - 1) * x / whole)},
    )
    c, d = gm.normal(mean=3, sd=1), gm.normal(mean=5, sd=2)
    agree(told(2 * c - d + 7, c=c, d=d), {"c": (0.5, 0.5), "d": (0.5, 0.5)})


def test_a_loss_that_no_draw_meets() -> None:
    """An event of 1 in 10⁹ makes half of the variance: p (1 − p) m² of it, p² v of the loss and
    p (1 − p) v of both together."""
    event, loss = gm.bernoulli(1e-9), gm.normal(mean=30_000, sd=3_000)
    rest = gm.normal(mean=10, sd=1)
    p, m, v = 1e-9, 3e4, 9e6
    whole = p * (m * m + v) - (p * m) ** 2 + 1.0
    found = told(event * loss + rest, event=event, loss=loss, rest=rest)
    agree(
        found,
        {
            "event": (p * (1 - p) * m * m / whole, p * (1 - p) * (m * m + v) / whole),
            "loss": (p * p * v / whole, p * v / whole),
            "rest": (1.0 / whole, 1.0 / whole),
        },
    )
    assert found.unreliable is None


def test_what_is_the_same_in_all_draws_has_its_shares() -> None:
    event, loss = gm.bernoulli(1e-9), gm.normal(mean=3, sd=1)
    found = told(event * loss, event=event, loss=loss)
    whole = 1e-9 * 10 - 9e-18
    agree(
        found,
        {
            "event": (1e-9 * (1 - 1e-9) * 9 / whole, 1e-9 * (1 - 1e-9) * 10 / whole),
            "loss": (1e-18 / whole, 1e-9 / whole),
        },
    )
    assert math.isnan(found["event"].rank.value)


def test_a_step_a_cap_and_whole_numbers() -> None:
    """Of uniform numbers: ⌈4a⌉ has mean 5/2 and variance 5/4, min(b, 1/2) 3/8 and 1/6 − 9/64."""
    a, b, c = (gm.uniform(0, 1) for _ in range(3))
    step = gm.where(c > 0.75, 8.0, 0.0)  # mean 2, variance 12
    found = told(gm.ceil(4 * a) * gm.minimum(b, 0.5) + step, a=a, b=b, c=c)
    (m, v), (n, w) = (2.5, 1.25), (0.375, 1 / 6 - 9 / 64)
    whole = v * n * n + w * m * m + v * w + 12.0
    agree(
        found,
        {
            "a": (v * n * n / whole, (v * n * n + v * w) / whole),
            "b": (w * m * m / whole, (w * m * m + v * w) / whole),
            "c": (12.0 / whole, 12.0 / whole),
        },
    )


def test_a_choice_between_quantities() -> None:
    """x with p, else y, d apart: p (1 − p) d² of the choice, p² v and (1 − p)² w of both."""
    a, x, y = gm.uniform(0, 1), gm.normal(mean=7, sd=2), gm.normal(mean=3, sd=1)
    found = told(gm.where(a < 0.3, x, y), a=a, x=x, y=y)
    p, d, v, w = 0.3, 4.0, 4.0, 1.0
    whole = p * v + (1 - p) * w + p * (1 - p) * d * d
    agree(
        found,
        {
            "a": (p * (1 - p) * d * d / whole, p * (1 - p) * (d * d + v + w) / whole),
            "x": (p * p * v / whole, p * v / whole),
            "y": ((1 - p) ** 2 * w / whole, (1 - p) * w / whole),
        },
    )


def test_a_mean_and_a_spread_that_are_uncertain() -> None:
    """A normal draw m + s z: v(m) alone, and E[s²] of z, of which v(s) belongs to both."""
    mean, sd = gm.normal(mean=5, sd=3), gm.uniform(1, 3)
    x = gm.normal(mean=mean, sd=sd)
    found = told(x + 0, mean=mean, sd=sd, x=x)
    whole = 9.0 + 4.0 + 1 / 3
    agree(
        found,
        {
            "mean": (9 / whole, 9 / whole),
            "sd": (0.0, (1 / 3) / whole),
            "x": (4 / whole, (4 + 1 / 3) / whole),
        },
    )


def test_powers_quotients_and_exponentials() -> None:
    """(a/b)² e^c of lognormals a, b and a uniform c."""
    a, b, c = gm.lognormal(mu=0, sigma=0.3), gm.lognormal(mu=2, sigma=0.2), gm.uniform(0, 1)
    found = told((a / b) ** 2 * gm.exp(c), a=a, b=b, c=c)
    each = [math.exp(4 * 0.09), math.exp(4 * 0.04), (math.e**2 - 1) / 2 / (math.e - 1) ** 2]
    whole = math.prod(each) - 1.0
    known = {}
    for name, own in zip("abc", each, strict=True):
        others = math.prod(each) / own
        known[name] = ((own - 1) / whole, (own - 1) * others / whole)
    agree(found, known)


def test_labels_and_groups() -> None:
    """Twelve labels of variance 4 and 1 besides, and what is behind each label of the output."""
    sales = gm.normal(mean=dict.fromkeys(range(12), 9), sd=dict.fromkeys(range(12), 2), dim="month")
    rest = gm.normal(mean=0, sd=1)
    found = told(sales.sum("month") + rest, sales=sales, rest=rest)
    assert found["sales[3]"].first.value == pytest.approx(4 / 49, abs=1e-12)
    group = found.groups["sales"]
    assert (group.first.value, group.total.value) == pytest.approx((48 / 49, 48 / 49), abs=1e-12)
    each = told(sales * rest + rest * 0, sales=sales, rest=rest)
    assert set(each.sel(month=2).inputs) == {"sales[2]", "rest"}


def test_groups_of_what_interacts() -> None:
    """x y + z + 2 w of standard normals, of which x y makes 1/6."""
    x, y, z, w = (gm.normal(mean=0, sd=1) for _ in range(4))
    model = gm.Model(x=x, y=y, z=z, w=w, out=x * y + z + 2 * w)
    groups = {"both": ["x", "y"], "parted": ["x", "z"], "all": "*"}
    found = model.sample(1024).sensitivity("out", groups=groups).groups
    known = {"both": (1 / 6, 1 / 6), "parted": (1 / 6, 2 / 6), "all": (1.0, 1.0)}
    for name, pair in known.items():
        assert (found[name].first.value, found[name].total.value) == pytest.approx(pair)
        assert found[name].first.error == found[name].total.error == 0.0


# --- what is not known ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "make",
    [
        lambda a, b: a * b + a,
        lambda a, b: gm.maximum(a, b),
        lambda a, b: gm.where(a > b, 1.0, 0.0),
        lambda a, b: gm.where(gm.uniform(0, 1) > 0.5, a + b, a),
        lambda a, b: gm.gamma(shape=a + 5, scale=2) + b,
    ],
    ids=["a shared draw", "a maximum", "a comparison", "branches alike", "an uncertain shape"],
)
def test_others_are_told_by_the_draws(make: Callable[..., gm.Quantity]) -> None:
    a, b = gm.uniform(1, 2), gm.uniform(1, 2)
    found = told(make(a, b), a=a, b=b)
    assert found["a"].first.estimator == "classes across replicates"
    assert found["a"].total is not None
    assert found["a"].total.estimator == "pick-freeze"


def test_what_is_correlated_is_told_by_the_draws() -> None:
    a, b = gm.correlate([gm.normal(1, 2), gm.normal(1, 2)], rank=0.5)
    c = gm.normal(1, 2)
    found = told(a + b + c, a=a, b=b, c=c)
    assert found["c"].first.estimator == "classes across replicates"
    assert math.isnan(found["a"].first.value)


def test_an_infinite_variance_has_no_shares() -> None:
    a, b = gm.pareto(shape=1.8, scale=1), gm.normal(0, 1)
    found = told(a + b, a=a, b=b)
    assert found.unreliable == "the variance is infinite"
    assert math.isnan(found["b"].first.value)


def test_percentiles_and_probabilities_have_shares_of_another_variance() -> None:
    a, b = gm.normal(0, 1), gm.normal(0, 1)
    run = gm.Model(a=a, b=b, out=a + b).sample(4096)
    for statistic, exact in (("mean", True), ("sd", True), ("p90", False), ("P(> 1)", False)):
        found = run.sensitivity("out", of=statistic)
        assert (found["a"].first.error == 0.0) == exact


# --- every case of discrete inputs --------------------------------------------------------------

Node = tuple[gm.Quantity, Callable[[Sequence[Array]], Array]]


def _leaf(k: int, p: float, kind: int) -> Node:
    drawn = gm.bernoulli(p) if kind == 0 else gm.binomial(3, p)
    makers: list[tuple[Callable[[gm.Quantity], gm.Quantity], Callable[[Array], Array]]] = [
        (lambda x: x, lambda x: x),
        (lambda x: 2 * x - 1, lambda x: 2 * x - 1),
        (lambda x: gm.where(x > 0.5, 3.0, -1.0), lambda x: np.where(x > 0.5, 3.0, -1.0)),
        (lambda x: (x + 1) ** 2, lambda x: (x + 1) ** 2),
    ]
    ours, theirs = makers[(k + kind) % 4]
    return ours(drawn), lambda x: theirs(x[k])


def _joined(kind: int, a: Node, b: Node, condition: Node | None) -> Node:
    (p, f), (q, g) = a, b
    if condition is not None:
        c, h = condition
        return gm.where(c > 0.5, p, q), lambda x: np.where(h(x) > 0.5, f(x), g(x))
    if kind == 0:
        return p + q, lambda x: f(x) + g(x)
    if kind == 1:
        return p - 3 * q, lambda x: f(x) - 3 * g(x)
    return p * q, lambda x: f(x) * g(x)


@settings(max_examples=25)
@given(
    st.lists(st.tuples(st.floats(0.05, 0.95), st.integers(0, 1)), min_size=2, max_size=5),
    st.lists(st.integers(0, 3), min_size=5, max_size=5),
)
def test_shares_are_those_of_all_cases(
    leaves: list[tuple[float, int]], operations: list[int]
) -> None:
    """Sobol's decomposition by sums over all values of all inputs."""
    nodes = [_leaf(k, *leaf) for k, leaf in enumerate(leaves)]
    inputs = {f"x{k}": next(iter(_draws(node[0]))) for k, node in enumerate(nodes)}
    left = list(nodes)
    for kind in operations:
        if kind == 3 and len(left) > 2:
            condition, a, b, *left = left
            left.append(_joined(kind, a, b, condition))
        elif len(left) > 1:
            a, b, *left = left
            left.append(_joined(kind % 3, a, b, None))
    while len(left) > 1:
        a, b, *left = left
        left.append(_joined(0, a, b, None))
    ((out, f),) = left
    values = [np.arange(2.0) if kind == 0 else np.arange(4.0) for _, kind in leaves]
    chances = [
        np.array([math.comb(n, j) * p**j * (1 - p) ** (n - j) for j in range(n + 1)])
        for (p, _), n in zip(leaves, (len(v) - 1 for v in values), strict=True)
    ]
    cases = np.array(list(product(*values))).T
    shape = [len(v) for v in values]
    y = np.broadcast_to(f(cases), cases.shape[1:]).reshape(shape)
    weights = np.array([math.prod(each) for each in product(*chances)]).reshape(shape)
    mean = float((weights * y).sum())
    whole = float((weights * (y - mean) ** 2).sum())
    if whole < 1e-6:
        return
    found = gm.Model(**inputs, out=out).sample(1024, method="lhs").sensitivity("out")
    for k in range(len(leaves)):
        name = f"x{k}"
        if name not in found.inputs:
            continue
        others = tuple(j for j in range(len(leaves)) if j != k)
        own = (weights * (y - mean)).sum(axis=others) / chances[k]
        rest = weights.sum(axis=k)
        without = (weights * (y - mean)).sum(axis=k) / rest
        first, total = found[name].first, found[name].total
        assert total is not None
        assert_is(first, float((chances[k] * own**2).sum()) / whole)
        assert_is(total, 1.0 - float((rest * without**2).sum()) / whole)


def assert_is(share: Estimate, known: float) -> None:
    assert share.error == 0.0
    assert share.value == pytest.approx(known, abs=1e-9)


def _draws(quantity: gm.Quantity) -> list[gm.Quantity]:
    return [node for node in ancestors([quantity]) if node.kind == "draw"]
