"""References, facts, order and cycles."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from guessmodel.errors import UsageError
from guessmodel.interop.guesstimate.functions import FUNCTIONS
from guessmodel.interop.guesstimate.reading import read_sheet
from guessmodel.interop.guesstimate.refusals import Refusal
from guessmodel.interop.guesstimate.sheet import Sheet, understood

Made = Callable[..., bytes]


def read(data: bytes, **facts: str) -> tuple[Sheet, list[Refusal]]:
    return understood(read_sheet(data), facts, FUNCTIONS.__contains__)


def order(sheet: Sheet) -> list[str]:
    return [entry.cell.id for entry in sheet.entries]


def test_cells_follow_those_that_they_use_and_rows_stay_together(sheet: Made) -> None:
    found, refusals = read(
        sheet(
            ("total", "=A3 + A4", {"row": 0}),
            ("c", "1", {"row": 1}),
            ("title", "", {"row": 1}),
            ("a", "2", {"row": 2}),
            ("b", "=A1 * 2", {"row": 2}),
            ("d", "3", {"row": 1, "column": 9}),
        )
    )
    assert refusals == []
    assert order(found) == ["A1", "A5", "A3", "A4", "A0"]
    assert [cell.name for cell in found.titles] == ["title"]


def test_references_by_id_and_by_readable_id_respect_words(sheet: Made) -> None:
    """The metric PE is not a part of PERT, and PI3 not of PI."""
    found, refusals = read(
        sheet(
            ("pe", "2", {"readable": "PE", "id": "x"}),
            ("pi", "3", {"readable": "PI3", "id": "y"}),
            ("uses", "=PERT(1, 5) + PE + ${metric:y} + pi"),
        )
    )
    assert refusals == []
    assert found.entries[-1].inputs == ("x", "y")


def test_a_cell_may_be_called_as_a_function_is(sheet: Made) -> None:
    found, refusals = read(sheet(("pi", "3", {"readable": "PI"}), ("uses", "=PI * 2")))
    assert (refusals == [] and found.entries[-1].inputs == ("A0",)) or found.entries[-1].inputs


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("=${metric:gone}", "there is no cell gone"),
        ("=A1", "the cell a title (A1) has no value"),
        ("=${metric:A1}", "the cell a title (A1) has no value"),
        ("=ZZ", "there is no cell, constant or function 'ZZ'"),
    ],
)
def test_dangling_references(text: str, reason: str, sheet: Made) -> None:
    _, (refusal,) = read(sheet(("x", text), ("a title", "")))
    assert (refusal.cell, refusal.text, refusal.column) == ("x (A0)", text, 2)
    assert refusal.reason == reason


def test_cells_of_a_cycle_are_named_and_others_are_not(sheet: Made) -> None:
    found, (refusal,) = read(
        sheet(("a", "=A1"), ("b", "=A2 + 1"), ("c", "=A0"), ("d", "=A0"), ("e", "5"))
    )
    assert order(found) == ["A4"]
    assert refusal.reason == "the cells depend on each other: a (A0) → b (A1) → c (A2) → a (A0)"
    _, (itself,) = read(sheet(("x", "=A0 + 1")))
    assert itself.reason.endswith(": x (A0) → x (A0)")


def test_what_uses_a_refused_cell_is_left_out_and_not_told(sheet: Made) -> None:
    found, (refusal,) = read(sheet(("a", "five"), ("b", "=A0"), ("c", "=A1"), ("d", "1")))
    assert refusal.cell == "a (A0)" and order(found) == ["A3"]


def with_facts(text: str, facts: Any = ()) -> bytes:
    graph = {
        "metrics": [{"id": "x", "readableId": "XX", "name": "x"}],
        "guesstimates": [{"metric": "x", "expression": text}],
    }
    return json.dumps(
        {"graph": graph, "_embedded": {"organization": {"facts": list(facts)}}}
    ).encode()


PEOPLE = {"id": 3, "variable_name": "people", "name": "People", "expression": "2 to 3"}


@pytest.mark.parametrize(
    ("text", "facts", "given", "value"),
    [
        ("=${fact:3} * 2", [PEOPLE], {}, "2 to 3"),
        ("=${fact:3} * 2", [PEOPLE], {"people": "7"}, "7"),
        ("=#people * 2", [PEOPLE], {}, "2 to 3"),
        ("=#people * 2", [], {"people": "7"}, "7"),
        ("=@City.population * 2", [], {"City.population": "2.7M"}, "2.7M"),
    ],
)
def test_facts(text: str, facts: Any, given: dict[str, str], value: str) -> None:
    found, refusals = read(with_facts(text, facts), **given)
    assert refusals == []
    fact, user = found.entries
    assert fact.cell.text == value and user.inputs == (fact.cell.id,)
    assert found.facts == {fact.cell.id}


def test_facts_that_have_no_value_or_a_wrong_one() -> None:
    _, (refusal,) = read(with_facts("=@City.population * 2"))
    assert refusal.reason.startswith("@City.population is a fact without a value; give one: --fact")
    _, refusals = read(with_facts("=#people * 2"), people="many")
    assert [each.cell for each in refusals] == ["people"]
    with pytest.raises(UsageError, match="mentions no fact 'peple'; did you mean 'people'?"):
        read(with_facts("=#people * 2"), people="3", peple="3")
