"""How pictures look: colours, light and dark, fonts, and figures made without pyplot."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, cast, final

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from guessmodel.errors import UsageError, WrongKind, caller, public, suggested

__all__ = [
    "ADAPTIVE_INK",
    "PALETTE",
    "STYLES",
    "Margins",
    "Style",
    "house",
    "ink_of",
    "new_axes",
    "new_figure",
    "refuse_other",
    "refuse_style",
]

# Okabe and Ito (2008), "Color Universal Design": told apart with any colour vision. Their yellow
# and black are left out, for each vanishes on one of the two backgrounds.
BLUE: Final = "#0072B2"
VERMILLION: Final = "#D55E00"
GREEN: Final = "#009E73"
PURPLE: Final = "#CC79A7"
SKY: Final = "#56B4E9"
ORANGE: Final = "#E69F00"
PALETTE: Final = (BLUE, VERMILLION, GREEN, PURPLE, SKY, ORANGE)

# Contrast 4.5 on white and 4.1 on #121212: readable on a page whose background is not known.
ADAPTIVE_INK: Final = "#767676"


@final
@dataclass(frozen=True, slots=True)
class Style:
    """Colours of text and lines, and of the background; None: transparent."""

    ink: str
    background: str | None


STYLES: Final = {
    "auto": Style(ADAPTIVE_INK, None),
    "light": Style("#1F1F1F", "#FFFFFF"),
    "dark": Style("#E8E8E8", "#16181D"),
}


@final
@dataclass(frozen=True, slots=True)
class Margins:
    """Room around the axes, in inches."""

    left: float = 0.75
    right: float = 0.2
    bottom: float = 0.62
    top: float = 0.36


_RC: Final = {
    "font.family": ["sans-serif"],
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 9.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.8,
    "axes.titlesize": 9.0,
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    "svg.fonttype": "path",  # the same picture on any machine, whatever its fonts
    "svg.hashsalt": "guessmodel",
    "pdf.fonttype": 42,
    "savefig.dpi": "figure",
    "figure.dpi": 200.0,
}
_LOCK = threading.RLock()


@contextmanager
def house(ink: str | None = None) -> Iterator[None]:
    """Matplotlib's defaults with our own on top, for as long as a picture is made.

    Matplotlib's settings belong to the process, hence the lock.
    """
    defaults = cast(dict[str, Any], matplotlib.rcParamsDefault)
    settings = {key: defaults[key] for key in _visual()} | _RC
    if ink is not None:
        keys = ("text.color", "axes.labelcolor", "axes.edgecolor", "xtick.color", "ytick.color")
        settings |= dict.fromkeys(keys, ink)
    with _LOCK, matplotlib.rc_context(cast(Any, settings)):
        yield


def refuse_other(given: object, kind: type, what: str) -> None:
    """WrongKind for what a plot does not show, such as a quantity in place of its result."""
    if not isinstance(given, kind):
        raise WrongKind(f"the plot shows {what}, and not a {type(given).__name__}", caller())


def refuse_style(ax: Axes | None, style: str) -> None:
    """Raise UsageError for a style beside axes, which have theirs."""
    if ax is not None and style != "auto":
        raise UsageError(
            f"style={style!r} is that of new axes; make them by plots.new_axes(style={style!r}), "
            "or leave it out"
        )


@public
def new_figure(width: float, height: float, style: str = "auto") -> Figure:
    """An empty figure that no window system and no pyplot knows of.

    Parameters
    ----------
    width, height : inches
    style : `auto` (transparent, greys that are readable on light and on dark pages), `light` or
        `dark`

    Raises UsageError for another style.
    """
    look = _style(style)
    with house(look.ink):
        figure = Figure(figsize=(width, height))
        if look.background is None:
            figure.patch.set_alpha(0.0)
        else:
            figure.patch.set_facecolor(look.background)
    return figure


@public
def new_axes(
    width: float = 6.4,
    height: float = 3.4,
    style: str = "auto",
    margins: Margins | None = None,
) -> Axes:
    """Axes alone in a new figure; see `new_figure`. Pass them as `ax=` to draw on them.

    >>> ax = new_axes(4, 3, style="dark")
    >>> ax.get_figure().get_size_inches().tolist()
    [4.0, 3.0]
    """
    room = margins or Margins()
    figure = new_figure(width, height, style)
    with house(_style(style).ink):
        box = (
            room.left / width,
            room.bottom / height,
            1.0 - (room.left + room.right) / width,
            1.0 - (room.bottom + room.top) / height,
        )
        ax = figure.add_axes(box)
    prepare(ax, _style(style).ink)
    return ax


def prepare(ax: Axes, ink: str) -> None:
    """Colours that ticks made later, outside our settings, take over."""
    ax.patch.set_alpha(0.0)
    ax.tick_params(which="both", colors=ink, labelcolor=ink, labelsize=8.5)


def ink_of(ax: Axes) -> str:
    """Colour in which axes write, so that what is added to them is readable too."""
    return str(matplotlib.colors.to_hex(ax.xaxis.label.get_color()))


def _style(name: str) -> Style:
    if name not in STYLES:
        raise UsageError(f"there is no style '{name}'{suggested(name, STYLES)}")
    return STYLES[name]


def _visual() -> list[str]:
    """Settings that may change a picture: not those of windows, files and the like."""
    groups = ("axes", "font", "grid", "hatch", "image", "legend", "lines", "mathtext", "patch")
    more = ("path", "pdf", "scatter", "svg", "text", "xaxis", "xtick", "yaxis", "ytick")
    chosen = {*groups, *more}
    return [key for key in matplotlib.rcParamsDefault if key.split(".")[0] in chosen]
