"""SVG texts of a report."""

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import guessmodel as gm
from guessmodel.claims.checking import sampled_and_checked
from guessmodel.report.document import described
from guessmodel.report.drivers import answers
from guessmodel.report.pictures import MOST_PICTURES, drawn


def test_pictures_are_svg_with_titles_and_nothing_else(reports: Path) -> None:
    files = sorted((reports / "reports").glob("*/*.svg"))
    assert len(files) > 10
    for file in files:
        text = file.read_text()
        root = ElementTree.fromstring(text)
        names = {element.tag.rpartition("}")[2] for element in root.iter()}
        assert names <= {"svg", "title", "defs", "style", "g", "path", "use", "clipPath", "rect"}
        title = root.find("{http://www.w3.org/2000/svg}title")
        assert title is not None and title.text
        assert "<!--" not in text
        assert not re.search(r"\d\.\d{3,}", " ".join(re.findall(r' d="([^"]*)"', text)))


def test_ids_are_unlike_in_all_pictures_of_a_page(reports: Path) -> None:
    for name in ("lunch", "hostile"):
        texts = [path.read_text() for path in (reports / "reports" / name).glob("*.svg")]
        ids = [found for text in texts for found in re.findall(r'\bid="([^"]+)"', text)]
        assert ids and len(set(ids)) == len(ids)


def test_names_that_differ_in_signs_alone() -> None:
    model = gm.Model({"a b": gm.normal(1, 2), "a/b": gm.normal(1, 2)})
    simulation, claims = sampled_and_checked(model, samples=1024)
    entries, texts = drawn(model, simulation, described(model, simulation, claims, {}), {})
    assert len(texts) == len(entries) == 5  # the graph, and two for each
    assert [entry["file"] for entry in entries] == list(texts)
    assert all(re.fullmatch(r"model/[\w-]+\.svg", file) for file in texts)


def test_ten_pictures_at_most_and_what_is_asked_for_first() -> None:
    parts = {f"part{i}": gm.lognormal(1 + i, 9 + i, "USD") for i in range(9)}
    wholes = {f"whole{i}": part * gm.lognormal(1, 2) for i, part in enumerate(parts.values())}
    asked = gm.Model(**parts, **wholes)
    simulation, claims = sampled_and_checked(asked, samples=1024)
    drivers = answers(asked, simulation)
    made = described(asked, simulation, claims, drivers)
    mean: Any = made["quantities"]["whole7"]["mean"]
    made["headlines"] = {"whole7": {"mean": {**mean, "unit": "USD"}}}
    entries, texts = drawn(asked, simulation, made, drivers)
    assert len(entries) == len(texts) == MOST_PICTURES == 10
    kinds = [(entry["quantity"], entry["kind"]) for entry in entries]
    assert kinds[0] == (None, "graph")
    assert kinds.count(("whole7", "density")) == kinds.count(("whole7", "tornado")) == 1
    assert [kind for _, kind in kinds].count("density") == 8
