"""Variables of a SIPmath 3.0 library as draws: its distributions, our random numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any, Final, Unpack

import numpy as np

from guessmodel import units
from guessmodel.distributions.correlate import correlated_by_scores
from guessmodel.distributions.data_columns import placed
from guessmodel.distributions.empirical import empirical
from guessmodel.distributions.metalog import metalog
from guessmodel.distributions.options import TextOptions, constructor
from guessmodel.errors import (
    GuessmodelError,
    Location,
    ModelError,
    UnitError,
    WrongKind,
    caller,
    located,
)
from guessmodel.graph.dims import Labels
from guessmodel.graph.functions import round as rounded
from guessmodel.graph.quantity import Quantity
from guessmodel.interop.sipmath.library import MOST_BYTES, Library, Variable, read_library
from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.correlation_matrix import factor
from guessmodel.options import refuse_unknown
from guessmodel.units import Unit

__all__ = ["from_sipmath"]

_WHO: Final = "from_sipmath"


@constructor(TextOptions)
def from_sipmath(
    data: str | PathLike[str] | Mapping[str, Any],
    unit: str | Unit | Mapping[str, str | Unit] | None = None,
    *,
    variables: Sequence[str] | None = None,
    dim: Labels | None = None,
    **options: Unpack[TextOptions],
) -> dict[str, Quantity]:
    """The variables of a SIPmath 3.0 library: metalogs, tables of values and arrays of samples,
    joined by its Gaussian copula.

    Random numbers are those of the names that they get here, not those of the library's generator;
    variables on one generator stay tied to each other, as samples stay row by row.

    Parameters
    ----------
    data : path of a library, from the folder of the file that names it, or what `json.load` makes
        of one
    unit : one unit, or one a variable; by default that of `units` in a variable's metadata, as
        `simulation.export("model.SIPmath")` writes it
    variables : some of the variables, by default all
    dim : `{"month": range(1, 13)}` draws anew at each label

    Raises
    ------
    ModelError
        For what is no library, for variables that it does not have, for functions other than
        Metalog_1_0, Lookup_Table and SIP_Array (with its samples in the library) and for copulas
        other than Gaussian, and for more than 2,000 variables, or 500 that are joined.

    >>> library = {
    ...     "sips": [
    ...         {
    ...             "name": "demand",
    ...             "ref": {"source": "rng", "name": "hdr1"},
    ...             "function": "Metalog_1_0",
    ...             "arguments": {"aCoefficients": [40, 5, 1]},
    ...         }
    ...     ],
    ...     "U01": {"rng": [{"name": "hdr1", "function": "HDR_2_0", "arguments": {"varId": 7}}]},
    ... }
    >>> print(from_sipmath(library, "kg")["demand"].sample(64).median())
    40 kg
    """
    where = caller()
    try:
        refuse_unknown(_WHO, options)
        library = _read(data, variables, where)
        targets = _units(unit, library)
        made: dict[str, Quantity] = {}
        for group in _groups(library):
            made |= _drawn(group, targets, dim, options)
        finished = {**made, **_joined(library, made, where)}
        return {
            each.name: rounded(finished[each.name]) if each.rounded else finished[each.name]
            for each in library.variables
        }
    except GuessmodelError as error:
        raise located(error, where) from None


def _read(data: Any, variables: Any, where: Location) -> Library:
    if variables is not None and (
        isinstance(variables, str) or not isinstance(variables, Sequence) or not variables
    ):
        raise WrongKind(f"{_WHO}: variables={variables!r}; write a list of names, ['demand']")
    source: bytes | Mapping[str, Any]
    if isinstance(data, Mapping):
        source, what = data, "the library"
    elif isinstance(data, str | PathLike):
        path = placed(Path(data), where, _WHO, MOST_BYTES)
        what = str(path)
        try:
            source = path.read_bytes()
        except OSError as error:
            raise ModelError(f"{_WHO}: cannot read {path}: {error.strerror}") from None
    else:
        raise WrongKind(f"{_WHO} takes the path of a library, not a {type(data).__name__}")
    try:
        return read_library(source, variables)
    except ModelError as error:
        raise ModelError(f"{_WHO}: cannot read {what}: {error.message}") from None


def _groups(library: Library) -> list[list[Variable]]:
    """Variables that are made by one call: samples that stay together, and each other by itself."""
    found: dict[object, list[Variable]] = {}
    for each in library.variables:
        found.setdefault((each.source, len(each.samples)) if each.samples else each, []).append(
            each
        )
    return list(found.values())


def _units(unit: Any, library: Library) -> dict[str, Unit]:
    names = [each.name for each in library.variables]
    if isinstance(unit, Mapping):
        unknown = [key for key in unit if key not in names]
        if unknown:
            raise ModelError(f"{_WHO}: a unit for '{unknown[0]}', which is no variable")
    found = {}
    for each in library.variables:
        stated = each.metadata.get("units")
        given = unit.get(each.name) if isinstance(unit, Mapping) else unit
        if given is None and isinstance(stated, str):
            try:
                found[each.name] = units.parse(stated)
            except GuessmodelError:
                raise UnitError(
                    f"{_WHO}: '{each.name}' is in the unit {stated!r}, which is unknown; write "
                    f"unit={{'{each.name}': …}}"
                ) from None
        else:
            found[each.name] = units.parse(given)
    return found


def _drawn(
    group: Sequence[Variable],
    targets: Mapping[str, Unit],
    dim: Labels | None,
    options: TextOptions,
) -> dict[str, Quantity]:
    first = group[0]
    title = options.get("name")
    own: Any = {**options, "doc": options.get("doc") or first.text or None}
    if title is not None:
        own["name"] = f"{title}[{first.name}]"
    try:
        if first.samples:
            columns = {each.name: each.samples for each in group}
            kinds = {name: targets[name] for name in columns}
            return empirical(columns, kinds, dim=dim, **{**options, "doc": own["doc"]})
        unit = targets[first.name]
        if first.table:
            reached, values = zip(*first.table, strict=True)
            shares = np.diff(np.array(reached), prepend=0.0)
            made: Quantity = empirical(list(values), unit, weights=shares, dim=dim, **own)
        else:
            own |= first.bounds or {}
            made = metalog(unit, coefficients=first.coefficients, dim=dim, **own)
        return {first.name: made}
    except GuessmodelError as error:
        raise ModelError(f"{_WHO}: '{first.name}': {error.message}") from None


# --- what is joined -------------------------------------------------------------------------------


def _joined(library: Library, made: Mapping[str, Quantity], where: Location) -> dict[str, Quantity]:
    found: dict[str, Quantity] = {}
    for names, scores in _joined_groups(library):
        lower = factor(scores)
        if lower is None:  # by rounding alone, as each copula has been factored
            raise ModelError(f"{_WHO}: no variables have these correlations together")
        found |= correlated_by_scores({name: made[name] for name in names}, lower, where)
    return found


def _joined_groups(library: Library) -> list[tuple[list[str], FloatArray]]:
    """Names of variables that are joined to each other, and the correlations of their scores."""
    scores = library.scores()
    left = {k for k, each in enumerate(library.variables) if each.weights}
    found = []
    while left:
        group, frontier = set(), [min(left)]
        while frontier:
            k = frontier.pop()
            if k in left:
                left.discard(k)
                group.add(k)
                frontier.extend(np.flatnonzero(scores[k]).tolist())
        if len(group) > 1:
            members = sorted(group)
            names = [library.variables[k].name for k in members]
            found.append((names, scores[np.ix_(members, members)]))
    return found
