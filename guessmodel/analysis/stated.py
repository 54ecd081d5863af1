"""Questions that a model file states of its model: sweeps, and what is sought."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar, Unpack, final

from guessmodel.errors import GuessmodelError, Location, WrongKind, caller, public, relocated
from guessmodel.graph.dims import Label
from guessmodel.graph.number_in import Amount
from guessmodel.graph.quantity import Quantity
from guessmodel.model.attached import attach
from guessmodel.model.model import Model
from guessmodel.model.side_by_side import base_of

if TYPE_CHECKING:
    from guessmodel.analysis.seek import Sought
    from guessmodel.analysis.statistic import RunOptions
    from guessmodel.analysis.sweep import Sweep

__all__ = ["StatedSeek", "StatedSweep", "seek", "seeks_of", "sweep", "sweeps_of"]


@final
@dataclass(frozen=True, slots=True, eq=False)
class StatedSweep:
    """A sweep that a model is asked for; made by `sweep`."""

    over: tuple[tuple[str | Quantity, Any], ...]
    output: str | Quantity | None
    crosses: Amount | None
    location: Location
    doc: str | None = None

    @property
    def subjects(self) -> tuple[Quantity, ...]:
        """The output and the inputs, as far as they are told by themselves."""
        return _quantities(self.output, *(key for key, _ in self.over))

    def rewired(self, new: Mapping[Quantity, Quantity]) -> StatedSweep:
        """The same about quantities that took the place of its own."""
        over = tuple((_new(key, new), values) for key, values in self.over)
        return replace(self, over=over, output=_new(self.output, new))

    def check_in(self, model: Model) -> None:
        """Raise GuessmodelError, at its line, where it does not fit a model."""
        from guessmodel.analysis.sweep import sweep_setup

        try:
            sweep_setup(model, dict(self.over), self.output, self.crosses)
        except GuessmodelError as error:
            raise relocated(error, self.location, "gm.sweep: ") from None

    def evaluate(self, model: Model, **how: Unpack[RunOptions]) -> Sweep:
        """The answer of a model, or of its scenarios side by side: that of `Model.sweep`, whose
        `n`, `seed` and `method` are `how`. Raises what that raises, at the line of the sweep."""
        from guessmodel.analysis.sweep import sweep

        try:
            return sweep(model, dict(self.over), self.output, crosses=self.crosses, **how)
        except GuessmodelError as error:
            raise relocated(error, self.location, "gm.sweep: ") from None


@final
@dataclass(frozen=True, slots=True, eq=False)
class StatedSeek:
    """What is sought in a model; made by `seek`."""

    output: str | Quantity
    statistic: str
    target: Amount
    by: str | Quantity
    location: Location
    between: Sequence[Amount] | None = None
    labels: Mapping[str, Label] = field(default_factory=dict)
    doc: str | None = None

    @property
    def subjects(self) -> tuple[Quantity, ...]:
        """The output and the input, as far as they are told by themselves."""
        return _quantities(self.output, self.by)

    def rewired(self, new: Mapping[Quantity, Quantity]) -> StatedSeek:
        """The same about quantities that took the place of its own."""
        return replace(self, output=_new(self.output, new), by=_new(self.by, new))

    def check_in(self, model: Model) -> None:
        """Raise GuessmodelError, at its line, where it does not fit a model."""
        from guessmodel.analysis.seek import seek_setup

        asked = self.statistic, self.target, self.by, self.between, self.labels
        try:
            seek_setup(model, self.output, *asked)
        except GuessmodelError as error:
            raise relocated(error, self.location, "gm.seek: ") from None

    def evaluate(self, model: Model, **how: Unpack[RunOptions]) -> Sought:
        """The answer of a model, or of its scenarios side by side: that of `Model.seek`, whose
        `n`, `seed` and `method` are `how`. Raises what that raises, at the line where it is
        stated."""
        from guessmodel.analysis.seek import seek

        try:
            asked = self.statistic, self.target, self.by, self.between
            return seek(model, self.output, *asked, labels=self.labels, **how)
        except GuessmodelError as error:
            raise relocated(error, self.location, "gm.seek: ") from None


@public
def sweep(
    over: Mapping[Any, Any],
    output: str | Quantity | None = None,
    *,
    crosses: Amount | None = None,
    doc: str | None = None,
) -> StatedSweep:
    """State that a model is asked for a sweep: an output at several values of an input, or of two.

    In a model file it belongs to the model: `guessmodel sweep FILE` answers it, and reports show
    the answer. The arguments are those of `Model.sweep`, which answers the same at once.

    Parameters
    ----------
    over : by quantity or its name (`"cost[twitter]"` is one label), values: numbers in its unit,
        figures, or text such as `"1..10:10 USD"`
    output : the quantity, or its name; may be left out where the model has one output
    crosses : the value whose crossings are told; by default 0
    doc : for the reports

    Raises WrongKind at the line of the sweep; what does not fit the model is told there too, when
    the file is loaded.

    >>> import guessmodel as gm
    >>> price, cups = gm.constant(3, "USD"), gm.normal(100, 200)
    >>> asked = gm.sweep({price: "1..3:2"}, "sales")
    >>> found = asked.evaluate(gm.Model(price=price, sales=price * cups))
    >>> [f"{row.mean}" for row in found.rows]
    ['150 USD', '450 USD']
    """
    where = caller()
    if not isinstance(over, Mapping) or not over:
        raise WrongKind("gm.sweep takes values by quantity: {price: '1..10:10 USD'}", where)
    for key in over:
        _check_told("gm.sweep: an input", key, where)
    if output is not None:
        _check_told("gm.sweep: the output", output, where)
    _check_doc(doc, where)
    made = StatedSweep(tuple(over.items()), output, crosses, where, doc)
    attach(made)
    return made


@public
def seek(
    output: str | Quantity,
    statistic: str,
    target: Amount,
    *,
    by: str | Quantity,
    between: Sequence[Amount] | None = None,
    labels: Mapping[str, Label] | None = None,
    doc: str | None = None,
) -> StatedSeek:
    """State that a model is asked what it would take: the values of an input at which a statistic
    of an output is on target.

    In a model file it belongs to the model: `guessmodel seek FILE` answers it, and reports show
    the answer. The arguments are those of `Model.seek`, which answers the same at once.

    Parameters
    ----------
    output : the quantity, or its name
    statistic : `"mean"`, `"p95"` or another by name, or `"P(> 5 USD)"`
    target : what it should be: a number in the statistic's unit, or text such as `"5%"`
    by : the input that is changed, or its name
    between : two values of it between which to look; by default around its own, ever wider
    labels : the label of each dimension of the output
    doc : for the reports

    Raises WrongKind at its line; what does not fit the model is told there too, when the file is
    loaded.

    >>> import guessmodel as gm
    >>> price, cups = gm.constant(3, "USD"), gm.normal(100, 200)
    >>> asked = gm.seek("sales", "mean", "600 USD", by=price)
    >>> print(asked.evaluate(gm.Model(price=price, sales=price * cups)).value)
    4 USD
    """
    where = caller()
    _check_told("gm.seek: the output", output, where)
    _check_told("gm.seek: by=", by, where)
    if labels is not None and not isinstance(labels, Mapping):
        raise WrongKind("gm.seek: labels= takes a label by dimension: {'year': 2025}", where)
    _check_doc(doc, where)
    made = StatedSeek(output, statistic, target, by, where, between, labels or {}, doc)
    attach(made)
    return made


_Stated = TypeVar("_Stated", StatedSweep, StatedSeek)


def sweeps_of(model: Model, output: str | None = None) -> list[StatedSweep]:
    """The sweeps that a model is asked for, in the order of the file: all, or those of one
    output, or of one label of it (`cost[2025]`)."""
    return _of(model, StatedSweep, output)


def seeks_of(model: Model, output: str | None = None) -> list[StatedSeek]:
    """What is sought in a model, in the order of the file: all, or that about one output."""
    return _of(model, StatedSeek, output)


def _of(model: Model, kind: type[_Stated], output: str | None) -> list[_Stated]:
    from guessmodel.analysis.statistic import output_of

    base = base_of(model)
    found = [each for each in base.attached if isinstance(each, kind)]
    if output is None:
        return found
    name, labels = output_of(base, output)
    about = []
    for each in found:
        whole, chosen = output_of(base, each.output)
        if isinstance(each, StatedSeek):
            chosen |= each.labels
        if whole == name and labels in ({}, chosen):
            about.append(each)
    return about


def _quantities(*told: str | Quantity | None) -> tuple[Quantity, ...]:
    return tuple(each for each in told if isinstance(each, Quantity))


def _new(told: Any, new: Mapping[Quantity, Quantity]) -> Any:
    return new.get(told, told) if isinstance(told, Quantity) else told


def _check_told(what: str, told: Any, where: Location) -> None:
    if not isinstance(told, str | Quantity):
        raise WrongKind(f"{what} is given by itself or its name, not by {told!r}", where)


def _check_doc(doc: Any, where: Location) -> None:
    if doc is not None and not isinstance(doc, str):
        raise WrongKind(f"doc= takes text, not {doc!r}; write doc='…'", where)
