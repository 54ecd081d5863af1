"""While the command line is still being imported: Ctrl-C, which it cannot catch yet, ends the
process at once and without a traceback, as other programs do; and no garbage is looked for, since
what is imported stays. Later on it is looked for seldom: what a command makes mostly stays as well,
till its end."""

from __future__ import annotations

import gc
import signal
import sys
import threading
from pathlib import Path

__all__ = ["begin", "over"]

_MODULES = ("guessmodel", "guessmodel.cli.main", "guessmodel.__main__")
_SELDOM = 50_000  # new objects, after which garbage is looked for
_begun: list[bool] = []


def begin() -> None:
    """Called before anything is imported; of no effect in other programs."""
    if (
        _is_the_command()
        and threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGINT) is signal.default_int_handler
    ):
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        gc.disable()
        _begun.append(True)


def over() -> None:
    """From here on Ctrl-C raises KeyboardInterrupt, and garbage is looked for in what is new."""
    if _begun:
        _begun.clear()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        gc.freeze()
        gc.set_threshold(_SELDOM)
        gc.enable()


def _is_the_command() -> bool:
    words = sys.orig_argv
    if "-m" in words[:-1]:
        return words[words.index("-m") + 1] in _MODULES
    return any(Path(word).name in ("guessmodel", "guessmodel.exe") for word in words[:2])


begin()
