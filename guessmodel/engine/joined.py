"""Conditions that hold together, though no `&` says so: `where(a, where(b, x, y), z)`, `a * b * x`.

Each by itself may be met often, and all of them hardly ever. Here they become one condition, which
tells how far all of them are from being met. And the largest along some labels becomes that of one
and another, which tells how far each is from being it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import reduce
from operator import mul
from typing import Final

import numpy as np

from guessmodel.engine.conditions import is_condition
from guessmodel.errors import GuessmodelError
from guessmodel.graph.along_dims import Reduce
from guessmodel.graph.dims import find
from guessmodel.graph.elementwise import Apply, Convert, Elementwise, Where, elementwise
from guessmodel.graph.kinds import is_indicator
from guessmodel.graph.number_in import number_node
from guessmodel.graph.operation import Operation, Pointwise
from guessmodel.graph.quantity import Constant, Quantity, wire
from guessmodel.graph.traversal import ancestors, remade, rewired

__all__ = ["joined"]

_DEPTH: Final = 8  # operations between two conditions, and factors of a product
_EACH: Final = 16  # cases of a choice,
_CASES: Final = 64  # and of all
_MOST: Final = 1 << 11  # quantities of a model, beyond which it stays as it is


def joined(quantities: Mapping[str, Quantity]) -> Mapping[str, Quantity]:
    """The same quantities, of conditions that say themselves with which others they are met."""
    for change in (_extremes, _products, _choices):
        if len(order := ancestors(quantities.values())) > _MOST:
            return quantities
        changed = change(order)
        quantities = {name: changed[quantity] for name, quantity in quantities.items()}
    return quantities


def _is_choice(node: Quantity) -> bool:
    chooses = isinstance(node.operation, Where) and not node.categories
    return chooses and is_condition(node.operands[0])


def _is_product(node: Quantity) -> bool:
    return isinstance(node.operation, Elementwise) and node.operation.ufunc is np.multiply


# --- extremes -------------------------------------------------------------------------------------


def _extremes(order: Sequence[Quantity]) -> Mapping[Quantity, Quantity]:
    """Of quantities the same, with the largest or smallest along a few labels taken one by one: a
    label that hardly ever has it is then an operand that hardly ever is."""
    changed: dict[Quantity, Quantity] = {}
    for node in order:
        operation = node.operation
        if not isinstance(operation, Reduce) or operation.kind not in ("max", "min"):
            continue
        (operand,) = node.operands
        labels = len(operand.dims[find(operand.dims, operation.dim)])
        plain = operand.axes.mask is None and not node.categories
        if labels <= _EACH and plain and not is_indicator(operand):
            each = [operand.isel(**{operation.dim: k}) for k in range(labels)]
            function = elementwise(np.maximum if operation.kind == "max" else np.minimum)
            whole = reduce(lambda one, other: wire(function, one, other), each)
            if whole.dims == node.dims:
                changed[node] = whole
    return rewired(order, changed)


# --- products -------------------------------------------------------------------------------------


def _products(order: Sequence[Quantity]) -> Mapping[Quantity, Quantity]:
    """Of quantities, each after its operands, the same with products joined."""
    new: dict[Quantity, Quantity] = {}
    for node in order:
        new[node] = remade(node, tuple(new[x] for x in node.operands))
        if _is_product(node):
            # Units may know no such product.
            with suppress(GuessmodelError):
                new[node] = _product(node, new)
    return new


def _product(node: Quantity, new: Mapping[Quantity, Quantity]) -> Quantity:
    """A product; if several factors are 0 unless something holds, it is 0 unless all of it does."""
    factors: list[Quantity] = []
    left = [node]
    while left:
        factor = left.pop()
        if _is_product(factor) and len(factors) + len(left) < _DEPTH:
            left += factor.operands
        else:
            factors.append(new[factor])
    gates = [(factor, _gate(factor)) for factor in factors]
    conditions = [gate[0] for _, gate in gates if gate is not None]
    if len(conditions) < 2:
        return new[node]
    together = reduce(_and, conditions)
    values = [gate[1] for _, gate in gates if gate is not None and gate[1] is not None]
    rest = [factor for factor, gate in gates if gate is None]
    whole = together
    if values:
        value = reduce(mul, values)
        whole = wire(Where(), together, value, number_node(0.0, value.unit, node.location))
    whole = reduce(mul, rest, whole)
    return whole if whole.unit == node.unit and whole.dims == node.dims else new[node]


def _gate(factor: Quantity) -> tuple[Quantity, Quantity | None] | None:
    """What must hold for a factor not to be 0, and what it is then; None for 1."""
    if is_condition(factor):
        return factor, None
    if _is_choice(factor) and _is_zero(factor.operands[2]):
        return factor.operands[0], factor.operands[1]
    operation = factor.operation
    if isinstance(operation, Elementwise) and operation.ufunc is np.maximum:
        for value, zero in (factor.operands, factor.operands[::-1]):
            if _is_zero(zero):
                return wire(elementwise(np.greater), value, zero), value
    return _gate_within(factor)


def _gate_within(factor: Quantity) -> tuple[Quantity, Quantity] | None:
    """The same of what is 0 where its operand is, as a root, an absolute value and a quotient."""
    operation, operands = factor.operation, factor.operands
    if isinstance(operation, Elementwise):
        keeps = _keeps_zero(operation.ufunc, operands)
    else:
        keeps = isinstance(operation, Convert) and operation.conversion.shift == 0.0
    if not keeps:
        return None
    assert isinstance(operation, Operation)
    gate = _gate(operands[0])
    if gate is None or gate[1] is None:
        return None
    return gate[0], wire(operation, gate[1], *operands[1:])


def _keeps_zero(ufunc: np.ufunc, operands: Sequence[Quantity]) -> bool:
    if len(operands) == 1:
        with np.errstate(all="ignore"):
            return ufunc.nin == 1 and bool(ufunc(0.0) == 0.0)
    if ufunc in (np.power, np.float_power):
        exponent = operands[1].operation
        return isinstance(exponent, Constant) and bool(np.all(exponent.value > 0.0))
    return ufunc is np.divide


def _is_zero(node: Quantity) -> bool:
    return isinstance(node.operation, Constant) and not np.any(node.operation.value)


# --- choices within choices -----------------------------------------------------------------------


def _choices(order: Sequence[Quantity]) -> Mapping[Quantity, Quantity]:
    """Of quantities the same, with choices joined that others are made of."""
    changed: dict[Quantity, Quantity] = {}
    left = _CASES
    for node in order:
        if left > 0 and _is_choice(node):
            # Labels may not fit.
            with suppress(GuessmodelError):
                cases = _cases(node)
                whole = _chosen(cases)
                if len(cases) > 2 and whole.dims == node.dims:
                    changed[node] = whole
                    left -= len(cases)
    return rewired(order, changed)


_Case = tuple[Quantity, Quantity]
"""A condition, and what a choice is where it holds."""


def _cases(choice: Quantity) -> list[_Case]:
    """All of a choice, of which no two happen together."""
    condition, one, other = choice.operands
    cases, done = [(condition, one), (_not(condition), other)], list[_Case]()
    while cases:
        together, value = cases.pop(0)
        inner = _within(value) if len(cases) + len(done) < _EACH else None
        if inner is None:
            done.append((together, value))
            continue
        own, first, second = inner.operands
        for holds, taken in ((own, first), (_not(own), second)):
            cases.append((_and(together, holds), rewired([value], {inner: taken})[value]))
    return done


def _chosen(cases: Sequence[_Case]) -> Quantity:
    """A choice between cases. One of constants that are the same is what is left of all others."""
    constants = [value for _, value in cases if isinstance(value.operation, Constant)]
    whole = (constants or [cases[-1][1]])[0]
    last = whole
    for together, value in cases:
        if not _alike(value, last):
            whole = wire(Where(), together, value, whole)
    return whole


def _within(value: Quantity) -> Quantity | None:
    """The nearest choice that a value is made of."""
    level = [value]
    for _ in range(_DEPTH):
        for node in level:
            if _is_choice(node):
                return node
        level = [
            operand
            for node in dict.fromkeys(level)
            if isinstance(node.operation, Pointwise) and not isinstance(node.operation, Apply)
            for operand in node.operands
            if not is_condition(operand) and not operand.categories
        ]
    return None


def _alike(one: Quantity, other: Quantity) -> bool:
    """Whether both are the same number."""
    a, b = one.operation, other.operation
    if isinstance(a, Constant) and isinstance(b, Constant):
        return np.array_equal(a.value, b.value)
    return one is other


def _and(one: Quantity, other: Quantity) -> Quantity:
    return wire(elementwise(np.logical_and), one, other)


def _not(condition: Quantity) -> Quantity:
    return wire(elementwise(np.logical_not), condition)
