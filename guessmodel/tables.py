"""Tables as text, as HTML for notebooks, and as Markdown; the first row is the header."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Final

from guessmodel.errors import needed

if TYPE_CHECKING:
    import pandas

__all__ = ["GAP", "Tabled", "aligned", "as_html", "as_markdown", "as_pandas", "as_text", "widths"]

GAP: Final = 2  # spaces between columns


def widths(rows: Sequence[Sequence[str]]) -> list[int]:
    """Width of the widest cell of each column."""
    return [max(map(len, column)) for column in zip(*rows, strict=True)]


def aligned(rows: Sequence[Sequence[str]], left: Collection[int]) -> list[str]:
    """Lines of text in which the cells of a column stand below each other: those of the columns
    `left` begin at one place, all others end at one.

    >>> print(*aligned([["", "mean"], ["cost", "453"], ["n", "3"]], {0}), sep="\\n")
          mean
    cost   453
    n        3
    """
    wide = widths(rows)
    return [
        (" " * GAP)
        .join(
            cell.ljust(width) if i in left else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, wide, strict=True))
        )
        .rstrip()
        for row in rows
    ]


def as_text(
    heading: str, rows: Sequence[Sequence[str]], notes: Sequence[str] = (), names: int = 1
) -> str:
    """A heading, a table whose first columns are names, and notes."""
    return "\n".join([heading, *aligned(rows, range(names)), *notes])


def as_html(heading: str, rows: Sequence[Sequence[str]], notes: Sequence[str] = ()) -> str:
    """The same as HTML; the heading is the table's caption."""
    from html import escape

    head, *body = rows
    titles = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    lines = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:])
        + "</tr>"
        for row in body
    )
    below = "".join(f"<p>{escape(note)}</p>" for note in notes)
    return (
        f"<table><caption>{escape(heading)}</caption><thead><tr>{titles}</tr></thead>"
        f"<tbody>{lines}</tbody></table>{below}"
    )


def as_markdown(rows: Sequence[Sequence[str]], right: Collection[int] = ()) -> str:
    """A table of GitHub's Markdown, whose cells are Markdown; numbers stand at the right.

    >>> print(as_markdown([["quantity", "mean"], ["cost", "453"]], right={1}))
    | quantity | mean |
    | --- | ---: |
    | cost | 453 |
    """
    head, *body = rows
    rules = ["---:" if i in right else "---" for i in range(len(head))]
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, rules, *body))


def as_pandas(rows: dict[Any, dict[Any, Any]], index: str) -> pandas.DataFrame:
    """A data frame of rows by their names, which are its index."""
    needed("pandas", "xarray")
    import pandas

    return pandas.DataFrame.from_dict(rows, orient="index").rename_axis(index)


class Tabled(ABC):
    """What is shown as a table: as text, and as HTML in notebooks."""

    __slots__ = ()
    name_columns: ClassVar[int] = 1
    """The first columns of the table, which are names."""

    @property
    @abstractmethod
    def heading(self) -> str:
        """A line above the table."""

    @property
    def title(self) -> str:
        """Another line, on what the table is about; "" where one is enough."""
        return ""

    @abstractmethod
    def cells(self) -> list[list[str]]:
        """The table as text, header first."""

    @abstractmethod
    def notes(self) -> list[str]:
        """Lines below the table."""

    def __str__(self) -> str:
        lines = filter(None, (self.heading, self.title))
        return as_text("\n".join(lines), self.cells(), self.notes(), self.name_columns)

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        caption = "; ".join(filter(None, (self.title, self.heading)))
        return as_html(caption, self.cells(), self.notes())
