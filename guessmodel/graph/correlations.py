"""Which draws are correlated with each other, and whether a model uses them as they are meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import final

from guessmodel.errors import Location, ModelError
from guessmodel.graph.quantity import Quantile, Quantity, Variate
from guessmodel.graph.random_sum import RandomSum
from guessmodel.graph.scores import Scores, ScoresAlong, WeightedScores
from guessmodel.graph.traversal import ancestors

__all__ = [
    "REGISTRY",
    "Correlation",
    "check_draws",
    "check_results",
    "correlated_along",
    "correlated_groups",
]

REGISTRY = "__guessmodel_correlations__"
"""Name of the list, in the globals of a module that calls gm.correlate, of its calls."""


@final
@dataclass(frozen=True, slots=True)
class Correlation:
    """A call of gm.correlate."""

    where: Location
    arguments: tuple[Quantity, ...]
    results: tuple[Quantity, ...]


def correlated_groups(roots: Iterable[Quantity]) -> list[frozenset[Quantity]]:
    """Sets of variates whose draws are correlated with each other, behind some quantities.

    A set of one has labels that are correlated among themselves (see `correlated_along`); others
    are correlated label by label. Variates in no set are independent of all others.

    >>> import guessmodel as gm
    >>> a, b = gm.correlate([gm.normal(1, 2), gm.normal(3, 5)], rank=0.5)
    >>> [{v is a.variate or v is b.variate for v in group} for group in correlated_groups([a * b])]
    [{True}]
    """
    groups: dict[Quantity, set[Quantity]] = {}
    for node in ancestors(roots):
        if not isinstance(node.operation, Scores):
            continue
        together = set(_variates(node))
        for variate in tuple(together):
            together |= groups.get(variate, set())
        groups |= dict.fromkeys(together, together)
    found = {id(group): frozenset(group) for group in groups.values()}
    return list(found.values())


def correlated_along(roots: Iterable[Quantity]) -> dict[Quantity, frozenset[str]]:
    """The variates behind some quantities whose labels are correlated among themselves, and along
    which dimensions."""
    found: dict[Quantity, frozenset[str]] = {}
    for node in ancestors(roots):
        if isinstance(node.operation, ScoresAlong):
            for variate in _variates(node):
                found[variate] = found.get(variate, frozenset()) | {node.operation.dim}
    return found


def _variates(number: Quantity) -> list[Quantity]:
    """The variates that a number is made of, those of its weights left out."""
    if isinstance(number.operation, Variate):
        return [number]
    count = len(number.operands)
    if isinstance(number.operation, WeightedScores):
        count //= 2
    return [variate for score in number.operands[:count] for variate in _variates(score)]


def check_draws(nodes: Iterable[Quantity]) -> None:
    """Raise ModelError, at the line of gm.correlate, where a draw is correlated twice, or used
    without its correlation too; and where what gm.compound draws anew is used elsewhere."""
    nodes = list(nodes)
    _check_events(nodes)
    draws = [node for node in nodes if isinstance(node.operation, Quantile)]
    numbers: dict[Quantity, Quantity] = {}
    for node in draws:
        number = node.operands[0]
        variate = node.variate
        if variate is None or not isinstance(number.operation, Scores):
            continue
        first = numbers.setdefault(variate, number)
        if first is not number:
            raise ModelError(
                f"{node.label} is correlated twice, here and in {first.location}; write one "
                "gm.correlate with all that go together",
                number.location,
            )
    for node in draws:
        if node.operands[0] in numbers:
            raise ModelError(
                f"{node.label} is correlated here, and used without that elsewhere; use what "
                "gm.correlate returns, as in a, b = gm.correlate([a, b], rank=0.5), everywhere",
                numbers[node.operands[0]].location,
            )


def _check_events(nodes: Sequence[Quantity]) -> None:
    for total in nodes:
        if not isinstance(total.operation, RandomSum):
            continue
        drawn = {total.operands[draw.place] for draw in total.operation.draws}
        seed = total.operands[1]
        inside = set(ancestors(total.operands))
        for node in nodes:
            if node in inside or (
                isinstance(node.operation, RandomSum) and node.operands[1] is seed
            ):
                continue  # of these events, as it is
            for draw in drawn.intersection(node.operands):
                raise ModelError(
                    f"{draw.label} is drawn anew for each event of the sum in {total.location}, "
                    "and used here too; make another draw for this, or give the sum a function: "
                    "gm.compound(n, lambda: gm.lognormal(…))",
                    node.location,
                )


def check_results(calls: Iterable[Correlation], roots: Iterable[Quantity]) -> None:
    """Raise ModelError, at the line of gm.correlate, where no named quantity uses one of the draws
    that it returned."""
    calls = list(calls)
    if not calls:
        return
    reached = set(ancestors(roots))
    for call in calls:
        unused = [k for k, result in enumerate(call.results) if result not in reached]
        if len(unused) == len(call.results):
            raise ModelError(
                "nothing uses the draws that gm.correlate returns; write a, b = gm.correlate([a, "
                "b], rank=0.5)",
                call.where,
            )
        if unused:
            raise ModelError(
                f"nothing uses the correlated draw number {unused[0] + 1} (of "
                f"{len(call.results)}, {call.results[unused[0]].label}) that gm.correlate returns; "
                "give it a name, or leave it out",
                call.where,
            )
