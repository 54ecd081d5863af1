"""What went wrong in a user's own file, at the user's own line."""

from __future__ import annotations

import ast
import builtins
import re
import traceback
from collections.abc import Mapping
from keyword import iskeyword
from pathlib import Path
from types import FrameType, ModuleType
from typing import Final

from guessmodel.errors import GuessmodelError, Location, ModelError, did_you_mean, reason
from guessmodel.graph.quantity import Quantity

__all__ = ["explain"]

_RANGE: Final = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?) (?:to|\.\.) (\d+(?:\.\d+)?)")
_SPACED: Final = re.compile(r"\s*([^\W\d]\w*(?: +[^\W\d]\w*)+) *=(?!=)")
_SHARE: Final = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)%(?=\s*[,)\]]|\s*$)")
_KEYS: Final = 8  # that are listed
_SUFFIXED: Final = re.compile(r"(?<![\w.])\d+(?:\.\d+)?[kKMBT]\b")


def explain(error: BaseException, file: Path, sources: Mapping[str, str]) -> GuessmodelError:
    """The error to show for one that ended the run of a file; `sources` are the user's files.

    Errors of guessmodel that know the user's line are returned as they are.
    """
    if "null bytes" in reason(error):
        told = "the file is no text in UTF-8 (of UTF-16, perhaps); save it as UTF-8"
        binary = next((name for name, text in sources.items() if "\0" in text), str(file))
        return ModelError(told, Location(binary, 1))
    if isinstance(error, SyntaxError) and error.filename in {str(file), "<unknown>", *sources}:
        return _syntax(error, file)
    frame, line = _innermost(error, sources)
    where = Location(frame.f_code.co_filename if frame else str(file), line)
    if isinstance(error, GuessmodelError):
        known = error.where is not None and error.where.file in sources
        return error if known else type(error)(error.message, where)
    shown = sources.get(where.file, "").splitlines()[line - 1 : line]
    code = f"\n    {shown[0].strip()}" if shown else ""
    text = sources.get(where.file, "")
    hint = (
        _hint(error, frame, file)
        or _undefined(error, frame, text, line)
        or _not_in_dict(error, frame, shown)
    )
    return ModelError(f"{_told(error)}{hint}{code}", where)


def _syntax(error: SyntaxError, file: Path) -> ModelError:
    code = error.text.rstrip("\n") if error.text else ""
    start, end = (error.offset or 1) - 1, (error.end_offset or 0) - 1
    at = code[start:end] if error.lineno == error.end_lineno else ""
    near = f" at '{at.strip()}'" if at.strip() else ""
    known = error.filename if error.filename != "<unknown>" else None
    where = Location(known or str(file), error.lineno or 1)
    shown = f"\n    {code.strip()}" if code.strip() else ""
    if "'utf-8' codec can't decode" in error.msg:
        return ModelError(f"the file is not in UTF-8; save it as UTF-8{shown}", where)
    return ModelError(f"syntax error{near}: {error.msg}{_instead(code)}{shown}", where)


def _instead(code: str) -> str:
    """What to write in place of a line that is no Python."""
    if written := _RANGE.search(code):
        return f"; a range is gm.lognormal({written[1]}, {written[2]})"
    if (written := _SPACED.match(code)) and not any(map(iskeyword, written[1].split())):
        return f"; a name has no blanks: {'_'.join(written[1].split())}"
    if written := _SHARE.search(code):
        return f"; a share is gm.constant('{written[0]}'), or {written[1]} with the unit 'percent'"
    if written := _SUFFIXED.search(code):
        return f"; such a number is text, gm.constant('{written[0]}'), or has all its digits"
    if any(quote in code for quote in "“”„‘’"):
        return "; quotes in Python are straight, \" or '"
    return ""


def _innermost(error: BaseException, sources: Mapping[str, str]) -> tuple[FrameType | None, int]:
    found: tuple[FrameType | None, int] = (None, 1)
    for frame, line in traceback.walk_tb(error.__traceback__):
        if frame.f_code.co_filename in sources:
            found = (frame, line)
    return found


def _told(error: BaseException) -> str:
    if isinstance(error, SystemExit):
        return "the file ended the program (SystemExit); leave that out of a model"
    text = reason(error)
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _hint(error: BaseException, frame: FrameType | None, file: Path) -> str:
    if isinstance(error, ModuleNotFoundError) and error.name:
        top = error.name.partition(".")[0]
        for folder in file.parents:
            if folder.name == top and not (folder / "__init__.py").exists():
                return f"; for imports from '{top}', add an empty {folder / '__init__.py'}"
    if (
        isinstance(error, TypeError)
        and "'Quantity' object is not callable" in reason(error)
        and frame
    ):
        used = frame.f_code.co_names
        hidden = [
            name
            for name in used
            if hasattr(builtins, name) and isinstance(frame.f_globals.get(name), Quantity)
        ]
        if hidden:
            return f"; the quantity '{hidden[0]}' hides Python's own, rename it"
    if isinstance(error, ImportError) and "circular import" in reason(error):
        return "; two files import each other: move what both need into a third one"
    return ""


def _undefined(error: BaseException, frame: FrameType | None, text: str, line: int) -> str:
    """What may be meant by a name that is not there, or not yet."""
    name = error.name if isinstance(error, NameError) else None
    if not name or frame is None:
        return ""
    bound = {
        each.id: each.lineno
        for statement in reversed(ast.parse(text).body)
        if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        for each in ast.walk(statement)
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
    }
    if bound.get(name, 0) > line:
        return f"; it is made in line {bound[name]}, move that up"
    if name == "gm":
        return "; begin the file with import guessmodel as gm"
    known = {**frame.f_globals, **frame.f_locals}
    for key, module in known.items():
        if isinstance(module, ModuleType) and name in getattr(module, "__all__", ()):
            return f"; write {key}.{name}"
    return did_you_mean(name, [each for each in known if not each.startswith("_")])


def _not_in_dict(error: BaseException, frame: FrameType | None, shown: list[str]) -> str:
    """The keys of the dict on the line that does not have the one that was asked for."""
    if not isinstance(error, KeyError) or not error.args or frame is None or not shown:
        return ""
    key, named = error.args[0], {**frame.f_globals, **frame.f_locals}
    line, written = shown[0].replace('"', "'"), f"[{key!r}]"
    words = re.findall(r"[^\W\d]\w*", line)
    for word in sorted(words, key=lambda word: word + written not in line):
        known = named.get(word)
        if isinstance(known, dict) and known and key not in known:
            keys = [str(each) for each in known]
            more = " …" if len(keys) > _KEYS else ""
            return did_you_mean(key, keys) or f"; there are {', '.join(keys[:_KEYS])}{more}"
    return ""
