"""What lies behind one quantity, computed again and again for other values of it, on the same
random numbers; all else is drawn once and kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, final

import numpy as np

from guessmodel.engine.drawn import is_alone, step_operands
from guessmodel.engine.plan import Plan, compile_plan
from guessmodel.engine.run import run_plan
from guessmodel.engine.steps import evaluate
from guessmodel.graph import dims as dimensions
from guessmodel.graph.elementwise import Apply
from guessmodel.graph.quantity import Quantity, Variate
from guessmodel.graph.random_sum import RandomSum
from guessmodel.graph.traversal import ancestors
from guessmodel.numerics.arrays import FloatArray
from guessmodel.sampling.design import Joined, Replicate

__all__ = ["Behind", "depending"]

_MOVED: Final = "moved"
_MEMORY: Final = 1 << 28  # bytes
_FEWEST: Final = 1 << 8  # draws


@final
@dataclass(frozen=True, slots=True, eq=False)
class Behind:
    """Quantities that depend on the one that is moved, at some draws of nets.

    The plan has the steps behind that one alone; what they need besides is given.
    """

    plan: Plan
    points: Replicate
    n: int
    """Draws."""
    given: Mapping[int, FloatArray]
    made: Mapping[int, FloatArray]
    """Where the steps write to, by slot."""

    @classmethod
    def of(
        cls,
        outputs: Mapping[str, Quantity],
        moved: Quantity,
        keys: Mapping[Quantity, str],
        universe: frozenset[str],
        n: int,
    ) -> Behind | None:
        """Prepare those of the outputs that depend on `moved`; itself is none of them.

        `keys` and `universe` are those of the model, n is rounded up as in any run, whose draws
        with seed 0 these are, and halved where they would take more than a quarter of a gigabyte.
        None where a sum of random events is made of what moves: it is then
        wired anew.
        """
        behind = depending(outputs.values(), (moved,))
        for node in behind:
            if isinstance(node.operation, RandomSum):
                summed = {node.operands[draw.place] for draw in node.operation.draws}
                if moved in summed or not behind.isdisjoint(summed):
                    return None
        wanted = {name: node for name, node in outputs.items() if node in behind}
        cut = {str(k): node for k, node in enumerate(_needed_by(behind, moved))}
        plan = compile_plan(wanted, keys, universe, {**cut, _MOVED: moved})
        once = compile_plan(cut, keys, universe)
        held = [step.result.dims for step in plan.steps] + [node.dims for node in cut.values()]
        width = sum(map(dimensions.size, held))
        while n > _FEWEST and 8 * n * width > _MEMORY:
            n //= 2
        points = plan.points("nets", n, 0)
        kept, _ = run_plan(once, once.points("nets", n, 0))
        return cls(
            plan,
            Joined.of(points, points.replicates).replicate(0),
            points.n,
            {slot: kept[name] for name, slot in plan.given.items() if name != _MOVED},
            {
                step.output: np.empty((*dimensions.shape(step.result.dims), points.n))
                for step in plan.steps
            },
        )

    def at(self, values: FloatArray) -> dict[str, FloatArray]:
        """The outputs by name, (*labels, n), where the moved quantity has other values, (*labels,
        n) or (*labels, 1). The next call writes over them."""
        arrays = {**self.plan.constants, **self.given}
        if _MOVED in self.plan.given:  # else nothing lies behind it
            arrays[self.plan.given[_MOVED]] = values
        with np.errstate(all="ignore"):
            for step in self.plan.steps:
                out = arrays[step.output] = self.made[step.output]
                operands = [arrays[i] for i in step.inputs]
                evaluate(step, operands, self.points, 0, self.n, out)
        return {name: arrays[slot] for name, slot in self.plan.outputs.items()}


def depending(roots: Iterable[Quantity], moved: Iterable[Quantity]) -> set[Quantity]:
    """What depends on some quantities, of the roots and all they are computed from; without
    these."""
    first = set(moved)
    found: set[Quantity] = set()
    for node in ancestors(roots):  # operands come first
        if node not in first and not (
            first.isdisjoint(node.operands) and found.isdisjoint(node.operands)
        ):
            found.add(node)
    return found


def _needed_by(behind: set[Quantity], moved: Quantity) -> list[Quantity]:
    """What steps behind need that does not move with them, constants left out, which a plan folds,
    and random numbers, which it draws."""
    needed = {
        child: None
        for node in behind
        for child in step_operands(node)
        if child not in behind and child is not moved
    }
    random: set[Quantity] = set()
    for node in ancestors(needed):
        own = isinstance(node.operation, Variate | Apply)
        if own or not random.isdisjoint(node.operands):
            random.add(node)
    return [
        node
        for node in needed
        if node in random and not (isinstance(node.operation, Variate) or is_alone(node))
    ]
