"""Headlines: what a model is asked for, in Python, in `run` and in reports."""

import json
from pathlib import Path

import numpy as np
import pytest

import guessmodel as gm
from guessmodel.cli.main import main
from guessmodel.errors import DimensionError, GuessmodelError, UnitError, UsageError, WrongKind
from guessmodel.report.document import document
from guessmodel.report.layout import layout
from guessmodel.report.markdown import markdown
from guessmodel.simulation.headline import headlines_of
from guessmodel.simulation.statistics import statistic

MODEL = """
import guessmodel as gm
price = gm.lognormal(5, 10, "USD/hour")
parts = gm.constant({"a": 1, "b": 2}, dim="part")
cost = price * gm.constant(100, "hour")
shares = parts * cost
other = cost * 3
gm.headline(cost, percentiles=(10, 90), statistics=("mean", "P(> 2000 USD)"))
gm.headline(shares, percentiles=(), at={"part": "b"})
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("model.py").write_text(MODEL)
    return Path("model.py")


def test_answers_are_the_statistics_of_the_results(file: Path) -> None:
    model = gm.Model.from_file(file)
    assert list(headlines_of(model)) == ["cost", "shares[b]"]
    simulation = model.sample(1024)
    found = gm.headlines(simulation)
    cost, shares = found.answers
    assert list(cost.statistics) == ["mean", "P(> 2000 USD)", "p10", "p90"]
    assert cost.statistics["p90"] == simulation["cost"].quantile(0.9)
    assert cost.statistics["P(> 2000 USD)"] == simulation["cost"].exceedance(2000)
    assert shares.statistics == {"mean": simulation["shares"].sel(part="b").mean()}
    table = found.to_pandas()
    assert table["headline"].tolist() == ["cost"] * 4 + ["shares[b]"]
    assert found.to_dict()["cost"]["p90"]["unit"] == "USD"
    assert "shares[b]" in str(found)
    assert "<table>" in found._repr_html_()
    changed = model.with_(price="20 to 30 USD/hour").sample(1024)
    assert gm.headlines(changed).answers[0].statistics["p10"].value > 2000.0


def test_a_comparison_is_asked_for_by_its_probability() -> None:
    """Its percentiles are 0 or 1, and say nothing."""
    cost = gm.lognormal(240, 720, "USD/day")
    late = cost > gm.constant(600, "USD/day")
    assert gm.headline(late).statistics == ("probability",)
    assert gm.headline(~late & (cost > 0)).statistics == ("probability",)
    assert gm.headline(late, sentence="Late in {mean}.").statistics == ("probability", "mean")
    assert gm.headline(late, statistics=("mean", "sd")).statistics == ("mean", "sd")
    assert gm.headline(late, percentiles=(5,)).statistics == ("probability", "p5")
    assert gm.headline(late * cost).statistics == ("mean", "p5", "p50", "p95")


def test_an_interval_is_asked_for_by_both_ends() -> None:
    """Of an exponential the densest 90% begin at 0."""
    wait = gm.exponential(mean=10, unit="day")
    asked = gm.headline(wait, percentiles=(), statistics=("hdi(0.9)", "mean")).statistics
    assert asked == ("hdi(0.9) low", "hdi(0.9) high", "mean")
    low, high, _ = (statistic(name)(wait.sample(64)).value for name in asked)
    assert (low, high) == pytest.approx((0.0, -10 * np.log(0.1)), abs=1e-9)
    with pytest.raises(UsageError, match=r"'hdi\(0.9\)' has two ends; write 'hdi\(0.9\) low' or"):
        gm.headline(wait, sentence="It takes {hdi(0.9)}")


def test_run_shows_them(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "model.py", "--outputs"]) == 0
    out = capsys.readouterr().out
    assert "other" not in out  # an output, but not what the model is asked for
    assert "P(> 2000 USD)" in out.split("headline ")[1]
    assert main(["run", "model.py", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["headlines"]
    assert found["cost"]["P(> 2000 USD)"]["unit"] == ""
    assert main(["run", "model.py", "cost"]) == 0
    assert "headline " not in capsys.readouterr().out


def test_percentiles_of_run(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "model.py", "price", "--percentiles", "80,10%, 50"]) == 0
    header, row = capsys.readouterr().out.splitlines()[2:4]
    assert header.split() == ["quantity", "unit", "mean", "10%", "50%", "80%"]
    # Of a lognormal from 5 to 10: √50 · exp(z σ), σ = ln 2 / 3.28971, z = -1.28155 and 0.841621.
    assert row.split()[3:6] == ["5.398", "7.071", "8.443"]
    assert main(["run", "model.py", "shares", "--percentiles", "10,50", "--json"]) == 0
    shares = json.loads(capsys.readouterr().out)["quantities"]["shares"]
    assert shares["p10"]["b"]["value"] == pytest.approx(2 * shares["p10"]["a"]["value"], rel=1e-6)
    assert "p95" in shares
    summary = gm.Model.from_file(file).sample(1024).summary((2.5, 97.5))
    assert summary.cells()[0] == ["", "unit", "mean", "2.5%", "97.5%"]


def test_reports_have_them(file: Path) -> None:
    made = document(gm.Model.from_file(file), samples=1024)
    assert made["headlines"]["cost"]["p10"]["unit"] == "USD"
    assert "<br>p90: " in markdown(layout(made))
    plain = document(gm.Model(x=gm.normal(1, 2)), samples=1024)
    assert "headlines" not in plain


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("10,x", "'10,x' are no percentiles; write 10,50,90"),
        ("0,50", "percentile 0 is not between 0 and 100"),
        ("0.1,0.9", "percentiles are counted from 0 to 100; write 10 for 0.1"),
    ],
)
def test_percentiles_that_are_none(
    file: Path, capsys: pytest.CaptureFixture[str], text: str, message: str
) -> None:
    assert main(["run", "model.py", "--percentiles", text]) == 2
    assert f"error: argument --percentiles: {message}" in capsys.readouterr().err
    with pytest.raises(WrongKind, match="percentiles are numbers such as"):
        gm.Model.from_file(file).sample(64).summary("10,50")


def test_a_quantity_without_a_name(file: Path) -> None:
    file.write_text("import guessmodel as gm\nx = gm.normal(1, 2)\ngm.headline(3 * x)\n")
    told = r"^model.py:3: gm.headline: <derived .*> has no name in model; bind it to one, as in "
    with pytest.raises(UsageError, match=told):
        headlines_of(gm.Model.from_file(file))


def test_what_is_refused() -> None:
    cost = gm.lognormal(1, 2, "USD")
    labelled = gm.normal({"a": (1, 2), "b": (1, 3)}, dim="x")
    rows: list[tuple[type[GuessmodelError], str, object]] = [
        (WrongKind, "takes a quantity, not a value of type str", lambda: gm.headline("cost")),  # type: ignore[arg-type]
        (UsageError, "no statistic 'averag'", lambda: gm.headline(cost, statistics=("averag",))),
        (UnitError, "cannot convert kg", lambda: gm.headline(cost, statistics=("P(< 5 kg)",))),
        (UsageError, "percentile 500 is not", lambda: gm.headline(cost, percentiles=(500,))),
        (DimensionError, "say which 'x' is meant: at=", lambda: gm.headline(labelled)),
        (DimensionError, "no dimension 'y'", lambda: gm.headline(cost, at={"y": 1})),
        (UsageError, "priority=0 is less than 1", lambda: gm.headline(cost, priority=0)),
        (WrongKind, "whole number from 1, not 1.5", lambda: gm.headline(cost, priority=1.5)),  # type: ignore[arg-type]
        (
            WrongKind,
            "write chosen = category == 'a', and",
            lambda: gm.headline(labelled.idxmin("x")),
        ),
        (UsageError, "name a stat", lambda: gm.headline(cost, percentiles=(), statistics=())),
    ]
    for kind, message, call in rows:
        with pytest.raises(kind, match=message) as caught:
            call()  # type: ignore[operator]
        assert "test_headline.py" in str(caught.value)


def test_what_a_notebook_shows_of_it() -> None:
    assert repr(gm.headline(gm.normal(1, 2, name="x"))) == "<headline of x: mean, p5, p50, p95>"
