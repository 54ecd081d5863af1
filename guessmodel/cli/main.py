"""The command line: `guessmodel COMMAND …`. Errors are one or two lines, never a traceback.

Exit codes: 0 done, 1 a claim falls short, 2 a wrong call or a model that does not run,
130 interrupted.
"""

from __future__ import annotations

import argparse
import sys
import traceback
import warnings
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn, final

from guessmodel import starting
from guessmodel.cli import COMMANDS
from guessmodel.cli.streams import abandon, prepare, prints_aside, say
from guessmodel.errors import (
    GuessmodelError,
    Location,
    UsageError,
    did_you_mean,
    reason,
    relocated,
    suggested,
)

__all__ = ["main", "parser"]

_FILES = {"import": "import_model"}  # of commands that are words of Python's
_OF_A_VALUE = frozenset({"to", "and", "or", "not", "log"})  # words that no quantity is called
_FAILED = 2
_INTERRUPTED = 130  # 128 + SIGINT, as shells have it
_BROKEN_PIPE = 141  # 128 + SIGPIPE


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit code. `argv` is without the name of the program."""
    words = list(sys.argv[1:] if argv is None else argv)
    told = "--traceback" in words
    prepare()
    try:
        with warnings.catch_warnings():
            warnings.showwarning = _show_warning  # type: ignore[assignment]
            code = _run([word for word in words if word != "--traceback"])
        sys.stdout.flush()
    except SystemExit as leaving:  # argparse, after --help and --version
        return int(leaving.code or 0)
    except KeyboardInterrupt:
        say("interrupted", to=sys.stderr)
        return _INTERRUPTED
    except BrokenPipeError:
        abandon()  # the reader has gone: `| head`
        return _BROKEN_PIPE
    except Exception as error:
        if told:
            traceback.print_exc()
        else:
            say(f"error: {_message(error)}", to=sys.stderr)
        try:
            sys.stdout.flush()
        except OSError:
            abandon()
        return _FAILED
    return code


def parser(command: str | None) -> argparse.ArgumentParser:
    """The parser of a command, of which alone the file is imported; of None the help on all."""
    from guessmodel.version import __version__

    whole = _Parser(
        prog="guessmodel",
        description="Models made of uncertain quantities.",
        epilog="guessmodel COMMAND --help tells more. --traceback shows where an error arose.",
    )
    whole.add_argument("--version", action="version", version=f"guessmodel {__version__}")
    subparsers = whole.add_subparsers(metavar="COMMAND", required=True)
    if command is None:
        for name, told in COMMANDS.items():
            subparsers.add_parser(name, help=told)
    else:
        import_module(f"guessmodel.cli.{_FILES.get(command, command)}").register(subparsers)
    return whole


def _run(words: list[str]) -> int:
    command = words[0] if words and not words[0].startswith("-") else None
    if command is not None and command not in COMMANDS:
        raise UsageError(f"there is no command '{command}'{suggested(command, list(COMMANDS))}")
    reading = parser(command)
    starting.over()
    args, rest = reading.parse_known_args(words)
    if command is None:
        raise UsageError(
            f"{words[0]} stands before the command; write guessmodel COMMAND {words[0]}"
        )
    # argparse takes what may be left out only where it stands before all options
    after = getattr(args, "may_follow", None)
    if rest and after is not None and getattr(args, after) is None:
        setattr(args, after, rest.pop(0))
    if rest:
        _check_quoted(words, rest)
    if rest and not hasattr(args, "names"):
        raise UsageError(f"one argument too many: {rest[0]}; see guessmodel {command} --help")
    if rest:
        args.names += rest
    with prints_aside():
        code: int = args.execute(args)
    return code


def _check_quoted(words: Sequence[str], rest: Sequence[str]) -> None:
    """UsageError for a value with blanks that has no quotes: --set price=5 to 8."""
    for option, value, next_word in zip(words, words[1:], words[2:], strict=False):
        named = next_word[:1].isalpha() or next_word[:1] == "_"
        split = not named or next_word in _OF_A_VALUE or "/" in next_word
        if option.startswith("--") and next_word in rest and "=" not in next_word and split:
            raise UsageError(
                f"{option} {value} {next_word}: a value with blanks needs quotes, "
                f"{option} '{value} {next_word} …'"
            )


@final
class _Parser(argparse.ArgumentParser):
    """Reports a wrong call as one line, and takes options by their full names only."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings, allow_abbrev=False)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        written = [word.partition("=")[0] for word in args or ()]
        counts = {a: sum(map(written.count, a.option_strings)) for a in self._actions}
        for action, count in counts.items():
            if count > 1 and action.nargs != 0 and not isinstance(action.default, list):
                self.error(f"{action.option_strings[-1]} is given {count} times; give it once")
        known, rest = super().parse_known_args(args, namespace)
        # What was given, and not only what holds: some options have no effect on some calls.
        known.stated = {action.dest for action, count in counts.items() if count} | getattr(
            known, "stated", set()
        )
        for word in rest:
            if word.startswith("-"):
                options = [text for action in self._actions for text in action.option_strings]
                self.error(f"unknown option {word}{did_you_mean(word, options)}")
        return known, rest

    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}; see {self.prog} --help")


def _message(error: Exception) -> str:
    if isinstance(error, GuessmodelError):
        return str(relocated(error, None) if _is_the_start(error.where) else error)
    if isinstance(error, MemoryError):
        return "out of memory; ask for fewer --samples, or for fewer quantities"
    if isinstance(error, FileNotFoundError) and isinstance(error.filename, str | Path):
        folder = Path(error.filename).parent
        return (
            f"{error.strerror}: {error.filename}"
            if folder.is_dir()
            else (f"there is no folder {folder}, for {Path(error.filename).name}")
        )
    if isinstance(error, OSError):
        return f"{error.strerror or error}" + (f": {error.filename}" if error.filename else "")
    return (
        f"internal error, {type(error).__name__}: {reason(error)}\n"
        "--traceback shows where; please report"
    )


def _is_the_start(place: Location | None) -> bool:
    """Whether it is a line of what called the program, and none of a model."""
    frame: FrameType | None = sys._getframe()
    while frame is not None and frame.f_code is not main.__code__:
        frame = frame.f_back
    files = set()
    while frame is not None:
        frame = frame.f_back
        files |= {frame.f_code.co_filename} if frame is not None else set()
    return place is not None and place.file in files


def _show_warning(
    message: Warning | str, category: type[Warning], filename: str, lineno: int, *_: object
) -> None:
    """A warning that a model or a library gave, as one line at its place. What NumPy has to say of
    guessmodel's own arithmetic is told by the results: draws that are lost are counted."""
    place = Location(filename, lineno)
    if not (issubclass(category, RuntimeWarning) and place.is_our_own):
        text = message if isinstance(message, str) else reason(message)
        say(f"warning: {place}: {text}", to=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
