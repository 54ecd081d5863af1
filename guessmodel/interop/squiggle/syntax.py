"""What a script says: the typed syntax tree of the Squiggle language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

__all__ = [
    "Binary",
    "Block",
    "Branch",
    "Call",
    "Comment",
    "Decorator",
    "Expression",
    "Import",
    "Item",
    "Lambda",
    "Listed",
    "Literal",
    "Lookup",
    "Parameter",
    "Place",
    "Program",
    "Record",
    "Statement",
    "Text",
    "Truth",
    "Unary",
    "Variable",
]


class Place(NamedTuple):
    """Where something stands in a script; both count from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Literal:
    """A number as it is written, with its suffix: `1.5M`, `10%`, `5years`."""

    place: Place
    digits: str
    suffix: str


@dataclass(frozen=True, slots=True)
class Text:
    """A string, without its quotes."""

    place: Place
    value: str


@dataclass(frozen=True, slots=True)
class Truth:
    """`true` or `false`."""

    place: Place
    value: bool


@dataclass(frozen=True, slots=True)
class Variable:
    """A name: of a value of the script, or, as `List.map`, of the language."""

    place: Place
    name: str


@dataclass(frozen=True, slots=True)
class Unary:
    """`-x` or `!x`."""

    place: Place
    symbol: str
    operand: Expression


@dataclass(frozen=True, slots=True)
class Binary:
    """Operators of one precedence, in a row: the first operand, then each symbol and its operand.

    They are worked off from the left; a row keeps long sums flat.
    """

    place: Place
    first: Expression
    rest: tuple[tuple[str, Place, Expression], ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A function and its arguments, `f(x, y)` or `x -> f(y)`."""

    place: Place
    function: Expression
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Lookup:
    """A member of a list or dict: `xs[0]`, `d["a"]`, `d.a`."""

    place: Place
    owner: Expression
    key: Expression


@dataclass(frozen=True, slots=True)
class Branch:
    """`if a then b else c` and `a ? b : c`."""

    place: Place
    condition: Expression
    then: Expression
    otherwise: Expression


@dataclass(frozen=True, slots=True)
class Listed:
    """`[a, b]`."""

    place: Place
    elements: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """`{a: 1, b}`."""

    place: Place
    entries: tuple[tuple[Expression, Expression], ...]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter, and the domain in its annotation: `t: [2020, 2030]`."""

    place: Place
    name: str
    domain: Expression | None


@dataclass(frozen=True, slots=True)
class Lambda:
    """`{|x, y| body}`, and what `f(x, y) = body` binds to `f`."""

    place: Place
    parameters: tuple[Parameter, ...]
    body: Expression
    name: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """`{a = 1; b = 2; a + b}`: statements, and the expression that is the block's value."""

    place: Place
    statements: tuple[Statement, ...]
    value: Expression


Expression: TypeAlias = (
    Literal
    | Text
    | Truth
    | Variable
    | Unary
    | Binary
    | Call
    | Lookup
    | Branch
    | Listed
    | Record
    | Lambda
    | Block
)


@dataclass(frozen=True, slots=True)
class Decorator:
    """`@name("…")` above a statement."""

    place: Place
    name: str
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """`name = value`."""

    place: Place
    name: str
    value: Expression
    decorators: tuple[Decorator, ...]
    exported: bool
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Import:
    """`import "./file.squiggle" as name`."""

    place: Place
    path: str
    name: str


Item: TypeAlias = Statement | Expression


class Comment(NamedTuple):
    """A comment: its last line, whether it stands beside something, and in how many brackets."""

    line: int
    text: str
    beside: bool
    depth: int


@dataclass(frozen=True, slots=True)
class Program:
    """A script: imports, statements, the expression at its end, and comments."""

    imports: tuple[Import, ...]
    statements: tuple[Statement, ...]
    value: Expression | None
    comments: tuple[Comment, ...]
