"""Names with labels, as tables print them."""

import pytest

import guessmodel as gm
from guessmodel.errors import UsageError
from guessmodel.model.elements import listed, pick

SHARE = gm.constant({2024: 0.25, 2025: 0.75}, dim="year")
MODEL = gm.Model({"share": SHARE, "cost[a]": gm.normal(1, 2)})


def test_labels_are_those_of_the_dimension() -> None:
    assert pick(MODEL, "share") == ("share", {})
    assert pick(MODEL, "share[2025]") == ("share", {"year": 2025})
    assert pick(MODEL, "cost[a]") == ("cost[a]", {})  # a name of its own


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("share[2026]", "dimension 'year' has no label '2026'; it has 2024, 2025$"),
        ("share[1, 2]", "give one label a dimension; 'share' has year: 2$"),
        ("price[1]", "model has no quantity 'price"),
    ],
)
def test_what_is_not_there(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        pick(MODEL, text)


def test_long_lists_are_cut() -> None:
    assert listed(["a", "b"]) == "a, b"
    assert listed(list("abcdefghij")).endswith("h, …")
