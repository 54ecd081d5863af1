"""Shares of the variance of an output that are known exactly: where it is made of parts that share
no draw, the mean of each part given some inputs is known, and so is the variance of the whole.

The share of some inputs alone is V(E[Y | them]) / V(Y), their closed index; what stays if all
others become known is 1 less the closed index of the others (Saltelli and others 2008).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import final

import numpy as np

from guessmodel.analysis.inputs import Input
from guessmodel.estimators.by_parts.cases import Knowing
from guessmodel.estimators.estimate import Estimate
from guessmodel.estimators.program import program_of
from guessmodel.graph.coordinates import Element
from guessmodel.graph.dims import Dim
from guessmodel.graph.naming import coordinate_keys
from guessmodel.model.model import Model
from guessmodel.numerics.arrays import FloatArray

__all__ = ["ExactShares", "variates_of"]

_ROUNDING = 1e-12


@final
@dataclass(frozen=True, slots=True)
class ExactShares:
    """Shares of parts by their keys, alone and in all. A part is one input, or some together."""

    alone: Mapping[frozenset[str], Estimate]
    in_all: Mapping[frozenset[str], Estimate]

    @staticmethod
    def of(
        model: Model,
        element: Element,
        behind: Sequence[Input],
        parts: Sequence[Sequence[Input]],
    ) -> ExactShares | None:
        """The shares of each input behind a quantity at a coordinate, and of each part; None where
        they are not known."""
        bits = variates_of(model, element)
        if any(one.key not in bits for one in behind):
            return None
        asked = dict.fromkeys(
            frozenset(one.key for one in part if one.key in bits)
            for part in [*([one] for one in behind), *parts]
        )
        sets = [sum(bits[key] for key in part) for part in asked]
        whole = sum(bits.values())
        found = _closed_indices(model, element, [whole, *sets, *(whole & ~each for each in sets)])
        if found is None:
            return None
        alone = [_share(float(share)) for share in found[: len(sets)]]
        in_all = [_share(1.0 - float(share)) for share in found[len(sets) :]]
        return ExactShares(
            dict(zip(asked, alone, strict=True)), dict(zip(asked, in_all, strict=True))
        )


def variates_of(model: Model, element: Element) -> dict[str, int]:
    """The variates behind a quantity at a coordinate, as bits, by the keys of the inputs."""
    program = program_of(model)
    whole = program.parts.draws.behind(element)
    bits: dict[str, int] = {}
    for variate, number in program.parts.draws.numbers.items():
        if whole >> number & 1:
            own = tuple(
                Dim(dim.name, (dim.labels[i],))
                for dim, i in zip(variate.node.dims, variate.position, strict=True)
            )
            (key,) = coordinate_keys(program.keys[variate.node], own)
            bits[key] = bits.get(key, 0) | 1 << number
    return bits


def _closed_indices(model: Model, element: Element, sets: Sequence[int]) -> FloatArray | None:
    """For each set of variates but the first, which is all of them, V(E[Y | these]) / V(Y)."""
    size = sets[0].bit_length() // 8 + 1
    rows = np.frombuffer(b"".join(each.to_bytes(size, "little") for each in sets), np.uint8)
    columns = np.unpackbits(rows.reshape(len(sets), size), axis=1, bitorder="little").T
    cases = Knowing({1 << k: column.astype(np.float64) for k, column in enumerate(columns)})
    found = program_of(model).parts.supposing(element, cases, len(sets))
    if found is None:
        return None
    variance = np.broadcast_to(found.second, len(sets))
    return variance[1:] / variance[0] if variance[0] > 0.0 else None


def _share(value: float) -> Estimate:
    return Estimate.exact(0.0 if abs(value) < _ROUNDING else min(max(value, 0.0), 1.0))
