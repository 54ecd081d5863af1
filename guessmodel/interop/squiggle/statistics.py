"""Statistics of a distribution that a script uses as a number.

They are worked out when the script is imported and stand in the model file as numbers: exact where
the distribution has a closed form, else from draws, rounded to what their error supports.
"""

from __future__ import annotations

import math
import warnings
from typing import Final, final

import numpy as np

from guessmodel.distributions.parametrisation import constant
from guessmodel.errors import GuessmodelError
from guessmodel.estimators.estimate import Estimate
from guessmodel.graph.quantity import Quantity
from guessmodel.interop.squiggle.nodes import Node, literal
from guessmodel.interop.squiggle.refusals import Refused
from guessmodel.interop.squiggle.values import Num
from guessmodel.model.model import Model
from guessmodel.simulation.result import Result

__all__ = ["DRAWS", "MOST", "Statistics"]

DRAWS: Final = 2**14
MOST: Final = 300  # quantities whose statistics a script may ask for
_TOLD: Final = {
    "mean": "the mean",
    "sd": "the standard deviation",
    "variance": "the variance",
    "mode": "the mode",
    "quantile": "the quantile {level:g}",
    "cdf": "the probability of at most {level:g}",
}


@final
class Statistics:
    """Statistics that one import asks for; what was asked before is not worked out again."""

    def __init__(self) -> None:
        self._results: dict[Node, Result] = {}
        self._known: dict[tuple[str, Node, float], Num] = {}

    def knows(self, name: str, node: Node, level: float) -> bool:
        """Whether it was asked before."""
        return (name, node, level) in self._known

    def of(self, name: str, node: Node, level: float) -> Num:
        """A statistic as a number. Raises Refused where it does not exist."""
        key = (name, node, level)
        if key not in self._known:
            self._known[key] = self._worked_out(name, node, level)
        return self._known[key]

    def _worked_out(self, name: str, node: Node, level: float) -> Num:
        if node.abstract:
            raise Refused("statistics of what depends on a parameter are not imported")
        with warnings.catch_warnings():  # of draws that are lost, which the estimate counts
            warnings.simplefilter("ignore", RuntimeWarning)
            value, error, how = self._value(name, node, level)
        if name == "variance":
            value, error = value * value, 2 * value * error
        if not math.isfinite(value):
            raise Refused(f"{_told(name, level)} is no number{how}")
        digits = _digits(value, error)
        made = literal(float(f"{value:.{digits}g}"))
        made.note = f"{_told(name, level)} of {{}}: {how}"
        made.about = node
        return Num(made.value or 0.0, made)

    def _value(self, name: str, node: Node, level: float) -> tuple[float, float, str]:
        """The statistic, its error, and how it was had."""
        try:
            estimate = self._estimate(name, node, level)
        except GuessmodelError as refusal:
            raise Refused(refusal.message) from None
        value, error = estimate.value, estimate.error
        if math.isfinite(value):
            exact = error == 0
            return value, error, "exact" if exact else f"± {_one_digit(error)} from {DRAWS:,} draws"
        note = estimate.note or "it is infinite"
        value = self._of_draws(name, node)
        return (
            value,
            math.nan,
            f"of {DRAWS:,} draws; {note}" if math.isfinite(value) else f": {note}",
        )

    def _estimate(self, name: str, node: Node, level: float) -> Estimate:
        if name == "quantile":
            if not 0 < level < 1:
                raise Refused(f"a quantile is asked for at {level:g}, which is not within 0 and 1")
            return self._result(node).quantile(level)
        if name == "cdf":
            indicator = node.quantity <= level
            return Model(it=indicator).sample(DRAWS)["it"].mean()
        result = self._result(node)
        return {"mean": result.mean, "mode": result.mode}.get(name, result.sd)()

    def _of_draws(self, name: str, node: Node) -> float:
        """What the engine takes for a mean or a deviation that does not exist."""
        if name not in ("mean", "sd", "variance"):
            return math.nan
        draws = self._result(node).draws
        draws = draws[~np.isnan(draws)]
        return (
            float(np.mean(draws) if name == "mean" else np.std(draws)) if len(draws) else math.nan
        )

    def _result(self, node: Node) -> Result:
        if node not in self._results:
            if len(self._results) >= MOST:
                raise Refused(
                    f"statistics of more than {MOST} distributions are asked for", final=True
                )
            quantity = node.quantity
            if not isinstance(quantity, Quantity):
                quantity = constant(quantity)
            self._results[node] = Model(it=quantity).sample(DRAWS)["it"]
        return self._results[node]


def _told(name: str, level: float) -> str:
    return _TOLD[name].format(level=level)


def _one_digit(error: float) -> str:
    return f"{float(f'{error:.0e}'):g}"


def _digits(value: float, error: float) -> int:
    """How many digits are written: as many as the error supports, and one more; all but the
    rounding's own where it is exact."""
    if math.isnan(error):
        return 4
    if error == 0 or value == 0:
        return 10
    return max(1, min(10, math.floor(math.log10(abs(value) / error)) + 2))
