"""Unit rules: which units an operation takes, brings its operands to, and gives its result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from guessmodel import units
from guessmodel.errors import UnitError
from guessmodel.units import DIMENSIONLESS, Ratio, Unit

__all__ = [
    "Term",
    "UnitRule",
    "UnitSignature",
    "aligned",
    "comparison",
    "counted",
    "keep",
    "own",
    "plain",
    "power",
    "product",
    "quotient",
    "refuse_absolute",
    "root",
    "same",
    "to_number",
    "to_plain",
    "total",
    "unchanged",
    "whole_quotient",
]

_VERBS = {"+": "add", "-": "subtract"}
_FIT_ABSOLUTE = {"minimum", "maximum", "fmin", "fmax"}  # also of temperatures in degC


class Term(NamedTuple):
    """What a unit rule may know of an operand when the graph is wired."""

    unit: Unit
    constant: float | None  # value of an unlabelled constant, for exponents and the literal 0


class UnitSignature(NamedTuple):
    """The unit each operand is brought to before the operation, and the unit of the result."""

    operands: tuple[Unit, ...]
    unit: Unit
    factor: Ratio = 1.0  # the plain result times this is in `unit`


UnitRule = Callable[[str, Sequence[Term]], UnitSignature]
"""From the operation's name and the operands to the units."""


# --- pieces of rules ----------------------------------------------------------------------------


def aligned(terms: Sequence[Term], verb: str) -> tuple[tuple[Unit, ...], Unit]:
    """Bring all operands to the unit of the first that is not a literal 0, which fits any (but of
    temperatures, whose 0 depends on the unit); percent and the like beside a plain number to a
    plain number, whichever of them is first."""
    said = [term.unit for term in terms if not _is_zero(term)] or [terms[0].unit]
    lead = DIMENSIONLESS if DIMENSIONLESS in said else said[0]
    fits = not lead.is_absolute or len(said) == len(terms)
    if not fits or not all(units.compatible(unit, lead) for unit in said):
        shown = " and ".join(str(term.unit) or "a plain number" for term in terms)
        raise UnitError(f"cannot {verb} {shown}; {_instead(terms)}")
    return tuple(term.unit if _is_zero(term) else lead for term in terms), lead


def own(term: Term) -> Unit:
    """The unit that a number is counted in: percent, thousand and the like are plain numbers."""
    return DIMENSIONLESS if term.unit.is_dimensionless else term.unit


def refuse_absolute(term: Term, name: str) -> None:
    """Refuse a temperature in degC, whose zero is chosen: its absolute value, say, is nothing."""
    if term.unit.is_absolute:
        raise UnitError(
            f"cannot take {name} of {term.unit}, as its zero is not absolute; write "
            f'.to("kelvin"), or {units.difference(term.unit)} for a difference'
        )


def _instead(terms: Sequence[Term]) -> str:
    """What to write where units do not fit: a number that stands in the formula needs one."""
    written = next((t.constant for t in terms if t.unit == DIMENSIONLESS and t.constant), None)
    unit = next((term.unit for term in terms if term.unit != DIMENSIONLESS), None)
    if written is not None and unit is not None and not unit.is_absolute:
        if written == 1.0 and (missing := _missing_time(DIMENSIONLESS, unit)):
            return f"multiply the {unit} by a time, such as gm.constant(1, '{missing}')"
        return f"write gm.constant({written:.12g}, '{unit}') or check the wiring"
    first, second = terms[0].unit, terms[-1].unit
    missing = _missing_time(first, second) or _missing_time(second, first)
    if missing:
        way = f"a rate times gm.constant(1, '{missing}') is an amount"
        return f"{way}; convert one of them or check the wiring"
    return "convert one of them or check the wiring"


def _missing_time(amount: Unit, rate: Unit) -> str | None:
    """The time by which a rate is multiplied to become an amount, such as 'year'."""
    times = [name for name, exponent in rate.powers if exponent == -1 and _is_time(name)]
    if len(times) == 1 and units.compatible(units.multiply(rate, units.parse(times[0]))[0], amount):
        return times[0]
    return None


def _is_time(name: str) -> bool:
    return units.compatible(units.parse(name), units.parse("s"))


_OF_CONDITIONS = ("&", "|", "^", "~", "where")


def _is_zero(term: Term) -> bool:
    return term.constant == 0.0 and term.unit == DIMENSIONLESS


def plain(term: Term, name: str) -> Unit:
    """The unit of operands that have to be plain numbers."""
    if not term.unit.is_dimensionless:
        if name in _OF_CONDITIONS:
            raise UnitError(
                f"{name} needs a condition but got {term.unit}; compare it first, as in "
                f"q > gm.constant(5, '{term.unit}')"
            )
        way = '.to("kelvin")' if term.unit.is_absolute else ""
        unit = "kelvin" if way else term.unit
        raise UnitError(
            f"{name} needs a plain number but got {term.unit}; divide by a unit first, e.g. "
            f'quantity{way} / gm.constant(1, "{unit}")'
        )
    return DIMENSIONLESS


def unchanged(terms: Sequence[Term], unit: Unit, factor: Ratio = 1.0) -> UnitSignature:
    """Take the operands as they are."""
    return UnitSignature(tuple(term.unit for term in terms), unit, factor)


# --- rules --------------------------------------------------------------------------------------


def same(name: str, terms: Sequence[Term]) -> UnitSignature:
    """All in one unit."""
    if name not in _FIT_ABSOLUTE:
        for term in terms:
            refuse_absolute(term, name)
    return UnitSignature(*aligned(terms, f"take {name} of"))


def total(name: str, terms: Sequence[Term]) -> UnitSignature:
    """Sums and differences: all in one unit, but a temperature changes by differences only."""
    left, right = (term.unit for term in terms)
    if not left.is_absolute and not right.is_absolute:
        return UnitSignature(*aligned(terms, _VERBS[name]))
    if name == "-" and left.is_absolute and right.is_absolute:
        return UnitSignature((left, left), units.difference(left))
    place, step = (left, right) if left.is_absolute else (right, left)
    delta = units.difference(place)
    known = units.compatible(step, delta) and not units.compatible(step, place)
    if not known or (name == "-" and right.is_absolute):
        shown = f"{str(left) or 'a plain number'} and {str(right) or 'a plain number'}"
        raise UnitError(
            f"cannot {_VERBS[name]} {shown}: to {place} only a difference is added, counted in "
            f'{delta}; .to("kelvin") makes sums and means of temperatures'
        )
    return UnitSignature((left, delta) if left.is_absolute else (delta, right), place)


def comparison(_: str, terms: Sequence[Term]) -> UnitSignature:
    """All in one unit, and the result without."""
    return UnitSignature(aligned(terms, "compare")[0], DIMENSIONLESS)


def product(_: str, terms: Sequence[Term]) -> UnitSignature:
    """Units multiply."""
    return unchanged(terms, *units.multiply(terms[0].unit, terms[1].unit))


def quotient(_: str, terms: Sequence[Term]) -> UnitSignature:
    """Units divide."""
    return unchanged(terms, *units.divide(terms[0].unit, terms[1].unit))


def whole_quotient(name: str, terms: Sequence[Term]) -> UnitSignature:
    """Units divide, and their ratio is taken up before anything is counted."""
    dividend, divisor = terms[0].unit, terms[1].unit
    if units.compatible(dividend, divisor):
        refuse_absolute(terms[0], name)
        refuse_absolute(terms[1], name)
        return UnitSignature(aligned(terms, "divide")[0], DIMENSIONLESS)
    unit, factor = units.divide(dividend, divisor)
    if factor != 1:  # 10 USD // (50 cent/hour) counts hours: 1000 cent // (50 cent/hour)
        dividend = units.multiply(unit, divisor)[0]
        divisor = units.divide(dividend, unit)[0]
    return UnitSignature((dividend, divisor), unit)


def power(name: str, terms: Sequence[Term]) -> UnitSignature:
    """A unit is raised to a known exponent only."""
    base, exponent = terms
    number = plain(exponent, f"the exponent of {name}")
    if base.unit.is_dimensionless:
        return UnitSignature((DIMENSIONLESS, number), DIMENSIONLESS)
    if exponent.constant is None:
        raise UnitError(f"{base.unit} cannot be raised to an uncertain power; its unit would vary")
    power = units.conversion(exponent.unit, DIMENSIONLESS).apply(exponent.constant)
    unit, factor = units.power(base.unit, power)
    return UnitSignature((base.unit, number), unit, factor)


def root(exponent: float) -> UnitRule:
    """The unit is raised to an exponent of the function's own."""

    def rule(_: str, terms: Sequence[Term]) -> UnitSignature:
        return unchanged(terms, *units.power(terms[0].unit, exponent))

    return rule


def keep(name: str, terms: Sequence[Term]) -> UnitSignature:
    """The result has the operand's unit."""
    if name != "positive":
        refuse_absolute(terms[0], name)
    return unchanged(terms, terms[0].unit)


def counted(_: str, terms: Sequence[Term]) -> UnitSignature:
    """Whole numbers of the operand's unit, or plain ones where that is percent and the like."""
    unit = own(terms[0])
    return UnitSignature((unit,), unit)


def to_plain(name: str, terms: Sequence[Term]) -> UnitSignature:
    """Of plain numbers a plain number."""
    return UnitSignature(tuple(plain(t, name) for t in terms), DIMENSIONLESS)


def to_number(name: str, terms: Sequence[Term]) -> UnitSignature:
    """A result that has no unit, such as a sign."""
    if name == "sign":
        refuse_absolute(terms[0], name)
    return unchanged(terms, DIMENSIONLESS)
