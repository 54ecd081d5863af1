"""Differences of means behind which there are rare events, against closed forms."""

import math
from collections.abc import Callable

import pytest
from scipy import integrate, stats

import guessmodel as gm
from guessmodel.graph.quantity import Quantity
from guessmodel.testing import assert_true_value

LOSS = math.exp(14.0 + 0.7**2 / 2)  # mean of the loss below
N = 1 << 12


def model(happens: Callable[[float], Quantity], p: float, size: float = 1.0) -> gm.Model:
    x = gm.normal(mean=100, sd=10)
    event = happens(p)
    loss = gm.lognormal(mu=14.0 + math.log(size), sigma=0.7)
    hidden = gm.apply(lambda v: v * 1.0, x, unit="")
    return gm.Model(x=x, event=event, loss=loss, cost=hidden + event * loss)


KINDS: dict[str, Callable[[float], Quantity]] = {
    "bernoulli": gm.bernoulli,
    "poisson": lambda p: gm.poisson(-math.log1p(-p)) > 0,
    "category": lambda p: gm.categorical({"well": 1 - p, "lost": p}) == "lost",
    "mixture": lambda p: gm.mixture([0, 1], [1 - p, p]),
    "comparison": lambda p: gm.uniform(0, 1) < gm.constant(p),
    "uncertain": lambda p: gm.bernoulli(gm.uniform(0.5 * p, 1.5 * p)),
}
CHANGES = [(1e-9, 1e-5), (1e-5, 1e-9), (1e-5, 2e-5), (1e-5, 0.2)]


@pytest.mark.parametrize("kind", KINDS)
def test_an_event_that_becomes_likelier_or_rarer(kind: str) -> None:
    """Of 4,096 draws none meets an event of 1e-5, and all draws are the same in both versions."""
    for before, after in CHANGES:
        found = gm.compare(model(KINDS[kind], before), model(KINDS[kind], after), N)
        true = (after - before) * LOSS
        difference = found["cost"].difference["mean"]
        assert difference.reliable
        assert_true_value(difference, true)
        assert difference.error < 0.3 * abs(true)
        assert found["cost"].significant
        (part,) = found.attribution["cost"].statistics["mean"].values()
        assert_true_value(part, true)


def test_an_event_that_comes_and_one_that_goes() -> None:
    x = gm.normal(mean=100, sd=10)
    without = gm.Model(x=x, cost=gm.apply(lambda v: v * 1.0, x, unit=""))
    for old, new, sign in (
        (without, model(gm.bernoulli, 1e-5), 1),
        (model(gm.bernoulli, 1e-5), without, -1),
    ):
        difference = gm.compare(old, new, N)["cost"].difference["mean"]
        assert_true_value(difference, sign * 1e-5 * LOSS)
        assert difference.error < 0.3 * 1e-5 * LOSS


def test_labels_and_units() -> None:
    def version(p: float, unit: str) -> gm.Model:
        event = gm.bernoulli({"a": p, "b": 0.1}, dim="k")
        cost = (event * gm.lognormal(mu=14.0, sigma=0.7, unit="kg")).to(unit)
        hidden = gm.apply(lambda v: v * 1.0, cost, unit=unit)
        return gm.Model(event=event, cost=hidden)

    found = gm.compare(version(1e-5, "kg"), version(2e-5, "tonne"), N)
    assert_true_value(found["cost[a]"].difference["mean"], 1e-5 * LOSS / 1000)
    assert found["cost[a]"].difference["mean"].unit == "tonne"
    assert found["cost[b]"].difference["mean"].value == 0.0


def test_scenarios_side_by_side() -> None:
    base = model(gm.bernoulli, 1e-5)
    worse = gm.scenario("worse", {base.quantities["event"]: gm.bernoulli(3e-5)})
    found = base.sample(N, scenarios=[worse]).scenarios()["cost", "worse"]
    assert_true_value(found.difference["mean"], 2e-5 * LOSS)
    assert found.significant


def test_what_each_of_several_edits_did() -> None:
    """Shapley's values of p · s: those of a product, by hand."""
    p, q, scale = 1e-5, 4e-5, 1.5
    old, new = model(gm.bernoulli, p), model(gm.bernoulli, q, scale)
    new = new.with_(x=gm.normal(mean=101, sd=10))
    parts = gm.compare(old, new, N).attribution["cost"].statistics["mean"]
    assert_true_value(parts["event"], (q - p) * LOSS * (1 + scale) / 2)
    assert_true_value(parts["loss"], (scale - 1) * LOSS * (p + q) / 2)
    assert_true_value(parts["x"], 1.0)
    assert parts["event"].error < 0.3 * parts["event"].value


def test_a_chance_that_few_draws_tell_of() -> None:
    """No draw is beyond 30 in either version: so much is not known, and no part is 0 ± 0."""

    def version(a: float, b: float) -> gm.Model:
        x, y = gm.lognormal(mu=a, sigma=0.5), gm.gamma(shape=2, scale=b)
        return gm.Model(x=x, y=y, cost=x * y)

    def beyond(a: float, b: float) -> float:
        """P(x y > 30), by quadrature over the normal score of x."""
        far = stats.gamma(2, scale=b)
        return float(
            integrate.quad(
                lambda z: stats.norm.pdf(z) * far.sf(30 * math.exp(-a - 0.5 * z)), -9, 12, limit=200
            )[0]
        )

    oo, no, on, nn = beyond(0, 1), beyond(0.1, 1), beyond(0, 1.2), beyond(0.1, 1.2)
    for method in ("nets", "random"):
        found = gm.compare(version(0, 1), version(0.1, 1.2), N, method=method)
        parts = found.attribute("cost", "P(> 30)").statistics["P(> 30)"]
        assert_true_value(parts["x"], (no - oo + nn - on) / 2)
        assert_true_value(parts["y"], (on - oo + nn - no) / 2)
