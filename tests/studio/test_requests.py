"""What a page may ask: forms that are taken, and how much of each."""

from typing import Any

import pytest

from guessmodel.studio.requests import AT_ONCE, OVERTAKES, PATIENT, checked

VARIANT = {"name": "a", "scenario": None, "edits": {"price": "3"}}
NEEDED: dict[str, dict[str, Any]] = {
    "open": {"model": "plan.py"},
    "save": {"stamp": "x"},
    "hold": {"moved": "price"},
    "move": {"moved": "price"},
    "sweep": {"moved": "price", "texts": ["3", "4"]},
    "compare": {"variants": [VARIANT, {**VARIANT, "scenario": "crowd"}]},
}


def asked(kind: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "id": 1, "edits": {"price": "5 to 8"}, **NEEDED.get(kind, {}), **more}


@pytest.mark.parametrize("kind", ["page", "diff", *NEEDED, *AT_ONCE, *PATIENT])
def test_what_is_taken_stays_as_it_is(kind: str) -> None:
    assert checked(asked(kind)) == asked(kind)


@pytest.mark.parametrize(("kind", "key"), [(k, key) for k, more in NEEDED.items() for key in more])
def test_what_a_kind_needs(kind: str, key: str) -> None:
    request = asked(kind)
    del request[key]
    with pytest.raises(ValueError):
        checked(request)
    for wrong in (3, ["a", 3], {"a": 3}, [{**VARIANT, "edits": []}], [{**VARIANT, "name": None}]):
        with pytest.raises(ValueError):
            checked({**request, key: wrong})


@pytest.mark.parametrize("kind", ["", "view", "__init__", None, 3, [], {}])
def test_there_are_no_other_kinds(kind: Any) -> None:
    with pytest.raises(ValueError):
        checked({**asked("page"), "type": kind})


@pytest.mark.parametrize(
    ("kind", "most", "more"),
    [
        ("edit", {"edits": {"x": 1000 * "1"}}, {"edits": {"x": 1001 * "1"}}),
        (
            "edit",
            {"edits": dict.fromkeys(map(str, range(1000)), "1")},
            {"edits": dict.fromkeys(map(str, range(1001)), "1")},
        ),
        ("sweep", {"texts": 100 * ["3"]}, {"texts": 101 * ["3"]}),
        ("compare", {"variants": 100 * [VARIANT]}, {"variants": 101 * [VARIANT]}),
        ("settle", {"first": 1000 * "x"}, {"first": 1001 * "x"}),
    ],
)
def test_how_much_is_taken(kind: str, most: dict[str, Any], more: dict[str, Any]) -> None:
    assert checked(asked(kind, **most)) == asked(kind, **most)
    with pytest.raises(ValueError):
        checked(asked(kind, **more))


def test_only_a_hand_overtakes_and_the_answer_to_an_edit_comes() -> None:
    assert OVERTAKES.keys() == set(AT_ONCE)
    assert "edit" not in OVERTAKES["hold"]
    for kind in AT_ONCE:
        assert set(PATIENT) < set(OVERTAKES[kind])
    assert not set(AT_ONCE) & set(PATIENT)
