"""Terms of sums, each with its factor."""

from collections.abc import Callable

import pytest

import guessmodel as gm
from guessmodel.estimators.by_parts.summands import summands
from guessmodel.graph.coordinates import Element


@pytest.mark.parametrize(
    ("build", "factors"),
    [
        (lambda a, b: a + b, [1.0, 1.0]),
        (lambda a, b: a - b, [1.0, -1.0]),
        (lambda a, b: -a, [-1.0]),
        (lambda a, b: 3 * a, [3.0]),
        (lambda a, b: a * 3, [3.0]),
        (lambda a, b: a * b, None),
        (lambda a, b: a / 3, None),
        (lambda a, b: gm.exp(a), None),
        (lambda a, b: gm.maximum(a, b), None),
    ],
)
def test_terms_by_operation(
    build: Callable[[gm.Quantity, gm.Quantity], gm.Quantity], factors: list[float] | None
) -> None:
    a, b = gm.uniform(0, 1), gm.exponential(mean=1)
    found = summands(Element(build(a, b), ()))
    assert (None if found is None else [factor for _, factor in found]) == factors
    if found is not None:
        assert [term.node for term, _ in found] == [a, b][: len(found)]


def test_terms_over_labels_and_of_units() -> None:
    a = gm.uniform(0, 1, "km", dim={"k": range(3)})
    total = summands(Element(a.sum("k"), ()))
    assert total is not None
    assert [(term.node, term.position, factor) for term, factor in total] == [
        (a, (k,), 1.0) for k in range(3)
    ]
    assert summands(Element(a.max("k"), ())) is None
    one = summands(Element(a.sel(k=1), ()))
    assert one == [(Element(a, (1,)), 1.0)]
    metres = summands(Element(a.to("m"), (2,)))
    assert metres == [(Element(a, (2,)), 1000.0)]
    warm = gm.uniform(10, 20, "degC").to("kelvin")
    assert summands(Element(warm, ())) is None
