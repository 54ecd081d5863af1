"""Lines of a model: what is written, and the quantity that it makes, from the same numbers."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, final

import numpy as np

from guessmodel.distributions.beta import beta
from guessmodel.distributions.draws import scalar_value
from guessmodel.distributions.exponential import exponential
from guessmodel.distributions.f import f
from guessmodel.distributions.gamma import gamma
from guessmodel.distributions.geometric import geometric
from guessmodel.distributions.logistic import logistic
from guessmodel.distributions.lognormal import lognormal
from guessmodel.distributions.metalog import metalog
from guessmodel.distributions.negative_binomial import negative_binomial
from guessmodel.distributions.normal import normal
from guessmodel.distributions.parametrisation import constant
from guessmodel.distributions.poisson import poisson
from guessmodel.distributions.student_t import student_t
from guessmodel.distributions.weibull import weibull
from guessmodel.graph.family import Family
from guessmodel.graph.functions import exp
from guessmodel.graph.quantity import Quantile, Quantity

__all__ = ["Line", "Made", "beyond", "called", "digits_for", "plain", "predictive"]


@final
@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A line of a model file, and what it makes."""

    text: str
    quantity: Quantity


_MADE: Mapping[str, Callable[..., Quantity]] = {
    "beta": beta,
    "exponential": exponential,
    "gamma": gamma,
    "geometric": geometric,
    "logistic": logistic,
    "lognormal": lognormal,
    "metalog": metalog,
    "negative_binomial": negative_binomial,
    "normal": normal,
    "poisson": poisson,
    "student_t": student_t,
    "weibull": weibull,
}


@final
@dataclass(frozen=True, slots=True, eq=False)
class Made:
    """The distribution of a draw at parameters that are numbers."""

    quantity: Quantity

    def cdf(self, x: Any) -> Any:
        """Probability of at most x."""
        family, parameters = self._known()
        return family.cdf(x, *parameters)

    def ppf(self, p: Any) -> Any:
        """Quantile at p."""
        family, parameters = self._known()
        return family.ppf(p, *parameters)

    def _known(self) -> tuple[Family, list[float]]:
        operation = self.quantity.operation
        assert isinstance(operation, Quantile)
        values = [scalar_value(each) for each in self.quantity.parameters]
        return operation.family, [value for value in values if value is not None]


_WHOLE: Final = 1e6
_LEAST: Final = 1e-6  # a spread that is none
_DIGITS: Final = 6
_OF_THE_SPREAD: Final = 5
_MOST: Final = 17  # digits of a floating-point number


def digits_for(quantiles: Iterable[float]) -> int:
    """Digits that numbers of a line are written with: six, and more where these would not tell
    increasing quantiles apart to five digits of what lies between them.

    >>> digits_for([30.0, 40.0, 50.0]), digits_for([1234567.1, 1234568.0, 1234570.0])
    (6, 12)
    """
    known = list(quantiles)
    gap = min((high - low for low, high in pairwise(known) if low < high), default=0.0)
    size = max(abs(known[0]), abs(known[-1]))
    if not 0.0 < gap < math.inf or not size < math.inf:
        return _DIGITS
    return min(max(_OF_THE_SPREAD + math.ceil(math.log10(size / gap)), _DIGITS), _MOST)


def plain(
    name: str, parameters: Mapping[str, float], unit: str, source: str = "", digits: int = _DIGITS
) -> Line:
    """The family at its estimates, as if these were known."""
    return called(name, unit, parameters, source, digits)


def predictive(
    name: str,
    parameters: Mapping[str, float],
    count: int,
    quantiles: Callable[[np.ndarray[Any, Any]], np.ndarray[Any, Any]],
    unit: str,
    source: str = "",
    digits: int = _DIGITS,
) -> Line:
    """The next value, given what `count` data tell of the parameters.

    Of a normal that is Student's t about the mean, of an exponential the mean times F(2, 2n); of
    others five quantiles of the predictive distribution, joined by a metalog.
    """
    if name in ("normal", "lognormal"):
        location, spread = parameters.values()
        sd = spread * np.sqrt(count / (count - 1.0)) * np.sqrt(1.0 + 1.0 / count)
        values = {"df": count - 1, "location": location, "scale": float(sd)}
        if name == "normal":
            return called("student_t", unit, values, source, digits)
        inner = called("student_t", "", values, source, digits)
        return _times(Line(f"gm.exp({inner.text})", exp(inner.quantity)), 1.0, unit)
    if name == "exponential":
        written, options = _rest("", source)
        ratio = Line(f"gm.f(2, {2 * count}{written})", f(2, 2 * count, **options))
        return _times(ratio, _rounded(parameters["mean"], _DIGITS), unit)
    at = (0.05, 0.25, 0.5, 0.75, 0.95)
    found = {p: float(x) for p, x in zip(at, quantiles(np.array(at)), strict=True)}
    lower = {} if name == "logistic" else {"lower": 0}
    apart = max(digits, digits_for(found.values()))
    return called("metalog", unit, {"quantiles": found, **lower}, source, apart)


def next_count(
    name: str,
    parameters: Mapping[str, float],
    count: int,
    refitted: Any,
    unit: str,
    source: str = "",
    digits: int = _DIGITS,
) -> Line:
    """The next count, given what `count` data tell of the parameters.

    Of a Poisson count its mean has a gamma distribution, of a geometric one its probability a beta:
    the posteriors after Jeffreys' priors. Of a negative binomial one both parameters are lognormal,
    as far about the estimates as those of samples that were drawn from the fit, `refitted` (B, 2).
    """
    total = parameters["mean"] * count
    if name == "poisson":
        values = {"shape": total + 0.5, "scale": 1.0 / count}
        return _around(name, ("",), [called("gamma", unit, values, digits=digits)], "", source)
    if name == "geometric":
        posterior = called("beta", "", {"alpha": count, "beta": total - count + 0.5})
        return _around(name, ("p=",), [posterior], unit, source)
    inner = []
    for k, (key, value) in enumerate(parameters.items()):
        off = np.log(refitted[:, k] / value)
        mu = np.log(value) - np.median(off)
        spread = {"mu": float(mu), "sigma": max(float(np.std(off)), _LEAST)}
        inner.append(called("lognormal", unit if key == "mean" else "", spread))
    return _around(name, ("mean=", "dispersion="), inner, "", source)


def _around(name: str, keys: Sequence[str], inner: Sequence[Line], unit: str, source: str) -> Line:
    written = ", ".join(f"{key}{each.text}" for key, each in zip(keys, inner, strict=True))
    rest, options = _rest(unit, source)
    named = {
        key.removesuffix("=") or "mean": each.quantity
        for key, each in zip(keys, inner, strict=True)
    }
    return Line(f"gm.{name}({written}{rest})", _MADE[name](**named, **options))


def called(
    name: str, unit: str, parameters: Mapping[str, Any], source: str = "", digits: int = _DIGITS
) -> Line:
    """The call of a constructor, numbers to so many digits."""
    values = {key: _written(value, digits) for key, value in parameters.items()}
    written = ", ".join(f"{key}={value!r}" for key, value in values.items())
    rest, options = _rest(unit, source)
    return Line(f"gm.{name}({written}{rest})", _MADE[name](**values, **options))


def _rest(unit: str, source: str) -> tuple[str, dict[str, Any]]:
    """The last arguments of a call, written and as they are; none for an empty text."""
    options = {key: text for key, text in (("unit", unit), ("source", source)) if text}
    texts = (f", {key}={json.dumps(text, ensure_ascii=False)}" for key, text in options.items())
    return "".join(texts), options


def _rounded(x: float, digits: int) -> float:
    return float(f"{x:.{digits}g}")


def _written(value: Any, digits: int) -> Any:
    """A value as it stands in a line: so many digits, whole numbers without a point."""
    if isinstance(value, Mapping):
        return {key: _written(each, digits) for key, each in value.items()}
    short = _rounded(value, digits)
    return int(short) if short.is_integer() and abs(short) < _WHOLE else short


def beyond(line: Line, end: float, sign: float, unit: str, digits: int) -> Line:
    """What lies so far above an end, or below it."""
    if end == 0.0 and sign > 0.0:
        return line
    known = _written(end, digits)
    start = f'gm.constant({known!r}, "{unit}")' if unit else repr(known)
    made = constant(known, unit or None)
    if sign > 0.0:
        return Line(f"{start} + {line.text}", made + line.quantity)
    return Line(f"{start} - {line.text}", made - line.quantity)


def _times(line: Line, factor: float, unit: str) -> Line:
    if unit:
        text = f'{line.text} * gm.constant({factor:.6g}, "{unit}")'
        return Line(text, line.quantity * constant(factor, unit))
    if factor == 1.0:
        return line
    return Line(f"{line.text} * {factor!r}", line.quantity * factor)
