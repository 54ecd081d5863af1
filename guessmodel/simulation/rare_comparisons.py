"""Comparisons of several uncertain quantities that hardly ever turn over: `load > strength`.

A run may meet none of them. Conditional Monte Carlo tells how likely one is: it integrates one of
its draws out. Comparisons with labels are left to `rare_turns`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from guessmodel.engine.jumps import events
from guessmodel.engine.rare import EXPECTED
from guessmodel.engine.run import run_plan
from guessmodel.estimators.conditional.estimator import conditional
from guessmodel.estimators.estimate import Estimate
from guessmodel.estimators.program import program_of
from guessmodel.graph.coordinates import Element
from guessmodel.graph.elementwise import Elementwise, elementwise
from guessmodel.graph.quantity import Quantity, wire
from guessmodel.graph.traversal import ancestors
from guessmodel.sampling.design import REPLICATES

if TYPE_CHECKING:
    from guessmodel.model.model import Model

__all__ = ["rare_comparisons"]

_RELATIONS: Final[Mapping[np.ufunc, np.ufunc]] = {
    np.less: np.greater_equal,
    np.greater_equal: np.less,
    np.greater: np.less_equal,
    np.less_equal: np.greater,
}
"""Each with its complement."""
_MOST: Final = 6  # that are looked at
_WORK: Final = 400  # quantities of the model, times comparisons
_PILOT: Final = 1 << 12  # draws that tell which comparisons hardly ever turn over


def rare_comparisons(
    model: Model, names: Sequence[str], method: str, seed: int
) -> Mapping[Quantity, Estimate]:
    """Comparisons of several draws, without labels and behind some outputs, that a small run meets
    seldom or nearly always; with their probabilities, where these can be told. None in a large
    model, where that would take longer than the run."""
    roots = [model.quantities[name] for name in names]
    order = list(ancestors(roots))
    most = min(_MOST, _WORK // max(len(order), 1))
    if not most:
        return {}
    single = {event.node for event in events(roots)}
    compared = {
        f"{k}": node
        for k, node in enumerate(order)
        if isinstance(node.operation, Elementwise)
        and node.operation.ufunc in _RELATIONS
        and not node.dims
        and node not in single
    }
    if not compared:
        return {}
    program = program_of(model)
    plan = program.compiled(compared)
    values, _ = run_plan(plan, plan.points(method, _PILOT, seed))
    met = {node: int(np.count_nonzero(values[name])) for name, node in compared.items()}
    rare = [node for node, count in met.items() if min(count, _PILOT - count) < EXPECTED]
    found: dict[Quantity, Estimate] = {}
    for node in rare[:most]:
        often = 2 * met[node] > _PILOT
        place = Element(_complement(node) if often else node, ())
        smooth = conditional(program, place, method, seed, REPLICATES, _PILOT // REPLICATES, _PILOT)
        answer = None if smooth is None else smooth.probability()
        if answer is not None:
            known = answer.estimate
            if often:
                value, low, high = (1.0 - p for p in (known.value, known.high, known.low))
                known = replace(known, value=value, low=low, high=high)
            found[node] = known
    return found


def _complement(node: Quantity) -> Quantity:
    """The comparison that holds where another does not: of both, the seldom one has more digits."""
    assert isinstance(node.operation, Elementwise)
    return wire(elementwise(_RELATIONS[node.operation.ufunc]), *node.operands)
