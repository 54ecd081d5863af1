"""What drives an output: for each input its share of the variance, alone and with all it interacts
with, its rank correlation, and what it does to a statistic while all else stays uncertain."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, final

from guessmodel.analysis.drawn_shares import Drawn, Found, doubted, shares_of_draws
from guessmodel.analysis.drivers import Drivers, Group, GroupKind, Sensitivity
from guessmodel.analysis.exact_shares import ExactShares
from guessmodel.analysis.exact_swings import exact_swings
from guessmodel.analysis.first_order import least_draws
from guessmodel.analysis.groups import Groups, by_label, correlated, grouped
from guessmodel.analysis.inputs import Input, Inputs
from guessmodel.analysis.statistic_of_draws import Statistic, statistic_of
from guessmodel.analysis.tornado import Swing, tornado
from guessmodel.analysis.total_effects import ESTIMATOR, anew, total_effects
from guessmodel.engine.recompute import Change, cost_of
from guessmodel.errors import UsageError
from guessmodel.estimators.estimate import Estimate
from guessmodel.graph.coordinates import Element
from guessmodel.graph.kinds import format_of
from guessmodel.graph.quantity import Quantity
from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.rounding_noise import only_rounding
from guessmodel.simulation import Result, Simulation
from guessmodel.simulation.statistics import statistic as named

__all__ = ["sensitivity"]

_REPLICATES: Final = 4  # at least
_AGAIN: Final = 1 << 13  # draws that are computed again for an input at least
_WORK: Final = 1 << 28  # numbers to compute again for all inputs: some half a second
_FAR: Final = 3.0  # half-widths, which no draws are off that tell their error
_MOST: Final = 1 << 31  # beyond which the weakest inputs are left out


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
        return sensitivity(simulation, result.key, of, groups, by_model=by_model).sel(**labels)
    output = result.name
    if result.quantity.categories:
        raise UsageError(
            f"'{output}' is a category and has no variance; ask what drives a comparison with one"
        )
    statistic = statistic_of(of, result.quantity, output)
    rows = result.by_replicate
    replicates, size = rows.shape[-2:]
    run = simulation.run
    stratified = run.method != "random"
    least = least_draws(stratified=stratified)
    if size < least or replicates < _REPLICATES:
        raise UsageError(
            f"indices of '{output}' need {8 * least:,} samples by {run.method} at least, not "
            f"{replicates * size:,}"
        )
    kept = simulation.tallies is None
    n = (run.asked or run.samples) if kept else replicates * size
    inputs = Inputs.of(simulation.model, output, run.method, n, run.seed, replicates, pause)
    drawn = Drawn(simulation, n, replicates)
    parts = _parts(inputs, grouped(inputs.all, output, groups, by_model=by_model))
    found: dict[tuple[int, ...], Found] = {}
    for position, behind in inputs.behind.items():
        piece = replace(result, dims=(), position=position)
        exact = None
        if statistic.of_variance and behind and not run.given:
            place = Element(result.quantity, position)
            exact = ExactShares.of(simulation.model, place, behind, [p.members for p in parts])
        found[position] = shares_of_draws(
            piece, rows[position], behind, inputs, statistic, drawn, exact
        )
    if not result.dims and found[()].drivers.unreliable and not found[()].drivers.drivers:
        raise UsageError(f"'{output}' {found[()].drivers.unreliable}")
    strength = _strength(inputs, [each.drivers for each in found.values()])
    exact_swing = {
        position: exact_swings(
            simulation.model, Element(result.quantity, position), behind, statistic
        )
        for position, behind in inputs.behind.items()
        if found[position].exact is not None
    }
    swings: dict[tuple[int, ...], Mapping[str, Swing]] = {}
    if any(exact_swing.get(position) is None for position in found):
        held = [[Change(one.places)] * 2 for one in strength]
        count, fewer = _afforded(inputs, held, n)
        swings |= tornado(fewer, strength[:count], statistic)
    totals, closed = _again(inputs, strength, parts, n, found)
    pieces = {}
    for position, each in found.items():
        drivers, y = each.drivers, rows[position]
        piece = replace(result, dims=(), position=position)
        base, swinging = math.nan, swings.get(position, {})
        if drivers.drivers:
            base, swinging = exact_swing.get(position) or _drawn(piece, y, statistic, swinging)
        form = format_of(result.quantity)
        if form is not None and statistic.unit == result.unit:
            swinging = {key: _formatted(each, form) for key, each in swinging.items()}
        nothing = _no_statistic(piece, statistic)
        if nothing is not None:
            base, swinging = math.nan, dict.fromkeys(swinging, _refused(nothing, statistic.unit))
        whole = _whole(drivers, base, swinging, totals.get(position, {}))
        pieces[position] = replace(whole, groups=_groups(whole, closed.get(position, ())))
    return Sensitivity(
        output,
        statistic.unit,
        of,
        statistic.shared,
        result.dims,
        pieces,
        run.heading,
        simulation,
    )


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


def _afforded(inputs: Inputs, each: Sequence[Sequence[Change]], n: int) -> tuple[int, Inputs]:
    """How many can be afforded, and the inputs with as many draws as can be."""
    count = len(each)
    while True:
        cost = cost_of(inputs.plan, [change for changes in each[:count] for change in changes])
        if cost * min(n, _AGAIN) <= _MOST or count <= 1:
            break
        count //= 2
    draws = n
    while draws > _AGAIN and cost * draws > _WORK:
        draws //= 2
    return count, inputs.again(draws, inputs.points.seed)


_Totals = dict[tuple[int, ...], dict[str, Estimate]]
_Closed = dict[tuple[int, ...], list[Group]]


def _again(
    inputs: Inputs,
    strength: Sequence[Input],
    parts: Sequence[_Part],
    n: int,
    found: Mapping[tuple[int, ...], Found],
) -> tuple[_Totals, _Closed]:
    """Total effects of inputs by key, and what groups do, both by position."""
    shares = {position: each.shares for position, each in found.items()}
    views = {position: each.view for position, each in found.items()}
    spreads = {position: each.sd for position, each in found.items()}
    count, fewer = _afforded(inputs, [[anew([one])] for one in strength], n)
    some = strength[:count]
    totals: _Totals = {}
    drawn = any(shares.values())
    none: list[dict[tuple[int, ...], Estimate]] = [{}] * (len(some) + 2 * len(parts))
    each_one = [[one] for one in some]
    effects = total_effects(fewer, each_one, shares, views, spreads) if drawn else none
    for one, by_position in zip(some, effects, strict=False):
        for position, each in by_position.items():
            totals.setdefault(position, {})[one.key] = each
    for position, of_draws in found.items():
        if of_draws.exact is not None:
            totals[position] = {
                one.key: of_draws.exact.in_all[frozenset((one.key,))]
                for one in inputs.behind[position]
            }
    count, fewer = _afforded(inputs, [[anew(p.members), anew(p.others)] for p in parts], n)
    sides = [side for part in parts[:count] for side in (part.members, part.others)]
    effects = total_effects(fewer, sides, shares, views, spreads) if drawn else none
    closed: _Closed = {}
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
                nothing = Estimate.refused(doubt or "unknown", ESTIMATOR)
                group = Group(part.name, own, nothing, nothing, part.kind)
            first, total = doubted(group.first, doubt), doubted(group.total, doubt)
            closed.setdefault(position, []).append(replace(group, first=first, total=total))
    return totals, closed


def _group(part: _Part, own: tuple[str, ...], total: Estimate, rest: Estimate | None) -> Group:
    """Its closed index is what the total effect of all other inputs leaves (Saltelli and others
    2008); without others it is all."""
    if rest is None:
        return Group(part.name, own, Estimate.exact(1.0), Estimate.exact(1.0), part.kind)
    ends = 1.0 - rest.value, 1.0 - rest.high, 1.0 - rest.low
    value, low, high = (min(max(end, 0.0), 1.0) for end in ends)
    first = replace(rest, value=value, low=low, high=high)
    return Group(part.name, own, first, total, part.kind)


def _groups(whole: Drivers, closed: Iterable[Group]) -> tuple[Group, ...]:
    """The strongest first, and so their members."""
    rank = {driver.name: k for k, driver in enumerate(whole.drivers)}
    each = [
        replace(group, members=tuple(sorted(group.members, key=lambda name: rank.get(name, 0))))
        for group in closed
    ]
    return tuple(sorted(each, key=lambda group: -round(group.size, 6)))


def _no_statistic(piece: Result, statistic: Statistic) -> str | None:
    """Why the statistic of the output as it is does not exist, by its tails."""
    if not statistic.of_variance:
        return None
    most = piece.tail_index.most
    if statistic.name == "sd":
        return "the variance is infinite" if most <= 2.0 else None
    return "the mean does not exist" if most <= 1.0 else None


def _drawn(
    piece: Result, y: FloatArray, statistic: Statistic, swings: Mapping[str, Swing]
) -> tuple[float, Mapping[str, Swing]]:
    """The statistic by the draws, and the swings. Where it is known to be another the draws have
    missed what is rare, and with an input held they may have: intervals are as much wider, and
    marked where no error of draws explains it."""
    drawn = statistic.of(y)
    if statistic.percentile is not None or math.isnan(drawn.value):
        return drawn.value, swings
    known = named(statistic.name)(piece)
    missed, error = known.value - drawn.value, math.hypot(known.error, drawn.error)
    if (
        not known.reliable
        or not abs(missed) > error
        or only_rounding(*sorted((known.value, drawn.value)))
    ):
        return drawn.value, swings
    note = None
    if abs(missed) > _FAR * error:
        note = f"unreliable: the draws have a {statistic.name} of {drawn.value:.4g}, not {known}"
    below, above = min(missed, 0.0) - known.error, max(missed, 0.0) + known.error
    return drawn.value, {
        key: Swing(
            _wider(swing.at_p5, below, above, note),
            _wider(swing.at_p95, below, above, note),
            _wider(swing.swing, -abs(missed), abs(missed), note),
        )
        for key, swing in swings.items()
    }


def _wider(found: Estimate, below: float, above: float, note: str | None) -> Estimate:
    if math.isnan(found.value):
        return found
    ends = found.low + below, found.high + above
    return replace(found, low=ends[0], high=ends[1], note=found.note or note)


def _formatted(swing: Swing, wanted: str) -> Swing:
    """Both ends as the quantity is written; their difference is none of its values."""
    low, high = (replace(end, format=wanted) for end in (swing.at_p5, swing.at_p95))
    return Swing(low, high, swing.swing)


def _refused(why: str, unit: str) -> Swing:
    nothing = Estimate.refused(why, "replicates", unit)
    return Swing(nothing, nothing, nothing)


def _whole(
    drivers: Drivers, base: float, swings: Mapping[str, Swing], totals: Mapping[str, Estimate]
) -> Drivers:
    """With what was computed again, the strongest first."""
    doubt = drivers.unreliable
    full = []
    for each in drivers.drivers:
        total, swing = totals.get(each.key), swings.get(each.key)
        tied = each.first.note or ""
        if tied.startswith("correlated"):
            total = Estimate.refused(tied, ESTIMATOR)
            swing = None if swing is None else _refused(tied, swing.swing.unit)
        elif total is not None:
            total = doubted(total, doubt)
        elif math.isnan(each.first.value):
            total = Estimate.refused(each.first.note or "unknown", ESTIMATOR)
        full.append(replace(each, total=total, tornado=swing))
    full.sort(key=lambda each: -round(each.size, 6))
    return Drivers(tuple(full), doubt, base)
