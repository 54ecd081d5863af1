"""Choices and conditions that are decided, by hand."""

import guessmodel as gm
from guessmodel.estimators.folding import folded
from guessmodel.estimators.program import program_of
from guessmodel.graph.quantity import Constant, Quantity

YES, NO = gm.constant(1), gm.constant(0)
X = gm.normal(mean=0, sd=1)


def decided(quantity: Quantity) -> Quantity:
    return folded(quantity, program_of(gm.Model(y=quantity)).forms)


def test_choices_and_conditions() -> None:
    other = X > 1
    assert decided(gm.where(YES > 0, X, X + 1)) is X
    assert decided(gm.where(NO > 0, X + 1, X)) is X
    assert decided((YES > 0) & other) is other
    assert decided((NO > 0) | other) is other
    assert decided(gm.where((NO > 0) & other, X + 1, X)) is X
    assert decided(gm.where((YES > 0) | other, X, X + 1)) is X


def test_numbers_of_constants_are_one() -> None:
    found = decided(gm.constant(2, "USD") * 3 + gm.constant(1, "USD"))
    assert isinstance(found.operation, Constant)
    assert float(found.operation.value) == 7.0
    assert str(found.unit) == "USD"


def test_what_is_not_decided_stays() -> None:
    for quantity in (gm.where(X > 0, X, X + 1), (X > 0) & (X < 2), X * 2 + 1):
        assert decided(quantity) is quantity
    labelled = gm.where(gm.constant({"a": 1, "b": 0}, dim="i") > 0, X, X + 1)
    assert decided(labelled).dims == labelled.dims
