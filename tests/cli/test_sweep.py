"""`guessmodel sweep`."""

import json
import re
from pathlib import Path

import pytest

from guessmodel.cli.main import main

from .conftest import STAND


def test_a_table_with_crossings(stand: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", stand, "profit", "--over", "price=1..3:3 USD"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"{stand}: profit over price; 65,536 samples")
    assert lines[2].split() == ["price", "[USD]", "mean", "5%", "50%", "95%"]
    assert [line.split()[:2] for line in lines[3:6]] == [["1", "-10"], ["2", "0"], ["3", "10"]]
    assert "mean of profit crosses 0 USD at price = 2 USD" in lines


def test_json(stand: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", stand, "by_place", "--over", "price=1, 3", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert list(found) == ["output", "over", "values", "crossings"]
    assert found["values"][1]["mean"]["there"]["value"] == pytest.approx(20)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ([], "profit in USD along price. at 1: median"),
        (
            ["--over", "rent=10,20,30"],
            "Heat map of the mean of profit in USD over price and rent: least",
        ),
    ],
)
def test_pictures(stand: str, more: list[str], words: str, tmp_path: Path) -> None:
    picture = tmp_path / "out.svg"
    over = ["--over", "price=1..3:3", *more]
    assert main(["sweep", stand, "profit", *over, "--picture", str(picture)]) == 0
    title = re.search("<title>(.*)</title>", picture.read_text())
    assert title is not None and words in title[1]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--over", "price"], "argument --over: 'price': write 'name=values'"),
        (["--over", "price=1..3"], "price: '1..3' is no range of values"),
        (["--over", "price=1,2", "--over", "price=3,4"], "--over price: given twice"),
        (["--over", "price=1,2", "--picture", "out.txt"], "txt"),
        ([], "states no such question of 'profit'; ask one with --over 'price=1..10:10'"),
        (["--crosses", "1"], "--crosses is of a sweep that is given by --over; add it"),
    ],
)
def test_refusals(
    words: list[str], message: str, stand: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sweep", stand, "profit", *words]) == 2
    said = capsys.readouterr()
    assert message in said.err and said.out == ""
    assert len(said.err.splitlines()) <= 2


def test_a_label_of_an_output(stand: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", stand, "by_place", "--over", "price=1,2", "--json"]) == 0
    whole = json.loads(capsys.readouterr().out)
    assert main(["sweep", stand, "by_place[here]", "--over", "price=1,2", "--json"]) == 0
    part = json.loads(capsys.readouterr().out)
    assert part["output"] == "by_place[here]"
    assert [value["mean"] for value in part["values"]] == [
        value["mean"]["here"] for value in whole["values"]
    ]
    assert main(["sweep", stand, "by_place[nowhere]", "--over", "price=1,2"]) == 2
    assert "'by_place[nowhere]': dimension 'place' has no label" in capsys.readouterr().err


STATED = """
gm.sweep({price: "1..3:3"}, profit, doc="Around the price.")
gm.sweep({price: [1, 3], rent: [10, 30]}, by_place)
gm.scenario("dear", {cups: 5})
"""


@pytest.fixture
def stated(stand: str) -> str:
    Path(stand).write_text(STAND + STATED)
    return stand


def test_what_a_file_states(stated: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", stated]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"{stated}: profit over price; 65,536 samples")
    assert lines[1] == "Around the price."
    second = lines.index("", lines.index("mean of profit crosses 0 USD at price = 2 USD"))
    assert lines[second + 1].startswith(f"{stated}: by_place over price and rent")
    assert main(["sweep", stated, "by_place"]) == 0
    assert capsys.readouterr().out.splitlines() == lines[second + 1 :]


def test_what_a_file_states_as_json(stated: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", stated, "--json"]) == 0
    first, second = json.loads(capsys.readouterr().out)["sweeps"]
    assert main(["sweep", stated, "profit", "--over", "price=1,2,3", "--json"]) == 0
    assert first == json.loads(capsys.readouterr().out)
    assert second["over"] == {"price": [1, 3], "rent": [10, 30]}


def test_what_a_file_states_in_a_scenario(stated: str, capsys: pytest.CaptureFixture[str]) -> None:
    """5 cups at 1 USD, less 20 USD."""
    assert main(["sweep", stated, "profit", "--scenario", "dear", "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)["sweeps"]
    assert found["values"][0]["mean"]["value"] == pytest.approx(-15)
    assert main(["sweep", stated, "profit", "--scenarios", "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)["sweeps"]
    assert found["values"][0]["mean"]["dear"]["value"] == pytest.approx(-15)


def test_one_picture_shows_one_answer(
    stated: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / "out.svg"
    assert main(["sweep", stated, "--picture", str(picture)]) == 2
    assert "--picture shows one answer, and there are 2" in capsys.readouterr().err
    assert main(["sweep", stated, "profit", "--picture", str(picture)]) == 0
    assert "along price" in picture.read_text()
    assert f"wrote {picture}" in capsys.readouterr().out
