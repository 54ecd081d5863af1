"""JSON as it is read from files: parsed strictly, and checked against a schema.

The part of JSON Schema (2020-12) that the schema of reports uses; an error says where it is. The
library for all of it is larger than what is left of guessmodel without it, and is used in tests.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, NoReturn

__all__ = ["SchemaError", "first_error", "parsed"]

Schema = Mapping[str, Any]

_KINDS: Final[Mapping[str, Callable[[object], bool]]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "integer": lambda value: (
        (isinstance(value, int) and not isinstance(value, bool))
        or (isinstance(value, float) and value.is_integer())
    ),
}
_TOLD: Final = frozenset({"$schema", "$id", "$defs", "title", "description"})


class SchemaError(ValueError):
    """What is wrong, and where: `quantities.cost.p95.low is a text, not a number or null`."""


def parsed(text: str, number: Callable[[str], float] = float) -> Any:
    """The value of a JSON text; `number` reads numbers with a point or an exponent.

    Raises SchemaError for what JSON does not have (NaN), for numbers beyond floats, and for
    texts that are nested too deeply; json.JSONDecodeError for others.
    """

    def finite(written: str) -> float:
        value = number(written)
        if not math.isfinite(value):
            raise SchemaError(f"the number {written[:20]}… is too large")
        return value

    def whole(written: str) -> int:
        if not math.isfinite(float(written)):
            raise SchemaError(f"the number {written[:20]}… is too large")
        return int(written)

    def refused(written: str) -> NoReturn:
        raise SchemaError(f"{written} is no number in JSON")

    try:
        return json.loads(text, parse_float=finite, parse_int=whole, parse_constant=refused)
    except RecursionError:
        raise SchemaError("it is nested too deeply") from None


def first_error(value: object, schema: Schema) -> SchemaError | None:
    """Where a value first departs from a schema, or None."""
    try:
        found = next(_errors(value, schema, schema, ()), None)
    except RecursionError:
        return SchemaError("it is nested too deeply")
    if found is None:
        return None
    path, text = found
    return SchemaError(f"{'.'.join(map(_step, path)) or 'it'} {text}")


_Path = tuple[str | int, ...]


def _errors(value: Any, schema: Schema, root: Schema, path: _Path) -> Iterator[tuple[_Path, str]]:
    unknown = schema.keys() - _TOLD - _RULES.keys()
    assert not unknown, f"the schema uses {unknown}"
    for check in dict.fromkeys(_RULES[rule] for rule in _RULES if rule in schema):
        yield from check(value, schema, root, path)


def _reference(
    value: Any, schema: Schema, root: Schema, path: _Path
) -> Iterator[tuple[_Path, str]]:
    other: Any = root
    for name in schema["$ref"].removeprefix("#/").split("/"):
        other = other[name]
    yield from _errors(value, other, root, path)


def _kind(value: Any, schema: Schema, root: Schema, path: _Path) -> Iterator[tuple[_Path, str]]:
    kinds = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
    if not any(_KINDS[kind](value) for kind in kinds):
        yield path, f"is {_shown(value)}, not {' or '.join(kinds)}"


def _one_of(value: Any, schema: Schema, root: Schema, path: _Path) -> Iterator[tuple[_Path, str]]:
    allowed = schema["enum"] if "enum" in schema else [schema["const"]]
    if not any(value == one and type(value) is type(one) for one in allowed):
        yield path, f"is {_shown(value)}, not {' or '.join(map(_shown, allowed))}"


def _any_of(value: Any, schema: Schema, root: Schema, path: _Path) -> Iterator[tuple[_Path, str]]:
    """The error of the branch that came furthest, for that is the one that was meant."""
    first = [next(_errors(value, branch, root, path), None) for branch in schema["anyOf"]]
    errors = [error for error in first if error is not None]
    if len(errors) == len(first):
        yield max(errors, key=lambda error: len(error[0]))


def _members(value: Any, schema: Schema, root: Schema, path: _Path) -> Iterator[tuple[_Path, str]]:
    if not isinstance(value, dict):
        return
    for name in schema.get("required", ()):
        if name not in value:
            yield path, f"has no {_step(name)}"
    if len(value) < schema.get("minProperties", 0):
        yield path, "is empty"
    known, others = schema.get("properties", {}), schema.get("additionalProperties", True)
    for name, member in value.items():
        if name in known:
            yield from _errors(member, known[name], root, (*path, name))
        elif others is False:
            yield path, f"has {_step(name)}, which nothing reads"
        elif others is not True:
            yield from _errors(member, others, root, (*path, name))


def _items(value: Any, schema: Schema, root: Schema, path: _Path) -> Iterator[tuple[_Path, str]]:
    if isinstance(value, list):
        for i, item in enumerate(value):
            yield from _errors(item, schema["items"], root, (*path, i))


def _text(value: Any, schema: Schema, root: Schema, path: _Path) -> Iterator[tuple[_Path, str]]:
    if not isinstance(value, str):
        return
    if len(value) < schema.get("minLength", 0):
        yield path, "is empty"
    elif not re.search(schema.get("pattern", ""), value):
        yield path, f"is {_shown(value)}, which does not fit {schema['pattern']}"


def _bound(value: Any, schema: Schema, root: Schema, path: _Path) -> Iterator[tuple[_Path, str]]:
    if _KINDS["number"](value) and value < schema["minimum"]:
        yield path, f"is {_shown(value)}, below {schema['minimum']}"


_RULES: Final = {
    "$ref": _reference,
    "type": _kind,
    "const": _one_of,
    "enum": _one_of,
    "anyOf": _any_of,
    "required": _members,
    "minProperties": _members,
    "properties": _members,
    "additionalProperties": _members,
    "items": _items,
    "minLength": _text,
    "pattern": _text,
    "minimum": _bound,
}


def _step(name: str | int) -> str:
    text = str(name)
    return text if re.fullmatch(r"\w{1,60}", text) else repr(text[:60])


def _shown(value: object) -> str:
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "an array"
    text = json.dumps(value)
    return text if len(text) <= 40 else f"{text[:36]} …"
