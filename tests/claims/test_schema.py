"""The part of JSON Schema that is checked here, against the library for all of it."""

from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guessmodel.claims.schema import SchemaError, first_error, parsed

SMALL: Any = {
    "type": "object",
    "required": ["a"],
    "minProperties": 1,
    "additionalProperties": {"$ref": "#/$defs/tree"},
    "properties": {
        "a": {"type": ["integer", "null"], "minimum": 1},
        "b": {"type": "array", "items": {"enum": ["x", 1, True]}},
        "c": {"type": "string", "minLength": 1, "pattern": "^[a-z]+$"},
        "d": {"const": 1},
    },
    "$defs": {
        "tree": {
            "anyOf": [
                {"type": "boolean"},
                {"type": "object", "additionalProperties": {"$ref": "#/$defs/tree"}},
            ]
        }
    },
}
LEAVES = (
    st.none() | st.booleans() | st.integers(-2, 2) | st.floats(-2, 2) | st.text("xyA", max_size=2)
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from("abcdtree"), inner, max_size=4)
    ),
    max_leaves=6,
)


@given(VALUES)
@settings(max_examples=400, deadline=None)  # a busy machine stalls
def test_it_agrees_with_the_library_on_small_values(value: Any) -> None:
    valid = jsonschema.Draft202012Validator(SMALL).is_valid(value)
    assert (first_error(value, SMALL) is None) == valid


def test_it_tells_where() -> None:
    assert str(first_error({"a": 0}, SMALL)) == "a is 0, below 1"
    assert str(first_error({}, SMALL)) == "it has no a"
    assert str(first_error({"a": None, "b": ["x", 2]}, SMALL)) == 'b.1 is 2, not "x" or 1 or true'
    found = first_error({"a": 1, "t": {"u v": {"w": 3}}}, SMALL)
    assert str(found) == "t.'u v'.w is 3, not boolean"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[NaN]", "NaN is no number in JSON"),
        ("-Infinity", "-Infinity is no number in JSON"),
        ("1e999", "the number 1e999… is too large"),
        ("1" * 5000, "is too large"),
        ("[" * 100_000, "it is nested too deeply"),
    ],
)
def test_what_json_has_not_is_refused(text: str, words: str) -> None:
    with pytest.raises(SchemaError, match=words):
        parsed(text)


def test_numbers_are_read_as_wanted() -> None:
    assert parsed("[1, 2.5, 1e2]") == [1, 2.5, 100.0]
    seen: list[str] = []
    parsed("[1, 2.50]", lambda text: seen.append(text) or float(text))
    assert seen == ["2.50"]


def test_a_value_that_is_nested_too_deeply() -> None:
    value: Any = {}
    for _ in range(100_000):
        value = {"t": value}
    assert str(first_error({"a": 1, "t": value}, SMALL)) == "it is nested too deeply"
