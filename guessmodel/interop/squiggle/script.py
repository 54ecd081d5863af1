"""A script and the files that it imports → what its model file has to say.

A statement that is refused does not keep the others from being looked at, so that all refusals
are told at once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final, final

from guessmodel.interop.squiggle.algebra import mention
from guessmodel.interop.squiggle.interpreter import Interpreter
from guessmodel.interop.squiggle.nodes import parameter
from guessmodel.interop.squiggle.parse import parse
from guessmodel.interop.squiggle.refusals import Refusal, Refused
from guessmodel.interop.squiggle.syntax import Import, Place, Program, Statement
from guessmodel.interop.squiggle.values import (
    Closure,
    Dict,
    Dist,
    List,
    Num,
    Picture,
    Poison,
    Scope,
    Value,
    kind,
)
from guessmodel.interop.squiggle.writer import Assignment, Function

__all__ = ["Reader", "Script", "read_script"]

MOST_FILES: Final = 20

Reader = Callable[[str], str]
"""The text of a file beside the script, by its name. Raises Refused where there is none."""


@final
@dataclass(slots=True)
class Script:
    """What came of a script."""

    assignments: list[Assignment] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    remarks: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)
    functions: list[Function] = field(default_factory=list)  # that nothing calls
    unused: list[str] = field(default_factory=list)  # others that nothing calls, and why not
    unwritten: list[str] = field(default_factory=list)  # texts, dates, lists of plain numbers
    values: dict[str, Value] = field(default_factory=dict)  # by name, and the last one as "result"


def read_script(text: str, reader: Reader) -> Script:
    """Run a script. Refusals are in the result, with their places."""
    return _Run(reader).whole(text)


@final
class _Run:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._interpreter = Interpreter()
        self._script = Script()
        self._open: list[str] = []
        self._exports: dict[str, Value] = {}

    def whole(self, text: str) -> Script:
        script = self._script
        try:
            self._file(text, "", ())
        except Refused as refused:
            self._refuse(refused, "")
        script.remarks = self._interpreter.remarks
        script.dropped = self._interpreter.dropped
        return script

    def _refuse(self, refused: Refused, file: str) -> None:
        if not refused.silent:
            place = refused.place or Place(1, 1)
            self._script.refusals.append(Refusal(place, refused.reason, file))

    def _file(self, text: str, file: str, prefix: tuple[str, ...]) -> Dict:
        """Run a file; returns what it exports."""
        program = parse(text)
        scope = Scope()
        for import_ in program.imports:
            self._attempt(file, partial(self._import, import_, scope), scope, import_.name)
        exports: dict[str, Value] = {}
        remarks = _Comments(program)
        docs: dict[str, tuple[str, list[str]]] = {}
        for statement in program.statements:
            comments = remarks.above(statement.place.line)

            def run(statement: Statement = statement, comments: list[str] = comments) -> None:
                value, description = self._interpreter.assigned(statement, scope)
                doc = _joined(description.title, description.text)
                docs[statement.name] = (doc, comments)
                self._bind((*prefix, statement.name), value, doc, comments)
                scope.names[statement.name] = value

            self._attempt(file, run, scope, statement.name)
            if statement.exported:
                exports[statement.name] = scope.names[statement.name]
        if program.value is not None:
            expression = program.value

            def last() -> None:
                value = self._interpreter.value(expression, scope)
                self._bind((*prefix, "result"), value, "", [], final=True)
                self._script.values["result"] = value

            if not prefix:
                self._attempt(file, last, scope, "")
        if not prefix:
            self._unused(scope, docs)
            bound = {one.name for one in program.statements}
            named = {name: value for name, value in scope.names.items() if name in bound}
            self._script.values = {**named, **self._script.values}
        return Dict(exports)

    def _attempt(self, file: str, action: Callable[[], None], scope: Scope, name: str) -> None:
        try:
            action()
        except Refused as refused:
            self._refuse(refused, file)
            scope.names[name] = Poison()
            if refused.final:
                raise Refused("", silent=True, final=True) from None

    def _import(self, import_: Import, scope: Scope) -> None:
        name = import_.path
        if re.fullmatch(r"(\./)?[^/\\:]+", name) is None:
            raise Refused(
                f"{name[:80]!r} is not a file of the script's own folder; put a copy beside it, "
                'and write "./NAME.squiggle"',
                import_.place,
            )
        name = name.removeprefix("./")
        if name in self._open:
            raise Refused(f"{name} imports itself", import_.place)
        if name not in self._exports:
            if len(self._exports) >= MOST_FILES:
                raise Refused(f"more than {MOST_FILES} files are imported", import_.place)
            try:
                text = self._reader(name)
            except Refused as refused:
                raise refused.at(import_.place) from None
            self._open.append(name)
            try:
                self._exports[name] = self._file(text, name, (import_.name,))
            except Refused as refused:
                self._refuse(refused, name)
                raise Refused(f"{name} was refused", silent=True, final=refused.final) from None
            finally:
                self._open.pop()
        scope.names[import_.name] = self._exports[name]

    # --- names ------------------------------------------------------------------------------------

    def _bind(
        self,
        path: tuple[str, ...],
        value: Value,
        doc: str,
        comments: list[str],
        *,
        final: bool = False,
    ) -> None:
        """Give a value, or the members of one, names in the model file."""
        if isinstance(value, Num | Dist):
            known = self._interpreter.descriptions.get(value.node)
            if known is not None:
                doc = doc or _joined(known.title, known.text)
            if final and value.node.bound:
                return
            node = value.node
            node.bind()
            node.hint = node.hint or path[-1]  # for copies of it
            self._script.assignments.append(Assignment(path, node, doc, comments))
        elif isinstance(value, Dict | List):
            self._bind_members(path, value, doc, comments, final=final)
        elif not isinstance(value, Closure | Picture):
            self._script.unwritten.append(f"{'.'.join(path)} ({kind(value)})")

    def _bind_members(
        self,
        path: tuple[str, ...],
        value: Dict | List,
        doc: str,
        comments: list[str],
        *,
        final: bool,
    ) -> None:
        if isinstance(value, List) and value.items and all(_is_data(v) for v in value.items):
            self._script.unwritten.append(f"{'.'.join(path)} (List of numbers or texts)")
            return
        members = (
            list(value.items.items())
            if isinstance(value, Dict)
            else [(str(i), item) for i, item in enumerate(value.items)]
        )
        heading = [*comments, *([doc] if doc else [])]
        for key, member in members:
            if isinstance(member, Num | Dist) and member.node.bound:
                continue
            if not isinstance(member, Num | Dist | Dict | List):
                continue
            before = len(self._script.assignments)
            self._bind((*path, key), member, "", heading, final=final)
            if len(self._script.assignments) > before:
                heading = []

    def _unused(self, scope: Scope, docs: Mapping[str, tuple[str, list[str]]]) -> None:
        """Functions that nothing calls are written as functions, where one can be made of them."""
        called = set(self._interpreter.called)
        for name, value in scope.names.items():
            if not isinstance(value, Closure) or id(value.code) in called:
                continue
            parameters = [parameter(one.name) for one in value.code.parameters]
            try:
                arguments = [Dist(node, single=True) for node in parameters]
                result = self._interpreter.call(value, arguments)
                members = {"": result}
                if isinstance(result, Dict) and result.items and "" not in result.items:
                    members = result.items
                gives = {key: mention(_given(member)) for key, member in members.items()}
            except Refused as refused:
                if not refused.silent:
                    self._script.unused.append(f"{name} ({refused.reason})")
                continue
            doc, comments = docs.get(name, ("", []))
            self._script.functions.append(Function(name, parameters, gives, doc, comments))


def _given(value: Value) -> Num | Dist:
    """What a function gives, where one can be written of it."""
    if not isinstance(value, Num | Dist):
        raise Refused(f"it gives a {kind(value)}")
    return value


class _Comments:
    """Comments of a program, each told once: above the statement that follows."""

    def __init__(self, program: Program) -> None:
        self._waiting = list(program.comments)

    def above(self, line: int) -> list[str]:
        """Comments that end above a line, and were not told yet."""
        texts = []
        while self._waiting and self._waiting[0][0] <= line:
            texts.append(self._waiting.pop(0)[1])
        return [text for text in map(_tidied, texts) if text]


def _tidied(text: str) -> str:
    """A comment without the rules and stars that frame it."""
    lines = [re.sub(r"^[\s*/=#-]+|[\s*/=#-]+$", "", line) for line in text.splitlines()]
    return "\n".join(line for line in lines if line)


def _joined(title: str, text: str) -> str:
    if title and text:
        return f"{title.rstrip('.')}. {text}"
    return title or text


def _is_data(value: Value) -> bool:
    """Whether a member of a list is a number or text that the script only works with."""
    if isinstance(value, Num):
        return value.node.plain and not value.node.note
    if isinstance(value, List):
        return all(map(_is_data, value.items))
    return not isinstance(value, Dist | Dict)
