"""Questions that a model file states, in its report."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent

import pytest

import guessmodel as gm
from guessmodel.claims.committed import read_document
from guessmodel.report.document import document
from guessmodel.report.files import verify, write
from guessmodel.report.layout import layout
from guessmodel.report.markdown import markdown
from guessmodel.report.what_if import what_if

TEXT = """
    import guessmodel as gm
    price = gm.constant(3, "USD")
    cups = gm.normal(mean=100, sd=10)
    fee = gm.constant({"a": 100, "b": 200}, "USD", dim="case")
    profit = price * cups - fee
    sales = price * cups
    much = sales > gm.constant(300, "USD")
    gm.sweep({price: [1, 2, 4]}, profit, doc="Around the price.")
    gm.sweep({price: [1, 4]}, much)
    gm.seek(sales, "mean", "500 USD", by=price, doc="What is needed.")
    gm.seek(sales, "mean", "9000 USD", by=price, between=(1, 5))
    gm.scenario("few", {cups: 50})
"""


@pytest.fixture
def model(tmp_path: Path) -> gm.Model:
    (tmp_path / "stand.py").write_text(dedent(TEXT))
    return gm.Model.from_file(tmp_path / "stand.py")


def test_the_document_has_the_answers(model: gm.Model) -> None:
    """The mean of the profit is 100 times the price less the fee."""
    made = document(model, samples=1024)
    first, second = made["sweeps"]
    assert (first["output"], first["doc"], first["over"]) == (
        "profit",
        "Around the price.",
        {"price": "USD"},
    )
    means = {(row["at"]["price"], row["labels"]["case"]): row["mean"] for row in first["rows"]}
    assert means[4, "b"] is not None and means[4, "b"]["value"] == pytest.approx(200)
    crossed = {
        each["labels"]["case"]: each["at"]["value"]
        for each in first["crossings"]
        if each["statistic"] == "mean"
    }
    assert crossed == pytest.approx({"a": 1, "b": 2})
    assert second["crossings"] == []
    needed, none = made["seeks"]
    assert needed["found"][0]["value"]["value"] == pytest.approx(5)
    assert (needed["output"], needed["by"], needed["unit"]) == ("sales", "price", "USD")
    assert needed["target"] == {"value": 500, "low": 500, "high": 500, "unit": "USD"}
    assert none["found"] == [] and none["searched"] == [1, 5]
    assert none["nearest"] is not None and none["nearest"]["value"]["value"] == 5


def test_the_page_shows_them(model: gm.Model) -> None:
    text = markdown(layout(document(model, samples=1024)), index="README")
    lines = text.partition("## What if")[2].partition("\n## ")[0].splitlines()
    assert "profit over price: Around the price." in lines
    assert "| **profit[b] [USD]** |  |  |  |  |" in lines
    assert any(line.startswith("| 4 | 200 |") for line in lines)
    assert "mean of profit[b] crosses 0 USD at price = 2 USD." in lines
    assert "| price [USD] | Probability |" in lines
    sought = next(line for line in lines if "is 500 USD" in line)
    assert sought.startswith("| **price at which mean of sales is 500 USD**<br>What is needed. |")
    assert sought.endswith("| 5 USD | 500 USD |")
    none = next(line for line in lines if "9000" in line)
    assert none.endswith("| none<br>between 1 and 5 USD | 500 USD<br>the nearest, at 5 USD |")


@pytest.mark.parametrize("count", [23, 24])
def test_a_table_that_is_long_is_folded(tmp_path: Path, count: int) -> None:
    """A line says what the rows are of."""
    text = dedent(TEXT) + f"gm.sweep({{price: '1..9:{count}'}}, sales)\n"
    (tmp_path / "stand.py").write_text(text)
    made = document(gm.Model.from_file(tmp_path / "stand.py"), samples=64)
    folded = f"<summary>sales over price ({count + 1} rows)</summary>"
    assert (folded in markdown(layout(made), index="README")) == (count > 23)


def test_written_and_verified(model: gm.Model, tmp_path: Path) -> None:
    file, folder = tmp_path / "stand.py", tmp_path / "reports"
    write([file], folder)
    assert verify([file], folder).differences == ()
    made = read_document(folder / "stand.json")
    kinds = [(each["kind"], each["quantity"]) for each in made["pictures"]]
    assert ("sweep", "profit") in kinds and ("seek", "sales") in kinds
    page = (folder / "stand.html").read_text()
    assert 'id="what-if"' in page and "What is needed." in page
    data = json.loads((folder / "stand.json").read_text())
    data["seeks"][0]["found"][0]["value"] |= {"value": 4, "low": 4, "high": 4}
    (folder / "stand.json").write_text(json.dumps(data))
    differences = verify([file], folder).differences
    assert any("seeks[0].found[0].value was 4 and is 5" in each for each in differences)


def test_in_a_scenario(model: gm.Model) -> None:
    """50 cups bring 500 USD at 10 USD."""
    made = document(model, samples=1024, within=["few"])
    assert made["seeks"][0]["found"][0]["value"]["value"] == pytest.approx(10)


def test_an_answer_that_cannot_be_had_is_a_remark(tmp_path: Path) -> None:
    text = dedent(TEXT) + (
        "wild = price * gm.cauchy(location=0, scale=1)\ngm.seek(wild, 'mean', '5 USD', by=price)\n"
    )
    (tmp_path / "stand.py").write_text(text)
    model = gm.Model.from_file(tmp_path / "stand.py")
    made = document(model, samples=1024)
    assert len(made["seeks"]) == 2
    assert any("gm.seek: no value of 'price' there gives a mean" in r for r in made["remarks"])


def test_a_model_without_has_nothing_of_it() -> None:
    bare = gm.Model(cups=gm.normal(1, 2))
    made = document(bare, samples=64)
    assert "sweeps" not in made and "seeks" not in made
    assert what_if(bare, bare.sample(64)) == ([], [], [])
    assert "## What if" not in markdown(layout(made), index="README")


def test_a_sweep_of_one_label_has_a_table_and_a_picture(tmp_path: Path) -> None:
    path = tmp_path / "shop.py"
    path.write_text(
        "import guessmodel as gm\n"
        'price = gm.constant(3, "USD")\n'
        'sales = price * gm.normal(5, 9, dim={"day": ["fri", "sat"]})\n'
        'gm.sweep({price: [1, 2]}, "sales[sat]")\n'
        'gm.seek("sales[sat]", "mean", "10 USD", by=price)\n'
    )
    write([path], tmp_path / "out")
    data = read_document(tmp_path / "out" / "shop.json")
    (swept,) = data["sweeps"]
    assert swept["output"] == "sales"
    assert [row["labels"] for row in swept["rows"]] == [{"day": "sat"}] * 2
    assert {each["kind"] for each in data["pictures"]} >= {"sweep", "seek"}
    assert verify([path], tmp_path / "out").differences == ()
