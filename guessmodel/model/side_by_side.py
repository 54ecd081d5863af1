"""Variants of a model in one: each quantity that differs has a labelled dimension `scenario`.

Each variant keeps a graph of its own, and what they have in common is computed once. So the numbers
at a label are those of a run of that variant alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from guessmodel.errors import DimensionError, UsageError
from guessmodel.graph.along_dims import Stack
from guessmodel.graph.dims import Dim
from guessmodel.graph.quantity import Quantity, wire
from guessmodel.graph.traversal import rewired, variates
from guessmodel.model.scenario import BASE, Scenario, in_scenario

if TYPE_CHECKING:
    from guessmodel.model.model import Model

__all__ = ["SCENARIO", "base_of", "joined", "side_by_side"]

SCENARIO: Final = "scenario"


def side_by_side(model: Model, chosen: bool | str | Scenario | Sequence[str | Scenario]) -> Model:
    """See `Model.side_by_side`."""
    if model.variants:
        raise UsageError("these are scenarios side by side already")
    if isinstance(chosen, str | Scenario):
        chosen = [chosen]
    wanted = list(model.scenarios) if isinstance(chosen, bool) else list(chosen)
    if not wanted:
        raise UsageError(
            f"{model.title} has no scenarios; write gm.scenario('cheap', {{price: '3 to 6 USD'}}) "
            "in its file"
        )
    variants = {BASE: model}
    for each in wanted:
        name = each.name if isinstance(each, Scenario) else each
        if name in variants:
            raise UsageError(f"the scenario '{name}' is named twice")
        variants[name] = in_scenario(model, each)
    return joined(variants)


def joined(variants: Mapping[str, Model]) -> Model:
    """Variants of one model, the unchanged one first, as one model on common draws.

    Raises DimensionError where a quantity that differs has a dimension `scenario` of its own.
    """
    base = next(iter(variants.values()))
    keys: dict[Quantity, str] = {}
    owners: dict[str, Quantity] = {}
    nodes: list[Mapping[Quantity, Quantity]] = []
    for name, model in variants.items():
        common: dict[Quantity, Quantity] = {}
        for variate, key in model.keys.items():
            first = owners.setdefault(key, variate)
            if first.dims == variate.dims:
                common[variate] = first
                keys[first] = key
            else:  # as of a draw that has other labels there
                keys[variate] = f"{key}@{name}"
        nodes.append(rewired([entry.quantity for entry in model.all_entries], common))
    dim = Dim(SCENARIO, tuple(variants))
    entries = {
        id(entries[0]): replace(
            entries[0],
            quantity=_stacked(
                dim, [new[e.quantity] for new, e in zip(nodes, entries, strict=True)]
            ),
        )
        for entries in zip(*(model.all_entries for model in variants.values()), strict=True)
    }
    everything = tuple(entries.values())
    there = variates(entry.quantity for entry in everything)
    return base._version(
        [entries[id(entry)] for entry in base.entries.values()],
        everything,
        former=frozenset().union(*(model.universe for model in variants.values())),
        keys={variate: key for variate, key in keys.items() if variate in there},
        outputs=base.outputs,
        variants=tuple(variants.items()),
    )


def base_of(model: Model) -> Model:
    """The unchanged one of scenarios side by side; of another model itself."""
    return dict(model.variants).get(BASE, model)


def _stacked(dim: Dim, nodes: Sequence[Quantity]) -> Quantity:
    """The quantities of all variants along a dimension; one where all have the same."""
    base = nodes[0]
    if all(node is base for node in nodes):
        return base
    try:
        stack = wire(Stack(dim), *nodes)
    except DimensionError:
        if any(own.name == dim.name for node in nodes for own in node.dims):
            raise DimensionError(
                f"a quantity has a dimension '{dim.name}' itself, and cannot have another; call "
                "it by another name, or look at one scenario at a time",
                base.location,
            ) from None
        raise
    return replace(
        stack,
        location=base.location,
        name=base.name,
        doc=base.doc,
        source=base.source,
        format=base.format,
        categories=base.categories,
    )
