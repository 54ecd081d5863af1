"""Decisions against closed forms."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import norm

import guessmodel as gm
from guessmodel.analysis.decision import decision_of, decisions_of
from guessmodel.estimators.estimate import Estimate

P1, P2 = gm.normal(mean=1, sd=1), gm.normal(mean=0, sd=2)
MODEL = gm.Model(p1=P1, p2=P2)
DO = gm.decision({"do": P1 - P2, "leave": 0})


def unit_loss(mean: float, sd: float) -> float:
    """E[max(X, 0)] − max(E[X], 0) of a normal X (Raiffa and Schlaifer 1961)."""
    z = mean / sd
    return float(mean * norm.cdf(z) + sd * norm.pdf(z)) - max(mean, 0.0)


def close(found: Estimate, truth: float, within: float) -> bool:
    """Inside of twice the interval, which is no wider than promised."""
    return abs(found.value - truth) <= 2.0 * found.error + 1e-9 and found.error < within


@pytest.mark.parametrize(("method", "sharp"), [("nets", 1.0), ("lhs", 5.0), ("random", 8.0)])
def test_two_normals(method: str, sharp: float) -> None:
    found = DO.evaluate(MODEL.sample(method=method), groups={"both": ["p?"]})
    assert close(found.evpi, unit_loss(1.0, math.sqrt(5.0)), 0.002 * sharp)
    assert close(found.evppi["p1"], unit_loss(1.0, 1.0), 0.002 * sharp)
    assert close(found.evppi["p2"], unit_loss(1.0, 2.0), 0.002 * sharp)
    assert found.groups["both"] == found.evpi
    for n in (1, 5, 25, 100):
        seen = 1.0 / math.sqrt(1.0 + 4.0 / n)  # sd of the posterior mean
        assert close(found.evsi("p1", sd=2, n=n), unit_loss(1.0, seen), 0.01 * sharp)
    assert found.choice == "do" and found.settled
    assert close(found["do"].best, float(norm.cdf(1.0 / math.sqrt(5.0))), 0.005)
    assert close(found["leave"].regret, 1.0 + unit_loss(1.0, math.sqrt(5.0)), 0.02)


def test_published_figures() -> None:
    """The same to the digits that reference tables of these problems have."""
    published = (unit_loss(1, 1), unit_loss(1, 2), unit_loss(1, math.sqrt(5.0)))
    assert published == pytest.approx((0.083315, 0.395593, 0.479811), abs=6e-7)


def test_a_group_is_more_than_its_members() -> None:
    """x y + 0 z against 0: neither factor alone tells anything, both tell all of it."""
    x, y, z = (gm.normal(mean=0, sd=1) for _ in range(3))
    wanted = 1.0 / math.pi  # E|x y| / 2
    model = gm.Model(x=x, y=y, z=z)
    run = model.sample(1 << 14)
    found = gm.decision({"go": x * y + z, "stay": 0}).evaluate(run, groups={"xy": ["x", "y"]})
    assert found.groups["xy"].value == pytest.approx(wanted, abs=0.02)
    assert found.groups["xy"].low <= wanted <= found.groups["xy"].high
    assert found.evppi["x"].low == 0.0 and found.evppi["x"].high < 0.08


def test_newsvendor() -> None:
    """Orders of 20 to 180 pieces at a unit cost of under- and overage of 4: ordering the mean costs
    4 σ √(2/π) = 63.8308; knowing the demand leaves 4 times a quarter of the step between orders."""
    demand = gm.normal(mean=100, sd=20)
    costs = {f"{q}": 4 * gm.abs(demand - q) for q in range(20, 181, 10)}
    found = gm.decision(costs, minimise=True).evaluate(gm.Model(demand=demand).sample(1 << 13))
    assert found.choice == "100"
    assert found["100"].mean.value == pytest.approx(63.8308, abs=0.02)
    assert found.evpi.value == pytest.approx(63.8308 - 10.0, abs=0.1)
    assert close(found.evppi["demand"], 63.8308 - 10.0, 1.5)


def test_wildcatter() -> None:
    """H. Raiffa 1968, "Decision analysis": EMV 20, EVPI 35, of a seismic test 12.5."""
    state, reading = gm.uniform(0, 1), gm.uniform(0, 1)
    pays = gm.where(state < 0.5, -70, gm.where(state < 0.8, 50, 200))
    first = gm.where(state < 0.5, 0.6, gm.where(state < 0.8, 0.3, 0.1))
    second = gm.where(state < 0.5, 0.9, gm.where(state < 0.8, 0.7, 0.5))
    seismic = gm.where(reading < first, 0, gm.where(reading < second, 1, 2))
    model = gm.Model(state=state, reading=reading, pays=pays, seismic=seismic)
    found = gm.decision({"drill": pays, "leave": 0}).evaluate(model.sample())
    assert found["drill"].mean.value == pytest.approx(20.0, abs=0.05)
    assert close(found.evpi, 35.0, 0.05)
    assert close(found.knowing("pays"), 35.0, 0.05)
    assert close(found.knowing("seismic"), 12.5, 0.1)


def test_utility() -> None:
    """Of a normal amount the certainty equivalent is its mean less half its variance over ρ."""
    x = gm.normal(mean=3, sd=2, unit="USD")
    rho = 5.0
    chosen = gm.decision(
        {"risky": x, "sure": "2.7 USD"}, utility=gm.utility.exponential("5 USD")
    ).evaluate(gm.Model(x=x).sample())
    certain = chosen["risky"].certain
    assert certain is not None and close(certain, 3.0 - 4.0 / (2 * rho), 0.01)
    assert certain.unit == "USD" and chosen.choice == "sure"
    # E exp(−max(x, s)/ρ) in parts: below s it is that of s, above that of x.
    s, m, v = 2.7, 3.0, 2.0
    above = math.exp(-m / rho + v**2 / (2 * rho**2)) * norm.sf((s - (m - v**2 / rho)) / v)
    known = -rho * math.log(above + math.exp(-s / rho) * norm.cdf((s - m) / v))
    assert close(chosen.evpi, known - s, 0.01)
    assert close(chosen.evppi["x"], known - s, 0.01)
    assert "certain" in chosen.to_dict()["options"]["risky"]


def test_a_certainty_equivalent_that_does_not_exist() -> None:
    cost = gm.lognormal(1, 3)
    chosen = gm.decision(
        {"a": cost, "b": 2}, minimise=True, utility=gm.utility.exponential(1)
    ).evaluate(gm.Model(cost=cost).sample(1024))
    assert chosen["a"].certain is not None and math.isnan(chosen["a"].certain.value)
    assert "no certainty equivalent" in str(chosen)
    assert math.isnan(chosen.evpi.value)


def test_means_that_do_not_exist() -> None:
    x = gm.cauchy(0, 1)
    found = gm.decision({"a": x, "b": 2}).evaluate(gm.Model(x=x).sample(1024))
    assert math.isnan(found.evpi.value) and not found.settled
    assert found.evppi["x"].note == "a: the mean does not exist"


def test_dominance() -> None:
    x, y = gm.normal(mean=0, sd=1), gm.normal(mean=0, sd=1)
    run = gm.Model(x=x, y=y).sample(1 << 13)
    options = {"low": x, "high": y + 1, "wide": 2 * x}
    found = gm.decision(options).evaluate(run).dominance
    assert ("high", "low", 1) in found and ("low", "wide", 2) in found
    assert {(a, b) for a, b, _ in found} == {("high", "low"), ("low", "wide"), ("high", "wide")}
    costs = gm.decision(options, minimise=True).evaluate(run).dominance
    assert ("low", "high", 1) in costs and ("low", "wide", 2) in costs


def test_options_that_are_equal() -> None:
    found = gm.decision({"a": P1, "b": 1 * P1}).evaluate(MODEL.sample(1024))
    assert found["a"].best.value == found["b"].best.value == 0.5
    assert found.evpi.value == 0.0 and not found.settled


RANK = 6.0 / math.pi * math.asin(0.3)  # of normals with correlation 0.6


def test_correlated_inputs() -> None:
    """Of two normals with correlation r knowing one tells of the other: x + y given x has mean
    (1 + r) x."""
    r = 0.6
    x, y = gm.correlate([gm.normal(mean=0, sd=1), gm.normal(mean=0, sd=1)], rank=RANK)
    found = gm.decision({"go": x + y + 1, "stay": 0}).evaluate(gm.Model(x=x, y=y).sample())
    assert found.evpi.value == pytest.approx(unit_loss(1.0, math.sqrt(2 + 2 * r)), abs=0.002)
    assert close(found.knowing("x"), unit_loss(1.0, 1 + r), 0.01)
    assert found.evppi["x"] == found.knowing("x")


def test_labels_as_options() -> None:
    cost = gm.normal({"a": (1, 2), "b": (2, 3)}, unit="USD", dim="city")
    found = gm.decision(cost, minimise=True).evaluate(gm.Model(cost=cost).sample(1024))
    assert list(found.options) == ["a", "b"] and found.choice == "a" and found.unit == "USD"


def test_the_answer() -> None:
    found = DO.evaluate(MODEL.sample(1024))
    told = json.loads(json.dumps(found.to_dict()))
    assert set(told) == {
        *("decision", "unit", "minimise", "options", "choice", "settled", "dominance"),
        *("evpi", "evppi"),
    }
    assert set(told["options"]["do"]) == {"mean", "best", "regret"}
    assert set(told["evppi"]["p1"]) == {"value", "low", "high"}
    table = found.to_pandas()
    assert table.loc["do", "mean"] == 1.0 and table.index.name == "option"
    assert str(found).splitlines()[2].split() == ["option", "mean", "best", "regret"]
    assert "<table>" in found._repr_html_()


def test_in_a_model_file(tmp_path: Path) -> None:
    path = tmp_path / "m.py"
    path.write_text(
        "import guessmodel as gm\n"
        "x = gm.normal(mean=1, sd=2, unit='USD')\n"
        "first = gm.decision({'a': 2 * x, 'b': '1 USD'})\n"
        "gm.decision({'a': x, 'b': 0})\n"
        "gm.scenario('dear', {x: '5 USD'})\n"
    )
    model = gm.Model.from_file(path)
    assert list(decisions_of(model)) == ["first", "decision"]
    assert decision_of(model, "first").evaluate(model.sample(1024))["a"].mean.value == 2.0
    changed = model.with_(x="7 USD")
    assert decision_of(changed, "first").evaluate(changed.sample(1024))["a"].mean.value == 14.0
    dear = model.in_scenario("dear")
    assert decision_of(dear, "first").evaluate(dear.sample(1024))["a"].mean.value == 10.0
    with pytest.raises(gm.GuessmodelError, match="one scenario"):
        decision_of(model, "first").evaluate(model.sample(1024, scenarios=True))
    with pytest.raises(gm.GuessmodelError, match="which decision\\? Name one of first, decision"):
        decision_of(model, None)
    with pytest.raises(gm.GuessmodelError, match="no decision 'firs'; did you mean 'first'"):
        decision_of(model, "firs")
    with pytest.raises(gm.GuessmodelError, match="model has no decision; write choice ="):
        decision_of(MODEL, None)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"a": P1}, "between two options at least"),
        ({"a": 1, "b": 2}, "one of the options at least is a quantity"),
        ({"a": P1, "b": gm.normal(1, 2, "USD")}, "'a' is in plain numbers and 'b' in USD; options"),
        ({"a": P1, 3: P1}, "given by its name"),
        ({"a": P1, "b": [1]}, "option 'b' is a list"),
        ({"a": P1, "b": gm.normal({"x": (1, 2)}, dim="d")}, "option 'b' has a d; choose one"),
        (P1, "a quantity with one dimension"),
        ([P1], "write the options by name"),
    ],
)
def test_options_refused(options: object, message: str) -> None:
    with pytest.raises(gm.GuessmodelError, match=message):
        gm.decision(options)  # type: ignore[arg-type]


def test_more_that_is_refused() -> None:
    with pytest.raises(gm.GuessmodelError, match="minimise is True or False"):
        gm.decision({"a": P1, "b": 0}, minimise="yes")  # type: ignore[arg-type]
    with pytest.raises(gm.GuessmodelError, match="a utility is gm.utility"):
        gm.decision({"a": P1, "b": 0}, utility=3)  # type: ignore[arg-type]
    with pytest.raises(gm.GuessmodelError, match="risk tolerance is above 0"):
        gm.utility.exponential(0)
    with pytest.raises(gm.GuessmodelError, match="figure such as '5M USD'"):
        gm.utility.exponential([1])
    run = MODEL.sample(1024)
    with pytest.raises(gm.GuessmodelError, match="evaluated in a run"):
        DO.evaluate(MODEL)  # type: ignore[arg-type]
    with pytest.raises(gm.GuessmodelError, match="about a draw that the model does not have"):
        gm.decision({"a": gm.normal(1, 2), "b": 0}).evaluate(run)
    with pytest.raises(gm.GuessmodelError, match="cannot be evaluated under a condition"):
        DO.evaluate(run.given("p1 > 0"))
    with pytest.raises(gm.GuessmodelError, match="were not kept"):
        DO.evaluate(MODEL.sample(1024, keep=False))
    with pytest.raises(gm.GuessmodelError, match="1,024 samples at least"):
        DO.evaluate(MODEL.sample(256))
    with pytest.raises(gm.GuessmodelError, match="draws that are not finite"):
        gm.decision({"a": gm.log(P1), "b": 0}).evaluate(run)
    priced = gm.constant(2)
    changed = gm.Model(p1=P1, q=priced, out=P1 * priced).with_(q=3)
    with pytest.raises(gm.GuessmodelError, match="the model was changed, and option 'a'"):
        gm.decision({"a": P1 * priced, "b": 0}).evaluate(changed.sample(1024))
    found = DO.evaluate(run)
    with pytest.raises(gm.GuessmodelError, match="sd is the error of one measurement"):
        found.evsi("p1", sd=0)
    with pytest.raises(gm.GuessmodelError, match="n is a number of measurements"):
        found.evsi("p1", sd=1, n=0)
    with pytest.raises(gm.GuessmodelError, match="no quantity 'p3'"):
        found.knowing("p3")


def test_a_loss_that_hardly_any_run_meets() -> None:
    """A fire of probability 1e-5 that costs 1e6 on the average, or its insurance: no draw has one,
    and yet it decides. Hindsight regrets the insurance but for fires."""
    p, price = 1e-5, 15.0
    fire, loss = gm.bernoulli(p), gm.lognormal(mu=math.log(1e6) - 0.125, sigma=0.5)
    model = gm.Model(fire=fire, loss=loss)
    options = {"bear": fire * loss * 1.0, "insure": price}
    for minimise in (True, False):
        sign = 1.0 if minimise else -1.0
        said = {name: sign * option for name, option in options.items()}
        found = gm.decision(said, minimise=minimise).evaluate(model.sample(4096))
        assert found.choice == "bear"
        assert found.settled
        assert close(found["bear"].mean, sign * p * 1e6, 0.2)
        assert close(found["bear"].regret, p * (1e6 - price), 0.2)
        assert found["insure"].regret.value == pytest.approx(price * (1 - p), rel=1e-3)
        assert close(found.evpi, p * (1e6 - price), 0.2)
        assert not found.dominance
        assert all("rare events" in str(each.note) for each in found.evppi.values())
    dearer = gm.decision({**options, "insure": 5.0}, minimise=True).evaluate(model.sample(4096))
    assert (dearer.choice, dearer.settled) == ("insure", True)
    # E exp(X / 1e7) of the loss, by quadrature over its score.
    score = np.linspace(-9, 9, 20001)
    size = np.exp(math.log(1e6) - 0.125 + 0.5 * score)
    risk = float(np.trapezoid(norm.pdf(score) * np.expm1(size / 1e7), score))
    careful = gm.decision(
        {"bear": fire * gm.minimum(loss, 1e9), "insure": price},
        minimise=True,
        utility=gm.utility.exponential(1e7),
    ).evaluate(model.sample(4096))
    certain = careful["bear"].certain
    assert certain is not None
    assert close(certain, 1e7 * math.log1p(p * risk), 0.2)


def test_draws_are_those_of_the_run() -> None:
    """What a decision says of its options is what the run says of them."""
    out = gm.abs(P1) * P2
    run = gm.Model(p1=P1, p2=P2, out=out).sample(2048, method="random", seed=5)
    found = gm.decision({"a": out, "b": 0}).evaluate(run)
    assert found["a"].mean.value == run["out"].mean().value
    assert found["a"].best.value == np.mean(run["out"].values > 0)
