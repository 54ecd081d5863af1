"""What drives an output: for each input its share of the variance, alone and with all it interacts
with, its rank correlation, and what it does to a statistic while all else stays uncertain."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import final

from guessmodel.analysis.drawn_shares import CorrelatedDraws, Found, doubted, shares_of_draws
from guessmodel.analysis.driven import Driven, afforded
from guessmodel.analysis.drivers import Drivers, Group, GroupKind, Sensitivity
from guessmodel.analysis.exact_shares import ExactShares
from guessmodel.analysis.groups import Groups, by_label, correlated, grouped
from guessmodel.analysis.inputs import Input, Inputs
from guessmodel.analysis.swings import refused, swings_of
from guessmodel.analysis.tornado import Swing
from guessmodel.analysis.total_effects import ESTIMATOR, anew, total_effects
from guessmodel.errors import UsageError
from guessmodel.estimators.estimate import Estimate
from guessmodel.graph.quantity import Quantity
from guessmodel.simulation import Simulation

__all__ = ["sensitivity"]


def sensitivity(
    simulation: Simulation,
    output: str | Quantity,
    of: str = "mean",
    groups: Groups | None = None,
    *,
    by_model: bool = False,
    pause: Callable[[], None] = lambda: None,
) -> Sensitivity:
    """See `Simulation.sensitivity`. `pause` is called now and then, and may raise."""
    result = simulation[output]
    if result.position:  # a label of one
        at = dict(zip((dim.name for dim in result.quantity.dims), result.position, strict=True))
        labels = {dim.name: dim.labels[at[dim.name]] for dim in result.quantity.dims}
        every = sensitivity(simulation, result.key, of, groups, by_model=by_model, pause=pause)
        return every.sel(**labels)
    driven = Driven.of(simulation, result, of, pause)
    inputs, statistic = driven.inputs, driven.statistic
    parts = _parts(inputs, grouped(inputs.all, result.name, groups, by_model=by_model))
    found = _shares(driven, parts)
    if not result.dims and found[()].drivers.unreliable and not found[()].drivers.drivers:
        raise UsageError(f"'{result.name}' {found[()].drivers.unreliable}")
    strength = _strength(inputs, [each.drivers for each in found.values()])
    swings = swings_of(driven, strength, found)
    totals = _totals(inputs, strength, driven.n, found)
    closed = _closed(inputs, parts, driven.n, found)
    pieces = {}
    for position, each in found.items():
        whole = _completed(each.drivers, *swings[position], totals.get(position, {}))
        pieces[position] = replace(whole, groups=_groups(whole, closed.get(position, ())))
    return Sensitivity(
        result.name,
        statistic.unit,
        of,
        statistic.shared,
        result.dims,
        pieces,
        simulation.run.heading,
        simulation,
    )


def _shares(driven: Driven, parts: Sequence[_Part]) -> dict[tuple[int, ...], Found]:
    """Shares of what inputs do alone, at each label: exact ones, or those of the draws."""
    simulation, statistic = driven.simulation, driven.statistic
    drawn = CorrelatedDraws(simulation, driven.n, driven.rows.shape[-2])
    members = [part.members for part in parts]
    found: dict[tuple[int, ...], Found] = {}
    for position, behind in driven.inputs.behind.items():
        exact = None
        if statistic.of_variance and behind and not simulation.run.given:
            exact = ExactShares.of(simulation.model, driven.place(position), behind, members)
        piece, rows = driven.piece(position), driven.rows[position]
        found[position] = shares_of_draws(
            piece, rows, behind, driven.inputs, statistic, drawn, exact
        )
    return found


# --- draws that are computed again ----------------------------------------------------------------


@final
@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """A group that is to be looked at: it and all other inputs."""

    name: str
    members: tuple[Input, ...]
    others: tuple[Input, ...]
    kind: GroupKind


def _parts(inputs: Inputs, together: Mapping[str, tuple[Input, ...]]) -> list[_Part]:
    """The groups that were asked for, what is correlated, and the labels of each draw that has
    several behind one label of the output."""
    tied = {frozenset(members): name for name, members in correlated(inputs.all).items()}
    found = [
        _Part(name, members, (), "correlated" if frozenset(members) in tied else "inputs")
        for name, members in together.items()
    ]
    known = {frozenset(members) for members in together.values()}
    found += [
        _Part(name, tuple(one for one in inputs.all if one in members), (), "correlated")
        for members, name in tied.items()
        if members not in known
    ]
    each = (by_label(behind) for behind in inputs.behind.values())
    labelled = dict.fromkeys(name for some in each for name in some)
    taken = {*together, *tied.values()}
    found += [
        _Part(name, members, (), "labels")
        for name, members in by_label(inputs.all).items()
        if name in labelled and name not in taken and not members[0].tied
        if frozenset(members) not in known
    ]
    return [
        replace(part, others=tuple(one for one in inputs.all if one not in set(part.members)))
        for part in found
    ]


def _strength(inputs: Inputs, found: Iterable[Drivers]) -> list[Input]:
    """All inputs, those with the largest index first."""
    largest = {one.key: 0.0 for one in inputs.all}
    for each in found:
        for driver in each.drivers:
            share = (
                driver.first.value if math.isfinite(driver.first.value) else driver.rank.value**2
            )
            largest[driver.key] = max(largest[driver.key], share)
    return sorted(inputs.all, key=lambda one: -largest[one.key])


_ByPosition = dict[tuple[int, ...], Estimate]


def _redrawn(
    inputs: Inputs, parts: Sequence[Sequence[Input]], found: Mapping[tuple[int, ...], Found]
) -> list[_ByPosition]:
    """The total effect of each part, by drawing it anew; none at all where the draws tell no share
    that could be refined."""
    shares = {position: each.shares for position, each in found.items()}
    if not any(shares.values()):
        return []
    views = {position: each.view for position, each in found.items()}
    spreads = {position: each.sd for position, each in found.items()}
    return total_effects(inputs, parts, shares, views, spreads)


def _totals(
    inputs: Inputs, strength: Sequence[Input], n: int, found: Mapping[tuple[int, ...], Found]
) -> dict[tuple[int, ...], dict[str, Estimate]]:
    """Total effects of inputs, by position and key: exact ones, or those of draws."""
    count, fewer = afforded(inputs, [[anew([one])] for one in strength], n)
    some = strength[:count]
    totals: dict[tuple[int, ...], dict[str, Estimate]] = {}
    for one, effects in zip(some, _redrawn(fewer, [[one] for one in some], found), strict=False):
        for position, each in effects.items():
            totals.setdefault(position, {})[one.key] = each
    for position, of_draws in found.items():
        if of_draws.exact is not None:
            totals[position] = {
                one.key: of_draws.exact.in_all[frozenset((one.key,))]
                for one in inputs.behind[position]
            }
    return totals


def _closed(
    inputs: Inputs, parts: Sequence[_Part], n: int, found: Mapping[tuple[int, ...], Found]
) -> dict[tuple[int, ...], list[Group]]:
    """What groups do, by position: exactly, or by draws."""
    count, fewer = afforded(inputs, [[anew(p.members), anew(p.others)] for p in parts], n)
    sides = [side for part in parts[:count] for side in (part.members, part.others)]
    nothing: _ByPosition = {}
    effects = _redrawn(fewer, sides, found) or [nothing] * (2 * len(parts))
    closed: dict[tuple[int, ...], list[Group]] = {}
    for part, whole, rest in zip(parts, effects[::2], effects[1::2], strict=False):
        for position, behind in inputs.behind.items():
            own = tuple(one.name for one in behind if one in set(part.members))
            if (
                not found[position].drivers.drivers
                or not own
                or (part.kind != "inputs" and len(own) < 2)
            ):
                continue
            doubt, exact = found[position].drivers.unreliable, found[position].exact
            if exact is not None:
                keys = frozenset(one.key for one in behind if one in set(part.members))
                group = Group(part.name, own, exact.alone[keys], exact.in_all[keys], part.kind)
            elif position in whole:
                group = _group(part, own, whole[position], rest.get(position))
            else:
                unknown = Estimate.refused(doubt or "unknown", ESTIMATOR)
                group = Group(part.name, own, unknown, unknown, part.kind)
            first, total = doubted(group.first, doubt), doubted(group.total, doubt)
            closed.setdefault(position, []).append(replace(group, first=first, total=total))
    return closed


def _group(part: _Part, own: tuple[str, ...], total: Estimate, rest: Estimate | None) -> Group:
    """A group with its indices. Its closed index is what the total effect of all other inputs
    leaves (Saltelli and others 2008); without others it is all."""
    if rest is None:
        return Group(part.name, own, Estimate.exact(1.0), Estimate.exact(1.0), part.kind)
    ends = 1.0 - rest.value, 1.0 - rest.high, 1.0 - rest.low
    value, low, high = (min(max(end, 0.0), 1.0) for end in ends)
    first = replace(rest, value=value, low=low, high=high)
    return Group(part.name, own, first, total, part.kind)


def _groups(whole: Drivers, closed: Iterable[Group]) -> tuple[Group, ...]:
    """The groups at each label, the strongest first, and so their members."""
    rank = {driver.name: k for k, driver in enumerate(whole.drivers)}
    each = [
        replace(group, members=tuple(sorted(group.members, key=lambda name: rank.get(name, 0))))
        for group in closed
    ]
    return tuple(sorted(each, key=lambda group: -round(group.size, 6)))


def _completed(
    drivers: Drivers, base: float, swings: Mapping[str, Swing], totals: Mapping[str, Estimate]
) -> Drivers:
    """The drivers with what was computed again, the strongest first."""
    doubt = drivers.unreliable
    full = []
    for each in drivers.drivers:
        total, swing = totals.get(each.key), swings.get(each.key)
        tied = each.first.note or ""
        if tied.startswith("correlated"):
            total = Estimate.refused(tied, ESTIMATOR)
            swing = None if swing is None else refused(tied, swing.swing.unit)
        elif total is not None:
            total = doubted(total, doubt)
        elif math.isnan(each.first.value):
            total = Estimate.refused(each.first.note or "unknown", ESTIMATOR)
        full.append(replace(each, total=total, tornado=swing))
    full.sort(key=lambda each: -round(each.size, 6))
    return Drivers(tuple(full), doubt, base)
