"""Results that have the form of another."""

import re
from pathlib import Path

import pytest

import guessmodel as gm
from guessmodel.report import Document, Options, document, read, write
from guessmodel.report.forms import same_forms
from guessmodel.report.layout import layout
from guessmodel.report.markdown import markdown


def same(**quantities: gm.Quantity) -> dict[str, tuple[str, bool]]:
    """Of each result that has the form of another: which, and whether it is the inverse."""
    model = gm.Model(**quantities)
    made = document(model, samples=1024)["quantities"]
    found = same_forms(model, made, quantities)
    return {name: (given["name"], given["inverse"]) for name, given in found.items()}


def test_multiples_and_inverses(tmp_path: Path) -> None:
    day, dev = gm.lognormal(2, 9, "USD/day"), gm.lognormal(100, 900, "USD")
    days = gm.constant(300, "day/year")
    year = (day * days).to("USD/year")
    ratio = (year * gm.constant(1, "year") / dev).to("")
    found = same(day=day, dev=dev, year=year, ratio=ratio, inverse=dev / (year / days) / 7)
    assert found == {"year": ("day", False), "inverse": ("ratio", True)}
    assert same(a=day * 2, b=day * 6, c=1 / day, d=day + gm.constant(1, "USD/day")) == {
        "b": ("a", False),
        "c": ("a", True),
    }


@pytest.mark.parametrize(
    "other",
    [
        lambda x: x * gm.lognormal(1, 2),
        lambda x: -2 * x,  # mirrored
        lambda x: x * gm.constant({"p": 1, "q": 2}, dim="k"),
        lambda x: x**2,
        lambda x: x / x,
    ],
)
def test_others(other) -> None:  # type: ignore[no-untyped-def]
    x = gm.lognormal(1, 2)
    assert same(one=x * 3, two=other(x)) == {}


def test_what_does_not_vary_has_no_form() -> None:
    size = gm.constant({"a": 1, "b": 2}, dim="k")
    assert same(one=size * 3, two=size * 6) == {}


MODEL = """import guessmodel as gm
price = gm.lognormal(2, 9, "USD/day")
size = gm.lognormal(2, 9)
per_day = price * size
per_year = (per_day * gm.constant(365, "day/year")).to("USD/year")
more = per_day * gm.lognormal(1, 2)
gm.headline(per_year)
gm.claim(per_day, median="18 USD/day", rtol=0.1)
"""


def test_one_picture_stands_for_both(tmp_path: Path) -> None:
    (tmp_path / "made.py").write_text(MODEL)
    write([tmp_path / "made.py"], tmp_path / "reports", Options(samples=1024))
    made: Document = read(tmp_path / "reports" / "made.json")
    assert made["quantities"]["per_day"]["same_form_as"] == {"name": "per_year", "inverse": False}
    shown = {picture["quantity"] for picture in made["pictures"]}
    assert "per_year" in shown and "per_day" not in shown
    text = markdown(layout(made))
    assert "**per_year: density; per_day is a constant times it**" in text
    assert "a constant times per_year" in text  # in the row of results
    dependence = text.partition("## What results depend on")[2].partition("\n## ")[0]
    assert "per_day likewise" in dependence
    assert not re.search(r"^\| \*\*per_day\*\*", dependence, re.MULTILINE)
