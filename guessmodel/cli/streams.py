"""What a command prints, and where: results to stdout, everything else to stderr."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from dataclasses import dataclass
from typing import Final, TextIO, final

from guessmodel.escaping import shown_in_json, shown_in_log

__all__ = [
    "abandon",
    "can_show",
    "is_new",
    "json_text",
    "prepare",
    "prints_aside",
    "results",
    "say",
    "spelled",
]

_STDOUT: Final = 1
_STDERR: Final = 2
_IN_ASCII: Final = {"±": "+-", "–": "-", "…": "...", "→": "->", "≤": "<=", "≥": ">="}


@final
@dataclass(slots=True)
class _Aside:
    """Stdout while it is set aside; `kept` is a copy of its descriptor, where it has one."""

    stream: io.TextIOBase
    kept: int | None


_aside: list[_Aside] = []
_told: set[str] = set()  # by this command


def prepare() -> None:
    """Make the streams of this process such that printing to them cannot fail for a reason that
    is none: a stream that was closed before the start takes everything, a stderr that cannot be
    written too, and a letter that the terminal lacks is shown escaped."""
    _told.clear()
    _open_the_closed()
    if isinstance(sys.stderr, io.TextIOWrapper) and sys.stderr is sys.__stderr__:
        binary = open(_STDERR, "wb", closefd=False)  # noqa: SIM115
        sys.stderr = _Forgiving(binary, sys.stderr.encoding, line_buffering=True)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def is_new(text: str) -> bool:
    """Whether this command did not ask so of the same text before."""
    new = text not in _told
    _told.add(text)
    return new


@contextmanager
def prints_aside() -> Iterator[None]:
    """What a model prints, and what programs print that it starts, goes to stderr."""
    aside = _Aside(sys.stdout, None)  # type: ignore[arg-type]
    with suppress(OSError, ValueError, AttributeError):
        if sys.stdout.fileno() == _STDOUT:
            sys.stdout.flush()
            aside.kept = os.dup(_STDOUT)
    _aside.append(aside)
    try:
        if aside.kept is not None:
            os.dup2(_STDERR, _STDOUT)
        with redirect_stdout(sys.stderr):
            yield
    finally:
        _aside.pop()
        _bring_back(aside)
        if aside.kept is not None:
            os.close(aside.kept)


@contextmanager
def results() -> Iterator[None]:
    """Stdout is stdout again, for what was asked for."""
    if not _aside:
        yield
        return
    aside = _aside[-1]
    _bring_back(aside)
    try:
        with redirect_stdout(aside.stream):
            yield
            aside.stream.flush()
    finally:
        if aside.kept is not None:
            os.dup2(_STDERR, _STDOUT)


def say(text: str = "", to: TextIO | None = None) -> None:
    """Print lines for people, in the letters that the stream has; what may do harm on a terminal
    or in a log is escaped."""
    print(shown_in_log(spelled(text, to or sys.stdout)), file=to)


def can_show(text: str, stream: TextIO) -> bool:
    """Whether a stream's encoding has the characters of a text."""
    try:
        text.encode(getattr(stream, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def spelled(text: str, stream: TextIO) -> str:
    """The text with those of our signs that a stream's encoding lacks written in ASCII."""
    if can_show(text, stream):
        return text
    lacking = {ord(sign): ours for sign, ours in _IN_ASCII.items() if not can_show(sign, stream)}
    return text.translate(lacking)


def json_text(value: object) -> str:
    """JSON in one line; what stdout cannot encode, or a terminal must not get, is escaped."""
    import json

    text = shown_in_json(json.dumps(value, ensure_ascii=False, allow_nan=False))
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    if text.encode(encoding, "ignore").decode(encoding) == text:
        return text
    return json.dumps(value, allow_nan=False)


def abandon() -> None:
    """Stdout cannot be written: without this Python would say so once more at its end."""
    with suppress(OSError, ValueError, AttributeError):
        _silence(sys.stdout.fileno())


def _bring_back(aside: _Aside) -> None:
    """Give stdout its descriptor back, after what a model left in the buffer went aside."""
    if aside.kept is None:
        return
    with suppress(OSError, ValueError):
        aside.stream.flush()
    os.dup2(aside.kept, _STDOUT)


def _open_the_closed() -> None:
    """Else the next file that is opened would be taken for the stream."""
    while True:
        handle = os.open(os.devnull, os.O_RDWR)
        if handle > _STDERR:
            os.close(handle)
            break
        os.set_inheritable(handle, True)
    if sys.stdout is None:
        sys.stdout = os.fdopen(_STDOUT, "w", encoding="utf-8", closefd=False)
    if sys.stderr is None:
        sys.stderr = os.fdopen(_STDERR, "w", encoding="utf-8", closefd=False)


@final
class _Forgiving(io.TextIOWrapper):
    """Stderr, which is as good as closed once it cannot be written."""

    def write(self, text: str) -> int:
        try:
            return super().write(text)
        except OSError:
            _silence(_STDERR)
            return len(text)

    def flush(self) -> None:
        try:
            super().flush()
        except OSError:
            _silence(_STDERR)


def _silence(handle: int) -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, handle)
    os.close(nowhere)
