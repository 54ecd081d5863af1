"""A page before it is Markdown or HTML: sections of paragraphs, tables and pictures.

All text here is text as a model has it; each renderer escapes it in its own way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal, final

__all__ = [
    "Block",
    "Cell",
    "Details",
    "Link",
    "Page",
    "Paragraphs",
    "Picture",
    "Section",
    "Table",
    "Tone",
    "paragraphs",
    "slug",
]

_LONGEST = 100  # characters of a name in a file name, which may have 255 bytes in all

Tone = Literal["", "good", "known", "bad"]


@final
@dataclass(frozen=True, slots=True)
class Link:
    """A link to another page of the same folder."""

    text: str
    target: str  # name of the page, without its suffix


@final
@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell: `text`, `more` lines like it, lines in smaller print below, and how
    loud it is."""

    text: str
    small: tuple[str, ...] = ()
    tone: Tone = ""
    link: str = ""  # name of a page of the same folder
    name: bool = False  # a name of the model, as it stands in its file
    more: tuple[str, ...] = ()


@final
@dataclass(frozen=True, slots=True)
class Table:
    """Rows begin with their header; a row of one cell is the header of the rows below it, up to
    the next one or the next name. On a phone a row becomes a block of `across` columns, below its
    header; columns in `whole` take its whole width there."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numeric: frozenset[int] = frozenset()
    across: int = 2
    whole: frozenset[int] = frozenset()


@final
@dataclass(frozen=True, slots=True)
class Paragraphs:
    """Paragraphs, as in a docstring: parted by empty lines; indented ones are kept as they are."""

    text: str


@final
@dataclass(frozen=True, slots=True)
class Picture:
    """An SVG file beside the page, and in words what it shows. A `wide` one stands alone, and
    one that is `first` begins a line."""

    file: str
    title: str
    alt: str
    wide: bool = False
    first: bool = False


@final
@dataclass(frozen=True, slots=True)
class Details:
    """What most readers pass over: closed at first."""

    title: str
    blocks: tuple[Paragraphs | Table | Picture, ...]


Block = Paragraphs | Table | Picture | Details


@final
@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page with a title; `key` is its anchor."""

    key: str
    title: str
    blocks: tuple[Block, ...]


@final
@dataclass(frozen=True, slots=True)
class Page:
    """A whole page. `name` is what it is called among others, and `lead` the answer in a sentence
    or two below the title; `footer` is small print."""

    title: str
    lead: str
    sections: tuple[Section, ...]
    footer: tuple[str, ...]
    up: Link | None = None
    data: str = ""  # name of the file that the page shows
    name: str = ""


def paragraphs(text: str) -> Iterator[tuple[bool, str]]:
    """Paragraphs of a prose, each with whether it is indented and so to be kept as it is.

    >>> list(paragraphs("One\\nline.\\n\\n    x = 1\\n\\nTwo."))
    [(False, 'One line.'), (True, 'x = 1'), (False, 'Two.')]
    """
    block: list[str] = []
    for line in [*text.splitlines(), ""]:
        if line.strip():
            block.append(line)
        elif block:
            if all(each.startswith("    ") for each in block):
                yield True, "\n".join(each[4:].rstrip() for each in block)
            else:
                yield False, " ".join(" ".join(block).split())
            block = []


def slug(text: str) -> str:
    """A name as part of a file's name: letters, digits and hyphens. A long one is cut, and ends
    in a hash of the whole.

    >>> slug("cost [a/b].x"), slug("../../etc"), len(slug(300 * "x"))
    ('cost-a-b-x', 'etc', 100)
    """
    kept = "".join(c if c.isascii() and (c.isalnum() or c == "_") else "-" for c in text)
    name = "-".join(part for part in kept.split("-") if part) or "quantity"
    if len(name) <= _LONGEST:
        return name
    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{name[: _LONGEST - 13]}-{digest}"
