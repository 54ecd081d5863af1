"""Which function is meant by a name and the kinds of its arguments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final, Protocol

from guessmodel.errors import did_you_mean
from guessmodel.interop.squiggle.nodes import Node
from guessmodel.interop.squiggle.refusals import Refused
from guessmodel.interop.squiggle.values import (
    Bool,
    Builtin,
    Closure,
    Date,
    Dict,
    Dist,
    Duration,
    List,
    Num,
    Str,
    Uncertain,
    Value,
    kind,
)

__all__ = [
    "ANY",
    "DATE",
    "DICT",
    "DIST",
    "DRAWN",
    "DURATION",
    "FUNCTION",
    "LIST",
    "NUMBER",
    "NUMBERS",
    "REAL",
    "REALS",
    "SINGLE",
    "TEXT",
    "TEXTS",
    "TRUTH",
    "Kind",
    "Runner",
    "apply",
    "arities",
    "define",
    "knows",
    "optional",
    "record",
    "unsupported",
]


class Runner(Protocol):
    """What library functions ask of the interpreter."""

    def call(self, function: Value, arguments: Sequence[Value]) -> Value:
        """The value of a function."""

    def accepts(self, function: Value, number: int) -> bool:
        """Whether a function takes so many arguments."""

    def statistic(self, name: str, node: Node, level: float = 0.0) -> Num:
        """A statistic of a quantity, as a constant."""

    samples: bool
    """Whether what is sampled is one draw of the function that SampleSet.fromFn calls."""

    def sampling(self) -> AbstractContextManager[None]:
        """Sample in the meantime."""

    def remark(self, text: str) -> None:
        """Say something about the import in its summary."""

    def describe(self, value: Value, *, title: str = "", text: str = "") -> None:
        """Keep a title or a description for when the value is written."""

    def check(self, amount: int) -> None:
        """Raise Refused if a list or text so long is too long."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A sort of arguments."""

    label: str
    fits: Callable[[Value], bool]
    optional: bool = False


@dataclass(frozen=True, slots=True)
class _Row:
    kinds: tuple[Kind, ...]
    function: Callable[..., Value]

    def takes(self, number: int) -> bool:
        least = sum(not kind.optional for kind in self.kinds)
        return least <= number <= len(self.kinds)

    def fits(self, arguments: Sequence[Value]) -> bool:
        return self.takes(len(arguments)) and all(
            kind.fits(value) for kind, value in zip(self.kinds, arguments, strict=False)
        )


_rows: Final[dict[str, list[_Row]]] = {}
_unsupported: Final[dict[str, str]] = {}


def define(names: str, *kinds: Kind) -> Callable[[Callable[..., Value]], Callable[..., Value]]:
    """Enter a function under some names. The first of a name's rows that fits is called."""

    def entered(function: Callable[..., Value]) -> Callable[..., Value]:
        for name in names.split():
            _rows.setdefault(name, []).append(_Row(kinds, function))
        return function

    return entered


def unsupported(names: str, reason: str) -> None:
    """Say why some functions of the language cannot be imported."""
    for name in names.split():
        _unsupported[name] = reason


def knows(name: str) -> bool:
    """Whether the language has a function of that name."""
    return name in _rows or name in _unsupported


def arities(name: str, number: int) -> bool:
    """Whether a function of the language takes so many arguments."""
    return any(row.takes(number) for row in _rows.get(name, ()))


def apply(run: Runner, name: str, arguments: Sequence[Value]) -> Value:
    """Call a function of the language. Raises Refused where none of that name fits."""
    for row in _rows.get(name, ()):
        if row.fits(arguments):
            try:
                return row.function(run, *arguments)
            except ArithmeticError:
                raise Refused(f"{name}: these numbers are out of range") from None
    if name in _unsupported:
        raise Refused(f"{name}: {_unsupported[name]}")
    if name not in _rows:
        raise Refused(f"'{name}' is not defined{did_you_mean(name, list(_rows))}")
    given = ", ".join(map(_told, arguments))
    known = " or ".join(f"({', '.join(k.label for k in row.kinds)})" for row in _rows[name][:4])
    raise Refused(f"{name} takes {known}, and not ({given})")


def _told(value: Value) -> str:
    return "an unknown Number" if isinstance(value, Dist) and value.single else kind(value)


def _is(*types: type) -> Callable[[Value], bool]:
    return lambda value: isinstance(value, types)


def _all(fits: Callable[[Value], bool]) -> Callable[[Value], bool]:
    return lambda value: isinstance(value, List) and all(map(fits, value.items))


def _single(value: Value) -> bool:
    return isinstance(value, Num) or (isinstance(value, Dist) and value.single)


def _dist(value: Value) -> bool:
    return isinstance(value, Dist) and not value.single


ANY: Final = Kind("anything", lambda value: True)
NUMBER: Final = Kind("Number", _is(Num))
SINGLE: Final = Kind("Number", _single)
DIST: Final = Kind("Distribution", _dist)
DRAWN: Final = Kind("Distribution", _is(Dist))
REAL: Final = Kind("Distribution|Number", _is(Num, Dist))
TEXT: Final = Kind("String", _is(Str))
TRUTH: Final = Kind("Boolean", _is(Bool, Uncertain))
LIST: Final = Kind("List", _is(List))
NUMBERS: Final = Kind("List of Numbers", _all(_is(Num)))
REALS: Final = Kind("List of Distributions|Numbers", _all(_is(Num, Dist)))
TEXTS: Final = Kind("List of Strings", _all(_is(Str)))
DICT: Final = Kind("Dict", _is(Dict))
FUNCTION: Final = Kind("Function", _is(Closure, Builtin))
DATE: Final = Kind("Date", _is(Date))
DURATION: Final = Kind("Duration", _is(Duration))


def optional(one: Kind) -> Kind:
    """An argument that may be left out, at the end."""
    return Kind(f"{one.label}?", one.fits, optional=True)


def record(**kinds: Kind) -> Kind:
    """A dict with these entries at least."""

    def fits(value: Value) -> bool:
        return isinstance(value, Dict) and all(
            name in value.items and one.fits(value.items[name]) for name, one in kinds.items()
        )

    return Kind("{" + ", ".join(kinds) + "}", fits)
