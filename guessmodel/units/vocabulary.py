"""The words for units: `units.txt` and what models add.

One vocabulary serves the process, since a unit is the same wherever a quantity goes. But while a
model file runs, the words that only other model files have added are unknown to it, as they are
where it runs alone. It may give such a word another meaning, as two versions of a model do: both
are kept, the second under a name of its own that is shown as the word; outside of model files the
word is then refused, for it could mean either.
"""

from __future__ import annotations

import keyword
import math
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import final

from guessmodel.errors import UnitError, caller, did_you_mean
from guessmodel.units.currencies import CURRENCIES
from guessmodel.units.definitions import Meaning, Powers, UnitDefinitions
from guessmodel.units.grammar import COUNTS
from guessmodel.words import unit_instead

__all__ = [
    "add",
    "check_known",
    "find",
    "has_own_words",
    "meaning",
    "model_words",
    "unknown",
    "word",
]

_LOCK = threading.RLock()  # held where words are added
_DEFINED = UnitDefinitions.of_file(Path(__file__).with_name("units.txt"))
for _code in CURRENCIES - _DEFINED.names.keys():
    _DEFINED.add(_code, f"[{_code}]")
_WORD = re.compile(r"[^\W\d_]\w*")
# Words that mean something else in a figure: separators, number suffixes, not-a-numbers.
_RESERVED = frozenset({"to", "per", "K", "k", "M", "B", "T", "nan", "inf", "dimensionless"})


@final
@dataclass(frozen=True, slots=True)
class _RunningModel:
    """A model file that runs: whether a file is one of its modules, and words it cannot know."""

    owns: Callable[[str], bool] = lambda file: False
    hidden: set[str] = field(default_factory=set)
    own: dict[str, str] = field(default_factory=dict)  # words, plurals too -> the names they have


_of_models: set[str] = set()  # words that only model files have added
_second: dict[str, str] = {}  # names of the further meanings of words -> the words
_running: ContextVar[_RunningModel | None] = ContextVar("_running", default=None)


@contextmanager
def model_words(owns: Callable[[str], bool]) -> Iterator[None]:
    """Hide the words that model files have added, while another one runs.

    `owns` tells which files are modules of that model: words that these add are the model's.
    """
    token = _running.set(_RunningModel(owns, set(_of_models)))
    try:
        yield
    finally:
        _running.reset(token)


def check_known(powers: Powers) -> None:
    """Raise UnitError where a word belongs to a model that the one which runs does not import."""
    run = _running.get()
    if run is not None:
        for name, _ in powers:
            if name in run.hidden:
                raise unknown(name)
    elif _second:
        for name, _ in powers:
            if name in _second.values():
                raise UnitError(f"'{name}' means different units in models of this process")


def has_own_words() -> bool:
    """Whether the model that runs has given a word another meaning than an earlier one."""
    run = _running.get()
    return run is not None and bool(run.own)


def word(name: str) -> str:
    """The word for a unit that is kept under a name."""
    return _second.get(name, name)


def find(name: str) -> str | None:
    """The name under which a unit is kept, given that name, an alias or a plural."""
    run = _running.get()
    if run is not None and name in run.own:
        return run.own[name]
    if name not in _DEFINED.names and len(name) > 3:  # "ms" must never be several metres
        name = name.removesuffix("s")
    return _DEFINED.names.get(name)


def meaning(name: str) -> Meaning:
    """What the unit kept under a name means.

    Raises
    ------
    UnitError
        If there is none; a unit may have been unpickled in a process that never defined it.
    """
    if name not in _DEFINED.names:
        raise unknown(name)
    return _DEFINED.meaning(name)


def add(name: str, amount: Meaning | None = None) -> None:
    """Add a word: a noun with a dimension of its own, or a name for an amount of other units.

    A word that is there already must mean the same.

    Raises
    ------
    UnitError
        If the name is no word, or already means something else.
    """
    if not _is_free(name):
        raise UnitError(f"{name!r} cannot name a unit; choose one word such as 'widget'")
    with _LOCK:
        known = find(name)
        if known is not None:
            run = _running.get()
            hidden = run is not None and known in run.hidden
            if not _means(known, amount):
                if run is None or not hidden:
                    raise UnitError(f"'{name}' is already another unit; choose another name")
                kept = _further(known, amount)
                run.own.update({name: kept, _plural(name): kept})
                return
            if run is None:
                _of_models.discard(known)
            elif hidden:
                run.hidden.discard(known)
            return
        plural = _plural(name)
        if find(plural) is not None:
            raise UnitError(f"'{name}' cannot name a unit: its plural '{plural}' is one already")
        _DEFINED.add(name, amount or f"[{name}]", plural)
        run = _running.get()
        if run is not None and run.owns(caller().file):
            _of_models.add(name)


def _means(known: str, amount: Meaning | None) -> bool:
    """Whether the unit kept under a name means this, or is a noun if nothing is given."""
    there = meaning(known)
    said = amount or Meaning(Fraction(1), ((f"[{known}]", 1),))
    alike = math.isclose(there.scale, said.scale, rel_tol=1e-12)
    return there.dimension == said.dimension and alike


def _further(known: str, amount: Meaning | None) -> str:
    """The name under which a further meaning of a word is kept."""
    others = [name for name, shown in _second.items() if shown == known]
    for name in others:
        if _means(name, amount):
            return name
    name = f"{known}__{len(others) + 2}"
    _DEFINED.add(name, amount or f"[{name}]")
    _second[name] = known
    return name


def unknown(name: str) -> UnitError:
    """The error for a name that is no unit, with what to write instead: what it seems to be short
    for, or else the nearest unit and the way to add a noun."""
    meant = _written_out(name)
    instead = unit_instead(name) if meant is None else f"'{meant}'"
    if instead is not None:
        return UnitError(f"unknown unit '{name}'; write {instead}")
    run = _running.get()
    hidden = run.hidden if run is not None else ()
    with _LOCK:
        words = list(_DEFINED.names.items())
    seen = [word for word, kept in words if word not in _second and kept not in hidden]
    near = did_you_mean(name, seen, slips=True)
    # A new noun is added without the "s" of its plural, which comes with it.
    plural = not near and re.fullmatch(r"\w{3,}[^\Wsui]s", name)
    noun = name[:-1] if plural else name
    way = f'gm.unit("{noun}") adds a new noun' if _is_free(noun) else ""
    hints = f"{near or ';'} {way}" if way else near
    return UnitError(f"unknown unit '{name}'{hints}")


def _written_out(name: str) -> str | None:
    """What `kUSD`, `EURm`, `bn`, `m2` and `m2K` are short for."""
    power = re.fullmatch(r"([^\W\d]+)([2-9])([^\W\d]+)?", name)
    if power is not None and find(power[1]) is not None:
        alone = f"{power[1]}**{power[2]}"
        if power[3] is None:
            return alone
        if find(power[3]) is not None:
            return f"({alone}*{power[3]})"
    words = {short: word for word, shorts in COUNTS.items() for short in shorts}
    if name in words and (len(name) > 1 or name in "kKMT"):
        return words[name]
    for short, multiple in words.items():
        for rest in (name.removeprefix(short), name.removesuffix(short)):
            if rest != name and rest in CURRENCIES:
                return f"{multiple} {rest}"
    return None


def _is_free(name: str) -> bool:
    return (
        isinstance(name, str)
        and _WORD.fullmatch(name) is not None
        and name.isidentifier()
        and not keyword.iskeyword(name)
        and name not in _RESERVED
    )


def _plural(name: str) -> str:
    if name.endswith("y") and name[-2:-1] not in "aeiou":
        return f"{name[:-1]}ies"
    return f"{name}es" if name.endswith(("s", "x", "z", "ch", "sh")) else f"{name}s"
