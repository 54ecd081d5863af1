"""Unit arithmetic agrees with pint's own, and with the laws of a group up to conversion."""

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random

import pint
import pytest
from hypothesis import given
from hypothesis import strategies as st

import guessmodel as gm
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
from guessmodel.units.vocabulary import find, meaning

NAMES = """
USD cent token word node hour day year month s ms Hz kB GiB bit kWh J W percent million m km g
"""
POWERS = st.lists(
    st.tuples(st.sampled_from(NAMES.split()), st.sampled_from([-2, -1, 1, 2])),
    min_size=0,
    max_size=4,
)
LINES = Path(vocabulary.__file__).with_name("units.txt").read_text(encoding="utf-8").splitlines()
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


def test_every_word_means_exactly_what_pint_reads() -> None:
    """The one file is read twice, and resolved in whole numbers by both."""
    exact: pint.UnitRegistry[Fraction] = pint.UnitRegistry(None, non_int_type=Fraction)
    exact.load_definitions(LINES)
    words = set(exact)
    assert len(words) > 200
    for word in words:
        name = find(word)
        assert name == exact.get_name(word)
        scale, _ = exact.get_root_units(name)
        zero = getattr(exact._units[name].converter, "offset", 0)
        dimension = dict(exact.get_dimensionality(name))
        found = meaning(name)
        assert (found.scale, found.zero) == (scale, zero), word
        assert dict(found.dimension) == dimension, word


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
    if (a.is_plain or b.is_plain) and product in (a, b):
        return  # as it was written, be it as redundant as percent**2
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


# --- decimal numbers in all units ---------------------------------------------------------------

define("propertydozen", equals="12 token")
define("propertyshift", equals="7.5 hours")
define("propertyquarter", equals="3 months")
WORDS = [line.split(" =")[0] for line in LINES if line and line[0] != "#"]
ALL = [
    *(word for word in WORDS if not parse(word).is_absolute),
    "propertydozen",
    "propertyshift",
    "propertyquarter",
    "",
]
PAIRS = [(a, b) for a in ALL for b in ALL if a != b and compatible(parse(a), parse(b))]


@pytest.mark.parametrize("seed", range(2))
def test_quotients_and_comparisons_are_those_of_the_decimal_numbers(seed: int) -> None:
    """Against exact fractions, over all pairs of units that convert, but where 15 digits do not
    hold the quotient's terms."""
    random = Random(seed)
    quantities: dict[str, gm.Quantity] = {}
    expected: dict[str, object] = {}
    for a, b in PAIRS:
        y = Decimal(random.choice((random.randint(1, 9999), random.randint(1, 9)))).scaleb(
            -random.randint(0, 4)
        )
        ratio = exact_size(b) / exact_size(a)
        # Half of them as near to a whole number as decimal numbers of few digits come.
        x = Decimal(random.randint(1, 9999)).scaleb(-random.randint(0, 4))
        near = random.randint(1, 99) * Fraction(y) * ratio
        if random.random() < 0.5 and Fraction(f"{float(near):.6g}") == near:
            x = Decimal(f"{float(near):.6g}")
        quotient = Fraction(x) / (Fraction(y) * ratio)
        if max(quotient.numerator, quotient.denominator) > 10**15:
            continue
        p, q = gm.constant(float(x), a), gm.constant(float(y), b)
        left = Fraction(x) % (Fraction(y) * ratio)
        about = pytest.approx(float(left), abs=2e-15 * float(x))
        made: dict[str, tuple[gm.Quantity, object]] = {
            "//": (p // q, quotient // 1),
            "%": ((p % q).to(a), 0 if left == 0 else about),
            "floor": (gm.floor(p / q), quotient // 1),
            "ceil": (gm.ceil(p / q), -(-quotient // 1)),
            "round": (gm.round(p / q), round(quotient)),
            "==": (p == q, quotient == 1),
            "<": (p < q, quotient < 1),
            ">=": (p >= q, quotient >= 1),
            "there and back": (p == p.to(b), True),
        }
        for name, (quantity, value) in made.items():
            what = f"{x} {a} {name} {y} {b}"
            quantities[what], expected[what] = quantity, value
    assert len(quantities) > 3000
    simulation = gm.Model(quantities).sample(8)
    wrong = {
        name: (value, got)
        for name, value in expected.items()
        if (got := float(simulation[name].values[0])) != value
    }
    assert not wrong


def exact_size(name: str) -> Fraction:
    """In base units."""
    return meaning(name).scale if name else Fraction(1)
