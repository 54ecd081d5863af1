"""Which edit moved an output by how much: Shapley values of the edits, on common draws.

An edit's contribution is what it does to a statistic, averaged over all orders in which the edits
can be made one after the other (Shapley 1953, "A value for n-person games"). Contributions add up
to the whole difference. Between the versions lie hybrids, with some edits made and others not; all
are sampled on the same points.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from itertools import combinations
from operator import add
from typing import final

import numpy as np

from guessmodel import units
from guessmodel.analysis.change import Change
from guessmodel.analysis.common_draws import ReplicatedStatistic, statistics
from guessmodel.analysis.differences import at_labels, means_of
from guessmodel.analysis.statistic import asked, threshold_of
from guessmodel.engine.plan import compile_plan
from guessmodel.engine.run import run_plan
from guessmodel.errors import GuessmodelError, UsageError
from guessmodel.estimators.estimate import Estimate
from guessmodel.estimators.half_widths import half_width
from guessmodel.estimators.program import program_of
from guessmodel.graph.dims import Label
from guessmodel.graph.hybrids import Hybrids
from guessmodel.graph.kinds import is_indicator
from guessmodel.graph.operators import COMPARISONS
from guessmodel.graph.quantity import Quantity
from guessmodel.model.versions import Versions
from guessmodel.numerics.arrays import FloatArray
from guessmodel.simulation import Run
from guessmodel.simulation.statistics import CHANCE, probability_of
from guessmodel.simulation.summary import STATISTICS
from guessmodel.units import DIMENSIONLESS

__all__ = ["Attribution", "attributed", "attributed_to", "players", "shapley"]

_EXACT = 6  # edits, of which all hybrids are looked at
_MANY = 12  # edits, beyond which those of a file are one where there are several files
_HYBRIDS = 96  # about so many are looked at where not all are
_BYTES = 1 << 28  # of draws that are held at a time

Player = tuple[str, ...]  # edits that are made together


@final
@dataclass(frozen=True, slots=True)
class Attribution:
    """What each edit did to the statistics of an output; `note` says why there is nothing."""

    unit: str
    statistics: Mapping[str, Mapping[str, Estimate]]
    note: str | None = None


def attributed(versions: Versions, run: Run, changes: Sequence[Change]) -> dict[str, Attribution]:
    """The attribution of some changes, by their titles."""
    values = _Values(versions, run)
    together = players(versions)
    return {change.title: _attribution(values, together, change) for change in changes}


def attributed_to(versions: Versions, run: Run, change: Change, statistic: str) -> Attribution:
    """The same of one statistic by its name: `mean`, `median`, a percentile such as `p99`, of a
    comparison `probability`, of any quantity `P(> 5 USD)`. UsageError for another."""
    if not change.in_both:
        return Attribution(change.unit, {}, "only one version has it")
    if CHANCE.fullmatch(statistic):
        versions, change = _chance(versions, change, statistic)
        key = "mean"
    else:
        asked(versions.new, change.name, statistic)
        key = {"median": "p50", "probability": "mean"}.get(statistic, statistic)
        if key != "mean" and probability_of(key) is None:
            raise UsageError(f"{statistic} cannot be attributed; write mean, p95, or 'P(> 5)'")
    said = _attribution(_Values(versions, run), players(versions), change, [key])
    parts = said.statistics.get(key)
    return replace(said, statistics={} if parts is None else {statistic: parts})


def _chance(versions: Versions, change: Change, statistic: str) -> tuple[Versions, Change]:
    """The versions with the comparison that `P(> 5)` asks for, and that as what is asked about."""
    match = CHANCE.fullmatch(statistic)
    assert match is not None
    quantity = versions.new.quantities[change.name]
    if quantity.categories:
        raise UsageError(f"'{change.name}' is a category; ask about a comparison with one")
    limit = threshold_of(match, quantity)
    name = f"{change.name} {match[1]} {match[2]}"
    extended = [
        model.extended({name: COMPARISONS[match[1]](model.quantities[own], limit)})
        for model, own in (
            (versions.old, versions.old_name(change.name)),
            (versions.new, change.name),
        )
    ]
    about = Change(name, change.labels, "", output=False, helper=False, replicates=0)
    return Versions.of(*extended), about


def players(versions: Versions) -> list[Player]:
    """The edits, each alone where it can be: those that would close a cycle in a hybrid are made
    together, and so is one that changes a unit or labels with the edits of what uses it. Many are
    grouped by file."""
    edited = versions.edited
    behind = {edit: versions.edits_behind(edit) for edit in edited}
    leader = {edit: edit for edit in edited}

    def join(a: str, b: str) -> None:
        one, other = leader[a], leader[b]
        for edit in edited:
            if leader[edit] == other:
                leader[edit] = one

    for edit in edited:
        old = versions.old.quantities[versions.old_name(edit)]
        new = versions.new.quantities[edit]
        recast = old.unit != new.unit or old.dims != new.dims
        for other in edited:
            circular = other in behind[edit] and edit in behind[other]
            if circular or (recast and edit in versions.uses[other]):
                join(edit, other)
    if len(set(leader.values())) > _MANY:
        stems = {edit: versions.new.entries[edit].stem for edit in edited}
        if len(set(stems.values())) > 1:
            first: dict[str, str] = {}
            for edit in edited:
                join(first.setdefault(stems[edit], edit), edit)
    groups: dict[str, list[str]] = {}
    for edit in sorted(edited):
        groups.setdefault(leader[edit], []).append(edit)
    return [tuple(group) for group in groups.values()]


def _attribution(
    values: _Values, together: Sequence[Player], change: Change, asked_for: Sequence[str] = ()
) -> Attribution:
    """What each edit did to some statistics: to those asked for, else to all whose difference is a
    number."""
    behind = set(values.versions.edits_behind(change.name))
    those = [player for player in together if behind.intersection(player)]
    wanted = asked_for or [key for key in STATISTICS if _is_number(change.difference[key])]
    if not those:
        return Attribution(change.unit, {}, "no edit lies behind it")
    if not wanted:
        why = change.note or "the difference is no number"
        return Attribution(change.unit, {}, f"not attributed: {why}")
    orders = None if len(those) <= _EXACT else _orders(those, values.run.seed)
    try:
        values.prepare(change, _subsets(those) if orders is None else _prefixes(orders))

        def value(made: Sequence[Player]) -> Mapping[str, ReplicatedStatistic]:
            return values.of(change, made, wanted)

        if orders is None:
            shares = shapley(value, those, wanted)
        else:
            shares = _over_some_orders(value, orders, wanted)
    except GuessmodelError as error:
        return Attribution(change.unit, {}, f"not attributed: {error.message}")
    if change.rare and orders is None and "mean" in wanted:
        shares["mean"] = values.means(change, those)
    found: dict[str, dict[str, Estimate]] = {}
    for key in wanted:
        whole = change.difference.get(key)
        if whole is None or not _is_number(whole):
            whole = (value(those)[key] - value(())[key]).estimate(change.unit)
        found[key] = _added_up({", ".join(p): shares[key][p] for p in those}, whole)
    return Attribution(change.unit, found)


def _is_number(estimate: Estimate | None) -> bool:
    return estimate is not None and math.isfinite(estimate.value)


def _added_up(parts: Mapping[str, Estimate], whole: Estimate) -> dict[str, Estimate]:
    """The parts of a difference, so that they add up to it: one in closed form, or over rare
    events, is not quite that of the draws that tell the parts. What is left goes to all of them
    alike, but may belong to one."""
    if len(parts) == 1:
        return dict.fromkeys(parts, whole)
    left = whole.value - math.fsum(part.value for part in parts.values())
    found = {}
    for name, part in parts.items():
        value = part.value + left / len(parts)
        half = part.error + abs(left) * (1.0 - 1.0 / len(parts))
        notes = dict.fromkeys(note for note in (whole.note, part.note) if note is not None)
        note = "; ".join(notes) or None
        found[name] = replace(
            part, value=value, low=value - half, high=value + half, unit=whole.unit, note=note
        )
    return found


# --- Shapley values -----------------------------------------------------------------------------

_Value = Callable[[Sequence[Player]], Mapping[str, ReplicatedStatistic]]
_Shares = dict[str, dict[Player, Estimate]]


def _subsets(those: Sequence[Player]) -> Iterator[tuple[Player, ...]]:
    for size in range(len(those) + 1):
        yield from combinations(those, size)


def shapley(value: _Value, those: Sequence[Player], wanted: Sequence[str]) -> _Shares:
    """φᵢ = Σ |S|! (n − |S| − 1)! / n! (v(S ∪ i) − v(S)) over the sets S of other edits."""
    shares: _Shares = {key: {} for key in wanted}
    for player in those:
        moves: dict[str, list[ReplicatedStatistic]] = {key: [] for key in wanted}
        for weight, chosen in _weighted(those, player):
            before, after = value(chosen), value((*chosen, player))
            for key in wanted:
                moves[key].append((after[key] - before[key]) * weight)
        for key in wanted:
            shares[key][player] = reduce(add, moves[key]).estimate()
    return shares


def _weighted(
    those: Sequence[Player], player: Player
) -> Iterator[tuple[float, tuple[Player, ...]]]:
    """The sets of other edits that one may be added to, each with its weight."""
    n = len(those)
    for chosen in _subsets([p for p in those if p is not player]):
        size = len(chosen)
        weight = math.factorial(size) * math.factorial(n - size - 1) / math.factorial(n)
        yield weight, chosen


def _orders(those: Sequence[Player], seed: int) -> list[list[Player]]:
    """Orders at random; each second one is the reverse of the one before it."""
    pairs = max(_HYBRIDS // (2 * len(those)), 3)
    random = np.random.default_rng(abs(seed))
    orders = ([those[i] for i in random.permutation(len(those))] for _ in range(pairs))
    return [way for order in orders for way in (order, order[::-1])]


def _prefixes(orders: Sequence[Sequence[Player]]) -> Iterator[Sequence[Player]]:
    for order in orders:
        yield from (order[:k] for k in range(len(order) + 1))


def _over_some_orders(
    value: _Value, orders: Sequence[Sequence[Player]], wanted: Sequence[str]
) -> _Shares:
    """The same over orders at random. To the error that the replicates tell comes that of the
    orders, by Student's t over pairs of an order and its reverse."""
    by_order: dict[tuple[str, Player], list[ReplicatedStatistic]] = {}
    for order in orders:
        before = value(())
        for k, player in enumerate(order):
            after = value(order[: k + 1])
            for key in wanted:
                by_order.setdefault((key, player), []).append(after[key] - before[key])
            before = after
    shares: _Shares = {key: {} for key in wanted}
    pairs = len(orders) // 2
    for (key, player), found in by_order.items():
        estimate = (reduce(add, found) * (1.0 / len(found))).estimate()
        totals = np.array([each.value for each in found])
        of_orders = half_width(totals.reshape(pairs, 2).mean(axis=1), np.ones(pairs))
        half = math.hypot(estimate.error, of_orders)
        shares[key][player] = replace(
            estimate, low=estimate.value - half, high=estimate.value + half
        )
    return shares


# --- hybrids ------------------------------------------------------------------------------------


@final
@dataclass(eq=False)
class _Values:
    """Statistics of outputs where some edits are made, each hybrid sampled once."""

    versions: Versions
    run: Run
    _keys: dict[Quantity, str] = field(default_factory=dict)
    _draws: dict[Quantity, FloatArray] = field(default_factory=dict)
    _known: dict[tuple[str, Quantity], dict[str, ReplicatedStatistic]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        v = self.versions
        self._programs = program_of(v.old), program_of(v.new)
        former = {v.old_name(name): name for name in v.both}
        old = {former.get(name, name): q for name, q in v.old.quantities.items()}
        self._hybrids = Hybrids(old, dict(v.new.quantities), v.edited, self._made)

    def _made(self, new: Quantity, node: Quantity, version: int) -> None:
        """A variate keeps its key."""
        program = self._programs[version]
        if node in program.keys:
            self._keys[new] = program.keys[node]

    def prepare(self, change: Change, sets: Iterable[Sequence[Player]]) -> None:
        """Sample the hybrids of these sets of edits together: what they share is drawn once."""
        nodes = [self._node(change, made) for made in sets]
        new = [node for node in dict.fromkeys(nodes) if node not in self._draws]
        size = 8 * self.run.samples
        if sum(array.nbytes for array in self._draws.values()) + size * len(new) > _BYTES:
            self._draws.clear()
            new = list(dict.fromkeys(nodes))
        if new:
            self._sample(new)

    def of(
        self, change: Change, made: Sequence[Player], wanted: Sequence[str]
    ) -> Mapping[str, ReplicatedStatistic]:
        """Statistics of a quantity, or a label of one, with these edits made."""
        node = self._node(change, made)
        place = change.title, node
        if place not in self._known:
            indicator = bool(node.categories) or is_indicator(node)
            self._known[place] = statistics(self._rows(change, node), wanted, indicator=indicator)
        return self._known[place]

    def means(self, change: Change, those: Sequence[Player]) -> dict[Player, Estimate]:
        """What each edit did to a mean behind which there are rare events: as quantities, for the
        draws of the hybrids may have met none of these."""
        wanted: dict[str, Quantity] = {}
        for number, player in enumerate(those):
            moves = []
            for weight, chosen in _weighted(those, player):
                nodes = (self._node(change, made) for made in ((*chosen, player), chosen))
                after, before = (at_labels(node, change.labels) for node in nodes)
                moves.append((after - before) * weight)
            wanted[f"contribution {number}"] = reduce(add, moves)
        new = self.versions.new.quantities[change.name]
        unit = DIMENSIONLESS if new.categories else units.difference(new.unit)
        model = self.versions.together(wanted)
        found = means_of(model, dict.fromkeys(wanted, unit), self.run)
        return dict(zip(those, found.values(), strict=True))

    def _node(self, change: Change, made: Sequence[Player]) -> Quantity:
        return self._hybrids.of(change.name, {edit for player in made for edit in player})

    def _rows(self, change: Change, node: Quantity) -> FloatArray:
        """Draws (R, N), in the unit of the new version."""
        if node not in self._draws:
            self._sample([node])
        labels: dict[str, Label] = dict(change.labels)
        category = labels.pop("category", None) if node.categories else None
        position = tuple(dim.index(labels[dim.name]) for dim in node.dims)
        rows = self._draws[node][position].reshape(self.run.replicates, self.run.size)
        if category is not None:
            return np.asarray(rows == node.categories.index(category), dtype=np.float64)
        unit = self.versions.new.quantities[change.name].unit
        return np.asarray(units.conversion(node.unit, unit).apply(rows))

    def _sample(self, nodes: Sequence[Quantity]) -> None:
        outputs = {str(k): node for k, node in enumerate(nodes)}
        plan = compile_plan(outputs, self._keys, self.versions.new.universe)
        points = plan.points(self.run.method, self.run.samples, self.run.seed)
        draws = run_plan(plan, points)[0]
        self._draws |= {node: draws[name] for name, node in outputs.items()}
