"""What goes wrong, said in one or two lines: what, where (file:line), what to write instead."""

from __future__ import annotations

import os
import sys
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import update_wrapper
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any, NoReturn, TypeVar, cast, final

from guessmodel import words
from guessmodel.escaping import shown_line

__all__ = [
    "DimensionError",
    "GuessmodelError",
    "Location",
    "ModelError",
    "NoAttribute",
    "UnitError",
    "UsageError",
    "WrongKind",
    "article",
    "caller",
    "calling_module",
    "did_you_mean",
    "located",
    "needed",
    "no_argument",
    "origin",
    "public",
    "reason",
    "relocated",
    "suggested",
]

_PACKAGE = str(Path(__file__).parent) + os.sep
_INSTALLED = f"{os.sep}site-packages{os.sep}"
_LARGE = 1 << 10
_tables: dict[int, tuple[CodeType, list[int], list[int]]] = {}
# Code that calls back into guessmodel on the user's behalf.
_LIBRARIES = tuple(f"{_INSTALLED}{name}{os.sep}" for name in ("numpy", "xarray"))


@final
@dataclass(frozen=True, slots=True)
class Location:
    """A line of the user's own code, and the instruction there, as far as it is known."""

    file: str
    line: int
    code: CodeType | None = field(default=None, compare=False, repr=False)
    instruction: int = field(default=-1, compare=False, repr=False)

    def __reduce__(self) -> tuple[type[Location], tuple[str, int]]:
        return type(self), (self.file, self.line)  # code cannot be pickled

    def __str__(self) -> str:
        path = Path(self.file)
        try:
            shown = path.relative_to(Path.cwd())
        except (ValueError, OSError):
            shown = path
        return f"{shown}:{self.line}"

    @property
    def is_our_own(self) -> bool:
        """Whether it is a line of guessmodel."""
        return self.file.startswith(_PACKAGE)


def caller() -> Location:
    """The innermost line on the stack that is the user's own."""
    frame = sys._getframe(1)
    while frame.f_back is not None:
        if _is_users(frame):
            break
        frame = frame.f_back
    return Location(frame.f_code.co_filename, _line(frame), frame.f_code, frame.f_lasti)


def calling_module() -> dict[str, Any]:
    """Globals of the innermost code on the stack that is not guessmodel's own."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_PACKAGE):
        frame = frame.f_back
    return frame.f_globals


def origin(error: BaseException) -> Location | None:
    """The innermost line of the user's own, outside installed libraries, that an error passed."""
    found = None
    step = error.__traceback__
    while step is not None:
        name = step.tb_frame.f_code.co_filename
        if _is_users(step.tb_frame) and _INSTALLED not in name:
            found = Location(name, step.tb_lineno)
        step = step.tb_next
    return found


def reason(error: BaseException, most: int = 300) -> str:
    """The first line of an error's text; empty where it has none, or raises when asked for it."""
    try:
        return str(error).strip().partition("\n")[0][:most]
    except Exception:
        return ""


def _is_users(frame: FrameType) -> bool:
    name = frame.f_code.co_filename
    return not name.startswith(_PACKAGE) and not any(part in name for part in _LIBRARIES)


def _line(frame: FrameType) -> int:
    """The line a frame is at. `f_lineno` walks the code's table from its start, which makes a
    long model file quadratic; of large code the table is kept."""
    code = frame.f_code
    if len(code.co_linetable) < _LARGE:
        return frame.f_lineno
    table = _tables.get(id(code))
    if table is None:
        if len(_tables) > 64:
            _tables.clear()
        spans = [(start, line or 0) for start, _, line in code.co_lines()]
        # The code is kept too, so that its id stays taken.
        table = code, [start for start, _ in spans], [line for _, line in spans]
        _tables[id(code)] = table
    _, starts, lines = table
    return lines[bisect_right(starts, frame.f_lasti) - 1]


_CARET = 36  # characters shown on either side of the one that is pointed at


class GuessmodelError(ValueError):
    """Base of all errors that a user can mend; its text begins with the place, where known."""

    def __init__(
        self, message: str, where: Location | None = None, column: int | None = None
    ) -> None:
        self.message = message
        self.where = where
        self.column = column
        """Of text that cannot be read: where in it the first character stands that does not fit."""
        super().__init__(f"{where}: {message}" if where is not None else message)

    def __reduce__(self) -> tuple[type[GuessmodelError], tuple[str, Location | None, int | None]]:
        # Without it an error that comes from another process would be shown as seen from there.
        return type(self), (self.message, self.where, self.column)

    def pointing_into(self, text: str) -> GuessmodelError:
        """The same error, with the text and a caret under the character that does not fit."""
        if self.column is None or "\n" in text:
            return self
        start = max(0, min(self.column, len(text)) - _CARET)
        window = shown_line(text[start : start + 2 * _CARET])
        before = shown_line(text[start : min(self.column, len(text))])
        message = f"{self.message}\n  {window}\n  {' ' * len(before)}^"
        return type(self)(message, self.where)


@final
class UnitError(GuessmodelError):
    """Units that do not fit together, or that nobody knows."""


@final
class DimensionError(GuessmodelError):
    """Labelled dimensions that do not fit together."""


@final
class ModelError(GuessmodelError):
    """A model, or a file that should hold one, that cannot be used as it is."""


@final
class UsageError(GuessmodelError):
    """A request (option, name, number of samples) that makes no sense."""


@final
class WrongKind(GuessmodelError, TypeError):
    """A value of a kind that does not belong there."""


@final
class NoAttribute(GuessmodelError, AttributeError):
    """An attribute that is not there, or that cannot be set."""


def article(kind: str) -> str:
    """A word with its article."""
    return f"{'an' if kind[0] in 'AEIOUaeiou' else 'a'} {kind}"


def _unchangeable(self: object, name: str, value: object = None) -> NoReturn:
    """Takes the place of what a frozen dataclass has, whose text says nothing to users."""
    kind = type(self).__name__
    told = f"{article(kind)} never changes, so '{name}' cannot be set"
    raise NoAttribute(told + words.CHANGED.get(kind, ""), caller())


def located(error: GuessmodelError, where: Location) -> GuessmodelError:
    """The same error with the user's line, unless it has one."""
    return error if error.where is not None else relocated(error, where)


def relocated(error: GuessmodelError, where: Location | None, what: str = "") -> GuessmodelError:
    """The same error at another line, where what it is about was written; `what` goes before it."""
    return type(error)(f"{what}{error.message}", where)


_Public = TypeVar("_Public", bound=Callable[..., Any])


def public(what: _Public, name: str = "") -> _Public:
    """Decorator of a function that users call, or a class whose methods they do: arguments that it
    does not take are WrongKind, with the user's line and what it takes, and no TypeError of
    Python's. `name` is what users call it, where that differs."""
    if isinstance(what, type):
        for key, value in list(vars(what).items()):
            if isinstance(value, FunctionType) and (key == "__init__" or key[0] != "_"):
                setattr(what, key, public(value, what.__name__ if key == "__init__" else key))
            elif isinstance(value, classmethod) and key[0] != "_":
                setattr(what, key, classmethod(public(value.__func__)))
        if "__setattr__" in vars(what):  # of a frozen dataclass
            vars_of: Any = what
            vars_of.__setattr__ = vars_of.__delattr__ = _unchangeable
        return what
    assert isinstance(what, FunctionType)
    function, misfit, name = what, _misfit, name or what.__name__

    def called(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except TypeError as error:
            if error.__traceback__ is None or error.__traceback__.tb_next is not None:
                raise  # the function had begun
            wrong = misfit(function, name, args, kwargs)
        raise wrong

    # By its globals doctest tells where a function, and so its example, is written.
    code, here = called.__code__, function.__globals__
    made = FunctionType(code, here, function.__name__, None, called.__closure__)
    return cast(_Public, update_wrapper(made, function))


def _misfit(
    function: FunctionType, name: str, args: Sequence[object], given: Mapping[str, object]
) -> WrongKind:
    """What does not fit in a call that Python refuses."""
    from inspect import signature

    own = list(signature(function).parameters.values())
    if own and own[0].name in ("self", "cls"):
        own, args = own[1:], args[1:]
    known = [each.name for each in own]
    several = [each for each in own if each.kind is each.VAR_POSITIONAL]
    further = [each for each in own if each.kind is each.VAR_KEYWORD]
    plain = [each for each in own if each not in (*several, *further)]
    placed = [each.name for each in plain if each.kind is not each.KEYWORD_ONLY]
    shown = ", ".join(
        "…"  # options, which have names of their own
        if each in further
        else str(each.replace(annotation=each.empty, default=each.empty))
        + ("=" if each.kind is each.KEYWORD_ONLY else "")
        for each in own
    )
    takes = f"it takes {shown}" if shown else "it takes none"
    for key in given:
        if key not in known and not further:
            return WrongKind(no_argument(name, key, known, shown), caller())
        if key in placed[: len(args)]:
            twice = f"{name} is given {key} twice, by its place and by name"
            return WrongKind(f"{twice}; {takes}", caller())
    if len(args) > len(placed) and not several:
        most = f"{len(placed) or 'no'} argument{'' if len(placed) == 1 else 's'}"
        return WrongKind(f"{name} takes {most} without a name, not {len(args)}; {takes}", caller())
    filled = (*placed[: len(args)], *given)
    missing = [e.name for e in plain if e.default is e.empty and e.name not in filled]
    return WrongKind(f"{name} needs {' and '.join(missing)}; {takes}", caller())


def no_argument(name: str, key: str, known: Sequence[str], takes: str) -> str:
    """What is told of an argument that a function does not have: a near one, and all it takes."""
    meant = words.argument_instead(key, known)
    nearest = f"; did you mean '{meant}'?" if meant else did_you_mean(key, list(known))
    return f"{name} has no {key}={f'{nearest} It' if nearest else '; it'} takes {takes or 'none'}"


_ALIKE = 0.7  # share of letters in common: "import" is not "report" (0.67)


def did_you_mean(word: object, known: list[str], *, slips: bool = False) -> str:
    """`"; did you mean 'x'?"`, or nothing where no known word is near.

    With `slips` only a slip of the finger counts: where words are often new, as units are, another
    word that happens to look alike misleads.
    """
    import difflib

    if not isinstance(word, str):  # in Python anything may stand where a name should
        return ""
    typed = word.casefold()
    folded = {name.casefold(): name for name in known}
    if slips:  # of a plural, too
        forms = {typed, typed.removesuffix("s")}
        folded = {k: name for k, name in folded.items() if any(_is_slip(form, k) for form in forms)}
    for near in difflib.get_close_matches(typed, list(folded), n=3, cutoff=0.0 if slips else 0.6):
        alike = difflib.SequenceMatcher(None, near, typed).ratio() >= _ALIKE
        one_letter = len(near) == len(typed) and sum(map(str.__ne__, near, typed)) == 1
        if slips or alike or one_letter or typed in near or near in typed:
            return f"; did you mean '{folded[near]}'?"
    return ""


def suggested(word: object, known: Iterable[str]) -> str:
    """`"; did you mean 'x'?"`, or all known words where none is near."""
    words = list(known)
    return did_you_mean(word, words) or f"; there are {', '.join(words) or 'none'}"


def _is_slip(word: str, name: str) -> bool:
    """Whether one word is another typed in haste: two letters swapped, one left out or doubled, and
    in words of six letters and more one mistaken for another (two of nine and more). In short words
    that makes another word: note is not node."""
    short, long = sorted((word, name), key=len)
    if len(short) < 3:
        return word == name
    swapped = [i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b]
    if len(short) == len(long):
        if len(swapped) == 2 and swapped[1] == swapped[0] + 1 and sorted(short) == sorted(long):
            return True
        return len(swapped) <= (len(short) >= 6) + (len(short) >= 9)
    at = swapped[0] if swapped else len(short)
    least = 3 if at and long[at] == long[at - 1] else 4  # "dayy"; but "car" is not "card"
    return len(short) >= least and short[at:] == long[at + 1 :] and len(long) == len(short) + 1


def needed(package: str, extra: str) -> None:
    """Raise UsageError, which says what to install, where an optional package is missing."""
    from importlib.util import find_spec

    if find_spec(package) is None:
        raise UsageError(f"this needs the package {package}: pip install 'guessmodel[{extra}]'")
