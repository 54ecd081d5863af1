"""Documents and the schema."""

import copy
import json
from importlib.resources import files
from typing import Any

import jsonschema
import pytest

import guessmodel as gm
from guessmodel.claims.schema import misfit
from guessmodel.report import Document, document
from guessmodel.report.document import VERSION

SCHEMA: Any = json.loads((files("guessmodel.report") / "schema.json").read_text())
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def test_the_schema_is_one_and_of_this_version() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["properties"]["version"]["const"] == VERSION
    assert SCHEMA["$id"].endswith(f":{VERSION}")


def test_documents_are_valid(lunch_document: Document, hostile_document: Document) -> None:
    VALIDATOR.validate(lunch_document)
    VALIDATOR.validate(hostile_document)
    assert misfit(lunch_document, SCHEMA) is misfit(hostile_document, SCHEMA) is None
    VALIDATOR.validate(document(gm.Model(x=gm.cauchy(0, 1), y=gm.constant(1)), samples=1024))


def test_the_schema_knows_every_key_of_a_document(lunch_document: Document) -> None:
    assert set(lunch_document) == set(SCHEMA["required"]) == set(SCHEMA["properties"])
    claim = SCHEMA["$defs"]["claim"]
    assert set(lunch_document["claims"][0]) == set(claim["required"]) == set(claim["properties"])


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("version",), 2),
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
    assert misfit(changed, SCHEMA) is not None
