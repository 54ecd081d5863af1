"""A model for people who should see some inputs and what comes of them, and not the sheet: what
leaves the server is reduced to these."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final

from guessmodel.errors import UsageError, did_you_mean
from guessmodel.model.model import Model
from guessmodel.report.answers import Card
from guessmodel.report.view import Box, View

__all__ = ["ALLOWED", "check_names", "reduced"]

ALLOWED: Final = frozenset({"open", "hold", "move", "edit", "settle", "whole"})
"""What a page may ask of a calculator: to compute, not to read or to write the file."""


def check_names(model: Model, names: Collection[str]) -> None:
    """Raise UsageError for a name that the model does not have."""
    for name in names:
        if name not in model.quantities:
            hint = did_you_mean(name, list(model.quantities))
            raise UsageError(f"--calculator: {model.title} has no quantity '{name}'{hint}")


def reduced(shown: View, inputs: Mapping[str, Any], names: Collection[str]) -> View:
    """A view of some quantities alone: values and their forms, without where they come from.

    Those that are no inputs are answers; where the file makes a card of one, it is that.
    """
    kept = [box for box in shown["boxes"] if box["name"] in names]
    own = {card["name"]: card for card in shown["cards"]}
    wanted = [box for box in kept if box["name"] not in inputs]
    return {
        **shown,
        "description": "",
        "lead": "",
        "cards": [_card(box, own.get(box["name"])) for box in wanted],
        "boxes": [_stripped(box) for box in kept],
        "arrows": [],
        "near_arrows": [],
        "claims": [],
    }


def _card(box: Box, own: Card | None) -> Card:
    element = box["elements"][0]
    if own is not None:
        return {**own, "claims": []}
    return {
        "name": box["name"],
        "labels": element["labels"],
        "title": box["name"].replace("_", " "),
        "statistic": "probability" if element["chance"] else "mean",
        "value": element["value"],
        "words": element["range"],
        "claims": [],
        "thresholds": [],
        "priority": None,
    }


def _stripped(box: Box) -> Box:
    return {
        **box,
        "source": "",
        "inferred": False,
        "file": None,
        "where": "",
        "definition": "",
        "uses": [],
        "elements": [{**each, "drivers": [], "measure": ""} for each in box["elements"]],
        "near": box["place"],
    }
