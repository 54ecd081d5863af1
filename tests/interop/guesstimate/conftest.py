"""Sheets in Guesstimate's JSON."""

import json
from collections.abc import Callable
from typing import Any

import pytest


def made(*cells: tuple[str, str] | tuple[str, str, dict[str, Any]], **space: Any) -> bytes:
    """The JSON of a space with these cells: name, text, and what else there is to say.

    Ids and readable ids are A0, A1 and so on.
    """
    metrics, guesstimates = [], []
    for number, (name, text, *rest) in enumerate(cells):
        more = rest[0] if rest else {}
        readable = more.get("readable", f"A{number}")
        id = more.get("id", readable)
        location = {"row": more.get("row", 0), "column": more.get("column", number)}
        metrics.append({"id": id, "readableId": readable, "name": name, "location": location})
        guesstimates.append(
            {
                "metric": id,
                "expression": text,
                "guesstimateType": more.get("kind"),
                "description": more.get("description", ""),
                "data": more.get("data"),
            }
        )
    graph = {"metrics": metrics, "guesstimates": guesstimates}
    return json.dumps({"id": 1, "name": "A sheet", "graph": graph, **space}).encode()


@pytest.fixture(scope="session")
def sheet() -> Callable[..., bytes]:
    return made
