"""`guessmodel fit`."""

import json
from pathlib import Path

import pytest

from guessmodel.cli.main import main


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "d.csv"
    path.write_text("cost [USD],n\n" + "".join(f"{x},1\n" for x in (3, 1, 2, 5, 9, 4)))
    return str(path)


def test_a_table(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fit", file, "cost"]) == 0
    said = capsys.readouterr().out
    assert "family" in said and "cost = gm." in said


def test_json_and_a_picture(file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture = tmp_path / "qq.svg"
    words = ["fit", file, "cost", "--families", "normal", "--json", "--picture", str(picture)]
    assert main(words) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["best"] == "normal" and told["line"].endswith(
        'unit="USD", source="d.csv: 6 values of cost")'
    )
    assert "Q-Q plot of 6 values" in picture.read_text()


def test_refused(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fit", file]) == 2
    told = capsys.readouterr().err
    assert told.startswith("error: fit: ")
    assert "choose one as COLUMN" in told
    assert main(["fit", file, "nothing"]) == 2
    assert capsys.readouterr().err.startswith("error: fit: ")
