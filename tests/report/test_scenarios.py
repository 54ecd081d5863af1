"""Scenarios of a model in its report."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

import guessmodel as gm
from guessmodel.claims.checking import sampled_and_checked
from guessmodel.report.document import described, document
from guessmodel.report.files import verify, write
from guessmodel.report.layout import layout
from guessmodel.report.markdown import markdown
from guessmodel.report.pictures import drawn
from guessmodel.report.scenarios import beside

TEXT = """
    import guessmodel as gm
    price = gm.constant(3, "USD")
    cups = gm.normal(mean=100, sd=10)
    fee = gm.constant({"a": 1, "b": 2}, "USD", dim="case")
    profit = price * cups - fee
    aside = gm.normal(1, 2)
    gm.headline(profit, at={"case": "a"})
    gm.scenario("dear", {price: 4}, doc="Prices go up.", source="a guess")
    gm.scenario("same", {price: 3})
    gm.claim(cups, mean="50", scenario="half")
    gm.scenario("half", {cups: 50})
"""


@pytest.fixture
def model(tmp_path: Path) -> gm.Model:
    (tmp_path / "stand.py").write_text(dedent(TEXT))
    return gm.Model.from_file(tmp_path / "stand.py")


def test_the_document_has_outputs_in_each(model: gm.Model) -> None:
    made = document(model, samples=1024)
    assert [each["name"] for each in made["scenarios"]] == ["base", "dear", "same", "half"]
    base, dear, same, _ = made["scenarios"]
    assert (dear["doc"], dear["source"], base["doc"]) == ("Prices go up.", "a guess", None)
    assert [(e["output"], e["labels"]) for e in dear["outputs"]] == [
        ("profit", {"case": "a"}),
        ("profit", {"case": "b"}),
    ]
    first = dear["outputs"][0]
    # 4 * 100 - 1 and 3 * 100 - 1 USD
    assert first["mean"]["value"] == pytest.approx(399)
    assert base["outputs"][0]["mean"]["value"] == pytest.approx(299)
    assert first["difference"] is not None
    assert first["difference"]["value"] == pytest.approx(100)
    assert first["significant"]
    assert base["outputs"][0]["difference"] is None
    assert same["outputs"][0]["difference"] is not None
    assert same["outputs"][0]["difference"]["value"] == 0
    assert not same["outputs"][0]["significant"]


def test_the_page_has_a_table_and_the_claims_say_where_they_hold(model: gm.Model) -> None:
    text = markdown(layout(document(model, samples=1024)), index="README")
    assert "## Scenarios" in text
    assert "dear: Prices go up. Source: a guess" in text
    assert "| **profit[a] [USD]** |" in text
    dear = next(line for line in text.splitlines() if line.startswith("| dear |"))
    assert dear.endswith("| +100 |")
    same = next(line for line in text.splitlines() if line.startswith("| same |"))
    assert same.endswith("| 0, not significant |")
    assert "in the scenario half" in text
    assert "in base: 100, falls short" in text


def test_a_picture_of_each_output(model: gm.Model) -> None:
    simulation, claims = sampled_and_checked(model, samples=1024)
    entries, texts = drawn(model, simulation, described(model, simulation, claims, {}), {})
    shown = [entry for entry in entries if entry["kind"] == "scenarios"]
    assert [entry["quantity"] for entry in shown] == ["profit"]
    assert "dear" in shown[0]["alt"]
    assert texts[shown[0]["file"]].count("dear") >= 1


def test_a_model_without_has_nothing_of_it(model: gm.Model) -> None:
    bare = gm.Model(cups=gm.normal(1, 2))
    assert "scenarios" not in document(bare, samples=64)
    assert beside(bare, bare.sample(64)) is None
    idle = gm.Model(**{name: model.quantities[name] for name in ("cups", "aside")})
    assert beside(idle, idle.sample(64)) is None


def test_written_and_verified(model: gm.Model, tmp_path: Path) -> None:
    write([tmp_path / "stand.py"], tmp_path / "reports")
    assert verify([tmp_path / "stand.py"], tmp_path / "reports").differences == ()
    assert (tmp_path / "reports/stand/profit-scenarios.svg").is_file()
