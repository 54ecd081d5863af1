"""What bounds maxima, roots and rounded numbers, against the numbers themselves: |f| is within a
constant factor of its bounds over forty orders of magnitude."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guessmodel.estimators.tails.limits import LIMITED, Limits, limits
from guessmodel.estimators.tails.polynomials import (
    ONE,
    UNIT,
    Monomial,
    Polynomial,
    RationalFunction,
    number,
)

X, Y, Z = ((((k, 0), 1.0),) for k in range(3))
SQUARE = (((2, 0), 2.0),)
PRODUCT = (((0, 0), 1.0), ((1, 0), 1.0))
FORMS = ({X: 1.0}, {Y: 2.0}, {X: 1.0, Y: 3.0}, {SQUARE: 1.0, PRODUCT: 2.0}, {Z: 1.0, ONE: 4.0})
ONE_OPERAND = ("absolute", "fabs", "floor", "trunc", "ceil", "rint", "sqrt")
TWO_OPERANDS = ("maximum", "fmax", "hypot", "minimum", "fmin")
MOST = 5.0**3
"""Times: the coefficients of a form add up to 5 at most, and powers are at most 3."""

Values = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


def all_positive(polynomial: Polynomial) -> bool:
    return True


def not_known(polynomial: Polynomial) -> bool:
    return False


def draws(*, signed: bool) -> Values:
    """Of three atoms, spread over orders of magnitude independently."""
    rng = np.random.default_rng(1)
    sizes = 10.0 ** rng.uniform(-20.0, 20.0, (3, 4000))
    return sizes * rng.choice([-1.0, 1.0], sizes.shape) if signed else sizes


def of(monomial: Monomial, atoms: Values) -> Values:
    found = np.ones(atoms.shape[1])
    for (k, _), exponent in monomial:
        found = found * atoms[k] ** exponent
    return found


def value(polynomial: Polynomial, atoms: Values) -> Values:
    return np.sum([c * of(term, atoms) for term, c in polynomial.items()], axis=0)


def check(found: Limits | None, numbers: Values, atoms: Values) -> None:
    assert found is not None
    for terms in found.upper:
        whole = np.sum([np.abs(of(term, atoms)) for term in terms], axis=0)
        assert np.all(np.abs(numbers) <= MOST * whole)
    for terms in found.lower:
        for term in terms:
            assert np.all(MOST * np.abs(numbers) >= np.abs(of(term, atoms)))


polynomials = st.sampled_from(FORMS)


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize("name", ONE_OPERAND[:-1])
@given(polynomial=polynomials)
def test_functions_of_one_number(name: str, signed: bool, polynomial: Polynomial) -> None:
    atoms = draws(signed=signed)
    made = getattr(np, name)(value(polynomial, atoms))
    if signed and name in ("absolute", "fabs"):
        # Terms of either sign may cancel: the size is at most their sum, and no more is said.
        found = limits(name, [RationalFunction(polynomial, UNIT)], not_known)
        assert found is not None
        check(Limits(found.upper, []), made, atoms)
    else:
        signs = not_known if signed else all_positive
        check(limits(name, [RationalFunction(polynomial, UNIT)], signs), made, atoms)


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize("name", TWO_OPERANDS)
@given(one=polynomials, other=polynomials)
def test_functions_of_two_numbers(
    name: str, signed: bool, one: Polynomial, other: Polynomial
) -> None:
    atoms = draws(signed=signed)
    made = getattr(np, name)(value(one, atoms), value(other, atoms))
    is_positive = not_known if signed else all_positive
    check(
        limits(name, [RationalFunction(one, UNIT), RationalFunction(other, UNIT)], is_positive),
        made,
        atoms,
    )


@pytest.mark.parametrize("exponent", [0.25, 0.5, 1.5, 3.0])
@given(polynomial=polynomials)
def test_powers_of_positive_sums(exponent: float, polynomial: Polynomial) -> None:
    atoms = draws(signed=False)
    operands = [RationalFunction(polynomial, UNIT), number(exponent)]
    check(limits("power", operands, all_positive), value(polynomial, atoms) ** exponent, atoms)
    if exponent == 0.5:
        assert limits("sqrt", operands[:1], all_positive) == limits("power", operands, all_positive)


@given(one=polynomials, other=polynomials, signed=st.booleans())
def test_a_choice_is_at_most_all_that_it_chooses_among(
    one: Polynomial, other: Polynomial, signed: bool
) -> None:
    atoms = draws(signed=signed)
    made = np.where(atoms[0] > atoms[1], value(one, atoms), value(other, atoms))
    condition = RationalFunction({X: 1.0}, {Y: 1.0})  # what the condition is, is no matter
    operands = [condition, RationalFunction(one, UNIT), RationalFunction(other, UNIT)]
    check(limits("where", operands, not_known), made, atoms)


def test_bounds_are_as_sharp_as_can_be() -> None:
    """Of positive numbers: max is at least either, min at most either, and a ceiling is at least
    what it rounds up; of others min is no such bound, and a floor may be 1 below."""
    x, y = RationalFunction({X: 1.0}, UNIT), RationalFunction({Y: 1.0}, UNIT)
    assert limits("maximum", [x, y], all_positive) == Limits([[X, Y]], [[X], [Y]])
    assert limits("maximum", [x, y], not_known) == Limits([[X, Y]], [])
    assert limits("minimum", [x, y], all_positive) == Limits([[X], [Y]], [])
    assert limits("minimum", [x, y], not_known) == Limits([[X, Y]], [])
    assert limits("ceil", [x], all_positive) == Limits([[X, ONE]], [[X]])
    assert limits("floor", [x], all_positive) == Limits([[X]], [])
    assert limits("floor", [x], not_known) == Limits([[X, ONE]], [])


def test_of_what_nothing_is_known() -> None:
    x, share = RationalFunction({X: 1.0}, UNIT), RationalFunction({X: 1.0}, {X: 1.0, Y: 1.0})
    for name in LIMITED - {"power", "float_power", "sqrt"}:
        assert limits(name, [share, share], all_positive) is None
    assert limits("power", [x, number(-1.0)], all_positive) is None
    assert limits("power", [x, x], all_positive) is None
    assert limits("sqrt", [x], not_known) is None
    assert limits("exp", [x], all_positive) is None
