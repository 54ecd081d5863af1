"""Scenarios on the command line: side by side, for each command that shows them so."""

import json
from pathlib import Path
from typing import Any

import pytest

from guessmodel.cli.main import main

Capture = pytest.CaptureFixture[str]
MODEL = """
import guessmodel as gm
price = gm.constant(3, "USD")
cups = gm.normal(mean=10, sd=2)
rent = gm.normal(mean=20, sd=3, unit="USD")
fee = gm.constant({"a": 1, "b": 2}, "USD", dim="case")
profit = price * cups - rent - fee.sum("case")
gm.scenario("dear", {price: 4}, doc="Prices go up.")
gm.scenario("corner", {rent: "5 to 6 USD"})
"""


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> Any:
    monkeypatch.chdir(tmp_path)
    Path("stand.py").write_text(MODEL)

    def call(command: str, *words: str, code: int = 0) -> str:
        assert main([command, "stand.py", *words]) == code
        out, err = capsys.readouterr()
        return err if code else out

    return call


def test_run(told: Any) -> None:
    lines = told("run", "--scenarios").splitlines()
    assert lines[0].startswith("stand.py: 65,536 samples")
    shown = [line.split()[:3] for line in lines[2:]]
    assert shown[0] == ["quantity", "scenario", "unit"]
    assert [row[:2] for row in shown[1:8]] == [
        *(["price", "base"], ["dear", "USD"], ["rent", "base"], ["corner", "USD"]),
        *(["profit", "*"], ["dear", "USD"], ["corner", "USD"]),
    ]
    # (4 - 3) USD * 10
    assert "+10" in lines[8] and lines[8].endswith("yes")
    assert lines[-2:] == ["dear: Prices go up.", "2 quantities are the same in all scenarios"]


def test_run_of_some_quantities_and_labels(told: Any) -> None:
    lines = told("run", "fee[b]", "--scenarios", "--samples", "64").splitlines()
    assert [line.split()[0] for line in lines[3:6]] == ["fee[b]", "dear", "corner"]
    found = json.loads(told("run", "profit", "--scenarios", "--json", "--samples", "1024"))
    assert list(found) == ["model", "file", "seed", "samples", "method", "scenarios"]
    assert list(found["scenarios"]) == ["base", "dear", "corner"]
    assert list(found["scenarios"]["dear"]["quantities"]) == ["profit"]
    alone = json.loads(told("run", "profit", "--scenario", "dear", "--json", "--samples", "1024"))
    side = found["scenarios"]["dear"]["quantities"]["profit"]
    assert side["p50"] == alone["quantities"]["profit"]["p50"]
    whole = told("run", "--scenarios", "--all", "--samples", "64").splitlines()
    assert sum(line.startswith("cups") for line in whole) == 1


def test_single_values_are_on_top_of_each(told: Any) -> None:
    words = ("--scenarios", "--set", "cups=10", "--set", "rent=20", "--json", "--samples", "64")
    found = json.loads(told("run", "profit", *words))["scenarios"]
    values = {name: each["quantities"]["profit"]["mean"]["value"] for name, each in found.items()}
    assert values == {"base": 7, "dear": 17, "corner": 7}


def test_sweep(told: Any) -> None:
    words = ("profit", "--over", "cups=1..10:2", "--scenarios", "--samples", "1024")
    found = json.loads(told("sweep", *words, "--json"))
    assert found["over"] == {"cups": [1, 10]}
    # 3 * 10 - 20 - 3 and 4 * 10 - 20 - 3, and with a rent of 5.5
    for name, mean in (("base", 7), ("dear", 17), ("corner", 21.5)):
        assert found["values"][1]["mean"][name]["value"] == pytest.approx(mean, abs=1e-6)
    means = [c for c in found["crossings"] if c["statistic"] == "mean"]
    # 23 / 3, 23 / 4 and 8.5 / 3
    at = {c["labels"]["scenario"]: c["cups"]["value"] for c in means}
    assert at == pytest.approx({"base": 23 / 3, "dear": 23 / 4, "corner": 8.5 / 3}, rel=1e-6)
    assert "wrote out.svg" in told("sweep", *words, "--picture", "out.svg")


def test_seek(told: Any) -> None:
    words = ("profit", "--target", "0", "--by", "cups", "--scenarios", "--samples", "1024")
    found = json.loads(told("seek", *words, "--json"))["scenarios"]
    at = {name: each["value"]["value"] for name, each in found.items()}
    assert at == pytest.approx({"base": 23 / 3, "dear": 23 / 4, "corner": 8.5 / 3}, rel=1e-6)
    lines = told("seek", *words).splitlines()
    assert [line.split()[0] for line in lines[2:]] == ["scenario", "base", "dear", "corner"]
    lines = told("seek", *words, "--between", "1..2").splitlines()
    assert sum(": no value of cups between 1 and 2" in line for line in lines) == 3


def test_labels_are_swept_and_sought(told: Any) -> None:
    found = json.loads(told("sweep", "profit", "--over", "fee[b]=1, 11", "--json"))
    assert found["over"] == {"fee[b]": [1, 11]}
    # 30 - 20 - 1 - x
    assert [v["mean"]["value"] for v in found["values"]] == pytest.approx([8, -2], abs=1e-3)
    sought = json.loads(told("seek", "profit", "--target", "0", "--by", "fee[b]", "--json"))
    assert (sought["by"], sought["value"]["value"]) == ("fee[b]", pytest.approx(9, rel=1e-4))


def test_sensitivity_and_plot(told: Any) -> None:
    found = json.loads(told("sensitivity", "profit", "--scenarios", "--json", "--samples", "4096"))
    # Var(3 cups) = 36, Var(rent) = 9
    assert found["inputs"]["rent"]["first"]["base"]["value"] == pytest.approx(0.2, abs=1e-3)
    assert found["inputs"]["rent"]["first"]["dear"]["value"] == pytest.approx(9 / 73, abs=1e-3)
    assert told("plot", "profit", "--scenarios", "-o", "out.svg") == "wrote out.svg\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["run", "--scenarios", "--scenario", "dear"], "--scenarios shows all of them; leave out"),
        (["run", "--scenarios", "--wide", "mean"], "--wide has no effect beside --scenarios"),
        (["sweep", "profit", "--over", "fee[c]=1,2"], "dimension 'case' has no label 'c'"),
        (["seek", "profit", "--target", "0", "--by", "cup"], "no quantity 'cup'; did you mean"),
    ],
)
def test_refusals(told: Any, words: list[str], message: str) -> None:
    command, *rest = words
    assert message in told(command, *rest, code=2)


def test_a_model_without(told: Any) -> None:
    Path("stand.py").write_text(MODEL.partition("gm.scenario")[0])
    assert told("run", "--scenarios", code=2) == (
        "error: stand has no scenarios; write gm.scenario('cheap', {price: '3 to 6 USD'}) "
        "in its file\n"
    )


def test_the_table_says_which_family_a_range_took(told: Any) -> None:
    """In place of a constant or of what is computed the grammar decides; a draw keeps its own."""
    words = ("run", "profit", "--samples", "64", "--set")
    line = "price: 2 to 5 is lognormal, as it takes the place of no draw"
    assert told(*words, "price=2 to 5").splitlines()[-1] == line
    assert told(*words, "profit=-5 to 5").splitlines()[-1].startswith("profit: -5 to 5 is normal")
    for kept in ("rent=10 to 30", "price=5", "price=uniform(1, 5)"):
        assert "takes the place" not in told(*words, kept)
    assert line in told("sensitivity", "profit", "--set", "price=2 to 5", "--samples", "1024")
    assert "is lognormal" not in told(*words, "price=2 to 5", "--json")


def test_a_label_in_all_scenarios_and_in_one(told: Any) -> None:
    """Named as in the unchanged model, or with the scenario in front."""
    with Path("stand.py").open("a") as file:
        file.write("shares = profit * gm.constant({'a': 1, 'b': 2}, dim='case')\n")
    few = ("--scenarios", "--samples", "1024")
    lines = told("sensitivity", "shares[b]", *few).splitlines()
    assert [line for line in lines if line.endswith(":")] == [
        f"shares[b][{name}]:" for name in ("base", "dear", "corner")
    ]
    one = told("sensitivity", "shares[dear, b]", *few).splitlines()
    assert one[1].startswith("what drives shares[dear, b]: ")
    lines = told("correlation", "shares[a]", "cups", *few).splitlines()
    assert [line.split()[0] for line in lines[4:]] == [
        *("shares[a][base]", "shares[a][dear]", "shares[a][corner]", "cups")
    ]
    assert "wrote it.svg" in told("plot", "shares[a]", *few, "-o", "it.svg")
    assert "write 'shares[base,a]'" in told(
        "plot", "shares[a]", *few, "--kind", "tornado", "-o", "it.svg", code=2
    )
    assert "give one label a dimension" in told("sensitivity", "shares[a, b, c]", *few, code=2)
