"""A run under a condition: the draws in which it holds, and what they tell.

Draws in which it does not hold are left out of every statistic, as draws are that are not finite.
Replicates keep different numbers of draws, and a mean is a ratio of two sums, whose error Student's
t over the replicates tells as ever (Cochran 1977, "Sampling Techniques", section 6.3). Closed
forms and conditional Monte Carlo know nothing of the condition and are not asked; rare events are
those of the quantity in the cases in which it holds.

What has no draw in common with the condition is independent of it: its statistics are those of the
run without. What the condition decides, as itself, is a number.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Final, final

import numpy as np

from guessmodel.engine.run import run_plan
from guessmodel.errors import DimensionError, GuessmodelError, UsageError, WrongKind
from guessmodel.estimators.by_parts.draws import VariateSets
from guessmodel.estimators.estimate import Estimate
from guessmodel.estimators.replicates import probability
from guessmodel.graph import dims as dimensions
from guessmodel.graph.coordinates import Element
from guessmodel.graph.implied import Implied
from guessmodel.graph.kinds import is_indicator
from guessmodel.graph.quantity import Constant, Quantile, Quantity
from guessmodel.graph.traversal import ancestors
from guessmodel.model.conditions import condition_from
from guessmodel.numerics.arrays import BoolArray, FloatArray
from guessmodel.simulation.deferred import Deferred, NamedDraws
from guessmodel.simulation.run import Run

if TYPE_CHECKING:
    from guessmodel.simulation.result import Result
    from guessmodel.simulation.simulation import Simulation

__all__ = ["Condition", "TooFew", "given", "settled"]

_FEWEST: Final = 256
"""Draws that a condition must leave, 32 in each of 8 replicates: of fewer no error can be told."""


class TooFew(GuessmodelError):
    """A condition leaves too few draws; a run of `enough` should do."""

    def __init__(self, message: str, enough: int) -> None:
        super().__init__(message)
        self.enough = enough


@final
@dataclass(frozen=True, eq=False)
class Condition:
    """What is given in a run.

    Attributes
    ----------
    text : as it was written
    share : share of all draws in which it holds
    effective_samples : draws in which it holds; all count alike
    nodes : what must hold: one, or several where a condition was added to another
    whole : the run without a condition
    """

    text: str
    share: Estimate
    effective_samples: int
    holds: BoolArray
    nodes: tuple[Quantity, ...]
    whole: Simulation
    _sets: VariateSets = field(default_factory=VariateSets)
    _fixed: dict[Element, Quantity] = field(default_factory=dict)

    @cached_property
    def implied(self) -> Implied:
        """What follows from it."""
        return Implied.by(Element(node, ()) for node in self.nodes)

    @cached_property
    def _behind(self) -> int:
        return reduce(or_, (self._sets.behind(Element(node, ())) for node in self.nodes))

    def is_independent_of(self, quantity: Quantity, position: tuple[int, ...]) -> bool:
        """Whether a quantity at a coordinate has no draw in common with the condition."""
        return not self._sets.behind(Element(quantity, position)) & self._behind

    def fixed(self, quantity: Quantity, position: tuple[int, ...]) -> Quantity | None:
        """A constant in place of a quantity that the condition makes a number of at a coordinate;
        None of another."""
        place = Element(quantity, position)
        if place not in self._fixed:
            value = self.implied.value(place)
            if value is None:
                return None
            shape = dimensions.shape(quantity.dims)
            constant = Constant(np.full(shape, value))
            self._fixed[place] = replace(quantity, operation=constant, operands=())
        return self._fixed[place]

    def to_dict(self) -> dict[str, Any]:
        """What `guessmodel run --given --json` has under `given`."""
        return {
            "condition": self.text,
            "share": self.share.to_dict(),
            "effective_samples": self.effective_samples,
        }

    def __str__(self) -> str:
        return (
            f"given {self.text}: {self.share.scaled(100.0).text(3)}% of the draws, "
            f"{self.effective_samples:,}"
        )


def given(simulation: Simulation, condition: Quantity | str) -> Simulation:
    """See `Simulation.given`."""
    if simulation.tallies is not None:
        raise UsageError(
            "a condition needs the draws of the run, which were not kept; sample fewer, or with "
            "keep=True"
        )
    if not isinstance(condition, Quantity | str):
        raise WrongKind(
            f"a condition is a comparison, such as demand > 1000, or text, not {condition!r}"
        )
    text = condition if isinstance(condition, str) else _written(simulation, condition)
    node = condition_from(simulation.model, condition) if isinstance(condition, str) else condition
    _check_condition(simulation, node, text)
    holds = _holds(simulation, node)
    nodes: tuple[Quantity, ...] = (node,)
    if simulation.condition is not None:
        holds &= simulation.condition.holds
        nodes = (*simulation.condition.nodes, node)
        text = f"{simulation.condition.text} and {text}"
    run = simulation.run
    kept = int(np.count_nonzero(holds))
    share = probability(holds.reshape(run.replicates, run.size).astype(np.float64))
    if kept < _FEWEST:
        raise _too_few(text, kept, share, run)

    def masked() -> NamedDraws:
        draws = simulation.deferred.draws
        arrays: Mapping[str, FloatArray] = {
            name: np.where(holds, array, np.nan) for name, array in draws.arrays.items()
        }
        return NamedDraws(arrays, draws.faults)

    whole = simulation if simulation.condition is None else simulation.condition.whole
    known = Condition(text, share, kept, holds, nodes, whole)
    return replace(
        simulation,
        run=replace(run, given=str(known), kept=kept),
        deferred=Deferred(masked),
        condition=known,
    )


def settled(result: Result, condition: Condition) -> Result:
    """See `Result.settled`."""
    quantity, position, whole = result.quantity, result.position, condition.whole
    fixed = condition.fixed(quantity, position)
    if fixed is None and not condition.is_independent_of(quantity, position):
        return result
    alone = replace(
        result, deferred=whole.deferred, knowledge=whole.knowledge, within=result.knowledge
    )
    if fixed is None:
        return alone

    def filled() -> NamedDraws:
        shape = whole.deferred.draws.arrays[result.key].shape
        assert isinstance(fixed.operation, Constant)
        constant = fixed.operation.value[..., np.newaxis]
        return NamedDraws({result.key: np.broadcast_to(constant, shape)}, {})

    return replace(alone, quantity=fixed, deferred=Deferred(filled))


def _too_few(text: str, kept: int, share: Estimate, run: Run) -> TooFew:
    """What is said of so few draws, with how many samples should do."""
    likely = max(share.value, share.high / 4.0)
    enough = 1 << math.ceil(math.log2(2.0 * _FEWEST / likely)) if likely else run.samples * 4
    if not kept:
        return TooFew(
            f"given {text}: none of {run.samples:,} draws met it, and {_FEWEST} are needed; "
            "it may be impossible: write a wider condition",
            enough,
        )
    return TooFew(
        f"given {text}: {kept} of {run.samples:,} draws are left, and {_FEWEST} are needed; "
        f"about {enough:,} samples should do",
        enough,
    )


def _written(simulation: Simulation, condition: Quantity) -> str:
    """The name of a condition, or the line that it was written in."""
    try:
        return simulation.model.name_of(condition)
    except UsageError:
        return condition.name or f"the condition of {condition.location}"


def _check_condition(simulation: Simulation, condition: Quantity, text: str) -> None:
    """Raise UsageError or DimensionError for what is no condition on the draws of the run."""
    told = text if text.startswith("the condition of ") else f"the condition {text}"
    if condition.dims:
        first = condition.dims[0]
        label = first.labels[0]
        raise DimensionError(
            f"{told} has a {first.name}; choose one, as text by cost[{label}], in Python by "
            f".sel({first.name}={label!r}), or .min({first.name!r}) for all of them"
        )
    if not is_indicator(condition):
        raise UsageError(f"{text} is no comparison; write a condition such as 'demand > 1000'")
    known = set(ancestors(simulation.model.quantities.values()))
    for node in ancestors([condition]):
        if isinstance(node.operation, Quantile) and node not in known:
            raise UsageError(
                f"{told} is about a draw that the model does not have "
                f"({node.describe()}); name it in the model, or write the condition as text"
            )


def _holds(simulation: Simulation, condition: Quantity) -> BoolArray:
    """The draws in which a condition holds; in those that are not finite it does not."""
    run = simulation.run
    plan = simulation.knowledge.program.compiled({"given": condition})
    draws, _ = run_plan(plan, plan.points(run.method, run.planned, run.seed))
    return np.asarray(draws["given"][: run.samples] == 1.0)  # of a run that was interrupted
