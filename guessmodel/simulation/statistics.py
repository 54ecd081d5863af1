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

__all__ = ["Statistic", "probability_of", "statistic", "unit_of"]

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
    p = probability_of(name)
    if p is None:
        known = ", ".join(_NAMED)
        raise UsageError(f"no statistic '{name}'; there are {known}, percentiles such as p95")
    return partial(_quantile, p=p)


def probability_of(name: str) -> float | None:
    """The probability at which a percentile is; None of what is none.

    >>> probability_of("p95"), probability_of("median"), probability_of("mean")
    (0.95, 0.5, None)
    """
    match = _PERCENTILE.fullmatch("p50" if name == "median" else name)
    return float(match[1]) / 100.0 if match and 0.0 < float(match[1]) < 100.0 else None


def unit_of(name: str, unit: Unit) -> Unit:
    """The unit of a statistic of a quantity in `unit`: deviations of degC are in delta_degC."""
    if name == "probability":
        return DIMENSIONLESS
    return units.difference(unit) if name == "sd" else unit


def _quantile(result: Result, p: float) -> Estimate:
    return result.quantile(p)
