"""The pictures of a report as SVG texts: the same file stands beside Markdown and within HTML."""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import sha256
from typing import TYPE_CHECKING, Final, cast

from guessmodel.claims.report_format import PictureData, PictureKind
from guessmodel.model.model import Model
from guessmodel.report.document import Document
from guessmodel.report.drivers import Answers, inlines
from guessmodel.report.page import slug
from guessmodel.report.scenarios import beside
from guessmodel.simulation import Simulation

if TYPE_CHECKING:
    from guessmodel.plots import Picture

__all__ = ["drawn"]

_KINDS: Final[dict[str, PictureKind]] = {"cdf": "cumulative distribution"}
_GROUP = re.compile(r'<g id="[^"]*"')  # no other element refers to these ids
_COMMENT = re.compile(r"<!--.*?-->\n?", re.DOTALL)
_METADATA = re.compile(r"\s*<metadata>.*?</metadata>", re.DOTALL)
_PATH = re.compile(r'(?<=\bd=")[^"]*')
_LONG = re.compile(r"(-?\d+\.\d\d)\d+")


def drawn(
    model: Model,
    simulation: Simulation,
    document: Document,
    drivers: Answers,
    told: Callable[[], None] = lambda: None,
) -> tuple[list[PictureData], dict[str, str]]:
    """The graph of a model, the distributions of its results and what drives them: what the
    document says of the pictures, and the SVG text of each file.

    `told` is called after each quantity.
    """
    from guessmodel import plots

    entries: list[PictureData] = []
    texts: dict[str, str] = {}

    def add(picture: Picture, quantity: str | None) -> None:
        kind = _KINDS.get(picture.kind) or cast(PictureKind, picture.kind)
        stem = slug(f"{quantity or 'model'} {kind}")
        file = f"{model.title}/{stem}.svg"
        if file in texts:  # two names may differ in characters that file names lack
            file = f"{model.title}/{stem}-{len(texts)}.svg"
        ids = f"p{sha256(file.encode()).hexdigest()[:6]}-"
        texts[file] = _lean(plots.svg(picture.figure, alt=picture.alt, ids=ids))
        entries.append({"file": file, "kind": kind, "quantity": quantity, "alt": picture.alt})

    add(plots.graph_for_report(model), None)
    told()
    for name, entry in document["quantities"].items():
        if entry["main"]:
            for picture in plots.for_report(simulation[name]):
                add(picture, name)
        told()
    for name, answer in drivers.items():
        for _, piece in inlines(answer):
            swinging = plots.tornado_for_report(piece)
            if swinging is not None:
                add(swinging, name)
    together = beside(model, simulation)
    for result in () if together is None else together.results():
        side = plots.scenarios_for_report(result)
        if side is not None:
            add(side, result.name)
    return entries, texts


def _lean(svg: str) -> str:
    """Without comments, which hold texts of the model, and with hundredths of a point."""
    svg = _METADATA.sub("", _COMMENT.sub("", svg))
    svg = _GROUP.sub("<g", svg)
    return _PATH.sub(lambda match: _LONG.sub(r"\1", match[0]), svg)
