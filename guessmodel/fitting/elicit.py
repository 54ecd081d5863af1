"""What an expert believes, from quantiles: families that fit, and what each implies elsewhere."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, final

import numpy as np

from guessmodel import units
from guessmodel.errors import (
    GuessmodelError,
    UsageError,
    WrongKind,
    caller,
    located,
    public,
)
from guessmodel.fitting.beliefs import BELIEFS, Belief, Known, Support, fitted
from guessmodel.fitting.lines import Line, Made, beyond, called, digits_for
from guessmodel.fitting.ranked import Ranked, families_asked
from guessmodel.graph.number_in import Amount, number_in
from guessmodel.graph.quantity import Quantity
from guessmodel.graph.values import instead_of_percent, is_number
from guessmodel.numerics.arrays import FloatArray
from guessmodel.tables import as_pandas
from guessmodel.units import Unit
from guessmodel.units.figures import parse_figure
from guessmodel.units.formats import format_numbers, percent_of

if TYPE_CHECKING:
    import pandas

__all__ = ["Elicited", "ElicitedFamily", "elicit"]


_FEEDBACK: Final = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
_NEAR: Final = 0.05  # probability: nobody can tell what they believe better than that,
_SHARE: Final = 0.5  # nor better than half of what is left beyond a quantile in a tail
_SAME: Final = 9  # digits of a sum of squares
_SHOWN: Final = 4  # digits of a quantile, and more where they tell those of a row apart
_METALOG: Final = "metalog"


@final
@dataclass(frozen=True, slots=True, eq=False)
class ElicitedFamily:
    """One family, fitted to quantiles.

    Attributes
    ----------
    parameters : by name
    squares : Σ (F(x) − p)² over all that was said
    misfit : the largest |F(x) − p|
    fits : whether it is within 0.05 of all probabilities that were said, in tails within half of
        what is left beyond them
    implied : quantiles of the fit, by probability: what was said, and what was not
    line : of a model
    quantity : what the line makes
    """

    family: str
    parameters: Mapping[str, float]
    squares: float
    misfit: float
    fits: bool
    implied: Mapping[float, float]
    line: str
    quantity: Quantity


@final
@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Elicited(Ranked[ElicitedFamily]):
    """Families fitted to an expert's quantiles, the nearest first."""

    families: tuple[ElicitedFamily, ...]
    said: Mapping[float, float]
    feedback: tuple[float, ...]
    unit: str
    left_out: Mapping[str, str]
    """Families that were asked for and cannot be, and why; a metalog that is none, too."""

    @property
    def best(self) -> ElicitedFamily:
        """The family of two parameters that is nearest; a metalog, which meets what was said by
        construction, only where none of them fits."""
        return self.families[0]

    def cells(self) -> list[list[str]]:
        """Header and rows as text: what was said, and what each family implies elsewhere."""
        elsewhere = [p for p in self.feedback if p not in self.said]
        columns = sorted({*self.said, *elsewhere})
        table = [["", "misfit", *(f"{100 * p:g}%" for p in columns)]]
        said = dict(zip(self.said, _row(self.said.values()), strict=True))
        table.append(["said", "", *(said.get(p, "") for p in columns)])
        for each in self.families:
            row = [each.family, percent_of(each.misfit)]
            table.append([*row, *_row(each.implied[p] for p in columns)])
        return table

    def notes(self) -> list[str]:
        """The line of model, and what to think of it."""
        lines = [f"x = {self.line}"]
        if not any(each.fits for each in self.families if each.family != _METALOG):
            lines.append(
                "! no family comes near all that was said: ask again about the quantiles that "
                "stand out, or whether there are two cases (gm.mixture)"
            )
        lines += [f"{family} is left out: {why}" for family, why in self.left_out.items()]
        return lines

    @property
    def heading(self) -> str:
        """What was said by the expert."""
        unit = f" [{self.unit}]" if self.unit else ""
        return f"{len(self.said)} quantiles{unit}; would the expert agree with the others?"

    def to_dict(self) -> dict[str, Any]:
        """As `guessmodel elicit --json` has it."""
        return {
            "said": {f"{p:g}": x for p, x in self.said.items()},
            "unit": self.unit,
            "families": {
                each.family: {
                    "parameters": dict(each.parameters),
                    "misfit": each.misfit,
                    "fits": each.fits,
                    "squares": each.squares,
                    "implied": {f"{p:g}": x for p, x in each.implied.items()},
                    "line": each.line,
                }
                for each in self.families
            },
            "best": self.best.family,
            "line": self.line,
            "left_out": dict(self.left_out),
        }

    def to_pandas(self) -> pandas.DataFrame:
        """A row for each family, with the quantiles that it implies."""
        rows = {
            each.family: {"misfit": each.misfit, **each.implied, "line": each.line}
            for each in self.families
        }
        return as_pandas(rows, "family")


@public
def elicit(
    quantiles: Mapping[float, Amount],
    families: str | Sequence[str] | None = None,
    *,
    unit: str | None = None,
    lower: Amount | None = None,
    upper: Amount | None = None,
    feedback: Sequence[float] = _FEEDBACK,
) -> Elicited:
    """Fit families to what an expert said, by least squares of probabilities.

    Parameters
    ----------
    quantiles : two or more, by probability: `{0.25: 30, 0.5: 40, 0.75: 50}`; values are numbers in
        `unit` or text such as `"30 USD"`
    families : of normal, student_t (3 degrees of freedom), logistic; lognormal, gamma, weibull
        (above 0, above `lower` or below `upper`); beta (between both); metalog, which meets up to
        five quantiles. All that the bounds allow by default
    lower, upper : bounds that the quantity never reaches
    feedback : probabilities at which the fits are shown, to be judged by the expert

    A fit minimises Σ (F(x) − p)² (SHELF; O'Hagan and others 2006, "Uncertain Judgements").

    Raises UsageError or WrongKind for quantiles that do not increase or lie beyond the bounds, and
    for other families.

    >>> found = elicit({0.25: 30, 0.5: 40, 0.75: 50}, lower=0, upper=100)
    >>> found.best.family
    'beta'
    >>> {p: round(x, 1) for p, x in found.best.implied.items() if p in (0.05, 0.95)}
    {0.05: 18.2, 0.95: 64.7}
    """
    where = caller()
    try:
        shown = _unit(quantiles, unit)
        said = _said(quantiles, shown)
        support = _support(lower, upper, shown, said)
        for p in feedback:
            _checked(p)
        left_out: dict[str, str] = {}
        found = []
        for name in families_asked("elicit", families, [*BELIEFS, _METALOG]):
            try:
                found.append(_one(name, said, support, str(shown), feedback))
            except UsageError as error:
                if families is not None:
                    left_out[name] = error.message
            except GuessmodelError as error:  # no metalog goes through them
                left_out[name] = error.message.removeprefix("metalog: ")
        if not found:
            name, why = next(iter(left_out.items()))
            raise UsageError(f"elicit: {name} is left out: {why}")
    except GuessmodelError as error:
        raise located(error, where) from None
    order = list(BELIEFS)
    plain = sorted(
        (each for each in found if each.family != _METALOG),
        key=lambda each: (round(each.squares, _SAME), order.index(each.family)),
    )
    exact = [each for each in found if each.family == _METALOG]
    ranked = [*plain, *exact] if any(each.fits for each in plain) else [*exact, *plain]
    return Elicited(tuple(ranked), said, tuple(feedback), str(shown), left_out)


def _one(
    name: str, said: Mapping[float, float], support: Support, unit: str, feedback: Sequence[float]
) -> ElicitedFamily:
    p, x = np.array(list(said)), np.array(list(said.values()))
    if name == _METALOG:
        line = _metalog(said, support, unit)
        parameters: dict[str, float] = {}
        known: Known = Made(line.quantity)
        inner, sign, shift = x, 1.0, 0.0
    else:
        belief = BELIEFS[name]
        inner, sign, shift = _inside(belief, x, support)
        level = p if sign > 0.0 else 1.0 - p
        order = np.argsort(level)
        estimates = fitted(belief, inner[order], level[order])
        parameters = dict(zip(belief.parameters, map(float, estimates), strict=True))
        line = _line(belief, parameters, sign, support, unit, said)
        known = belief.distribution(estimates)
    width = support.upper - support.lower if name == "beta" else 1.0
    at = np.asarray(known.cdf(inner))
    off = np.abs((at if sign > 0.0 else 1.0 - at) - p)
    places = sorted({*said, *feedback})
    level = np.array(places) if sign > 0.0 else 1.0 - np.array(places)
    implied = shift + sign * width * np.asarray(known.ppf(level))
    return ElicitedFamily(
        name,
        parameters,
        float(np.sum(off**2)),
        float(off.max()),
        bool(np.all(off <= np.minimum(_NEAR, _SHARE * np.minimum(p, 1.0 - p)))),
        dict(zip(places, map(float, implied), strict=True)),
        line.text,
        line.quantity,
    )


def _row(values: Iterable[float]) -> list[str]:
    return format_numbers([(value, value, value) for value in values], _SHOWN)


def _inside(belief: Belief, x: FloatArray, support: Support) -> tuple[FloatArray, float, float]:
    """Quantiles on the family's own support, the sign, and what it is shifted by."""
    if belief.ends == "both":
        if support.ends != "both":
            raise UsageError("it needs both bounds, lower= and upper=")
        width = support.upper - support.lower
        return (x - support.lower) / width, 1.0, support.lower
    if belief.ends == "none":
        if support.ends != "none":
            raise UsageError("it reaches beyond the bounds")
        return x, 1.0, 0.0
    if support.ends == "both":
        raise UsageError("it has one bound only")
    if math.isfinite(support.upper):
        return support.upper - x, -1.0, support.upper
    if support.ends == "none" and x[0] <= 0.0:
        raise UsageError("not all quantiles are above 0; say how far down it may reach by lower=")
    lower = support.lower if math.isfinite(support.lower) else 0.0
    return x - lower, 1.0, lower


def _line(
    belief: Belief,
    parameters: Mapping[str, float],
    sign: float,
    support: Support,
    unit: str,
    said: Mapping[float, float],
) -> Line:
    source, digits = _source(said, unit), digits_for(said.values())
    values: dict[str, float] = dict(parameters)
    if belief.name == "student_t":
        values = {"df": 3, **values}
    if belief.ends == "both":
        bounds = {"lower": support.lower, "upper": support.upper}
        return called(belief.name, unit, {**values, **bounds}, source, digits)
    line = called(belief.name, unit, values, source, digits)
    if belief.ends == "none" or support.ends == "none":
        return line
    return beyond(line, support.upper if sign < 0.0 else support.lower, sign, unit, digits)


def _metalog(said: Mapping[float, float], support: Support, unit: str) -> Line:
    bounds = {"lower": support.lower, "upper": support.upper}
    given = {key: end for key, end in bounds.items() if math.isfinite(end)}
    digits = digits_for(said.values())
    return called(_METALOG, unit, {"quantiles": dict(said), **given}, _source(said, unit), digits)


def _source(said: Mapping[float, float], unit: str) -> str:
    """What a line tells of where its numbers come from."""
    digits = digits_for(said.values())
    quantiles = ", ".join(f"{x:.{digits}g} at {100 * p:g}%" for p, x in said.items())
    return f"an expert: {quantiles}{f' [{unit}]' if unit else ''}"


def _unit(quantiles: Any, unit: str | None) -> Unit:
    if not isinstance(quantiles, Mapping):
        raise WrongKind("elicit takes quantiles by probability: {0.1: 3, 0.5: 5, 0.9: 10}")
    if unit is not None:
        return units.parse(unit)
    for value in quantiles.values():
        own = parse_figure(value).unit if isinstance(value, str) else getattr(value, "unit", None)
        if own is not None and own != units.DIMENSIONLESS:
            return own
    return units.DIMENSIONLESS


def _said(quantiles: Mapping[float, Amount], unit: Unit) -> dict[float, float]:
    for p in quantiles:
        _checked(p)
    said = {p: number_in(unit, quantiles[p]) for p in sorted(quantiles)}
    if len(said) < 2:
        raise UsageError("elicit: one quantile says too little; give two at least")
    pairs = list(said.items())
    for (p, low), (q, high) in pairwise(pairs):
        if not low < high:
            raise UsageError(
                f"elicit: {high:g} at {q:g} is not above {low:g} at {p:g}; quantiles increase"
            )
    return said


def _checked(p: Any) -> None:
    if not is_number(p):
        raise WrongKind(f"elicit: quantiles are at probabilities such as 0.9, not {p!r}")
    if not 0.0 < p < 1.0:
        raise UsageError(f"elicit: {p:g} is no probability between 0 and 1{instead_of_percent(p)}")


def _support(
    lower: Amount | None, upper: Amount | None, unit: Unit, said: Mapping[float, float]
) -> Support:
    ends = {"lower": -math.inf, "upper": math.inf}
    for key, value in (("lower", lower), ("upper", upper)):
        if value is not None:
            ends[key] = number_in(unit, value)
    first, last = min(said.values()), max(said.values())
    if not ends["lower"] < first:
        raise UsageError(f"elicit: the quantile {first:g} is not above lower={ends['lower']:g}")
    if not last < ends["upper"]:
        raise UsageError(f"elicit: the quantile {last:g} is not below upper={ends['upper']:g}")
    return Support(**ends)
