"""Quotients of polynomials in numbered atoms: arithmetic that sees what cancels.

A result of more than 512 terms is None: it is then looked at as one number.
"""

from __future__ import annotations

import math
from typing import NamedTuple, final

__all__ = [
    "ONE", "UNIT", "Atom", "Monomial", "Polynomial", "RationalFunction", "added", "along",
    "atoms_of", "divided", "inverse", "less", "multiplied", "number", "one", "put", "raised",
    "ratio", "scaled", "subtracted", "times", "without_common",
]  # fmt: skip

_TERMS = 512
_PRODUCTS = 1_024  # of terms, to be worked out for one step
_NOISE = 1e-12  # of what cancels: rounding

Atom = tuple[int, int]
"""The number of an atom, and what of it is meant: 0 itself, 1 its distance from its low end and 2
from its high end, as shares of the range between, or 3 the distance from a low end where there is
no high one."""
Monomial = tuple[tuple[Atom, float], ...]
Polynomial = dict[Monomial, float]

ONE: Monomial = ()
UNIT: Polynomial = {ONE: 1.0}


@final
class RationalFunction(NamedTuple):
    """A number as a quotient of two polynomials."""

    over: Polynomial
    under: Polynomial

    @property
    def constant(self) -> float | None:
        """The number that it is, if it depends on no atom."""
        if self.under != UNIT or self.over.keys() - {ONE}:
            return None
        return self.over.get(ONE, 0.0)

    @property
    def only(self) -> tuple[Monomial, float] | None:
        """The only term that it has, and its factor."""
        if self.under != UNIT or len(self.over) != 1:
            return None
        ((monomial, factor),) = self.over.items()
        return monomial, factor


def number(value: float) -> RationalFunction:
    """A number that is known."""
    return RationalFunction({ONE: value} if value else {}, UNIT)


def one(monomial: Monomial, factor: float, exponent: float) -> RationalFunction | None:
    """A single term, whose factor is raised."""
    try:
        return RationalFunction({monomial: factor**exponent}, UNIT)
    except OverflowError:
        return None


def added(x: RationalFunction, y: RationalFunction) -> RationalFunction | None:
    """x + y."""
    if x.under == y.under:
        return _form(sum_of(x.over, y.over), x.under)
    if len(x.over) * len(y.under) + len(y.over) * len(x.under) > _PRODUCTS:
        return None
    over = sum_of(product_of(x.over, y.under), product_of(y.over, x.under))
    return _form(over, product_of(x.under, y.under))


def less(x: RationalFunction, y: RationalFunction) -> RationalFunction | None:
    """x - y."""
    return added(x, RationalFunction(scaled(y.over, -1.0), y.under))


def multiplied(x: RationalFunction, y: RationalFunction) -> RationalFunction | None:
    """x · y."""
    if x.over == y.under:
        return RationalFunction(y.over, x.under)
    if x.under == y.over:
        return RationalFunction(x.over, y.under)
    if len(x.over) * len(y.over) + len(x.under) * len(y.under) > _PRODUCTS:
        return None
    return _form(product_of(x.over, y.over), product_of(x.under, y.under))


def divided(x: RationalFunction, y: RationalFunction) -> RationalFunction | None:
    """x / y; None where y is always 0."""
    if not y.over:
        return None
    if len(y.over) > 1:
        return multiplied(x, RationalFunction(y.under, y.over))
    ((monomial, factor),) = y.over.items()
    inverted = product_of(y.under, {inverse(monomial): 1.0 / factor})
    return multiplied(x, RationalFunction(inverted, UNIT))


def along(kind: str, operands: list[RationalFunction]) -> RationalFunction | None:
    """A sum, a mean or a product of several, by the name that it has along a dimension."""
    if kind == "mean":
        total = along("sum", operands)
        return total and multiplied(total, number(1.0 / len(operands)))
    step = {"sum": added, "cumsum": added, "prod": multiplied, "cumprod": multiplied}.get(kind)
    if step is None:
        return None
    total = operands[0]
    if step is added and all(operand.under == total.under for operand in operands):
        return _form(sum_of(*(operand.over for operand in operands)), total.under)
    for operand in operands[1:]:
        longer = step(total, operand)
        if longer is None:
            return None
        total = longer
    return total


def _form(over: Polynomial, under: Polynomial) -> RationalFunction | None:
    if max(len(over), len(under)) > _TERMS:
        return None
    finite = all(map(math.isfinite, over.values())) and all(map(math.isfinite, under.values()))
    return RationalFunction(over, under) if finite else None


def sum_of(*parts: Polynomial) -> Polynomial:
    """The sum of polynomials, without terms that cancel but for rounding."""
    found: Polynomial = {}
    sizes: Polynomial = {}
    for part in parts:
        for monomial, coefficient in part.items():
            found[monomial] = found.get(monomial, 0.0) + coefficient
            sizes[monomial] = sizes.get(monomial, 0.0) + abs(coefficient)
    return _without_noise(found, sizes)


def product_of(x: Polynomial, y: Polynomial) -> Polynomial:
    """The product of two polynomials, without terms that cancel but for rounding."""
    found: Polynomial = {}
    sizes: Polynomial = {}
    for a, p in x.items():
        for b, q in y.items():
            monomial = times(a, b)
            found[monomial] = found.get(monomial, 0.0) + p * q
            sizes[monomial] = sizes.get(monomial, 0.0) + abs(p * q)
    return _without_noise(found, sizes)


def _without_noise(found: Polynomial, sizes: Polynomial) -> Polynomial:
    """What is too large for a number stays, and is no form."""
    return {
        key: value
        for key, value in found.items()
        if abs(value) > _NOISE * sizes[key] or not math.isfinite(value)
    }


def scaled(x: Polynomial, by: float) -> Polynomial:
    """A polynomial times a number."""
    return {monomial: coefficient * by for monomial, coefficient in x.items()}


def times(a: Monomial, b: Monomial) -> Monomial:
    """The product of two monomials."""
    if not (a and b):
        return a or b
    exponents = dict(a)
    for atom, exponent in b:
        exponents[atom] = exponents.get(atom, 0.0) + exponent
    return tuple(sorted((atom, e) for atom, e in exponents.items() if e))


def inverse(a: Monomial) -> Monomial:
    """One over a monomial."""
    return tuple((atom, -exponent) for atom, exponent in a)


def raised(a: Monomial, exponent: float) -> Monomial:
    """A power of a monomial."""
    return tuple((atom, e * exponent) for atom, e in a if exponent)


def ratio(a: float, b: float) -> float:
    """a / b; 0 of nothing over nothing."""
    return a / b if b else math.copysign(math.inf, a) if a else 0.0


def atoms_of(polynomial: Polynomial) -> set[Atom]:
    """The atoms of all terms."""
    return {atom for monomial in polynomial for atom, _ in monomial}


def subtracted(polynomial: Polynomial) -> set[Atom]:
    """The atoms of terms that are taken away."""
    return atoms_of({monomial: c for monomial, c in polynomial.items() if c < 0.0})


def without_common(form: RationalFunction) -> RationalFunction:
    """The same without powers that all terms have, and with none below 0."""
    met: dict[Atom, tuple[int, float]] = {}
    for polynomial in form:
        for monomial in polynomial:
            for atom, exponent in monomial:
                times_met, least = met.get(atom, (0, 0.0 if exponent > 0.0 else exponent))
                met[atom] = times_met + 1, min(least, exponent)
    terms = len(form.over) + len(form.under)
    common = {atom: least for atom, (times_met, least) in met.items() if least < 0.0}
    for atom, (times_met, _) in met.items():
        if times_met == terms:
            common[atom] = min(
                e for each in form for monomial in each for a, e in monomial if a == atom
            )
    if not common:
        return form
    lifted = inverse(tuple(sorted(common.items())))
    return RationalFunction(*({times(m, lifted): c for m, c in each.items()} for each in form))


def put(
    polynomial: Polynomial, atom: Atom, ends: Polynomial, whole: Polynomial, degree: int
) -> Polynomial:
    """With `ends` in place of the atom, and `whole`, which is 1, up to the same degree."""
    powers: list[Polynomial] = []
    for exponent in range(degree + 1):
        power = UNIT
        for factor in [ends] * exponent + [whole] * (degree - exponent):
            power = product_of(power, factor)
        powers.append(power)
    found: Polynomial = {}
    sizes: Polynomial = {}
    for monomial, coefficient in polynomial.items():
        rest = tuple(each for each in monomial if each[0] != atom)
        for key, value in powers[int(dict(monomial).get(atom, 0.0))].items():
            term = times(rest, key)
            found[term] = found.get(term, 0.0) + coefficient * value
            sizes[term] = sizes.get(term, 0.0) + abs(coefficient * value)
    return _without_noise(found, sizes)
