"""Drift: what a committed report allows, and what it does not."""

import json
import math
from pathlib import Path
from typing import Any

import pytest

import guessmodel as gm
from guessmodel.claims.drift import (
    Committed,
    Drift,
    Recorded,
    compared,
    read_report,
    reports_folder,
)
from guessmodel.cli.main import main
from guessmodel.errors import ModelError
from guessmodel.simulation.summary import RECORDED

Capture = pytest.CaptureFixture[str]
Document = dict[str, Any]

MODEL = """
import guessmodel as gm
price = gm.lognormal(5, 10, "USD/hour")
hours = gm.normal(10, 20, "hour")
cost = price * hours
by_kind = gm.stack({"small": cost, "large": 3 * cost}, dim="kind")
rate = gm.constant(20, "USD")
"""


def write_model(folder: Path, text: str = MODEL) -> gm.Model:
    path = folder / "example.py"
    path.write_text(text)
    return gm.Model.from_file(path)


def write_report(folder: Path, capsys: Capture, *options: str) -> tuple[Path, Document]:
    assert main(["run", str(folder / "example.py"), "--json", *options]) == 0
    document: Document = json.loads(capsys.readouterr().out)
    path = folder / "example.json"
    path.write_text(json.dumps(document))
    return path, document


def drift(model: gm.Model, path: Path, **options: Any) -> list[Drift]:
    committed = read_report(path)
    assert committed is not None
    return compared(model.title, committed, model.sample(**options).summary().rows)


def told(found: list[Drift]) -> list[tuple[Any, ...]]:
    return [(d.quantity, d.statistic, d.committed, d.computed, d.verdict) for d in found]


# --- reading ------------------------------------------------------------------------------------


def test_a_report_is_read_by_quantity_and_label(tmp_path: Path, capsys: Capture) -> None:
    write_model(tmp_path)
    path, document = write_report(tmp_path, capsys)
    found = read_report(path)
    assert found is not None
    assert list(found) == [
        "price",
        "hours",
        "cost",
        "by_kind[small]",
        "by_kind[large]",
        "rate",
    ]
    large = document["quantities"]["by_kind"]["p95"]["large"]
    number = found["by_kind[large]"].statistics["p95"]
    assert number.value == large["value"]
    assert number.error == pytest.approx(
        max(large["high"] - large["value"], large["value"] - large["low"])
    )
    assert set(found["cost"].statistics) == set(RECORDED)
    assert found["cost"].unit == "USD"


def test_labels_may_be_called_like_what_a_statistic_has(tmp_path: Path, capsys: Capture) -> None:
    model = write_model(
        tmp_path,
        """
import guessmodel as gm
cost = gm.constant({"value": 1, "low": None, "high": 3}, dim="kind")
best = gm.normal({"value": 1, "low": 1.5}, {"value": 2, "low": 3}, dim="kind").idxmin("kind")
none = gm.constant({"value": None, "low": None, "x": 5}, dim="kind")
""",
    )
    for command in (["run", "--json"], ["report", "-o", str(tmp_path)]):
        assert main([command[0], str(tmp_path / "example.py"), *command[1:]]) == 0
        text = capsys.readouterr().out
        if command[0] == "run":
            (tmp_path / "example.json").write_text(text)
        found = read_report(tmp_path / "example.json")
        assert found is not None
        assert set(found) == {"cost[value]", "cost[high]", "best[value]", "best[low]", "none[x]"}
        assert found["cost[high]"].statistics["p50"].value == 3
        assert drift(model, tmp_path / "example.json") == []


def test_a_report_rounds_as_its_longest_number(tmp_path: Path) -> None:
    def rounding(value: str) -> float:
        number = f'{{"value": 20.0, "low": 20, "high": {value}}}'
        statistics = ", ".join(f'"{key}": {number}' for key in RECORDED)
        path = tmp_path / "x.json"
        path.write_text(f'{{"quantities": {{"a": {{"unit": "", "dims": {{}}, {statistics}}}}}}}')
        found = read_report(path)
        assert found is not None
        return found["a"].statistics["mean"].rounding

    assert rounding("20.5") == pytest.approx(1e-5)  # 6 digits at least
    assert rounding("453.2712345") == pytest.approx(1e-9)
    assert rounding("0.00004532712") == pytest.approx(1e-6)
    assert rounding("4.532712e-05") == pytest.approx(1e-6)
    assert rounding(str(20 + 1 / 3)) == pytest.approx(1e-15)


@pytest.mark.parametrize(
    ("model", "there", "current", "expected"),
    [  # a model, JSON files that are there, the current folder, and where its reports belong
        ("coffee.py", [], ".", "reports"),
        ("coffee.py", ["reports/coffee.json"], ".", "reports"),
        ("models/twitter.py", [], ".", "reports"),
        ("models/twitter.py", ["reports/other.json"], "elsewhere", "reports"),
        ("models/twitter.py", ["reports/twitter.json"], "models", "reports"),
        ("models/a/b/solar.py", ["reports/solar.json"], "models/a/b", "reports"),
        ("a/models/solar.py", ["reports/x.json", "a/reports/x.json"], ".", "a/reports"),
        ("models/solar.py", ["models/reports/x.json", "reports/x.json"], ".", "models/reports"),
        ("models/solar.py", [], "elsewhere", "models/reports"),
        ("models/solar.py", ["models/reports/notes.txt"], ".", "reports"),
        # Beside another model of its name lie the reports of that.
        ("old/coffee.py", ["coffee.py", "reports/coffee.json"], ".", "old/reports"),
        ("a/old/x.py", ["a/x.py", "a/reports/x.json", "reports/y.json"], ".", "reports"),
        # What lies outside of a repository is not its own.
        ("code/models/solar.py", ["code/.git/x", "reports/x.json"], ".", "code/models/reports"),
        ("code/models/solar.py", ["code/.git/x", "reports/x.json"], "code", "code/reports"),
    ],
)
def test_where_reports_lie(
    model: str,
    there: list[str],
    current: str,
    expected: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in (*there, model, f"{current}/x"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path / current)
    assert reports_folder(tmp_path / model) == tmp_path / expected


def test_no_report_is_no_error(tmp_path: Path) -> None:
    assert read_report(tmp_path / "x.json") is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", ":1: no report, Expecting property name enclosed in double quotes; "),
        ("[]", " is no report of guessmodel; "),
        ('{"quantities": 3}', " is no report of guessmodel; "),
        ('{"quantities": {"a": {"unit": "", "dims": {}}}}', ": quantities.a has no mean; "),
    ],
)
def test_what_is_no_report(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(text)
    with pytest.raises(ModelError) as caught:
        read_report(path)
    assert str(caught.value) == f"{path}{message}write it anew with guessmodel report"


def test_a_folder_is_no_report(tmp_path: Path) -> None:
    (tmp_path / "x.json").mkdir()
    with pytest.raises(ModelError, match="cannot read the report"):
        read_report(tmp_path / "x.json")


# --- comparing ----------------------------------------------------------------------------------


def test_the_same_draws_and_other_draws_do_not_drift(tmp_path: Path, capsys: Capture) -> None:
    model = write_model(tmp_path)
    path, _ = write_report(tmp_path, capsys)
    assert drift(model, path) == []
    assert drift(model, path, seed=1) == []
    assert drift(model, path, n=1 << 12, seed=2) == []
    assert drift(model, path, n=1 << 12, seed=3, method="random") == []


def test_an_input_that_moves_takes_its_dependants_along(tmp_path: Path, capsys: Capture) -> None:
    path, _ = (write_model(tmp_path), write_report(tmp_path, capsys))[1]
    model = write_model(tmp_path, MODEL.replace("(5, 10,", "(5.5, 11,"))
    moved = {(d.quantity, d.statistic) for d in drift(model, path, seed=1)}
    for name in ("price", "cost", "by_kind[small]", "by_kind[large]"):
        assert {(name, key) for key in RECORDED} <= moved
    assert not any(name in ("hours", "rate") for name, _ in moved)


def test_an_exact_quantity_may_not_move_at_all(tmp_path: Path, capsys: Capture) -> None:
    path, _ = (write_model(tmp_path), write_report(tmp_path, capsys))[1]
    model = write_model(tmp_path, MODEL.replace("constant(20,", "constant(20.001,"))
    # All statistics of a constant say the same; one tells it.
    assert told(drift(model, path)) == [("rate", "mean", 20.0, 20.001, "drifted")]


def test_the_floating_point_of_another_cpu_is_tolerated() -> None:
    def moved(before: Recorded, now: float) -> bool:
        model = gm.Model(a=gm.constant(now))
        committed = {"a": Committed("", {"mean": before})}
        found = compared("m", committed, model.sample(8).summary().rows)
        return any(d.statistic == "mean" for d in found)

    assert not moved(Recorded(453.27), 453.27 * (1 + 5e-10))
    assert moved(Recorded(453.27), 453.27 * (1 + 5e-9))
    assert not moved(Recorded(453.27, rounding=1e-4), 453.30)
    assert moved(Recorded(453.27, rounding=1e-4), 453.33)


def test_what_cancels_is_nought_on_every_cpu() -> None:
    # Before: -0.4 + 0.1 * 0.4 - 0.04 + 0.4, whose terms cancel but for rounding; sd 0.4.
    model = gm.Model(a=gm.normal(mean=0, sd=0.4))
    rows = model.sample(8).summary().rows
    for noise, expected in ((5.6e-17, []), (5e-15, []), (7e-15, ["mean"])):
        committed = {"a": Committed("", {"mean": Recorded(noise), "sd": Recorded(0.4)})}
        found = compared("m", committed, rows)
        assert [d.statistic for d in found if d.statistic in ("mean", "sd")] == expected


def test_both_errors_count() -> None:
    # k = t(1 - 5e-8) / t(0.95) with 7 degrees of freedom, from SciPy.
    from scipy.stats import t

    k = float(t.isf(5e-8, 7) / t.isf(0.05, 7))
    model = gm.Model(a=gm.constant(10))
    for share, expected in ((0.99, []), (1.01, ["drifted"])):
        committed = {"a": Committed("", {"mean": Recorded(10 + share * k * 0.1, 0.1)})}
        rows = model.sample(8).summary().rows
        found = compared("m", committed, rows)
        assert [d.verdict for d in found if d.statistic == "mean"] == expected


def test_refused_and_unreliable_statistics() -> None:
    def moved(before: Recorded, now: float) -> list[Drift]:
        model = gm.Model(a=gm.constant(now))
        committed = {"a": Committed("", {"mean": before})}
        found = compared("m", committed, model.sample(8).summary().rows)
        return [d for d in found if d.statistic == "mean"]

    assert moved(Recorded(1.0, 0.1, reliable=False), 5.0) == []
    assert told(moved(Recorded(math.nan), 5.0)) == [("a", "mean", None, 5.0, "drifted")]


def test_new_removed_and_renamed_quantities_are_named(tmp_path: Path, capsys: Capture) -> None:
    path, _ = (write_model(tmp_path), write_report(tmp_path, capsys))[1]
    text = MODEL.replace("rate =", "fee =").replace('"large": 3 * cost', '"huge": 4 * cost')
    model = write_model(tmp_path, text + 'more = gm.constant(1, "USD")\n')
    assert told(drift(model, path)) == [
        ("by_kind[huge]", "name", None, "by_kind[huge]", "new"),
        ("fee", "name", "rate", "fee", "renamed"),
        ("more", "name", None, "more", "new"),
        ("by_kind[large]", "name", "by_kind[large]", None, "removed"),
    ]


def test_an_uncertain_quantity_is_renamed_too(tmp_path: Path, capsys: Capture) -> None:
    # Its draws change with its name, and its statistics within their errors alone.
    path, _ = (write_model(tmp_path), write_report(tmp_path, capsys))[1]
    model = write_model(tmp_path, MODEL.replace("hours", "time").replace('"time"', '"hour"'))
    assert told(drift(model, path)) == [("time", "name", "hours", "time", "renamed")]


def test_another_unit_is_a_drift_of_the_unit(tmp_path: Path, capsys: Capture) -> None:
    path, _ = (write_model(tmp_path), write_report(tmp_path, capsys))[1]
    model = write_model(tmp_path, MODEL.replace('(20, "USD")', '(20, "USD/day")'))
    assert told(drift(model, path)) == [("rate", "unit", "USD", "USD/day", "drifted")]


def test_labels_that_are_not_applicable_are_passed_over(tmp_path: Path, capsys: Capture) -> None:
    text = "import guessmodel as gm\na = gm.constant({'x': 1, 'y': None}, dim='k')\n"
    model = write_model(tmp_path, text)
    path, _ = write_report(tmp_path, capsys)
    assert drift(model, path) == []
    model = write_model(tmp_path, text.replace("None", "2"))
    assert told(drift(model, path)) == [("a[y]", "name", None, "a[y]", "new")]


def test_probabilities_of_a_category(tmp_path: Path, capsys: Capture) -> None:
    text = MODEL + 'best = gm.stack({"a": cost, "b": 1.1 * rate}, dim="way").idxmin("way")\n'
    model = write_model(tmp_path, text)
    path, _ = write_report(tmp_path, capsys)
    assert drift(model, path, seed=1) == []
    model = write_model(tmp_path, text.replace("1.1 * rate", "4 * rate"))
    assert {(d.quantity, d.statistic) for d in drift(model, path)} == {
        ("best[a]", "mean"),
        ("best[b]", "mean"),
    }


def test_json_of_a_drift() -> None:
    assert Drift("m", "a", "mean", 1.0, None, "drifted").to_dict() == {
        "model": "m",
        "quantity": "a",
        "statistic": "mean",
        "committed": 1.0,
        "computed": None,
        "verdict": "drifted",
        "committed_error": 0.0,
        "computed_error": 0.0,
        "inputs": [],
        "causes": [],
    }
