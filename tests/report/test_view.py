"""What the script of a page is given: answers, boxes, arrows, shapes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

import guessmodel as gm
from guessmodel.claims.checking import sampled_and_checked
from guessmodel.report import view as views
from guessmodel.report.document import described
from guessmodel.report.drivers import answers as driven
from guessmodel.report.shapes import Shape, shape
from guessmodel.report.view import View, answers, view

TYPES = Path(gm.__file__).parent / "page" / "src" / "data.ts"
MODEL = '''
price = gm.lognormal(5, 10, "USD", source="inferred: a guess")
"""Price of one."""
count = gm.constant({"a": 2, "b": 3}, dim="kind")
cost = price * count
total = cost.sum("kind")
is_dear = total > gm.constant(40, "USD")
gm.claim(total, median="35 USD", rtol=0.15)
gm.claim(is_dear, probability="30%", rtol=0.15)
'''


def viewed(folder: Path, text: str) -> View:
    file = folder / "costs.py"
    file.write_text("import guessmodel as gm\n" + text)
    model = gm.Model.from_file(file)
    simulation, claims = sampled_and_checked(model, samples=1 << 12)
    return view(model, simulation, described(model, simulation, claims, driven(model, simulation)))


def test_a_cell_of_a_notebook_has_lines_and_no_name() -> None:
    names: dict[str, gm.Quantity] = {}
    source = "import guessmodel as gm\n\nx = gm.normal(1, 2)\n"
    exec(compile(source, "/tmp/kernel_7/123.py", "exec"), names)
    model = gm.Model(x=names["x"])
    simulation, claims = sampled_and_checked(model, samples=1 << 10)
    (box,) = view(model, simulation, described(model, simulation, claims, {}))["boxes"]
    assert box["where"] == "line 3"


def test_a_median_is_read_as_a_mean_is(tmp_path: Path) -> None:
    # The median of a lognormal from 5 to 10 is √50; the total is 5 times that. Counts are constant.
    found = {box["name"]: box["elements"] for box in viewed(tmp_path, MODEL)["boxes"]}
    assert found["price"][0]["median"] == "7.07 USD"
    assert found["total"][0]["median"] == "35.4 USD"
    assert [each["median"] for each in found["cost"]] == ["14.1 USD", "21.2 USD"]
    assert [each["median"] for each in found["count"]] == ["2", "3"]
    for element in (each for some in found.values() for each in some):
        assert "±" not in element["median"]


def test_boxes_say_what_a_quantity_is(tmp_path: Path) -> None:
    found = viewed(tmp_path, MODEL)
    boxes = {box["name"]: box for box in found["boxes"]}
    price = boxes["price"]
    assert (price["role"], price["unit"], price["doc"]) == ("draw", "USD", "Price of one.")
    assert price["inferred"]
    assert price["where"] == "costs.py:3"
    assert price["definition"] == 'price = gm.lognormal(5, 10, "USD")'
    assert boxes["cost"]["uses"] == ["price", "count"]
    assert [each["labels"] for each in boxes["cost"]["elements"]] == [["a"], ["b"]]
    assert boxes["is_dear"]["role"] == "output"
    # A lognormal from 5 to 10: exp((log 5 + log 10) / 2) is its median, 5 times that the total's.
    element = boxes["total"]["elements"][0]
    assert element["numbers"]["p50"] == pytest.approx(5 * np.sqrt(50.0), rel=1e-3)
    assert element["range"].startswith("25") and element["range"].endswith(" USD")
    # P(total > 40) = P(Z > log(8 / sqrt(50)) / (log(2) / (2 * 1.645)))
    dear = boxes["is_dear"]["elements"][0]
    assert dear["chance"]
    assert dear["numbers"]["mean"] == pytest.approx(27.9, abs=0.2)


def test_arrows_go_from_what_is_used_to_the_user(tmp_path: Path) -> None:
    found = viewed(tmp_path, MODEL)
    names = [box["name"] for box in found["boxes"]]
    arrows = {f"{names[a]} {names[b]}" for a, b, _ in found["arrows"]}
    assert arrows == {"price cost", "count cost", "cost total", "total is_dear"}
    place = {box["name"]: box["place"] for box in found["boxes"]}
    assert all(place[names[a]][0] < place[names[b]][0] for a, b, _ in found["arrows"])


def test_answers_are_outputs_with_claims(tmp_path: Path) -> None:
    found = viewed(tmp_path, MODEL)
    assert [(card["name"], card["claims"]) for card in found["cards"]] == [("is_dear", [1])]
    (answer,) = answers(found)
    assert answer["claims"][0]["published"] == "30%"
    assert answer["card"]["claims"] == [0]
    none = viewed(tmp_path, MODEL.partition("gm.claim")[0])
    assert [card["name"] for card in none["cards"]] == ["is_dear"]


@pytest.mark.parametrize(
    ("made", "kind"),
    [
        (gm.lognormal(2, 9, name="x"), "curve"),
        (gm.poisson(3, name="x"), "discrete"),
        (gm.constant(3), "point"),
        (gm.maximum(gm.normal(-1, 3), 0), "bars"),
    ],
)
def test_shapes(made: gm.Quantity, kind: str) -> None:
    found = shape(made.sample(1 << 12))
    assert found is not None
    assert found["kind"] == kind
    assert len(found["x"]) - len(found["y"]) == (1 if kind == "bars" else 0)
    assert max(found["y"]) == pytest.approx(1.0)
    assert len(found["x"]) <= 151
    json.dumps(found, allow_nan=False)


def test_a_narrow_form_is_no_stairs() -> None:
    """Values that differ in their fourth digit alone: a normal curve rises to its middle."""
    found = shape(gm.Model(x=gm.normal(127.61, 127.85) + 0).sample(1 << 14)["x"])
    assert found is not None
    assert len(set(found["x"])) == len(found["x"])
    below = [y for x, y in zip(found["x"], found["y"], strict=True) if x < 127.7]
    assert len(below) > 10 and below == sorted(below)


def test_a_curve_of_few_points_keeps_its_area() -> None:
    found = shape(gm.normal(mean=0, sd=1, name="x").sample(1 << 12))
    assert found is not None
    # The density of a standard normal over its peak has the area sqrt(2 pi).
    area = sum(
        (b - a) * (p + q) / 2.0
        for a, b, p, q in zip(found["x"], found["x"][1:], found["y"], found["y"][1:], strict=False)
    )
    assert area == pytest.approx(np.sqrt(2 * np.pi), rel=0.02)


def test_the_script_has_the_same_types() -> None:
    text = TYPES.read_text()
    bodies = re.findall(r"interface (\w+) \{\n(.*?)\n\}", text, re.DOTALL)
    written = {name: set(re.findall(r"^  (\w+)\??:", body, re.MULTILINE)) for name, body in bodies}
    assert set(Shape.__annotations__) == written["Shape"]
    for name in ("DriverView", "ElementView", "Box", "Card", "AnswerView", "View"):
        assert set(getattr(views, name).__annotations__) == written[name], name


def test_a_count_of_an_uncertain_mean_is_not_what_drives_what_is_made_of_it(tmp_path: Path) -> None:
    """The number of beds goes with that of patients, which goes with how long they stay."""
    found = viewed(
        tmp_path,
        """
stay = gm.lognormal(3, 7)
patients = gm.poisson(11 * stay)
beds = patients / 0.85
cost = beds * gm.normal(400, 600)
gm.headline(beds)
""",
    )
    beds = next(box for box in found["boxes"] if box["name"] == "beds")
    assert [each["input"] for each in beds["elements"][0]["drivers"]] == ["stay"]
