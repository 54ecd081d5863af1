"""Decisions: options whose outcomes are uncertain, and which of them is the best."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, final

import numpy as np

from guessmodel.analysis.groups import Groups
from guessmodel.errors import (
    DimensionError,
    GuessmodelError,
    Location,
    UnitError,
    UsageError,
    WrongKind,
    caller,
    public,
    relocated,
    suggested,
)
from guessmodel.escaping import is_harmless
from guessmodel.graph.functions import stack
from guessmodel.graph.number_in import Amount, number_in, number_node
from guessmodel.graph.quantity import Quantile, Quantity
from guessmodel.graph.traversal import ancestors
from guessmodel.graph.values import is_number
from guessmodel.model.attached import attach
from guessmodel.model.elements import extended_by
from guessmodel.simulation import Simulation
from guessmodel.units import Unit, compatible
from guessmodel.utility import Exponential

if TYPE_CHECKING:
    from guessmodel.analysis.decided import Decided
    from guessmodel.model.model import Model

__all__ = ["OPTION", "Decision", "decision", "decision_of", "decisions_of"]

OPTION: Final = "option"
"""The dimension along which options are."""


@final
@dataclass(frozen=True, slots=True, eq=False)
class Decision:
    """Options of which one is to be chosen. Made by `decision`."""

    options: Quantity
    """All of them along the dimension `option`."""
    minimise: bool
    utility: Exponential | None
    location: Location
    name: str = "decision"
    """That of the variable in a model file."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the options."""
        return tuple(str(label) for label in self.options.dims[0].labels)

    @property
    def subjects(self) -> tuple[Quantity, ...]:
        """The quantities that are compared."""
        return (self.options,)

    def rewired(self, new: Mapping[Quantity, Quantity]) -> Decision:
        """The same decision about quantities that took the place of its own."""
        return replace(self, options=new.get(self.options, self.options))

    def called(self, name: str) -> Decision:
        """The same under the name that a model file gives it."""
        return replace(self, name=name)

    def evaluate(self, simulation: Simulation, groups: Groups | None = None) -> Decided:
        """What the options come to in a run: expected values, which is the best how often, regret,
        dominance, and what it is worth to know something first.

        Parameters
        ----------
        simulation : of a model that has all draws behind the options; of which, and of how many,
            its run tells. Options need not be named there
        groups : inputs that become known together, as in `Simulation.sensitivity`

        Raises UsageError for a run of another model, under a condition, of scenarios side by side
        or without enough draws, and where an option has draws that are not finite.
        """
        if not isinstance(simulation, Simulation):
            raise WrongKind(f"a decision is evaluated in a run, model.sample(), not {simulation!r}")
        from guessmodel.analysis.deciding import decided

        return decided(self, simulation, groups)

    def added_to(self, model: Model) -> tuple[Model, str]:
        """The model with the options as a quantity, and its name."""
        return extended_by(model, self.name, self.options)

    def check(self, model: Model) -> None:
        """Raise UsageError where the options are not about the quantities of a model."""
        if model.variants:
            raise UsageError(
                "a decision looks at one scenario: model.in_scenario('cheap').sample()"
            )
        known = set(ancestors(model.quantities.values()))
        subjects = {each for said in model.attached for each in said.subjects}
        for node in ancestors([self.options]):
            if isinstance(node.operation, Quantile) and node not in known:
                raise UsageError(
                    f"an option is about a draw that the model does not have ({node.describe()}); "
                    "name it in the model",
                    self.location,
                )
        if model.former and self.options not in subjects:
            for label, option in zip(self.names, self.options.operands, strict=True):
                if option not in known:
                    raise UsageError(
                        f"the model was changed, and option '{label}' has no name in it; decide "
                        "about quantities of the changed model, or in a model file",
                        self.location,
                    )

    def __repr__(self) -> str:
        best = "least" if self.minimise else "most"
        return f"<{self.name}: {', '.join(self.names)}; {best} is best>"


@public
def decision(
    options: Mapping[str, Amount] | Quantity,
    *,
    minimise: bool = False,
    utility: Exponential | None = None,
) -> Decision:
    """Options of which one is to be chosen by what it is expected to come to.

    In a model file it belongs to the model, under the name of its variable:
    `guessmodel decide FILE` evaluates it.

    Parameters
    ----------
    options : what each comes to, by name: quantities without labels, named in the model or not, and
        numbers or figures (`{"drill": profit, "leave": 0}`); or a quantity with one dimension,
        whose labels are the options
    minimise : less is better, as of costs
    utility : such as `gm.utility.exponential(risk_tolerance="5M USD")`; without one, the expected
        value decides

    Raises WrongKind, UsageError, DimensionError or UnitError for what cannot be compared.

    >>> import guessmodel as gm
    >>> demand = gm.normal(mean=100, sd=20)
    >>> build, rent = 500 + 3 * demand, 8 * demand
    >>> chosen = gm.decision({"build": build, "rent": rent}, minimise=True)
    >>> model = gm.Model(demand=demand, build=build, rent=rent)
    >>> print(chosen.evaluate(model.sample()).evpi)  # σ φ(0) with σ = 5 × 20
    39.89... ± 0.0...
    """
    where = caller()
    if not isinstance(minimise, bool | np.bool_):
        raise WrongKind(f"minimise is True or False, not {minimise!r}", where)
    if utility is not None and not isinstance(utility, Exponential):
        raise WrongKind(
            f"a utility is gm.utility.exponential(risk_tolerance='5M USD'), not {utility!r}", where
        )
    try:
        compared = _compared(options, where)
        if utility is not None:
            utility.tolerance_in(compared.unit)
    except GuessmodelError as error:
        raise relocated(error, where, "gm.decision: ") from None
    made = Decision(compared, bool(minimise), utility, where)
    attach(made)
    return made


def decisions_of(model: Model) -> dict[str, Decision]:
    """The decisions of a model by name, in the order of the file."""
    found: dict[str, Decision] = {}
    for each in model.attached:
        if isinstance(each, Decision):
            name, number = each.name, 1
            while name in found:
                number += 1
                name = f"{each.name} {number}"
            found[name] = each
    return found


def decision_of(model: Model, name: str | None) -> Decision:
    """A decision of a model by name; without one the only one. UsageError where there is none."""
    found = decisions_of(model)
    if not found:
        raise UsageError(
            f"{model.title} has no decision; write choice = gm.decision({{'build': build_cost, "
            "'rent': rent_cost}, minimise=True)"
        )
    if name is None:
        if len(found) > 1:
            raise UsageError(f"which decision? Name one of {', '.join(found)}")
        return next(iter(found.values()))
    if name not in found:
        raise UsageError(f"{model.title} has no decision '{name}'{suggested(name, found)}")
    return found[name]


def _compared(options: Any, where: Location) -> Quantity:
    if isinstance(options, Quantity):
        if len(options.dims) != 1:
            raise DimensionError("options are a quantity with one dimension, or {name: quantity}")
        (dim,) = options.dims
        options = {str(label): options.sel(**{dim.name: label}) for label in dim.labels}
    if not isinstance(options, Mapping):
        raise WrongKind(
            "write the options by name, {'build': build_cost, 'rent': rent_cost}, "
            f"not {options!r}"
        )
    if len(options) < 2:
        raise UsageError("a decision is between two options at least")
    quantities = [each for each in options.values() if isinstance(each, Quantity)]
    if not quantities:
        raise WrongKind("one of the options at least is a quantity")
    unit = quantities[0].unit
    made: dict[Any, Quantity] = {
        name: _option(name, value, unit, where) for name, value in options.items()
    }
    first = next(iter(made))
    for name, each in made.items():
        if not compatible(each.unit, made[first].unit):
            raise UnitError(
                f"'{first}' is in {str(made[first].unit) or 'plain numbers'} and '{name}' in "
                f"{str(each.unit) or 'plain numbers'}; options are compared in one unit"
            )
    return stack(made, dim=OPTION)


def _option(name: object, value: object, unit: Unit, where: Location) -> Quantity:
    """A quantity without labels, or a figure in the unit of the options."""
    if not isinstance(name, str) or not name or not is_harmless(name):
        raise WrongKind(f"an option is given by its name, such as 'build', not by {name!r}")
    if isinstance(value, Quantity):
        if value.dims:
            first = value.dims[0]
            raise DimensionError(
                f"option '{name}' has a {first.name}; choose one, e.g. "
                f".sel({first.name}={first.labels[0]!r}), or add up .sum({first.name!r})"
            )
        if value.categories:
            raise WrongKind(f"option '{name}' is a category; decide by an amount")
        return value
    if isinstance(value, str) or is_number(value):
        return number_node(number_in(unit, value), unit, where)
    kind = type(value).__name__
    raise WrongKind(f"option '{name}' is a {kind}, neither a quantity nor a figure")
