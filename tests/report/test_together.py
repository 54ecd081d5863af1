"""What goes together, in a document and on its page; and reports of a scenario."""

import json
import math
from pathlib import Path

import pytest

import guessmodel as gm
from guessmodel.model.model import Model
from guessmodel.report import document, verify, write
from guessmodel.report.files import Options
from guessmodel.report.page import Paragraphs, Picture, Table
from guessmodel.report.together import together_section

MODEL = """
import guessmodel as gm

a, b = gm.normal(1, 3, "USD"), gm.lognormal(2, 5, "USD")
a, b = gm.correlate([a, b], rank=-0.6)
growth = gm.normal(0, 1, dim={"month": range(12)})
growth = gm.correlate(growth, along="month", ar1=0.5)
alone = gm.uniform(0, 1)
cost = a + b
profit = 10 - a / gm.constant(1, "USD") * 2 + growth.sum("month") * 0
constant = gm.constant(2) * 3
double = alone * 2
gm.scenario("dear", {b: "20 to 50 USD"}, doc="All is dear.")
gm.claim(cost, mean="5.3 USD", rtol=0.14)
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "made.py").write_text(MODEL)
    return tmp_path / "made.py"


def test_correlated_inputs_and_outputs(file: Path) -> None:
    """ρ of scores k labels apart is φᵏ, with φ = 2 sin(π/12) for Spearman's .5 (Kruskal 1958)."""
    made = document(Model.from_file(file), samples=1 << 13)
    pair, months, outputs = made["correlations"]
    assert [each["kind"] for each in made["correlations"]] == ["inputs", "inputs", "outputs"]
    assert (pair["names"], pair["more"]) == (["a", "b"], 0)
    assert pair["values"][0][1]["value"] == pytest.approx(-0.6, abs=5e-3)
    assert pair["values"][0][1] == pair["values"][1][0]
    assert (months["names"][0], len(months["names"]), months["more"]) == ("growth[0]", 8, 4)
    two_apart = 6 / math.pi * math.asin((2 * math.sin(math.pi / 12)) ** 2 / 2)
    assert months["values"][0][2]["value"] == pytest.approx(two_apart, abs=1e-2)
    # What is constant, and what has no draw in common with others, is left out.
    assert outputs["names"] == ["cost", "profit"]


def test_the_page_has_matrices_and_pictures(file: Path, tmp_path: Path) -> None:
    write([file], tmp_path / "reports", Options(samples=1 << 12))
    made = json.loads((tmp_path / "reports" / "made.json").read_text())
    section = together_section(made)
    tables = [block for block in section.blocks if isinstance(block, Table)]
    assert tables[0].header[1:] == ("a", "b")
    assert tables[0].rows[0][2].text.startswith("−0.60")
    assert [cell.text for cell in tables[0].rows[0]][:2] == ["a", ""]
    words = [block.text for block in section.blocks if isinstance(block, Paragraphs)]
    assert words[2] == "Inputs that are correlated, the first 8 of 12."
    pictures = [block for block in section.blocks if isinstance(block, Picture)]
    assert len(pictures) == 2
    assert "Spearman rank correlation of a and b -0.6" in pictures[0].alt
    page = (tmp_path / "reports" / "made.html").read_text()
    assert page.count("Some draws of each pair") == 4  # captions and their texts
    assert verify([file], tmp_path / "reports").differences == ()
    (tmp_path / "reports" / "made.json").write_text(
        json.dumps({**made, "correlations": [{**made["correlations"][0], "names": ["a", "z"]}]})
    )
    with pytest.raises(gm.GuessmodelError, match="speaks of 'z'"):
        verify([file], tmp_path / "reports")


def test_what_has_nothing_to_correlate_has_no_section() -> None:
    price = gm.normal(1, 2)
    made = document(gm.Model(price=price, cost=price * 2), samples=1024)
    assert "correlations" not in made
    assert together_section(made).blocks == ()
    apart = gm.Model(price=price, cost=price * 2, other=gm.normal(1, 2, name="fee") * 3)
    assert "correlations" not in document(apart, samples=1024)


def test_a_report_of_a_scenario(file: Path, tmp_path: Path) -> None:
    """The mean of a lognormal from 20 to 50, by its median √1000 and its σ."""
    folder = tmp_path / "dear"
    write([file], folder, Options(samples=1 << 12, within=("dear",)))
    made = json.loads((folder / "made.json").read_text())
    sigma = math.log(2.5) / 2 / 1.6448536269514722
    mean = math.sqrt(1000) * math.exp(sigma**2 / 2)
    assert made["quantities"]["b"]["mean"]["value"] == pytest.approx(mean, rel=1e-9)
    assert made["quantities"]["cost"]["mean"]["value"] == pytest.approx(mean + 2, rel=1e-3)
    assert made["within"] == ["dear"]
    assert "scenarios" not in made
    assert [(c["scenario"], c["verdict"]) for c in made["claims"]] == [("dear", "falls short")]
    assert "This is the model in the scenario dear." in (folder / "made.md").read_text()
    assert verify([file], folder).differences == ()
    with pytest.raises(gm.GuessmodelError, match="name a folder of its own"):
        write([file], None, Options(within=("dear",)))
