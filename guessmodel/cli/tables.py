"""Tables for people: rich on a terminal, plain aligned text elsewhere."""

from __future__ import annotations

import math
import shutil
import sys
from argparse import Namespace
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, TextIO, final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from guessmodel.cli.streams import can_show, json_text, say, spelled
from guessmodel.escaping import shown_in_log, shown_line
from guessmodel.numerics.rounding_noise import only_rounding
from guessmodel.numerics.scales import Scale, scale_of, step_of
from guessmodel.tables import GAP, aligned, widths

__all__ = [
    "LOOKED_AT",
    "PLAIN",
    "Table",
    "bar",
    "bars",
    "fitting",
    "histogram",
    "show",
    "show_answer",
    "show_answers",
    "show_table",
]

_OFF = 1e-3
_SHORTEST = 9
LOOKED_AT = 1 << 13
"""So many draws tell the heights of a dozen bars."""

_BARS = " ▁▂▃▄▅▆▇█"
PLAIN = str.maketrans(_BARS, " .:-=+*#@")
"""Bars in ASCII."""

_EIGHTHS = " ▏▎▍▌▋▊▉"


@final
@dataclass(frozen=True, slots=True)
class Table:
    """Cells as text. Columns aligned left hold names, which may be shortened; figures may not."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    left: frozenset[int] = frozenset({0})  # columns aligned left
    strong: frozenset[int] = frozenset()  # rows that stand out

    def __post_init__(self) -> None:
        rows = tuple(tuple(map(shown_line, row)) for row in self.rows)
        object.__setattr__(self, "rows", rows)

    def widths(self) -> list[int]:
        """Widest cell of each column."""
        return widths((self.header, *self.rows))

    def width(self) -> int:
        """Width of the whole table in plain text."""
        own = self.widths()
        return sum(own) + GAP * (len(own) - 1)

    def lines(self) -> list[str]:
        """The table as plain text, header first."""
        return list(map(shown_in_log, aligned((self.header, *self.rows), self.left)))

    def spelled(self, stream: TextIO) -> Table:
        """The table in the letters that a stream has."""
        if can_show("".join(map("".join, (self.header, *self.rows))), stream):
            return self

        def each(row: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(spelled(cell, stream) for cell in row)

        return replace(self, header=each(self.header), rows=tuple(map(each, self.rows)))


def fitting(layouts: Iterable[Table], width: int) -> Table:
    """The first of some layouts that fits; else the last, with its names shortened as far as
    needed.

    >>> wide = Table(("name", "value"), (("a_quantity_with_a_long_name", "12.5"),))
    >>> print(*fitting([wide], 24).lines(), sep="\\n")
    name               value
    a_quanti…ong_name   12.5
    """
    for last in layouts:
        if last.width() <= width:
            return last
    for column in sorted(last.left):
        most = max(_SHORTEST, last.widths()[column] - (last.width() - width))
        rows = tuple(
            (*row[:column], _shortened(row[column], most), *row[column + 1 :]) for row in last.rows
        )
        last = replace(last, rows=rows)
    return last


def show(layouts: Iterable[Table], stream: TextIO) -> None:
    """Print a table: the first of one or more layouts as plain text, or on a terminal what fits, by
    rich. Layouts that are not looked at need not be made."""
    spelled_out = (layout.spelled(stream) for layout in layouts)
    if not stream.isatty():
        print(*next(spelled_out).lines(), sep="\n", file=stream)
        return
    from rich.console import Console
    from rich.table import Table as RichTable
    from rich.text import Text

    columns = shutil.get_terminal_size().columns
    table = fitting(spelled_out, columns)
    grid = RichTable(box=None, padding=(0, GAP, 0, 0), pad_edge=False, header_style="dim")
    for i, title in enumerate(table.header):
        grid.add_column(title, justify="left" if i in table.left else "right", no_wrap=True)
    for i, row in enumerate(table.rows):
        # A str would be read as markup: `cost[red]` is a name.
        grid.add_row(*map(Text, row), style="bold" if i in table.strong else None)
    Console(file=stream, width=max(columns, table.width()), highlight=False).print(grid)


class Answer(Protocol):
    """The answer to a question, as `analysis` gives it."""

    @property
    def heading(self) -> str:
        """How the draws were made."""

    def cells(self) -> list[list[str]]:
        """Header and rows as text."""

    def notes(self) -> list[str]:
        """Lines below the table."""

    def to_dict(self) -> dict[str, Any]:
        """As JSON has it."""


def show_answer(answer: Answer, args: Namespace, title: str = "", *, names: int = 1) -> None:
    """Print the answer to a question: as JSON, or heading, title, a table whose first columns are
    names, and notes."""
    if args.json:
        print(json_text(answer.to_dict()))
        return
    heading = f"{args.file}: {answer.heading}"
    notes = [*answer.notes(), *getattr(args, "families_taken", ())]
    show_table(f"{heading}\n{title}" if title else heading, answer.cells(), notes, names)


def show_answers(
    answers: Sequence[tuple[Answer, str]], args: Namespace, key: str | None, *, names: int
) -> None:
    """Print answers, each with a title; in JSON all of them under a key, or the only one by itself
    without one."""
    if args.json and key is not None:
        print(json_text({key: [answer.to_dict() for answer, _ in answers]}))
        return
    for number, (answer, title) in enumerate(answers):
        if number:
            say()
        show_answer(answer, args, " ".join(title.split()), names=names)


def show_table(
    title: str, cells: Sequence[Sequence[str]], notes: Sequence[str], names: int = 1
) -> None:
    """Print a title, a table whose first row is the header and first columns are names, notes."""
    say(title)
    header, *rows = cells
    if rows:
        say()
        show([Table(tuple(header), tuple(map(tuple, rows)), frozenset(range(names)))], sys.stdout)
    for note in notes:
        say(note)


def histogram(draws: ArrayLike, bins: int = 12, *, plain: bool = False) -> str:
    """A line of bars over the central 98% of the draws; empty where there is nothing to see.

    Of many draws the first ones are looked at. A bin with any of them in it has a bar. The scale
    is that of a picture, see `scale_of`; whole numbers have a bar each, or equally many one.

    >>> histogram([1, 2, 2, 3, 3, 3, 4, 4, 4, 4], bins=4)
    '▂▄▆█'
    """
    values = np.asarray(draws, dtype=np.float64).ravel()[:LOOKED_AT]
    finite = np.isfinite(values)
    made = bars(np.sort(values if finite.all() else values[finite]), bins)
    return made.translate(PLAIN) if plain else made


def bars(values: NDArray[np.float64], bins: int = 12) -> str:
    """The same of all of some finite draws in ascending order."""
    if values.size == 0:
        return ""
    edges = [round(0.01 * (values.size - 1)), round(0.99 * (values.size - 1))]
    if only_rounding(*(float(values[k]) for k in edges)):
        return ""
    # Between -1 and 1 no width of a bin overflows, or is too small for a number.
    inside = values[slice(edges[0], edges[1] + 1)]
    inside = inside / max(abs(float(inside[0])), abs(float(inside[-1])))
    counts = _counts(inside, bins).tolist()
    highest = max(counts)
    return "".join(_BARS[math.ceil(count * 8 / highest)] for count in counts).ljust(bins)


def bar(share: float, width: int = 12, *, plain: bool = False) -> str:
    """A share of a line, in eighths of a letter where these can be printed.

    >>> bar(0.3, 8)
    '██▍     '
    """
    eighths = round(share * width * 8)
    if plain:
        return ("#" * round(eighths / 8)).ljust(width)
    return ("█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()).ljust(width)


def _counts(x: NDArray[np.float64], bins: int) -> NDArray[Any]:
    """How many numbers, which ascend, lie in each bin. Bins are of equal width on the scale that
    shows them; those of whole numbers, or of multiples of any other, hold equally many of these."""
    step, scale = step_of(x), scale_of([x])
    if scale.threshold == 0.0 and x[0] < 0.5 * step:
        step = 0.0  # a few numbers decades apart, the smallest taken for 0
    if step > 0.0 and not scale.is_curved:
        places = np.rint(x / step)
        each = math.ceil((places[-1] - places[0] + 1) / bins)
        return np.bincount(((places - places[0]) // each).astype(np.intp))
    first, last = (float(scale.position(end)) for end in x[[0, -1]])
    edges = np.linspace(first, last, bins + 1)
    if step == 0.0:
        return _between(scale.position(x), edges)
    found = np.floor(np.r_[scale.value(edges[:-1]), x[-1] + step] / step + _OFF)
    whole = np.array(sorted(set(found.tolist()))) - 0.5  # np.unique imports masked arrays: 6 ms
    widths = np.diff(Scale(scale.threshold / step).position(whole))
    return np.asarray(_between(x / step, whole) / widths)


def _between(x: NDArray[np.float64], edges: NDArray[np.float64]) -> NDArray[np.intp]:
    """How many numbers, which ascend, lie between edges, of which the last one is beyond none of
    them: `np.histogram` would sort them first."""
    places = x.searchsorted(edges)
    places[-1] = x.size
    return places[1:] - places[:-1]


def _shortened(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    tail = (most - 1) // 2
    return f"{text[: most - 1 - tail]}…{text[-tail:]}"
