"""docs/coming-from/squiggle.md shows what the importer writes."""

import re
from pathlib import Path

import pytest

from guessmodel.interop.squiggle.importing import import_script

PAGE = (Path(__file__).parents[3] / "docs" / "coming-from" / "squiggle.md").read_text()
ROWS = re.findall(r"^\| `(.+)` \| `(x = .+)` \|$", PAGE, re.MULTILINE)


def block(language: str) -> str:
    """The last block of a language on the page."""
    found: list[str] = re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    return found[-1]


def test_the_script_becomes_the_file(tmp_path: Path) -> None:
    script = tmp_path / "trip.squiggle"
    script.write_text(block("text"))
    found = import_script(script)
    assert found.text == block("python")
    assert [f"  {line}" for line in found.lines()] == block("console").splitlines()[2:]


@pytest.mark.parametrize(("theirs", "ours"), ROWS)
def test_word_for_word(tmp_path: Path, theirs: str, ours: str) -> None:
    script = tmp_path / "it.squiggle"
    expression = theirs.replace("\\|", "|")
    script.write_text(f"a = 5 to 8\nb = normal(3, 1)\nx = {expression}")
    assert ours in import_script(script).text.splitlines()


def test_the_table_is_found() -> None:
    assert len(ROWS) > 20
