"""`guessmodel seek`."""

import json
from pathlib import Path

import pytest

from guessmodel.cli.main import main

from .conftest import STAND


def test_a_table(stand: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["seek", stand, "profit", "--target", "10 USD", "--by", "price"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[2].split() == ["price", "[USD]", "mean", "of", "profit", "[USD]"]
    assert lines[3].split() == ["3", "10"]


def test_json_and_a_label(stand: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["seek", stand, "by_place[there]", "--target", "20", "--by", "price", "--json"]
    assert main(words) == 0
    found = json.loads(capsys.readouterr().out)
    assert list(found) == ["output", "by", "value", "statistic", "target", "reached"]
    assert found["value"]["value"] == pytest.approx(3) and found["output"] == "by_place[there]"


def test_none(stand: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["seek", stand, "profit", "--target", "100", "--by", "price", "--between", "1..5 USD"]
    assert main(words) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[1:] == [
        "no value of price between 1 and 5 USD brings the mean of profit to 100 USD",
        "the nearest is 30 USD, at price = 5 USD",
    ]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--target", "3", "--by", "price", "--between", "3"], "write from..to, such as 1..10"),
        (["--target", "3", "--by", "pric"], "did you mean 'price'"),
        (["--target", "3"], "--target needs --by too: --target 5% --by price"),
        (["--statistic", "p5", "--by", "price"], "--statistic needs --target too"),
        ([], "states no such question of 'profit'; ask one with --target 5% --by price"),
        (["--target", "x", "--by", "price"], "cannot read 'x' as a figure"),
    ],
)
def test_refusals(
    words: list[str], message: str, stand: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["seek", stand, "profit", *words]) == 2
    said = capsys.readouterr()
    assert message in said.err and said.out == ""
    assert len(said.err.splitlines()) <= 2


STATED = """
gm.seek(profit, "mean", "10 USD", by=price, doc="What is needed.")
gm.seek(by_place, "mean", 20, by=price, between=(1, 5), labels={"place": "there"})
gm.scenario("half", {cups: 5})
"""


@pytest.fixture
def stated(stand: str) -> str:
    Path(stand).write_text(STAND + STATED)
    return stand


def test_what_a_file_states(stated: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["seek", stated]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1] == "mean of profit = 10 USD: What is needed."
    assert lines[4].split() == ["3", "10"]
    assert "mean of by_place[there] = 20 USD" in lines
    assert main(["seek", stated, "by_place[there]", "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)["seeks"]
    assert found["value"]["value"] == pytest.approx(3)
    assert main(["seek", stated, "by_place[here]"]) == 2


def test_what_a_file_states_in_scenarios(stated: str, capsys: pytest.CaptureFixture[str]) -> None:
    """5 cups at 6 USD, less 20 USD."""
    assert main(["seek", stated, "profit", "--scenarios", "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)["seeks"]
    values = {name: each["value"]["value"] for name, each in found["scenarios"].items()}
    assert values == pytest.approx({"base": 3, "half": 6})


def test_an_output_is_needed(stated: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["seek", stated, "--target", "3", "--by", "price"]) == 2
    assert "name an OUTPUT, whose statistic is to be on target" in capsys.readouterr().err


def test_a_label_is_asked_for_as_it_is_written(
    stand: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["seek", stand, "by_place", "--target", "3", "--by", "price"]) == 2
    assert capsys.readouterr().err == (
        "error: 'by_place' has a place; choose one, e.g. 'by_place[here]', in Python "
        "labels={'place': 'here'}\n"
    )
