"""Text → syntax tree, by the grammar in grammar.lark. Nothing of a script is ever executed."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files
from typing import Any, TypeAlias

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import (
    LarkError,
    UnexpectedCharacters,
    UnexpectedInput,
    UnexpectedToken,
    VisitError,
)

from guessmodel.errors import did_you_mean
from guessmodel.interop.squiggle.refusals import Refused
from guessmodel.interop.squiggle.syntax import (
    Binary,
    Block,
    Branch,
    Call,
    Decorator,
    Expression,
    Import,
    Lambda,
    Listed,
    Literal,
    Lookup,
    Parameter,
    Place,
    Program,
    Record,
    Statement,
    Text,
    Truth,
    Unary,
    Variable,
)
from guessmodel.interop.squiggle.tokens import Separators, place

__all__ = ["LONGEST", "parse"]

LONGEST = 500_000  # characters

_KEYWORDS = ("import", "export", "if", "then", "else", "true", "false", "to", "as")
_Items: TypeAlias = tuple[tuple[Statement, ...], Expression | None]


def parse(text: str) -> Program:
    """The syntax tree of a script. Raises Refused, with a place, where it is none."""
    if len(text) > LONGEST:
        raise Refused(f"the script has more than {LONGEST:,} characters", Place(1, 1))
    lark, separators = _parser()
    try:
        program = lark.parse(text.removeprefix("\ufeff"))
    except UnexpectedInput as error:
        raise _refusal(error, text) from None
    except VisitError as error:
        if isinstance(error.orig_exc, Refused):
            raise error.orig_exc from None
        raise
    except LarkError as error:
        raise Refused(str(error), Place(1, 1)) from None
    assert isinstance(program, Program)
    return Program(program.imports, program.statements, program.value, tuple(separators.comments))


@cache
def _parser() -> tuple[Lark, Separators]:
    separators = Separators()
    grammar = files("guessmodel.interop.squiggle").joinpath("grammar.lark").read_text("utf-8")
    lark = Lark(
        grammar,
        parser="lalr",
        lexer="basic",
        postlex=separators,
        transformer=_Tree(),
        propagate_positions=False,
        maybe_placeholders=True,
    )
    return lark, separators


def _refusal(error: UnexpectedInput, text: str) -> Refused:
    if isinstance(error, UnexpectedCharacters):
        where = Place(error.line, error.column)
        character = text.removeprefix("\ufeff")[error.pos_in_stream or 0]
        if character in "'\"":
            return Refused("the string that begins here does not end", where)
        return Refused(f"{character!r} means nothing in this language", where)
    if isinstance(error, UnexpectedToken) and error.token.type != "$END":
        word = str(error.token)
        shown = "the end of the line" if error.token.type == "_SEP" else f"'{word[:40]}'"
        hint = did_you_mean(word, list(_KEYWORDS)) if word.isidentifier() else ""
        return Refused(f"{shown} cannot stand here{hint}", place(error.token))
    lines = text.splitlines() or [""]
    return Refused("the script ends too early", Place(len(lines), len(lines[-1]) + 1))


# --- what the parser makes of what it has read ---------------------------------------------------


@v_args(inline=True)
class _Tree(Transformer[Token, Program]):
    """Called for each rule as soon as it is complete, so that nothing walks a deep tree."""

    def start(self, *parts: Any) -> Program:
        imports = tuple(part for part in parts if isinstance(part, Import))
        rest = [part for part in parts if part is not None and not isinstance(part, Import)]
        statements, value = rest[0] if rest else ((), None)
        return Program(imports, statements, value, ())

    def import_(self, path: Token, name: Token) -> Import:
        return Import(place(path), _text(path), str(name))

    def items(self, *items: Statement | Expression) -> _Items:
        *front, last = items
        statements: list[Statement] = []
        for item in front:
            if not isinstance(item, Statement):
                raise Refused(
                    "only the last line may be a value that is bound to no name", item.place
                )
            statements.append(item)
        if isinstance(last, Statement):
            return (*statements, last), None
        return tuple(statements), last

    def statement(self, *parts: Any) -> Statement:
        *front, target, unit, value = parts
        decorators = tuple(part for part in front if isinstance(part, Decorator))
        exported = any(isinstance(part, Token) for part in front)
        if isinstance(target, Call) and isinstance(target.function, Variable):
            name = target.function.name
            parameters = tuple(_parameter(a) for a in target.arguments)
            value = Lambda(target.place, parameters, value, name)
        elif isinstance(target, Variable):
            name = target.name
            if isinstance(value, Lambda):
                value = Lambda(value.place, value.parameters, value.body, name)
        else:
            raise Refused("only a name can be given a value", target.place)
        if name[0].isupper():
            raise Refused(f"'{name}' cannot be a name: it begins with a capital", target.place)
        return Statement(target.place, name, value, decorators, exported, unit)

    def decorator(self, name: Token, arguments: tuple[Any, ...] | None) -> Decorator:
        return Decorator(place(name), str(name), _plain(arguments))

    def arguments(self, *arguments: Any) -> tuple[Any, ...]:
        return arguments

    def annotated(self, name: Expression, domain: Expression, unit: Any = None) -> Parameter:
        return _named(name, domain)

    def measured(self, name: Expression, unit: Any) -> Parameter:
        return _named(name, None)

    def unit(self, *words: Token) -> str:
        return "".join(words)

    def conditional(self, a: Expression, b: Expression, c: Expression) -> Branch:
        return Branch(a.place, a, b, c)

    ternary = conditional

    def chain(self, first: Expression, *rest: Any) -> Expression:
        if not rest:
            return first
        symbols, operands = rest[::2], rest[1::2]
        steps = ((str(s), place(s), o) for s, o in zip(symbols, operands, strict=True))
        return Binary(first.place, first, tuple(steps))

    def comparison(self, a: Expression, symbol: Token | None, b: Expression | None) -> Expression:
        if symbol is None or b is None:
            return a
        return Binary(a.place, a, ((str(symbol), place(symbol), b),))

    binary = comparison

    def pipe(
        self, value: Expression, *piped: tuple[Expression, tuple[Expression, ...]]
    ) -> Expression:
        for function, arguments in piped:
            value = Call(function.place, function, (value, *arguments))
        return value

    def piped(
        self, function: Expression, arguments: tuple[Any, ...] | None = None
    ) -> tuple[Expression, tuple[Expression, ...]]:
        return function, _plain(arguments)

    def negation(self, symbol: Token, operand: Expression) -> Unary:
        return Unary(place(symbol), str(symbol), operand)

    def call(self, function: Expression, arguments: tuple[Any, ...] | None) -> Call:
        return Call(function.place, function, arguments or ())

    def field(self, owner: Expression, name: Token) -> Lookup:
        return Lookup(place(name), owner, Text(place(name), str(name)))

    def index(self, owner: Expression, key: Expression) -> Lookup:
        return Lookup(key.place, owner, key)

    def number(self, token: Token) -> Literal:
        parts = re.fullmatch(r"(.*[\d.])(\D*)", str(token))
        assert parts is not None
        return Literal(place(token), parts[1], parts[2])

    def string(self, token: Token) -> Text:
        return Text(place(token), _text(token))

    def true(self, token: Token) -> Truth:
        return Truth(place(token), True)

    def false(self, token: Token) -> Truth:
        return Truth(place(token), False)

    def variable(self, token: Token) -> Variable:
        return Variable(place(token), str(token))

    def list(self, opening: Token, *elements: Expression | None) -> Listed:
        return Listed(place(opening), tuple(e for e in elements if e is not None))

    def lambda_(
        self, opening: Token, parameters: tuple[Parameter, ...], items: _Items, unit: str | None
    ) -> Lambda:
        return Lambda(place(opening), parameters, _block(items))

    def parameters(self, *parts: Any) -> tuple[Parameter, ...]:
        arguments = next((part for part in parts if isinstance(part, tuple)), ())
        return tuple(_parameter(a) for a in arguments)

    def empty(self, opening: Token) -> Record:
        return Record(place(opening), ())

    def block(self, opening: Token, items: _Items) -> Expression:
        return _block(items)

    def record(self, opening: Token, *entries: Any) -> Record:
        return Record(place(opening), tuple(_entry(e) for e in entries if e is not None))

    def pair(self, key: Expression, value: Expression) -> tuple[Expression, Expression]:
        return (Text(key.place, key.name) if isinstance(key, Variable) else key), value


def _block(items: _Items) -> Expression:
    statements, value = items
    if value is None:
        raise Refused("a block ends in its value, not in a statement", statements[-1].place)
    return Block(value.place, statements, value) if statements else value


def _entry(entry: Any) -> tuple[Expression, Expression]:
    if isinstance(entry, tuple):
        return entry
    if not isinstance(entry, Variable):
        raise Refused("an entry of a dict is `key: value`, or a name", entry.place)
    return Text(entry.place, entry.name), entry


def _plain(arguments: tuple[Any, ...] | None) -> tuple[Expression, ...]:
    for argument in arguments or ():
        if isinstance(argument, Parameter):
            raise Refused("an annotation belongs to a parameter, not to a value", argument.place)
    return arguments or ()


def _named(name: Expression, domain: Expression | None) -> Parameter:
    if not isinstance(name, Variable):
        raise Refused("only a name can be a parameter", name.place)
    return Parameter(name.place, name.name, domain)


def _parameter(argument: Any) -> Parameter:
    return argument if isinstance(argument, Parameter) else _named(argument, None)


def _text(token: Token) -> str:
    """A string without quotes; escapes are those of JSON, and \\'."""
    inner = str(token)[1:-1]
    if "\\" not in inner:
        return inner
    # JSON wants double quotes escaped, line breaks and the like written out, and no \'.
    ready, escaped = [], False
    for character in inner:
        if escaped:
            ready.append("'" if character == "'" else "\\" + character)
            escaped = False
        elif character == "\\":
            escaped = True
        else:
            ready.append(json.dumps(character, ensure_ascii=False)[1:-1])
    try:
        value = json.loads(f'"{"".join(ready)}"')
    except ValueError:
        raise Refused("a string with an escape that means nothing", place(token)) from None
    assert isinstance(value, str)
    return value
