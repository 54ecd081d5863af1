"""What goes together: correlated inputs, and outputs with each other; the data of a document, and
their section of a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import chain
from typing import Final, Literal

from guessmodel.analysis.correlations import Correlations
from guessmodel.claims.report_format import CorrelationsData, Document, EstimateData
from guessmodel.estimators.estimate import Estimate
from guessmodel.graph.correlations import correlated_groups
from guessmodel.graph.traversal import drawn_variate
from guessmodel.model.model import Model
from guessmodel.numerics.rounding_noise import only_rounding
from guessmodel.report.numbers import signed
from guessmodel.report.page import Block, Cell, Paragraphs, Picture, Section, Table
from guessmodel.simulation import Result, Simulation
from guessmodel.simulation.joint import variates

__all__ = ["together", "together_data", "together_section"]

_MOST: Final = 8  # in a matrix
_SHOWN: Final = 4  # in a picture
_CAPTIONS: Final = {
    "inputs": "Inputs that are correlated",
    "outputs": "Outputs with each other",
}

Kind = Literal["inputs", "outputs"]
Together = list[tuple[Kind, Correlations, list[Result], int]]
"""The matrix, the results that a picture of it shows, and how many the matrix has left out."""


def together(model: Model, simulation: Simulation) -> Together:
    """The rank correlations of draws that are correlated, a matrix for each set of them; and of
    outputs. Of many, and of many labels, the first ones."""
    names = {name: drawn_variate(quantity) for name, quantity in model.quantities.items()}
    sets: list[tuple[Kind, list[str]]] = [
        ("inputs", [name for name, variate in names.items() if variate in group])
        for group in correlated_groups(model.quantities.values())
    ]
    sets.append(("outputs", [n for n in model.outputs if model.quantities[n].kind == "derived"]))
    found: Together = []
    for kind, own in sets:
        pieces = list(_varying(simulation[name] for name in own if name in simulation))
        if kind == "outputs":
            pieces = _linked(pieces)
        if len(pieces) > 1:
            matrix = simulation.correlations(*pieces[:_MOST])
            shown = pieces[:_SHOWN] if kind == "inputs" else []
            found.append((kind, matrix, shown, max(len(pieces) - _MOST, 0)))
    return found


def _varying(results: Iterable[Result]) -> Iterable[Result]:
    """Results without labels, of numbers that vary and are finite."""
    numbers = (result for result in results if not result.quantity.categories)
    pieces = chain.from_iterable(r.by_label.values() if r.dims else [r] for r in numbers)
    for piece in pieces:
        if piece.applicable and not only_rounding(piece.preview.min(), piece.preview.max()):
            yield piece


def _linked(results: list[Result]) -> list[Result]:
    """The results that have a draw in common with another: of the others there is nothing to
    tell."""
    behind = variates(*results)
    return [
        result
        for k, result in enumerate(results)
        if any(behind[k] & each for i, each in enumerate(behind) if i != k)
    ]


def together_data(
    given: Together, told: Callable[[Estimate], EstimateData]
) -> list[CorrelationsData]:
    """Correlations as a document has them; `told` is how it has an estimate."""
    return [
        {
            "kind": kind,
            "names": list(matrix.rows),
            "more": more,
            "values": [
                [told(matrix[row, column]) for column in matrix.rows] for row in matrix.rows
            ],
        }
        for kind, matrix, _, more in given
    ]


def together_section(document: Document) -> Section:
    """A matrix for each set of correlated inputs, and of the outputs; pictures of the former."""
    blocks: list[Block] = []
    for given in document.get("correlations", []):
        names = given["names"]
        rows = tuple(
            (
                Cell(name, name=True),
                *(Cell("" if i == j else signed(value)) for j, value in enumerate(values)),
            )
            for i, (name, values) in enumerate(zip(names, given["values"], strict=True))
        )
        numeric = frozenset(range(1, len(names) + 1))
        caption = _CAPTIONS[given["kind"]]
        some = f", the first {len(names)} of {len(names) + given['more']}" if given["more"] else ""
        blocks.append(Paragraphs(f"{caption}{some}."))
        blocks.append(Table(caption, ("Quantity", *names), rows, numeric))
    if not blocks:
        return Section("together", "What goes together", ())
    blocks.insert(0, Paragraphs("Spearman’s rank correlation of each pair, from −1 to 1."))
    blocks += [
        Picture(picture["file"], "Some draws of each pair", picture["alt"], wide=True)
        for picture in document["pictures"]
        if picture["kind"] == "scatter matrix"
    ]
    return Section("together", "What goes together", tuple(blocks))
