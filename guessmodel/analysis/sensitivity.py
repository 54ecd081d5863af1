"""What drives an output: for each input its share of the variance, alone and with all it interacts
with, its rank correlation, and what it does to a statistic while all else stays uncertain."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final, final

import numpy as np

from guessmodel.analysis.classes import FloatArray
from guessmodel.analysis.drivers import Driver, Drivers, Group, GroupKind, Sensitivity
from guessmodel.analysis.first_order import Share, first_order, least_draws
from guessmodel.analysis.groups import Groups, by_label, correlated, grouped
from guessmodel.analysis.inputs import Input, Inputs
from guessmodel.analysis.met_variance import MetVariance
from guessmodel.analysis.statistic_of_draws import Statistic, View, statistic_of
from guessmodel.analysis.tornado import Swing, tornado
from guessmodel.analysis.total_effects import ESTIMATOR, anew, total_effects
from guessmodel.engine.recompute import Change, cost_of
from guessmodel.errors import UsageError
from guessmodel.estimators.estimate import Estimate, refuses
from guessmodel.estimators.over_replicates import correlation
from guessmodel.graph.categories import have_order
from guessmodel.graph.kinds import format_of
from guessmodel.graph.quantity import Quantity
from guessmodel.numerics.rounding_noise import only_rounding
from guessmodel.numerics.sorting import centred_ranks
from guessmodel.simulation import Result, Simulation

__all__ = ["sensitivity"]

_REPLICATES: Final = 4  # at least
_AGAIN: Final = 1 << 13  # draws that are computed again for an input at least
_WORK: Final = 1 << 28  # numbers to compute again for all inputs: some half a second
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
    drawn = _Drawn(simulation, n, replicates)
    together = grouped(inputs.all, output, groups, by_model=by_model)
    found: dict[tuple[int, ...], _Found] = {}
    for position, behind in inputs.behind.items():
        piece = replace(result, dims=(), position=position)
        found[position] = _indices(piece, rows[position], behind, inputs, statistic, drawn)
    if not result.dims and found[()].drivers.unreliable and not found[()].drivers.drivers:
        raise UsageError(f"'{output}' {found[()].drivers.unreliable}")
    strength = _strength(inputs, [each.drivers for each in found.values()])
    held = [[Change(one.places)] * 2 for one in strength]
    count, fewer = _afforded(inputs, held, n)
    swings = tornado(fewer, strength[:count], statistic)
    totals, closed = _again(inputs, strength, _parts(inputs, together), n, found)
    pieces = {}
    for position, each in found.items():
        drivers, y = each.drivers, rows[position]
        base, swinging = math.nan, swings.get(position, {})
        form = format_of(result.quantity)
        if form is not None and statistic.unit == result.unit:
            swinging = {key: _formatted(each, form) for key, each in swinging.items()}
        nothing = _no_statistic(replace(result, dims=(), position=position), statistic)
        if nothing is not None:
            swinging = dict.fromkeys(swinging, _refused(nothing, statistic.unit))
        elif drivers.drivers:
            base = statistic.estimate(statistic.view(y)).value
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


# --- the draws of the run -------------------------------------------------------------------------


@final
@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """What the draws of the run tell of the output at one label."""

    drivers: Drivers
    shares: Mapping[str, Share]
    """First-order indices by key; none where there is no variance to share."""
    view: View
    """What they are shares of."""
    sd: Estimate | None = None
    """Of these, where it is known by more than the draws."""


def _indices(
    piece: Result,
    y: FloatArray,
    behind: Sequence[Input],
    inputs: Inputs,
    statistic: Statistic,
    drawn: _Drawn,
) -> _Found:
    """First-order indices and rank correlations of an output at one label."""
    view = statistic.parted(y)
    if not np.isfinite(y).all():
        share = 1.0 - float(np.isfinite(y).mean())
        none = Drivers((), f"has draws that are not finite, {share:.2g} of all: no variance")
        return _Found(none, {}, view)
    if not behind:
        return _Found(Drivers((), "does not vary, so nothing drives it"), {}, view)
    if only_rounding(float(y.min()), float(y.max())):  # it may vary more seldom than once in a run
        reason = f"is the same in all {y.size:,} draws, so nothing tells what drives it"
        return _Found(Drivers((), reason), {}, view)
    seen = view(y)
    if seen.min() == seen.max():
        always = "always" if seen.min() else "never"
        return _Found(Drivers((), f"is {always} so, so nothing drives it"), {}, view)
    found = first_order(
        seen,
        [partial(inputs.classes, one) for one in behind],
        stratified=inputs.points.method != "random",
    )
    doubt = (_variance(piece) if statistic.of_variance else None) or found.unreliable
    sd = piece.sd() if statistic.of_variance and not refuses(doubt) else None
    met = MetVariance.of(seen, sd)
    doubt = doubt or met.doubt or (None if sd is None else sd.note)
    ranks = centred_ranks(y)
    drivers = []
    for one, first in zip(behind, found.indices, strict=True):
        others = [other.name for other in behind if other.key in one.tied and other is not one]
        if others:
            first = Estimate.refused(_correlated(others), first.estimator)
        x = drawn.of(one) if one.tied else inputs.variate(one)[1]
        rank = Estimate.refused("is correlated and has no name", ESTIMATOR)
        if one.categories and not have_order(one.categories):
            rank = Estimate.refused("its labels have no order", ESTIMATOR)
        elif x is not None:
            rank = correlation(ranks, centred_ranks(x))
        first = _doubted(met.of_whole(first), doubt)
        drivers.append(
            Driver(one.key, one.name, one.unit, one.ends, first, rank, labels=one.categories)
        )
    known = zip(behind, found.shares, strict=True) if found.shares and not refuses(doubt) else ()
    return _Found(Drivers(tuple(drivers), doubt), {one.key: s for one, s in known}, view, sd)


@final
class _Drawn:
    """Draws of inputs that are correlated with others, which their own random numbers do not tell;
    those of each quantity are made once."""

    def __init__(self, simulation: Simulation, n: int, replicates: int) -> None:
        self.simulation = simulation
        self.n = n
        self.replicates = replicates
        self._known: dict[str, Result] = {}

    def of(self, one: Input) -> FloatArray | None:
        """(replicates, draws); None of what has no name."""
        model, run = self.simulation.model, self.simulation.run
        if one.title not in model.quantities:
            return None
        if one.title not in self._known:
            again = model.sample(
                self.n, seed=run.seed, method=run.method, quantities=[one.title], keep=True
            )
            self._known[one.title] = again[one.title]
        return self._known[one.title].sel(**one.labels).by_replicate[: self.replicates]


def _correlated(others: Sequence[str]) -> str:
    more = ", …" if len(others) > 3 else ""
    return f"correlated with {', '.join(others[:3])}{more}; see what they do together"


def _variance(piece: Result) -> str | None:
    """Why the output may have no variance, or its estimates no error, by its tails."""
    closed = piece.closed
    if closed is not None:
        return None if math.isfinite(closed.sd()) else "the variance is infinite"
    index = piece.tail_index
    if index.most <= 2.0:
        return "the variance is infinite"
    if index.least <= 2.0:
        return "unreliable: the variance may be infinite"
    return "unreliable: infinite fourth moment" if index.most <= 4.0 else None


def _no_statistic(piece: Result, statistic: Statistic) -> str | None:
    """Why the statistic of the output as it is does not exist, by its tails."""
    if not statistic.of_variance:
        return None
    most = piece.tail_index.most
    if statistic.name == "sd":
        return "the variance is infinite" if most <= 2.0 else None
    return "the mean does not exist" if most <= 1.0 else None


def _doubted(estimate: Estimate, doubt: str | None) -> Estimate:
    if doubt is None or math.isnan(estimate.value):
        return estimate
    if refuses(doubt):
        return Estimate.refused(doubt, estimate.estimator)
    return replace(estimate, note=doubt)


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
    found: Mapping[tuple[int, ...], _Found],
) -> tuple[_Totals, _Closed]:
    """Total effects of inputs by key, and what groups do, both by position."""
    shares = {position: each.shares for position, each in found.items()}
    views = {position: each.view for position, each in found.items()}
    spreads = {position: each.sd for position, each in found.items()}
    count, fewer = _afforded(inputs, [[anew([one])] for one in strength], n)
    some = strength[:count]
    totals: _Totals = {}
    effects = total_effects(fewer, [[one] for one in some], shares, views, spreads)
    for one, by_position in zip(some, effects, strict=True):
        for position, each in by_position.items():
            totals.setdefault(position, {})[one.key] = each
    count, fewer = _afforded(inputs, [[anew(p.members), anew(p.others)] for p in parts], n)
    sides = [side for part in parts[:count] for side in (part.members, part.others)]
    effects = total_effects(fewer, sides, shares, views, spreads)
    closed: _Closed = {}
    for part, whole, rest in zip(parts, effects[::2], effects[1::2], strict=False):
        for position, behind in inputs.behind.items():
            own = tuple(one.name for one in behind if one in set(part.members))
            if not own or (part.kind != "inputs" and len(own) < 2):
                continue
            doubt = found[position].drivers.unreliable
            if position in whole:
                group = _group(part, own, whole[position], rest.get(position))
            else:
                nothing = Estimate.refused(doubt or "unknown", ESTIMATOR)
                group = Group(part.name, own, nothing, nothing, part.kind)
            first, total = _doubted(group.first, doubt), _doubted(group.total, doubt)
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
            total = _doubted(total, doubt)
        elif math.isnan(each.first.value):
            total = Estimate.refused(each.first.note or "unknown", ESTIMATOR)
        full.append(replace(each, total=total, tornado=swing))
    full.sort(key=lambda each: -round(each.size, 6))
    return Drivers(tuple(full), doubt, base)
