"""For which quantities of a run conditional Monte Carlo is used, and with how many draws.

All of it together should cost no more than the draws of the run; for a quantity late in a
recurrence alone it would cost many times that. Costs are estimated from the graph before anything
is computed, so that no answer depends on the clock, or on what was asked before. Outputs of the run
come first, then the quantities that cost least. All others are counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, final

import numpy as np

from guessmodel.estimators.conditional.paths import INVERTIBLE, find_paths
from guessmodel.graph import dims as dimensions
from guessmodel.graph.along_dims import Shift, Stack, Take
from guessmodel.graph.elementwise import Convert, Elementwise, Where
from guessmodel.graph.quantity import Constant, Quantile, Quantity, Variate
from guessmodel.graph.scores import Scores
from guessmodel.graph.traversal import ancestors

if TYPE_CHECKING:
    from guessmodel.estimators.program import Program

__all__ = ["CANDIDATES", "FULL", "LABELS", "OPERATIONS", "afforded"]

CANDIDATES = 24  # draws that are compared for a quantity
OPERATIONS = 160  # operations on the paths to them, in all
FULL = 1 << 10  # draws per replicate up to which a net has as many as the run
LABELS = 64  # coordinates of a quantity, beyond which it is counted
# The unit of costs is one result of one operation for one draw, about 1.5 ns.
_LEAST = 1 << 27  # for a run of few draws, 0.2 s, less what its other statistics cost:
_COUNTED = 230_000  # to count and to print one coordinate
_SEEN = 13_000  # to look at one quantity of the run here
_ROW = 1_300_000  # to try anything at all
_FOUND = 5_000  # for each quantity that a candidate depends on, to find draws
_NODE = 40_000  # for each such quantity, to compile it and to run it on a few draws
_OPERATION = 40_000  # for each operation on a path, to invert it on a few draws
_READS = 12  # evaluations of the conditional CDF for three quantiles
_CDF = 15  # operations that cost as much as the CDF of a family
_LARGEST = 1 << 14  # quantities of a run, beyond which costs are not even estimated


@final
@dataclass(frozen=True, slots=True)
class _CostRow:
    """A quantity that may be estimated conditionally, and what its cost depends on."""

    node: Quantity
    output: bool
    positions: Sequence[tuple[int, ...]]  # without a closed form
    nodes: int
    draws: int
    coordinates: int
    depth: int  # operations one after another

    @property
    def rank(self) -> tuple[bool, int]:
        return not self.output, len(self.positions) * self.nodes * self.depth


def afforded(
    program: Program, names: tuple[str, ...], replicates: int, size: int
) -> Mapping[Quantity, int]:
    """The quantities for which conditional Monte Carlo is used in a run of some names of a model,
    and how many draws each may have. It is kept with the program."""
    run = names, replicates, size
    if run not in program.afforded:
        program.afforded[run] = _afforded(program, *run)
    return program.afforded[run]


def _afforded(
    program: Program, names: Sequence[str], replicates: int, size: int
) -> Mapping[Quantity, int]:
    roots = [program.quantities[name] for name in names]
    order = [node for node in ancestors(roots) if not isinstance(node.operation, Variate | Scores)]
    if len(order) > _LARGEST:
        return {}
    computed = (node for node in order if not isinstance(node.operation, Constant))
    drawing = replicates * size * sum(dimensions.size(node.dims) for node in computed)
    counting = _COUNTED * sum(dimensions.size(node.dims) for node in roots)
    left = max(_LEAST - counting, drawing) - _SEEN * len(order)
    if left < _ROW:
        return {}
    least = replicates * min(size, FULL)
    found: dict[Quantity, int] = {}  # what a draw of its nets costs
    for row in sorted(_costed(program, dict.fromkeys(roots), order), key=lambda row: row.rank):
        left -= row.nodes * _FOUND
        if left < 0:
            break
        if not find_paths(row.node, row.positions[0], most=1):
            continue
        operations = min(min(row.draws, CANDIDATES) * row.depth // 2, OPERATIONS + row.depth)
        choice = _ROW + row.nodes * _NODE + operations * _OPERATION
        draw = row.coordinates + _READS * (row.depth + _CDF)
        total = len(row.positions) * (choice + draw * least)
        if total <= left:
            left -= total
            found[row.node] = draw * len(row.positions)
    return {node: least + max(left, 0) // (len(found) * draw) for node, draw in found.items()}


def _costed(
    program: Program, roots: Iterable[Quantity], order: Sequence[Quantity]
) -> Iterable[_CostRow]:
    """The quantities to which a path may lead from a draw. Sets of ancestors are integers, with a
    bit for each quantity."""
    behind: dict[Quantity, int] = {}
    depth: dict[Quantity, int] = {}
    sizes: dict[int, int] = {}  # the quantities that have so many coordinates
    draws = 0
    leads: set[Quantity] = set()  # to it may lead a draw that can be integrated out
    used: set[Quantity] = set()
    for number, node in enumerate(order):
        bits = 0 if isinstance(node.operation, Constant) else 1 << number
        size = dimensions.size(node.dims)
        sizes[size] = sizes.get(size, 0) | bits
        if isinstance(node.operation, Quantile):
            draws |= bits
        if _passes(node) and any(_free(x) or x in leads for x in node.parameters):
            leads.add(node)
        for operand in node.parameters:
            bits |= behind[operand]
        behind[node] = bits
        depth[node] = 1 + max((depth[x] for x in node.parameters), default=0)
        used.update(node.parameters)
    for node in roots:
        if node not in leads or dimensions.size(node.dims) > LABELS:
            continue
        mask = node.axes.mask
        positions = [
            position
            for position in np.ndindex(*dimensions.shape(node.dims))
            if (mask is None or mask[position]) and program.forms.at(node, position) is None
        ]
        if positions:
            bits = behind[node]
            rows = sum(size * (bits & members).bit_count() for size, members in sizes.items())
            counts = bits.bit_count(), (bits & draws).bit_count(), rows, depth[node]
            yield _CostRow(node, node not in used, positions, *counts)


def _free(node: Quantity) -> bool:
    draw = node.operation
    if not isinstance(draw, Quantile) or draw.family.discrete:
        return False
    return isinstance(node.operands[0].operation, Variate)


def _passes(node: Quantity) -> bool:
    """Whether a path may lead through it."""
    operation = node.operation
    if isinstance(operation, Elementwise):
        return operation.compares or operation.ufunc in INVERTIBLE
    return isinstance(operation, Convert | Where | Take | Stack | Shift)
