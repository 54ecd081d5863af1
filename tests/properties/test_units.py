"""Unit arithmetic agrees with pint's own, and with the laws of a group up to conversion."""

from fractions import Fraction
from pathlib import Path

import pint
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guessmodel.errors import UnitError
from guessmodel.units import (
    DIMENSIONLESS,
    Unit,
    compatible,
    define,
    divide,
    factor,
    multiply,
    parse,
    power,
    vocabulary,
)

NAMES = """
USD cent token word node hour day year month s ms Hz kB GiB bit kWh J W percent million m km g
"""
POWERS = st.lists(
    st.tuples(st.sampled_from(NAMES.split()), st.sampled_from([-2, -1, 1, 2])),
    min_size=0,
    max_size=4,
)
PINT: pint.UnitRegistry[float] = pint.UnitRegistry(Path(vocabulary.__file__).with_name("units.txt"))


def text(powers: list[tuple[str, int]]) -> str:
    return "*".join(f"{name}**({exponent})" for name, exponent in powers)


UNITS = POWERS.map(text).map(parse)


def size(unit: Unit) -> float:
    """The unit in base units, by pint."""
    return float(PINT.Quantity(1.0, str(unit) or "dimensionless").to_base_units().magnitude)


def same_dimension(a: Unit, b: Unit) -> bool:
    """By pint."""
    return bool(
        PINT.Unit(str(a) or "dimensionless").dimensionality
        == PINT.Unit(str(b) or "dimensionless").dimensionality
    )


@given(UNITS)
def test_units_print_and_read_back(unit: Unit) -> None:
    assert parse(str(unit)) == unit


@given(UNITS, UNITS)
def test_products_and_quotients_agree_with_pint(a: Unit, b: Unit) -> None:
    product, scale = multiply(a, b)
    assert scale * size(product) == pytest.approx(size(a) * size(b), rel=1e-12)
    quotient, scale = divide(a, b)
    assert scale * size(quotient) == pytest.approx(size(a) / size(b), rel=1e-12)


@given(UNITS, UNITS)
def test_no_two_units_of_a_product_measure_the_same(a: Unit, b: Unit) -> None:
    product, _ = multiply(a, b)
    if a.is_plain or b.is_plain:
        assert product in (a, b)
        return
    singles = [Unit(((name, 1),)) for name, _ in product.powers]
    for i, one in enumerate(singles):
        assert not one.is_dimensionless
        assert not any(compatible(one, other) for other in singles[:i])


@given(UNITS, st.sampled_from([-2.0, -1.0, -0.5, 0.0, 1 / 3, 0.5, 1.0, 2.0, 2.5]))
def test_powers_agree_with_pint(unit: Unit, exponent: float) -> None:
    result, scale = power(unit, exponent)
    assert scale * size(result) == pytest.approx(size(unit) ** exponent, rel=1e-9)


@given(UNITS, UNITS)
def test_conversion_agrees_with_pint(a: Unit, b: Unit) -> None:
    assert compatible(a, b) == same_dimension(a, b)
    assert a.is_dimensionless == same_dimension(a, DIMENSIONLESS)
    if compatible(a, b):
        assert factor(a, b) == pytest.approx(size(a) / size(b), rel=1e-12)
    else:
        with pytest.raises(UnitError, match=r"^cannot convert "):
            factor(a, b)


@given(UNITS, UNITS)
def test_the_order_of_operands_only_changes_the_unit(a: Unit, b: Unit) -> None:
    one, scale = multiply(a, b)
    other, reverse = multiply(b, a)
    assert scale * factor(one, other) == pytest.approx(reverse, rel=1e-12)


@given(UNITS)
def test_a_unit_divided_by_itself_is_plain(unit: Unit) -> None:
    assert divide(unit, unit) == (DIMENSIONLESS, 1.0)


@given(st.text(max_size=8), st.one_of(st.none(), st.text(max_size=12)))
def test_define_adds_a_word_or_refuses(name: str, equals: str | None) -> None:
    try:
        define(f"defined{name}", equals)
    except UnitError:
        return
    unit = parse(f"defined{name}")
    assert unit.powers == ((str(unit), 1),)
    assert power(unit, 2)[0].is_dimensionless == unit.is_dimensionless


@given(st.fractions(min_value=Fraction(1, 1000), max_value=1000).filter(lambda x: x != 1))
def test_exponents_survive_printing(exponent: Fraction) -> None:
    unit, _ = power(parse("USD"), float(exponent))
    assert float(parse(str(unit)).powers[0][1]) == pytest.approx(float(exponent), rel=1e-12)
