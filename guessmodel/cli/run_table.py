"""The table of `guessmodel run`: inputs and outputs apart, constants folded, of many months three,
labels as columns."""

from __future__ import annotations

import itertools
import re
import shutil
import sys
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final, final

from guessmodel.cli.streams import can_show, say
from guessmodel.cli.tables import LOOKED_AT, PLAIN, Table, bar, bars, histogram, show
from guessmodel.estimators.estimate import Estimate, in_a_row
from guessmodel.graph.dims import Dim, Label, titled
from guessmodel.simulation import Result, Run
from guessmodel.simulation.statistics import Statistic
from guessmodel.simulation.summary import Row, marked
from guessmodel.tables import GAP, widths

__all__ = ["Pictures", "in_short", "show_answers", "show_run", "show_wide"]

_QUANTITY: Final = "quantity"
_PARTS: Final = ("inputs", "intermediate", "outputs")
_DIGITS, _FEWER = 6, 3  # of numbers without ±
_COURSE: Final = 6  # labels of time and other numbers, beyond which not each has a line

Line = Sequence[Row]  # one row, or all labels of what has one line


def in_short(row: Row) -> bool:
    """Whether a row has a line in the short table: along a dimension of many numbers or dates, such
    as months, the first, the middle and the last one have."""
    if row.fixed:
        return True  # one line has all labels
    return not any(
        at not in (0, (len(dim) - 1) // 2, len(dim) - 1) and _is_course(dim)
        for dim, at in zip(row.dims, row.result.position, strict=True)
    )


@lru_cache  # it is asked for each label
def _is_course(dim: Dim) -> bool:
    return len(dim) > _COURSE and all(_is_point(label) for label in dim.labels)


def _is_point(label: Label) -> bool:
    """A number, or a date."""
    if isinstance(label, int | float):
        return not isinstance(label, bool)
    return isinstance(label, str) and re.fullmatch(r"\d{4}-\d\d(-\d\d.*)?", label) is not None


def _lines_of(rows: Sequence[Row], *, whole: bool) -> list[Line]:
    """The rows of each line: one, or all labels of a quantity that no draw reaches, but for an
    output whose values differ. The `whole` table has a line for each row; else helpers are left
    out, and values of a category that no draw has."""
    if whole:
        return [[row] for row in rows]
    lines: list[Line] = []
    shown = [row for row in rows if not row.helper] or rows
    for labels in _by_name([row for row in shown if not _is_unmet(row)]):
        first = labels[0]
        folded = first.fixed and not first.result.quantity.categories
        answers = first.output and not first.input and len(_values(labels)) > 1
        if folded and not answers:
            lines.append(labels)
        else:
            lines.extend([row] for row in labels)
    return lines


def _is_unmet(row: Row) -> bool:
    """Whether it is a value of a category that no draw has."""
    return bool(row.result.quantity.categories) and _value(row) == 0.0


@final
class Pictures:
    """The pictures of a table, one a row."""

    def __init__(self) -> None:
        self._drawn: dict[Result, str] = {}

    def draw(self, row: Row) -> None:
        """Draw that of a row whose draws have just been sorted, and will not stay so."""
        for drawn in row.result.counted:
            if drawn.ascending is not None and drawn.ascending.size <= LOOKED_AT:
                self._drawn[row.result] = bars(drawn.ascending)

    def of(self, row: Row, *, plain: bool) -> str:
        """A histogram; of a value of a category a bar as long as its probability."""
        if row.result.quantity.categories:
            return bar(_value(row), plain=plain)
        if (drawn := self._drawn.get(row.result)) is not None:
            return drawn.translate(PLAIN) if plain else drawn
        return histogram(row.result.preview, plain=plain)


def show_run(
    run: Run,
    all_rows: Sequence[Row],
    file: str,
    pictures: Pictures,
    *,
    whole: bool,
    parts: bool,
    left_out: int,
) -> None:
    """Print the table of a run; in `parts`, or in one where quantities were named. So many rows
    were `left_out` by `in_short`."""
    lines = _lines_of(all_rows, whole=whole)
    split = _parts(lines) if parts else {_QUANTITY: lines}
    _heading(run, file)
    _show(split, pictures)
    _say_rest(all_rows, lines)
    if left_out:
        say(
            f"{left_out} rows between the first, the middle and the last label are left out; --all "
            "shows them"
        )


def show_wide(
    run: Run, all_rows: Sequence[Row], file: str, name: str, statistic: Statistic, *, whole: bool
) -> None:
    """Print one statistic of labelled quantities, one line a quantity and one column a label of
    the last dimension; of all others the usual table."""
    lines = [[row] for row in all_rows if whole or not row.helper]
    single = [line for line in lines if not line[0].labels]
    tables: dict[tuple[tuple[str, ...], tuple[Label, ...]], list[tuple[str, ...]]] = {}
    below: list[Row] = []
    told: list[tuple[str, Estimate | None]] = []
    for rows in _by_name([line[0] for line in lines if line[0].labels]):
        dims, labels = tuple(rows[0].labels), _last_labels(rows)
        for start in range(0, len(rows), len(labels)):
            across = rows[start : start + len(labels)]
            estimates = [_asked(each, statistic) for each in across]
            below.extend(across)
            told += [(row.title, e) for row, e in zip(across, estimates, strict=True)]
            tables.setdefault((dims, labels), []).append(_across(across[0], estimates))
    _heading(run, file)
    if single:
        _show(_parts(single), Pictures())
    for k, ((dims, labels), body) in enumerate(tables.items()):
        if single or k:
            say()
        header = (f"{name} by {', '.join(dims)}", "unit", *map(str, labels))
        for columns in _chunks(header, body):
            cells = tuple(tuple(row[i] for i in columns) for row in body)
            show([Table(tuple(header[i] for i in columns), cells, frozenset({0, 1}))], sys.stdout)
    _say_notes(told)
    _say_rest(all_rows, [*single, *([row] for row in below)])


def show_answers(cells: Sequence[Sequence[str]], run: Run | None = None, file: str = "") -> None:
    """Print the headlines of a model, below its table, or of a run by themselves."""
    if run is None:
        say()
    else:
        _heading(run, file)
    header, *body = (tuple(row) for row in cells)
    show([Table(header, tuple(body), frozenset({0, 1, 2}))], sys.stdout)


# --- lines and cells ----------------------------------------------------------------------------


def _heading(run: Run, file: str) -> None:
    say(f"{file}: {run.heading}")
    say()


def _by_name(rows: Sequence[Row]) -> list[list[Row]]:
    """Rows of one quantity together."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.name, []).append(row)
    return list(found.values())


def _parts(lines: Sequence[Line]) -> Mapping[str, Sequence[Line]]:
    """Inputs, what lies between, and outputs; under one name where there is one part only."""
    found: dict[str, list[Line]] = {name: [] for name in _PARTS}
    for line in lines:
        row = line[0]
        found[_PARTS[0] if row.input else _PARTS[2] if row.output else _PARTS[1]].append(line)
    there = {name: part for name, part in found.items() if part}
    return there if len(there) > 1 else {_QUANTITY: lines}


def _show(parts: Mapping[str, Sequence[Line]], pictures: Pictures) -> None:
    """One table: the first part has the header, each other one a line with its name."""
    plain = not can_show("█", sys.stdout)
    lines = [line for part in parts.values() for line in part]
    drawn = [pictures.of(line[0], plain=plain) for line in lines]
    first, *others = parts
    starts, at = {}, len(parts[first])
    for name in others:
        starts[at] = name
        at += len(parts[name])
    asked = lines[0][0].asked
    percentiles = (5.0, 50.0, 95.0) if asked is None else tuple(asked)

    def layout(digits: int, *, pictured: bool) -> Table:
        rows: list[tuple[str, ...]] = []
        bold = set()
        for i, line in enumerate(lines):
            cells = _cells(line, digits)
            if pictured:
                cells = (*cells, drawn[i])
            if i in starts:
                rows += [("",) * len(cells), (starts[i], *[""] * (len(cells) - 1))]
            if line[0].output:
                bold.add(len(rows))
            rows.append(cells)
        header = (first, "unit", "mean", *(f"{p:g}%" for p in percentiles), "")[: len(rows[0])]
        return Table(header, tuple(rows), frozenset({0, 1}), frozenset(bold))

    kinds = itertools.product((_DIGITS, _FEWER), (True, False))
    show((layout(digits, pictured=pictured) for digits, pictured in kinds), sys.stdout)
    rows_shown = [row for line in lines for row in line]
    _say_notes([(row.title, estimate) for row in rows_shown for estimate in row.shown])


def _say_rest(all_rows: Sequence[Row], lines: Sequence[Line]) -> None:
    shown = {row.name for line in lines for row in line}
    names = len({row.name for row in all_rows} - shown)
    if names:
        say(f"{names} helper{'s are' if names > 1 else ' is'} left out; --all shows them")
    there = {id(row) for line in lines for row in line}
    unmet = sum(_is_unmet(row) and row.name in shown and id(row) not in there for row in all_rows)
    if unmet:
        rows = (
            f"{unmet} labels that no draw has are" if unmet > 1 else "1 label that no draw has is"
        )
        say(f"{rows} left out; --all shows them")


def _cells(line: Line, digits: int) -> tuple[str, ...]:
    """Name, unit and statistics; these in fewer digits, which need no ±, where it is narrow.

    Of several labels: the value that all have, else the first and the last if they rise or fall all
    the way, else the least and the greatest.
    """
    row, last = line[0], line[-1]
    cells = [_cell(estimate, text) for estimate, text in row.numbers(digits)]
    title = row.title
    if last is not row:
        ends = (", ".join(map(str, each.labels.values())) for each in (row, last))
        title = " ".join(f"{row.name}[{'…'.join(ends)}]".splitlines())
        there = [each for each in line if each.mean is not None] or [row]
        cells = [_cell(estimate, text) for estimate, text in there[0].numbers(digits)]
        if len(_values(line)) > 1:
            cells = [_ends(there, digits), *[""] * (len(cells) - 1)]
    return f"{title} *" if row.output else title, row.unit, *cells


def _ends(line: Line, digits: int) -> str:
    rising = sorted(line, key=_value)
    on_the_way = [_value(row) for row in line] in (
        [_value(row) for row in rising],
        [_value(row) for row in reversed(rising)],
    )
    ends = (line[0], line[-1]) if on_the_way else (rising[0], rising[-1])
    return (" … " if on_the_way else " to ").join(row.numbers(digits)[0][1] for row in ends)


def _value(row: Row) -> float:
    return 0.0 if row.mean is None else row.mean.value


def _values(line: Line) -> set[float]:
    return {each.mean.value for each in line if each.mean is not None}


def _cell(estimate: Estimate | None, text: str) -> str:
    return "" if estimate is None else marked(estimate, text)


def _say_notes(told: Sequence[tuple[str, Estimate | None]]) -> None:
    """What the marks mean: one line a reservation, with the quantities that it is about."""
    about: dict[str, list[str]] = {}
    for title, estimate in told:
        if estimate is not None and estimate.note is not None:
            about.setdefault(estimate.note, []).append(title)
    for note, titles in about.items():
        say(f"! {', '.join(dict.fromkeys(titles))}: {note}")


# --- labels as columns --------------------------------------------------------------------------


def _last_labels(rows: Sequence[Row]) -> tuple[Label, ...]:
    """Labels of the last dimension, in the order of the rows."""
    return tuple(dict.fromkeys(list(row.labels.values())[-1] for row in rows))


def _across(row: Row, estimates: Sequence[Estimate | None]) -> tuple[str, ...]:
    """Name, unit, and the statistic at each label of the last dimension, of which `row` is one."""
    title = titled(row.name, list(row.labels.values())[:-1])
    there = [estimate for estimate in estimates if estimate is not None]
    texts = iter(in_a_row(beside=there, digits=_FEWER))
    unit = there[0].unit if there else row.unit
    cells = ["" if estimate is None else _cell(estimate, next(texts)) for estimate in estimates]
    return f"{title} *" if row.output else title, unit or row.unit, *cells


def _asked(row: Row, statistic: Statistic) -> Estimate | None:
    if row.result.quantity.categories:
        return row.mean  # the probability of the category
    return statistic(row.result) if row.result.applicable else None


def _chunks(header: Sequence[str], body: Sequence[Sequence[str]]) -> list[list[int]]:
    """Columns that fit beside name and unit: all in a file, on a terminal what has room."""
    if not sys.stdout.isatty():
        return [list(range(len(header)))]
    wide = [width + GAP for width in widths([header, *body])]
    room = shutil.get_terminal_size().columns - wide[0] - wide[1]
    chunks: list[list[int]] = []
    left = 0
    for i in range(2, len(header)):
        if left < wide[i]:
            chunks.append([0, 1])
            left = room
        chunks[-1].append(i)
        left -= wide[i]
    return chunks
