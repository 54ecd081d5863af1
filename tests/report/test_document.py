"""The document of a model: it says what the simulation, the check and the file say."""

import json
import math
from pathlib import Path
from typing import Any

import pytest

import guessmodel as gm
from guessmodel.claims.checking import check
from guessmodel.claims.drift import compared, read_report
from guessmodel.model.model import Model
from guessmodel.report import Document, document, text_of


def test_statistics_are_those_of_the_simulation(lunch: Model, lunch_document: Document) -> None:
    simulation = lunch.sample()
    statistics = {"mean": "mean", "sd": "sd", "p50": "median"}
    home = simulation["cost"].sel(place="home")
    for key, method in statistics.items():
        given = lunch_document["quantities"]["cost"][key]["home"]
        estimate = getattr(home, method)()
        assert given["value"] == pytest.approx(estimate.value, rel=1e-9)
        assert given["low"] == pytest.approx(estimate.low, rel=1e-9)
    low, high = simulation["over"].interval()
    assert lunch_document["quantities"]["over"]["p5"]["value"] == pytest.approx(low.value, rel=1e-9)
    assert lunch_document["quantities"]["over"]["p95"]["high"] == pytest.approx(high.high, rel=1e-9)


def test_closed_forms(lunch_document: Document) -> None:
    # A uniform variable on 1 to 2; the median of a ratio of lognormals is that of the medians.
    factor = lunch_document["quantities"]["factor"]
    assert factor["mean"] == {"value": 1.5, "low": 1.5, "high": 1.5}
    assert factor["p5"]["value"] == pytest.approx(1.05)
    assert factor["sd"]["value"] == pytest.approx(math.sqrt(1 / 12))
    over = lunch_document["quantities"]["over"]["p50"]
    assert over["low"] - 1e-3 <= math.sqrt(8 * 20 / (2 * 4)) <= over["high"] + 1e-3
    chance = lunch_document["quantities"]["cheap"]["probability"]
    assert chance["value"] == pytest.approx(0.5, abs=1e-3)


def test_check_finds_no_drift_from_it_and_a_change(reports: Path, lunch: Model) -> None:
    committed = read_report(reports / "reports" / "lunch.json")
    assert committed is not None
    assert compared("lunch", committed, list(lunch.sample(seed=1).summary().rows)) == []
    changed = lunch.with_(factor="1 to 2.2").sample(seed=1).summary().rows
    moved = {drift.quantity for drift in compared("lunch", committed, list(changed))}
    assert {"factor", "cost[home]", "cost[out]", "home"} <= moved
    assert not moved & {"price[home]", "over", "days"}


def test_check_reads_the_folder_of_reports(reports: Path) -> None:
    result = check([reports / "models" / "lunch.py"])
    assert result.holds
    assert result.remarks == ()


def test_what_a_quantity_is(lunch_document: Document) -> None:
    quantities = lunch_document["quantities"]
    price, cost, best = quantities["price"], quantities["cost"], quantities["best"]
    assert (price["kind"], price["distribution"], price["unit"]) == ("draw", "lognormal", "USD/day")
    assert price["source"] == "arXiv:2203.15556, Table 2"
    assert price["doc"] == "Price of a lunch."
    assert price["dims"] == {"place": ["home", "out"]}
    assert (cost["formula"], cost["depends_on"]) == (
        "price * days * factor",
        ["price", "days", "factor"],
    )
    assert (cost["main"], quantities["home"]["main"], quantities["over"]["output"]) == (
        False,
        True,
        True,
    )
    assert best["dims"] == {"category": ["home", "out"]}
    assert set(best["mean"]) == {"home", "out"}
    assert best["sd"] == {"home": None, "out": None}
    assert quantities["cheap"]["indicator"] and not cost["indicator"]
    assert lunch_document["outputs"] == ["cheap", "over", "best", "years"]


def test_guesstimate_interval_where_a_claim_is_about_it(
    lunch: Model, lunch_document: Document
) -> None:
    low, high = lunch.sample()["home"].guesstimate_interval()
    given = lunch_document["quantities"]["home"]["guesstimate_interval"]
    assert given["low"]["value"] == pytest.approx(low.value, rel=1e-9)
    assert given["high"]["value"] == pytest.approx(high.value, rel=1e-9)
    have = [n for n, e in lunch_document["quantities"].items() if "guesstimate_interval" in e]
    assert have == ["home"]


def test_claims_are_those_of_the_check(lunch: Model, lunch_document: Document) -> None:
    rows = check(lunch, drift=False).claims
    given = lunch_document["claims"]
    assert len(rows) == len(given) == 4
    for row, claim in zip(rows, given, strict=True):
        told = row.to_dict()
        assert all(claim[key] == told[key] for key in ("quantity", "statistic", "published"))
        assert all(claim[key] == told[key] for key in ("verdict", "expected", "source", "note"))
        for key in ("value", "low", "high"):
            assert claim["computed"][key] == pytest.approx(told["computed"][key], rel=1e-9)
    assert [claim["ratio"] for claim in given] == [True, False, False, False]
    # 365 days a year, and the unit of `home` is USD/day.
    assert given[1]["scale"] == pytest.approx(365.0)


def test_claims_on_labels_and_ratios_of_means(tmp_path: Path) -> None:
    path = tmp_path / "two.py"
    path.write_text(
        "import guessmodel as gm\n"
        "a = gm.lognormal({'x': (1, 2), 'y': (2, 3)}, unit='USD', dim='at')\n"
        "b = gm.lognormal(1, 2, 'USD')\n"
        "r = (a / b).to('percent')\n"
        "gm.claim(r, at={'at': 'y'}, median='170%', rtol=0.1)\n"
        "gm.claim_ratio_of_means(a, b, '1.7', at={'at': 'y'}, rtol=0.1)\n"
        "gm.claim_joint(a, b * r, rank_correlation='0.9', at={'at': 'y'})\n"
    )
    first, second, third = document(Model.from_file(path))["claims"]
    assert (first["name"], first["labels"], first["ratio"]) == ("r", {"at": "y"}, True)
    assert (second["name"], second["quantity"], second["ratio"]) == (None, "a[y] / b", True)
    assert (third["name"], third["statistic"], third["ratio"]) == (None, "rank correlation", False)
    assert third["quantity"] == "a[y] and (b * r)[y]"


def test_where_it_comes_from(tmp_path: Path) -> None:
    folder = tmp_path / "estimates"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "first.py").write_text("import guessmodel as gm\nx = gm.normal(1, 2)\n")
    (folder / "second.py").write_text('"""Twice it."""\nfrom estimates.first import x\ny = 2 * x\n')
    made = document(Model.from_file(folder / "second.py"), samples=1024, seed=7, method="lhs")
    assert made["file"] == "estimates/second.py"
    assert (made["samples"], made["seed"], made["method"]) == (1024, 7, "lhs")
    assert (made["title"], made["description"]) == ("Twice it.", "")
    assert made["quantities"]["x"]["from"] == "first"
    assert made["quantities"]["y"]["from"] is None


def test_titles(lunch_document: Document) -> None:
    assert lunch_document["title"] == "What lunch costs."
    assert lunch_document["description"].startswith("Two ways to eat")
    assert document(gm.Model(cost=gm.normal(1, 2)))["title"] == "model"


def test_what_does_not_exist_and_what_is_not_finite(tmp_path: Path) -> None:
    made = document(
        gm.Model(wide=gm.cauchy(0, 1), gap=gm.log(gm.normal(-1, 1, name="z"))), samples=4096
    )
    assert made["quantities"]["wide"]["mean"]["value"] is None
    assert "note" in made["quantities"]["wide"]["mean"]
    assert made["remarks"] and "not finite" in made["remarks"][0]
    json.loads(text_of(made), parse_constant=pytest.fail)


def test_draws_without_a_name() -> None:
    made = document(gm.Model(total=gm.normal(1, 2) + gm.normal(1, 2)), samples=1024)
    assert made["remarks"] == [
        "2 draws have no name, and may change with an edit; bind them to names"
    ]


def test_ten_digits(lunch_document: Document) -> None:
    def numbers(tree: Any) -> list[float]:
        if isinstance(tree, dict):
            return [x for branch in tree.values() for x in numbers(branch)]
        if isinstance(tree, list):
            return [x for branch in tree for x in numbers(branch)]
        return [tree] if isinstance(tree, float) else []

    for each in numbers(lunch_document):
        assert each == float(f"{each:.10g}")


def test_a_page_has_one_estimate_of_a_statistic(tmp_path: Path) -> None:
    """A claim that the first run leaves undecided is drawn again; its quantity takes that over."""
    file = tmp_path / "edge.py"
    file.write_text(
        "import guessmodel as gm\n"
        'load = gm.ceil(gm.lognormal({"a": (1, 9), "b": (2, 9)}, unit="node", dim="day"))\n'
        "load = load * gm.lognormal(1, 2)\n"
        'mean = load.sel(day="a").sample(2**17).mean().value * 1.15\n'
        'gm.claim(load, mean=f"{mean} node", rtol=0.1304, at={"day": "a"})\n'
    )
    made = document(Model.from_file(file), samples=1024)
    (claim,) = made["claims"]
    assert claim["samples"] > 1024
    assert made["quantities"]["load"]["mean"]["a"] == claim["computed"]
    assert made["quantities"]["load"]["mean"]["b"]["value"] != claim["computed"]["value"]
