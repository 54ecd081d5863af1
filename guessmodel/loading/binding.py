"""Names and descriptions of quantities, as a module's namespace and its source give them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from operator import attrgetter
from typing import Any, final

from guessmodel.errors import Location, ModelError
from guessmodel.escaping import is_harmless
from guessmodel.graph.quantity import Quantity
from guessmodel.graph.traversal import depth_first
from guessmodel.loading.importing import Loaded, Rebinding

__all__ = ["check_rebindings", "descriptions", "helpers", "holds_quantities", "labels", "names"]


def names(
    loaded: Loaded, foreign: Collection[Quantity], replaced: Collection[Quantity] = ()
) -> dict[str, Quantity]:
    """Quantities that a module names, in the order in which it binds them.

    A quantity has the name that the statement which makes it binds, else its first one; values in
    dicts and lists are called `cost[twitter]` and `cost[0]`. Names that a loop binds count only
    where there is no other. `name=` wins, and makes a quantity known that has no module-level name
    at all. `foreign` quantities belong to another module and keep their names; those that
    were `replaced`, as draws by correlated ones, have none any more.

    Raises ModelError where two quantities would have one name.
    """
    ranks = _NameRanks(loaded)
    bound: dict[Quantity, tuple[int, int, str]] = {}
    for position, (label, quantity) in enumerate(_bindings(loaded.namespace)):
        candidate = (ranks.of(label, quantity), position, label)
        if quantity in replaced:
            continue
        if quantity not in foreign and candidate < bound.get(quantity, (9, 0, "")):
            bound[quantity] = candidate
    found: dict[str, Quantity] = {}
    seen: set[Quantity] = set()
    for quantity, (_, _, label) in sorted(bound.items(), key=lambda item: item[1][1]):
        for node in depth_first([quantity], attrgetter("operands"), seen):
            if node.name is not None and node not in bound and node not in foreign:
                _add(found, node.name, node)
        _add(found, quantity.name or label, quantity)
    return found


def labels(loaded: Loaded, found: Mapping[str, Quantity]) -> dict[str, str]:
    """By name what is shown instead of it: of a member of a dict or list (`cost[0]`) that has a
    variable of its own too, that variable; what a loop leaves behind is none. The name stays what
    owns the draws."""
    own = {quantity: name for name, quantity in found.items()}
    taken = {*found, *loaded.outline.passing}
    variables: dict[Quantity, str] = {}
    for label, value in loaded.namespace.items():
        if isinstance(value, Quantity) and not label.startswith("_") and label not in taken:
            variables.setdefault(value, label)
    return {
        own[quantity]: label
        for quantity, label in variables.items()
        if quantity in own and quantity.name is None and _is_member(own[quantity], loaded)
    }


def helpers(loaded: Loaded, found: Mapping[str, Quantity]) -> frozenset[str]:
    """Names that were given in passing: those that only loops bind, and members of dicts and lists,
    unless a variable of their own is shown instead. `name=` is never given in passing."""
    passing, shown = loaded.outline.passing, labels(loaded, found)
    return frozenset(
        name
        for name, quantity in found.items()
        if quantity.name is None and (name in passing or _is_member(name, loaded))
        if name not in shown
    )


def _is_member(name: str, loaded: Loaded) -> bool:
    return name not in loaded.namespace and name.partition("[")[0] in loaded.namespace


def descriptions(loaded: Loaded, found: Mapping[str, Quantity]) -> dict[str, str]:
    """Descriptions by name: the text directly below the line that binds it."""
    texts = loaded.outline.docs
    labels = {quantity: name for name, quantity in found.items()}
    docs: dict[str, str] = {}
    for label, quantity in _bindings(loaded.namespace):
        if label in texts and quantity in labels:
            docs.setdefault(labels[quantity], texts[label])
    return docs


def holds_quantities(namespace: Mapping[str, Any]) -> bool:
    """Whether a quantity is bound in a namespace, its own or an imported one."""
    return any(True for _ in _bindings(namespace))


def check_rebindings(
    loaded: Loaded, found: Mapping[str, Quantity], foreign: Collection[Quantity]
) -> None:
    """Raise ModelError where a name has moved on from a quantity that others still use.

    A quantity that builds on the former one of its name (`total = total + x`) is fine, and so is
    one whose former one has a name elsewhere.
    """
    named = {*found.values(), *foreign}
    for rebinding in loaded.rebindings:
        if rebinding.hidden not in named and rebinding.hidden.name is None:
            _check_rebinding(rebinding, loaded, found)


def _check_rebinding(rebinding: Rebinding, loaded: Loaded, found: Mapping[str, Quantity]) -> None:
    name, hidden, first, second = rebinding
    heir = loaded.namespace.get(name)
    seen = {heir} if isinstance(heir, Quantity) else set()
    for quantity in found.values():
        if any(node is hidden for node in depth_first([quantity], attrgetter("operands"), seen)):
            raise ModelError(
                f"'{name}' is bound twice, at lines {first} and {second}, and the first is still "
                "used; give them two names",
                Location(str(loaded.path), second),
            )


def _add(found: dict[str, Quantity], name: str, quantity: Quantity) -> None:
    if not is_harmless(name):
        raise ModelError(
            f"the name {name!r} has characters that cannot be shown; give name=", quantity.location
        )
    known = found.setdefault(name, quantity)
    if known is not quantity:
        raise ModelError(
            f"two quantities are called '{name}', here and in {known.location}; rename one of them",
            quantity.location,
        )


@final
class _NameRanks:
    """How well a name suits a quantity: 0 for the one that it was born with, 1, or 2 in a loop."""

    def __init__(self, loaded: Loaded) -> None:
        self._file = str(loaded.path)
        self._outline = loaded.outline

    def of(self, label: str, quantity: Quantity) -> int:
        if label in self._outline.looped:
            return 2
        if quantity.location.file != self._file:
            return 1
        line, spans = quantity.location.line, self._outline.spans.get(label, ())
        return 0 if any(first <= line <= last for first, last in spans) else 1


# --- the namespace ------------------------------------------------------------------------------


def _bindings(namespace: Mapping[str, Any]) -> Iterator[tuple[str, Quantity]]:
    for name, value in list(namespace.items()):
        if not isinstance(name, str):  # globals()[5] = …
            if isinstance(value, Quantity):
                raise ModelError(
                    f"a quantity has the name {name!r}; a name is text", value.location
                )
        elif not name.startswith("__"):
            yield from _members(name, value, ())


def _members(label: str, value: Any, outer: tuple[int, ...]) -> Iterator[tuple[str, Quantity]]:
    if isinstance(value, Quantity):
        yield label, value
    elif isinstance(value, dict | list | tuple) and id(value) not in outer:
        items: Iterable[tuple[Any, Any]] = (
            value.items() if isinstance(value, dict) else enumerate(value)
        )
        for key, item in items:
            if isinstance(key, Quantity):  # changes, for a scenario: what is changed names nothing
                continue
            shown = ", ".join(map(str, key)) if isinstance(key, tuple) else str(key)
            yield from _members(f"{label}[{shown}]", item, (*outer, id(value)))
