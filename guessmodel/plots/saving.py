"""Files and text of pictures: the same bytes from the same picture, complete or not at all."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path
from typing import Any, Final

from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from guessmodel.errors import UsageError, public
from guessmodel.escaping import shown
from guessmodel.files import replace_file
from guessmodel.plots.style import ADAPTIVE_INK, house

__all__ = ["FORMATS", "figure_of", "format_of", "save", "svg"]

FORMATS: Final = ("svg", "png", "pdf")
_IDENTIFIER = re.compile(r'(?<=\bid=")(?=[^"])|(?<=xlink:href="#)|(?<=url\(#)')
_INK = re.compile(rf"\b(fill|stroke): {ADAPTIVE_INK.lower()}\b")
_GROUP = re.compile(r'<g id="[^"]*"')  # no other element refers to these ids
_COMMENT = re.compile(r"<!--.*?-->\n?", re.DOTALL)
_PLACES = re.compile(r'(?<=\s)(?:d|x|y|x1|x2|y1|y2|width|height|points)="[^"]*"|translate\([^)]*\)')
_LONG = re.compile(r"-?\d+\.\d{3,}(?![\de])")


@public
def save(picture: Axes | Figure, path: str | os.PathLike[str], *, alt: str = "") -> Path:
    """Write a picture as SVG, PNG or PDF, by the suffix of the path.

    The file is written beside its place and then renamed. Files carry no date, so that the same
    picture gives the same bytes.

    Parameters
    ----------
    alt : description in words, kept in the file as its title

    Raises UsageError for another suffix, OSError where the file cannot be written.
    """
    target = Path(path)
    replace_file(target, _rendered(picture, format_of(target), alt))
    return target


@public
def svg(picture: Axes | Figure, *, alt: str = "", ids: str = "") -> str:
    """A picture as an SVG element, to stand in an HTML page.

    Texts and lines have the colour `currentColor`, which is a grey readable on any background
    unless the page sets `color` on the element.

    Parameters
    ----------
    alt : description in words: the element's accessible name
    ids : prefix of all identifiers, so that several pictures can stand in one page

    >>> from guessmodel.plots import new_axes
    >>> svg(new_axes(), alt="nothing yet")[:4]
    '<svg'
    """
    text = _rendered(picture, "svg", alt).decode()
    text = text[text.index("<svg") :]
    return _IDENTIFIER.sub(ids, text) if ids else text


def format_of(path: Path) -> str:
    """Format by suffix; UsageError for one that cannot be written."""
    suffix = path.suffix.lower().removeprefix(".")
    if suffix not in FORMATS:
        raise UsageError(f"{path}: pictures are .svg, .png or .pdf; write a name that ends so")
    return suffix


def _rendered(picture: Axes | Figure, kind: str, alt: str) -> bytes:
    figure, alt = figure_of(picture), shown(alt)
    stream = io.BytesIO()
    if kind != "svg":
        with house():
            figure.savefig(stream, format=kind, metadata=_metadata(kind, alt))
        return stream.getvalue()
    kept = figure.canvas
    canvas = FigureCanvasSVG(figure)
    with house():
        try:
            # savefig would draw twice
            canvas.print_svg(stream, metadata=_metadata(kind, alt))  # type: ignore[no-untyped-call]
        finally:
            figure.set_canvas(kept)
    return _adapted(stream.getvalue().decode(), alt).encode()


def _metadata(kind: str, alt: str) -> dict[str, Any]:
    """No date, no version of the library."""
    title = {"Title": alt} if alt else {}
    if kind == "svg":
        return {"Date": None, "Creator": "guessmodel", **title}
    if kind == "pdf":
        return {"CreationDate": None, "Creator": "guessmodel", "Producer": None, **title}
    return {"Software": None, **title}


def _adapted(text: str, alt: str) -> str:
    """The grey of adaptive pictures becomes `currentColor`, and grey its default."""
    role = 'role="img" ' if alt else ""
    text = text.replace("<svg ", f'<svg {role}color="{ADAPTIVE_INK.lower()}" ', 1)
    return _lean(_INK.sub(r"\1: currentColor", text))


def _lean(text: str) -> str:
    """The text without comments, which hold texts of the model, and with places to hundredths of a
    point, which no machine computes differently but by chance."""
    text = _GROUP.sub("<g", _COMMENT.sub("", text))
    return _PLACES.sub(lambda match: _LONG.sub(_hundredths, match[0]), text)


def _hundredths(match: re.Match[str]) -> str:
    text = f"{float(match[0]):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def figure_of(picture: Axes | Figure) -> Figure:
    """The figure that axes stand in."""
    figure = picture if isinstance(picture, Figure) else picture.get_figure(root=True)
    assert figure is not None
    return figure
