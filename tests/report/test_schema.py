"""Documents and the schema."""

import copy
import json
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from types import NoneType
from typing import Any, Literal, NotRequired, get_args, get_origin, get_type_hints, is_typeddict

import jsonschema
import pytest

import guessmodel as gm
from guessmodel.claims.report_format import (
    VERSION,
    ClaimData,
    EstimateData,
    IntervalData,
    QuantityData,
)
from guessmodel.claims.schema import first_error
from guessmodel.report import Document, document

SCHEMA: Any = json.loads((files("guessmodel.report") / "schema.json").read_text())
JSON: Mapping[Any, str] = {
    str: "string",
    bool: "boolean",
    int: "integer",
    float: "number",
    NoneType: "null",
}
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def test_the_schema_is_one_and_of_this_version() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["properties"]["version"]["const"] == VERSION
    assert SCHEMA["$id"].endswith(f":{VERSION}")


def test_documents_are_valid(lunch_document: Document, hostile_document: Document) -> None:
    VALIDATOR.validate(lunch_document)
    VALIDATOR.validate(hostile_document)
    assert first_error(lunch_document, SCHEMA) is first_error(hostile_document, SCHEMA) is None
    VALIDATOR.validate(document(gm.Model(x=gm.cauchy(0, 1), y=gm.constant(1)), samples=1024))


def departures(kind: Any, schema: Any, where: str = "document") -> Iterator[str]:
    """Where a type and a part of the schema allow different JSON, however each is written."""
    if "$ref" in schema:
        schema = SCHEMA["$defs"][schema["$ref"].rpartition("/")[2]]
    if is_typeddict(kind):
        keys = get_type_hints(kind)
        written = get_type_hints(kind, include_extras=True)
        required = {key for key in keys if get_origin(written[key]) is not NotRequired}
        if set(keys) != set(schema["properties"]):
            yield f"{where} has other keys: {set(keys) ^ set(schema['properties'])}"
        if required != set(schema["required"]):
            yield f"{where} requires others: {required ^ set(schema['required'])}"
        for key in keys.keys() & schema["properties"]:
            yield from departures(keys[key], schema["properties"][key], f"{where}.{key}")
    elif get_origin(kind) is Mapping:
        yield from departures(get_args(kind)[1], schema["additionalProperties"], f"{where}.*")
    elif get_origin(kind) in (list, Sequence):
        yield from departures(get_args(kind)[0], schema["items"], f"{where}[]")
    elif get_origin(kind) is Literal:
        allowed = schema["enum"] if "enum" in schema else [schema["const"]]
        if set(get_args(kind)) != set(allowed):
            yield f"{where} is {get_args(kind)}, and {allowed} in the schema"
    elif "anyOf" in schema:
        pass  # an estimate, or more of the same below labels
    else:
        parts = get_args(kind) or (kind,)
        names = {JSON[part] for part in parts} - ({"integer"} if float in parts else set())
        types = schema.get("type", "string" if "enum" in schema else None)
        if names != set([types] if isinstance(types, str) else types):
            yield f"{where} is {names}, and {types} in the schema"


def test_the_schema_and_the_types_say_the_same() -> None:
    assert list(departures(Document, SCHEMA)) == []
    parts = {"quantity": QuantityData, "claim": ClaimData, "interval": IntervalData}
    for name, kind in parts.items():
        assert list(departures(kind, SCHEMA["$defs"][name], name)) == []
    assert list(departures(EstimateData, SCHEMA["$defs"]["estimate"])) == []


def test_a_schema_that_departs_from_the_types_is_told() -> None:
    other = copy.deepcopy(SCHEMA["$defs"]["estimate"])
    del other["properties"]["plain"]
    other["properties"]["value"] = {"type": "number"}
    other["required"] = ["value", "low"]
    assert len(list(departures(EstimateData, other))) == 3
    kind = copy.deepcopy(SCHEMA["properties"]["pictures"])
    kind["items"]["properties"]["kind"]["enum"].append("map")
    assert len(list(departures(get_type_hints(Document)["pictures"], kind))) == 1


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("version",), 1),
        (("seed",), "0"),
        (("quantities", "over", "mean"), {"value": 1.0}),
        (("quantities", "over", "kind"), "guess"),
        (("claims", 0, "verdict"), "maybe"),
        (("pictures", 0, "file"), "../x.svg"),
        (("surprise",), 1),
    ],
)
def test_others_are_not(lunch_document: Document, path: tuple[Any, ...], value: Any) -> None:
    changed = copy.deepcopy(lunch_document)
    place: Any = changed
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    assert not VALIDATOR.is_valid(changed)
    assert first_error(changed, SCHEMA) is not None
