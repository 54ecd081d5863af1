"""What drives an output, as text: no number with a reservation is shown without a mark."""

import math
from collections.abc import Iterator
from typing import Any

import pytest

import guessmodel as gm


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
