"""A model on the desk: what takes long is given up for something more urgent."""

from pathlib import Path

import pytest

from guessmodel.estimators.estimate import Estimate
from guessmodel.simulation import Result
from guessmodel.studio.sheet import Sheet, Superseded

MODEL = """
import guessmodel as gm

months = {"month": range(1, 13)}
price = gm.constant(8, "USD/user")
way = gm.categorical({"shop": 0.5, "web": 0.3, "call": 0.2})
joining = gm.lognormal(100, 400, "user", dim=months)
readers = joining.cumsum("month")
paid = gm.choose({"shop": 1, "web": 2, "call": 3}, by=way)
income = (readers.sum("month") * price).to("USD") * paid
gm.headline(readers, at={"month": 12})
"""


@pytest.fixture(scope="module")
def sheet(tmp_path_factory: pytest.TempPathFactory) -> Sheet:
    path = tmp_path_factory.mktemp("models") / "plan.py"
    path.write_text(MODEL)
    return Sheet.of(path)


def test_what_drives_an_output_is_given_up_within_each_input(sheet: Sheet) -> None:
    asked = 0

    def pause() -> None:
        nonlocal asked
        asked += 1

    found = sheet.drivers({}, pause)
    assert "income" in found
    assert asked > 13 * 2  # inputs: seen more than once each

    def give_up() -> None:
        raise Superseded

    with pytest.raises(Superseded):
        sheet.drivers({}, give_up)


def test_a_category_is_edited(sheet: Sheet) -> None:
    before = sheet.inputs["way"]["texts"]
    assert before == ["categorical(shop=50%, web=30%, call=20%)"]
    changed = sheet.changed({"way": "categorical(shop=0%, web=50%, call=50%)"})
    assert changed["errors"] == {}
    shares = [each["numbers"]["mean"] for each in changed["boxes"]["way"]]
    assert shares == pytest.approx([0, 50, 50])
    assert {"way", "paid", "income"} == set(changed["boxes"])
    certain = sheet.changed({"way": "call"})["boxes"]
    assert [each["value"] for each in certain["way"]] == ["0%", "0%", "100%"]
    # 8 USD for three times as many: E of a lognormal from 100 to 400 is 218.6, 78 of them.
    assert certain["income"][0]["numbers"]["mean"] == pytest.approx(3 * 8 * 78 * 218.6, rel=1e-3)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "categorical(shop=50%, web=30%, phone=20%)",
            "'phone' is none of the labels, 'shop', 'web'",
        ),
        ("categorical(50%, 30%)", "a probability for each label: 3, not 2"),
        ("categorical(50%, 30%, 30%)", "the probabilities sum to 1.1, not 1"),
        ("shops", "'shops' is none of its labels; did you mean 'shop'?"),
        ("0.5", "'0.5' is none of its labels, 'shop', 'web', 'call'; write one, or categorical("),
        ("", "write a value, such as"),
    ],
)
def test_a_category_that_cannot_be_is_said(sheet: Sheet, text: str, said: str) -> None:
    assert said in sheet.changed({"way": text})["errors"]["way"]


def test_all_labels_are_edited_at_once_and_one_of_them_otherwise(sheet: Sheet) -> None:
    changed = sheet.changed({"joining": "100", "joining[2]": "300"})
    assert changed["errors"] == {}
    values = [each["numbers"]["mean"] for each in changed["boxes"]["joining"]]
    assert values == [100, 300, *[100] * 10]


def test_a_card_about_one_label_of_many_has_a_form(tmp_path: Path) -> None:
    (tmp_path / "long.py").write_text(MODEL.replace("range(1, 13)", "range(1, 41)"))
    sheet = Sheet.of(tmp_path / "long.py")
    (box,) = (box for box in sheet.shown["boxes"] if box["name"] == "readers")
    assert [each["labels"] for each in box["elements"] if "shape" in each] == [["12"]]
    (card,) = (card for card in sheet.shown["cards"] if card["name"] == "readers")
    assert card["title"] == "readers (month 12)"
    moved = sheet.changed({"joining": "200 to 800"})["boxes"]["readers"]
    assert [each["labels"] for each in moved if "shape" in each] == [["12"]]


def test_deviations_that_no_page_shows_are_not_worked_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of counts with labels that took ten times as long as all else after an edit."""

    def asked(self: Result) -> Estimate:
        raise AssertionError("a deviation was asked for")

    monkeypatch.setattr(Result, "sd", asked)
    path = tmp_path / "plan.py"
    path.write_text(MODEL)
    sheet = Sheet.of(path)
    assert "sd" not in sheet.data["quantities"]["income"]
    assert sheet.changed({"price": "9"})["boxes"]["income"]
    assert sheet.settled({"price": "10"}, lambda: None)["boxes"]["income"]
