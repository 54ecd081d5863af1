"""What drives an output, as text: no number with a reservation is shown without a mark."""

import math
from collections.abc import Iterator
from typing import Any

import pytest

import guessmodel as gm
from guessmodel.analysis.driver_texts import share_text
from guessmodel.estimators.estimate import Estimate


def mild() -> gm.Quantity:
    return gm.normal(1, 2, name="a") * gm.lognormal(1, 3, name="b")


def rare() -> gm.Quantity:
    return mild() + gm.bernoulli(0.003, name="w") * gm.lognormal(10, 40, name="c")


def heavy() -> gm.Quantity:
    return gm.lognormal(mu=0, sigma=2, name="a") * gm.lognormal(mu=0, sigma=1.8, name="b")


def estimates(entry: Any) -> Iterator[dict[str, Any]]:
    """All that is an estimate in JSON."""
    if isinstance(entry, dict):
        if "value" in entry:
            yield entry
        for each in entry.values():
            yield from estimates(each)


@pytest.mark.parametrize("make", [mild, rare, heavy])
def test_marks_stand_at_numbers_and_are_explained(make: Any) -> None:
    found = gm.Model(y=make()).sample(4096).sensitivity("y")
    given = [each for each in estimates(found.to_dict()["inputs"]) if each["value"] is not None]
    noted = [each for each in given if each.get("note") and not math.isnan(each["value"])]
    table = [text for row in found.cells()[1:] for text in row]
    assert sum(text.endswith(" !") for text in table) == len(noted)
    assert bool(noted) == any(line.startswith("! ") for line in found.notes())


def test_nothing_is_marked_without_need() -> None:
    total = gm.normal(1, 2, name="a") + gm.uniform(1, 3, name="b")
    found = gm.Model(y=total).sample(4096).sensitivity("y")
    assert "!" not in str(found)


@pytest.mark.parametrize("sd", [1e-5, 0.0001, 0.0202, 0.02236, 0.0224, 0.1, 1.0])
def test_a_share_that_is_not_nothing_is_not_told_as_none(sd: float) -> None:
    # Of a sum of normals the share of one is its part of the variance.
    small, large = gm.normal(mean=0, sd=sd), gm.normal(mean=0, sd=1)
    answer = gm.Model(small=small, large=large, both=small + large).sample(1024).sensitivity("both")
    share = sd**2 / (1 + sd**2)
    told = {row[0]: row[1] for row in answer.cells()[1:]}
    if share < 5e-4:
        assert told["small"] == "<0.1%"
    else:
        assert float(told["small"].strip("%")) / 100.0 == pytest.approx(share, rel=0.1)


@pytest.mark.parametrize(
    ("low", "value", "high", "told"),
    [
        (0.0, 0.0, 0.0, "0%"),  # none, for sure
        (4.1e-4, 4.1e-4, 4.1e-4, "<0.1%"),
        (-1e-4, 1e-4, 3e-4, "<0.1%"),
        (-3e-4, -1e-4, 1e-4, "<0.1%"),
        (6e-4, 6e-4, 6e-4, "0.06%"),
        (-0.001, 0.0004, 0.0018, "0.04 ± 0.14%"),
        (math.nan, math.nan, math.nan, "–"),
    ],
)
def test_shares_as_text(low: float, value: float, high: float, told: str) -> None:
    assert share_text(Estimate(value, low, high, "replicates")) == told
