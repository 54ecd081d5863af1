"""Guesstimate's JSON in its forms, and what is no sheet."""

import json
from pathlib import Path
from typing import Any

import pytest

from guessmodel.errors import UsageError
from guessmodel.interop.guesstimate.reading import read_sheet

DATA = Path(__file__).parents[1] / "data"
METRIC = {"id": "a", "readableId": "AR", "name": "Rate", "location": {"row": 1, "column": 2}}
VALUE = {"metric": "a", "expression": "5", "guesstimateType": "POINT"}
GRAPH = {"metrics": [METRIC], "guesstimates": [VALUE]}


def read(document: Any) -> Any:
    return read_sheet(json.dumps(document).encode())


@pytest.mark.parametrize(
    "document",
    [
        {"id": 7, "name": "S", "graph": GRAPH},
        {"space": {"id": 7, "name": "S", "graph": GRAPH, "is_private": "true"}},
        {"id": 7, "name": "S", **GRAPH},
    ],
)
def test_a_space_may_be_wrapped_and_a_graph_bare(document: Any) -> None:
    sheet = read(document)
    assert (sheet.name, sheet.number) == ("S", "7")
    (cell,) = sheet.cells
    assert (cell.id, cell.readable_id, cell.name, cell.row, cell.column) == (
        "a",
        "AR",
        "Rate",
        1,
        2,
    )
    assert (cell.text, cell.kind, cell.label) == ("5", "POINT", "Rate (AR)")


def test_a_byte_order_mark_is_no_matter() -> None:
    assert read_sheet(b"\xef\xbb\xbf" + json.dumps(GRAPH).encode()).cells


@pytest.mark.parametrize(
    ("value", "text", "data"),
    [
        ({"expression": "5", "input": "6"}, "5", ()),
        ({"expression": "", "input": "=AR*2"}, "=AR*2", ()),
        ({"expression": None, "input": "6"}, "6", ()),
        ({"input": "6"}, "6", ()),
        ({"expression": 5}, "5", ()),
        ({"expression": 0.25}, "0.25", ()),
        ({"data": [1, 2.5, "3"]}, "", (1, 2.5, 3)),
        ({"value": [1, 2]}, "", (1, 2)),
        ({"data": None, "value": 4}, "", (4,)),
        ({"data": [], "value": None}, "", ()),
        ({"expression": "5", "data": [1, 2]}, "5", (1, 2)),
        ({"guesstimateType": None}, "", ()),
        ({"expression": ["5"]}, "", ()),
    ],
)
def test_new_and_old_styles(value: dict[str, Any], text: str, data: tuple[float, ...]) -> None:
    graph = {"metrics": [METRIC], "guesstimates": [{"metric": "a", **value}]}
    (cell,) = read(graph).cells
    assert (cell.text, cell.data) == (text, data)


def test_of_duplicates_the_last_holds() -> None:
    other = {**METRIC, "name": "Other"}
    last = {"metric": "a", "expression": "6"}
    sheet = read({"metrics": [METRIC, other], "guesstimates": [VALUE, last]})
    (cell,) = sheet.cells
    assert (cell.name, cell.text) == ("Other", "6")
    assert sheet.skipped == (
        "an earlier cell Rate (AR) of the same id: the last one holds",
        "an earlier value of the cell a: the last one holds",
    )


def test_what_belongs_to_nothing_is_told() -> None:
    sheet = read({"metrics": [{"name": "x"}], "guesstimates": [VALUE, {"expression": "5"}]})
    assert sheet.cells == ()
    assert sheet.skipped == (
        "a cell without an id: x",
        "a value of a cell that is not there: a",
        "a value of a cell that is not there: without an id",
    )


def test_cells_without_a_place_or_a_name() -> None:
    metrics = [{"id": "a"}, {"id": "b", "location": {"row": "2", "column": None}, "name": None}]
    one, two = read({"metrics": metrics}).cells
    assert one.row == one.column == two.column and two.row == 2
    assert one.label == "cell a"


def test_calculators_and_facts() -> None:
    embedded = {
        "calculators": [{"title": "C", "content": "x", "input_ids": ["a"], "output_ids": None}],
        "organization": {"facts": [{"id": 3, "variable_name": "people", "expression": "2 to 3"}]},
    }
    sheet = read({"graph": GRAPH, "_embedded": embedded})
    (calculator,) = sheet.calculators
    assert (calculator.title, calculator.inputs, calculator.outputs) == ("C", ("a",), ())
    assert sheet.facts == {"3": ("people", "2 to 3")}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "this is no JSON: Expecting value, line 1, column 1"),
        (b"{", "this is no JSON: "),
        (b'{"metrics": []} trailing', "this is no JSON: Extra data, line 1, column 17"),
        (b"\xff\xfe", "byte 1 is no UTF-8"),
        (b"NaN", "this is no JSON: NaN is none of its numbers"),
        (b"[" * 100_000, "too deep inside each other"),
        (b'{"a":' * 50_000, "too deep inside each other"),
        (b"3", "no sheet of Guesstimate's"),
        (b"[]", "no sheet of Guesstimate's"),
        (b"{}", "no sheet of Guesstimate's: it has no graph with metrics"),
        (b'{"graph": 3}', "no sheet of Guesstimate's"),
        (b'{"space": {"space": {"space": {"graph": {}}}}}', "no sheet of Guesstimate's"),
        (b'{"metrics": 3}', "'metrics' is no list"),
        (b'{"metrics": [], "guesstimates": {}}', "'guesstimates' is no list"),
        (b" " * 10_000_001, "the file has 10,000,001 bytes; files of up to 10,000,000"),
    ],
)
def test_what_is_no_sheet(data: bytes, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        read_sheet(data)


def test_large_sheets_are_refused_by_their_number() -> None:
    metrics = [{"id": str(i)} for i in range(10_001)]
    with pytest.raises(UsageError, match=r"the sheet has 10,001 cells; up to 10,000 are read"):
        read({"metrics": metrics})
    values = [{"metric": "a", "expression": "=" + "1+" * 40_000 + "1"}] * 2
    assert read({"metrics": [METRIC], "guesstimates": values}).cells
    metrics = [{**METRIC, "id": str(i)} for i in range(2)]
    values = [{**value, "metric": str(i)} for i, value in enumerate(values)]
    with pytest.raises(UsageError, match=r"the formulas have 160,004 signs together; up to 150,0"):
        read({"metrics": metrics, "guesstimates": values})
    with pytest.raises(UsageError, match=r"the sheet has 200,001 data; up to 200,000 are read"):
        read({"metrics": [METRIC], "guesstimates": [{"metric": "a", "data": [1] * 200_001}]})


def test_numbers_beyond_all_measure() -> None:
    text = '{"metrics": [{"id": "a", "location": {"row": 1e999, "column": ' + "9" * 5000 + "}}]}"
    (cell,) = read_sheet(text.encode()).cells
    assert cell.row == cell.column == 1_000_000


@pytest.mark.parametrize("file", sorted(DATA.glob("*_*.json")), ids=lambda file: file.stem)
def test_sample_sheets(file: Path) -> None:
    assert read_sheet(file.read_bytes()).cells
