"""A page as Markdown that GitHub renders, with its pictures beside it."""

from __future__ import annotations

import re
from html import escape

from guessmodel.escaping import literal_markdown, shown
from guessmodel.report.inline import Inline, inlines
from guessmodel.report.page import (
    Cell,
    Details,
    Page,
    Paragraphs,
    Picture,
    Section,
    Table,
    paragraphs,
)
from guessmodel.tables import as_markdown

__all__ = ["markdown"]

# What would be a heading, a list, a quotation, a rule or a link's target at the start of a line.
_BRACKETS = re.compile(r"([\[\]])")
_START = re.compile(r"^((?:\d+(?=[.)](?:\s|$)))?)([.)#>+=\[-])")
_MARKS = {"good": "✅ ", "known": "☑️ ", "bad": "❌ ", "": ""}


def markdown(page: Page, *, index: str = "index") -> str:
    """The text of a page; `index` is the name that links to the index have."""
    parts = [f"# {_line(page.title)}"]
    if page.lead:
        parts.append(_paragraphs(page.lead))
    if page.up is not None:
        here = f" / {_inline(page.name)}" if page.name else ""
        parts.append(f"[{_line(page.up.text)}]({_file(page.up.target, index)}){here}")
    for section in page.sections:
        parts += _section(section, index)
    small = [*map(_line, page.footer)]
    if page.data:
        small.append(f"Data: [{_line(page.data)}]({_path(page.data)})")
    parts += ["---", *(f"<sub>{text}</sub>" for text in small)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _section(section: Section, index: str) -> list[str]:
    parts = [f"## {_line(section.title)}"]
    for block in section.blocks:
        if isinstance(block, Details):
            parts.append(f"<details><summary>{escape(block.title)}</summary>")
            parts += [_block(inner, index) for inner in block.blocks]
            parts.append("</details>")
        else:
            parts.append(_block(block, index))
    return parts


def _block(block: Paragraphs | Table | Picture, index: str) -> str:
    if isinstance(block, Paragraphs):
        return _paragraphs(block.text)
    if isinstance(block, Picture):
        return f"**{_line(block.title)}**\n\n![{_line(block.alt)}]({_path(block.file)})"
    return _table(block, index)


def _table(table: Table, index: str) -> str:
    width = len(table.header)
    rows = [[_cell(cell, index) for cell in row] + [""] * (width - len(row)) for row in table.rows]
    return as_markdown([list(map(_line, table.header)), *rows], table.numeric)


def _cell(cell: Cell, index: str) -> str:
    text = _MARKS[cell.tone] + _inline(cell.text)
    if cell.link:
        text = f"[{text}]({_file(cell.link, index)})"
    elif cell.name:
        text = f"**{text}**"
    return "<br>".join([text, *map(_inline, (*cell.more, *cell.small))])


def _paragraphs(text: str) -> str:
    parts = []
    for kept, paragraph in paragraphs(shown(text)):
        if kept:
            fence = "`" * max(3, 1 + max(map(len, re.findall("`+", paragraph)), default=0))
            parts.append(f"{fence}\n{paragraph}\n{fence}")
        else:
            parts.append(_line(paragraph))
    return "\n\n".join(parts)


def _line(text: str) -> str:
    """A line of its own, which begins as a paragraph does."""
    line = _inline(text)
    linked = line.startswith("[") and next(inlines(text.lstrip())).target
    return line if linked else _START.sub(r"\1\\\2", line, count=1)


def _inline(text: str) -> str:
    """Text within a line, or in a cell of a table."""
    line = " ".join(shown(text).split())
    parts: list[str] = []
    for piece in inlines(line):
        if piece.target and parts and parts[-1].endswith("!"):  # else the link is a picture
            parts[-1] = parts[-1][:-1] + "\\!"
        parts.append(_inlined(piece))
    return "".join(parts)


def _inlined(piece: Inline) -> str:
    if piece.code:
        return "<code>" + literal_markdown(piece.text) + "</code>"
    if piece.target:
        # A bracket would end the text of the link, or begin another.
        parts = _BRACKETS.split(piece.text)
        text = "".join(
            f"\\{part}" if part in ("[", "]") else literal_markdown(part) for part in parts
        )
        return f"[{text}](<{escape(piece.target, quote=True)}>)"
    return literal_markdown(piece.text)


def _path(file: str) -> str:
    from urllib.parse import quote

    return quote(file)


def _file(target: str, index: str) -> str:
    return _path(f"{index if target == 'index' else target}.md")
