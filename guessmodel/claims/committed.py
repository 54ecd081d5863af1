"""Committed reports as they are read: JSON that fits the schema, and fits together."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, cast

from guessmodel.claims.report_format import (
    FORMAT,
    VERSION,
    Document,
    Labels,
    QuantityData,
)
from guessmodel.claims.schema import SchemaError, first_error, parsed
from guessmodel.errors import ModelError
from guessmodel.simulation.summary import RECORDED

__all__ = ["read_document", "read_quantities"]

_ANEW: Final = "write it anew with guessmodel report"


def read_document(path: Path, text: str | None = None) -> Document:
    """A report from its file, or from the text that the file had.

    Raises ModelError, naming the file and the place in it, where it departs from the schema or
    speaks of what it does not hold; OSError where there is no file.
    """
    found = _parsed(path, float, text)
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise ModelError(f"{path} is no report; delete it, or {_ANEW}")
    if found.get("version") != VERSION:
        raise ModelError(
            f"{path} has version {found.get('version')} of the format, not {VERSION}; {_ANEW}"
        )
    _check(path, found, _schema())
    document = cast(Document, found)
    wrong = next(_unknown(document), None)
    if wrong is None and document["model"] != path.stem:
        wrong = f"model is {document['model']!r}, not the name of the file"
    if wrong is not None:
        raise ModelError(f"{path}: {wrong}; {_ANEW}")
    return document


def read_quantities(path: Path, number: Callable[[str], float]) -> Mapping[str, QuantityData]:
    """The quantities of a report, or of what `guessmodel run --json` prints.

    `number` reads numbers with a point or an exponent. Errors are those of `read_document`.
    """
    document = _parsed(path, number)
    if not isinstance(document, dict) or not isinstance(document.get("quantities"), dict):
        raise ModelError(f"{path} is no report of guessmodel; {_ANEW}")
    _check(path, document, _of_quantities())
    found: Mapping[str, QuantityData] = document["quantities"]
    return found


@cache
def _schema() -> Mapping[str, Any]:
    # The schema lies in the room that writes reports; only this file of it is read.
    text = (files("guessmodel") / "report" / "schema.json").read_text(encoding="utf-8")
    schema: Mapping[str, Any] = json.loads(text)
    return schema


@cache
def _of_quantities() -> Mapping[str, Any]:
    """The part of the schema that drift is found from; other parts may be of another version."""
    parts = _schema()["$defs"]
    entry = {"type": "object", "properties": parts["quantity"]["properties"]}
    entry["required"] = ["unit", "dims", *RECORDED]
    return {
        "type": "object",
        "properties": {"quantities": {"type": "object", "additionalProperties": entry}},
        "$defs": parts,
    }


def _parsed(path: Path, number: Callable[[str], float], text: str | None = None) -> Any:
    try:
        return parsed(path.read_text(encoding="utf-8") if text is None else text, number)
    except FileNotFoundError:
        raise
    except json.JSONDecodeError as error:
        raise ModelError(f"{path}:{error.lineno}: no report, {error.msg}; {_ANEW}") from None
    except (OSError, UnicodeDecodeError, SchemaError) as error:
        raise ModelError(f"cannot read the report {path}: {error}; {_ANEW}") from None


def _check(path: Path, document: Mapping[str, Any], schema: Mapping[str, Any]) -> None:
    wrong = first_error(document, schema)
    if wrong is None:
        wrong = next(map(SchemaError, _uneven(document["quantities"])), None)
    if wrong is not None:
        raise ModelError(f"{path}: {wrong}; {_ANEW}")


# --- what a schema cannot say -------------------------------------------------------------------


def _uneven(quantities: Mapping[str, QuantityData]) -> Iterator[str]:
    """Statistics that do not stand at the labels of their quantity, or not all of them."""
    for name, entry in quantities.items():
        labels = [list(map(str, own)) for own in entry["dims"].values()]
        found: dict[str, set[tuple[str, ...]]] = {}
        for key in (*RECORDED, "probability", "guesstimate_interval"):
            where = f"quantities.{name}.{key}"
            leaf = "low" if key == "guesstimate_interval" else "value"
            leaves = list(_leaves(entry.get(key), labels, leaf))
            found[key] = {path for path, fits in leaves if fits}
            if key in entry and not all(fits for _, fits in leaves):
                yield f"{where} does not fit the labels of the quantity"
        needed = [] if "category" in entry["dims"] else ["p5", "p50", "p95"]
        if entry.get("indicator"):
            needed.append("probability")
        for key in needed:
            if found["mean"] - found[key]:
                yield f"quantities.{name}.{key} is not everywhere where there is a mean"


def _leaves(
    tree: Any, labels: list[list[str]], leaf: str
) -> Iterator[tuple[tuple[str, ...], bool]]:
    """Where a statistic is, and whether it is one there, and not something below other labels."""
    if not labels:
        if tree is not None:
            yield (), leaf in tree
    elif not isinstance(tree, dict) or not tree.keys() <= set(labels[0]):
        yield (), False
    else:
        for label, branch in tree.items():
            for path, fits in _leaves(branch, labels[1:], leaf):
                yield (label, *path), fits


def _unknown(document: Document) -> Iterator[str]:
    """Names and labels that a report speaks of and does not hold."""
    quantities = document["quantities"]

    def names(where: str, *given: str | None) -> Iterator[str]:
        for name in given:
            if name is not None and name not in quantities:
                yield f"{where} speaks of {name!r}, which is no quantity of it"

    def labels(where: str, name: str | None, given: Labels) -> Iterator[str]:
        if name is None:
            return
        dims = quantities[name]["dims"]
        for dim, label in given.items():
            if dim not in dims or label not in dims[dim]:
                yield f"{where}.labels speaks of {dim}={label!r}, which {name!r} does not have"

    yield from names("outputs", *document["outputs"])
    for name, entry in quantities.items():
        yield from names(f"quantities.{name}.depends_on", *entry["depends_on"])
        if same := entry.get("same_form_as"):
            yield from names(f"quantities.{name}.same_form_as", same["name"])
    about: tuple[tuple[str, str, Sequence[Mapping[str, Any]]], ...] = (
        ("claims", "name", document["claims"]),
        ("dependence", "output", document["dependence"]),
        ("drivers", "output", document.get("drivers", [])),
    )
    for section, key, entries in about:
        for i, given in enumerate(entries):
            yield from names(f"{section}.{i}.{key}", given[key])
            yield from labels(f"{section}.{i}", given[key], given["labels"])
    for i, matrix in enumerate(document.get("correlations", [])):
        yield from names(f"correlations.{i}.names", *(n.partition("[")[0] for n in matrix["names"]))
        if {len(matrix["names"])} != {len(matrix["values"]), *map(len, matrix["values"])}:
            yield f"correlations.{i}.values is no square of its names"
    for i, picture in enumerate(document["pictures"]):
        yield from names(f"pictures.{i}.quantity", picture["quantity"])
        if Path(picture["file"]).parent != Path(document["model"]):
            yield f"pictures.{i}.file is not in the folder {document['model']}"
