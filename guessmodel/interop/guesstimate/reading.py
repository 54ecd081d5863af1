"""A sheet from the bytes of Guesstimate's JSON, in whichever of its forms."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, final

from guessmodel.errors import UsageError
from guessmodel.interop.guesstimate.formulas import tokens_in

__all__ = ["MOST_BYTES", "Calculator", "RawCell", "RawSheet", "read_sheet"]

_MOST_CELLS: Final = 10_000
MOST_BYTES: Final = 10_000_000
_MOST_TOKENS: Final = 150_000
_MOST_DATA: Final = 200_000
_UNPLACED: Final = 1_000_000  # row and column of a cell that says none


@final
@dataclass(frozen=True, slots=True)
class RawCell:
    """A cell as it is stored."""

    id: str
    readable_id: str
    name: str
    row: int
    column: int
    text: str = ""
    """Its expression, else its old input."""
    data: tuple[float, ...] = ()
    kind: str = ""
    description: str = ""
    bad_data: str = ""
    """The first datum that is no number."""

    @property
    def label(self) -> str:
        """What people call it: its name with its readable id, or what it has of them."""
        if self.name and self.readable_id:
            return f"{self.name} ({self.readable_id})"
        return self.name or self.readable_id or f"cell {self.id}"


@final
@dataclass(frozen=True, slots=True)
class Calculator:
    """A form over a sheet: which cells it asks for and which it shows."""

    title: str
    content: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]


@final
@dataclass(frozen=True, slots=True)
class RawSheet:
    """A sheet as it is stored."""

    name: str
    description: str
    number: str
    """Of the space, where there is one."""
    cells: tuple[RawCell, ...]
    calculators: tuple[Calculator, ...] = ()
    facts: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    """By id the name and the text of facts that the file has."""
    skipped: tuple[str, ...] = ()
    """What was left out, and why."""

    @property
    def size(self) -> int:
        """Signs of all formulas, and data."""
        return sum(tokens_in(cell.text) + len(cell.data) for cell in self.cells)


def read_sheet(data: bytes) -> RawSheet:
    """The sheet that a file holds.

    Raises UsageError where the bytes are no JSON, hold no sheet, or too large a one.
    """
    if len(data) > MOST_BYTES:
        raise UsageError(
            f"the file has {len(data):,} bytes; files of up to {MOST_BYTES:,} are imported"
        )
    space = _unwrapped(_json(data))
    graph = space.get("graph")
    graph = graph if isinstance(graph, Mapping) else space
    metrics, values = _listed(graph, "metrics"), _listed(graph, "guesstimates")
    for what, found in (("cells", metrics), ("values of cells", values)):
        if len(found) > _MOST_CELLS:
            raise UsageError(f"the sheet has {len(found):,} {what}; up to {_MOST_CELLS:,} are read")
    cells, skipped = _cells(metrics, values)
    tokens = sum(tokens_in(cell.text) for cell in cells)
    if tokens > _MOST_TOKENS:
        raise UsageError(
            f"the formulas have {tokens:,} signs together; up to {_MOST_TOKENS:,} are read"
        )
    rows = sum(len(cell.data) for cell in cells)
    if rows > _MOST_DATA:
        raise UsageError(f"the sheet has {rows:,} data; up to {_MOST_DATA:,} are read")
    embedded = _mapping(space, "_embedded")
    return RawSheet(
        _text(space, "name").strip(),
        _text(space, "description").strip(),
        _text(space, "id"),
        tuple(cells),
        tuple(_calculators(space, embedded)),
        dict(_facts(embedded)),
        tuple(skipped),
    )


def _json(data: bytes) -> Any:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"byte {error.start + 1:,} is no UTF-8, so this is no JSON") from None
    try:
        return json.loads(text, parse_constant=_no_constant, parse_int=_number, parse_float=_number)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise UsageError(f"this is no JSON: {error.msg}, {where}") from None
    except RecursionError:
        raise UsageError("the JSON has lists and objects too deep inside each other") from None


def _no_constant(name: str) -> Any:
    raise UsageError(f"this is no JSON: {name} is none of its numbers")


def _number(text: str) -> float:
    return float(text)  # inf where it is too large


def _unwrapped(document: Any) -> Mapping[str, Any]:
    """The space, or the bare graph: `{"space": {…}}`, `{"graph": {…}}`, `{"metrics": […]}`."""
    for _ in range(3):
        if not isinstance(document, Mapping):
            break
        if "metrics" in document or isinstance(document.get("graph"), Mapping):
            return document
        inner = document.get("space", document.get("graph"))
        if inner is None:
            break
        document = inner
    raise UsageError("this JSON is no sheet of Guesstimate's: it has no graph with metrics")


def _listed(graph: Mapping[str, Any], key: str) -> Sequence[Mapping[str, Any]]:
    found = graph.get(key)
    if found is None:
        return ()
    if not isinstance(found, list):
        raise UsageError(f"'{key}' is no list, so this is no sheet of Guesstimate's")
    return [each for each in found if isinstance(each, Mapping)]


def _cells(
    metrics: Sequence[Mapping[str, Any]], values: Sequence[Mapping[str, Any]]
) -> tuple[list[RawCell], list[str]]:
    skipped: list[str] = []
    by_metric: dict[str, Mapping[str, Any]] = {}
    for value in values:
        id = _text(value, "metric")
        if id in by_metric:
            skipped.append(f"an earlier value of the cell {id}: the last one holds")
        by_metric[id] = value
    found: dict[str, RawCell] = {}
    for metric in metrics:
        id = _text(metric, "id") or _text(metric, "readableId")
        if not id:
            skipped.append(f"a cell without an id: {_text(metric, 'name') or 'nameless'}")
            continue
        if id in found:
            skipped.append(f"an earlier cell {found[id].label} of the same id: the last one holds")
            del found[id]
        location = _mapping(metric, "location")
        found[id] = RawCell(
            id,
            _text(metric, "readableId").strip(),
            _text(metric, "name").strip(),
            _place(location, "row"),
            _place(location, "column"),
        )
    for missing in by_metric.keys() - found.keys():
        skipped.append(f"a value of a cell that is not there: {missing or 'without an id'}")
    filled = [
        _filled(cell, by_metric[cell.id]) if cell.id in by_metric else cell
        for cell in found.values()
    ]
    return filled, sorted(skipped)


def _filled(cell: RawCell, value: Mapping[str, Any]) -> RawCell:
    text = _text(value, "expression")
    if not text.strip():
        text = _text(value, "input")
    given = value.get("data")
    if not given:
        given = value.get("value")
    numbers, bad = _data(given)
    return replace(
        cell,
        text=text,
        data=numbers,
        bad_data=bad,
        kind=_text(value, "guesstimateType"),
        description=_text(value, "description").strip(),
    )


def _data(given: Any) -> tuple[tuple[float, ...], str]:
    """The numbers of a list, and the first entry that is none."""
    if isinstance(given, float):
        given = [given]
    if not isinstance(given, list):
        return (), ""
    numbers = []
    for each in given:
        number: float = math.nan
        if isinstance(each, float):
            number = each
        elif isinstance(each, str):
            try:
                number = float(each)
            except ValueError:
                number = math.nan
        if not math.isfinite(number):
            return (), str(each)[:40] or "''"
        numbers.append(number)
    return tuple(numbers), ""


def _calculators(space: Mapping[str, Any], embedded: Mapping[str, Any]) -> Iterator[Calculator]:
    given = embedded.get("calculators", space.get("calculators"))
    for each in given if isinstance(given, list) else ():
        if isinstance(each, Mapping):
            yield Calculator(
                _text(each, "title").strip(),
                _text(each, "content").strip(),
                _ids(each.get("input_ids")),
                _ids(each.get("output_ids")),
            )


def _ids(given: Any) -> tuple[str, ...]:
    return tuple(map(_as_text, given)) if isinstance(given, list) else ()


def _facts(embedded: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, str]]]:
    given = _mapping(embedded, "organization").get("facts")
    for each in given if isinstance(given, list) else ():
        if isinstance(each, Mapping):
            name = _text(each, "variable_name") or _text(each, "name")
            yield _text(each, "id"), (name, _text(each, "expression"))


def _mapping(document: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = document.get(key)
    return found if isinstance(found, Mapping) else {}


def _text(document: Mapping[str, Any], key: str) -> str:
    return _as_text(document.get(key))


def _as_text(value: Any) -> str:
    """Text, and numbers as such; nothing else."""
    if isinstance(value, str):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return ""


def _place(location: Mapping[str, Any], key: str) -> int:
    value = location.get(key)
    try:
        number = float(value) if isinstance(value, str | float) else math.nan
    except ValueError:
        number = math.nan
    return int(number) if abs(number) < _UNPLACED else _UNPLACED
