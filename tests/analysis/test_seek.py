"""The value of an input at which a statistic is on target."""

import math

import numpy as np
import pytest

import guessmodel as gm
from guessmodel.errors import UnitError, UsageError, WrongKind
from guessmodel.numerics.normal import ppf

Z95 = float(ppf(0.95))
PRICE = gm.constant(3, "USD")
CUPS = gm.normal(mean=10, sd=2)
RENT = gm.normal(mean=20, sd=3, unit="USD")
MODEL = gm.Model(price=PRICE, cups=CUPS, rent=RENT, profit=PRICE * CUPS - RENT)


def needed(z: float) -> float:
    """The price p at which 10 p - 20 = z √(4p² + 9): there profit, a normal, has P(> 0) = Φ(z)."""
    roots = np.roots([100 - 4 * z * z, -400, 400 - 9 * z * z])
    return float(max(roots) if z > 0 else min(roots))


@pytest.mark.parametrize("share", [0.95, 0.5, 0.05])
def test_the_price_at_which_a_profit_is_likely(share: float) -> None:
    target, expected = f"{100 * share:g}%", needed(float(ppf(share)))
    found = MODEL.seek("profit", "P(> 0 USD)", target, by="price")
    assert found.value.value == pytest.approx(expected, rel=1e-9)  # of a normal it is exact
    drawn = gm.Model(price=PRICE, kept=gm.maximum(PRICE * CUPS - RENT, gm.constant(-1e6, "USD")))
    found = drawn.seek("kept", "P(> 0 USD)", target, by="price")
    assert abs(found.value.value - expected) < 2 * found.value.error < 1e-3
    assert found.value.unit == "USD"
    assert found.reached.value == pytest.approx(share)


@pytest.mark.parametrize(
    ("statistic", "target", "expected"),
    [
        ("mean", "1000 USD", 102.0),
        ("mean", 0.5, 2.05),
        ("p5", 0, needed(Z95)),
        ("sd", "5 USD", 2.0),  # √(4 · 4 + 9)
    ],
)
def test_other_statistics(statistic: str, target: object, expected: float) -> None:
    found = MODEL.seek("profit", statistic, target, by="price")
    assert found.value.value == pytest.approx(expected, rel=1e-9)


def test_the_bound_of_a_lognormal() -> None:
    """The median of a lognormal from low to 20 is √(20 low)."""
    low = gm.constant(5, "USD")
    price = gm.lognormal(low, 20, "USD")
    found = gm.Model(low=low, price=price).seek("price", "median", 8, by="low")
    assert found.value.value == pytest.approx(3.2)


def test_a_draw_is_held_at_the_value_that_is_found() -> None:
    assert MODEL.seek("profit", "mean", 40, by="cups").value.value == pytest.approx(20)


def test_all_crossings_of_a_parabola_and_its_dip_between_two_points() -> None:
    """(x - 2)² + 1 is 1.0001 at 2 ± 0.01, which the points that are looked at first straddle."""
    x = gm.constant(1)
    model = gm.Model(x=x, y=(x - 2) ** 2 + gm.normal(mean=1, sd=1))
    found = model.seek("y", "mean", 1.0001, by="x", between=(-5, 5))
    assert [each.value.value for each in found.found] == pytest.approx([1.99, 2.01])
    assert "2 values of x are on target" in str(found)
    shown = found.to_dict()
    assert len(shown["all"]) == 2 and shown["value"] == shown["all"][0]["value"]
    assert list(found.to_pandas()["x"]) == pytest.approx([1.99, 2.01])


def test_where_there_is_none_it_says_how_near_it_comes() -> None:
    x = gm.constant(1)
    model = gm.Model(x=x, y=(x - 2) ** 2 + gm.normal(mean=1, sd=1))
    found = model.seek("y", "mean", 0.5, by="x", between=(-5, 5))
    assert found.value is None
    assert found.nearest.value.value == pytest.approx(2, abs=1e-2)
    assert found.reached.value == pytest.approx(1, abs=1e-4)
    assert "no value of x between -5 and 5 brings the mean of y to 0.5" in str(found)
    assert "the nearest is 1" in str(found) and "<p>the nearest is 1" in found._repr_html_()
    shown = found.to_dict()
    assert shown["value"] is None and shown["searched"] == [-5, 5]
    assert len(found.to_pandas()) == 0


def test_the_search_widens_from_the_scale_of_the_input() -> None:
    """A target a million times away, on both sides of 0 where the input is."""
    assert MODEL.seek("profit", "mean", 1e7, by="price").value.value == pytest.approx(1000002)
    x = gm.normal(mean=0, sd=1)
    model = gm.Model(x=x, y=x + gm.normal(mean=0, sd=1))
    assert model.seek("y", "mean", -3000, by="x").value.value == pytest.approx(-3000)
    zero = gm.constant(0)
    model = gm.Model(x=zero, y=zero + gm.normal(mean=0, sd=1))
    assert model.seek("y", "mean", 77, by="x").value.value == pytest.approx(77)


def test_a_jump_over_the_target_is_marked() -> None:
    x = gm.constant(1)
    model = gm.Model(x=x, y=gm.where(x > 1.5, 5, 1) + gm.normal(mean=0, sd=1))
    found = model.seek("y", "mean", 3, by="x", between=(0, 4))
    assert found.value.value == pytest.approx(1.5, abs=1e-6)
    assert found.value.note == "the statistic jumps over the target there"


def test_what_the_model_refuses_bounds_the_search() -> None:
    """A lognormal whose low end is above its high end is none; 0 < low < 20 is searched."""
    low = gm.constant(5)
    model = gm.Model(low=low, x=gm.lognormal(low, 20))
    found = model.seek("x", "mean", 1000, by="low")
    assert found.value is None or found.value.value < 20
    with pytest.raises(UsageError, match="no value of 'low' there gives a mean of 'x'"):
        model.seek("x", "mean", 10, by="low", between=(30, 40))


def test_labels() -> None:
    share = gm.constant({"here": 1, "there": 2}, dim="place")
    model = gm.Model(price=PRICE, sales=PRICE * share * CUPS)
    found = model.seek("sales", "mean", 60, by="price", labels={"place": "there"})
    assert found.value.value == pytest.approx(3) and found.output == "sales[there]"
    with pytest.raises(UsageError, match="'sales' has a place; choose one"):
        model.seek("sales", "mean", 60, by="price")


def test_draws_are_common_so_that_the_answer_repeats() -> None:
    units = gm.lognormal(5, 20)
    model = gm.Model(price=PRICE, units=units, cost=gm.maximum(units * CUPS * PRICE - RENT, RENT))
    first, second = (model.seek("cost", "p90", 500, by="price", n=1024, seed=5) for _ in "ab")
    assert first.to_dict() == second.to_dict()
    assert 0 < first.value.error < 0.1 * first.value.value
    again = model.with_(price=first.value.value).sample(1024, seed=5)["cost"].quantile(0.9)
    assert again.value == pytest.approx(500) and again == first.reached


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        ({"statistic": "averag"}, UsageError, "no statistic 'averag'"),
        ({"target": "3 kg"}, UnitError, "cannot convert kg to USD"),
        ({"by": "pric"}, UsageError, "did you mean 'price'"),
        ({"by": "profit"}, UsageError, "'profit' is the output"),
        ({"between": 3}, WrongKind, "between= takes two values of 'price'"),
        ({"between": (3, 1)}, UsageError, "write the lower first"),
        ({"between": ("1 kg", 3)}, UnitError, "cannot convert kg"),
        ({"statistic": "P(> 0)", "target": 1.5}, UsageError, "between 0 and 1, not at 1.5"),
        ({"output": "cups"}, UsageError, "'cups' does not depend on 'price'"),
    ],
)
def test_other_searches_are_refused(
    call: dict[str, object], error: type[Exception], message: str
) -> None:
    words = {"output": "profit", "statistic": "mean", "target": 0, "by": "price"} | call
    with pytest.raises(error, match=message.replace("(", r"\(")):
        MODEL.seek(**words)  # type: ignore[arg-type]


def test_a_finite_target_only() -> None:
    with pytest.raises(UsageError, match="finite"):
        MODEL.seek("profit", "mean", math.inf, by="price")


def test_scenarios_side_by_side() -> None:
    """y = x·z with z of mean 2, or 4: the mean is 8 at x = 4, or 2; nowhere where z is 0."""
    x, z = gm.constant(1), gm.normal(mean=2, sd=1)
    model = gm.Model(x=x, z=z, y=x * z)
    twice = gm.scenario("twice", {z: gm.normal(mean=4, sd=1)})
    never = gm.scenario("never", {z: 0})
    found = model.seek("y", "mean", 8, by="x", scenarios=[twice, never], n=1024)
    assert found.value is not None
    assert found.value.value == pytest.approx(4, rel=1e-6)
    assert found.sel("twice").value.value == pytest.approx(2, rel=1e-6)  # type: ignore[union-attr]
    assert list(found.to_dict()["scenarios"]) == ["base", "twice", "never"]
    assert found.sel("never").value is None
    assert found.to_pandas().loc["twice", "x"].tolist() == pytest.approx([2], rel=1e-6)
    lines = str(found).splitlines()
    assert [line.split()[0] for line in lines[1:5]] == ["scenario", "base", "twice", "never"]
    assert any(line.startswith("never: no value of x between") for line in lines)
    assert '<th scope="row">twice</th>' in found._repr_html_()
    side = model.side_by_side([twice]).seek("y", "mean", 8, by="x", n=1024)
    assert side.to_dict() == {
        "scenarios": {k: v for k, v in found.to_dict()["scenarios"].items() if k != "never"}
    }
    with pytest.raises(gm.GuessmodelError, match="nothing was sought in a scenario 'twce'; did"):
        found.sel("twce")
    with pytest.raises(gm.GuessmodelError, match="give scenarios=True"):
        model.seek("y", "mean", 8, by="x", n=64).sel("cheap")


def test_what_is_yes_or_no_is_not_sought() -> None:
    rain = gm.bernoulli(0.3)
    model = gm.Model(rain=rain, cost=gm.where(rain, RENT, 0))
    with pytest.raises(UsageError, match="'rain' is 1 or 0, yes or no; name its probability"):
        model.seek("cost", "mean", 5, by="rain")


def test_a_quantity_is_told_by_itself_in_scenarios_that_change_it() -> None:
    """100 cups bring 600 USD at 6 USD, 50 at 12, whatever the price is there."""
    price, cups = gm.constant(3, "USD"), gm.constant(100.0)
    sales = price * cups
    model = gm.Model(price=price, cups=cups, sales=sales)
    few = gm.scenario("few", {price: 4, cups: 50})
    found = model.seek(sales, "mean", 600, by=price, scenarios=few, n=64)
    values = {name: each.value.value for name, each in found.beside.items() if each.value}
    assert values == pytest.approx({"base": 6, "few": 12})
    swept = model.side_by_side(few).sweep({price: [1, 2]}, sales, n=64)
    means = {tuple(row.labels.values()): row.mean.value for row in swept.rows if row.mean}
    assert means == {(1, "base"): 100, (2, "base"): 200, (1, "few"): 50, (2, "few"): 100}
    assert model.sample(64, scenarios=few)[sales].sel(scenario="few").mean().value == 200


def test_a_label_of_the_output_is_told_by_its_name() -> None:
    price = gm.constant(3, "USD")
    model = gm.Model(price=price, sales=price * gm.normal(5, 9, dim={"day": ["fri", "sat"]}))
    asked = ("mean", "10 USD")
    named = model.seek("sales[sat]", *asked, by="price", n=1024)
    assert (
        named.value == model.seek("sales", *asked, by="price", labels={"day": "sat"}, n=1024).value
    )
    low = gm.scenario("low", {"price": 1})
    beside = model.side_by_side([low])
    assert beside.seek("sales[sat]", *asked, by="price", n=1024).sel("low").value == named.value
