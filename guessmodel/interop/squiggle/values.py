"""Values that a script works with."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from guessmodel.interop.squiggle.nodes import Node
from guessmodel.interop.squiggle.syntax import Lambda

__all__ = [
    "Bool",
    "Builtin",
    "Closure",
    "Date",
    "Dict",
    "Dist",
    "Domain",
    "Duration",
    "List",
    "Num",
    "Picture",
    "Poison",
    "Scope",
    "Str",
    "Uncertain",
    "Value",
    "kind",
]


@dataclass(frozen=True, slots=True)
class Num:
    """A number that is known, and the expression that it comes from."""

    value: float
    node: Node


@dataclass(frozen=True, slots=True)
class Dist:
    """A distribution. Each mention of one as a `shape` is a draw of its own, while one that is
    not is the same draw wherever it is mentioned. A `single` one is one of its draws, which is what
    a function works with that is applied draw by draw: a number that is not known."""

    node: Node
    shape: bool = False
    single: bool = False


@dataclass(frozen=True, slots=True)
class Bool:
    """True or false."""

    value: bool


@dataclass(frozen=True, slots=True)
class Uncertain:
    """What is true in some draws and false in others."""

    node: Node


@dataclass(frozen=True, slots=True)
class Str:
    """A text."""

    value: str


@dataclass(frozen=True, slots=True)
class List:
    """A list."""

    items: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Dict:
    """Values by key, in their order."""

    items: dict[str, Value]


@dataclass(frozen=True, slots=True)
class Closure:
    """A function of the script, and the names that it sees."""

    code: Lambda
    scope: Scope
    domains: tuple[Domain | None, ...]


@dataclass(frozen=True, slots=True)
class Builtin:
    """A function of the language."""

    name: str


@dataclass(frozen=True, slots=True)
class Date:
    """An instant, in milliseconds since 1970."""

    ms: float


@dataclass(frozen=True, slots=True)
class Duration:
    """A stretch of time, in milliseconds."""

    ms: float


@dataclass(frozen=True, slots=True)
class Domain:
    """The range that an argument must lie in: of numbers, or of dates (in milliseconds)."""

    low: float
    high: float
    dates: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """A plot, a table, a scale: what is only shown."""


@dataclass(frozen=True, slots=True)
class Poison:
    """What a statement that was refused would have given. What mentions it is refused in silence,
    so that each reason is told once."""


Value: TypeAlias = (
    Num
    | Dist
    | Bool
    | Uncertain
    | Str
    | List
    | Dict
    | Closure
    | Builtin
    | Date
    | Duration
    | Domain
    | Picture
    | Poison
)

_KINDS: dict[type, str] = {
    Num: "Number",
    Dist: "Distribution",
    Bool: "Boolean",
    Uncertain: "Boolean",
    Str: "String",
    List: "List",
    Dict: "Dict",
    Closure: "Function",
    Builtin: "Function",
    Date: "Date",
    Duration: "Duration",
    Domain: "Domain",
    Picture: "Plot",
    Poison: "Nothing",
}


def kind(value: Value) -> str:
    """What the language calls values of this sort."""
    if isinstance(value, Dist) and value.single:
        return "Number"
    return _KINDS[type(value)]


@dataclass(slots=True)
class Scope:
    """Names within a block or a function, and those around it."""

    outer: Scope | None = None
    names: dict[str, Value] = field(default_factory=dict)

    def bound(self, name: str, value: Value, *, hides: bool) -> Scope:
        """The scope in which a name has a value. Where it `hides` another meaning of the name, that
        is a new one: functions that were made before go on with what they saw."""
        scope = Scope(self) if hides or self.find(name) is not None else self
        scope.names[name] = value
        return scope

    def find(self, name: str) -> Value | None:
        """What a name means here; None where it means nothing."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.outer
        return None
