"""Formulas of cells, parsed by a grammar and never evaluated.

The operators and their ranks are those of mathjs, Guesstimate's library: `^` binds closest, then
signs, then what stands side by side (`2 A`), then `*`, `/` and `%`, and so on down to `? :`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final, TypeAlias, final

from guessmodel.interop.guesstimate.refusals import Refused

if TYPE_CHECKING:
    from lark import Lark, Token

__all__ = ["Applied", "Items", "Node", "Number", "Reference", "parse_formula", "tokens_in"]


@final
@dataclass(frozen=True, slots=True)
class Number:
    """A number as it is written."""

    text: str
    column: int

    @property
    def value(self) -> float:
        return float(self.text)


@final
@dataclass(frozen=True, slots=True)
class Reference:
    """A reference to another cell, by its id."""

    cell: str
    column: int


@final
@dataclass(frozen=True, slots=True)
class Applied:
    """An operator or a function, and what it is applied to; operators are `+`, `-`, `*`, `/`, `%`,
    `^`, `neg`, `<`, … and `?:`."""

    name: str
    arguments: tuple[Node, ...]
    column: int
    operator: bool = False


@final
@dataclass(frozen=True, slots=True)
class Items:
    """A list in brackets."""

    items: tuple[Node, ...]
    column: int


Node: TypeAlias = Number | Reference | Applied | Items

_GRAMMAR: Final = r"""
?start: choice
?choice: either | either "?" choice ":" choice -> choose
?either: exclusive | either OR exclusive -> binary
?exclusive: both | exclusive XOR both -> binary
?both: comparison | both AND comparison -> binary
?comparison: sum | comparison COMPARISON sum -> binary
?sum: product | sum ADDITION product -> binary
?product: beside | product MULTIPLICATION beside -> binary
?beside: signed | beside power -> beside
?signed: power_or_number | ADDITION signed -> sign | NOT signed -> negation
?power_or_number: power | figure | figure CARET signed -> binary
?power: base | base CARET signed -> binary
?figure: NUMBER -> number | figure PERCENT -> percent
?base: operand | base PERCENT -> percent
?operand: REFERENCE -> reference
    | NAME -> name
    | NAME "(" [choice ("," choice)*] ")" -> call
    | "(" choice ")" -> bracketed
    | "[" [choice ("," choice)*] "]" -> items

OR.4: /or\b|\|\|?/
XOR.4: /xor\b/
AND.4: /and\b|&&?/
NOT.4: /not\b|!(?!=)/
COMPARISON: /==|!=|<=|>=|<|>/
ADDITION: /[+-]/
MULTIPLICATION.4: /[*\/]|%|mod\b/
PERCENT.5: /%(?=\s*(?:$|[^\s\w(\[.$@#]))/
CARET: "^"
NUMBER.3: /(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?/
REFERENCE: /\$\{[^{}]{1,200}\}|@[A-Za-z_][\w.]*|#[A-Za-z_]\w*/
NAME: /[^\W\d]\w*/
%import common.WS
%ignore WS
"""
_TOKEN: Final = re.compile(r"\$\{[^{}]*\}|[\w.]+|\S")
_REFERENCE: Final = re.compile(r"\$\{(metric|fact):([^{}]*)\}")
_COMMENT: Final = re.compile(r"#(?![A-Za-z_])|(?<=[\w)\]}%])\s*#")
_DEEPEST: Final = 150
_FLAT: Final = {"+": "sum", "-": "sum", "*": "prod"}
_CONSTANTS: Final = {
    "pi": "3.141592653589793",
    "e": "2.718281828459045",
    "E": "2.718281828459045",
    "tau": "6.283185307179586",
    "true": "1",
    "false": "0",
}
_SUFFIXES: Final = {"K": 1000, "k": 1000, "M": 10**6, "B": 10**9, "T": 10**12}
_SAME: Final = {"||": "or", "|": "or", "&&": "and", "&": "and", "mod": "%"}


def tokens_in(text: str) -> int:
    """About how many signs a formula has, told without parsing it."""
    return sum(1 for _ in _TOKEN.finditer(text))


def parse_formula(
    text: str, find: Callable[[str], str | None], known: Callable[[str], bool]
) -> Node:
    """What a text that starts with `=` says.

    `find` gives the cell that a reference or a bare name means, `known` tells which names are
    functions.

    Raises Refused, with the column, for all that the grammar does not have.
    """
    from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedToken, VisitError

    begin = text.index("=") + 1
    comment = _COMMENT.search(text, begin)
    body = text[begin : comment.start() if comment else None]
    if not body.strip():
        raise Refused("the formula is empty", begin)
    builder = _Builder(begin, find, known)
    try:
        tree = _parser().parse(body)
        return builder.built(tree)
    except UnexpectedCharacters as error:
        place = error.pos_in_stream or 0
        raise Refused(_unexpected(body[place : place + 1]), begin + place + 1) from None
    except UnexpectedToken as error:
        token = error.token
        if token.type == "$END":
            raise Refused("the formula ends too soon", begin + len(body.rstrip()) + 1) from None
        raise Refused(_unexpected(str(token)), begin + (token.start_pos or 0) + 1) from None
    except (UnexpectedEOF, VisitError):  # pragma: no cover
        raise Refused("the formula cannot be read", begin + 1) from None


def _unexpected(text: str) -> str:
    hints = {
        "{": "units and objects have no place in a formula",
        '"': "text has no place in a formula",
        "'": "text has no place in a formula",
        "=": "a formula has one =, at its start; == compares",
        ";": "a formula is one expression",
        ":": "a : alone means a range, which a formula cannot have",
        "!": "factorials are not read",
    }
    hint = hints.get(text[:1])
    return f"{text[:20]!r} has no place here" + (f": {hint}" if hint else "")


@cache
def _parser() -> Lark:
    from lark import Lark

    return Lark(_GRAMMAR, parser="lalr", lexer="contextual", maybe_placeholders=False)


def _total(tree: Any) -> str | None:
    """The function of which a tree is one step: of a sum or difference `sum`, of a product `prod`;
    None for all else."""
    step = getattr(tree, "data", None) == "binary"
    return _FLAT.get(str(tree.children[1])) if step else None


@final
class _Builder:
    """Nodes from the tree of the parser, from the leaves upwards and without recursion."""

    def __init__(
        self, begin: int, find: Callable[[str], str | None], known: Callable[[str], bool]
    ) -> None:
        self.begin = begin
        self.find = find
        self.known = known
        self.depth: dict[int, int] = {}

    def built(self, root: Any) -> Node:
        done: dict[int, Node] = {}
        chains = self._chains(root)
        within = {id(tree) for chain in chains.values() for tree in chain[1:]}
        node: Node
        for tree in root.iter_subtrees():  # leaves first
            if id(tree) in within:
                continue
            if id(tree) in chains:
                node, deep = self._in_one(chains[id(tree)], done)
            else:
                inner = [part for part in tree.children if id(part) in done]
                deep = 1 + max((self.depth[id(part)] for part in inner), default=0)
                node = getattr(self, tree.data)([done.get(id(x), x) for x in tree.children])
            if deep > _DEEPEST:
                raise Refused(
                    f"more than {_DEEPEST} operations stand inside each other", node.column
                )
            self.depth[id(tree)] = deep
            done[id(tree)] = node
        return done[id(root)]

    def _chains(self, root: Any) -> dict[int, list[Any]]:
        """Long sums and products: by the tree of each those of which each is the left operand of
        the one before it. Their operands are not inside each other, however many there are."""
        found: dict[int, list[Any]] = {}
        seen: set[int] = set()
        for top in root.iter_subtrees_topdown():
            name = None if id(top) in seen else _total(top)
            chain = [top]
            while name is not None and _total(chain[-1].children[0]) == name:
                chain.append(chain[-1].children[0])
            seen.update(map(id, chain))
            if len(chain) > _DEEPEST:
                found[id(top)] = chain
        return found

    def _in_one(self, chain: Sequence[Any], done: dict[int, Node]) -> tuple[Node, int]:
        """A chain as one sum or product, and how deep it is."""
        first = chain[-1].children[0]
        parts, deep = [done[id(first)]], self.depth[id(first)]
        for tree in reversed(chain):
            _, operator, right = tree.children
            part, minus = done[id(right)], str(operator) == "-"
            if minus:
                part = Applied("neg", (part,), self.at(operator), operator=True)
            parts.append(part)
            deep = max(deep, self.depth[id(right)] + minus)
        top = chain[0]
        return Applied(_total(top) or "", tuple(parts), self.at(top.children[1])), 1 + deep

    def _found(self, token: Token) -> str | None:
        try:
            return self.find(str(token))
        except Refused as why:
            raise Refused(why.reason, self.at(token)) from None

    def at(self, token: Token) -> int:
        return self.begin + (token.start_pos or 0) + 1

    def number(self, parts: Sequence[Any]) -> Node:
        (token,) = parts
        if float(token) == float("inf"):
            raise Refused("the number is too large", self.at(token))
        return Number(str(token), self.at(token))

    def binary(self, parts: Sequence[Any]) -> Node:
        left, operator, right = parts
        name = _SAME.get(str(operator), str(operator))
        first = right
        while name == "/" and isinstance(first, Applied) and first.name == "beside":
            first = first.arguments[0]
        if first is not right and isinstance(left, Number) and isinstance(first, Number):
            return self._fraction(left, right, self.at(operator))
        return Applied(name, (left, right), self.at(operator), operator=True)

    def beside(self, parts: Sequence[Any]) -> Node:
        left, right = parts
        return Applied("beside", (left, right), right.column, operator=True)

    def _fraction(self, top: Number, right: Node, column: int) -> Node:
        """`1/2 A` is half of A, by a rule of its own in mathjs."""
        assert isinstance(right, Applied)
        left, factor = right.arguments
        if isinstance(left, Number):
            half: Node = Applied("/", (top, left), column, operator=True)
        else:
            half = self._fraction(top, left, column)
        return Applied("beside", (half, factor), right.column, operator=True)

    def sign(self, parts: Sequence[Any]) -> Node:
        token, operand = parts
        if token == "+":
            return Applied("pos", (operand,), self.at(token), operator=True)
        return Applied("neg", (operand,), self.at(token), operator=True)

    def negation(self, parts: Sequence[Any]) -> Node:
        token, operand = parts
        return Applied("not", (operand,), self.at(token), operator=True)

    def percent(self, parts: Sequence[Any]) -> Node:
        operand, token = parts
        return Applied("percent", (operand,), self.at(token), operator=True)

    def choose(self, parts: Sequence[Any]) -> Node:
        return Applied("?:", tuple(parts), parts[0].column, operator=True)

    def bracketed(self, parts: Sequence[Any]) -> Node:
        (inside,) = parts
        node: Node = inside
        return node

    def items(self, parts: Sequence[Any]) -> Node:
        if not parts:
            raise Refused("an empty list", self.begin + 1)
        return Items(tuple(parts), parts[0].column)

    def reference(self, parts: Sequence[Any]) -> Node:
        (token,) = parts
        cell = self._found(token)
        if cell is None:
            shown = _REFERENCE.fullmatch(token)
            if shown and shown[1] == "metric":
                raise Refused(f"there is no cell {shown[2]}", self.at(token))
            raise Refused(
                f"{token} is a fact without a value; give one: --fact 'NAME=VALUE'", self.at(token)
            )
        return Reference(cell, self.at(token))

    def name(self, parts: Sequence[Any]) -> Node:
        (token,) = parts
        name = str(token)
        cell = self._found(token)
        if cell is not None:
            return Reference(cell, self.at(token))
        if name in _CONSTANTS:
            return Number(_CONSTANTS[name], self.at(token))
        if name in _SUFFIXES:
            raise Refused(
                f"Guesstimate takes {name} in a formula for a unit; write the number out "
                f"(5{name} is {5 * _SUFFIXES[name]})",
                self.at(token),
            )
        if name == "i":
            raise Refused("complex numbers are not imported", self.at(token))
        if self.known(name):
            raise Refused(f"{name} is a function; write {name}(…)", self.at(token))
        raise Refused(f"there is no cell, constant or function '{name}'", self.at(token))

    def call(self, parts: Sequence[Any]) -> Node:
        token, *arguments = parts
        name = str(token)
        if not self.known(name):
            cell = self._found(token)
            if cell is not None and len(arguments) == 1:
                left = Reference(cell, self.at(token))
                return Applied("beside", (left, arguments[0]), arguments[0].column, operator=True)
        return Applied(name, tuple(arguments), self.at(token))
