"""Lines of a model: what is written, and the quantity that it makes, from the same numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, final

import numpy as np

from guessmodel.distributions.exponential import exponential
from guessmodel.distributions.f import f
from guessmodel.distributions.gamma import gamma
from guessmodel.distributions.logistic import logistic
from guessmodel.distributions.lognormal import lognormal
from guessmodel.distributions.metalog import metalog
from guessmodel.distributions.normal import normal
from guessmodel.distributions.parametrisation import constant
from guessmodel.distributions.student_t import student_t
from guessmodel.distributions.weibull import weibull
from guessmodel.graph.functions import exp
from guessmodel.graph.quantity import Quantity

__all__ = ["Line", "plain", "predictive", "rounded"]


@final
@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A line of a model file, and what it makes."""

    text: str
    quantity: Quantity


_MADE: Mapping[str, Callable[..., Quantity]] = {
    "exponential": exponential,
    "gamma": gamma,
    "logistic": logistic,
    "lognormal": lognormal,
    "metalog": metalog,
    "normal": normal,
    "student_t": student_t,
    "weibull": weibull,
}


def rounded(x: float) -> float:
    """To six digits, as it is written."""
    return float(f"{x:.6g}")


def plain(name: str, parameters: Mapping[str, float], unit: str) -> Line:
    """The family at its estimates, as if these were known."""
    return _called(name, unit, {key: rounded(value) for key, value in parameters.items()})


def predictive(
    name: str,
    parameters: Mapping[str, float],
    count: int,
    quantiles: Callable[[np.ndarray[Any, Any]], np.ndarray[Any, Any]],
    unit: str,
) -> Line:
    """The next value, given what `count` data tell of the parameters.

    Of a normal that is Student's t about the mean, of an exponential the mean times F(2, 2n); of
    others five quantiles of the predictive distribution, joined by a metalog.
    """
    if name in ("normal", "lognormal"):
        location, spread = parameters.values()
        sd = spread * np.sqrt(count / (count - 1.0)) * np.sqrt(1.0 + 1.0 / count)
        values = {"df": count - 1, "location": rounded(location), "scale": rounded(sd)}
        if name == "normal":
            return _called("student_t", unit, values)
        inner = _called("student_t", "", values)
        return _times(Line(f"gm.exp({inner.text})", exp(inner.quantity)), 1.0, unit)
    if name == "exponential":
        ratio = Line(f"gm.f(2, {2 * count})", f(2, 2 * count))
        return _times(ratio, rounded(parameters["mean"]), unit)
    at = (0.05, 0.25, 0.5, 0.75, 0.95)
    found = {p: rounded(float(x)) for p, x in zip(at, quantiles(np.array(at)), strict=True)}
    lower = {} if name == "logistic" else {"lower": 0}
    return _called("metalog", unit, {"quantiles": found, **lower})


def _called(name: str, unit: str, values: Mapping[str, Any]) -> Line:
    written = ", ".join(f"{key}={value!r}" for key, value in values.items())
    last = f', unit="{unit}"' if unit else ""
    made = _MADE[name](**values, **({"unit": unit} if unit else {}))
    return Line(f"gm.{name}({written}{last})", made)


def _times(line: Line, factor: float, unit: str) -> Line:
    if unit:
        text = f'{line.text} * gm.constant({factor:.6g}, "{unit}")'
        return Line(text, line.quantity * constant(factor, unit))
    if factor == 1.0:
        return line
    return Line(f"{line.text} * {factor!r}", line.quantity * factor)
