"""`guessmodel correlation`: the table and the JSON, and what it refuses."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import guessmodel as gm
from guessmodel.cli.main import main

Capture = pytest.CaptureFixture[str]
Run = Callable[..., tuple[int, str, str]]
MODEL = """
import guessmodel as gm
price = gm.lognormal(5, 10, "USD/hour")
hours = gm.normal({"a": 30, "b": 300}, {"a": 50, "b": 500}, "hour", dim="team")
wage = gm.normal(3, 4)
price, wage = gm.correlate([price, wage], rank=0.5)
cost = (price * hours).sum("team")
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> Run:
    """Exit code, stdout and stderr of a call."""
    monkeypatch.chdir(tmp_path)
    Path("model.py").write_text(MODEL)

    def call(*words: str) -> tuple[int, str, str]:
        code = main([*words, "--samples", "2048"])
        out, err = capsys.readouterr()
        return code, out, err

    return call


def test_the_table_has_inputs_and_outputs(run: Run) -> None:
    code, out, err = run("correlation", "model.py")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0].startswith("model.py: 2,048 samples, nets, seed 0")
    assert lines[1] == "rank correlations (Spearman)"
    assert lines[3].split() == ["cost"]
    assert [line.split()[0] for line in lines[4:]] == ["price", "hours[a]", "hours[b]", "wage"]


def test_json_is_that_of_the_object(run: Run) -> None:
    code, out, _ = run("correlation", "model.py", "price", "hours[a]", "--json")
    simulation = gm.Model.from_file("model.py").sample(2048)
    same = simulation.correlations("price", "hours[a]").to_dict()
    assert (code, json.loads(out)) == (0, json.loads(json.dumps(same)))
    assert list(json.loads(out)["correlations"]) == ["price", "hours[a]"]
    code, out, _ = run("correlation", "model.py", "price", "wage", "--statistic", "pearson")
    assert "Pearson's correlations" in out


def test_a_single_name_is_refused(run: Run) -> None:
    code, out, err = run("correlation", "model.py", "price")
    assert (code, out) == (2, "")
    assert "a correlation takes two quantities or more" in err


def test_the_picture_of_several(run: Run) -> None:
    code, out, err = run(
        *("plot", "model.py", "price", "wage", "cost", "--kind", "scatter-matrix", "-o", "x.svg")
    )
    assert (code, out, err) == (0, "wrote x.svg\n", "")
    assert (
        "Scatter matrix. Spearman rank correlation of price and wage" in Path("x.svg").read_text()
    )
    code, _, err = run(
        *("plot", "model.py", "price", "hours", "--kind", "scatter-matrix", "-o", "x.svg")
    )
    assert code == 2
    assert "--kind scatter-matrix shows no labels, and 'hours' has team: 2" in err
