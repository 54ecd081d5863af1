"""A model file that says what a sheet says."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, final

from guessmodel.distributions.spelled import constructor
from guessmodel.errors import GuessmodelError
from guessmodel.interop.guesstimate.cells import Data, Formula, Point, Proportion, Range
from guessmodel.interop.guesstimate.converting import Converter, number
from guessmodel.interop.guesstimate.dropping import dropping, hidden_in_choices
from guessmodel.interop.guesstimate.functions import FUNCTIONS
from guessmodel.interop.guesstimate.reading import RawCell
from guessmodel.interop.guesstimate.refusals import Refusal, Refused
from guessmodel.interop.guesstimate.sheet import Entry, Sheet
from guessmodel.interop.identifiers import Identifiers
from guessmodel.interop.python_text import (
    WIDTH,
    Atom,
    Binary,
    Call,
    Expression,
    comment,
    docstring,
    filled,
    heading,
    in_quotes,
    laid_out,
    longest_part,
    number_text,
    quoted,
    replaced,
    table_of_numbers,
)

__all__ = ["Remark", "Written", "written"]

_CYCLED: Final = 5_000  # draws of Guesstimate's, beyond which data are not used


@final
@dataclass(frozen=True, slots=True)
class Remark:
    """What is not as one would expect, and in which cell."""

    cell: str
    text: str


@final
@dataclass(frozen=True, slots=True)
class Written:
    """The text of a model file, and what is to be said of it."""

    lines: tuple[str, ...]
    names: Mapping[str, str]
    """By the id of a cell its name in the file."""
    quantities: Mapping[str, str]
    """By the id of a cell its name in the model."""
    remarks: tuple[Remark, ...]
    refusals: tuple[Refusal, ...]
    cells: Mapping[int, str]
    """By the number of a line of `lines`, from 0, the id of the cell that it is of."""
    imports: tuple[str, ...]
    calculators: tuple[str, ...]

    def text(self, title: str, below: Sequence[str] = ()) -> str:
        """The whole file; `below` are lines for the end of its description."""
        about = filled(title)
        about += ["", "Imported from Guesstimate by guessmodel."]
        for note in self.calculators:
            about += ["", *filled(note)]
        if below:
            about += ["", *below]
        lines = self.lines if self.lines[:1] == ("",) else ("", *self.lines)
        return "\n".join([*quoted(about), "", *self.imports, *lines, ""])


def written(sheet: Sheet, *, faithful: bool = False) -> Written:
    """The model file of a sheet, and the cells that there is no model for."""
    return _Writer(sheet, faithful).written()


@final
@dataclass(slots=True)
class _Statement:
    """What one cell becomes."""

    lines: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


@final
class _Writer:
    def __init__(self, sheet: Sheet, faithful: bool) -> None:
        self.sheet = sheet
        self.faithful = faithful
        self.identifiers = Identifiers()
        self.entries = {entry.cell.id: entry for entry in sheet.entries}
        self.names = {
            entry.cell.id: self.identifiers.of(entry.cell.name, entry.cell.readable_id)
            for entry in sorted(sheet.entries, key=lambda e: (e.cell.row, e.cell.column))
        }
        self.imports: set[str] = set()
        self.remarks: list[Remark] = []
        self.refusals: list[Refusal] = []
        self.joint = dict(self._joint())
        self.dropping = dropping(sheet.entries)
        self.now = _Statement()

    def written(self) -> Written:
        lines: list[str] = []
        cells: dict[int, str] = {}
        row: int | None = None
        titles = sorted(self.sheet.titles, key=lambda cell: (cell.row, cell.column))
        several = len({entry.cell.row for entry in self.sheet.entries}) > 1 or bool(titles)
        done: set[int] = set()
        joined: set[str] = set()
        for entry in self.sheet.entries:
            if entry.cell.row != row:
                row = entry.cell.row
                if several:
                    above = [t for t in titles if t.row <= row]
                    titles = titles[len(above) :]
                    lines += self._section(entry, above, again=row in done)
                done.add(row)
            statement = self._statement(entry, joined)
            begin = len(lines)
            lines += statement.lines
            cells.update(dict.fromkeys(range(begin, len(lines)), entry.cell.id))
        for cell in titles:
            lines += ["", *comment(cell.name)]
        standard = [f"import {name}" for name in sorted(self.imports - {"numpy"})]
        standard += [""] if standard else []
        foreign = ["import numpy as np", ""] if "numpy" in self.imports else []
        return Written(
            tuple(lines),
            self.names,
            {id: self._in_model(id) for id in self.names},
            tuple(self.remarks),
            tuple(self.refusals),
            cells,
            (*standard, *foreign, "import guessmodel as gm"),
            tuple(self._calculators()),
        )

    def _in_model(self, id: str) -> str:
        name = self.names[id]
        return f"{self.joint[id][0]}[{name}]" if id in self.joint else name

    # --- sections ---------------------------------------------------------------------------------

    def _section(self, entry: Entry, titles: Sequence[RawCell], *, again: bool) -> list[str]:
        row = entry.cell.row
        own = [title.name for title in titles if title.row == row]
        above = [title.name for title in titles if title.row < row]
        if not own and above:  # the title of a row that has nothing else
            own = [above.pop()]
        lines = [line for name in above for line in ("", *comment(name))]
        name = " · ".join(own) or ("Facts" if row < 0 else f"Row {row + 1}")
        return [*lines, "", heading(f"{name}, continued" if again else name), ""]

    def _calculators(self) -> Iterator[str]:
        for each in self.sheet.raw.calculators:
            parts = [each.content if each.content[-1:] in ".!?" else f"{each.content}."]
            parts = parts if each.content else []
            for what, ids in (("asks for", each.inputs), ("shows", each.outputs)):
                known = [self.names[id] for id in ids if id in self.names]
                if known:
                    parts.append(f"It {what} {', '.join(known)}.")
            yield " ".join([f"Calculator “{each.title or 'without a title'}”.", *parts])

    # --- cells ------------------------------------------------------------------------------------

    def _statement(self, entry: Entry, joined: set[str]) -> _Statement:
        cell = entry.cell
        self.now = now = _Statement()
        try:
            if isinstance(entry.value, Data):
                body = self._data(cell, entry.value, joined)
            else:
                name = self.names[cell.id]
                body = self._assigned(name, self._expression(entry))
        except Refused as why:
            self.refusals.append(Refusal(cell.label, cell.text, why.column, why.reason))
            return now
        notes = list(dict.fromkeys(now.remarks))
        self.remarks += [Remark(cell.label, note) for note in notes]
        comments = [line for note in notes for line in comment(note)]
        now.lines = [*comments, *now.lines, *body, *docstring(self._doc(cell))]
        return now

    def _doc(self, cell: RawCell) -> str:
        """What the name in the file does not say."""
        name = cell.name
        words = "_".join(name.replace("-", " ").casefold().split())
        if words == self.names[cell.id].rstrip("_") and not cell.description:
            name = ""
        return "\n".join(filter(None, (name, cell.description)))

    def _remark(self, text: str) -> None:
        self.now.remarks.append(text)

    def _expression(self, entry: Entry) -> Expression:
        value = entry.value
        if isinstance(value, Point):
            return Call("gm.constant", (("", number(self._read(value)).expression),))
        if isinstance(value, Range):
            return self._range(value)
        if isinstance(value, Proportion):
            return self._proportion(value)
        assert isinstance(value, Formula) and entry.node is not None
        return self._formula(entry)

    def _read(self, point: Point) -> float:
        """A number as it is meant, or as the original takes it."""
        if point.number == point.original:
            return point.number
        if self.faithful:
            return point.original
        meant, other = f"{point.number:,.15g}", number_text(point.original)
        self._remark(f"{meant} is {meant} here; Guesstimate reads {other}")
        return point.number

    def _range(self, value: Range) -> Expression:
        low, high = self._read(value.low), self._read(value.high)
        if low == high:
            self._remark("a range without width is a constant")
            return Call("gm.constant", (("", number(low).expression),))
        family = value.family
        if family == "lognormal" and low <= 0.0:  # pragma: no cover
            family = "normal"
        arguments = tuple(("", number(x).expression) for x in (low, high))
        self._check(family, (low, high))
        return Call(f"gm.{family}", arguments)

    def _check(self, family: str, numbers: Sequence[float]) -> None:
        try:
            constructor(family)(*numbers)
        except GuessmodelError as error:
            raise Refused(error.message.splitlines()[0]) from None

    def _proportion(self, value: Proportion) -> Expression:
        hits, total = self._read(value.hits), self._read(value.total)
        if not 0.0 < hits < total:
            raise Refused("as Guesstimate reads them, the hits are not below the total")
        counts = number_text(hits), number_text(total)
        self._remark(
            f"{counts[0]} of {counts[1]} is beta(2 × {counts[0]}, 2 × ({counts[1]} - {counts[0]})) "
            "in Guesstimate, and here"
        )
        alpha, beta = number(2.0 * hits), number(2.0 * (total - hits))
        return Call("gm.beta", (("alpha", alpha.expression), ("beta", beta.expression)))

    def _formula(self, entry: Entry) -> Expression:
        assert entry.node is not None
        hidden = hidden_in_choices(entry.node, self.dropping)
        converter = Converter(
            FUNCTIONS,
            self.names,
            self._is_whole,
            self.faithful,
            lambda word, value: self._helper(entry, word, value),
            self._remark,
            self.imports,
            root=None if hidden else entry.node,
        )
        try:
            found = converter.convert(entry.node)
        except RecursionError:  # pragma: no cover  # the depth of formulas is bounded
            raise Refused("the formula has too many operations inside each other") from None
        if hidden:
            names = ", ".join(self.names[id] for id in hidden)
            self._remark(f"0 * …: a draw that is dropped of {names} is dropped here too")
            whole = found.expression
            for id in hidden:
                nothing = Binary("*", number(0.0).expression, Atom(self.names[id]))
                whole = Binary("+", whole, nothing)
            return whole
        if found.value is not None:
            return Call("gm.constant", (("", found.expression),))
        if isinstance(found.expression, Atom):  # another name would be the same quantity
            return Binary("*", number(1.0).expression, found.expression)
        return found.expression

    def _is_whole(self, id: str) -> bool:
        value = self.entries[id].value
        return isinstance(value, Point) and self._whole_number(value)

    def _whole_number(self, point: Point) -> bool:
        return (point.original if self.faithful else point.number).is_integer()

    def _helper(self, entry: Entry, word: str, value: Expression) -> Atom:
        """A name for a part of a formula, which is left out of tables."""
        base = f"_{self.names[entry.cell.id][: 34 - len(word)].rstrip('_')}_{word}"
        name = self.identifiers.free(base)
        self.now.lines += self._assigned(name, value, base)
        return Atom(name)

    def _assigned(self, name: str, value: Expression, base: str | None = None) -> list[str]:
        """The lines of an assignment; parts that are too long for a line get names of their own."""
        before: list[str] = []
        base = base or f"_{name[:28]}_part"
        while (lines := laid_out(name, value)) is None:
            part = longest_part(value)
            if part is None:  # pragma: no cover  # names are short enough for any line
                raise Refused("the formula does not fit into lines")
            helper = self.identifiers.free(base)
            before += self._assigned(helper, part, base)
            value = replaced(value, part, Atom(helper))
        return [*before, *lines]

    # --- data -------------------------------------------------------------------------------------

    def _joint(self) -> Iterator[tuple[str, tuple[str, tuple[str, ...], int]]]:
        """For each cell of data that goes with others: the name of their table, all its cells, and
        how many rows it has. Cells of equal length go row by row."""
        lengths: dict[int, list[str]] = defaultdict(list)
        for entry in sorted(self.sheet.entries, key=lambda e: (e.cell.row, e.cell.column)):
            if isinstance(entry.value, Data) and len(entry.value.values) > 1:
                lengths[len(entry.value.values)].append(entry.cell.id)
        groups = dict(lengths)
        if self.faithful and groups:
            together = math.lcm(*groups)
            if together <= _CYCLED:
                groups = {together: [id for ids in groups.values() for id in ids]}
        groups = {count: ids for count, ids in groups.items() if len(ids) > 1}
        for count, ids in groups.items():
            table = "rows" if len(groups) == 1 else f"rows_of_{count}"
            table = self.identifiers.free(table)
            for id in ids:
                yield id, (table, tuple(ids), count)

    def _data(self, cell: RawCell, data: Data, joined: set[str]) -> list[str]:
        name = self.names[cell.id]
        values = data.values
        if len(values) == 1:
            value = Call("gm.constant", (("", number(values[0]).expression),))
            return self._assigned(name, value)
        if len(values) > _CYCLED:
            self._remark(f"Guesstimate uses the first {_CYCLED:,} of the {len(values):,} data")
        if cell.id not in self.joint:
            self._remark("the data are drawn at random; Guesstimate uses them in order")
            return self._table(f"{name} = gm.empirical(", {"": values}, "")
        table, ids, count = self.joint[cell.id]
        lines: list[str] = []
        if table not in joined:
            joined.add(table)
            self._remark(
                f"data of {count:,} rows go together row by row, as in Guesstimate, which uses "
                "them in order; here rows are drawn at random"
            )
            columns = {self.names[id]: self._column(id, count) for id in ids}
            lines = self._table(f"{table} = gm.empirical(", columns, table)
        return [*lines, f"{name} = {table}[{in_quotes(name)}]"]

    def _column(self, id: str, count: int) -> tuple[float, ...]:
        value = self.entries[id].value
        assert isinstance(value, Data)
        return value.values * (count // len(value.values))

    def _table(self, head: str, columns: Mapping[str, Sequence[float]], name: str) -> list[str]:
        """A call with lists of numbers, in filled lines where they are long."""
        texts = {key: ", ".join(map(number_text, values)) for key, values in columns.items()}
        if list(columns) == [""]:
            line = f"{head}[{texts['']}])"
            if len(line) <= WIDTH:
                return [line]
            body = ["    [", *table_of_numbers(columns[""], " " * 8), "    ]", ")"]
            return ["# fmt: off", head, *body, "# fmt: on"]
        entries = [f"        {in_quotes(key)}: [{text}]," for key, text in texts.items()]
        foot = [f"    name={in_quotes(name)},", ")"]
        if max(map(len, entries)) <= WIDTH:
            return [head, "    {", *entries, "    },", *foot]
        body = []
        for key, values in columns.items():
            body += [
                f"        {in_quotes(key)}: [",
                *table_of_numbers(values, " " * 12),
                "        ],",
            ]
        return ["# fmt: off", head, "    {", *body, "    },", *foot, "# fmt: on"]
