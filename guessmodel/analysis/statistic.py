"""A statistic of one quantity by its name, and figures that are given in the unit of another."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypedDict, Unpack, final

from guessmodel.errors import UsageError
from guessmodel.estimators.estimate import Estimate
from guessmodel.graph.dims import Label, titled
from guessmodel.graph.kinds import is_indicator
from guessmodel.graph.number_in import number_in, number_node
from guessmodel.graph.operators import COMPARISONS
from guessmodel.graph.quantity import Quantity
from guessmodel.model.elements import pick
from guessmodel.model.model import Model
from guessmodel.model.side_by_side import base_of
from guessmodel.simulation import Result
from guessmodel.simulation.statistics import CHANCE, unit_of
from guessmodel.simulation.statistics import statistic as named
from guessmodel.units import DIMENSIONLESS, Unit

__all__ = [
    "Asked",
    "HowDrawn",
    "RunOptions",
    "asked",
    "drawn_how",
    "input_of",
    "output_of",
    "threshold_of",
    "title_at",
    "uncertain_outputs",
]


class RunOptions(TypedDict, total=False):
    """What questions about a model that draw for themselves take, as `Model.sample` has it."""

    n: int | None
    seed: int | None
    method: str


class HowDrawn(TypedDict):
    """The same with nothing left open, so that several runs have common draws."""

    n: int
    seed: int
    method: str


@final
@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A statistic of an output: of which quantity of which model, and in which unit."""

    model: Model  # with the comparison that `P(> 5)` asks for
    name: str
    unit: Unit
    read: Callable[[Result], Estimate]

    def of(self, model: Model, labels: Mapping[str, Label], **how: Unpack[HowDrawn]) -> Estimate:
        """The statistic in a run of `self.model`, or of one with changes."""
        result = model.sample(quantities=[self.name], **how)[self.name]
        return self.read(result.sel(**labels) if result.dims else result)


def asked(model: Model, output: str, statistic: str) -> Asked:
    """A statistic by its name: `mean`, `median`, `sd`, a percentile such as `p95`, of a comparison
    `probability`, of any quantity `P(>= 5 USD)`. UsageError for another."""
    quantity = model.quantities[output]
    if quantity.categories:
        raise UsageError(f"'{output}' is a category; ask about a comparison with one")
    read = named(statistic)
    # A comparison's own probability may be known better than the share of the quantity's draws.
    if chance := CHANCE.fullmatch(statistic):
        holds: Quantity = COMPARISONS[chance[1]](quantity, threshold_of(chance, quantity))
        name = f"{output} {chance[1]} {chance[2]}"
        return Asked(model.extended({name: holds}), name, DIMENSIONLESS, Result.probability)
    if statistic == "probability" and not is_indicator(quantity):
        raise UsageError(f"'{output}' is no comparison; ask for 'P(> 5)' of it, say")
    return Asked(model, output, unit_of(statistic, quantity.unit), read)


def threshold_of(chance: re.Match[str], quantity: Quantity) -> Quantity:
    """The threshold of `P(> 5)`, a match of `CHANCE`; a plain number is counted in the unit of the
    quantity."""
    return number_node(number_in(quantity.unit, chance[2]), quantity.unit, quantity.location)


def drawn_how(model: Model, n: int | None, seed: int | None, method: str) -> HowDrawn:
    """Arguments of `Model.sample` that make all runs of one question have common draws."""
    return {
        "n": model.default_samples if n is None else n,
        "seed": secrets.randbits(63) if seed is None else seed,
        "method": method,
    }


def output_of(model: Model, output: str | Quantity | None) -> tuple[str, dict[str, Label]]:
    """The name of an output, and the labels that were chosen of it (`cost[2025]`); the only output
    of the model where none is given."""
    if isinstance(output, str):
        return pick(model, output)
    if output is not None:
        return model.find(output), {}
    found = uncertain_outputs(model)
    if len(found) != 1:
        raise UsageError(f"which output? Name one of {', '.join(found[:8])}")
    return found[0], {}


def uncertain_outputs(model: Model) -> tuple[str, ...]:
    """The outputs that a question may be about: a constant that nothing uses, such as a cell of a
    workbook, is none, unless there is nothing else."""
    constants = [name for name in model.outputs if model.quantities[name].kind == "constant"]
    return tuple(name for name in model.outputs if name not in constants) or model.outputs


def input_of(model: Model, given: str | Quantity) -> tuple[str, Quantity, dict[str, Label]]:
    """An input that is given values: what a change is told by, the quantity, and which label of it
    where it is one alone (`cost[twitter]`). UsageError for a category, whose values are no
    numbers."""
    base = base_of(model)
    named = model.find(given) if isinstance(given, Quantity) else given
    name, labels = pick(base, named) if isinstance(named, str) else (base.find(named), {})
    quantity = base.quantities[name]
    if quantity.categories:
        raise UsageError(
            f"'{name}' is a category; numbers are swept and sought. For a label of it write --set "
            f"'{name}={quantity.categories[0]}', in Python "
            f"model.with_({name}={quantity.categories[0]!r}), or gm.scenario"
        )
    return titled(name, labels.values()), quantity, labels


def title_at(model: Model, name: str, labels: Mapping[str, Label]) -> str:
    """The title of a quantity at labels, and that it is told by all that it has."""
    dims = model.quantities[name].dims
    missing = [dim.name for dim in dims if dim.name not in labels]
    if missing:
        first = {dim.name: dim.labels[0] for dim in dims}
        written = titled(name, first.values())
        raise UsageError(
            f"'{name}' has a {', a '.join(missing)}; choose one, e.g. '{written}', in Python "
            f"labels={first}"
        )
    for dim in dims:
        dim.index(labels[dim.name])
    if extra := [key for key in labels if key not in {dim.name for dim in dims}]:
        raise UsageError(f"'{name}' has no dimension '{extra[0]}'")
    return titled(name, (labels[dim.name] for dim in dims))
