"""What answers to questions have in common: a table as text and as HTML, and JSON by label."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

__all__ = ["as_html", "as_text", "insert"]


def as_text(
    heading: str, cells: Sequence[Sequence[str]], notes: Sequence[str] = (), names: int = 1
) -> str:
    """A heading, a table whose first columns are names, and notes; the first row is the header."""
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = [heading]
    for row in cells:
        pairs = list(zip(row, widths, strict=True))
        left = [cell.ljust(width) for cell, width in pairs[:names]]
        right = [cell.rjust(width) for cell, width in pairs[names:]]
        lines.append("  ".join(left + right).rstrip())
    return "\n".join([*lines, *notes])


def as_html(heading: str, cells: Sequence[Sequence[str]], notes: Sequence[str] = ()) -> str:
    """The same as HTML."""
    from html import escape

    head, *body = cells
    titles = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    rows = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:])
        + "</tr>"
        for row in body
    )
    below = "".join(f"<p>{escape(note)}</p>" for note in notes)
    return (
        f"<table><caption>{escape(heading)}</caption><thead><tr>{titles}</tr></thead>"
        f"<tbody>{rows}</tbody></table>{below}"
    )


def insert(tree: Any, path: Sequence[str], value: Any) -> None:
    """Put a value into nested dictionaries, such as a statistic below its labels.

    >>> costs: dict[str, Any] = {}
    >>> insert(costs, ["mean", "twitter"], 453.0)
    >>> costs
    {'mean': {'twitter': 453.0}}
    """
    for key in path[:-1]:
        tree = tree.setdefault(key, {})
    tree[path[-1]] = value
