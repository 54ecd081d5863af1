"""What the model file has to say of values: which get names, and which are only worked with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import final

from guessmodel.interop.squiggle.comments import joined
from guessmodel.interop.squiggle.interpreter import Description
from guessmodel.interop.squiggle.names import path_name
from guessmodel.interop.squiggle.nodes import Node
from guessmodel.interop.squiggle.refusals import Refusal
from guessmodel.interop.squiggle.values import (
    Closure,
    Dict,
    Dist,
    List,
    Num,
    Picture,
    Poison,
    Str,
    Value,
    kind,
)
from guessmodel.interop.squiggle.writer import Assignment, Function

__all__ = ["Binder", "Script"]


@final
@dataclass(slots=True)
class Script:
    """What came of a script."""

    assignments: list[Assignment] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    remarks: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)
    headlines: list[Node] = field(default_factory=list)  # distributions that its last value has
    functions: list[Function] = field(default_factory=list)  # that nothing calls
    unused: list[str] = field(default_factory=list)  # others that nothing calls, and why not
    unwritten: list[str] = field(default_factory=list)  # texts, dates, lists of plain numbers
    values: dict[str, Value] = field(default_factory=dict)  # by name, and the last one as "result"


@final
class Binder:
    """Gives values names in the model file, dicts and lists member by member."""

    def __init__(self, script: Script, descriptions: Mapping[Node, Description]) -> None:
        self._script = script
        self._descriptions = descriptions

    def bind(
        self,
        path: tuple[str, ...],
        value: Value,
        doc: str = "",
        comments: Sequence[str] = (),
        of_entries: Mapping[tuple[str, ...], Sequence[str]] | None = None,
        *,
        last: bool = False,
    ) -> None:
        """Give a value a name, or its members. The `last` value of a script needs none where it
        has one already."""
        if isinstance(value, Num | Dist):
            node = value.node
            known = self._descriptions.get(node)
            if known is not None:
                doc = doc or joined(known.title, known.text)
            if not (last and node.bound):
                node.bind()
                node.hint = node.hint or path[-1]  # for copies of it
                self._script.assignments.append(Assignment(path, node, doc, list(comments)))
        elif isinstance(value, Dict | List):
            heading = [*comments, *([doc] if doc else [])]
            self._members(path, value, heading, of_entries or {}, last=last)
        elif not isinstance(value, Closure | Picture | Poison):
            self._script.unwritten.append(f"{'.'.join(path)} ({kind(value)})")

    def _members(
        self,
        path: tuple[str, ...],
        value: Dict | List,
        heading: Sequence[str],
        of_entries: Mapping[tuple[str, ...], Sequence[str]],
        *,
        last: bool,
    ) -> None:
        if isinstance(value, List) and value.items and all(map(_is_data, value.items)):
            self._script.unwritten.append(f"{'.'.join(path)} (List of numbers or texts)")
            return
        if isinstance(value, Dict):
            members = list(value.items.items())
        else:
            members = list(zip(_labels(value), value.items, strict=True))
        for key, member in members:
            if isinstance(member, Num | Dist) and member.node.bound:
                continue
            if isinstance(member, Num | Dist | Dict | List):
                before = len(self._script.assignments)
                inner = (*path, key)
                comments = [*heading, *of_entries.get(inner, ())]
                self.bind(inner, member, "", comments, of_entries, last=last)
                if len(self._script.assignments) > before:
                    heading = ()


def _labels(value: List) -> list[str]:
    """What the members of a list are called: by their names, where they are dicts that have some,
    else by their index."""
    for key in ("name", "id", "title", "label"):
        names = [item.items.get(key) for item in value.items if isinstance(item, Dict)]
        texts = [name.value for name in names if isinstance(name, Str)]
        if len(texts) == len(value.items) == len({path_name(text) for text in texts}):
            return texts
    return [str(i) for i in range(len(value.items))]


def _is_data(value: Value) -> bool:
    """Whether a member of a list is a number or text that the script only works with."""
    if isinstance(value, Num):
        return value.node.plain and not value.node.note
    if isinstance(value, List):
        return all(map(_is_data, value.items))
    return not isinstance(value, Dist | Dict)
