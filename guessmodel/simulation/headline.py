"""Headlines: the outputs that a model is asked for, and the statistics that answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, final

from guessmodel.errors import (
    DimensionError,
    GuessmodelError,
    Location,
    UsageError,
    WrongKind,
    caller,
)
from guessmodel.estimators.estimate import Estimate
from guessmodel.graph.dims import Label
from guessmodel.graph.quantity import Quantity
from guessmodel.model.attached import attach
from guessmodel.simulation.simulation import Simulation
from guessmodel.simulation.statistics import statistic, unit_of
from guessmodel.simulation.summary import checked_percentiles
from guessmodel.tables import as_html, as_text

if TYPE_CHECKING:
    import pandas

    from guessmodel.model.model import Model

__all__ = ["Answer", "Headline", "Headlines", "headline", "headlines", "headlines_of"]


@final
@dataclass(frozen=True, slots=True, eq=False)
class Headline:
    """An output that a model is asked for; made by `headline`."""

    quantity: Quantity
    statistics: tuple[str, ...]
    labels: Mapping[str, Label]
    location: Location

    @property
    def subjects(self) -> tuple[Quantity, ...]:
        """The quantity."""
        return (self.quantity,)

    def rewired(self, new: Mapping[Quantity, Quantity]) -> Headline:
        """The same headline about the quantity that took the place of its own."""
        return replace(self, quantity=new.get(self.quantity, self.quantity))


@final
@dataclass(frozen=True, slots=True)
class Answer:
    """The statistics of one headline."""

    name: str  # of the quantity, with its labels
    statistics: Mapping[str, Estimate]

    def __str__(self) -> str:
        return f"{self.name}: " + ", ".join(f"{k} {e}" for k, e in self.statistics.items())


@final
@dataclass(frozen=True, slots=True)
class Headlines:
    """The statistics of all headlines of a model in one run."""

    heading: str
    answers: tuple[Answer, ...]

    def cells(self) -> list[list[str]]:
        """Header and rows as text."""
        rows = [
            [answer.name if i == 0 else "", name, str(estimate)]
            for answer in self.answers
            for i, (name, estimate) in enumerate(answer.statistics.items())
        ]
        return [["headline", "statistic", ""], *rows]

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

    def __str__(self) -> str:
        return as_text(self.heading, self.cells(), names=2)

    def _repr_html_(self) -> str:
        return as_html(self.heading, self.cells())


def headline(
    quantity: Quantity,
    *,
    percentiles: Sequence[float] = (5, 50, 95),
    statistics: Sequence[str] = ("mean",),
    at: Mapping[str, Label] | None = None,
) -> Headline:
    """State that a model is asked for a quantity, and by which statistics; once for each of them,
    in the order in which they are told.

    `guessmodel run` shows them below its table, and `run --outputs` them alone.

    Parameters
    ----------
    percentiles : such as (10, 50, 80, 90); none for an empty tuple
    statistics : names of others, see `docs/results.md`: "mean", "sd", "shortfall(0.95)" …
    at : the label of each dimension of the quantity

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
        raise WrongKind("gm.headline: ask for a comparison with a label of the category", where)
    try:
        ps = checked_percentiles(percentiles) if tuple(percentiles) else ()
        for name in statistics:
            statistic(name)
            unit_of(name, quantity.unit)
        labels = _chosen(quantity, at or {})
    except GuessmodelError as error:
        raise type(error)(f"gm.headline: {error.message}", where) from None
    names = (*statistics, *(f"p{p:g}" for p in ps))
    if not names:
        raise UsageError("gm.headline: name a statistic, or percentiles", where)
    made = Headline(quantity, tuple(dict.fromkeys(names)), labels, where)
    attach(made)
    return made


def headlines_of(model: Model) -> dict[str, Headline]:
    """The headlines of a model by the name of their quantity, in the order of the file."""
    found = {}
    for each in model.attached:
        if isinstance(each, Headline):
            try:
                name = model.name_of(each.quantity)
            except UsageError:
                raise UsageError(
                    "gm.headline: the quantity has no name in the model", each.location
                ) from None
            shown = ", ".join(str(label) for label in each.labels.values())
            found[f"{name}[{shown}]" if shown else name] = each
    return found


def headlines(simulation: Simulation) -> Headlines:
    """What the headlines of a model came to in a run; those whose quantity was sampled."""
    answers = []
    for name, each in headlines_of(simulation.model).items():
        key = simulation.model.name_of(each.quantity)
        if key not in simulation:
            continue
        result = simulation[key].sel(**each.labels) if each.labels else simulation[key]
        answers.append(Answer(name, {s: statistic(s)(result) for s in each.statistics}))
    return Headlines(simulation.run.heading, tuple(answers))


def _chosen(quantity: Quantity, at: Mapping[str, Label]) -> dict[str, Label]:
    """The labels in the order of the dimensions; each must be there, with a label that it has."""
    for dim in quantity.dims:
        if dim.name not in at:
            example = f"at={{{dim.name!r}: {dim.labels[0]!r}}}"
            raise DimensionError(f"say which '{dim.name}' is meant: {example}")
    if extra := [name for name in at if name not in {dim.name for dim in quantity.dims}]:
        raise DimensionError(f"the quantity has no dimension '{extra[0]}'")
    return {dim.name: dim.labels[dim.index(at[dim.name])] for dim in quantity.dims}
