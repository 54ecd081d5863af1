"""What drives the outputs, in a document and on its page."""

import json
from pathlib import Path

import pytest

import guessmodel as gm
from guessmodel.model.model import Model
from guessmodel.report import document, write
from guessmodel.report.drivers import drivers_section
from guessmodel.report.files import Options
from guessmodel.report.page import Paragraphs, Picture, Table

MODEL = """
import guessmodel as gm

price = gm.normal(10, 20, "USD/hour")
hours = gm.normal({1: 90, 2: 90}, {1: 110, 2: 110}, "hour", dim="month")
_fees = [gm.normal(1, 2, "USD", name=f"fee_{i}") for i in range(8)]
cost = price * hours.sum("month") + sum(_fees[1:], _fees[0])
one = price * 2
fixed = gm.constant(3) * 2
months = price * hours
wild = price * gm.cauchy(0, 1, name="odd")
"""


@pytest.fixture
def model(tmp_path: Path) -> Model:
    (tmp_path / "made.py").write_text(MODEL)
    return Model.from_file(tmp_path / "made.py")


def test_the_strongest_inputs_of_each_output(model: Model) -> None:
    """The product of two means and standard deviations, (15 · 8.60)² and (200 · 3.04)²: V(cost) is
    (200 · 3.0398)² + 15² · 2 · 6.0796² + 3.0398² · 2 · 6.0796², and the fees' 8 · 0.304²."""
    given = document(model, samples=1 << 13)["drivers"]
    told = [(each["output"], *each["labels"].values()) for each in given]
    # One input alone is no news, a constant has none.
    assert told == [("cost",), ("months", 1), ("months", 2), ("wild",)]
    cost = given[0]
    assert [each["input"] for each in cost["inputs"]][:2] == ["price", "hours"]
    assert [each["members"] for each in cost["inputs"]][:3] == [1, 2, 1]
    assert (len(cost["inputs"]), cost["weaker"]) == (6, 4)
    sd, each_sd = 3.039784, 6.079568
    parts = (200 * sd) ** 2, 15**2 * 2 * each_sd**2, sd**2 * 2 * each_sd**2, 8 * 0.3039784**2
    price = cost["inputs"][0]
    assert price["first"]["value"] == pytest.approx(parts[0] / sum(parts), abs=1e-3)
    assert price["at_p95"] is not None
    assert price["at_p95"]["value"] == pytest.approx(20 * 200 + 12, rel=1e-4)
    assert given[3]["unreliable"] == "the variance is infinite"
    assert given[3]["inputs"][0]["first"]["value"] is None


def test_the_page_has_a_table_and_tornados(tmp_path: Path) -> None:
    (tmp_path / "made.py").write_text(MODEL)
    write([tmp_path / "made.py"], tmp_path / "reports", Options(samples=1 << 13))
    made = json.loads((tmp_path / "reports" / "made.json").read_text())
    section = drivers_section(made)
    words, doubt, table, *pictures = section.blocks
    assert isinstance(words, Paragraphs)
    assert isinstance(doubt, Paragraphs)
    assert isinstance(table, Table)
    assert doubt.text == "Warning: wild: the variance is infinite."
    rows = [[cell.text for cell in row] for row in table.rows]
    assert rows[0] == ["cost [USD]"]
    assert rows[1][0] == "price" and rows[1][3:] == ["2012", "4012"]
    assert rows[2][0] == "hours (2 inputs)" and rows[2][3:] == ["", ""]
    assert rows[7][0] == "4 weaker"
    assert ["months 1 [USD]"] in rows
    files = [picture.file for picture in pictures if isinstance(picture, Picture)]
    assert len(files) == len(pictures) == 2  # the mean of wild does not exist
    assert all("tornado" in (tmp_path / "reports" / file).name for file in files)
    assert "Tornado of the mean of cost in USD" in (tmp_path / "reports" / files[0]).read_text()
    shown = (tmp_path / "reports" / "made.md").read_text()
    assert shown.index("## What drives the results") < shown.index("## What results depend on")


def test_what_has_no_drivers_has_no_section() -> None:
    x = gm.normal(0, 1)
    made = document(gm.Model(x=x, y=x * 2), samples=64)
    assert made["drivers"] == []
    assert drivers_section(made).blocks == ()
