"""The pictures of a report as SVG texts: the same file stands beside Markdown and within HTML."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, Final, cast

from guessmodel.analysis.statistic import output_of
from guessmodel.claims.report_format import PictureData, PictureKind
from guessmodel.model.model import Model
from guessmodel.report.answers import cards
from guessmodel.report.document import Document
from guessmodel.report.drivers import Answers, inlines
from guessmodel.report.forms import shown_alone
from guessmodel.report.page import slug
from guessmodel.report.scenarios import beside
from guessmodel.report.together import together
from guessmodel.report.what_if import NOTHING, WhatIf
from guessmodel.simulation import Result, Simulation

if TYPE_CHECKING:
    from guessmodel.plots import Picture

__all__ = ["MOST_PICTURES", "drawn"]

MOST_PICTURES: Final = 10  # of a model: more are not looked at

_KINDS: Final[dict[str, PictureKind]] = {"cdf": "cumulative distribution"}
_METADATA = re.compile(r"\s*<metadata>.*?</metadata>", re.DOTALL)


def drawn(
    model: Model,
    simulation: Simulation,
    document: Document,
    drivers: Answers,
    told: Callable[[], None] = lambda: None,
    asked: WhatIf = NOTHING,
) -> tuple[list[PictureData], dict[str, str]]:
    """The pictures of a model, ten at most: what the document says of them, and the SVG text of
    each file.

    The graph and what is asked for come first: the distribution of each, what drives it, the
    scenarios, sweeps and what is sought; then other results. What has the form of another has no
    picture. `told` is called after each picture.
    """
    from guessmodel import plots

    found: list[tuple[tuple[int, int], Picture, str | None]] = []
    for place, quantity, draw in _wanted(model, simulation, document, drivers, asked):
        picture = draw()
        if picture is not None:
            found.append((place, picture, quantity))
            told()
            if len(found) == MOST_PICTURES:
                break
    entries: list[PictureData] = []
    texts: dict[str, str] = {}
    for _, picture, name in sorted(found, key=lambda each: each[0]):
        kind = _KINDS.get(picture.kind) or cast(PictureKind, picture.kind)
        stem = slug(f"{name or 'model'} {kind}")
        file = f"{model.title}/{stem}.svg"
        if file in texts:  # two names may differ in characters that file names lack
            file = f"{model.title}/{stem}-{len(texts)}.svg"
        ids = f"p{sha256(file.encode()).hexdigest()[:6]}-"
        texts[file] = _METADATA.sub("", plots.svg(picture.figure, alt=picture.alt, ids=ids))
        entries.append({"file": file, "kind": kind, "quantity": name, "alt": picture.alt})
    return entries, texts


Wanted = tuple[tuple[int, int], str | None, Callable[[], "Picture | None"]]


def _wanted(
    model: Model, simulation: Simulation, document: Document, drivers: Answers, questions: WhatIf
) -> Iterator[Wanted]:
    """What may be drawn, the most important first, with the place where it is shown."""
    from guessmodel import plots
    from guessmodel.plots.report import cdf_for_report, form_for_report

    main = [
        name
        for name, entry in document["quantities"].items()
        if entry["main"] and shown_alone(document, name)
    ]
    asked = [card["name"] for card in cards(document)]
    asked = [name for name in dict.fromkeys(asked) if name in main]
    others = [name for name in main if name not in asked]

    def of(number: int, name: str, draw: Callable[[Result], Picture | None]) -> Wanted:
        return (1, 2 * main.index(name) + number), name, partial(draw, simulation[name])

    swings: dict[str, list[Wanted]] = {}
    for i, (name, answer) in enumerate(drivers.items()):
        for _, piece in inlines(answer):
            draw = partial(plots.tornado_for_report, piece)
            swings.setdefault(name, []).append(((4, i), name, draw))
    side = None if "within" in document else beside(model, simulation)
    sides: dict[str, list[Wanted]] = {}
    for i, result in enumerate(() if side is None else side.results()):
        draw = partial(plots.scenarios_for_report, result)
        sides[result.name] = [((3, i), result.name, draw)]

    yield (0, 0), None, partial(plots.graph_for_report, model)
    for names in (asked, others):
        yield from (of(0, name, form_for_report) for name in names)
        for more in (swings, sides):
            yield from (each for name in names for each in more.get(name, [])[:1])
        if names is asked:
            yield from _of_questions(model, questions)
            for i, (_, matrix, shown, _) in enumerate(together(model, simulation)):
                if shown:
                    name = matrix.rows[0].partition("[")[0]
                    yield (5, i), name, partial(plots.together_for_report, shown)
    yield from (of(1, name, cdf_for_report) for name in (*asked, *others))
    for names in (asked, others):
        yield from (each for name in names for each in swings.get(name, [])[1:])


def _of_questions(model: Model, questions: WhatIf) -> Iterator[Wanted]:
    from guessmodel import plots

    for i, (_, swept) in enumerate(questions.sweeps):
        yield (6, i), swept.whole, partial(plots.sweep_for_report, swept)
    for i, (asked, sought) in enumerate(questions.seeks):
        yield (7, i), output_of(model, asked.output)[0], partial(plots.seek_for_report, sought)
