"""What answers to questions have in common: tables as text and as HTML, and JSON by label."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from guessmodel.tables import as_html as as_html
from guessmodel.tables import as_text as as_text

__all__ = ["as_html", "as_text", "insert"]


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
