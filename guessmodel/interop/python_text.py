"""Python as a person writes it: expressions, statements and comments, formatted as Black does.

What stands in a file comes from here alone: names are checked, text is quoted, and nothing else of
an input is written.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias, final

from guessmodel.escaping import shown, shown_line

__all__ = [
    "WIDTH",
    "Atom",
    "Binary",
    "Call",
    "Expression",
    "ListOf",
    "Unary",
    "comment",
    "docstring",
    "filled",
    "flat",
    "heading",
    "in_quotes",
    "laid_out",
    "longest_part",
    "number_text",
    "quoted",
    "replaced",
    "table_of_numbers",
]

WIDTH: Final = 88


@final
@dataclass(frozen=True, slots=True)
class Atom:
    """A name, a number or anything that needs no brackets. Its text comes from `in_quotes` or
    `number_text`, or is a name that was checked."""

    text: str
    number: bool = False


@final
@dataclass(frozen=True, slots=True)
class Call:
    """A call; arguments with a name come last."""

    function: str
    arguments: tuple[tuple[str, Expression], ...]


@final
@dataclass(frozen=True, slots=True)
class ListOf:
    """A list."""

    items: tuple[Expression, ...]


@final
@dataclass(frozen=True, slots=True)
class Binary:
    """An operator between two operands."""

    operator: str
    left: Expression
    right: Expression


@final
@dataclass(frozen=True, slots=True)
class Unary:
    """A sign, or `~`."""

    operator: str
    operand: Expression


Expression: TypeAlias = Atom | Call | ListOf | Binary | Unary

_RANKS: Final = {
    **dict.fromkeys(("<", "<=", ">", ">=", "==", "!="), 1),
    **{"|": 2, "^": 3, "&": 4, "+": 5, "-": 5, "*": 6, "/": 6, "%": 6, "**": 8},
}
_SIGNS: Final = 7
_CLOSEST: Final = 9
# Comments that tools take for orders.
_ORDERS: Final = (
    r"(?:type|noqa|fmt|ruff|mypy|pyright|pylint|isort|flake8|yapf|pragma|nosec|coding|-\*-|!)"
)
_ORDER: Final = re.compile(rf"\s*{_ORDERS}", re.IGNORECASE)
# All but those within a word, as in the address of a page, where no order can follow.
_SIGN: Final = re.compile(rf"(?<!\S)#|#(?=\s|#|$|\W*{_ORDERS})", re.IGNORECASE)


def number_text(value: float) -> str:
    """A number as people write it, which reads back the same.

    >>> [number_text(x) for x in (3.0, 0.05, 1_500_000.0, 2.5e-7, 3e12)]
    ['3', '0.05', '1_500_000', '2.5e-7', '3e12']
    """
    if value == int(value) and abs(value) < 1e9:
        whole = int(value)
        return f"{whole:_}" if abs(whole) >= 10_000 else str(whole)
    text = repr(value)
    short = f"{value:g}"
    if float(short) == value and len(short) <= len(text):
        text = short
    return re.sub(r"e([+-])0*", lambda sign: "e" + sign[1].replace("+", ""), text)


def in_quotes(text: str) -> str:
    """A text in double quotes."""
    escaped = shown_line(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def flat(expression: Expression) -> str:
    """An expression in one line, with the brackets that it needs."""
    match expression:
        case Atom():
            return expression.text
        case Call():
            given = (f"{key}={flat(x)}" if key else flat(x) for key, x in expression.arguments)
            return f"{expression.function}({', '.join(given)})"
        case ListOf():
            return f"[{', '.join(map(flat, expression.items))}]"
        case Unary():
            inner = expression.operand
            if isinstance(inner, Binary) and inner.operator == "**":  # Black has brackets there
                return f"{expression.operator}({flat(inner)})"
            return f"{expression.operator}{_inside(inner, _SIGNS)}"
        case Binary("**"):
            base, power = expression.left, expression.right
            gap = "" if isinstance(base, Atom) and _is_simple(power) else " "
            return f"{_inside(base, _CLOSEST)}{gap}**{gap}{_inside(power, _SIGNS)}"
        case Binary():
            rank = _RANKS[expression.operator]
            first = _inside(expression.left, rank + (rank == 1))
            return f"{first} {expression.operator} {_inside(expression.right, rank + 1)}"


def _inside(expression: Expression, rank: int) -> str:
    text = flat(expression)
    return f"({text})" if _rank(expression) < rank else text


def _rank(expression: Expression) -> int:
    if isinstance(expression, Binary):
        return _RANKS[expression.operator]
    if isinstance(expression, Unary) or (
        isinstance(expression, Atom) and expression.text.startswith("-")
    ):
        return _SIGNS
    return _CLOSEST


def _is_simple(expression: Expression) -> bool:
    if isinstance(expression, Unary):
        return isinstance(expression.operand, Atom) and expression.operator == "-"
    if isinstance(expression, Binary):
        simple = isinstance(expression.left, Atom) and _is_simple(expression.right)
        return expression.operator == "**" and simple
    return isinstance(expression, Atom)


def laid_out(
    name: str, value: Expression, *, joint: str = " = ", indent: str = ""
) -> list[str] | None:
    """The lines of an assignment, or of what `name` and `joint` begin; None where some part is too
    long for its line, so that it should have a name of its own."""
    head = f"{name}{joint}"
    found = _block(head, value, "", indent)
    if found is None and isinstance(value, Binary):
        return _chained(head, value, indent)
    return found


def _block(before: str, value: Expression, after: str, indent: str) -> list[str] | None:
    """The lines of an expression between two texts; of calls and lists one part a line where they
    are too long."""
    line = f"{indent}{before}{flat(value)}{after}"
    if len(line) <= WIDTH:
        return [line]
    if isinstance(value, Call):
        head, foot = f"{before}{value.function}(", f"){after}"
        parts = [(f"{key}=" if key else "", part) for key, part in value.arguments]
    elif isinstance(value, ListOf):
        head, foot = f"{before}[", f"]{after}"
        parts = [("", part) for part in value.items]
    else:
        return None
    deeper = f"{indent}    "
    together = deeper + ", ".join(f"{key}{flat(part)}" for key, part in parts)
    if not parts or len(indent + head) > WIDTH:
        return None
    if len(together) <= WIDTH:
        return [indent + head, together, indent + foot]
    comma = "," if len(parts) > 1 or isinstance(value, ListOf) else ""
    blocks = [_block(key, part, comma, deeper) for key, part in parts]
    lines = [indent + head]
    for block in blocks:
        if block is None:
            return None
        lines += block
    return [*lines, indent + foot]


def _chained(head: str, value: Binary, indent: str) -> list[str] | None:
    """A chain of operators of one rank in brackets, an operand a line."""
    operators, operands = _chain(value)
    rank = _RANKS[value.operator]
    first = _inside(operands[0], rank + (rank == 1))
    others = [_inside(x, rank + 1) for x in operands[1:]]
    brackets = (first[0] == "(", first[-1] in ")]", others[-1][-1] in ")]")
    if len(operators) == 1 and any(brackets):
        return None  # Black would break within those
    texts = [first, *(f"{o} {x}" for o, x in zip(operators, others, strict=True))]
    inner = f"{indent}    {' '.join(texts)}"
    if len(inner) <= WIDTH:
        return [f"{indent}{head}(", inner, f"{indent})"]
    lines = [f"{indent}    {text}" for text in texts]
    return None if max(map(len, lines)) > WIDTH else [f"{indent}{head}(", *lines, f"{indent})"]


def _chain(value: Binary) -> tuple[list[str], list[Expression]]:
    """Operators of one rank from left to right, and what stands between them."""
    rank = _RANKS[value.operator]
    operators: list[str] = []
    operands: list[Expression] = []
    left: Expression = value
    while isinstance(left, Binary) and _RANKS[left.operator] == rank and rank not in (1, 8):
        operators.append(left.operator)
        operands.append(left.right)
        left = left.left
    if not operators:
        return [value.operator], [value.left, value.right]
    return operators[::-1], [left, *operands[::-1]]


def longest_part(value: Expression) -> Expression | None:
    """The longest operand or argument of an expression, also one in a list, that is no atom; None
    where all are."""
    parts = [part for part in _parts(value) if not isinstance(part, Atom)]
    listed = [x for part in parts if isinstance(part, ListOf) for x in part.items]
    parts = [part for part in [*parts, *listed] if not isinstance(part, Atom | ListOf)]
    return max(parts, key=lambda part: len(flat(part)), default=None)


def _parts(value: Expression) -> list[Expression]:
    match value:
        case Call():
            return [x for _, x in value.arguments]
        case ListOf():
            return list(value.items)
        case Binary():
            return _chain(value)[1]
        case Unary():
            return [value.operand]
    return []


def replaced(value: Expression, part: Expression, by: Expression) -> Expression:
    """The expression with another one in place of a part of it."""
    if value is part:
        return by
    match value:
        case Call():
            given = tuple((key, replaced(x, part, by)) for key, x in value.arguments)
            return Call(value.function, given)
        case ListOf():
            return ListOf(tuple(replaced(x, part, by) for x in value.items))
        case Unary():
            return Unary(value.operator, replaced(value.operand, part, by))
        case Binary():
            left, right = (replaced(x, part, by) for x in (value.left, value.right))
            return Binary(value.operator, left, right)
    return value


# --- text ---------------------------------------------------------------------------------------


def comment(text: str, first: str = "# ") -> list[str]:
    """A text as comment lines. Words that tools take for orders are made harmless."""
    words = _SIGN.sub("＃", shown_line(text))
    lines = textwrap.wrap(words, WIDTH - len(first), break_on_hyphens=False) or [""]
    return [f"{first}{'| ' if _ORDER.match(line) else ''}{line}".rstrip() for line in lines]


def heading(text: str) -> str:
    """A line that begins a section."""
    shown = _SIGN.sub("＃", shown_line(text))
    words = textwrap.shorten(shown, WIDTH - 12, placeholder=" …")
    return f"# --- {words} ".ljust(WIDTH, "-")


def docstring(text: str) -> list[str]:
    """A text as a string in triple quotes, wrapped; empty for no text."""
    lines = filled(text)
    return quoted(lines) if lines else []


def filled(text: str) -> list[str]:
    """The lines of a text, wrapped, without empty ones at its ends."""
    lines: list[str] = []
    for paragraph in shown(text).replace("\t", " ").splitlines():
        paragraph = " ".join(paragraph.split())
        lines += textwrap.wrap(paragraph, WIDTH - 8, break_on_hyphens=False) or [""]
    while lines and not lines[-1]:
        lines.pop()
    while lines and not lines[0]:
        lines.pop(0)
    return lines


def quoted(lines: Sequence[str]) -> list[str]:
    """Lines in triple quotes as they are."""
    escaped = [line.replace("\\", "\\\\").replace('"""', '\\"\\"\\"').rstrip() for line in lines]
    if escaped[0].startswith('"'):
        escaped[0] = f" {escaped[0]}"
    if escaped[-1].endswith('"'):
        escaped[-1] = f"{escaped[-1]}."
    escaped[0] = f'"""{escaped[0]}'
    return [*escaped, '"""'] if len(escaped) > 1 else [f'{escaped[0]}"""']


def table_of_numbers(numbers: Sequence[float], indent: str) -> list[str]:
    """Numbers in lines that are filled."""
    text = ", ".join(map(number_text, numbers)) + ","
    return textwrap.wrap(
        text, WIDTH, initial_indent=indent, subsequent_indent=indent, break_long_words=False
    )
