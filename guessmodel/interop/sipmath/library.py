"""What a SIPmath 3.0 library says: its variables, and the correlations of their normal scores."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, final

import numpy as np

from guessmodel.errors import ModelError, did_you_mean
from guessmodel.escaping import is_harmless, shown_line
from guessmodel.graph.values import is_number
from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.correlation_matrix import factor

__all__ = ["MOST_BYTES", "Library", "Variable", "read_library"]

MOST_BYTES: Final = 20_000_000
"""Larger libraries are not read."""
MOST_VARIABLES: Final = 2000
_MOST_JOINED: Final = 500
"""Nor are those in which more variables are joined."""
MOST_TERMS: Final = 32
MOST_VALUES: Final = 1_000_000
_SHOWN: Final = 60


@final
@dataclass(frozen=True, slots=True, eq=False)
class Variable:
    """A variable: a metalog, a table of values with their cumulative probabilities, or samples."""

    name: str
    metadata: Mapping[str, Any]
    coefficients: tuple[float, ...] = ()
    bounds: Mapping[str, float] | None = None
    table: tuple[tuple[float, float], ...] = ()
    samples: tuple[float, ...] = ()
    rounded: bool = False
    source: str = ""  # what its samples are counted by: those with the same stay together
    weights: Mapping[str, float] | None = None  # of independent normal scores

    @property
    def text(self) -> str:
        """The variable's description, where the library has one."""
        found = self.metadata.get("description")
        return found if isinstance(found, str) else ""


@final
@dataclass(frozen=True, slots=True, eq=False)
class Library:
    """Variables, and where they are from."""

    name: str
    provenance: str
    variables: tuple[Variable, ...]

    def scores(self) -> FloatArray:
        """The correlations of the normal scores of all variables but samples."""
        rows = [variable.weights or {} for variable in self.variables]
        places = {key: k for k, key in enumerate(dict.fromkeys(key for row in rows for key in row))}
        weights = np.zeros((len(rows), len(places)))
        for i, row in enumerate(rows):
            for key, weight in row.items():
                weights[i, places[key]] = weight
        found = np.clip(weights @ weights.T, -1.0, 1.0)
        np.fill_diagonal(found, 1.0)
        return np.asarray(np.where(np.abs(np.abs(found) - 1.0) < 1e-12, np.rint(found), found))


def read_library(data: bytes | Mapping[str, Any], chosen: Sequence[str] | None = None) -> Library:
    """A library from its bytes, or as `json.load` gives it; all variables or those chosen.

    Raises ModelError for what is no library, and for all variables at once that cannot be drawn.
    """
    whole = data if isinstance(data, Mapping) else _parsed(data)
    if "sips" not in whole:
        raise ModelError("there is no 'sips' in it, as SIPmath 3.0 libraries have")
    listed = [each for each in _list(whole, "sips") if "environment" not in each]
    if len(listed) > MOST_VARIABLES:
        raise ModelError(f"it has {len(listed):,} variables; up to {MOST_VARIABLES:,} are read")
    wanted = _wanted(listed, chosen)
    generators = _part(whole, "U01")
    sources = _Sources(
        {_name(each): each for each in _list(generators, "rng")},
        {_name(each): each for each in _list(generators, "copula")},
        {_name(each): each.get("value") for each in _list(whole, "globalVariables")},
    )
    found, refused = [], []
    for each in wanted:
        try:
            found.append(_variable(each, sources))
        except ModelError as error:
            refused.append(f"'{_name(each)}': {error.message}")
    if refused:
        raise ModelError("; ".join(refused[:3]) + ("; …" if len(refused) > 3 else ""))
    joined = sum(len(variable.weights or {}) > 1 for variable in found)
    if joined > _MOST_JOINED:
        raise ModelError(f"it joins {joined:,} variables; up to {_MOST_JOINED:,} are read")
    if sum(len(v.samples) + len(v.table) for v in found) > MOST_VALUES:
        raise ModelError(f"it has more than {MOST_VALUES:,} samples; up to these are read")
    return Library(_text(whole, "name"), _text(whole, "provenance"), tuple(found))


def _parsed(data: bytes) -> Mapping[str, Any]:
    try:
        whole = json.loads(data.decode("utf-8-sig"))
    except RecursionError:
        raise ModelError("it is nested too deeply to be read") from None
    except ValueError as error:
        told = str(error).partition("\n")[0]
        raise ModelError(f"it is no JSON: {told}") from None
    if not isinstance(whole, Mapping):
        raise ModelError("it is no SIPmath 3.0 library: its JSON is no object")
    return whole


# --- pieces of JSON -------------------------------------------------------------------------------


def _list(whole: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    found = whole.get(key, [])
    if not isinstance(found, list) or not all(isinstance(each, Mapping) for each in found):
        raise ModelError(f"'{key}' is no list of objects")
    return found


def _part(whole: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = whole.get(key, {})
    if not isinstance(found, Mapping):
        raise ModelError(f"'{key}' is no object")
    return found


def _text(whole: Mapping[str, Any], key: str) -> str:
    found = whole.get(key, "")
    return found if isinstance(found, str) else ""


def _name(each: Mapping[str, Any]) -> str:
    found = each.get("name")
    if not isinstance(found, str) or not found or not is_harmless(found):
        raise ModelError(f"{shown_line(repr(found))[:_SHOWN]} cannot be a name")
    return found


def _wanted(
    listed: Sequence[Mapping[str, Any]], chosen: Sequence[str] | None
) -> list[Mapping[str, Any]]:
    names = [_name(each) for each in listed]
    if len(set(names)) < len(names):
        twice = next(name for i, name in enumerate(names) if name in names[:i])
        raise ModelError(f"two variables are called '{twice}'")
    if not names:
        raise ModelError("it has no variables")
    if chosen is None:
        return list(listed)
    for name in chosen:
        if name not in names:
            hint = did_you_mean(name, names) or f"; there are {', '.join(names[:8])}"
            raise ModelError(f"there is no variable '{name}'{hint}")
    return [listed[names.index(name)] for name in chosen]


def _numbers(values: Any, what: str, most: int) -> tuple[float, ...]:
    if not isinstance(values, list) or not values or not all(map(is_number, values)):
        raise ModelError(f"{what} are no list of numbers")
    if len(values) > most:
        raise ModelError(f"there are {len(values):,} {what}; up to {most:,} are read")
    try:
        found = tuple(map(float, values))
    except OverflowError:
        found = (math.inf,)
    if not all(map(math.isfinite, found)):
        raise ModelError(f"{what} are not all finite")
    return found


# --- variables ------------------------------------------------------------------------------------


def _variable(each: Mapping[str, Any], sources: _Sources) -> Variable:
    arguments, metadata = _part(each, "arguments"), _part(each, "metadata")
    ref, function = _part(each, "ref"), _text(each, "function")
    made: dict[str, Any] = {"name": _name(each), "metadata": metadata}
    if each.get("rounding") is not None:
        if each["rounding"] != "nearest":
            raise ModelError(f"it is rounded by {str(each['rounding'])[:_SHOWN]!r}, not 'nearest'")
        made["rounded"] = True
    match function:
        case "Metalog_1_0":
            made["coefficients"] = _numbers(
                arguments.get("aCoefficients"), "coefficients", MOST_TERMS
            )
            ends = {"lower": "lowerBound", "upper": "upperBound"}
            made["bounds"] = {
                key: _numbers([arguments[end]], "bounds", 1)[0]
                for key, end in ends.items()
                if arguments.get(end) not in (None, "")
            }
        case "Lookup_Table":
            made["table"] = _table(arguments.get("value"))
        case "SIP_Array":
            if arguments.get("type") != "array":
                raise ModelError("its samples are not in the library; read them by gm.empirical")
            made["samples"] = _numbers(arguments.get("value"), "samples", MOST_VALUES)
            return Variable(**made, source=json.dumps(ref, sort_keys=True))
        case _:
            raise ModelError(f"the function {function[:_SHOWN]!r} is not known")
    return Variable(**made, weights=sources.weights(ref))


def _table(rows: Any) -> tuple[tuple[float, float], ...]:
    if not isinstance(rows, list):
        raise ModelError("its table is no list")
    found: list[tuple[float, float]] = []
    for row in rows:
        pair = _numbers(row, "rows of its table", 2)
        if len(pair) != 2:
            raise ModelError("a row of its table is no pair of probability and value")
        found.append((pair[0], pair[1]))
    reached = [probability for probability, _ in found]
    if not found or reached != sorted(reached) or not 0.0 <= reached[0] <= 1.0 == reached[-1]:
        raise ModelError("the probabilities of its table do not increase to 1")
    return tuple(found)


@final
@dataclass(frozen=True, slots=True, eq=False)
class _Sources:
    """Where variables get their random numbers from."""

    generators: Mapping[str, Mapping[str, Any]]
    copulas: Mapping[str, Mapping[str, Any]]
    values: Mapping[str, Any]
    factors: dict[str, FloatArray] = field(default_factory=dict)  # of copulas that were asked for

    def weights(self, ref: Mapping[str, Any]) -> dict[str, float]:
        """A variable's normal score as a sum of those of independent generators."""
        name = _text(ref, "name")
        if ref.get("source") == "rng":
            return {self._generator(name): 1.0}
        if ref.get("source") != "copula" or name not in self.copulas:
            raise ModelError(f"its source {name[:_SHOWN]!r} is not in the library")
        copula = self.copulas[name]
        if copula.get("function") != "GaussianCopula":
            raise ModelError(f"the copula {name!r} is none that is known, which is GaussianCopula")
        layers, names = copula.get("copulaLayer"), _part(copula, "arguments").get("rng")
        layer = ref.get("copulaLayer")
        if not isinstance(layers, list) or not isinstance(names, list) or layer not in layers:
            raise ModelError(f"the copula {name!r} has no layer {str(layer)[:_SHOWN]!r}")
        if name not in self.factors:
            self.factors[name] = self._factor(name, len(layers))
        lower = self.factors[name]
        row = lower[layers.index(layer)]
        if len(names) != len(layers):
            raise ModelError(f"the copula {name!r} has other numbers of layers and of generators")
        found: dict[str, float] = {}
        for generator, weight in zip(names, row.tolist(), strict=True):
            if weight:
                key = self._generator(str(generator))
                found[key] = found.get(key, 0.0) + weight
        return found

    def _generator(self, name: str) -> str:
        """What tells a generator from others: its arguments, not what it is called."""
        if name not in self.generators:
            raise ModelError(f"there is no generator {name[:_SHOWN]!r}")
        made = self.generators[name]
        return json.dumps([made.get("function"), made.get("arguments")], sort_keys=True)

    def _factor(self, name: str, size: int) -> FloatArray:
        stated = _part(_part(self.copulas[name], "arguments"), "correlationMatrix")
        value = self.values.get(str(stated.get("value")))
        if not isinstance(value, Mapping):
            raise ModelError(f"the copula {name!r} has no matrix of correlations")
        if size > _MOST_JOINED:
            raise ModelError(f"its copula joins {size:,}; up to {_MOST_JOINED:,} are read")
        entries = _list(value, "matrix")
        columns = value.get("columns")
        if not isinstance(columns, list):
            columns = list(dict.fromkeys(str(entry.get("row")) for entry in entries))
        places = {str(column): k for k, column in enumerate(columns)}
        if len(places) != size:
            raise ModelError(f"the matrix of {name!r} has {len(places)} columns for {size} layers")
        matrix = np.eye(size)
        for entry in entries:
            i, j = places.get(str(entry.get("row"))), places.get(str(entry.get("col")))
            number: Any = entry.get("value")
            if i is None or j is None or not is_number(number) or not -1.0 <= number <= 1.0:
                raise ModelError(f"the matrix of {name!r} has an entry that is no correlation")
            if i != j:
                matrix[i, j] = matrix[j, i] = float(number)
        lower = factor(matrix)
        if lower is None:
            raise ModelError(f"no variables have the correlations of {name!r} together")
        return lower
