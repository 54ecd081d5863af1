"""Arithmetic of quotients of polynomials, against the same with exact numbers."""

import math
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from guessmodel.estimators.tails.polynomials import (
    ONE,
    UNIT,
    Polynomial,
    RationalFunction,
    added,
    along,
    divided,
    less,
    multiplied,
    number,
    put,
    without_common,
)

VALUES = {(0, 0): Fraction(2), (1, 0): Fraction(3, 2), (2, 0): Fraction(5)}
VALUES |= {(0, 1): Fraction(1, 4), (0, 2): Fraction(3, 4)}  # shares of the range from 1 to 5


def polynomials(least: int) -> st.SearchStrategy[Polynomial]:
    """Of three atoms, with powers from `least` on."""
    monomials = st.builds(
        lambda exponents: tuple(((k, 0), float(e)) for k, e in enumerate(exponents) if e),
        st.tuples(*[st.integers(least, 2)] * 3),
    )
    return st.dictionaries(monomials, st.integers(1, 9).map(float), min_size=1, max_size=3)


_polynomials = polynomials(-2)
forms = st.builds(RationalFunction, _polynomials, st.one_of(st.just(UNIT), _polynomials))


def at(polynomial: Polynomial) -> Fraction:
    return sum(
        (
            Fraction(c) * math.prod((VALUES[atom] ** int(e) for atom, e in m), start=Fraction(1))
            for m, c in polynomial.items()
        ),
        Fraction(0),
    )


def value(form: RationalFunction | None) -> float:
    assert form is not None
    return float(at(form.over) / at(form.under))


@given(forms, forms)
@settings(max_examples=60, deadline=None)
def test_arithmetic(x: RationalFunction, y: RationalFunction) -> None:
    a, b = value(x), value(y)
    for found, expected in (
        (added(x, y), a + b),
        (less(x, y), a - b),
        (multiplied(x, y), a * b),
        (divided(x, y), a / b),
        (along("mean", [x, y, x]), (2 * a + b) / 3),
        (along("prod", [x, y]), a * b),
    ):
        assert math.isclose(value(found), expected, rel_tol=1e-9, abs_tol=1e-9 * (a + b))
    assert value(less(x, x)) == 0.0


@given(forms)
@settings(max_examples=60, deadline=None)
def test_common_powers_make_no_difference(x: RationalFunction) -> None:
    found = without_common(x)
    assert math.isclose(value(found), value(x), rel_tol=1e-9)
    terms = [dict(monomial) for each in found for monomial in each]
    for atom in VALUES:
        assert min(term.get(atom, 0.0) for term in terms) == 0.0


@given(polynomials(0))
@settings(max_examples=60, deadline=None)
def test_distances_from_the_ends_make_no_difference(polynomial: Polynomial) -> None:
    # The first atom is 2: between 1 and 5, a quarter of the way up.
    low, high = (((0, 1), 1.0),), (((0, 2), 1.0),)
    found = put(polynomial, (0, 0), {low: 5.0, high: 1.0}, {low: 1.0, high: 1.0}, 2)
    assert math.isclose(float(at(found)), float(at(polynomial)), rel_tol=1e-9)
    assert all(coefficient > 0.0 for coefficient in found.values())  # as all were


def test_what_cancels_is_gone() -> None:
    x = RationalFunction({(((0, 0), 1.0),): 1.0}, UNIT)
    share = divided(x, added(x, number(1.0)) or x)
    rest = less(number(1.0), share or x)
    assert share is not None and rest is not None
    assert divided(share, rest) == x  # the odds of x / (1 + x)
    assert less(less(number(1.0), number(0.7)) or x, number(0.3)) == RationalFunction({}, UNIT)
    assert number(2.0).constant == 2.0
    assert x.constant is None
    assert x.only == ((((0, 0), 1.0),), 1.0)
    assert RationalFunction({ONE: 1.0}, UNIT).only == (ONE, 1.0)


def test_too_many_terms_and_too_large_numbers_are_no_form() -> None:
    long = RationalFunction({(((k, 0), 1.0),): 1.0 for k in range(40)}, UNIT)
    assert multiplied(long, long) is None
    assert multiplied(number(1e200), number(1e200)) is None
