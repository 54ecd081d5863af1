"""Rare events in the results of a run, against closed forms."""

import math

import numpy as np
import pytest
from scipy import integrate, stats

import guessmodel as gm
from guessmodel.claims.verdicts import judge
from guessmodel.graph.quantity import Quantity
from guessmodel.simulation.deciding_turns import DecidingTurns
from guessmodel.simulation.farther_out import FartherOut
from guessmodel.testing import assert_true_value

P = 1e-5
LOSS = math.exp(19.0 + 0.7**2 / 2)  # mean of the loss below
SQUARE = math.exp(2 * 19.0 + 2 * 0.7**2)


def loss() -> Quantity:
    return gm.lognormal(mu=19.0, sigma=0.7)


def usual() -> Quantity:
    return gm.normal(14, 16)


def category() -> Quantity:
    return gm.categorical({"well": 1 - P, "lost": P})


def two_limits() -> Quantity:
    x, size = gm.normal(mean=0, sd=1), loss()
    farther = float(stats.norm.isf(1e-9))
    return gm.where(x > FAR, size, 0.0) + gm.where(x > farther, 1e4 * size, 0.0)


FAR = float(stats.norm.isf(P))
EVENTS = {
    "where": (lambda: gm.where(gm.bernoulli(P), loss(), 0.0) + usual(), P * LOSS),
    "product": (lambda: gm.bernoulli(P) * loss() + usual(), P * LOSS),
    "nearly always": (lambda: (1 - gm.bernoulli(1 - P)) * loss() + usual(), P * LOSS),
    "zero inflated": (lambda: gm.zero_inflated(loss(), 1 - P) + usual(), P * LOSS),
    "hurdle": (lambda: gm.hurdle(loss(), 1 - P) + usual(), P * LOSS),
    "poisson": (lambda: gm.poisson(P) * loss() + usual(), P * LOSS),
    "binomial": (lambda: gm.binomial(4, P) * loss() + usual(), 4 * P * LOSS),
    "data": (lambda: gm.empirical([0, 9e8], weights=[1 - P, P]) + usual(), P * 9e8),
    "comparison": (
        lambda: gm.where(gm.normal(mean=0, sd=1) > FAR, loss(), 0.0) + usual(),
        P * LOSS,
    ),
    "category": (
        lambda: gm.choose({"well": usual(), "lost": loss()}, by=category()),
        P * (LOSS - 15.0),
    ),
    "comparison with a category": (
        lambda: gm.where(category() == "lost", loss(), 0.0) + usual(),
        P * LOSS,
    ),
    "comparison with an event": (
        lambda: gm.where(gm.bernoulli(P) > 0.5, loss(), 0.0) + usual(),
        P * LOSS,
    ),
    "comparison of a count": (
        lambda: gm.where(gm.poisson(3) >= 13, loss(), 0.0) + usual(),
        float(stats.poisson(3).sf(12)) * LOSS,
    ),
    "comparisons of one draw": (  # the farther one a ten-thousandth as likely
        lambda: two_limits() + usual(),
        P * LOSS + 1e-9 * 1e4 * LOSS,
    ),
    "labels": (
        lambda: (
            (gm.bernoulli({"a": P, "b": 2 * P, "c": 3 * P}, dim="k") * loss()).sum("k") + usual()
        ),
        6 * P * LOSS,
    ),
}


def hidden(x: Quantity) -> Quantity:
    """The same, of which no parts are known."""
    return gm.apply(lambda v: v * 1.0, x, unit="")


@pytest.mark.parametrize("method", ["nets", "lhs", "random"])
@pytest.mark.parametrize("name", EVENTS)
def test_a_branch_that_hardly_any_run_meets_counts_for_what_it_weighs(name, method):
    build, more = EVENTS[name]
    for seed in range(2):
        y = build()
        run = gm.Model(y=y, hidden=hidden(y)).sample(1 << 14, seed=seed, method=method)
        mean, whole = run["hidden"].mean(), run["y"].mean()
        assert mean.reliable
        assert mean.error < 0.2 * more
        assert_true_value(mean, 15.0 + more)
        if whole.is_exact:  # by independent parts
            assert whole.value == pytest.approx(15.0 + more, rel=1e-9)
        else:
            assert_true_value(whole, 15.0 + more)


def test_the_standard_deviation_knows_of_it_too():
    result = gm.Model(y=EVENTS["where"][0]()).sample(1 << 14)["y"]
    spread = 1.0 / stats.norm.ppf(0.95)
    second = P * (SQUARE + 2 * 15.0 * LOSS) + 225.0 + spread**2
    found = result.sd()
    assert found.reliable
    assert_true_value(found, math.sqrt(second - (15.0 + P * LOSS) ** 2))


def test_labels_have_their_own():
    risks = gm.bernoulli({"rare": P, "common": 0.3}, dim="kind")
    hidden = gm.apply(lambda x: x * 1.0, risks * loss(), unit="")
    found = gm.Model(y=hidden).sample(1 << 14)["y"]
    assert_true_value(found.sel(kind="rare").mean(), P * LOSS)
    assert found.sel(kind="rare").mean().estimator == "stratified"
    assert found.sel(kind="common").mean().estimator == "replicates"


@pytest.mark.parametrize("family", ["bernoulli", "poisson", "categorical", "mixture"])
def test_labels_may_share_their_chance(family):
    """One variate through other parameters at each label: each has its own events, within those
    of the others."""
    shares = {"rare": 1e-7, "less so": P, "common": 0.3}
    chance = gm.constant(shares, dim="kind")
    if family == "categorical":
        happens = gm.categorical({"no": 1 - chance, "yes": chance}) == "yes"
    elif family == "mixture":
        happens = gm.mixture([0.0, 1.0], [1 - chance, chance])
    else:
        happens = getattr(gm, family)(shares, dim="kind", shared="kind")
    hidden = gm.apply(lambda x: x * 1.0, happens * loss(), unit="")
    for method in ("nets", "random"):
        found = gm.Model(y=hidden).sample(1 << 13, method=method)["y"]
        for label, share in shares.items():
            assert_true_value(found.sel(kind=label).mean(), share * LOSS)
            assert found.sel(kind=label).mean().error < 0.3 * share * LOSS


def test_an_event_that_a_sweep_or_a_scenario_makes_likelier():
    chance = gm.constant(P)
    risk = gm.bernoulli(chance)
    cost = gm.where(risk, loss(), 0.0) + gm.apply(lambda x: x * 1.0, usual(), unit="")
    model = gm.Model(chance=chance, risk=risk, cost=cost)
    shares = (1e-7, P, 3 * P, 0.2)
    swept = model.sweep({"chance": shares}, "cost", n=1 << 12)
    for row, share in zip(swept.rows, shares, strict=True):
        assert_true_value(row.mean, 15.0 + share * LOSS)
        assert row.mean.error < 0.3 * share * LOSS
    worse = gm.scenario("worse", {risk: gm.bernoulli(3 * P)})
    beside = model.sample(1 << 12, scenarios=[worse])["cost"]
    assert_true_value(beside.sel(scenario="base").mean(), 15.0 + P * LOSS)
    assert_true_value(beside.sel(scenario="worse").mean(), 15.0 + 3 * P * LOSS)


def test_a_rare_component_behind_a_condition_that_is_met_now_and_then() -> None:
    """P of both 1e-6: the draws of the rarer event tell, also where the likelier has its own."""
    share = gm.uniform(0, 2)
    size = gm.mixture([gm.normal(1, 1.1), gm.normal(1e6, 1.1e6)], [1 - 1e-4, 1e-4])
    model = gm.Model(y=gm.where(gm.bernoulli(0.01), size, 0) * share + share)
    true = 1 + 0.01 * ((1 - 1e-4) * 1.05 + 1e-4 * 1.05e6)
    for seed in range(5):
        found = model.sample(4096, seed=seed)["y"].mean()
        assert abs(found.value - true) < 3 * found.error


@pytest.mark.parametrize("far", [1e6, -1e6])
def test_a_rare_component_of_a_mixture_that_is_cut(far: float) -> None:
    """max(X, U) where X is hardly ever far out: of a normal variable by an integral."""
    share, weight, sd = gm.uniform(0, 2), 1e-4, 0.03
    size = gm.mixture([gm.normal(mean=1, sd=sd), gm.normal(mean=far, sd=9e3)], [1 - weight, weight])
    y = gm.maximum(size, share) - gm.maximum(-size, share) + share

    def larger(u: float) -> float:
        z = (1 - u) / sd
        return u + sd * (stats.norm.pdf(z) + z * stats.norm.cdf(z)) if u < 3 else u

    usual = integrate.quad(lambda u: larger(u) / 2, 0, 2, points=[1])[0]
    true = (1 - weight) * (usual - 1) + weight * (far - 1 if far > 0 else 1 + far) + 1
    for seed in range(3):
        found = gm.Model(y=y).sample(4096, seed=seed)["y"].mean()
        assert found.reliable
        assert_true_value(found, true)
        assert found.error < 1e-3 * abs(true)


def test_two_rare_events_do_not_count_twice():
    # Both decide alone, and so do both together: P(A or B) = 1 - (1 - p)²; without care it is 2 p.
    p, n = 0.002, 1 << 12
    either = gm.apply(np.maximum, gm.bernoulli(p) * 1e6, gm.bernoulli(p) * 1e6, unit="")
    found = gm.Model(y=either + usual()).sample(n)["y"].mean()
    assert found.estimator == "stratified"
    true = 15.0 + 1e6 * (1 - (1 - p) ** 2)
    assert abs(found.value - true) < 0.2 * 1e6 * p**2
    assert_true_value(found, true)


def test_events_that_are_not_rare_but_hardly_ever_happen_together():
    """Four backups that fail one in twenty times each: 6e-6 together."""
    fails = gm.bernoulli(0.05, dim={"backup": range(4)})
    factors = [gm.exp(5 * gm.bernoulli(0.01)) for _ in range(3)]
    model = gm.Model(
        all_fail=fails.prod("backup") * loss() + usual(),
        product=factors[0] * factors[1] * factors[2] + usual(),
    )
    for method in ("nets", "random"):
        run = model.sample(1 << 12, method=method)
        found, product = run["all_fail"].mean(), run["product"].mean()
        assert found.value == pytest.approx(15.0 + 0.05**4 * LOSS, rel=1e-9)
        assert product.value == pytest.approx(15.0 + (0.99 + 0.01 * math.exp(5)) ** 3, rel=1e-9)


def test_what_a_rare_event_does_not_move_is_left_as_it_is():
    x = usual()
    y = gm.where(gm.bernoulli(P), 15.5, gm.apply(lambda v: v * 1.0, x, unit=""))
    found = gm.Model(y=y).sample(1 << 12)["y"]
    assert found.mean().estimator == "replicates"
    assert found.guesstimate_interval().low.reliable


def test_the_interval_that_is_split_at_the_mean_is_marked():
    y = EVENTS["where"][0]()
    run = gm.Model(y=y, hidden=hidden(y)).sample(1 << 12)
    for result in (run["y"], run["hidden"]):
        for end in result.guesstimate_interval():
            assert end.note == "unreliable: rare events move the mean that it is split at"


def test_draws_that_were_not_kept_are_marked():
    model = gm.Model(y=hidden(EVENTS["where"][0]()))
    found = model.sample(1 << 13, keep=False, seed=1)["y"].mean()
    assert found.note is not None
    assert found.note.startswith("unreliable: ")


def test_events_that_are_too_many_are_told():
    risks = gm.bernoulli({f"r{k}": 1e-7 for k in range(100)}, dim="risk")
    y = (risks * loss()).sum("risk") + usual()
    found = gm.Model(y=hidden(y)).sample(1 << 12)["y"].mean()
    assert found.note == "unreliable: 36 rare events were not looked at"


def test_a_ratio_of_means_knows_of_it():
    y, x = hidden(EVENTS["where"][0]()), gm.apply(lambda v: v * 1.0, gm.normal(9, 11), unit="")
    claim = gm.claim_ratio_of_means(y, x, 1.0, rtol=0.1)
    simulation = gm.Model(y=y, x=x).sample(1 << 12)
    found = judge(claim, claim.statements[0], ["y", "x"], simulation).estimate
    assert found.estimator == "stratified"
    assert_true_value(found, (15.0 + P * LOSS) / 10.0)


def test_rare_values_of_the_first_of_correlated_draws_are_looked_at() -> None:
    """Its variate is its own, and the others are made of it too: a loss of exp(z) goes with a
    default, which is that of the highest scores, with Pearson's correlation r of scores."""
    hit, size = gm.bernoulli(P), gm.lognormal(mu=1, sigma=0.5)
    hit, size = gm.correlate([hit, size], rank=0.004)
    model = gm.Model(hit=hit, size=size, loss=hit * size, other=size * 2)
    run = model.sample(8192)
    r = model.quantities["size"].operands[0].operands[-1].operation.value.item()  # its weight
    far = float(stats.norm.isf(P))

    def given(z: float) -> float:
        return float(stats.norm.pdf(z) * math.exp(1 + 0.5 * r * z + 0.125 * (1 - r * r)))

    truth = integrate.quad(given, far, far + 8, epsabs=0)[0]
    assert truth > 1.5 * P * math.exp(1.125)  # it is not that of independent draws
    assert_true_value(run["loss"].mean(), truth)
    assert run["loss"].mean().note is None
    assert run["hit"].mean().value == P
    assert run["other"].mean().estimator != "stratified"


@pytest.mark.parametrize("method", ["nets", "lhs", "random"])
def test_a_far_tail_of_the_first_of_correlated_draws_is_looked_at(method: str) -> None:
    """E[exp(y); x > t] of correlated normals is exp(1/2) P(x > t - r): Girsanov's shift."""
    x, y = gm.correlate([gm.normal(mean=0, sd=1), gm.normal(mean=0, sd=1)], rank=0.5)
    run = gm.Model(x=x, y=y, loss=gm.where(x > 4.5, gm.exp(y), 0)).sample(8192, method=method)
    r = 2 * math.sin(math.pi / 12)
    found = run["loss"].mean()
    assert_true_value(found, math.exp(0.5) * float(stats.norm.sf(4.5 - r)))
    assert found.relative_error < 0.2


def test_rare_values_of_the_others_are_told_where_they_are_not_met() -> None:
    """They are of several variates, so that there are no strata of them."""
    other, hit = gm.correlate([gm.normal(1, 2), gm.bernoulli(1e-6)], rank=0.0005)
    loss = gm.where(hit, 1e9, 0.0)
    run = gm.Model(hit=hit, known=loss, loss=hidden(loss), other=other).sample(8192)
    assert run["known"].mean().value == pytest.approx(1000.0, rel=1e-9)
    assert run["loss"].mean().note == "unreliable: 1 rare event was not looked at"
    assert run["hit"].mean().value == 1e-6
    assert run["other"].mean().note is None
    x, y = gm.correlate([gm.normal(mean=0, sd=1), gm.normal(mean=0, sd=1)], rank=0.5)
    far = gm.where(y > 4.5, gm.exp(x), 0)
    run = gm.Model(x=x, y=y, loss=far, near=gm.where(y > 1, x, 0), more=far + 5).sample(8192)
    for name in ("loss", "more"):
        assert run[name].mean().note == "unreliable: 1 rare event was not looked at"
    assert run["near"].mean().note is None
    assert run["y"].mean().note is None
    often = gm.correlate([gm.normal(1, 2), gm.bernoulli(0.3)], rank=0.5)[1]
    assert gm.Model(loss=gm.where(often, 1e9, 0.0)).sample(8192)["loss"].mean().note is None


CONDITIONS = {  # with the mean of usual(), and that of the loss, given each
    "w > 0.8": (15.0, LOSS),
    "usual > 15": (15.0 + 2.0 / math.sqrt(2.0 * math.pi) / float(stats.norm.ppf(0.95)), LOSS),
    "loss > 2e8": (
        15.0,
        LOSS
        * float(stats.norm.sf((math.log(2e8) - 19.0) / 0.7 - 0.7))
        / float(stats.norm.sf((math.log(2e8) - 19.0) / 0.7)),
    ),
    "risk == 0": (15.0, 0.0),
}


@pytest.mark.parametrize("condition", CONDITIONS)
@pytest.mark.parametrize("method", ["nets", "random"])
def test_rare_events_under_a_condition(condition: str, method: str) -> None:
    """They weigh as much as in the cases in which the condition holds."""
    risk, size, by, w = gm.bernoulli(P), loss(), usual(), gm.uniform(0, 1)
    model = gm.Model(risk=risk, loss=size, usual=by, w=w, y=risk * size + by)
    centre, more = CONDITIONS[condition]
    given = model.sample(1 << 13, method=method).given(condition)["y"]
    mean = given.mean()
    assert mean.reliable
    assert_true_value(mean, centre + P * more)
    assert mean.error < 0.3 * P * max(more, LOSS)
    if condition == "w > 0.8":
        spread = 1.0 / float(stats.norm.ppf(0.95))
        second = P * (SQUARE + 2 * 15.0 * LOSS) + 225.0 + spread**2
        assert_true_value(given.sd(), math.sqrt(second - (15.0 + P * LOSS) ** 2))
        # All losses are beyond: its mean is that of the largest tenth of usual(), and the losses.
        z = float(stats.norm.isf(0.1))
        largest = 15.0 + spread * float(stats.norm.pdf(z)) / 0.1
        shortfall = given.shortfall(0.9)
        assert abs(shortfall.value - largest - P * LOSS / 0.1) < 0.1 * P * LOSS / 0.1


@pytest.mark.parametrize("far", ["turn", "steep"])
def test_nothing_is_looked_for_where_independent_parts_tell_the_mean(
    far: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of what turns where hardly any draw is, in a model of so many quantities that not all that
    are made of one draw are followed; and of a product of what is steep there. The mean of the one
    draw is an integral (SciPy's)."""

    def sought(*_: object) -> None:
        raise AssertionError("a search for what is exact")

    monkeypatch.setattr(DecidingTurns, "_gone", sought)
    monkeypatch.setattr(FartherOut, "_looked", sought)
    x, others = gm.normal(mean=0, sd=1), gm.constant({k: k for k in range(1000)}, dim="other")
    if far == "turn":
        y = gm.minimum(x, 7.5) + 5.0
    else:
        steep = 1.0 + 1.0 / (1.0 + gm.exp(30.0 * (4.0 - x)))
        y = steep * gm.lognormal(mean=3, sd=3)

    def weighed(z: float) -> float:
        steep = 3.0 + 3.0 / (1.0 + math.exp(30.0 * (4.0 - z)))
        return (min(z, 7.5) + 5.0 if far == "turn" else steep) * float(stats.norm.pdf(z))

    expected, _ = integrate.quad(weighed, -9, 9, points=[4.0, 7.5], epsabs=1e-12)
    mean = gm.Model(y=y, others=others).sample(8192)["y"].mean()
    assert mean.is_exact
    assert mean.value == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("loss_of_turn", [1e4, 1e6])
def test_beside_an_exact_mean_the_error_is_that_of_the_turn(loss_of_turn: float) -> None:
    """The own error of the cost in the draws is a third of what the turn adds,
    or a three hundredth.
    P(N > 5.5 sqrt(3)) of the sum of three."""
    p = float(stats.norm.sf(5.5))
    for seed in range(8):
        three = sum(gm.normal(mean=0, sd=1) for _ in range(3))
        turned = gm.where(three > 5.5 * math.sqrt(3.0), loss_of_turn, 0)
        cost = gm.lognormal(mu=1, sigma=0.5)
        mean = gm.Model(y=turned + cost).sample(4096, seed=seed)["y"].mean()
        assert_true_value(mean, math.exp(1.125) + loss_of_turn * p)
        assert mean.error < 0.15 * loss_of_turn * p
