"""Lines of a model: what is written, and the quantity that it makes, from the same numbers."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
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

__all__ = ["Line", "Made", "beyond", "called", "plain", "predictive", "rounded"]


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


def rounded(x: float) -> float:
    """To six digits, as it is written."""
    return float(f"{x:.6g}")


def plain(name: str, parameters: Mapping[str, float], unit: str, source: str = "") -> Line:
    """The family at its estimates, as if these were known."""
    return called(name, unit, parameters, source)


def predictive(
    name: str,
    parameters: Mapping[str, float],
    count: int,
    quantiles: Callable[[np.ndarray[Any, Any]], np.ndarray[Any, Any]],
    unit: str,
    source: str = "",
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
            return called("student_t", unit, values, source)
        inner = called("student_t", "", values, source)
        return _times(Line(f"gm.exp({inner.text})", exp(inner.quantity)), 1.0, unit)
    if name == "exponential":
        written, options = _rest("", source)
        ratio = Line(f"gm.f(2, {2 * count}{written})", f(2, 2 * count, **options))
        return _times(ratio, rounded(parameters["mean"]), unit)
    at = (0.05, 0.25, 0.5, 0.75, 0.95)
    found = {p: float(x) for p, x in zip(at, quantiles(np.array(at)), strict=True)}
    lower = {} if name == "logistic" else {"lower": 0}
    return called("metalog", unit, {"quantiles": found, **lower}, source)


def next_count(
    name: str,
    parameters: Mapping[str, float],
    count: int,
    refitted: Any,
    unit: str,
    source: str = "",
) -> Line:
    """The next count, given what `count` data tell of the parameters.

    Of a Poisson count its mean has a gamma distribution, of a geometric one its probability a beta:
    the posteriors after Jeffreys' priors. Of a negative binomial one both parameters are lognormal,
    as far about the estimates as those of samples that were drawn from the fit, `refitted` (B, 2).
    """
    total = parameters["mean"] * count
    if name == "poisson":
        values = {"shape": total + 0.5, "scale": 1.0 / count}
        return _around(name, ("",), [called("gamma", unit, values)], "", source)
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


def called(name: str, unit: str, parameters: Mapping[str, Any], source: str = "") -> Line:
    """The call of a constructor, numbers to six digits."""
    values = {key: _written(value) for key, value in parameters.items()}
    written = ", ".join(f"{key}={value!r}" for key, value in values.items())
    rest, options = _rest(unit, source)
    return Line(f"gm.{name}({written}{rest})", _MADE[name](**values, **options))


def _rest(unit: str, source: str) -> tuple[str, dict[str, Any]]:
    """The last arguments of a call, written and as they are; none for an empty text."""
    options = {key: text for key, text in (("unit", unit), ("source", source)) if text}
    texts = (f", {key}={json.dumps(text, ensure_ascii=False)}" for key, text in options.items())
    return "".join(texts), options


def _written(value: Any) -> Any:
    """As it stands in a line: six digits, whole numbers without a point."""
    if isinstance(value, Mapping):
        return {key: _written(each) for key, each in value.items()}
    short = rounded(value)
    return int(short) if short.is_integer() and abs(short) < _WHOLE else short


def beyond(line: Line, end: float, sign: float, unit: str) -> Line:
    """What lies so far above an end, or below it."""
    if end == 0.0 and sign > 0.0:
        return line
    start = f'gm.constant({_written(end)!r}, "{unit}")' if unit else repr(_written(end))
    made = constant(_written(end), unit or None)
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
