"""A page as one HTML file that needs no other: style, script and pictures stand in it."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from html import escape
from importlib.resources import files
from typing import cast
from urllib.parse import quote

from guessmodel.escaping import shown, shown_in_json
from guessmodel.report.inline import Inline, inlines
from guessmodel.report.page import (
    Block,
    Cell,
    Details,
    Page,
    Paragraphs,
    Picture,
    Section,
    Table,
    paragraphs,
)
from guessmodel.report.view import AnswerView, View

__all__ = ["html", "view_of"]

_BREAKS = re.compile(r"(?<=[_.,/*\]])|(?=\[)")  # where a long name may go on in the next line
_VIEW = re.compile(
    r'<script type="application/json" id="guessmodel-view">(.*?)</script>', re.DOTALL
)
# What most readers pass over is folded at first; a script folds more on a phone.
_CLOSED = frozenset(
    {"scenarios", "what-if", "drivers", "dependence", "inputs", "others", "references"}
)
_MOST_COLUMNS = 7  # of a table that the width of a page holds
_WIDTH = re.compile(r'<svg[^>]*\bwidth="([\d.]+)pt"')
_HALF = 480.0  # points of half of the widest page
_MARKS = {"good": "✓ ", "known": "○ ", "bad": "✗ ", "": ""}

Svg = Callable[[str], str]
Shown = View | Mapping[str, Sequence[AnswerView]]
"""What the script shows: a model, or the answers of several."""


def html(page: Page, svg: Svg = lambda _: "", view: Shown | None = None) -> str:
    """The text of a page.

    Parameters
    ----------
    svg : gives the SVG element of a picture, by the name of its file
    view : what the script shows above the tables (`report/view.py`); None for pages without
    """
    style = _package("page", "tokens.css") + _package("report", "page.css")
    script = _package("report", "page.js")
    app = _package("page", "dist/page.js") if view is not None else ""
    hashes = " ".join(f"'sha256-{_digest(each)}'" for each in (script, app) if each)
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src {hashes}"
    live = "" if view is None else _live(view)
    body = "\n".join(_section(section, svg) for section in page.sections)
    links = "".join(
        f'<li><a href="#{escape(section.key)}">{_text(section.title)}</a></li>'
        for section in page.sections
    )
    up = ""
    if page.up:
        here = f" / {_name(page.name)}" if page.name else ""
        up = f'<p class="up"><a href="{_href(page.up.target)}">{_text(page.up.text)}</a>{here}</p>'
    named = f"{page.name}: {page.title}" if page.name else page.title
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="guessmodel">
<meta name="description" content="{escape(_clean(page.lead))}">
<title>{escape(_clean(named))}</title>
<style>
{style}</style>
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header>
{up}<h1>{_inline(page.title)}</h1>
<p class="lead">{_inline(page.lead)}</p>
<nav aria-label="On this page"><ul>{links}</ul></nav>
</header>
<main id="main" tabindex="-1">
{live}{body}
</main>
<footer>
{_footer(page)}
</footer>
<script>{script}</script>
{f'<script type="module">{app}</script>' if app else ""}
</body>
</html>
"""


def _live(view: Shown) -> str:
    """The place where the script shows a view, and the view as JSON."""
    data = json.dumps(view, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    data = shown_in_json(data).replace("<", "\\u003c")
    return (
        f'<div id="guessmodel-app"></div>\n'
        f'<script type="application/json" id="guessmodel-view">{data}</script>\n'
    )


def _footer(page: Page) -> str:
    small = "".join(f"<p>{_text(line)}</p>" for line in page.footer)
    if page.data:
        small += f'<p>Data of this page: <a href="{quote(page.data)}">{_text(page.data)}</a></p>'
    return small


def view_of(text: str) -> View | None:
    """The view in the text of a page that `html` made; None where there is none."""
    found = _VIEW.search(text)
    return None if found is None else cast(View, json.loads(found[1]))


@cache
def _package(room: str, name: str) -> str:
    return (files(f"guessmodel.{room}") / name).read_text(encoding="utf-8")


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _section(section: Section, svg: Svg) -> str:
    key = escape(section.key)
    gallery = any(isinstance(block, Picture) for block in section.blocks)
    inside = "\n".join(_block(block, svg) for block in section.blocks)
    if gallery:
        inside = f'<div class="gallery">\n{inside}\n</div>'
    opened = "" if section.key in _CLOSED else " open"
    return (
        f'<section id="{key}" aria-labelledby="{key}-title">\n<details class="part"{opened}>\n'
        f'<summary><h2 id="{key}-title">{_text(section.title)}</h2>{_extent(section)}</summary>\n'
        f"{inside}\n</details>\n</section>"
    )


def _extent(section: Section) -> str:
    """How much there is to unfold."""
    tables = [block for block in section.blocks if isinstance(block, Table)]
    rows = sum(len(row) > 1 for table in tables for row in table.rows)
    pictures = sum(isinstance(block, Picture) for block in section.blocks)
    parts = [
        f"{count} {word}{'s' * (count != 1)}"
        for count, word in ((rows, "row"), (pictures, "picture"))
        if count
    ]
    return f' <span class="extent">{", ".join(parts)}</span>' if parts else ""


def _block(block: Block, svg: Svg) -> str:
    if isinstance(block, Paragraphs):
        return _paragraphs(block.text)
    if isinstance(block, Picture):
        return _picture(block, svg)
    if isinstance(block, Table):
        return _table(block)
    return _details(block, svg)


def _details(fold: Details, svg: Svg) -> str:
    inside = "\n".join(_block(block, svg) for block in fold.blocks)
    return f"<details>\n<summary>{_text(fold.title)}</summary>\n{inside}\n</details>"


def _picture(picture: Picture, svg: Svg) -> str:
    drawn = svg(picture.file)
    width = _WIDTH.search(drawn)
    half = width is not None and float(width[1]) <= _HALF
    kind = _class("wide" * picture.wide, "half" * half, "first" * picture.first)
    # A picture wider than the page is scrolled, by keyboard too.
    return (
        f'<figure{kind}>\n<div class="scroll" tabindex="0" role="group" '
        f'aria-label="{escape(_clean(picture.title))}">{drawn}</div>\n'
        f"<figcaption>{_name(picture.title)}</figcaption>\n</figure>"
    )


# Tables on phones are laid out as blocks, and browsers then drop the roles of table elements:
# so they are written out.
def _table(table: Table) -> str:
    head = "".join(
        f'<th scope="col" role="columnheader"{_class("number" * (i in table.numeric))}>'
        f"{_name(title)}</th>"
        for i, title in enumerate(table.header)
    )
    groups: list[list[str]] = [[]]
    grouped = False
    for row in table.rows:
        if len(row) == 1 or (grouped and row[0].name):
            groups.append([])
            grouped = len(row) == 1
        groups[-1].append(_row(table, row, grouped=grouped))
    bodies = "\n".join(
        '<tbody role="rowgroup">\n' + "\n".join(rows) + "\n</tbody>" for rows in groups if rows
    )
    made = (
        f'<table role="table" class="across-{table.across}">\n'
        f"<caption>{_text(table.caption)}</caption>\n"
        f'<thead role="rowgroup"><tr role="row">{head}</tr></thead>\n{bodies}\n</table>'
    )
    if len(table.header) <= _MOST_COLUMNS:
        return made
    label = escape(_clean(table.caption))
    return f'<div class="scroll" tabindex="0" role="group" aria-label="{label}">{made}</div>'


def _row(table: Table, row: tuple[Cell, ...], *, grouped: bool) -> str:
    if len(row) == 1:
        span = len(table.header)
        head = f'<th scope="rowgroup" role="rowheader" colspan="{span}">{_cell(row[0])}</th>'
        return f'<tr role="row" class="group">{head}</tr>'
    cells = [f'<th scope="row" role="rowheader">{_cell(row[0])}</th>']
    for i, (title, cell) in enumerate(zip(table.header[1:], row[1:], strict=True), 1):
        kind = ["number" * (i in table.numeric), "whole" * (i in table.whole), cell.tone]
        empty = "" if cell.text or cell.small else "empty"
        cells.append(
            f'<td role="cell" data-label="{escape(_clean(title))}"'
            f"{_class(*kind, empty)}>{_cell(cell)}</td>"
        )
    return f'<tr role="row"{_class("member" * grouped)}>{"".join(cells)}</tr>'


def _cell(cell: Cell) -> str:
    text = _name(cell.text) if cell.name else _inline(cell.text)
    if cell.name:
        text = f'<span class="name">{text}</span>'
    if cell.link:
        text = f'<a href="{_href(cell.link)}">{text}</a>'
    small = "".join(f"<small>{_inline(line)}</small>" for line in cell.small)
    more = "".join(f"<br>{_inline(line)}" for line in cell.more)
    return f"{_MARKS[cell.tone]}{text}{more}{small}"


def _class(*names: str) -> str:
    given = " ".join(name for name in names if name)
    return f' class="{given}"' if given else ""


# --- text ---------------------------------------------------------------------------------------


def _paragraphs(text: str) -> str:
    return "\n".join(
        f'<pre tabindex="0">{_text(paragraph)}</pre>' if kept else f"<p>{_inline(paragraph)}</p>"
        for kept, paragraph in paragraphs(shown(text))
    )


def _inline(text: str) -> str:
    text = _clean(text).replace("± ", "±\u00a0")  # a line may break before ±, not behind it
    return "".join(map(_inlined, inlines(text)))


def _inlined(piece: Inline) -> str:
    if piece.code:
        return f"<code>{_name(piece.text)}</code>"
    if piece.target:
        return f'<a href="{escape(piece.target)}" rel="noreferrer">{_text(piece.text)}</a>'
    return _text(piece.text)


def _name(text: str) -> str:
    """A name, which may go on in the next line after an underscore and the like."""
    return "<wbr>".join(_text(part) for part in _BREAKS.split(_clean(text)) if part)


def _text(text: str) -> str:
    return escape(shown(text))


def _clean(text: str) -> str:
    return " ".join(shown(text).split())


def _href(target: str) -> str:
    return escape(quote(f"{target}.html"))
