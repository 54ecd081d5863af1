"""Numbers that share draws, as quotients of polynomials: what cancels, and what bounds them.

Step by step, shares such as x / (x + y), odds of shares and 1 minus a weighted mean seem to have no
moments, for nothing is known of numbers that depend on each other. So a number is also written as
P / Q, polynomials in *atoms*: draws, and what is made of them otherwise than by arithmetic. A whole
Q of positive terms is at least each of them, so that every term of P may be divided by the one that
suits it best:

    |P / Q| <= sum over j of |p_j| M_j / (q_k M_k), with a k for each j.

A product of powers of atoms has moments of the orders that Hölder's inequality tells. Where a term
is subtracted, its atoms are written as (low a' + high a), where a' + a = 1 and both are positive.
The coefficients then are those of Bernstein's basis, and the smallest and largest p_k / q_k are
bounds of P / Q.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from itertools import combinations
from typing import final

import numpy as np

from guessmodel.estimators.tails.algebra import UNKNOWN, FallBounds, Tails, both, constant
from guessmodel.estimators.tails.algebra import times as product
from guessmodel.estimators.tails.functions import power
from guessmodel.estimators.tails.limits import limits, name_of
from guessmodel.estimators.tails.parts import apart, looked_through, near
from guessmodel.estimators.tails.polynomials import (
    ONE,
    UNIT,
    Atom,
    Monomial,
    Polynomial,
    RationalFunction,
    added,
    along,
    atoms_of,
    divided,
    inverse,
    less,
    multiplied,
    number,
    one,
    put,
    raised,
    ratio,
    scaled,
    subtracted,
    times,
    without_common,
)
from guessmodel.graph.along_dims import Accumulate, Reduce, Shift, Stack, Take
from guessmodel.graph.coordinates import Element
from guessmodel.graph.elementwise import Convert, Elementwise, Where
from guessmodel.graph.ends import BOUNDED, NONE, SUBEXPONENTIAL, Fall, Order
from guessmodel.graph.quantity import Constant

__all__ = ["RationalFunctions"]

_PAIRS = 256  # of terms of P and Q, or terms of both
_EXPANDED = 6  # atoms that are written as a' and a
_DEGREE = 4  # of an atom that is
_CHOICES = 12  # bounds tried for a term


@final
@dataclass(slots=True, eq=False)
class RationalFunctions:
    """Forms of quantities at their coordinates, and what they tell.

    Parameters
    ----------
    tails : those of all that the quantities depend on
    operands : what a quantity at a coordinate is made of
    """

    tails: Mapping[Element, Tails]
    operands: Callable[[Element], list[Element]]
    numbers: dict[Element, int] = field(default_factory=dict)
    atoms: list[Element] = field(default_factory=list)
    ends: dict[Atom, Tails] = field(default_factory=dict)
    strains: dict[tuple[Atom, float], float] = field(default_factory=dict)
    inside: set[Element] = field(default_factory=set)
    written: dict[Element, RationalFunction] = field(default_factory=dict)

    def better(self, element: Element, found: Tails) -> Tails:
        """What is known of a quantity step by step, together with what its form tells: first with
        parts as atoms that share no draw with the rest, then in full."""
        inside = near(element, self.operands)
        whole = inside - apart(element, inside, self.tails, self.operands)
        for self.inside in [whole, inside] if len(whole) < len(inside) else [inside]:
            self.written = {}
            form = self._expression(element)
            told = None if form is None else self._told(form)
            found = found if told is None else both(found, told)
            if found.tail_index.least == found.zero.least == math.inf:
                break
        return found

    # --- writing -----------------------------------------------------------------------------

    def _of(self, element: Element) -> RationalFunction:
        found = self.written.get(element)
        if found is None:
            constant = isinstance(element.node.operation, Constant)
            made = self._expression(element) if constant or element in self.inside else None
            found = self.written[element] = self._atom(element) if made is None else made
        return found

    def _atom(self, element: Element) -> RationalFunction:
        number = self.numbers.setdefault(element, len(self.atoms))
        if number == len(self.atoms):
            self.atoms.append(element)
        return RationalFunction({(((number, 0), 1.0),): 1.0}, UNIT)

    def _expression(self, element: Element) -> RationalFunction | None:
        operation = element.node.operation
        if isinstance(operation, Constant):
            value = float(operation.value[element.position])
            return number(value) if math.isfinite(value) else None
        if not looked_through(operation):
            return None
        operands = [self._of(operand) for operand in self.operands(element)]
        if not operands:
            return None
        if isinstance(operation, Take | Stack | Shift):
            return operands[0]
        if isinstance(operation, Convert):
            converted = multiplied(operands[0], number(operation.conversion.factor))
            return converted and added(converted, number(operation.conversion.shift))
        if isinstance(operation, Reduce | Accumulate):
            return along(operation.kind, operands)
        assert isinstance(operation, Elementwise)
        return _ARITHMETIC[operation.ufunc](self, *operands)

    def _power(self, x: RationalFunction, exponent: RationalFunction) -> RationalFunction | None:
        return None if exponent.constant is None else self._raised(x, exponent.constant)

    def _raised(self, x: RationalFunction, exponent: float) -> RationalFunction | None:
        if x.only is not None:
            monomial, factor = x.only
            whole = exponent == round(exponent)
            if whole or (factor > 0.0 and self._all_positive(monomial)):
                return one(raised(monomial, exponent), factor, exponent)
        if exponent < 0.0:
            up = self._raised(x, -exponent)
            return up and divided(number(1.0), up)
        if exponent in (2.0, 3.0):
            found = multiplied(x, x)
            return multiplied(found, x) if found and exponent == 3.0 else found
        return None

    # --- reading -----------------------------------------------------------------------------

    def _told(self, form: RationalFunction) -> Tails | None:
        """Tails of a quantity with this form; None where it tells nothing."""
        if not form.over:
            return constant(0.0)
        if form.only is not None:
            monomial, coefficient = form.only
            parts = [power(self._at(atom), e) for atom, e in monomial]
            exact = product(reduce(product, parts, constant(1.0)), constant(coefficient))
            if exact.tail_index.least == exact.tail_index.most:
                return exact
            found = self._positive_whole(form)
            return exact if found is None else both(exact, found)
        return self._positive_whole(form)

    def _positive_whole(self, form: RationalFunction) -> Tails | None:
        """The same where all terms of Q are positive, once its atoms are written so."""
        told = None
        over, under = without_common(form)
        for sign in (1.0, -1.0):
            over, under = scaled(over, sign), scaled(under, sign)
            taken, every = subtracted(under), atoms_of(over) | atoms_of(under)
            for chosen in dict.fromkeys(map(frozenset, (taken, taken | subtracted(over), every))):
                expanded = self._expanded(over, under, chosen)
                found = expanded and self._read(*expanded, chosen)
                if found is not None:
                    told = found if told is None else both(told, found)
            if told is not None:
                return told
        return None

    def _read(self, over: Polynomial, under: Polynomial, chosen: frozenset[Atom]) -> Tails | None:
        """Tails of P / Q; None unless Q is one term or all of its terms are positive."""
        if sum(under.values()) <= 0.0 or not (len(under) == 1 or self._positive(under)):
            return None
        if len(over.keys() - under.keys()) * len(under) > _PAIRS:
            return None
        low, high = -math.inf, math.inf
        if all(self._all_positive(monomial) for monomial in over.keys() | under.keys()):
            ratios = [
                ratio(over.get(monomial, 0.0), under.get(monomial, 0.0))
                for monomial in over.keys() | under.keys()
            ]
            low, high = min(ratios), max(ratios)
        # A range without what is beyond with a probability of 1e-16 is no bound of what grows.
        bounded = BOUNDED if all(_is_bounded(self._at(atom)) for atom in chosen) else SUBEXPONENTIAL
        side = 1.0 if self._positive(under) else 0.0
        up = self._index(over, under, side) if high == math.inf else math.inf
        down = self._index(over, under, -side) if low == -math.inf else math.inf
        zero = UNKNOWN
        if low > 0.0 or high < 0.0:
            zero = NONE
        elif len(over) == 1 or self._positive(over) or self._positive(scaled(over, -1.0)):
            zero = Order(self._index(under, over, 0.0), math.inf)
        draws = 0
        for atom in atoms_of(over) | atoms_of(under):
            draws |= self._at(atom).draws
        return Tails(
            low,
            high,
            FallBounds(bounded if high < math.inf else Fall(up, 0.0), BOUNDED),
            FallBounds(bounded if low > -math.inf else Fall(down, 0.0), BOUNDED),
            at_low=zero if low == 0.0 else UNKNOWN,
            at_high=zero if high == 0.0 else UNKNOWN,
            zero=zero,
            draws=draws,
        )

    def _index(self, over: Polynomial, under: Polynomial, side: float) -> float:
        """Moments of orders below exist of the part of P / Q that is above 0 (side 1), below (-1),
        or of both (0)."""
        least = math.inf
        below = [bound for monomial in under for bound in self._below(monomial)]
        if len(below) <= _CHOICES:  # a sum is also at least the geometric mean of two of its terms
            below += [raised(times(a, b), 0.5) for a, b in combinations(below, 2)]
        for monomial, coefficient in over.items():
            if monomial in under or (coefficient * side < 0.0 and self._all_positive(monomial)):
                continue
            best = 0.0
            for bound in self._above(monomial):
                best = max(best, min((self._best(term, below) for term in bound), default=math.inf))
                if best == math.inf:
                    break
            least = min(least, best)
        return least

    def _best(self, term: Monomial, below: list[Monomial]) -> float:
        best = 0.0
        for bound in below:
            best = max(best, self._moments(times(term, inverse(bound))))
            if best == math.inf:
                break
        return best

    def _moments(self, monomial: Monomial) -> float:
        """Moments of orders below exist of a product of powers: of those that share draws by
        Hölder's inequality, and the least of independent ones."""
        groups: list[tuple[int, float]] = []
        for atom, exponent in monomial:
            total = self._strain(atom, exponent)
            if not total:
                continue
            draws = self._at(atom).draws
            apart = []
            for other, sum_of_other in groups:
                if other & draws:
                    draws, total = other | draws, total + sum_of_other
                else:
                    apart.append((other, sum_of_other))
            groups = [*apart, (draws, total)]
        return min((1.0 / total for _, total in groups), default=math.inf)

    def _strain(self, atom: Atom, exponent: float) -> float:
        """One over the order from which on moments of a power may not exist."""
        found = self.strains.get((atom, exponent))
        if found is None:
            found = self.strains[atom, exponent] = self._new_strain(atom, exponent)
        return found

    def _new_strain(self, atom: Atom, exponent: float) -> float:
        tails = self._at(atom)
        if exponent > 0.0:
            order = tails.tail_index.least
        else:  # where X may be 0 itself, what is divided by it may be divided by more than it
            order = tails.zero.least if tails.almost_never_0 else 0.0
        return abs(exponent) / order if order else math.inf

    def _at(self, atom: Atom) -> Tails:
        found = self.ends.get(atom)
        if found is None:
            found = self.ends[atom] = self._new_end(atom)
        return found

    def _new_end(self, atom: Atom) -> Tails:
        tails, part = self.tails[self.atoms[atom[0]]], atom[1]
        if not part:
            return tails
        if part == 3:
            return tails._replace(low=0.0, zero=_edge(tails, tails.low, tails.at_low), dense=False)
        end, order = (tails.low, tails.at_low) if part == 1 else (tails.high, tails.at_high)
        return Tails(0.0, 1.0, zero=_edge(tails, end, order), dense=tails.dense, draws=tails.draws)

    def _all_positive(self, monomial: Monomial) -> bool:
        return all(e % 2.0 == 0.0 or self._at(atom).low >= 0.0 for atom, e in monomial)

    def _positive(self, polynomial: Polynomial) -> bool:
        return all(
            coefficient > 0.0 and self._all_positive(monomial)
            for monomial, coefficient in polynomial.items()
        )

    # --- bounds of single terms --------------------------------------------------------------

    def _above(self, monomial: Monomial) -> list[list[Monomial]]:
        """Sums of terms, each of which is at least as large, but for a constant factor."""
        found = [[monomial]]
        for place, (atom, exponent) in enumerate(monomial):
            rest = monomial[:place] + monomial[place + 1 :]
            if exponent > 0.0 and not atom[1]:
                found += [
                    [times(rest, raised(term, exponent)) for term in bound]
                    for bound in self._limits(atom, upper=True)
                ]
        return found[:_CHOICES]

    def _below(self, monomial: Monomial) -> list[Monomial]:
        """Terms that are at most as large, but for constant factors."""
        found = [monomial]
        for place, (atom, exponent) in enumerate(monomial):
            rest = monomial[:place] + monomial[place + 1 :]
            if exponent > 0.0 and not atom[1]:
                bounds = self._limits(atom, upper=False)
                found += [times(rest, raised(term, exponent)) for bound in bounds for term in bound]
        return found[:_CHOICES]

    def _limits(self, atom: Atom, *, upper: bool) -> list[list[Monomial]]:
        element = self.atoms[atom[0]]
        operation = element.node.operation
        if not isinstance(operation, Elementwise | Where):
            return []
        operands = [self._of(operand) for operand in self.operands(element)]
        found = limits(name_of(operation), operands, self._positive)
        return [] if found is None else found.upper if upper else found.lower

    # --- distances from the ends ----------------------------------------------------------------

    def _expanded(
        self, over: Polynomial, under: Polynomial, chosen: frozenset[Atom]
    ) -> tuple[Polynomial, Polynomial] | None:
        """The same with atoms written by their distances from both ends, where they have any."""
        if len(chosen) > _EXPANDED:
            return None
        for atom in chosen:
            tails = self._at(atom)
            terms = over.keys() | under.keys()
            powers = {e for term in terms for a, e in term if a == atom}
            light = tails.up.least.power == tails.down.least.power == math.inf
            if not powers or any(e != round(e) for e in powers) or not math.isfinite(tails.low):
                continue
            if light and math.isfinite(tails.high):
                low, high = (((atom[0], 1), 1.0),), (((atom[0], 2), 1.0),)
                ends: Polynomial = {low: tails.high, high: tails.low}
                whole: Polynomial = {low: 1.0, high: 1.0}
            elif tails.down.least.power == math.inf:
                ends, whole = {(((atom[0], 3), 1.0),): 1.0, ONE: tails.low}, UNIT
            else:
                continue
            degree = int(max(powers))
            if degree > _DEGREE or len(terms) << degree > _PAIRS:
                return None
            over, under = (put(each, atom, ends, whole, degree) for each in (over, under))
        return over, under


def _is_bounded(tails: Tails) -> bool:
    return tails.up.least.bounded and tails.down.least.bounded


def _edge(tails: Tails, end: float, order: Order) -> Order:
    if end == 0.0:
        return tails.zero if tails.dense else UNKNOWN
    return order if tails.dense else UNKNOWN


_ARITHMETIC: Mapping[np.ufunc, Callable[..., RationalFunction | None]] = {
    np.add: lambda _, x, y: added(x, y),
    np.subtract: lambda _, x, y: less(x, y),
    np.multiply: lambda _, x, y: multiplied(x, y),
    np.divide: lambda _, x, y: divided(x, y),
    np.negative: lambda _, x: RationalFunction(scaled(x.over, -1.0), x.under),
    np.positive: lambda _, x: x,
    np.reciprocal: lambda _, x: divided(number(1.0), x),
    np.square: lambda forms, x: forms._raised(x, 2.0),
    np.sqrt: lambda forms, x: forms._raised(x, 0.5),
    np.power: lambda forms, x, y: forms._power(x, y),
    np.float_power: lambda forms, x, y: forms._power(x, y),
}
