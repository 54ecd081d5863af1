"""Statistics of a result by their names, as commands, claims and headlines ask for them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from guessmodel import units
from guessmodel.errors import UsageError, WrongKind, did_you_mean
from guessmodel.estimators.estimate import Estimate
from guessmodel.graph.number_in import number_in
from guessmodel.simulation.result import Result
from guessmodel.units import DIMENSIONLESS, Unit

__all__ = [
    "CHANCE",
    "NAMES",
    "Statistic",
    "ends_of",
    "probability_of",
    "statistic",
    "unit_of",
]

Statistic = Callable[[Result], Estimate]

CHANCE: Final = re.compile(r"P\(\s*(>=|<=|>|<)\s*(.+?)\s*\)")
"""The chance that a quantity is beyond a threshold, `P(> 5 USD)`: comparison and threshold."""

_NUMBER: Final = r"([0-9]*\.?[0-9]+)"
_PERCENTILE: Final = re.compile(r"p([0-9]+(?:\.[0-9]+)?)")
_SHORTFALL: Final = re.compile(rf"shortfall\({_NUMBER}(?:, *(upper|lower))?\)")
_HDI: Final = re.compile(rf"hdi\({_NUMBER}\) (low|high)")
_METHOD: Final = re.compile(r"(cdf|exceedance)\((.*)\)")
# P>0, p(x > 5 USD), Prob(cost<=3)
_COMPARED: Final = re.compile(
    r"p(?:r|rob|robability)?\s*\(?[^<>=]*?(>=|<=|>|<)\s*([^()]+)\)?", re.IGNORECASE
)
_ELSEWHERE: Final = {
    **dict.fromkeys(("average", "avg", "expected", "expectation", "ev"), "mean"),
    **dict.fromkeys(("std", "stdev", "stddev", "standard deviation"), "sd"),
    **dict.fromkeys(("prob", "chance"), "probability"),
    **dict.fromkeys(("cvar", "tvar", "es", "expected shortfall"), "shortfall(0.95)"),
    "var": "p95",
    "skew": "skewness",
    "kurt": "kurtosis",
}
"""Statistics by the names that they have elsewhere, in small letters."""
_NAMED: Final[Mapping[str, Statistic]] = {
    "mean": Result.mean,
    "sd": Result.sd,
    "median": Result.median,
    "probability": Result.probability,
    "mode": Result.mode,
    "skewness": Result.skewness,
    "kurtosis": Result.kurtosis,
}
_PLAIN: Final = ("probability", "skewness", "kurtosis")
NAMES: Final = (
    *_NAMED,
    *("p95", "shortfall(0.95)", "shortfall(0.05, lower)", "hdi(0.9) low", "hdi(0.9) high"),
    "P(> 5 USD)",
)
"""One of each kind, for messages."""


def statistic(name: str) -> Statistic:
    """The statistic of a name, as the methods of a result are called: `mean`, `sd`, `median`,
    `mode`, `skewness`, `kurtosis`, `probability`, `shortfall(0.95)`, `shortfall(0.05, lower)`,
    `hdi(0.9) low`, `hdi(0.9) high`; a percentile such as `p95` or `p99.9`; and the chance of a
    comparison, `P(> 5 USD)`, also with `>=`, `<` and `<=`.

    Raises UsageError for another name, and WrongKind for what is no text.

    >>> import guessmodel as gm
    >>> cost = gm.exponential(mean=10, unit="USD").sample(1024)
    >>> print(statistic("median")(cost), statistic("shortfall(0.9)")(cost), sep=", ")
    6.931 USD, 33.03 USD
    """
    if not isinstance(name, str):
        raise WrongKind(f"a statistic is given by its name, such as 'p95', not by {name!r}")
    text = " ".join(name.split())
    if text in _NAMED:
        return _NAMED[text]
    if (p := probability_of(text)) is not None:
        return partial(_quantile, p=p)
    if (match := _SHORTFALL.fullmatch(text)) and 0.0 < float(match[1]) < 1.0:
        return partial(_shortfall, p=float(match[1]), tail=match[2] or "upper")
    if (match := _HDI.fullmatch(text)) and 0.0 < float(match[1]) < 1.0:
        return partial(_hdi, mass=float(match[1]), end=match[2])
    if match := CHANCE.fullmatch(text):
        return partial(_chance, comparison=match[1], x=match[2])
    if match := _METHOD.fullmatch(text):
        sign = "<=" if match[1] == "cdf" else ">"
        raise UsageError(f"no statistic '{name}'; write 'P({sign} {match[2]})'")
    if len(ends := ends_of(text)) > 1:
        raise UsageError(f"'{name}' has two ends; write {' or '.join(map(repr, ends))}")
    if match := _COMPARED.fullmatch(text):
        raise UsageError(f"no statistic '{name}'; write 'P({match[1]} {match[2].strip()})'")
    if (meant := _ELSEWHERE.get(text.lower())) is not None:
        raise UsageError(f"no statistic '{name}'; write '{meant}'")
    small = text.lower()
    meant = f"; did you mean '{small}'?" if probability_of(small) is not None else ""
    hint = meant or did_you_mean(text, list(_NAMED)) or f"; there are {', '.join(NAMES)}"
    raise UsageError(f"no statistic '{name}'{hint}")


def ends_of(name: str) -> tuple[str, ...]:
    """The names of both ends of an interval; of what is none its own.

    >>> ends_of("hdi(0.9)"), ends_of("mean")
    (('hdi(0.9) low', 'hdi(0.9) high'), ('mean',))
    """
    ends = f"{name} low", f"{name} high"
    match = _HDI.fullmatch(ends[0])
    return ends if match and 0.0 < float(match[1]) < 1.0 else (name,)


def probability_of(name: str) -> float | None:
    """The probability at which a percentile is; None of what is none.

    >>> probability_of("p95"), probability_of("median"), probability_of("mean")
    (0.95, 0.5, None)
    """
    match = _PERCENTILE.fullmatch("p50" if name == "median" else name)
    return float(match[1]) / 100.0 if match and 0.0 < float(match[1]) < 100.0 else None


def unit_of(name: str, unit: Unit) -> Unit:
    """The unit of a statistic of a quantity in `unit`: deviations of degC are in delta_degC.

    Raises UsageError or UnitError for a threshold (`P(> 5 kg)`) that does not fit.
    """
    text = " ".join(name.split())
    if match := CHANCE.fullmatch(text):
        number_in(unit, match[2])
        return DIMENSIONLESS
    if text in _PLAIN:
        return DIMENSIONLESS
    return units.difference(unit) if text == "sd" else unit


def _quantile(result: Result, p: float) -> Estimate:
    return result.quantile(p)


def _shortfall(result: Result, p: float, tail: str) -> Estimate:
    return result.shortfall(p, "lower" if tail == "lower" else "upper")


def _hdi(result: Result, mass: float, end: str) -> Estimate:
    found = result.hdi(mass)
    return found.low if end == "low" else found.high


def _chance(result: Result, comparison: str, x: str) -> Estimate:
    return result.share(x, above=comparison[0] == ">", including=comparison[1:] == "=")
