"""Labelled quantities of which some labels are changed."""

from __future__ import annotations

import numpy as np
import pytest

import guessmodel as gm
from guessmodel.errors import DimensionError, UsageError


def model() -> gm.Model:
    cost = gm.lognormal({"a": (1, 2), "b": (3, 4), "c": None}, dim="case", unit="USD")
    fee = gm.constant({"a": 1, "b": 2}, "USD", dim="case")
    both = gm.normal(gm.constant({2024: 1, 2025: 2}, dim="year"), 5, dim={"case": ["a", "b"]})
    return gm.Model(cost=cost, fee=fee, both=both, total=cost.sum("case"))


def test_a_constant_stays_a_constant() -> None:
    changed = model().with_({"fee[b]": "300 cent"})
    assert changed.quantities["fee"].kind == "constant"
    found = changed.sample(8)["fee"].by_label
    assert [found[case].mean().value for case in "ab"] == [1, 3]


@pytest.mark.parametrize("method", ["nets", "lhs", "random"])
@pytest.mark.parametrize("text", ["2 to 9 USD", "gamma(2 to 9 USD)", "250 to 900 cent", "7 USD"])
def test_one_label_moves_no_other(text: str, method: str) -> None:
    models = model(), model().with_({"cost[b]": text})
    before, after = (m.sample(512, method=method)["cost"].values for m in models)
    np.testing.assert_array_equal(after[0], before[0])
    assert np.isnan(after[2]).all()
    assert (np.diff(after[1][np.argsort(before[1])]) >= 0).all()


def test_a_range_keeps_the_family_and_the_closed_form() -> None:
    changed = model().with_({"cost[b]": "2 to 9 USD"})
    assert changed.quantities["cost"].kind == "draw"
    low, high = changed.sample(8)["cost"].sel(case="b").interval()
    assert (low.value, high.value) == pytest.approx((2, 9))
    assert low.is_exact
    with pytest.raises(gm.GuessmodelError, match=r"(?s)cost: .*write normal\(0 to 9"):
        model().with_({"cost[a]": "0 to 9 USD"})


def test_draws_in_place_of_constants_do_not_depend_on_each_other() -> None:
    one = model().with_({"fee[b]": "3 to 5 USD"})
    two = model().with_({"fee[a]": "uniform(0.2, 0.4)", "fee[b]": "3 to 5 USD"})
    rows = [m.sample(512)["fee"].values for m in (one, two)]
    np.testing.assert_array_equal(rows[0][1], rows[1][1])
    assert set(rows[0][0]) == {1.0}
    assert abs(np.corrcoef(rows[1])[0, 1]) < 0.2


def test_two_dimensions() -> None:
    changed = model().with_({"both[2024, b]": 7}).sample(64)["both"]
    assert changed.sel(year=2024, case="b").mean().value == 7
    assert changed.sel(year=2025, case="b").mean().value != 7
    same = model().with_(both={(2024, "b"): 7, (2025, "a"): 8}).sample(64)["both"]
    assert same.sel(year=2025, case="a").mean().value == 8


def test_a_label_is_on_top_of_the_whole() -> None:
    for changes in ({"fee": 9, "fee[a]": 3}, {"fee[a]": 3, "fee": 9}):
        found = model().with_(changes).sample(8)["fee"].by_label
        assert [found[case].mean().value for case in "ab"] == [3, 9]


def test_quantities_stand_at_a_label() -> None:
    base = model()
    changed = base.with_({"cost[a]": base.quantities["fee"].sel(case="b") * 2}).sample(8)["cost"]
    assert changed.sel(case="a").mean().value == 4


@pytest.mark.parametrize(
    ("changes", "kind", "message"),
    [
        ({"fee[x]": 3}, UsageError, "'case' has no label 'x'; it has a, b"),
        ({"fee": {"x": 3}}, DimensionError, "'case' has no label 'x'"),
        ({"both": {"a": 3}}, UsageError, "both: give one label a dimension; it has"),
        ({"both[2024]": 3}, UsageError, "give one label a dimension"),
        ({"cost[c]": 3}, DimensionError, r"cost: it is not applicable at \[c\], where nothing"),
        ({"fee[a]": 3, "fee": {"a": 4}}, UsageError, "'fee' is changed twice"),
        ({"nothing[a]": 3}, UsageError, "no quantity 'nothing"),
        ({"fee[a]": "3 hour"}, gm.GuessmodelError, "fee: cannot convert hour to USD"),
    ],
)
def test_refusals(changes: dict[str, object], kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message) as raised:
        model().with_(changes)
    assert "test_parts.py:" in str(raised.value)
