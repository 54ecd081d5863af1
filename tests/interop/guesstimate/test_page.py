"""Each row of the page for people who come from Guesstimate."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from guessmodel.interop.guesstimate.importing import import_sheet

Sheet = Callable[..., bytes]
PAGE = Path(__file__).parents[3] / "docs" / "coming-from" / "guesstimate.md"
TABLE = PAGE.read_text().split("## Side by side")[1].split("## ")[0]
ROWS = [
    (text, ours)
    for texts, ours in re.findall(r"^\| (`.*`) \| `(.*)` \|$", TABLE, re.MULTILINE)
    for text in re.findall(r"`([^`]*)`", texts)
]


def test_the_table_is_there() -> None:
    assert len(ROWS) > 50


@pytest.fixture(scope="module")
def lines(sheet: Sheet) -> list[str]:
    """The file of a sheet with a cell for each row."""
    inputs = [("a", "5 to 10", {"readable": "A"}), ("b", "2 to 3", {"readable": "B"})]
    cells = [(f"x{i}", text, {"readable": f"X{i}"}) for i, (text, _) in enumerate(ROWS)]
    return import_sheet(sheet(*inputs, *cells)).text.splitlines()


@pytest.mark.parametrize("number", range(len(ROWS)), ids=[text for text, _ in ROWS])
def test_rows(number: int, lines: list[str]) -> None:
    assert f"x{number} = {ROWS[number][1]}" in lines
