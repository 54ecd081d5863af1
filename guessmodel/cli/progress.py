"""A bar with the time left, on a terminal, for what takes longer than a moment."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Final

from guessmodel.escaping import shown_line

__all__ = ["models_told", "progress_bar"]

_ERASE: Final = "\r\x1b[K"
_MOMENT: Final = 0.5  # seconds without a bar: rich costs a tenth of a second to import


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int], None] | None]:
    """Something to tell how much is done, and of how much; None where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    begun = time.monotonic()
    update: Callable[[int, int], None] | None = None
    with ExitStack() as stack:

        def told(done: int, total: int) -> None:
            nonlocal update
            if update is None and time.monotonic() - begun > _MOMENT:
                update = _show(stack, what)
            if update is not None:
                update(done, total)

        yield told


def _show(stack: ExitStack, what: str) -> Callable[[int, int], None]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TimeRemainingColumn

    columns = ("{task.description}", BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    bar = stack.enter_context(Progress(*columns, console=Console(stderr=True), transient=True))
    task = bar.add_task(what, total=None)

    def update(done: int, total: int) -> None:
        bar.update(task, completed=done, total=total, description=f"{what} {total:,}")

    return update


@contextmanager
def models_told(verb: str) -> Iterator[Callable[[float, int, str], None] | None]:
    """Something to tell how many of several models are done, of how many, and which is next: a line
    with about the time left, which goes in the end; None where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    begun = time.monotonic()

    def told(done: float, total: int, name: str) -> None:
        if not name:
            return
        left = (time.monotonic() - begun) / done * (total - done) if done else 0.0
        about = f", about {left:.0f} s left" if left >= 1.0 else ""
        sys.stderr.write(f"{_ERASE}{verb} {shown_line(name)} ({int(done) + 1} of {total}){about}")
        sys.stderr.flush()

    try:
        yield told
    finally:
        sys.stderr.write(_ERASE)
        sys.stderr.flush()
