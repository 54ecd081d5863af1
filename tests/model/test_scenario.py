"""Scenarios: named sets of changes that belong to a model file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import numpy as np
import pytest

import guessmodel as gm
from guessmodel.errors import DimensionError, GuessmodelError, ModelError, UsageError, WrongKind
from guessmodel.model.scenario import Scenario

STAND = """
    import guessmodel as gm
    price = gm.constant(3, "USD")
    cups = gm.normal(mean=10_000, sd=1000, unit="1/year")
    rent = gm.lognormal(15_000, 25_000, "USD/year")
    profit = price * cups - rent
    gm.scenario("cheap rent", {rent: "8K to 10K USD/year"}, doc="A corner.", source="an offer")
    gm.scenario("fair price", {"price": "3 to 5 USD"})
    gm.scenario("both", {price: 4, rent: 9000})
"""

Write = Callable[[str], gm.Model]


@pytest.fixture
def model_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    monkeypatch.chdir(tmp_path)

    def load(text: str, name: str = "stand.py") -> gm.Model:
        Path(name).write_text(dedent(text))
        return gm.Model.from_file(name)

    return load


def test_scenarios_belong_to_the_model_of_their_file(model_of: Write) -> None:
    model = model_of(STAND)
    assert list(model.scenarios) == ["cheap rent", "fair price", "both"]
    cheap = model.scenarios["cheap rent"]
    assert (cheap.doc, cheap.source, cheap.location.line) == ("A corner.", "an offer", 7)
    assert model.claims == ()
    there = model.in_scenario("cheap rent").sample(64)
    low, high = there["rent"].interval()
    assert (low.value, high.value) == pytest.approx((8000, 10_000))
    # In place of a draw the family stays; a constant has none, and a range above 0 is lognormal.
    assert "lognormal" in repr(model.in_scenario("cheap rent").quantities["rent"])
    assert "lognormal" in repr(model.in_scenario("fair price").quantities["price"])
    assert model.in_scenario().sample(64)["price"].mean().value == 3


def test_those_of_imported_models_do_not_leak(model_of: Write) -> None:
    model_of(STAND)
    chain = model_of(
        """
        import guessmodel as gm
        from stand import profit, rent
        total = 12 * profit
        gm.scenario("free", {rent: 0})
        """,
        "chain.py",
    )
    assert list(chain.scenarios) == ["free"]
    # 12 (3 * 10,000 - 0), by linearity
    assert chain.in_scenario("free").sample(1024)["total"].mean().value == pytest.approx(360_000)


def test_later_ones_are_on_top(model_of: Write) -> None:
    model = model_of(STAND)
    for names, rent, price in (
        (("both", "cheap rent"), False, 4),
        (("cheap rent", "both"), True, 4),
        (("cheap rent",), False, 3),
    ):
        there = model.in_scenario(*names).sample(64, quantities=["rent", "price"])
        assert there["rent"].mean().is_exact
        assert (there["rent"].quantile(0.05).value == 9000) == rent
        assert there["price"].mean().value == price


def test_all_draws_are_common_in_bits(model_of: Write) -> None:
    model = model_of(STAND)
    for method in ("nets", "lhs", "random"):
        runs = [
            m.sample(1024, method=method)
            for m in (model, *(model.in_scenario(name) for name in model.scenarios))
        ]
        for run in runs[1:]:
            np.testing.assert_array_equal(run["cups"].values, runs[0]["cups"].values)
        before, after = runs[0]["rent"].values, runs[1]["rent"].values
        assert (np.diff(after[np.argsort(before)]) >= 0).all()


def test_components_are_assigned_over_the_names_of_all_scenarios(model_of: Write) -> None:
    """A constant that a scenario makes a draw has its component in every run."""
    model = model_of(STAND)
    assert model.universe == {"stand.price", "stand.cups", "stand.rent"}
    assert all(model.in_scenario(name).universe == model.universe for name in model.scenarios)
    assert model.side_by_side().universe == model.universe


def test_a_model_without_scenarios_has_the_draws_that_it_had(model_of: Write) -> None:
    """Those of constants that a scenario makes draws may move at most one other (promise 3)."""
    with_scenarios = model_of(STAND).sample(1024)
    without = model_of(STAND.partition("gm.scenario")[0]).sample(1024)
    moved = [
        name
        for name in ("cups", "rent")
        if not np.array_equal(with_scenarios[name].values, without[name].values)
    ]
    assert len(moved) <= 1


def test_scenarios_follow_other_changes(model_of: Write) -> None:
    changed = model_of(STAND).with_(rent=1, price=7)
    assert changed.in_scenario("both").sample(8)["price"].mean().value == 4
    assert changed.sample(8)["price"].mean().value == 7


def test_values_may_be_quantities_numbers_and_labels(model_of: Write) -> None:
    model = model_of(
        """
        import guessmodel as gm
        cost = gm.constant({"a": 1, "b": 2}, "USD", dim="case")
        wage = gm.normal(5, 7, "USD")
        other = gm.normal(1, 2, "USD")
        gm.scenario("labels", {cost: {"a": 5, "b": "600 cent"}})
        gm.scenario("one", {"cost[a]": 9})
        gm.scenario("same", {wage: 2 * other})
        """,
        "labels.py",
    )
    labels = model.in_scenario("labels").sample(8)["cost"]
    assert [labels.sel(case=case).mean().value for case in "ab"] == [5, 6]
    one = model.in_scenario("one").sample(8)["cost"]
    assert [one.sel(case=case).mean().value for case in "ab"] == [9, 2]
    run = model.in_scenario("same").sample(64)
    np.testing.assert_array_equal(run["wage"].values, 2 * run["other"].values)
    # On top of a change of what it is made of.
    twice = model.with_(other=3).in_scenario("same").sample(8)
    assert twice["wage"].mean().value == 6


def test_of_a_model_made_by_hand() -> None:
    price, cups = gm.constant(3, "USD"), gm.normal(mean=10, sd=1)
    model = gm.Model(price=price, cups=cups, sales=price * cups)
    dear = gm.scenario("dear", {price: 4})
    more = gm.scenario("more", {"cups": 20})
    assert model.in_scenario(dear).sample(64)["sales"].mean().value == pytest.approx(40)
    assert model.in_scenario(dear, more).sample(64)["sales"].mean().value == pytest.approx(80)
    assert model.scenarios == {}


@pytest.mark.parametrize(
    ("line", "kind", "message"),
    [
        ("gm.scenario('base', {price: 4})", UsageError, "'base' is the model without changes"),
        ("gm.scenario('', {price: 4})", UsageError, "'' is no name for a scenario; write one"),
        ("gm.scenario(' x', {price: 4})", UsageError, "' x' is no name for a scenario"),
        ("gm.scenario(3, {price: 4})", WrongKind, "given by its name, as in .*, not 3"),
        ("gm.scenario('x', {})", UsageError, "scenario 'x' changes nothing; write {price: '3 to"),
        ("gm.scenario('x', '3')", WrongKind, "scenario 'x' takes its changes by quantity"),
        ("gm.scenario('x', {3: 4})", WrongKind, "given by itself or its name, not by 3"),
        ("gm.scenario('x', {price: 4}, doc=3)", WrongKind, "doc= takes text, not 3"),
        ("gm.scenario('both', {price: 4})", UsageError, r"'both' is there already, stand.py:9"),
        ("gm.scenario('x', {'prise': 4})", UsageError, "'x': stand has no quantity 'prise'; did"),
        ("gm.scenario('x', {2 * price: 4})", UsageError, "'x': <derived .* has no name in stand"),
        ("gm.scenario('x', {price: 'five'})", UsageError, "'x': price: cannot read 'five' as a"),
        ("gm.scenario('x', {price: '5 hour'})", GuessmodelError, "'x': price: cannot convert hour"),
        ("gm.scenario('x', {rent: '0 to 5 USD/year'})", ModelError, r"(?s)'x': rent: .*normal\(0"),
        ("gm.scenario('x', {price: 4, 'price': 5})", UsageError, "'x': 'price' is changed twice"),
        ("gm.scenario('x', {price: [4]})", WrongKind, "'x': price: arrays have no labels"),
        ("gm.scenario('x', {'price[a]': 4})", UsageError, r"'x': 'price\[a\]': give one label a"),
        ("gm.scenario('x', {rent: profit})", ModelError, "'x': rent: .* closes a cycle"),
        (
            "gm.scenario('x', {price: gm.constant({'a': 1}, 'USD', dim='d'), "
            "rent: gm.constant({'b': 1}, 'USD/year', dim='d')})",
            DimensionError,
            "'x': dimension 'd' has labels",
        ),
    ],
)
def test_errors_are_at_the_line(model_of: Write, line: str, kind: Any, message: str) -> None:
    with pytest.raises(kind, match=message) as raised:
        model_of(STAND + f"    {line}\n")
    assert str(raised.value).startswith("stand.py:10: ")
    assert len(str(raised.value).splitlines()) <= 3  # text that cannot be read has a caret below


def test_names_that_are_not_there(model_of: Write) -> None:
    model = model_of(STAND)
    with pytest.raises(UsageError, match="no scenario 'cheap'; did you mean 'cheap rent'"):
        model.in_scenario("cheap")
    with pytest.raises(UsageError, match="no scenario 'x'; there are cheap rent, fair price, both"):
        model.in_scenario("x")
    with pytest.raises(UsageError, match="no scenario 'x'; model has none"):
        gm.Model(a=gm.normal(1, 2)).in_scenario("x")
    with pytest.raises(WrongKind, match="a scenario is given by its name, not by 3"):
        model.in_scenario(3)  # type: ignore[arg-type]


def test_subjects_and_rewiring() -> None:
    price, other = gm.constant(3), gm.normal(1, 2)
    made = Scenario("x", ((price, other), ("cups", {"a": other})), other.location)
    assert [q.serial for q in made.subjects] == [q.serial for q in (price, other, other)]
    new = gm.constant(4)
    key, value = made.rewired({price: new}).changes[0]
    assert key is new and value is other


def test_what_a_notebook_shows_of_it() -> None:
    made = gm.scenario("dear", {gm.normal(1, 2, name="price"): 3, "fee": 2})
    assert repr(made) == "<scenario 'dear': changes price, fee>"
