"""The pages of the documentation, followed from top to bottom: what they show is what the commands
print and draw, and the pictures in them are those of the models."""

from __future__ import annotations

import html
import importlib.util
import re
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pages import PAGES, ROOT, Step, followed
from PIL import Image
from printed import check_printed

import guessmodel as gm
from guessmodel.cli import COMMANDS
from guessmodel.cli.main import main, parser
from guessmodel.report import document
from guessmodel.report.answers import lead

DOCS = ROOT / "docs"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_shows_what_its_commands_print_and_draw(
    page: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "118")
    count = 0
    for step in followed(page, tmp_path):
        assert main(list(step.words)) == 0, step.title
        out, err = capsys.readouterr()
        assert err == "", step.title
        if step.shown is not None:
            check_printed(out, step.shown)
        if step.picture is not None:
            check_picture(step)
        count += 1
    assert count > 0


def check_picture(step: Step) -> None:
    """The committed picture says in words what one drawn now says, and so does the page."""
    assert step.picture is not None and step.image is not None and step.alt is not None
    assert step.image.is_file(), f"{step.image}: python docs/outputs.py draws it"
    drawn, committed = (title_of(each) for each in (step.picture, step.image))
    check_printed(drawn, committed)
    assert committed == step.alt, f"{step.title}: python docs/outputs.py writes it"


def title_of(picture: Path) -> str:
    found = re.search("<title>(.*)</title>", picture.read_text())
    assert found is not None
    return html.unescape(found[1])


def script(name: str) -> Any:
    """A script of docs/, as a module."""
    spec = importlib.util.spec_from_file_location(name, DOCS / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, name, module)  # dataclasses look their module up
        spec.loader.exec_module(module)
    return module


def test_the_picture_of_deployment_is_that_of_the_models() -> None:
    made = script("deployment")
    rows = made.rows()
    check_printed(made.in_words(rows), title_of(made.IMAGE))
    marks = {row.name: row.mark for row in rows}
    # Cottier (2022): 100 times larger, an order of magnitude, 20% (10 to 68).
    assert list(marks.values()) == pytest.approx([0.01, 0.1, 0.2, None])
    assert rows[2].interval == pytest.approx((0.1, 0.68))
    dots = {line.get_xdata()[0] for line in made.drawn(rows).lines if line.get_marker() == "D"}
    assert sorted(dots) == pytest.approx([0.01, 0.1, 0.2])


@pytest.mark.parametrize("image", ["report", "studio", "tutorial", "assistant"])
def test_pictures_of_pages_answer_as_the_models_do(image: str, tmp_path: Path) -> None:
    made = script("screens")
    of = {
        "report": made.REPORTED,
        "studio": made.EDITED,
        "tutorial": made.tutorial(tmp_path),
        "assistant": made.readme(tmp_path),
    }
    with Image.open(DOCS / "images" / f"{image}.png") as picture:
        shown = picture.info["Description"]
    check_printed(lead(document(gm.Model.from_file(of[image]))), shown)


def test_calls_have_only_options_that_there_are() -> None:
    """Every call on a page, in a block or in a line, names options of its command."""
    count, unknown = 0, []
    for file in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *DOCS.rglob("*.md")):
        for call in re.findall(r"(?:`|^\$ |^|bin/)guessmodel ([a-z]+ .*)", file.read_text(), re.M):
            words = re.split(r"[`|&>]", call)[0].split()
            if words[0] in COMMANDS:
                count += 1
                named = {word.split("=")[0] for word in words if re.match("-[-a-z]", word)}
                if not named <= options(words[0]):
                    unknown.append((file.name, call))
    assert unknown == []
    assert count > 100


@cache
def options(command: str) -> set[str]:
    (subparsers,) = (each for each in parser(command)._actions if each.choices is not None)
    assert isinstance(subparsers.choices, dict)
    actions = subparsers.choices[command]._actions
    return {name for action in actions for name in action.option_strings}


def test_every_example_is_on_its_page() -> None:
    page = (DOCS / "examples.md").read_text()
    files = {file.name for file in (ROOT / "examples").glob("*.py")}
    assert set(re.findall(r"literalinclude\} \.\./examples/(\S+)", page)) == files
    assert set(re.findall(r"plot examples/(\S+)", page)) == files


def test_what_the_tutorial_says_of_the_figures_is_in_its_tables() -> None:
    text = " ".join((DOCS / "tutorial.md").read_text().split())
    assert "on average 371 thousand" in text
    assert "370920" in text  # its mean, as the table has it
    assert "by 57 to 43" in text
    assert "0.56535" in text


def test_every_picture_is_shown_and_every_shown_one_is_there() -> None:
    shown = {
        (file.parent / name).resolve()
        for file in (ROOT / "README.md", *DOCS.rglob("*.md"))
        for name in re.findall(r"!\[.*?\]\(([^)\s]*images/[^)\s]*)\)", file.read_text())
    }
    assert shown == set((DOCS / "images").rglob("*.*"))
