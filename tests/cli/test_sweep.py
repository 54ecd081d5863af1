"""`guessmodel sweep`."""

import json
import re
from pathlib import Path

import pytest

from guessmodel.cli.main import main

MODEL = """
import guessmodel as gm
price = gm.constant(3, "USD")
cups = gm.normal(mean=10, sd=2)
rent = gm.normal(mean=20, sd=3, unit="USD")
profit = price * cups - rent
by_place = profit * gm.constant({"here": 1, "there": 2}, dim="place")
"""


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "stand.py"
    path.write_text(MODEL)
    return str(path)


def test_a_table_with_crossings(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", file, "profit", "--over", "price=1..3:3 USD"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"{file}: profit over price; 65,536 samples")
    assert lines[2].split() == ["price", "[USD]", "mean", "5%", "50%", "95%"]
    assert [line.split()[:2] for line in lines[3:6]] == [["1", "-10"], ["2", "0"], ["3", "10"]]
    assert "mean of profit crosses 0 USD at price = 2 USD" in lines


def test_json(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", file, "by_place", "--over", "price=1, 3", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert list(found) == ["output", "over", "values", "crossings"]
    assert found["values"][1]["mean"]["there"]["value"] == pytest.approx(20)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ([], "profit in USD along price. at 1: median"),
        (["--over", "rent=10,20,30"], "by price, rent. "),
    ],
)
def test_pictures(file: str, more: list[str], words: str, tmp_path: Path) -> None:
    picture = tmp_path / "out.svg"
    over = ["--over", "price=1..3:3", *more]
    assert main(["sweep", file, "profit", *over, "--picture", str(picture)]) == 0
    title = re.search("<title>(.*)</title>", picture.read_text())
    assert title is not None and words in title[1]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--over", "price"], "argument --over: 'price': write 'name=values'"),
        (["--over", "price=1..3"], "price: '1..3' is no range of values"),
        (["--over", "price=1,2", "--over", "price=3,4"], "--over price: given twice"),
        (["--over", "price=1,2", "--picture", "out.txt"], "txt"),
        ([], "required: --over"),
    ],
)
def test_refusals(
    words: list[str], message: str, file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sweep", file, "profit", *words]) == 2
    said = capsys.readouterr()
    assert message in said.err and said.out == ""
    assert len(said.err.splitlines()) <= 2


def test_a_label_is_refused(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", file, "by_place[here]", "--over", "price=1,2"]) == 2
    assert "a sweep shows each label; write 'by_place'" in capsys.readouterr().err
