"""Edits are written into the file as a minimal change, shown first, and never over somebody
else's."""

import json
from pathlib import Path

import pytest
from starlette.testclient import WebSocketTestSession

import guessmodel as gm
from guessmodel.files import replace_file
from guessmodel.studio.saving import Draft, drafted, read_sources

from .conftest import PLAN, draft, opened, told, written

SOURCE = """import guessmodel as gm

price = gm.lognormal(
    90,  # the lower offer
    160,
    "USD/person",
    source="two offers",
)
people = gm.constant(40, "person")  # all of them
days = gm.pert(2, 9, "day", mode=3)
share = gm.lognormal(1, 3).to("percent")
yearly = gm.lognormal(1, 3, "USD/day", source="x").to("USD/year")
rent = gm.lognormal({"old": (200, 300), "new": (300, 450)}, unit="USD/day", dim="site")
weight = gm.parse("5 to 8 kg")
way = gm.categorical({"train": 0.7, "on foot": 0.1, "car": 1 / 5}, source="a poll")  # last year
built = gm.categorical(dict(house=0.5, vendor=0.5))
wet = gm.categorical({"dry": 0.75, "wet": 0.25}, dim={"day": [1, 2]})
months = {"month": range(1, 4)}
joining = gm.lognormal(10, 45, dim=months)
steps = gm.pert({"a": (5, 20), "b": (10, 60)}, mode={"a": 8, "b": 20}, dim="step")
both = gm.lognormal(1, 2, dim={"row": [1, 2], "column": [3, 4]})
moves = gm.bernoulli(0.25)
wards = {"old": (1, 2), "new": (3, 4)}
stay = gm.lognormal(wards, dim="ward", unit="day")
low = 5
variable = gm.normal(low, 9)
one, two = gm.normal(1, 2), gm.normal(3, 4)
for each in range(2):
    looped = gm.normal(1, 2)
total = price * people
"""


def change(draft: Draft) -> list[str]:
    (file,) = draft.to_dict()["files"]
    return [line for line in file["diff"].splitlines() if line[0] in "+-"]


@pytest.mark.parametrize(
    ("name", "text", "was", "becomes"),
    [
        ("price", "95 to 160", "    90,  # the lower offer", "    95,  # the lower offer"),
        (
            "people",
            "50",
            'people = gm.constant(40, "person")',
            'people = gm.constant(50, "person")',
        ),
        ("people", "3.5K person", "40,", "3500,"),
        ("moves", "bernoulli(40%)", "bernoulli(0.25)", "bernoulli(0.4)"),
        (
            "rent",
            "250 to 350",
            '"old": (200, 300), "new": (300, 450)',
            '"old": (250, 350), "new": (250, 350)',
        ),
        ("joining", "20 to 30", "10, 45, dim", "20, 30, dim"),
        ("joining", "8", "lognormal(10, 45, dim", "constant(8, dim"),
        (
            "way",
            "categorical(60%, 20%, 20%)",
            '"train": 0.7, "on foot": 0.1, "car": 1 / 5',
            '"train": 0.6, "on foot": 0.2, "car": 0.2',
        ),
        (
            "way",
            "categorical(on foot=20%, train=70%, car=10%)",
            '0.1, "car": 1 / 5',
            '0.2, "car": 0.1',
        ),
        ("way", "on foot", '0.7, "on foot": 0.1, "car": 1 / 5', '0, "on foot": 1, "car": 0'),
        ("people", "40 to 60", "gm.constant(40, ", "gm.lognormal(40, 60, unit="),
        ("days", "pert(3, 4, 8)", '2, 9, "day", mode=3', '3, 8, "day", mode=4'),
        ("days", "3 to 8", 'gm.pert(2, 9, "day", mode=3)', 'gm.pert(3, 8, unit="day")'),
        (
            "days",
            "5 to 60 hour",
            'gm.pert(2, 9, "day", mode=3)',
            'gm.pert(5, 60, unit="hour").to("day")',
        ),
        # A plain number is counted in the unit that the quantity has outside.
        ("yearly", "2 to 4", '1, 3, "USD/day"', '2, 4, "USD/year"'),
        ("yearly", "2 to 4 USD/day", '1, 3, "USD/day"', '2, 4, "USD/day"'),
        ("share", "2 to 4", "gm.lognormal(1, 3)", 'gm.lognormal(2, 4, unit="percent")'),
        ("weight", "6 to 8", 'gm.parse("5 to 8 kg")', 'gm.lognormal(6, 8, unit="kg")'),
        ("variable", "5 to 10", "gm.normal(low, 9)", "gm.normal(5, 10)"),
        ("rent[old]", "210 to 300 USD/day", "(200, 300)", "(210, 300)"),
        (
            "days",
            "truncated(normal(5 to 8), lower=0)",
            'gm.pert(2, 9, "day", mode=3)',
            'gm.truncated(gm.normal(5, 8, unit="day"), lower=0)',
        ),
    ],
)
def test_only_the_value_changes(file: Path, name: str, text: str, was: str, becomes: str) -> None:
    assert written(file, name, text) == SOURCE.replace(was, becomes, 1)


def test_several_edits_of_one_file(file: Path) -> None:
    made = draft(file, price="normal(95 to 160)", people="50", days="3 to 8")
    assert made.refused == {}
    (new,) = made.new.values()
    file.write_text(new)
    simulation = gm.Model.from_file(file).sample(64)
    assert simulation["people"].mean().value == 50
    assert simulation["price"].quantity.source == "two offers"


@pytest.mark.parametrize(
    "text", ["5 to 8'); import os; (", "5 to 8\nimport os", "__import__('os')"]
)
def test_what_was_typed_is_never_written(file: Path, text: str) -> None:
    made = draft(file, price=text)
    assert made.new == {} and "price" in made.refused


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("one", "does not give one the value of one call"),
        ("looped", "does not give looped the value of one call"),
        ("total", "does not give total the value of one call"),
        ("both[1, 3]", "it has labels of several dimensions"),
    ],
)
def test_what_is_written_otherwise_is_left_to_the_editor(
    file: Path, name: str, reason: str
) -> None:
    made = draft(file, **{name: "5 to 8"})
    assert made.new == {}
    assert reason in made.refused[name]


@pytest.mark.parametrize(
    ("key", "text", "reason"),
    [
        ("built", "categorical(house=40%, vendor=60%)", "its labels do not stand in one dict"),
        ("wet[1]", "categorical(dry=40%, wet=60%)", "gives no value to this label alone"),
        ("steps[a]", "5 to 8", "pert of one label has no such arguments"),
        ("joining[2]", "8", "gives no value to this label alone"),
    ],
)
def test_what_cannot_be_written_says_why(file: Path, key: str, text: str, reason: str) -> None:
    made = draft(file, **{key: text})
    assert made.new == {}
    assert reason in made.refused[key]


def test_a_file_outside_of_the_folder_is_not_written(file: Path) -> None:
    model = gm.Model.from_file(file)
    inside = file.parent / "inside"
    made = drafted(model, read_sources(model), inside, {"price": "95 to 160"})
    assert made.new == {} and "outside of the folder" in made.refused["price"]


def test_line_ends_stay(file: Path) -> None:
    file.write_bytes(SOURCE.replace("\n", "\r\n").encode())
    made = draft(file, people="50")
    made.write()
    assert file.read_bytes() == SOURCE.replace("40,", "50,").replace("\n", "\r\n").encode()


# --- through the server ---------------------------------------------------------------------------


def asked(socket: WebSocketTestSession, kind: str, **more: object) -> None:
    message = {"type": kind, "id": 1, "edits": {"price": "95 to 160"}, **more}
    socket.send_text(json.dumps(message))


def test_a_diff_is_shown_then_written(folder: Path, socket: WebSocketTestSession) -> None:
    opened(socket)
    asked(socket, "diff")
    diff = told(socket, "diff")
    assert (folder / "plan.py").read_text() == PLAN  # nothing is written yet
    assert "+    95,  # the lower of two offers" in diff["files"][0]["diff"]
    asked(socket, "save", stamp=diff["stamp"])
    assert told(socket, "saved")["files"] == ["plan.py"]
    assert (folder / "plan.py").read_text() == PLAN.replace("90,", "95,")
    assert told(socket, "view")["inputs"]["price"]["texts"] == ["95 to 160 USD/person"]


def test_what_was_not_shown_is_not_written(folder: Path, socket: WebSocketTestSession) -> None:
    opened(socket)
    asked(socket, "save", stamp="guessed")
    assert "changed since they were shown" in told(socket, "failed")["error"]["text"]
    assert (folder / "plan.py").read_text() == PLAN


def test_a_file_that_has_changed_is_a_conflict(
    folder: Path,
    socket: WebSocketTestSession,
) -> None:
    opened(socket)
    asked(socket, "diff")
    stamp = told(socket, "diff")["stamp"]
    theirs = PLAN.replace("40,", "(41,")  # it does not run, so the former state is shown
    replace_file(folder / "plan.py", theirs)
    told(socket, "broken")
    asked(socket, "save", stamp=stamp)
    (conflict,) = told(socket, "conflict")["files"]
    assert "+    95,  # the lower of two offers" in conflict["yours"]
    assert '+people = gm.constant((41, "person")' in conflict["theirs"]
    assert (folder / "plan.py").read_text() == theirs


def test_nothing_is_lost_where_the_disk_is_full(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("guessmodel.files._write_all", full)
    with pytest.raises(OSError, match="No space left"):
        draft(file, people="50").write()
    assert file.read_text() == SOURCE
    assert list(file.parent.iterdir()) == [file]


def test_the_check_refuses_what_is_not_meant(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from guessmodel.studio import saving

    right = saving.rewritten

    def wrong(source: str, place: saving.Place, value: object) -> saving.Rewritten:
        found = right(source, place, value)  # type: ignore[arg-type]
        return saving.Rewritten(found.source, found.expression.replace("50", "51"))

    monkeypatch.setattr(saving, "rewritten", wrong)
    assert "not what was typed" in draft(file, people="50").refused["people"]


def test_a_share_is_written_in_the_unit_that_the_file_has(file: Path) -> None:
    assert change(draft(file, share="3 of 10")) == [
        '-share = gm.lognormal(1, 3).to("percent")',
        '+share = gm.beta(successes=3, trials=10, prior="uniform").to("percent")',
    ]
    file.write_text('import guessmodel as gm\nshare = gm.normal(20, 40, "percent")\n')
    refused = draft(file, share="3 of 10").to_dict()["refused"]
    assert refused == {
        "share": "it would become a plain number, not percent; change it in the file"
    }
