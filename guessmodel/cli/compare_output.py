"""A comparison as people read it: on the screen, and as Markdown for a pull request."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence

from guessmodel.analysis.compare import Comparison
from guessmodel.analysis.comparison_texts import (
    HEADER,
    attributions,
    cells,
    definitions,
    summary,
)
from guessmodel.cli.streams import say
from guessmodel.cli.tables import Table
from guessmodel.cli.tables import show as show_table
from guessmodel.escaping import shown, shown_in_markdown
from guessmodel.tables import as_markdown

__all__ = ["markdown", "show"]

_VISIBLE = 40  # lines of Markdown that are not folded
_ROWS = 8  # of a table that is not folded


def show(title: str, comparison: Comparison) -> None:
    """Print the table of what moved, what each edit did, and the edits."""
    say(f"{title}: {comparison.run.heading}")
    say()
    if comparison.moved:
        rows = tuple(map(cells, comparison.shown))
        strong = frozenset(i for i, change in enumerate(comparison.shown) if change.output)
        whole = Table(HEADER, rows, frozenset({0, 1}), strong)
        fewer = Table(
            (HEADER[0], *HEADER[4:6]),
            tuple((row[0], *row[4:6]) for row in rows),
            frozenset({0}),
            strong,
        )
        show_table([whole, fewer], sys.stdout)
        say()
    for lines in (attributions(comparison), definitions(comparison)):
        for line in lines:
            say(line)
        if lines:
            say()
    say(summary(comparison))


# --- Markdown -----------------------------------------------------------------------------------


def markdown(found: Mapping[str, Comparison], notes: Sequence[str] = ()) -> str:
    """GitHub-flavoured Markdown: at most 40 lines, and the rest folded."""
    moved = sum(len(each.moved) for each in found.values())
    mark = "🔵" if moved else "⚪"
    visible = [f"### {mark} guessmodel compare: {_counted(found)}"]
    folded: list[str] = []
    for title, comparison in sorted(found.items(), key=lambda item: -len(item[1].moved)):
        head = f"**{shown_in_markdown(title)}**: {shown_in_markdown(summary(comparison))}"
        for block, rest in _blocks(comparison):
            if head:
                block = [head, "", *block] if block else [head]
            # Each block has an empty line before it; the fold takes five more.
            if len(visible) + len(block) + 1 <= _VISIBLE - 6:
                visible += ["", *block]
                folded += ["", *rest] if rest else []
            else:
                folded += ["", *block] + (["", *rest] if rest else [])
            head = ""
    visible += ["", *(shown_in_markdown(note) for note in notes)] if len(notes) == 1 else []
    folded += ["", *(f"- {shown_in_markdown(note)}" for note in notes)] if len(notes) > 1 else []
    if folded:
        fold = ["", "<details><summary>The rest</summary>", *folded, "", "</details>"]
        return "\n".join([*visible, *fold]) + "\n"
    return "\n".join(visible) + "\n"


def _counted(found: Mapping[str, Comparison]) -> str:
    moved = sum(len(each.moved) for each in found.values())
    edits = sum(len(each.edited) for each in found.values())
    return (
        f"{edits} {'edit' if edits == 1 else 'edits'} moved "
        f"{moved} {'quantity' if moved == 1 else 'quantities'}"
    )


def _blocks(comparison: Comparison) -> Iterable[tuple[list[str], list[str]]]:
    """Blocks of lines by importance, each with what is folded of it at once."""
    rows = [cells(change) for change in comparison.shown]
    yield _table(rows[:_ROWS]), _table(rows[_ROWS:])
    lines = attributions(comparison)
    if lines:
        yield _code(lines), []
    lines = definitions(comparison)
    if lines:
        yield _code(lines, "diff"), []


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    cells = [list(map(shown_in_markdown, row)) for row in (HEADER, *rows)]
    return as_markdown(cells).split("\n") if rows else []


def _code(lines: Iterable[str], kind: str = "") -> list[str]:
    """A block of code, which nothing in the lines can end."""
    safe = [shown(line).replace("```", "'''") for line in lines]
    return [f"```{kind}", *safe, "```"]
