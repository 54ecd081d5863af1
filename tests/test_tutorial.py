"""docs/tutorial.md, read from top to bottom: files, commands, and what they print."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import pytest
from printed import blocks, check_printed

from guessmodel.cli.main import main

PAGE = Path(__file__).parents[1] / "docs" / "tutorial.md"


def commit(folder: Path) -> None:
    for words in ("init -q", "add .", "-c user.name=a -c user.email=a@b commit -qm first"):
        subprocess.run(["git", *words.split()], cwd=folder, check=True)


def test_the_tutorial_can_be_followed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "118")
    ran = []
    for language, text in blocks(PAGE.read_text()):
        if language == "python" and text.startswith('"""'):
            Path("support.py").write_text(text)
            continue
        if language == "console":
            command, _, shown = text.removeprefix("$ guessmodel ").partition("\n")
            assert main(shlex.split(command)) == 0
            check_printed(capsys.readouterr().out, shown)
            ran.append(command.split()[0])
        if language == "sh":
            added = re.search(r"<<'END'\n((?:.*\n)*?)END\n", text)
            if added:
                commit(tmp_path)
                Path("support.py").write_text(Path("support.py").read_text() + added[1])
                text = text.replace(added[0], "\n")
            for command in re.findall(r"^guessmodel (.*)$", text, re.MULTILINE):
                assert main(shlex.split(command)) == 0, capsys.readouterr().err
                capsys.readouterr()
                ran.append(command.split()[0])
    assert {"run", "plot", "sensitivity", "seek", "check", "report", "compare"} == set(ran)
    assert Path("report/index.html").exists()


def test_what_the_text_says_of_the_figures_is_in_the_tables() -> None:
    text = " ".join(PAGE.read_text().split())
    assert "on average 371 thousand" in text
    assert "370920" in text  # its mean, as the table has it
    assert "by 57 to 43" in text
    assert "0.56535" in text
