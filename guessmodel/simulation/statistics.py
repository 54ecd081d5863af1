"""Statistics of a result by their names, as commands, claims and headlines ask for them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from guessmodel import units
from guessmodel.errors import UsageError, WrongKind
from guessmodel.estimators.estimate import Estimate
from guessmodel.simulation.result import Result
from guessmodel.units import DIMENSIONLESS, Unit

__all__ = ["Statistic", "statistic", "unit_of"]

Statistic = Callable[[Result], Estimate]

_PERCENTILE: Final = re.compile(r"p([0-9]+(?:\.[0-9]+)?)")
_NAMED: Final[Mapping[str, Statistic]] = {
    "mean": Result.mean,
    "sd": Result.sd,
    "median": Result.median,
    "probability": Result.probability,
}


def statistic(name: str) -> Statistic:
    """The statistic of a name: `mean`, `sd`, `median`, `probability`, or a percentile such as `p95`
    or `p99.9`.

    Raises UsageError for another name, WrongKind for what is no text.

    >>> import guessmodel as gm
    >>> print(statistic("p95")(gm.lognormal(5, 10, "USD").sample(1024)))
    10 USD
    """
    if not isinstance(name, str):
        raise WrongKind(f"a statistic is told by its name, such as 'p95', not by {name!r}")
    if name in _NAMED:
        return _NAMED[name]
    match = _PERCENTILE.fullmatch(name)
    if match is None or not 0.0 < float(match[1]) < 100.0:
        known = ", ".join(_NAMED)
        raise UsageError(f"no statistic '{name}'; there are {known}, percentiles such as p95")
    return partial(_quantile, p=float(match[1]) / 100.0)


def unit_of(name: str, unit: Unit) -> Unit:
    """The unit of a statistic of a quantity in `unit`: deviations of degC are in delta_degC."""
    if name == "probability":
        return DIMENSIONLESS
    return units.difference(unit) if name == "sd" else unit


def _quantile(result: Result, p: float) -> Estimate:
    return result.quantile(p)
