"""Which draw to integrate out of an output, and the draws of all the others.

The candidates are compared on few draws by the variance that is left in their conditional shares;
the best one is then run on a net of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from guessmodel.chains import Chain, Place, find_chains
from guessmodel.conditional import Smooth, smooth
from guessmodel.distributions.family import Family
from guessmodel.engine.plan import compile_plan
from guessmodel.engine.run import run_plan
from guessmodel.operations import FloatArray
from guessmodel.quantity import Constant, Draw, Quantity
from guessmodel.sampling import design

if TYPE_CHECKING:
    from guessmodel.model import Model
    from guessmodel.simulation import Run

__all__ = ["best_smooth"]

_TRIAL = 512  # draws in all on which candidates are compared
_CANDIDATES = 24
_FULL = 1 << 12  # draws per replicate up to which the estimator uses as many as the run
_SHARE = 8  # beyond, one in so many: its error is far below that of order statistics by then


def best_smooth(
    model: Model,
    run: Run,
    quantity: Quantity,
    position: tuple[int, ...],
    threshold: float,
) -> Smooth | None:
    """The smooth CDF of a quantity at a coordinate that leaves the least variance at a threshold;
    None where no draw qualifies."""
    chains = find_chains(quantity, position)[:_CANDIDATES]
    if not chains:
        return None
    if len(chains) > 1:
        chains = _ranked(model, run, chains, threshold)
    if not chains:
        return None
    size = run.size if run.size <= _FULL else max(_FULL, run.size // _SHARE)
    return _build(model, run, chains[:1], run.replicates * size)[0]


def _ranked(model: Model, run: Run, chains: Sequence[Chain], threshold: float) -> list[Chain]:
    found: list[tuple[float, int, Chain]] = []
    for chain, candidate in zip(chains, _build(model, run, chains, _TRIAL), strict=True):
        if candidate is None:
            continue
        if candidate.comparison is None:
            shares = candidate.shares(threshold)
        else:
            shares = candidate.shares(candidate.comparison[0], less=candidate.comparison[1])
        left = float(np.var(shares))
        if np.isfinite(left):
            found.append((left, len(found), chain))
    return [chain for _, _, chain in sorted(found)]


def _build(model: Model, run: Run, chains: Sequence[Chain], n: int) -> list[Smooth | None]:
    """Draw what the chains need beside their own draws, and build their CDFs."""
    nodes = dict.fromkeys(place.node for chain in chains for place in chain.others)
    drawn = {
        f"{number}": node
        for number, node in enumerate(nodes)
        if not isinstance(node.operation, Constant)
    }
    arrays: dict[Quantity, FloatArray] = {}
    points = design(run.method, n, run.seed, ())
    if drawn:
        plan = compile_plan(drawn, model.keys, model.absorbed)
        points = design(run.method, n, run.seed, plan.streams, ordered=True)
        draws, _ = run_plan(plan, points)
        arrays = {node: draws[name] for name, node in drawn.items()}
    values = _reader(arrays)
    return [
        smooth(chain, _family(chain, model.absorbed), values, points.replicates, points.size)
        for chain in chains
    ]


def _reader(arrays: Mapping[Quantity, FloatArray]) -> Callable[[Place], FloatArray]:
    def values(place: Place) -> FloatArray:
        operation = place.node.operation
        if isinstance(operation, Constant):
            return np.atleast_1d(operation.value[place.position])
        draws: FloatArray = arrays[place.node][place.position]
        return draws

    return values


def _family(chain: Chain, absorbed: Mapping[Quantity, Family]) -> Family:
    node = chain.draw.node
    assert isinstance(node.operation, Draw)
    return absorbed.get(node, node.operation.family)
