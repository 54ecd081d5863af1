"""Pictures that commands write beside what they print."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from guessmodel.cli.options import typed
from guessmodel.cli.streams import say
from guessmodel.errors import UsageError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["add_picture", "picture_file", "save_picture", "style_of"]


def add_picture(parser: argparse.ArgumentParser, text: str, option: str = "--picture") -> None:
    """Add an option that names a picture to write; `text` says of what."""
    parser.add_argument(option, metavar="FILE", type=typed(picture_file), help=text)


def picture_file(text: str) -> Path:
    """A file that a picture can be written to; UsageError, before anything is sampled, for one that
    it cannot."""
    from guessmodel.plots.saving import format_of

    path = Path(text)
    format_of(path)
    if not path.parent.is_dir():
        raise UsageError(f"there is no folder {path.parent}")
    return path


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
