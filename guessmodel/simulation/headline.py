"""Headlines: the outputs that a model is asked for, and the statistics that answer."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from string import Formatter
from typing import TYPE_CHECKING, Any, ClassVar, final

from guessmodel.errors import (
    DimensionError,
    GuessmodelError,
    Location,
    UsageError,
    WrongKind,
    caller,
    public,
)
from guessmodel.estimators.estimate import Estimate
from guessmodel.graph.dims import Label
from guessmodel.graph.kinds import is_indicator
from guessmodel.graph.quantity import Quantity
from guessmodel.graph.values import is_whole
from guessmodel.model.attached import attach
from guessmodel.simulation.run import Run
from guessmodel.simulation.simulation import Simulation
from guessmodel.simulation.statistics import ends_of, statistic, unit_of
from guessmodel.simulation.summary import checked_percentiles
from guessmodel.tables import Tabled
from guessmodel.units.figures import with_unit

if TYPE_CHECKING:
    import pandas

    from guessmodel.model.model import Model

__all__ = [
    "Headline",
    "HeadlineEstimates",
    "Headlines",
    "filled",
    "headline",
    "headlines",
    "headlines_of",
]

_DIGITS_OF_SENTENCES = 3


@final
@dataclass(frozen=True, slots=True, eq=False)
class Headline:
    """An output that a model is asked for; made by `headline`."""

    quantity: Quantity
    statistics: tuple[str, ...]
    labels: Mapping[str, Label]
    location: Location
    sentence: str | None = None
    priority: int | None = None

    def __repr__(self) -> str:
        return f"<headline of {self.quantity.label}: {', '.join(self.statistics)}>"

    @property
    def subjects(self) -> tuple[Quantity, ...]:
        """The quantity."""
        return (self.quantity,)

    def rewired(self, new: Mapping[Quantity, Quantity]) -> Headline:
        """The same headline about the quantity that took the place of its own."""
        return replace(self, quantity=new.get(self.quantity, self.quantity))


@final
@dataclass(frozen=True, slots=True)
class HeadlineEstimates:
    """The statistics of one headline."""

    name: str  # of the quantity, with its labels
    statistics: Mapping[str, Estimate]
    sentence: str | None = None  # with the names of statistics in braces
    priority: int | None = None

    def __str__(self) -> str:
        if self.sentence is not None:
            return filled(self.sentence, self.statistics)
        return f"{self.name}: " + ", ".join(f"{k} {e}" for k, e in self.statistics.items())


@final
@dataclass(frozen=True, slots=True, repr=False)
class Headlines(Tabled):
    """The statistics of all headlines of a model in one run."""

    name_columns: ClassVar[int] = 2
    run: Run
    answers: tuple[HeadlineEstimates, ...]

    @property
    def heading(self) -> str:
        """How the draws were made."""
        return self.run.heading

    def cells(self) -> list[list[str]]:
        """Header and rows as text."""
        rows = [
            [answer.name if i == 0 else "", name, str(estimate)]
            for answer in self.answers
            for i, (name, estimate) in enumerate(answer.statistics.items())
        ]
        return [["headline", "statistic", ""], *rows]

    def notes(self) -> list[str]:
        """None at all: each estimate has its own."""
        return []

    def to_dict(self) -> dict[str, dict[str, Any]]:
        """By quantity and statistic, what `guessmodel run --json` has under `headlines`."""
        return {
            answer.name: {
                name: {**e.to_dict(), "unit": e.unit} for name, e in answer.statistics.items()
            }
            for answer in self.answers
        }

    def to_pandas(self) -> pandas.DataFrame:
        """A row for each statistic: headline, statistic, value, low, high, unit, note."""
        import pandas as pd

        return pd.DataFrame(
            [
                {
                    "headline": answer.name,
                    "statistic": name,
                    **{key: getattr(e, key) for key in ("value", "low", "high", "unit", "note")},
                }
                for answer in self.answers
                for name, e in answer.statistics.items()
            ]
        )


@public
def headline(
    quantity: Quantity,
    *,
    percentiles: Sequence[float] | None = None,
    statistics: Sequence[str] | None = None,
    at: Mapping[str, Label] | None = None,
    sentence: str | None = None,
    priority: int | None = None,
) -> Headline:
    """State that a model is asked for a quantity, and by which statistics; once for each of them,
    in the order in which they are told.

    `guessmodel run` shows them below its table, and `run --outputs` them alone.

    Parameters
    ----------
    percentiles : such as (10, 50, 80, 90); none for an empty tuple. By default 5, 50 and 95, and of
        a comparison none
    statistics : names of others, see `docs/results.md`: "mean", "sd", "shortfall(0.95)" …; of
        "hdi(0.9)" both ends. By default the mean, and of a comparison the probability
    at : the label of each dimension of the quantity
    sentence : the answer in words, with names of statistics in braces: "A year costs {mean} ({p5}
        to {p95})"; pages begin with it. What it names is asked for too
    priority : 1 or more: the place on the page over several models, where those without one come
        after those with one

    Raises
    ------
    UsageError, UnitError, DimensionError, WrongKind
        At the line of the headline, for whatever does not fit.

    >>> import guessmodel as gm
    >>> cost = gm.lognormal(240, 720, "USD/day")
    >>> gm.headline(cost, percentiles=(10, 90)).statistics
    ('mean', 'p10', 'p90')
    """
    where = caller()
    if not isinstance(quantity, Quantity):
        kind = type(quantity).__name__
        raise WrongKind(f"gm.headline takes a quantity, not a value of type {kind}", where)
    if quantity.categories:
        label = quantity.categories[0]
        raise WrongKind(
            "gm.headline: a category is told by the chance of a label; write "
            f"chosen = category == {label!r}, and gm.headline(chosen)",
            where,
        )
    chance = is_indicator(quantity)
    if percentiles is None:
        percentiles = () if chance else (5, 50, 95)
    if statistics is None:
        statistics = ("probability",) if chance else ("mean",)
    try:
        ps = checked_percentiles(percentiles) if tuple(percentiles) else ()
        asked = [end for name in statistics for end in ends_of(name)]
        named = [] if sentence is None else _statistics_in(sentence)
        for name in (*asked, *named):
            statistic(name)
            unit_of(name, quantity.unit)
        labels = _checked_labels(quantity, at or {})
        place = _checked_priority(priority)
    except GuessmodelError as error:
        raise type(error)(f"gm.headline: {error.message}", where) from None
    names = (*asked, *(f"p{p:g}" for p in ps), *named)
    if not names:
        raise UsageError("gm.headline: name a statistic, or percentiles", where)
    made = Headline(quantity, tuple(dict.fromkeys(names)), labels, where, sentence, place)
    attach(made)
    return made


def headlines_of(model: Model) -> dict[str, Headline]:
    """The headlines of a model by the name of their quantity, in the order of the file."""
    found = {}
    for each in model.attached:
        if isinstance(each, Headline):
            try:
                name = model.name_of(each.quantity)
            except UsageError as error:
                raise UsageError(f"gm.headline: {error.message}", each.location) from None
            shown = ", ".join(str(label) for label in each.labels.values())
            found[f"{name}[{shown}]" if shown else name] = each
    return found


@public
def headlines(simulation: Simulation) -> Headlines:
    """What the headlines of a model came to in a run; those whose quantity was sampled."""
    answers = []
    for name, each in headlines_of(simulation.model).items():
        key = simulation.model.name_of(each.quantity)
        if key not in simulation:
            continue
        result = simulation[key].sel(**each.labels)
        statistics = {s: statistic(s)(result) for s in each.statistics}
        answers.append(HeadlineEstimates(name, statistics, each.sentence, each.priority))
    return Headlines(simulation.run, tuple(answers))


def filled(sentence: str, statistics: Mapping[str, Estimate]) -> str:
    """A sentence with its numbers: three digits, fewer where their errors allow no more, ± where
    two are too many; probabilities in percent. A unit that is that of the number before is not said
    again. In place of a number that does not exist stands why.

    >>> low, mean = Estimate.exact(87.62e3, "USD"), Estimate.exact(158.3e3, "USD")
    >>> filled("It costs {mean} (from {p5})", {"mean": mean, "p5": low})
    'It costs 158K USD (from 87.6K)'
    >>> filled("It pays in {probability} of all cases.", {"probability": Estimate.exact(0.25)})
    'It pays in 25% of all cases.'
    """
    parts: list[str] = []
    before = ""
    for text, name, *_ in Formatter().parse(sentence):
        parts.append(text)
        if name is not None:
            given = statistics[name]
            if math.isnan(given.value):
                parts.append(f"– ({given.note})" if given.note else "–")
                continue
            if name.startswith(("probability", "P(", "cdf(", "exceedance(")):
                given = given.scaled(100.0, "percent")
            number = given.brief(_DIGITS_OF_SENTENCES)
            said = given.unit == before and given.unit != "percent"
            parts.append(number if said else with_unit(number, given.unit))
            before = given.unit
    return "".join(parts)


def _statistics_in(sentence: str) -> list[str]:
    """The statistics that a sentence names."""
    example = "write for example 'A year costs {mean} ({p5} to {p95})'"
    if not isinstance(sentence, str):
        kind = type(sentence).__name__
        raise WrongKind(f"sentence= is a text, not a value of type {kind}; {example}")
    try:
        found = list(Formatter().parse(sentence))
    except ValueError as error:
        raise UsageError(f"sentence={sentence!r}: {error}; {example}") from None
    names = [name for _, name, *_ in found if name is not None]
    if not all(names) or any(form or conversion for _, _, form, conversion in found):
        raise UsageError(
            f"sentence={sentence!r}: braces hold the name of a statistic and nothing else; "
            f"{example}"
        )
    if not names:
        raise UsageError(f"sentence={sentence!r} has no number in it; {example}")
    return names


def _checked_priority(priority: int | None) -> int | None:
    if priority is None:
        return None
    if not is_whole(priority):
        raise WrongKind(f"priority= is a whole number from 1, not {priority!r}")
    if priority < 1:
        raise UsageError(f"priority={priority} is less than 1, the first place")
    return int(priority)


def _checked_labels(quantity: Quantity, at: Mapping[str, Label]) -> dict[str, Label]:
    """The labels in the order of the dimensions; each must be there, with a label that it has."""
    for dim in quantity.dims:
        if dim.name not in at:
            example = f"at={{{dim.name!r}: {dim.labels[0]!r}}}"
            raise DimensionError(f"say which '{dim.name}' is meant: {example}")
    if extra := [name for name in at if name not in {dim.name for dim in quantity.dims}]:
        raise DimensionError(f"the quantity has no dimension '{extra[0]}'")
    return {dim.name: dim.labels[dim.index(at[dim.name])] for dim in quantity.dims}
