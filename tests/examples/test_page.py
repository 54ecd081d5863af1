"""docs/examples.md: what it shows is what the commands print and draw."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from printed import blocks, check_printed

from guessmodel.cli.main import main

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "examples.md").read_text()
COMMANDS = [text for language, text in blocks(PAGE) if language in ("console", "sh")]


@pytest.mark.parametrize("text", COMMANDS, ids=lambda text: " ".join(text.split()[1:4]))
def test_the_page_shows_what_they_print_and_draw(
    text: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(ROOT)
    command, _, shown = text.removeprefix("$ ").removeprefix("guessmodel ").partition("\n")
    *words, last = shlex.split(command)
    if words[0] != "plot":
        assert main([*words, last]) == 0
        check_printed(capsys.readouterr().out, shown)
        return
    drawn = tmp_path / "picture.svg"
    assert main([*words, str(drawn)]) == 0
    alt = re.search(rf"!\[(.*)\]\({re.escape(last.removeprefix('docs/'))}\)", PAGE)
    assert alt, last
    titles = [re.search("<title>(.*)</title>", each.read_text()) for each in (drawn, ROOT / last)]
    for title in titles:
        assert title
        check_printed(title[1], alt[1])


def test_every_example_is_on_the_page() -> None:
    files = {file.name for file in (ROOT / "examples").glob("*.py")}
    assert set(re.findall(r"literalinclude\} \.\./examples/(\S+)", PAGE)) == files
    assert set(re.findall(r"plot examples/(\S+)", PAGE)) == files
