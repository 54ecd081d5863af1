"""Annotations of GitHub: workflow commands on stderr, and only where GitHub runs the check.

Their form is that of GitHub's documentation, "Workflow commands for GitHub Actions": a line
`::error file={name},line={line},title={title}::{message}`. What GitHub reads back is written here
anew, from the runner's sources (ActionCommand.cs): `%25`, `%0D`, `%0A`, in properties also `%3A`
and `%2C`.
"""

import re
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import pytest
from checked_claims import AWAITED, DRIFT, HOLDS, SHORT, SURPRISE, UNSURE, result
from hypothesis import given
from hypothesis import strategies as st

from guessmodel.cli.annotations import _escaped, annotate
from guessmodel.cli.main import main
from guessmodel.errors import Location
from guessmodel.method.warning import MethodWarning

Capture = pytest.CaptureFixture[str]

BROAD = "import guessmodel as gm\nx = gm.normal(1, 2)\ngm.claim(x, mean='5')\n"


class Annotation(NamedTuple):
    kind: str
    properties: dict[str, str]
    message: str


def read_back(text: str) -> str:
    for code, sign in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(code, sign)
    return text


def as_github_reads(stderr: str) -> list[Annotation]:
    found = []
    for line in stderr.splitlines():
        if match := re.fullmatch(r"::(\w+) (.*?)::(.*)", line):
            pairs = (each.partition("=") for each in match[2].split(","))
            properties = {name: read_back(value) for name, _, value in pairs}
            found.append(Annotation(match[1], properties, read_back(match[3])))
    return found


@pytest.fixture(autouse=True)
def on_github(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    return tmp_path


def test_claims_that_are_not_as_expected_are_errors_at_their_lines(
    on_github: Path, capsys: Capture
) -> None:
    here = Location(str(on_github / "models" / "a, b: 50%.py"), 12)
    claims = [replace(each, location=here) for each in (HOLDS, AWAITED, SHORT, SURPRISE, UNSURE)]
    annotate(result(*claims))
    found = as_github_reads(capsys.readouterr().err)
    place = {"file": "models/a, b: 50%.py", "line": "12"}
    assert [each.kind for each in found] == ["error"] * 3
    assert [each.properties for each in found] == [
        {**place, "title": "mean of cost[combined] falls short"},
        {
            **place,
            "title": 'mean of cost[combined] holds, but is marked expected="falls short"; '
            "remove the mark",
        },
        {**place, "title": "mean of cost[combined] is undecided after 2,097,152 samples"},
    ]
    assert found[0].message.splitlines() == [
        "  published  500 USD/day",
        "  computed   434.30 ± 0.20 USD/day",
        "  tolerance  ±15%, an input is inferred",
        "  source     Cottier (2022), scenario 1",
        "  note       rounds up",
    ]


def test_drift_is_one_error_for_each_model(capsys: Capture) -> None:
    other = replace(DRIFT[0], model="coffee")
    annotate(result(HOLDS, replace(HOLDS, model="coffee"), drift=(*DRIFT, other)))
    found = as_github_reads(capsys.readouterr().err)
    assert [each.properties for each in found] == [
        {"title": f"{model} drifted from its committed report"} for model in ("twitter", "coffee")
    ]
    assert len(found[0].message.splitlines()) == len(DRIFT)
    assert found[0].message.startswith("twitter: cost: p95 was 720 and is 960, +33.3%")


@pytest.mark.parametrize(("strict", "kind"), [(False, "warning"), (True, "error")])
def test_warnings_of_method(on_github: Path, capsys: Capture, strict: bool, kind: str) -> None:
    here = Location(str(on_github / "m.py"), 3)
    annotate(
        result(warnings=(MethodWarning("m", "unused-draw", "x", "is new", here),)), strict=strict
    )
    assert as_github_reads(capsys.readouterr().err) == [
        Annotation(kind, {"file": "m.py", "line": "3", "title": "unused-draw"}, "x is new")
    ]


def test_files_are_named_from_the_top_of_the_repository(
    on_github: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    Path("part/models").mkdir(parents=True)
    Path("part/models/m.py").write_text(BROAD)
    monkeypatch.chdir("part")
    assert main(["check", "models"]) == 1
    found = as_github_reads(capsys.readouterr().err)
    assert found[0].properties == {
        "file": "part/models/m.py",
        "line": "3",
        "title": "mean of x falls short",
    }
    monkeypatch.setenv("GITHUB_WORKSPACE", str(on_github / "elsewhere"))
    assert main(["check", "models"]) == 1  # which is not in the repository
    found = as_github_reads(capsys.readouterr().err)
    assert found[0].properties == {"title": "mean of x falls short"}


def test_a_model_that_cannot_be_checked(capsys: Capture) -> None:
    Path("m.py").write_text("import guessmodel as gm\n\nx = gm.normal(5, 2)\n")
    assert main(["check", "m.py", "--json"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    (found,) = as_github_reads(err)
    assert found.kind == "error"
    assert found.properties["file"] == "m.py"
    assert found.properties["line"] == "3"
    assert found.message.startswith("normal: low (5) lies above high (2)")
    assert "error: m.py:3: normal: low (5) lies above high (2)" in err  # as everywhere


def test_nothing_is_written_elsewhere_or_where_all_is_well(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    annotate(result(HOLDS, AWAITED))
    assert capsys.readouterr().err == ""
    monkeypatch.delenv("GITHUB_ACTIONS")
    annotate(result(SHORT, drift=DRIFT))
    assert capsys.readouterr().err == ""


def test_the_results_on_stdout_are_the_same(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    Path("m.py").write_text(BROAD)
    assert main(["check", "m.py", "--json"]) == 1
    there = capsys.readouterr().out
    monkeypatch.delenv("GITHUB_ACTIONS")
    assert main(["check", "m.py", "--json"]) == 1
    assert capsys.readouterr().out == there


@given(st.text())
def test_any_text_is_read_back(text: str) -> None:
    harmless = _escaped(text)
    assert len(harmless.splitlines()) <= 1
    assert len(_escaped(text, ":,").splitlines()) <= 1
    assert not {":", ","} & set(_escaped(text, ":,"))
    if text.isprintable():
        assert read_back(harmless) == read_back(_escaped(text, ":,")) == text
