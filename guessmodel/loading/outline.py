"""What the source of a module says before it runs: names, descriptions and imports by line.

It is read off the syntax tree at once, so that the tree is gone when the model is wired: a large
one would be walked again and again by the garbage collector.
"""

from __future__ import annotations

import ast
import inspect
import tokenize
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from itertools import pairwise
from typing import NamedTuple, final

__all__ = ["Import", "Outline", "depth_told", "outline"]

_SHOWN = 60  # characters of an expression that has thousands


class Import(NamedTuple):
    """A module that a line may import: `level` dots before the name, 0 for an absolute one."""

    name: str
    level: int
    line: int


@final
@dataclass(frozen=True, slots=True)
class Outline:
    """Labels are names, and items such as `cost[twitter]` where the key is written out."""

    doc: str | None
    docs: Mapping[str, str]  # label -> the text directly below its assignment
    spans: Mapping[str, Sequence[tuple[int, int]]]  # label -> first and last lines that bind it
    looped: frozenset[str]  # labels that a loop binds
    passing: frozenset[str]  # labels that only loops bind
    imports: Sequence[Import]


@contextmanager
def depth_told(source: bytes, path: str) -> Iterator[None]:
    """Tell of an expression that is too long for Python by its own line, as a SyntaxError: of these
    alone Python itself does not."""
    try:
        yield
    except (RecursionError, MemoryError):
        line, text = _longest(source)
        message = (
            "the expression has more operations than Python takes in one; add up or multiply in a "
            "loop, or by sum([…]) or math.prod([…])"
        )
        raise SyntaxError(message, (path, line, None, text)) from None


def _longest(source: bytes) -> tuple[int, str]:
    """Where the statement with the most tokens begins, and its beginning."""
    most, line, text = 0, 1, ""
    statement: list[tokenize.TokenInfo] = []
    ignored = (tokenize.NL, tokenize.COMMENT, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING)
    for token in tokenize.tokenize(BytesIO(source).readline):
        if token.type in ignored:
            continue
        statement.append(token)
        if token.type == tokenize.NEWLINE:
            if len(statement) > most:
                most, line, text = len(statement), statement[0].start[0], statement[0].line
            statement = []
    text = text.strip()
    return line, f"{text[:_SHOWN].rstrip()} …" if len(text) > _SHOWN else text


def outline(tree: ast.Module) -> Outline:
    """The outline of a module, in one pass over its statements; expressions are not entered."""
    docs = dict(_docs(tree.body))
    spans: dict[str, list[tuple[int, int]]] = {}
    looped: set[str] = set()
    outside: set[str] = set()
    for label, statement, inside in _bound(tree.body):
        last = statement.end_lineno or statement.lineno
        spans.setdefault(label, []).append((statement.lineno, last))
        (looped if inside else outside).add(label)
    imports = tuple(_imports(tree.body))
    passing = frozenset(looped - outside)
    return Outline(ast.get_docstring(tree), docs, spans, frozenset(looped), passing, imports)


def _docs(body: Sequence[ast.stmt]) -> Iterator[tuple[str, str]]:
    for statement in body:
        for inner in _blocks(statement):
            yield from _docs(inner)
    for statement, following in pairwise(body):
        if (
            isinstance(following, ast.Expr)
            and isinstance(following.value, ast.Constant)
            and isinstance(following.value.value, str)
        ):
            text = inspect.cleandoc(following.value.value)
            for target in _targets(statement):
                yield from ((label, text) for label in _labels(target))


def _bound(body: Sequence[ast.stmt], inside: bool = False) -> Iterator[tuple[str, ast.stmt, bool]]:
    """Labels that assignments and loops bind, and whether that happens in a loop."""
    for statement in body:
        loops = isinstance(statement, ast.For | ast.AsyncFor | ast.While)
        if isinstance(statement, ast.For | ast.AsyncFor):
            yield from ((label, statement, True) for label in _labels(statement.target))
        for target in _targets(statement):
            yield from ((label, statement, inside) for label in _labels(target))
        for inner in _blocks(statement):
            yield from _bound(inner, inside or loops)


def _imports(body: Sequence[ast.stmt]) -> Iterator[Import]:
    for statement in body:
        if isinstance(statement, ast.Import):
            yield from (Import(alias.name, 0, statement.lineno) for alias in statement.names)
        elif isinstance(statement, ast.ImportFrom):
            base, level, line = statement.module or "", statement.level, statement.lineno
            yield Import(base, level, line)
            dot = "." if base else ""
            yield from (Import(f"{base}{dot}{a.name}", level, line) for a in statement.names)
        for inner in _blocks(statement, local=True):
            yield from _imports(inner)


def _targets(statement: ast.stmt) -> list[ast.expr]:
    if isinstance(statement, ast.Assign):
        return statement.targets
    return [statement.target] if isinstance(statement, ast.AnnAssign | ast.AugAssign) else []


def _labels(target: ast.expr) -> Iterator[str]:
    """`cost`, `cost[twitter]`, and the names in `low, high`."""
    if isinstance(target, ast.Name):
        yield target.id
    elif isinstance(target, ast.Tuple | ast.List):
        for part in target.elts:
            yield from _labels(part)
    elif (
        isinstance(target, ast.Subscript)
        and isinstance(target.value, ast.Name)
        and isinstance(target.slice, ast.Constant)
        and isinstance(target.slice.value, str | int | float)
    ):
        yield f"{target.value.id}[{target.slice.value}]"


def _blocks(statement: ast.stmt, *, local: bool = False) -> Iterator[list[ast.stmt]]:
    """The blocks of a compound statement; `local` ones of functions and classes only if asked."""
    if isinstance(statement, ast.Assign | ast.Expr):
        return  # nearly all lines of a model
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not local:
        return
    for field in ("body", "orelse", "finalbody"):
        block = getattr(statement, field, None)
        if isinstance(block, list):
            yield block
    for part in [*getattr(statement, "handlers", []), *getattr(statement, "cases", [])]:
        yield part.body
