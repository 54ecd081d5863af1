"""Scenarios: named sets of changes that belong to a model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, final

from guessmodel.errors import (
    GuessmodelError,
    Location,
    UsageError,
    WrongKind,
    caller,
    did_you_mean,
    public,
    relocated,
)
from guessmodel.escaping import is_harmless
from guessmodel.graph.quantity import Quantity
from guessmodel.model import overrides
from guessmodel.model.attached import Attached, Fitting, attach

if TYPE_CHECKING:
    from guessmodel.model.model import Model

__all__ = ["BASE", "Scenario", "check_scenarios", "in_scenario", "scenario", "scenarios_of"]

BASE: Final = "base"
"""What the unchanged model is called beside its scenarios."""


@final
@dataclass(frozen=True, slots=True, eq=False)
class Scenario:
    """A named set of changes. Made by `scenario`.

    `changes` are pairs: a quantity or its name, and what takes its place, as in `Model.with_`.
    """

    name: str
    changes: tuple[tuple[str | Quantity, Any], ...]
    location: Location
    doc: str | None = None
    source: str | None = None

    def __repr__(self) -> str:
        changed = (key if isinstance(key, str) else key.label for key, _ in self.changes)
        return f"<scenario {self.name!r}: changes {', '.join(changed)}>"

    @property
    def subjects(self) -> tuple[Quantity, ...]:
        """The quantities that it changes, and those that take their place."""
        return tuple(each for change in self.changes for each in _quantities(change))

    def rewired(self, new: Mapping[Quantity, Quantity]) -> Scenario:
        """The same changes of quantities that took the place of its own."""
        return replace(self, changes=tuple((_new(k, new), _new(v, new)) for k, v in self.changes))


@public
def scenario(
    name: str,
    changes: Mapping[Any, Any],
    *,
    doc: str | None = None,
    source: str | None = None,
) -> Scenario:
    """Name a set of changes; in a model file it belongs to the model.

    `guessmodel run FILE --scenario NAME` and `model.in_scenario(NAME)` make the changes,
    `--scenarios` and `model.sample(scenarios=True)` show all scenarios beside the unchanged model.

    Parameters
    ----------
    name : told apart from other scenarios by; `base` is the unchanged model
    changes : by quantity or its name (`"cost[twitter]"` is one label): text such as
        `"3 to 6 USD/hour"`, a number in the quantity's unit, a quantity, or a mapping of labels
    doc, source : for the reports; the source is that of its values, too

    Raises UsageError or WrongKind at the line of the scenario; what does not fit the model, such
    as the name of a quantity that it does not have, is told there too, when the file is loaded.

    >>> import guessmodel as gm
    >>> price, hours = gm.normal(8, 12, "USD/hour"), gm.lognormal(100, 400, "hour")
    >>> cheap = gm.scenario("cheap", {price: "3 to 6 USD/hour"})
    >>> model = gm.Model(price=price, hours=hours, cost=price * hours)
    >>> print(model.in_scenario(cheap).sample()["price"].interval())
    3 to 6 USD/hour
    """
    where = caller()
    if not isinstance(name, str):
        raise WrongKind(
            f"a scenario is given by its name, as in gm.scenario('cheap', …), not {name!r}", where
        )
    if not name.strip() or name != name.strip() or not is_harmless(name):
        raise UsageError(f"{name!r} is no name for a scenario; write one such as 'cheap'", where)
    if name == BASE:
        raise UsageError(
            f"'{BASE}' is the model without changes; give the scenario another name", where
        )
    if not isinstance(changes, Mapping):
        raise WrongKind(
            f"scenario '{name}' takes its changes by quantity: {{price: '3 to 6 USD'}}", where
        )
    if not changes:
        raise UsageError(f"scenario '{name}' changes nothing; write {{price: '3 to 6 USD'}}", where)
    for key in changes:
        if not isinstance(key, str | Quantity):
            raise WrongKind(
                f"scenario '{name}': a quantity is given by itself or its name, not by {key!r}",
                where,
            )
    for key, text in (("doc", doc), ("source", source)):
        if text is not None and not isinstance(text, str):
            raise WrongKind(f"{key}= takes text, not {text!r}; write {key}='…'", where)
    made = Scenario(name, tuple(changes.items()), where, doc, source)
    attach(made)
    return made


def scenarios_of(attached: tuple[Attached, ...]) -> dict[str, Scenario]:
    """The scenarios among what is said of a model, by name; UsageError where two have one name."""
    found: dict[str, Scenario] = {}
    for each in attached:
        if isinstance(each, Scenario):
            if each.name in found:
                first = found[each.name].location
                raise UsageError(f"scenario '{each.name}' is there already, {first}", each.location)
            found[each.name] = each
    return found


def in_scenario(model: Model, *chosen: str | Scenario) -> Model:
    """See `Model.in_scenario`."""
    for each in chosen:
        if isinstance(each, Scenario) and each not in model.attached:
            model = _revised(model, (*model.attached, each), model.former)
    for each in chosen:
        found = named(model, each.name if isinstance(each, Scenario) else each)
        try:
            model = overrides.changed(model, found.changes, found.location, found.source)
        except GuessmodelError as error:
            raise relocated(error, found.location, f"scenario '{found.name}': ") from None
    return model


def named(model: Model, name: str) -> Scenario:
    """A scenario of a model by its name; UsageError where it has none."""
    if not isinstance(name, str):
        raise WrongKind(f"a scenario is given by its name, not by {name!r}")
    found = model.scenarios.get(name)
    if found is None:
        known = list(model.scenarios)
        has = f"; there are {', '.join(known[:8])}" if known else f"; {model.title} has none"
        raise UsageError(f"there is no scenario '{name}'{did_you_mean(name, known) or has}")
    return found


def check_scenarios(model: Model) -> Model:
    """The model, of whose points those are a part that its scenarios need, so that all of them are
    seen on common draws, together or one by one.

    Raises GuessmodelError, at its line, for a scenario that does not fit the model, or a question.
    """
    for each in model.attached:
        if isinstance(each, Fitting):
            each.check_in(model)
        about = getattr(each, "scenario", None)
        if about is not None and about not in model.scenarios:
            known = list(model.scenarios)
            has = f"; there are {', '.join(known[:8])}" if known else "; the file has none"
            raise UsageError(
                f"there is no scenario '{about}'{did_you_mean(about, known) or has}",
                getattr(each, "location", None),
            )
    if not model.scenarios:
        return model
    universes = [in_scenario(model, name).universe for name in model.scenarios]
    return _revised(model, model.attached, model.former.union(*universes))


def _revised(model: Model, attached: tuple[Attached, ...], former: frozenset[str]) -> Model:
    """The same quantities, of which something else is said, or which know of other names."""
    rest = {"attached": attached, "former": former, "keys": model.keys}
    return model._version(model.entries.values(), model.all_entries, **rest)


def _quantities(values: Any) -> Iterator[Quantity]:
    if isinstance(values, Quantity):
        yield values
    elif isinstance(values, Mapping):
        yield from _quantities(tuple(values.values()))
    elif isinstance(values, tuple):
        for each in values:
            yield from _quantities(each)


def _new(value: Any, new: Mapping[Quantity, Quantity]) -> Any:
    if isinstance(value, Quantity):
        return new.get(value, value)
    if isinstance(value, Mapping):
        return {key: _new(each, new) for key, each in value.items()}
    return value
