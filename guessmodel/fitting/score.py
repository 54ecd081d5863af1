"""Forecasts of all kinds, and what came of them: the scores of each."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from guessmodel import units
from guessmodel.errors import (
    GuessmodelError,
    UsageError,
    WrongKind,
    caller,
    did_you_mean,
    located,
    public,
)
from guessmodel.estimators.estimate import Estimate, Interval
from guessmodel.fitting.judged import EVENT, POINT, Score, Scores
from guessmodel.fitting.scores import (
    crps_of_draws,
    exact_crps,
    exact_log_score,
    interval_score,
    log_score_of_draws,
)
from guessmodel.graph.dims import Label, titled
from guessmodel.graph.kinds import is_indicator
from guessmodel.graph.number_in import number_in
from guessmodel.graph.quantity import Quantity
from guessmodel.graph.values import is_number
from guessmodel.model.model import Model
from guessmodel.simulation import Result, Simulation
from guessmodel.simulation.shape import checked_share

__all__ = ["score"]

_NOT_KEPT = "needs the draws, which were not kept"


@public
def score(forecast: Any, outcome: Any, *, mass: float = 0.9) -> Any:
    """Judge a forecast by what came, or several by what came of each.

    Parameters
    ----------
    forecast : a quantity, which is sampled; a result; a number or an Estimate, which are points;
        a simulation or a model, with outcomes by name; or a list, or a mapping by name, of these
    outcome : what came, a number in the forecast's unit or text such as `"5 USD"`; True or False
        of an event (a comparison). Of a forecast with labels a mapping by label, of several
        forecasts a list or mapping. None has not come yet
    mass : of the central interval that is scored

    Returns
    -------
    Score, or Scores of several: log score, CRPS and interval score, the outcome's place in the
        forecast, and `calibration()`

    Of a known distribution scores are exact; of draws they have an error. See T. Gneiting and A. E.
    Raftery 2007, "Strictly proper scoring rules, prediction, and estimation".

    Raises UsageError, UnitError or WrongKind for outcomes that do not fit the forecast.

    >>> import guessmodel as gm
    >>> found = score(gm.normal(mean=10, sd=2, unit="USD"), 13)
    >>> print(found.crps, found.log_score, found.inside)  # log score: 1.5²/2 + log(2 √(2π))
    1.989 USD 2.737 True
    """
    where = caller()
    try:
        checked_share(mass, "mass", 0.9)
        found = list(_scores(forecast, outcome, mass))
    except GuessmodelError as error:
        raise located(error, where) from None
    single = isinstance(forecast, Quantity | Result | Estimate) or is_number(forecast)
    if single and not isinstance(outcome, Mapping):
        return found[0]
    return Scores(tuple(found))


def _scores(forecast: Any, outcome: Any, mass: float) -> Sequence[Score]:
    pairs: list[tuple[str, Any, Any]]
    if isinstance(forecast, Model):
        forecast = forecast.sample()
    if isinstance(forecast, Simulation):
        if not isinstance(outcome, Mapping):
            raise WrongKind("score: outcomes of a simulation are {'name': outcome, …}")
        pairs = [(name, forecast[name], came) for name, came in outcome.items()]
    elif isinstance(forecast, Mapping):
        if not isinstance(outcome, Mapping):
            raise WrongKind("score: outcomes of forecasts by name are {'name': outcome, …}")
        for name in outcome:
            if name not in forecast:
                hint = did_you_mean(name, list(forecast))
                raise UsageError(f"score: there is no forecast of {name!r}{hint}")
        pairs = [(str(name), forecast[name], came) for name, came in outcome.items()]
    elif isinstance(forecast, list | tuple):
        if not isinstance(outcome, list | tuple) or len(outcome) != len(forecast):
            raise UsageError(f"score: {len(forecast)} forecasts take a list of as many outcomes")
        names = [getattr(each, "name", None) or str(i + 1) for i, each in enumerate(forecast)]
        pairs = list(zip(names, forecast, outcome, strict=True))
    else:
        pairs = [(getattr(forecast, "name", None) or "forecast", forecast, outcome)]
    found = [each for pair in pairs for each in _labelled(*pair, mass)]
    if not found:
        raise UsageError("score: nothing has come yet; outcomes are missing")
    return found


def _labelled(name: str, forecast: Any, outcome: Any, mass: float) -> Sequence[Score]:
    """One forecast, label by label where it has labels."""
    if isinstance(forecast, Quantity):
        forecast = forecast.sample()
    if outcome is None:
        return []
    if isinstance(forecast, Estimate) or is_number(forecast):
        return [_of_point(name, forecast, outcome, mass)]
    if not isinstance(forecast, Result):
        raise WrongKind(f"score: {name} is no forecast; write a quantity, a result or a number")
    if not forecast.dims:
        return [_of_result(name, forecast, outcome, mass)]
    if not isinstance(outcome, Mapping):
        raise UsageError(f"score: '{name}' has labels; outcomes are {{label: outcome, …}}")
    by_label = forecast.by_label
    found = []
    for label, came in outcome.items():
        if label not in by_label:
            hint = did_you_mean(label, [str(each) for each in by_label])
            raise UsageError(f"score: '{name}' has no label {label!r}{hint}")
        labels: tuple[Label, ...] = label if isinstance(label, tuple) else (label,)
        if came is not None:
            found.append(_of_result(titled(name, labels), by_label[label], came, mass))
    return found


def _of_point(name: str, forecast: Any, outcome: Any, mass: float) -> Score:
    exact = not isinstance(forecast, Estimate)
    found = Estimate.exact(float(forecast)) if exact else forecast
    y = number_in(units.parse(found.unit), outcome)
    if math.isnan(found.value):
        raise UsageError(f"score: {name} has no value: {found.note}")
    ends = sorted(abs(end - y) for end in (found.low, found.high))
    low = 0.0 if found.low <= y <= found.high else ends[0]
    crps = Estimate(abs(found.value - y), low, ends[1], found.estimator, found.unit, found.note)
    none = Estimate.refused(POINT, found.estimator, found.unit)
    both = Interval(none, none)
    return Score(name, y, found.unit, none, crps, both, none, mass, math.nan)


def _of_result(name: str, result: Result, outcome: Any, mass: float) -> Score:
    if result.quantity.categories:
        example = result.quantity.categories[0]
        raise UsageError(f"score: '{name}' is a category; score the event ({name} == {example!r})")
    if not result.applicable:
        raise UsageError(f"score: '{name}' is not applicable, and has no outcome")
    if is_indicator(result.quantity):
        return _of_event(name, result, outcome, mass)
    y = number_in(result.quantity.unit, outcome)
    interval = result.interval(mass)
    closed = result.closed
    log_score = None if closed is None else Estimate.exact(exact_log_score(closed, y))
    known = None if closed is None else exact_crps(closed, y)
    crps = None if known is None else Estimate.exact(known, result.unit)
    if result.tallies is not None:
        crps = crps or Estimate.refused(_NOT_KEPT, "counts", result.unit)
        log_score = log_score or Estimate.refused(_NOT_KEPT, "counts")
    index = result.tail_index
    if crps is None and index.most <= 1.0:
        crps = Estimate.refused("the mean does not exist", "replicates", result.unit)
    crps = crps or crps_of_draws(result.by_replicate, y, index.most, result.unit)
    log_score = log_score or log_score_of_draws(result.by_replicate, y)
    ends = interval_score(interval, mass, y)
    return Score(
        *(name, y, result.unit, log_score, crps, interval, ends, mass, _place(result, y), result)
    )


def _place(result: Result, y: float) -> float:
    """P(X < y) + P(X = y)/2."""
    below = math.nextafter(y, -math.inf)
    return 0.5 * (result.cdf(y).value + result.cdf(below).value)


def _of_event(name: str, result: Result, outcome: Any, mass: float) -> Score:
    scalar = isinstance(outcome, np.generic | np.ndarray) and outcome.ndim == 0
    came = outcome.item() if scalar else outcome  # of NumPy's True, too
    if not is_number(came) or came not in (True, False):
        raise UsageError(f"score: '{name}' is an event; its outcome is True or False")
    y = float(came)
    p = result.probability()
    ends = [abs(p.low - y), abs(p.high - y)]

    def scored(f: Callable[[float], float]) -> Estimate:
        low, high = sorted(f(end) for end in ends)
        return Estimate(f(abs(p.value - y)), low, high, p.estimator, "", p.note)

    none = Estimate.refused(EVENT, p.estimator)
    return Score(
        name,
        y,
        "",
        scored(lambda miss: -math.log1p(-miss) if miss < 1.0 else math.inf),
        scored(lambda miss: miss * miss),
        Interval(none, none),
        none,
        mass,
        math.nan,
        result,
    )
