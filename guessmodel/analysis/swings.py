"""Swings: what a statistic of an output comes to with an input held at its own 5th, then 95th
percentile; exactly where parts tell, else by draws that are computed again."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from guessmodel.analysis.drawn_shares import Found
from guessmodel.analysis.driven import Driven, afforded
from guessmodel.analysis.exact_swings import exact_swings
from guessmodel.analysis.inputs import Input
from guessmodel.analysis.statistic_of_draws import StatisticOfDraws
from guessmodel.analysis.tornado import Swing, tornado
from guessmodel.engine.recompute import Change
from guessmodel.estimators.estimate import Estimate
from guessmodel.graph.kinds import format_of
from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.rounding_noise import only_rounding
from guessmodel.simulation import Result
from guessmodel.simulation.statistics import statistic as named

__all__ = ["refused", "swings_of"]

_FAR: Final = 3.0  # half-widths, which no draws are off that tell their error


def swings_of(
    driven: Driven, strength: Sequence[Input], found: Mapping[tuple[int, ...], Found]
) -> dict[tuple[int, ...], tuple[float, Mapping[str, Swing]]]:
    """The statistic, and its swings by the key of the input, at each label: exact ones, or those of
    the draws."""
    statistic, result, inputs = driven.statistic, driven.result, driven.inputs
    exact = {
        position: exact_swings(driven.simulation.model, driven.place(position), behind, statistic)
        for position, behind in inputs.behind.items()
        if found[position].exact is not None
    }
    drawn: Mapping[tuple[int, ...], Mapping[str, Swing]] = {}
    if any(exact.get(position) is None for position in found):
        held = [[Change(one.places)] * 2 for one in strength]
        count, fewer = afforded(inputs, held, driven.n)
        drawn = tornado(fewer, strength[:count], statistic)
    form = format_of(result.quantity) if statistic.unit == result.unit else None
    told: dict[tuple[int, ...], tuple[float, Mapping[str, Swing]]] = {}
    for position, each in found.items():
        piece = driven.piece(position)
        base, swings = math.nan, drawn.get(position, {})
        if each.drivers.drivers:
            base, swings = exact.get(position) or _by_draws(
                piece, driven.rows[position], statistic, swings
            )
        if form is not None:
            swings = {key: _formatted(swing, form) for key, swing in swings.items()}
        nothing = _no_statistic(piece, statistic)
        if nothing is not None:
            base, swings = math.nan, dict.fromkeys(swings, refused(nothing, statistic.unit))
        told[position] = base, swings
    return told


def _no_statistic(piece: Result, statistic: StatisticOfDraws) -> str | None:
    """Why the statistic of the output as it is does not exist, by its tails."""
    if not statistic.of_variance:
        return None
    most = piece.tail_index.most
    if statistic.name == "sd":
        return "the variance is infinite" if most <= 2.0 else None
    return "the mean does not exist" if most <= 1.0 else None


def _by_draws(
    piece: Result, y: FloatArray, statistic: StatisticOfDraws, swings: Mapping[str, Swing]
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
    """The swing with both ends as the quantity is written; their difference is none of its
    values."""
    low, high = (replace(end, format=wanted) for end in (swing.at_p5, swing.at_p95))
    return Swing(low, high, swing.swing)


def refused(why: str, unit: str) -> Swing:
    """A swing that there is none of, and why."""
    nothing = Estimate.refused(why, "replicates", unit)
    return Swing(nothing, nothing, nothing)
