"""What takes the place of a quantity with labels, and of one without."""

from __future__ import annotations

import numpy as np
import pytest

import guessmodel as gm
from guessmodel.errors import (
    DimensionError,
    GuessmodelError,
    ModelError,
    UnitError,
    UsageError,
    WrongKind,
)
from guessmodel.model.overrides import replacement


def costs(**options: str) -> gm.Quantity:
    labels = {"a": (1, 2), "b": None, "c": (3, 4)}
    return gm.normal(labels, dim="case", unit="USD", **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("change", [7, "7", "7 USD", "700 cent", gm.constant(7, "USD")])
def test_a_number_stands_at_each_label_but_where_nothing_is_applicable(change: object) -> None:
    cost = costs()
    model = gm.Model(cost=cost, total=cost.sum("case"))
    changed = model.with_(cost=change).sample(64)
    assert [piece.applicable for piece in changed["cost"].by_label.values()] == [True, False, True]
    assert set(changed["total"].values) == {14.0}
    assert changed["cost"].unit == "USD"


def test_a_range_is_a_draw_of_its_own_at_each_label_on_the_old_ones_luck() -> None:
    cost = costs()
    model = gm.Model(cost=cost, total=cost.sum("case"))
    before, after = (m.sample(1024)["cost"].values for m in (model, model.with_(cost="5 to 9")))
    assert abs(np.corrcoef(after[0], after[2])[0, 1]) < 0.1
    for label in (0, 2):
        rank = np.argsort(before[label])
        assert (np.diff(after[label][rank]) >= 0).all()
    low, high = model.with_(cost="500 to 900 cent").sample(64)["cost"].sel(case="c").interval()
    assert (low.value, high.value) == pytest.approx((5, 9))


def test_a_range_shares_its_luck_where_the_old_draw_does() -> None:
    model = gm.Model(cost=costs(shared="case"))
    values = model.with_(cost="5 to 9").sample(64)["cost"].values
    np.testing.assert_array_equal(values[0], values[2])


def test_a_quantity_is_the_same_draw_at_all_labels() -> None:
    model = gm.Model(cost=costs())
    for change in (gm.normal(1, 2, "USD"), gm.normal(1, 2, "USD") + gm.normal(1, 2, "USD")):
        values = model.with_(cost=change).sample(64)["cost"].values
        np.testing.assert_array_equal(values[0], values[2])
        assert np.isnan(values[1]).all()


def test_labels_of_its_own_stay() -> None:
    other = gm.constant({"x": 1, "y": 2}, "USD", dim="other")
    assert replacement(costs(), other).dims == other.dims
    assert replacement(gm.normal(0, 1), gm.normal(0, 2)).dims == ()
    with pytest.raises(UnitError, match="cannot convert hour to USD"):
        replacement(costs(), "5 hour")
    model = gm.Model(cost=costs(), double=costs() * 2)
    model = gm.Model(**model.quantities, total=model.quantities["cost"] + costs())
    with pytest.raises(DimensionError, match=r"test_overrides.py:\d+: dimension 'case' has labels"):
        model.with_(cost=gm.constant({"a": 3}, "USD", dim="case"))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), np.float64("nan")])
def test_what_is_not_finite_replaces_nothing(value: float) -> None:
    model = gm.Model(price=gm.normal(1, 2, "USD"))
    with pytest.raises(UsageError, match="price: (nan|inf) is no value; write a finite number"):
        model.with_(price=value)


def test_quantities_tell_themselves() -> None:
    price = gm.normal(1, 2, "USD")
    model = gm.Model(price=price, twice=2 * price)
    assert model.with_({price: 5}).sample(64, quantities="twice")["twice"].mean().value == 10
    assert list(model.sample(64, quantities=price)) == ["price"]
    with pytest.raises(UsageError, match="has no name in model"):
        model.with_({3 * price: 5})
    with pytest.raises(UsageError, match=r"test_overrides.py:\d+: 'price' is changed twice"):
        model.with_({price: 5, "price": 6})
    with pytest.raises(WrongKind, match="a quantity is given by its name, not by 3"):
        model.sample(64, quantities=[3])  # type: ignore[list-item]


def test_changes_are_seen_by_each_other() -> None:
    """What takes the place of one quantity is built from the others as they are changed."""
    b, c = gm.normal(1, 2), gm.normal(3, 4)
    a = 3 * b
    model = gm.Model(a=a, b=b, c=c)
    changed = model.with_({a: 2 * b, b: c + 1, c: 5}).sample(8)
    assert [changed[name].mean().value for name in "abc"] == [12, 6, 5]


def test_longer_cycles_are_told_too() -> None:
    a, b, c, d = (gm.constant(k, name=n) for k, n in enumerate("abcd"))
    model = gm.Model(a=a, b=b, c=c, d=d)
    with pytest.raises(ModelError, match="the changes of 'a' and 'b' and 'c' depend on each other"):
        model.with_({d: 2 * a, a: 2 * b, b: 2 * c, c: 2 * a})


@pytest.mark.parametrize("unit", ["percent", "permille", ""])
def test_a_share_is_a_share_in_every_unit(unit: str) -> None:
    # 3 of 10 is beta(4, 8), with the mean 1/3.
    scale = {"percent": 100.0, "permille": 1000.0, "": 1.0}[unit]
    both = gm.normal({"a": (1, 2), "b": (2, 4)}, dim="case", unit=unit)
    model = gm.Model(one=gm.normal(1, 2, unit), known=gm.constant(1, unit), both=both)
    run = model.with_(dict.fromkeys(model.quantities, "3 of 10")).sample(4096)
    means = [run["one"].mean(), run["known"].mean()]
    means += [each.mean() for each in run["both"].by_label.values()]
    assert [mean.value for mean in means] == pytest.approx([scale / 3.0] * 4, rel=1e-3)
    a, b = run["both"].values
    assert abs(np.corrcoef(a, b)[0, 1]) < 0.1  # each label has one of its own
    # On the old one's luck.
    before = model.sample(4096)["one"].values
    assert np.array_equal(np.argsort(before), np.argsort(run["one"].values))


def test_a_share_is_no_number_of_anything() -> None:
    model = gm.Model(price=gm.lognormal(5, 8, "USD"))
    with pytest.raises(GuessmodelError, match="price: cannot convert a plain number to USD"):
        model.with_(price="3 of 10")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (
            0.25,
            r"it is 1 or 0, yes or no, and not 0\.25; for another chance write",
        ),
        ("25%", r"for another chance write bernoulli\(0\.25\)"),
        ("5", r"and not 5; write 1 or 0"),
        (gm.constant(0.3), r"bernoulli\(0\.3\)"),
        ({"a": 1, "b": 0.5}, r"bernoulli\(0\.5\)"),
        ("3 of 10", r"draws of a beta are neither; write bernoulli\(0\.3\), or in Python"),
        (gm.uniform(0, 1), "draws of a uniform are neither"),
        ({"a": 1, "b": "normal(0 to 1)"}, "draws of a normal are neither"),
    ],
)
def test_what_is_yes_or_no_takes_no_number_between(value: object, text: str) -> None:
    """where(strike, ...) takes any number but 0 for a yes."""
    labelled = isinstance(value, dict)
    strike = gm.bernoulli(0.15, **({"dim": {"case": ["a", "b"]}} if labelled else {}))
    delay = gm.normal(2, 4)
    model = gm.Model(strike=strike, long=delay > 3, lost=gm.where(strike, delay, 0))
    with pytest.raises(UsageError, match=f"strike: .*{text}"):
        model.with_(strike=value)
    if not labelled:
        with pytest.raises(UsageError, match=f"long: .*{text}"):
            model.with_(long=value)


def test_what_is_yes_or_no_takes_yes_no_and_another_chance() -> None:
    model = gm.Model(strike=gm.bernoulli(0.15), sure=gm.constant(1))
    chance = gm.constant(0.75)
    for value, mean in (
        (1, 1.0),
        ("0", 0.0),
        ("bernoulli(25%)", 0.25),
        (gm.bernoulli(chance), 0.75),
        (gm.empirical([0, 0, 0, 1]), 0.25),
    ):
        assert model.with_(strike=value).sample(64)["strike"].mean().value == mean
    assert model.with_(sure=5).sample(64)["sure"].mean().value == 5.0  # it is a number
