"""Pictures that commands write beside what they print."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from guessmodel.cli.streams import say
from guessmodel.errors import UsageError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["check_picture", "save_picture", "style_of"]


def check_picture(path: Path) -> None:
    """Raise UsageError, before anything is sampled, for a file that no picture can be."""
    from guessmodel.plots.saving import format_of

    format_of(path)
    if not path.parent.is_dir():
        raise UsageError(f"there is no folder {path.parent}")


def style_of(path: Path) -> str:
    """The style of a picture whose style nobody asked for."""
    from guessmodel.plots.saving import format_of

    return "auto" if format_of(path) == "svg" else "light"


def save_picture(draw: Callable[..., Axes | Figure], path: Path, alt: str, *, quiet: bool) -> None:
    """Draw and write a picture, and say so."""
    from guessmodel.plots.saving import save

    save(draw(style=style_of(path)), path, alt=alt)
    if not quiet:
        say(f"wrote {path}")
