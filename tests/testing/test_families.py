"""check_family passes a right family and names the formula of a wrong one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, final

import numpy as np
import pytest
from numpy.typing import ArrayLike
from scipy import stats

from guessmodel.graph.domains import REAL
from guessmodel.graph.family import Family
from guessmodel.graph.variates import LOGISTIC
from guessmodel.numerics.arrays import FloatArray
from guessmodel.testing.families import check_family

Formula = Callable[..., Any]


@final
class Faulty(Family):
    """A logistic family of scale 1 in which one formula may be replaced by another."""

    name = "faulty"
    parameters: ClassVar = {"location": REAL}
    base = LOGISTIC

    def __init__(self, **faults: Formula) -> None:
        self.faults = faults

    def support(self, location: Any) -> tuple[FloatArray, FloatArray]:
        return self._or("support", lambda at: (at - np.inf, at + np.inf), location)

    def mean(self, location: Any) -> FloatArray:
        return self._or("mean", lambda at: at, location)

    def variance(self, location: Any) -> FloatArray:
        return self._or("variance", lambda at: np.pi**2 / 3.0 + 0.0 * at, location)

    def pdf(self, x: ArrayLike, location: Any) -> FloatArray:
        def density(x: Any, at: Any) -> Any:
            tail = np.exp(-np.abs(x - at))
            return tail / (1.0 + tail) ** 2

        return self._or("pdf", density, x, location)

    def cdf(self, x: ArrayLike, location: Any) -> FloatArray:
        return self._or("cdf", lambda x, at: 1.0 / (1.0 + np.exp(at - x)), x, location)

    def sf(self, x: ArrayLike, location: Any) -> FloatArray:
        return self._or("sf", lambda x, at: 1.0 / (1.0 + np.exp(x - at)), x, location)

    def ppf(self, p: ArrayLike, location: Any) -> FloatArray:
        return self._or("ppf", lambda p, at: at + LOGISTIC.ppf(p), p, location)

    def isf(self, q: ArrayLike, location: Any) -> FloatArray:
        return self._or("isf", lambda q, at: at + LOGISTIC.isf(q), q, location)

    def transform(self, z: FloatArray, *parameters: Any, out: FloatArray | None = None) -> Any:
        if "transform" in self.faults:
            return self.faults["transform"](z, parameters[0], out)
        return np.add(z, parameters[0], out=out)

    def _or(self, name: str, right: Formula, *arguments: Any) -> Any:
        return self.faults.get(name, right)(*(np.asarray(each, float) for each in arguments))


def out_of_place(z: FloatArray, location: float, out: FloatArray) -> Any:
    out[...] = 0.0
    return np.add(z, location, out=out)


def test_a_right_family_passes() -> None:
    check_family(Faulty(), (2.0,), reference=stats.logistic(2.0, 1.0))


@pytest.mark.parametrize(
    ("faults", "message"),
    [
        ({"pdf": lambda x, at: 1.01 * Faulty().pdf(x, at)}, "the slope of the CDF is"),
        ({"pdf": lambda x, at: Faulty().pdf(x, at + 0.01)}, "the slope of the CDF is"),
        ({"cdf": lambda x, at: Faulty().cdf(x, at + 0.01)}, "cdf(ppf(p)) at"),
        ({"sf": lambda x, at: 1.0 - Faulty().cdf(x, at)}, "sf(isf(q)) at"),
        ({"ppf": lambda p, at: at + 1.01 * LOGISTIC.ppf(p)}, "cdf(ppf(p)) at"),
        ({"isf": lambda q, at: Faulty().ppf(1.0 - q, at)}, "sf(isf(q)) at"),
        ({"isf": lambda q, at: at + 1.01 * LOGISTIC.isf(q)}, "sf(isf(q)) at"),
        ({"ppf": lambda p, at: -Faulty().ppf(p, at)}, "quantiles are not increasing"),
        ({"mean": lambda at: at + 0.01}, "mean is 2.01, not 2"),
        ({"variance": lambda at: 1.01 * np.pi**2 / 3.0 + at * 0.0}, "variance is 3.32"),
        ({"support": lambda at: (at - 5.0, at + np.inf)}, "ppf leaves the support -3 to inf"),
        ({"transform": lambda z, at, out: np.multiply(z, 1.01, out=out) + at}, "transform(base"),
        ({"transform": out_of_place}, "transform in place differs from transform"),
        ({"cdf": lambda x, at: np.nan_to_num(Faulty().cdf(x, at))}, "NaN is not NaN"),
    ],
)
def test_a_wrong_formula_is_named(faults: dict[str, Formula], message: str) -> None:
    with pytest.raises(AssertionError) as caught:
        check_family(Faulty(**faults), (2.0,))
    assert str(caught.value).startswith("faulty(location=2): ")
    assert message in str(caught.value)


@pytest.mark.parametrize("reference", [stats.logistic(2.0, 1.01), stats.logistic(2.01, 1.0)])
def test_another_distribution_is_told_from_the_reference(reference: Any) -> None:
    with pytest.raises(AssertionError, match="but the reference has"):
        check_family(Faulty(), (2.0,), reference=reference)


def test_parameters_must_be_valid() -> None:
    with pytest.raises(AssertionError, match="no parameters of it"):
        check_family(Faulty(), (np.inf,))
