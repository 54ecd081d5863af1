"""Previews of a drag, against runs of the changed model on as many draws."""

from pathlib import Path

import numpy as np
import pytest

from guessmodel.model.model import Model
from guessmodel.studio.preview import PREVIEW
from guessmodel.studio.sheet import Sheet

MODEL = """
import guessmodel as gm

people = gm.constant(40, "person")
price = gm.lognormal(90, 160, "USD/person")
days = gm.pert(2, 9, "day", mode=3)
crews = gm.poisson(3)
rent = gm.lognormal({"old": (200, 300), "new": (300, 450)}, unit="USD/day", dim="site")
cost = (people * price).to("USD") + (days * rent.sum("site")).to("USD")
start = gm.constant(2031, "year").to("year") + days.to("year")
late = days > gm.constant(5, "day")
teams = crews + 1
paid = gm.maximum(cost - gm.constant(7000, "USD"), gm.constant(0, "USD"))
signed = cost - gm.constant(7000, "USD")
"""


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> Sheet:
    path = tmp_path_factory.mktemp("models") / "plan.py"
    path.write_text(MODEL)
    return Sheet.of(path)


@pytest.mark.parametrize(
    ("moved", "edits"),
    [
        ("price", {"price": "80 to 300 USD/person"}),
        ("price", {"price": "80 to 300 USD/person", "people": "50"}),
        ("days", {"days": "3 to 8 day"}),
        ("rent[old]", {"rent[old]": "100 to 900 USD/day"}),
        ("people", {"people": "41"}),
        ("crews", {"crews": "poisson(9)"}),
    ],
)
def test_numbers_are_those_of_the_changed_model(
    sheet: Sheet, moved: str, edits: dict[str, str]
) -> None:
    changed = sheet.preview(edits, moved)
    assert changed["errors"] == {}
    run = sheet.model.with_(edits).sample(PREVIEW)
    once = sheet.changed(edits)["boxes"]
    others = set(sheet.changed({k: v for k, v in edits.items() if k != moved})["boxes"])
    assert set(changed["boxes"]) <= set(once) <= set(changed["boxes"]) | others
    for name, elements in changed["boxes"].items():
        draws = run[name].values.reshape(-1, PREVIEW)
        for element, row in zip(elements, draws, strict=True):
            scale = 100.0 if element["chance"] else 1.0
            for key, value in (("mean", row.mean()), ("p5", np.quantile(row, 0.05))):
                if element["numbers"][key] is not None:  # three digits are told
                    assert element["numbers"][key] == pytest.approx(scale * value, rel=6e-3)


def test_pictures_hold_the_draws(sheet: Sheet) -> None:
    edits = {"price": "80 to 300 USD/person"}
    before = {box["name"]: box["elements"] for box in sheet.shown["boxes"]}
    boxes = sheet.preview(edits, "price")["boxes"]
    run = sheet.model.with_(edits).sample(PREVIEW)
    for name in ("price", "cost", "signed"):
        shape, former = boxes[name][0]["shape"], before[name][0]["shape"]
        assert shape["low"] <= former["low"] and shape["high"] >= former["high"]
        assert (shape["kind"], shape["log"], shape["x"]) == ("curve", former["log"], [])
        heights = np.array(shape["y"])
        cells = np.linspace(shape["low"], shape["high"], len(heights) + 1)
        counts = np.histogram(run[name].values, cells)[0]
        assert heights.max() == 1.0
        # Smoothing moves little: the median by the heights is the median.
        cumulated = np.cumsum(heights) / heights.sum()
        median = np.interp(0.5, cumulated, cells[1:])
        assert median == pytest.approx(np.median(run[name].values), rel=0.02)
        assert np.abs(np.cumsum(counts) / counts.sum() - cumulated).max() < 0.03


def test_bars_keep_their_atoms(sheet: Sheet) -> None:
    shape = sheet.preview({"price": "80 to 300 USD/person"}, "price")["boxes"]["paid"][0]["shape"]
    assert shape["kind"] == "bars" and [value for value, _ in shape["atoms"]] == [0.0]


def test_an_edit_that_cannot_be_is_said_and_the_rest_stays(sheet: Sheet) -> None:
    found = sheet.preview({"price": "5 to 8 kg"}, "price")
    assert found["boxes"] == {} and "kg" in found["errors"]["price"]


def test_what_is_prepared_is_used_while_the_others_stay(sheet: Sheet) -> None:
    prepared = sheet.hold({"people": "50"}, "price")
    for high in (200, 300):
        edits = {"people": "50", "price": f"80 to {high}"}
        sheet.preview(edits, "price")
        assert sheet.hold(edits, "price") is prepared
    assert sheet.hold({"people": "51", "price": "80 to 300"}, "price") is not prepared


@pytest.mark.parametrize(
    ("moved", "texts"),
    [
        ("days", ["3 to 8 day", "1 to 9 day", "normal(3, 8)", "5 day"]),  # by tables
        ("price", ["80 to 300", "90 to 100", "gamma(80, 300)", "80 to 300"]),  # by one variate
    ],
)
def test_each_move_is_what_it_would_be_alone(sheet: Sheet, moved: str, texts: list[str]) -> None:
    for text in texts:
        boxes = sheet.preview({moved: text}, moved)["boxes"]
        sheet._preview = None
        assert (
            sheet.preview({moved: text}, moved)["boxes"]["cost"][0]["numbers"]
            == (boxes["cost"][0]["numbers"])
        )
        run = sheet.model.with_({moved: text}).sample(PREVIEW)["cost"].values
        assert boxes["cost"][0]["numbers"]["mean"] == pytest.approx(run.mean(), rel=6e-3)
    sheet.hold({}, moved)
    for text in texts:  # one after the other, prepared once
        boxes = sheet.preview({moved: text}, moved)["boxes"]
        run = sheet.model.with_({moved: text}).sample(PREVIEW)["cost"].values
        assert boxes["cost"][0]["numbers"]["p5"] == pytest.approx(np.quantile(run, 0.05), rel=6e-3)


def test_a_sum_of_events_is_wired_anew(tmp_path: Path) -> None:
    (tmp_path / "losses.py").write_text(
        "import guessmodel as gm\nsize = gm.lognormal(1, 4)\n"
        "total = gm.compound(gm.poisson(3), size)\n"
    )
    sheet = Sheet.of(tmp_path / "losses.py")
    found = sheet.preview({"size": "10 to 40"}, "size")
    # E[N] E[X]; a lognormal from a to b has the mean sqrt(a b) exp(s²/2), s = ln(b / a) / 3.28971.
    expected = 3 * 20 * np.exp((np.log(4) / 3.28971) ** 2 / 2)
    assert found["boxes"]["total"][0]["numbers"]["mean"] == pytest.approx(expected, rel=0.01)
    assert isinstance(sheet.model, Model)
