"""A run as a SIPmath 3.0 library: a metalog for each quantity, a Gaussian copula for all.

Its tools make the random numbers from `entity` and `varId` of each variable (D. W. Hubbard's
counter-based generator, HDR 2.0); the number comes from the variable's name, so that libraries of
other versions of a model have the same random numbers.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, Final

import numpy as np

from guessmodel.distributions.empirical import Empirical
from guessmodel.distributions.metalog_family import Metalog
from guessmodel.errors import UsageError
from guessmodel.escaping import shown_line
from guessmodel.files import replace_file
from guessmodel.graph.traversal import variates
from guessmodel.interop.exported import Exported, Stated
from guessmodel.interop.sipmath.fitting import Fit, fitted
from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.rank_correlation import CONTINUOUS, Steps, rank_at, solved
from guessmodel.simulation import Result, Simulation
from guessmodel.simulation.datasets import run_attributes
from guessmodel.version import __version__

__all__ = ["write_sipmath"]

_MOST: Final = 500
_LEAST: Final = 1e-6
"""Eigenvalue of the matrix of correlations that is written: its readers take Cholesky factors."""
_ROUNDING: Final = 1e-12
_LAST_ID: Final = 10_000_000
_METALOG: Final = "Metalog_1_0"
_TABLE: Final = "Lookup_Table"
_DENSITY: Final = 25


def write_sipmath(simulation: Simulation, path: Path) -> Exported:
    """Write the quantities of a run, each label by itself, to a SIPmath library.

    Raises UsageError where draws were not kept, for more than 500 variables, and where none can be
    said.
    """
    pieces = [
        piece
        for result in simulation.results()
        for piece in (result.by_label.values() if result.dims else [result])
    ]
    if len(pieces) > _MOST:
        raise UsageError(
            f"a SIPmath library takes up to {_MOST} variables, and there are {len(pieces):,}; name "
            "some of them"
        )
    kept, left_out = [], []
    for piece in pieces:
        if piece.quantity.categories:
            left_out.append(f"{piece.name}, whose values are categories")
        elif not np.all(finite := np.isfinite(piece.values)):
            why = "has draws that are not finite" if finite.any() else "is not applicable"
            left_out.append(f"{piece.name}, which {why}")
        else:
            kept.append(piece)
    if not kept:
        raise UsageError(f"a SIPmath library cannot hold {'; nor '.join(left_out)}")
    fits = [fitted(piece.values, _support(piece)) for piece in kept]
    ranks = _ranks(kept)
    scores, missed = _scores(kept, ranks)
    most_off = max(missed, key=lambda pair: missed[pair]) if missed else ()
    library = _library(simulation, path.stem, kept, fits, scores)
    replace_file(path, json.dumps(library, allow_nan=False, indent=1) + "\n")
    names = tuple(piece.name for piece in kept)
    stated = tuple(_stated(name, fit) for name, fit in zip(names, fits, strict=True))
    return Exported(
        str(path),
        "sip",
        simulation.run.samples,
        names,
        stated,
        max(missed.values(), default=None),
        most_off,
        tuple(left_out),
    )


def _stated(name: str, fit: Fit) -> Stated:
    if fit.table:
        return Stated(name, _TABLE, len(fit.table), fit.error)
    return Stated(name, _METALOG, len(fit.coefficients), fit.error)


def _support(piece: Result) -> tuple[float, float]:
    """The ends of what a quantity can be, where its distribution is known."""
    closed = piece.closed
    if closed is None or closed.family is None:
        return -math.inf, math.inf
    with np.errstate(all="ignore"):
        ends = [float(end) for end in closed.family.support(*closed.parameters)]
    low, high = sorted(closed.shift + closed.scale * end for end in ends)
    return low, high


# --- correlations ---------------------------------------------------------------------------------


def _ranks(pieces: Sequence[Result]) -> FloatArray:
    """Spearman's correlations by mid-ranks; exactly 0 of quantities that have no draw in common."""
    standard = np.zeros((len(pieces), pieces[0].values.size))
    for row, piece in zip(standard, pieces, strict=True):
        _, group, counts = np.unique(piece.values, return_inverse=True, return_counts=True)
        middle = np.cumsum(counts) - 0.5 * counts
        ranks = middle[group] - 0.5 * group.size
        row[:] = ranks / max(math.sqrt(float(ranks @ ranks)), 1.0)
    found = np.clip(standard @ standard.T, -1.0, 1.0)
    draws = [variates([piece.quantity]) for piece in pieces]
    for i, j in combinations(range(len(pieces)), 2):
        if draws[i].isdisjoint(draws[j]):
            found[i, j] = found[j, i] = 0.0
    return np.asarray(found)


def _scores(
    pieces: Sequence[Result], ranks: FloatArray
) -> tuple[FloatArray, dict[tuple[str, str], float]]:
    """The correlations of normal scores that give rank correlations, and by how much each of these
    is missed: where no draws have all of them together, near ones are taken that some have."""
    size = len(pieces)
    steps = [_steps(piece.values) for piece in pieces]
    found = np.eye(size)
    pairs = [pair for pair in combinations(range(size), 2) if ranks[pair] != 0.0]
    for i, j in pairs:
        rank = float(ranks[i, j])
        score = solved(rank, steps[i], steps[j])  # None: as close as can be
        found[i, j] = found[j, i] = math.copysign(1.0, rank) if score is None else score
    values, vectors = np.linalg.eigh(found)
    if values[0] < _LEAST:
        # Half of it is lost again where the diagonal is made 1.
        found = (vectors * np.maximum(values, 2.0 * _LEAST)) @ vectors.T
        scale = np.sqrt(np.diag(found))
        found = found / scale / scale[:, np.newaxis]
        found = np.clip(np.where(np.abs(found) < _ROUNDING, 0.0, found), -1.0, 1.0)
        np.fill_diagonal(found, 1.0)
    missed = {}
    for i, j in combinations(range(size), 2):
        if found[i, j] != 0.0:
            rank = rank_at(float(found[i, j]), steps[i], steps[j])
            missed[pieces[i].name, pieces[j].name] = abs(rank - float(ranks[i, j]))
    return found, missed


def _steps(values: FloatArray) -> Steps:
    different = np.unique(values).size
    if 2 * different > values.size:
        return CONTINUOUS
    family = Empirical.of(values, np.ones(values.size))
    return Steps.of(family.ppf, family.cdf)


# --- the library ----------------------------------------------------------------------------------


def _library(
    simulation: Simulation,
    title: str,
    pieces: Sequence[Result],
    fits: Sequence[Fit],
    scores: FloatArray,
) -> dict[str, Any]:
    names, run = [piece.name for piece in pieces], simulation.run
    generators: dict[str, Any] = {"rng": _generators(names)}
    refs: list[dict[str, Any]] = [
        {"source": "rng", "name": f"hdr{k}"} for k in range(1, len(names) + 1)
    ]
    whole: dict[str, Any] = {
        "name": shown_line(title),
        "objectType": "sipModel",
        "libraryType": "SIPmath_3_0",
        "dateCreated": _today(),
        "provenance": f"guessmodel {__version__}, {simulation.model.title}: {run.heading}",
        "guessmodel": {**run_attributes(simulation.model, run), "samples": run.samples},
        "version": "1",
    }
    joined = np.flatnonzero((scores - np.eye(len(names))).any(axis=1)).tolist()
    if joined:
        whole["globalVariables"] = [_matrix(names, joined, scores)]
        generators["copula"] = [_copula(joined)]
        for k in joined:
            refs[k] = {"source": "copula", "name": "Gaussian", "copulaLayer": f"c{k + 1}"}
    whole["U01"] = generators
    whole["sips"] = [
        _sip(simulation, piece, fit, ref)
        for piece, fit, ref in zip(pieces, fits, refs, strict=True)
    ]
    return whole


def _generators(names: Sequence[str]) -> list[dict[str, Any]]:
    """The random numbers of the quantities, whose seeds their names tell."""
    numbers = _numbers(names)
    return [
        {
            "name": f"hdr{k}",
            "function": "HDR_2_0",
            "arguments": {
                "counter": "PM_Index",
                "entity": 1,
                "varId": numbers[name],
                "seed3": 0,
                "seed4": 0,
            },
        }
        for k, name in enumerate(names, 1)
    ]


def _matrix(names: Sequence[str], joined: Sequence[int], scores: FloatArray) -> dict[str, Any]:
    """The correlations of those that are correlated."""
    own = [names[k] for k in joined]
    rows = [
        {"row": names[i], "col": names[j], "value": float(scores[i, j])}
        for i in joined
        for j in joined
    ]
    return {
        "name": "correlationMatrix",
        "value": {"columns": own, "rows": own, "matrix": rows},
    }


def _copula(joined: Sequence[int]) -> dict[str, Any]:
    """The copula of those that are correlated, over their random numbers."""
    return {
        "name": "Gaussian",
        "function": "GaussianCopula",
        "arguments": {
            "correlationMatrix": {"type": "globalVariables", "value": "correlationMatrix"},
            "rng": [f"hdr{k + 1}" for k in joined],
        },
        "copulaLayer": [f"c{k + 1}" for k in joined],
    }


def _sip(simulation: Simulation, piece: Result, fit: Fit, ref: Mapping[str, Any]) -> dict[str, Any]:
    low, middle, high = (estimate.value for estimate in piece.quantiles(0.05, 0.5, 0.95))
    mean = piece.mean().value
    metadata: dict[str, Any] = {
        "units": piece.unit,
        "description": simulation.model.doc_of(piece.key) or "",
        "count": piece.values.size,
        "mean": mean if math.isfinite(mean) else None,
        "P5": low,
        "P50": middle,
        "P95": high,
        "fitError": fit.error,
    }
    sip: dict[str, Any] = {"name": piece.name, "ref": ref}
    if fit.table:
        sip |= {"function": _TABLE, "arguments": {"value": [list(row) for row in fit.table]}}
    else:
        bounds = fit.bounds or {}
        ends = {f"{key}Bound": value for key, value in bounds.items()}
        sip["function"] = _METALOG
        sip["arguments"] = {**ends, "aCoefficients": list(fit.coefficients)}
        if fit.rounded:
            sip["rounding"] = "nearest"
        metadata["density"] = _density(fit, bounds)
    return {**sip, "metadata": metadata}


def _density(fit: Fit, bounds: Mapping[str, float]) -> list[float]:
    """Densities at equal steps from the 1st to the 999th per mille, as the format's pictures take
    them."""
    family, parameters = (
        Metalog(len(fit.coefficients), tuple(bounds)),
        (*fit.coefficients, *bounds.values()),
    )
    low, high = family.ppf(np.array([0.001, 0.999]), *parameters)
    found = family.pdf(np.linspace(low, high, _DENSITY), *parameters)
    return [float(x) for x in np.nan_to_num(found, posinf=0.0)]


def _numbers(names: Sequence[str]) -> dict[str, int]:
    """A number for each name, from the name alone; where two would have the same the next."""
    found: dict[str, int] = {}
    for name in names:
        digest = hashlib.sha256(name.encode()).digest()
        number = int.from_bytes(digest[:8], "big") % _LAST_ID
        while number + 1 in found.values():
            number = (number + 1) % _LAST_ID
        found[name] = number + 1
    return found


def _today() -> str:
    from datetime import date

    return date.today().strftime("%m-%d-%Y")
