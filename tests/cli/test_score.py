"""`guessmodel score`."""

import json
from pathlib import Path

import pytest

from guessmodel.cli.main import main

MODEL = """
import guessmodel as gm
price = gm.lognormal(5, 10, "USD/hour")
yearly = gm.normal({1: (1, 2), 2: (3, 4)}, dim="year")
dear = price > gm.constant(7, "USD/hour")
"""


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "model.py"
    path.write_text(MODEL)
    return str(path)


def outcomes(tmp_path: Path, text: str) -> str:
    path = tmp_path / "came.csv"
    path.write_text(text)
    return str(path)


def test_a_table_and_json(file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    came = outcomes(
        tmp_path,
        "quantity,outcome\nprice,8 USD/hour\nyearly[1],1.4\nyearly[2],\ndear,true\n",
    )
    assert main(["score", file, came]) == 0
    said = capsys.readouterr().out
    assert "3 forecasts" in said and "yearly[1]" in said and "yearly[2]" not in said
    assert main(["score", file, came, "--json", "--mass", "0.5"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert set(told["forecasts"]) == {"price", "yearly[1]", "dear"}
    assert told["forecasts"]["price"]["interval"]["mass"] == 0.5


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("quantity,outcome\nprise,8\n", "model has no quantity 'prise'; did you mean 'price'"),
        ("quantity,outcome\nprice,8 kg\n", "came.csv:2: cannot convert kg to USD/hour"),
        ("quantity,outcome\nprice,8\nprice,9\n", "came.csv:3 has price again"),
        ("quantity,outcome\nprice,\n", "came.csv has no outcome yet"),
        ("quantity,value\nprice,8\n", "has the columns quantity, value; write quantity,outcome"),
    ],
)
def test_refused(
    file: str, tmp_path: Path, text: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["score", file, outcomes(tmp_path, text)]) == 2
    assert message in capsys.readouterr().err
