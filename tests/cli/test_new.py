"""`guessmodel new`: the starter runs, type-checks, and never takes the place of a file."""

import os
from pathlib import Path

import pytest

from guessmodel.cli.main import main
from guessmodel.loading.load import load

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def refused(capsys: Capture, name: str) -> str:
    before = sorted(Path().iterdir())
    assert main(["new", name]) == 2
    assert sorted(Path().iterdir()) == before
    out, err = capsys.readouterr()
    assert out == ""
    return err.removesuffix("\n")


def test_the_starter_runs(capsys: Capture) -> None:
    assert main(["new", "coffee"]) == 0
    assert capsys.readouterr() == ("wrote coffee.py; now: guessmodel run coffee.py\n", "")
    assert list(Path().iterdir()) == [Path("coffee.py")]
    assert main(["run", "coffee.py"]) == 0
    assert capsys.readouterr().err == ""


def test_the_starter_teaches_the_essentials() -> None:
    main(["new", "coffee"])
    module = load("coffee.py")[-1]
    assert module.doc
    assert set(module.docs) >= {"people", "cups", "price", "cost"}
    kinds = {quantity.kind for quantity in module.names.values()}
    assert kinds == {"constant", "draw", "derived"}
    assert all(q.source for q in module.names.values() if q.kind != "derived")
    assert len(Path("coffee.py").read_text().splitlines()) <= 40


def test_names_with_folder_and_ending() -> None:
    Path("sub").mkdir()
    assert main(["new", "sub/tea.py"]) == 0
    assert load("sub/tea.py")


@pytest.mark.skipif(os.name == "nt", reason="permissions as POSIX has them")
def test_the_file_has_ordinary_permissions() -> None:
    Path("ordinary").touch()
    main(["new", "coffee"])
    assert Path("coffee.py").stat().st_mode == Path("ordinary").stat().st_mode


def test_a_file_is_never_overwritten(capsys: Capture) -> None:
    Path("coffee.py").write_text("mine")
    assert refused(capsys, "coffee") == "error: coffee.py exists already; choose another name"
    assert Path("coffee.py").read_text() == "mine"


def test_a_file_that_comes_in_between_is_not_overwritten(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("coffee.py").write_text("mine")
    monkeypatch.setattr(Path, "exists", lambda path: False)
    assert refused(capsys, "coffee") == "error: coffee.py exists already; choose another name"
    assert Path("coffee.py").read_text() == "mine"


def test_names_that_others_could_not_import(capsys: Capture) -> None:
    assert refused(capsys, "my-model") == (
        "error: 'my-model' cannot be imported by other models; write my_model"
    )
    assert refused(capsys, "class") == (
        "error: 'class' (a word of Python's) cannot be imported by other models; "
        "choose another name"
    )
    assert refused(capsys, "json") == (
        "error: 'json' is the name of a Python module already; choose another"
    )
    assert refused(capsys, "guessmodel").startswith("error: 'guessmodel' is the name of")
    assert refused(capsys, "nowhere/tea") == "error: there is no folder nowhere"
