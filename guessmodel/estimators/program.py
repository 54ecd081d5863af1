"""What is worked out once of a model: its plans, closed forms, tails and conditional integrations.

A model is a value and keeps none of this itself. It is kept as long as the model is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, final
from weakref import WeakKeyDictionary

from guessmodel.engine.plan import Plan, compile_plan
from guessmodel.estimators.closed_form import ClosedForms
from guessmodel.graph.quantity import Quantity
from guessmodel.model.model import Model

if TYPE_CHECKING:
    from guessmodel.estimators.by_parts.composed import ByParts
    from guessmodel.estimators.conditional.choose import Integrations
    from guessmodel.estimators.estimator import Estimator
    from guessmodel.estimators.tails.index import TailIndex
    from guessmodel.estimators.tails.light import Facts
    from guessmodel.graph.coordinates import Element

__all__ = ["Program", "program_of"]

_NONE: Mapping[Quantity, str] = {}
_PROGRAMS: WeakKeyDictionary[Model, Program] = WeakKeyDictionary()


def program_of(model: Model) -> Program:
    """The program of a model, the same at each call."""
    found = _PROGRAMS.get(model)
    if found is None:
        found = _PROGRAMS.setdefault(model, Program.of(model))
    return found


@final
@dataclass(frozen=True, eq=False)
class Program:
    """See above. It holds quantities and keys, but not the model, which would then never be
    freed."""

    quantities: Mapping[str, Quantity]
    keys: Mapping[Quantity, str]
    universe: frozenset[str]
    integrations: dict[Element, Integrations | None] = field(default_factory=dict)
    """Which draws are integrated out of quantities for conditional estimates."""
    afforded: dict[tuple[tuple[str, ...], int, int], Mapping[Quantity, int]] = field(
        default_factory=dict
    )
    """For which quantities of a run (names, replicates, size) this is done, and with how many
    draws; see `conditional.budget`."""
    of_one_draw: dict[tuple[Element, int], Estimator | None] = field(default_factory=dict)
    """Statistics of what is made of one draw alone."""
    facts: dict[Quantity, Facts] = field(default_factory=dict)
    """What is quickly known of their tails."""
    _plans: dict[tuple[str, ...], Plan] = field(default_factory=dict)

    @staticmethod
    def of(model: Model) -> Program:
        """The program of a model, in which nothing is worked out yet."""
        return Program(model.quantities, model.keys, model.universe)

    def plan(self, names: Sequence[str] | None = None) -> Plan:
        """The compiled plan of some quantities (all by default)."""
        wanted = tuple(self.quantities) if names is None else tuple(names)
        if wanted not in self._plans:
            outputs = {name: self.quantities[name] for name in wanted}
            self._plans[wanted] = self.compiled(outputs)
        return self._plans[wanted]

    def compiled(
        self, outputs: Mapping[str, Quantity], keys: Mapping[Quantity, str] = _NONE
    ) -> Plan:
        """A plan of any quantities on the draws of the model, and on those of other variates under
        their keys; not kept."""
        return compile_plan(outputs, {**self.keys, **keys} if keys else self.keys, self.universe)

    @cached_property
    def tails(self) -> TailIndex:
        """Which moments of the quantities exist."""
        from guessmodel.estimators.tails.index import TailIndex

        return TailIndex()

    @cached_property
    def parts(self) -> ByParts:
        """Moments of quantities from those of independent parts."""
        from guessmodel.estimators.by_parts.composed import ByParts

        return ByParts(self)

    @cached_property
    def forms(self) -> ClosedForms:
        """The exact distributions of quantities that have one."""
        return ClosedForms.of(self.quantities.values())
