"""A sheet whose cells are understood: values, formulas, and the order in which they depend."""

from __future__ import annotations

import heapq
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, final

from guessmodel.errors import UsageError, did_you_mean
from guessmodel.interop.guesstimate.cells import Formula, Nothing, Value, value_of
from guessmodel.interop.guesstimate.formulas import Applied, Items, Node, Reference, parse_formula
from guessmodel.interop.guesstimate.reading import RawCell, RawSheet
from guessmodel.interop.guesstimate.refusals import Refusal, Refused

__all__ = ["Entry", "Sheet", "understood"]

_REFERENCE: Final = re.compile(r"\$\{(metric|fact):([^{}]*)\}")


@final
@dataclass(frozen=True, slots=True)
class Entry:
    """A cell and what it says; `node` is its formula, where it has one."""

    cell: RawCell
    value: Value
    node: Node | None = None

    @property
    def inputs(self) -> tuple[str, ...]:
        """Ids of the cells that its formula uses, in order of appearance."""
        return () if self.node is None else tuple(dict.fromkeys(_cells_of(self.node)))


@final
@dataclass(frozen=True, slots=True)
class Sheet:
    """Entries in an order in which each follows those that it uses; rows stay together where they
    can."""

    raw: RawSheet
    entries: tuple[Entry, ...]
    titles: tuple[RawCell, ...]
    """Cells that have a name and no value."""
    facts: frozenset[str]
    """Ids of the entries that are facts."""


def understood(
    raw: RawSheet, facts: Mapping[str, str], known: Callable[[str], bool]
) -> tuple[Sheet, list[Refusal]]:
    """The sheet, and the cells that cannot be read; `facts` are values by name, `known` tells which
    names are functions.

    Raises UsageError for a fact that the sheet does not mention.
    """
    reader = _Reader(raw, facts, known)
    for cell in raw.cells:
        reader.read(cell)
    unused = facts.keys() - reader.mentioned
    if unused:
        name = sorted(unused)[0]
        hint = did_you_mean(name, sorted(reader.mentioned))
        raise UsageError(f"the sheet mentions no fact '{name}'{hint}")
    entries, cycles = _ordered(_complete(reader.entries))
    return Sheet(raw, entries, tuple(reader.titles), frozenset(reader.facts.values())), [
        *reader.refusals,
        *cycles,
    ]


@final
class _Reader:
    def __init__(
        self, raw: RawSheet, facts: Mapping[str, str], known: Callable[[str], bool]
    ) -> None:
        self.raw = raw
        self.given = facts
        self.known = known
        self.valued = {cell.id for cell in raw.cells if cell.text.strip() or cell.data}
        self.labels = {cell.id: cell.label for cell in raw.cells}
        self.readable = {cell.readable_id: cell.id for cell in raw.cells if cell.readable_id}
        self.entries: dict[str, Entry] = {}
        self.titles: list[RawCell] = []
        self.refusals: list[Refusal] = []
        self.facts: dict[str, str] = {}
        self.mentioned: set[str] = set()

    def read(self, cell: RawCell) -> None:
        try:
            if cell.bad_data and not cell.text.strip():
                raise Refused(f"the datum {cell.bad_data} is no number")
            value = value_of(cell.text, cell.data, cell.kind)
            if isinstance(value, Nothing):
                if cell.name:
                    self.titles.append(cell)
                return
            node = None
            if isinstance(value, Formula):
                node = parse_formula(value.text, self._find, self.known)
            self.entries[cell.id] = Entry(cell, value, node)
        except Refused as why:
            self.refusals.append(Refusal(cell.label, cell.text, why.column, why.reason))

    def _find(self, token: str) -> str | None:
        reference = _REFERENCE.fullmatch(token)
        if reference is not None and reference[1] == "metric":
            return self._valued(reference[2]) if reference[2] in self.labels else None
        if reference is not None:
            name, text = self.raw.facts.get(reference[2], (reference[2], ""))
            return self._fact(name, text)
        if token[0] in "@#":
            return self._fact(token[1:], "")
        if token in self.readable:
            return self._valued(self.readable[token])
        return None

    def _valued(self, id: str) -> str:
        if id not in self.valued:
            raise Refused(f"the cell {self.labels[id]} has no value")
        return id

    def _fact(self, name: str, text: str) -> str | None:
        self.mentioned.add(name)
        if not text:
            stored = (each for each in self.raw.facts.values() if each[0] == name)
            text = next(stored, ("", ""))[1]
        text = self.given.get(name, text)
        if not text:
            return None
        if name not in self.facts:
            id = f"fact:{name}"
            cell = RawCell(id, "", name, -1, len(self.facts), text)
            self.facts[name] = id
            self.labels[id] = name
            self.read(cell)
        return self.facts[name]


def _cells_of(node: Node) -> Iterator[str]:
    stack = [node]
    while stack:
        each = stack.pop()
        if isinstance(each, Reference):
            yield each.cell
        elif isinstance(each, Applied):
            stack.extend(reversed(each.arguments))
        elif isinstance(each, Items):
            stack.extend(reversed(each.items))


def _complete(entries: Mapping[str, Entry]) -> dict[str, Entry]:
    """The entries without those that use, however indirectly, a cell that cannot be read."""
    users: dict[str, list[str]] = defaultdict(list)
    lost: list[str] = []
    for id, entry in entries.items():
        for each in entry.inputs:
            users[each].append(id)
            if each not in entries:
                lost.append(id)
    gone: set[str] = set()
    while lost:
        id = lost.pop()
        if id not in gone:
            gone.add(id)
            lost += users[id]
    return {id: entry for id, entry in entries.items() if id not in gone}


def _ordered(entries: Mapping[str, Entry]) -> tuple[tuple[Entry, ...], list[Refusal]]:
    """Entries after those that they use, and a refusal for each cell of a cycle. Of what is ready a
    cell of the present row comes first, else one of the uppermost row."""
    users: dict[str, list[str]] = defaultdict(list)
    missing: dict[str, int] = {}
    for id, entry in entries.items():
        inputs = [each for each in entry.inputs if each in entries]
        missing[id] = len(inputs)
        for each in inputs:
            users[each].append(id)
    ready: dict[int, list[tuple[int, int, str]]] = defaultdict(list)
    rows: list[int] = []
    position = {id: place for place, id in enumerate(entries)}

    def add(id: str) -> None:
        cell = entries[id].cell
        if not ready[cell.row]:
            heapq.heappush(rows, cell.row)
        heapq.heappush(ready[cell.row], (cell.column, position[id], id))

    for id, count in missing.items():
        if count == 0:
            add(id)
    found: list[Entry] = []
    row: int | None = None
    while True:
        if row is None or not ready[row]:
            while rows and not ready[rows[0]]:
                heapq.heappop(rows)
            if not rows:
                break
            row = rows[0]
        id = heapq.heappop(ready[row])[2]
        found.append(entries[id])
        for user in users[id]:
            missing[user] -= 1
            if missing[user] == 0:
                add(user)
    left = {id for id, count in missing.items() if count > 0}
    return tuple(found), [_cycle(cycle, entries) for cycle in _cycles(left, entries)]


def _cycles(left: set[str], entries: Mapping[str, Entry]) -> Iterator[list[str]]:
    """Cycles among cells that wait for each other: a walk along inputs runs into each."""
    seen: set[str] = set()
    for start in entries:
        if start not in left or start in seen:
            continue
        path: list[str] = []
        place: dict[str, int] = {}
        id = start
        while id not in seen:
            seen.add(id)
            place[id] = len(path)
            path.append(id)
            id = next(each for each in entries[id].inputs if each in left)
        if id in place:
            yield path[place[id] :]


def _cycle(cycle: Sequence[str], entries: Mapping[str, Entry]) -> Refusal:
    cells = [entries[id].cell for id in cycle]
    names = [cell.label for cell in cells[:8]]
    more = ["…"] if len(cells) > 8 else []
    chain = " → ".join([*names, *more, names[0]])
    return Refusal(cells[0].label, cells[0].text, 1, f"the cells depend on each other: {chain}")
