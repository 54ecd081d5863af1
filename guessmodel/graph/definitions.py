"""How named quantities are defined: whether two definitions, of two versions of a model, are the
same, and which other names they use.

A definition is the graph below a name down to the next names. Two are the same if they do the same
to the same names and numbers; where they stand, and what is said of them, does not matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from fractions import Fraction
from types import CodeType, FunctionType, ModuleType
from typing import Any, final

import numpy as np

from guessmodel.graph.quantity import Constant, Quantile, Quantity, Variate, first_variate
from guessmodel.graph.scores import WeightedScores
from guessmodel.graph.traversal import ancestors, drawn_variate

__all__ = ["DefinitionNumbers"]

_DEEPEST = 12  # data inside data, beyond which only kinds are looked at


@final
class DefinitionNumbers:
    """The definitions of some versions. Equal ones have equal numbers."""

    def __init__(self) -> None:
        self._numbers: dict[Any, int] = {}

    def of(
        self, named: Mapping[Quantity, str], keys: Mapping[Quantity, str]
    ) -> tuple[dict[str, int], dict[str, frozenset[str]]]:
        """For one version: the number of each name's definition, and the names that it uses.

        `named` has the names, `keys` what owns the randomness of the variates: two draws without
        a name are the same if they have one key. That of a named draw is told by its name.
        """
        numbers: dict[str, int] = {}
        uses: dict[str, frozenset[str]] = {}
        owned = {variate for node in named if (variate := drawn_variate(node)) is not None}
        inner: dict[Quantity, tuple[int, frozenset[str]]] = {}
        for node in ancestors(named):
            below, used = [], set[str]()
            for operand in node.operands:
                if operand in named:
                    below.append(self._number(("name", named[operand])))
                    used.add(named[operand])
                else:
                    number, deeper = inner[operand]
                    below.append(number)
                    used |= deeper
            owner = None if node in owned else keys.get(node)
            if isinstance(node.operation, WeightedScores):  # whose variates these are
                others = node.operands[1 : len(node.operands) // 2]
                owner = repr([keys.get(first_variate(each)) for each in others])
            made = _operation(node), _value(node.unit), _value(node.categories), owner
            number = self._number((*made, tuple(below)))
            if node in named:
                numbers[named[node]], uses[named[node]] = number, frozenset(used)
            else:
                inner[node] = number, frozenset(used)
        return numbers, uses

    def _number(self, token: Any) -> int:
        return self._numbers.setdefault(token, len(self._numbers))


def _operation(node: Quantity) -> Any:
    operation = node.operation
    if isinstance(operation, Constant):
        # A literal and a constant of the same number do the same.
        return "constant", _value(operation.value), _value(node.dims)
    if isinstance(operation, Variate):
        return "variate", _value(node.dims)
    if isinstance(operation, Quantile):
        return "draw", _value(operation.family), _value(operation.dims)
    return _value(operation)


def _value(value: Any, depth: int = 0) -> Any:
    """Data in a form that can be compared and hashed, by its content."""
    if value is None or isinstance(value, bool | int | float | complex | str | bytes | Fraction):
        return type(value).__name__, repr(value)
    if isinstance(value, np.ndarray) and value.dtype != object:
        return "array", value.dtype.str, value.shape, value.tobytes()
    if isinstance(value, np.ufunc | np.generic | np.dtype):
        return type(value).__name__, repr(value)
    kind = f"{type(value).__module__}.{type(value).__qualname__}"
    if depth == _DEEPEST:
        return kind

    def inside(part: Any) -> Any:
        return _value(part, depth + 1)

    if isinstance(value, CodeType):
        return kind, value.co_code, inside(value.co_consts), value.co_names
    if isinstance(value, FunctionType):
        cells = [cell.cell_contents for cell in value.__closure__ or ()]
        # Not its globals: of those only the names, which its code has.
        return kind, inside(value.__code__), inside(value.__defaults__), inside(cells)
    if isinstance(value, type | ModuleType):
        return kind, value.__name__
    if isinstance(value, Quantity):
        return kind
    if isinstance(value, Mapping):
        return kind, tuple((inside(key), inside(each)) for key, each in value.items())
    if isinstance(value, list | tuple | np.ndarray):
        return kind, tuple(map(inside, value))
    if isinstance(value, set | frozenset):
        return kind, frozenset(map(inside, value))
    if is_dataclass(value):
        parts = tuple((field.name, inside(getattr(value, field.name))) for field in fields(value))
        return kind, parts
    return kind, inside(getattr(value, "__dict__", None))
