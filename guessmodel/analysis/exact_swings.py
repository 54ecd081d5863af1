"""Swings that are known exactly: mean or standard deviation of an output that is made of parts
which share no draw, with one input held at its 5th and its 95th percentile."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from guessmodel.analysis.exact_shares import variates_of
from guessmodel.analysis.inputs import Input
from guessmodel.analysis.statistic_of_draws import StatisticOfDraws
from guessmodel.analysis.tornado import SHARE, Swing
from guessmodel.estimators.by_parts.cases import Holding
from guessmodel.estimators.estimate import Estimate
from guessmodel.estimators.program import program_of
from guessmodel.graph.coordinates import Element
from guessmodel.model.model import Model

__all__ = ["exact_swings"]


def exact_swings(
    model: Model, element: Element, behind: Sequence[Input], statistic: StatisticOfDraws
) -> tuple[float, Mapping[str, Swing]] | None:
    """The statistic of a quantity at a coordinate as it is, and the swing of each input behind it
    by key; None where they are not known."""
    if not statistic.of_variance:
        return None
    bits = variates_of(model, element)
    if any(one.key not in bits for one in behind):
        return None
    count = 2 * len(behind) + 1
    levels = {1 << k: np.full(count, math.nan) for k in range(sum(bits.values()).bit_length())}
    for place, one in enumerate(behind):
        for bit, own in levels.items():
            if bits[one.key] & bit:
                own[2 * place : 2 * place + 2] = SHARE, 1.0 - SHARE
    found = program_of(model).parts.supposing(element, Holding(levels), count)
    if found is None:
        return None
    told = np.ldexp(np.sqrt(found.second), found.power)
    if statistic.name != "sd":
        told = np.asarray(found.value)
    values = np.broadcast_to(told, count).tolist()
    swings = {}
    for one, low, high in zip(behind, values[:-1:2], values[1::2], strict=True):
        ends = low, high, high - low
        swings[one.key] = Swing(*(Estimate.exact(end, statistic.unit) for end in ends))
    return values[-1], swings
