"""How inputs could be typed, and what the ends are that can be dragged."""

from pathlib import Path

import pytest

from guessmodel.studio.inputs import Input
from guessmodel.studio.sheet import Sheet

MODEL = """
import guessmodel as gm

price = gm.lognormal(90, 160, "USD")
days = gm.pert(2, 9, "day", mode=3)
even = gm.pert(2, 8, "day")
rate = gm.uniform(1, 4, "1/day")
tip = gm.triangular(1, 5, mode=2)
heavy = gm.pert(1, 9, mode=3, weight=10)
events = gm.poisson(3)
odds = gm.bernoulli(0.3)
chance = gm.bernoulli(gm.constant(30, "percent"))
reach = gm.uniform(gm.constant(500, "m"), gm.constant(2, "km"), "km")
known = gm.constant(40, "person")
large = gm.lognormal(1.5e6, 3e6, "person")
low = gm.normal(1, 2)
hung = gm.uniform(low, low + 1)
seldom = gm.zero_inflated(low, 0.99)
lean = gm.double_triangular(1, 5, mode=2, below=0.3)
way = gm.categorical({"train": 0.5, "on foot": 0.2, "car": 0.3})
third = gm.categorical({"a": 1 / 3, "b": 1 / 3, "c": 1 / 3})
odd = gm.categorical({"a=b": 0.5, "c, d": 0.5})
never = gm.Model(way=way).with_(way="on foot").quantities["way"]
wet = gm.categorical({"dry": 0.75, "wet": 0.25}, dim={"day": [1, 2]})
rent = gm.uniform({"old": (200, 300), "new": (300, 450)}, unit="USD", dim="site")
"""


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> Sheet:
    path = tmp_path_factory.mktemp("models") / "plan.py"
    path.write_text(MODEL)
    return Sheet.of(path)


@pytest.mark.parametrize(
    ("name", "text", "pattern", "ends"),
    [
        ("price", "90 to 160 USD", "{low} to {high} USD", (90, 160)),
        ("days", "pert(2, 3, 9)", "pert({low}, 3, {high})", (2, 9)),
        ("even", "2 to 8 day", "{low} to {high} day", (2, 8)),
        ("rate", "1 to 4 1/day", "{low} to {high} 1/day", (1, 4)),
        ("tip", "triangular(1, 2, 5)", "triangular({low}, 2, {high})", (1, 5)),
        ("known", "40 person", None, (None, None)),
        ("large", "1500000 to 3000000 person", "{low} to {high} person", (1.5e6, 3e6)),
        ("heavy", "pert(low=1, mode=3, high=9, weight=10)", None, (None, None)),
        ("events", "poisson(3)", None, (None, None)),
        ("odds", "bernoulli(0.3)", None, (None, None)),
        ("chance", "bernoulli(0.3)", None, (None, None)),  # also behind a unit of its own
        ("reach", "0.5 to 2 km", "{low} to {high} km", (0.5, 2)),
        ("lean", "double_triangular(low=1, mode=2, high=5, below=0.3)", None, (None, None)),
        ("way", "categorical(train=50%, on foot=20%, car=30%)", None, (None, None)),
        (
            "third",
            f"categorical({', '.join(f'{x}=33.3333333333%' for x in 'abc')})",
            None,
            (None, None),
        ),
        ("odd", "categorical(50%, 50%)", None, (None, None)),
        ("never", "on foot", None, (None, None)),
        ("hung", "", None, (None, None)),
        ("seldom", "", None, (None, None)),  # 0 at 5% and 95%, and no constant
    ],
)
def test_text_and_ends(
    sheet: Sheet, name: str, text: str, pattern: str | None, ends: tuple[float, float]
) -> None:
    found: Input = sheet.inputs[name]
    assert (found["texts"], found["patterns"]) == ([text], [pattern])
    assert (found["low"][0], found["high"][0]) == pytest.approx(ends)


def test_each_label_has_its_own(sheet: Sheet) -> None:
    found = sheet.inputs["rent"]
    assert found["texts"] == ["200 to 300 USD", "300 to 450 USD"]
    assert found["bounds"] == [True, True]
    assert (found["keys"], found["labels"]) == (["rent[old]", "rent[new]"], ["old", "new"])
    found = sheet.inputs["wet"]  # of which the categories are no labels
    assert found["texts"] == ["categorical(dry=75%, wet=25%)"] * 2
    assert (found["keys"], found["labels"]) == (["wet[1]", "wet[2]"], ["1", "2"])


def test_what_is_shown_changes_nothing_when_it_is_typed(sheet: Sheet) -> None:
    shown = {box["name"]: box["elements"] for box in sheet.shown["boxes"]}
    for name, found in sheet.inputs.items():
        edits = {key: text for key, text in zip(found["keys"], found["texts"], strict=True) if text}
        if not edits:
            continue
        changed = sheet.changed(edits)
        assert changed["errors"] == {}
        for before, after in zip(shown[name], changed["boxes"][name], strict=True):
            known = {key: each for key, each in before["numbers"].items() if each is not None}
            there = {key: after["numbers"][key] for key in known}
            assert there == pytest.approx(known, rel=1e-4)


def test_it_may_be_a_file_of_no_inputs(tmp_path: Path) -> None:
    (tmp_path / "none.py").write_text("import guessmodel as gm\nx = gm.normal(1, 2) + 1\n")
    assert Sheet.of(tmp_path / "none.py").inputs == {}
