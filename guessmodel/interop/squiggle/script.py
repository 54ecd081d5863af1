"""A script and the files that it imports → what its model file has to say.

A statement that is refused does not keep the others from being looked at, so that all refusals
are told at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Final, final

from guessmodel.interop.squiggle.algebra import mention
from guessmodel.interop.squiggle.binding import Binder, Script
from guessmodel.interop.squiggle.comments import Comments, joined
from guessmodel.interop.squiggle.interpreter import Interpreter, hint
from guessmodel.interop.squiggle.nodes import Node, limited, parameter
from guessmodel.interop.squiggle.parse import parse
from guessmodel.interop.squiggle.refusals import Refusal, Refused
from guessmodel.interop.squiggle.syntax import Import, Place, Statement
from guessmodel.interop.squiggle.values import (
    Closure,
    Dict,
    Dist,
    List,
    Num,
    Poison,
    Scope,
    Value,
    kind,
)
from guessmodel.interop.squiggle.writer import Function

__all__ = ["Reader", "Script", "read_script"]

MOST_FILES: Final = 20
_MOST_TOLD: Final = 8  # distributions of its last value that a script is about

Reader = Callable[[str], str]
"""The text of a file beside the script, by its name. Raises Refused where there is none."""


def read_script(text: str, reader: Reader) -> Script:
    """Run a script. Refusals are in the result, with their places."""
    return _Run(reader).whole(text)


@final
class _Run:
    """One import: the script, and the files that it imports."""

    def __init__(self, reader: Reader) -> None:
        self.interpreter = Interpreter()
        self.script = Script()
        self._reader = reader
        self._open: list[str] = []
        self._exports: dict[str, Dict] = {}

    def whole(self, text: str) -> Script:
        script = self.script
        try:
            with limited():
                main = _File(self, text)
                main.statements()
                main.last()
                main.unused()
                script.values = main.values
        except Refused as refused:
            self.refuse(refused, "")
        script.remarks = self.interpreter.remarks
        script.dropped = self.interpreter.dropped
        return script

    def refuse(self, refused: Refused, file: str) -> None:
        if not refused.silent:
            place = refused.place or Place(1, 1)
            self.script.refusals.append(Refusal(place, refused.reason, file))

    def imported(self, import_: Import) -> Dict:
        """What another file exports. It is run once, whoever imports it."""
        name = import_.path
        if re.fullmatch(r"(\./)?[^/\\:\0]+", name) is None:
            raise Refused(
                f"{name[:80]!r} is not a file of the script's own folder; put a copy beside it, "
                'and write "./NAME.squiggle"'
            )
        name = name.removeprefix("./")
        if name in self._open:
            raise Refused(f"{name} imports itself")
        if name not in self._exports:
            if len(self._exports) >= MOST_FILES:
                raise Refused(f"more than {MOST_FILES} files are imported")
            text = self._reader(name)
            self._open.append(name)
            try:
                file = _File(self, text, name, import_.name)
                file.statements()
                self._exports[name] = Dict(file.exports)
            except Refused as refused:
                self.refuse(refused, name)
                raise Refused(f"{name} was refused", silent=True, final=refused.final) from None
            finally:
                self._open.pop()
        return self._exports[name]


@final
class _File:
    """A file in the course of an import; `prefix` is what the script calls another file."""

    def __init__(self, run: _Run, text: str, name: str = "", prefix: str = "") -> None:
        self.values: dict[str, Value] = {}
        self.exports: dict[str, Value] = {}
        self._run = run
        self._name = name
        self._prefix = (prefix,) if prefix else ()
        self._program = parse(text)
        self._comments = Comments(self._program)
        self._scope = Scope()
        self._docs: dict[str, tuple[str, list[str]]] = {}
        self._binder = Binder(run.script, run.interpreter.descriptions)

    def statements(self) -> None:
        """Run imports and statements, one after the other."""
        for import_ in self._program.imports:
            value = self._attempt(partial(self._imported, import_))
            self._scope = self._scope.bound(import_.name, value, hides=False)
        for statement in self._program.statements:
            value = self._attempt(partial(self._statement, statement))
            hides = self._run.interpreter.means(statement.name)
            self._scope = self._scope.bound(statement.name, value, hides=hides)
            self.values[statement.name] = value
            if statement.exported:
                self.exports[statement.name] = value

    def last(self) -> None:
        """Run the expression at the end, whose value is the script's."""
        expression = self._program.value
        if expression is not None:
            value = self._attempt(partial(self._run.interpreter.value, expression, self._scope))
            self._binder.bind(("result",), value, last=True)
            self._run.script.headlines = list(dict.fromkeys(_distributions(value)))[:_MOST_TOLD]
            self.values["result"] = value

    def unused(self) -> None:
        """Write functions that nothing calls as functions, where one can be made of them."""
        called = set(self._run.interpreter.called)
        for name, value in self.values.items():
            if isinstance(value, Closure) and id(value.code) not in called:
                parameters = [parameter(one.name) for one in value.code.parameters]
                try:
                    gives = self._given(value, parameters)
                except Refused as refused:
                    if not refused.silent:
                        self._run.script.unused.append(f"{name} ({refused.reason})")
                    continue
                doc, comments = self._docs.get(name, ("", []))
                function = Function(name, parameters, gives, doc, comments)
                self._run.script.functions.append(function)

    def _given(self, function: Closure, parameters: list[Node]) -> dict[str, Node]:
        """What a function gives for parameters that are not known, by key if it is a dict."""
        arguments = [Dist(node, single=True) for node in parameters]
        result = self._run.interpreter.call(function, arguments)
        members: dict[str, Value] = {"": result}
        if isinstance(result, Dict) and result.items and "" not in result.items:
            members = result.items
        gives = {}
        for key, member in members.items():
            if not isinstance(member, Num | Dist):
                raise Refused(f"it gives a {kind(member)}")
            gives[key] = mention(member)
        return gives

    def _attempt(self, action: Callable[[], Value]) -> Value:
        try:
            return action()
        except Refused as refused:
            self._run.refuse(refused, self._name)
            if refused.final:
                raise Refused("", silent=True, final=True) from None
            return Poison()

    def _imported(self, import_: Import) -> Value:
        try:
            return self._run.imported(import_)
        except Refused as refused:
            raise refused.at(import_.place) from None

    def _statement(self, statement: Statement) -> Value:
        comments = self._comments.of(statement)
        path = (*self._prefix, statement.name)
        of_entries = self._comments.of_entries(statement.value, path)
        value, description = self._run.interpreter.assigned(statement, self._scope)
        doc = joined(description.title, description.text)
        if statement.unit is not None:
            self._run.interpreter.dropped[":: units"] += 1
        self._docs[statement.name] = (doc, comments)
        if self._prefix and not statement.exported:
            hint(value, statement.name)
        else:
            self._binder.bind(path, value, doc, comments, of_entries)
        return value


def _distributions(value: Value) -> Iterator[Node]:
    if isinstance(value, Dist):
        yield value.node
    elif isinstance(value, Dict | List):
        members = value.items.values() if isinstance(value, Dict) else value.items
        for member in members:
            yield from _distributions(member)
