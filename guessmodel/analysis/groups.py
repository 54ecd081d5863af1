"""Groups of inputs that are looked at together: by patterns of names, by labels, by the files that
they come from; and the labels of each labelled draw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from guessmodel.analysis.inputs import Input
from guessmodel.errors import UsageError, WrongKind

__all__ = ["Groups", "by_label", "correlated", "grouped"]

Groups = Mapping[str, str | Sequence[str]]
_SHOWN = 8
_NAMED = 3


def grouped(
    inputs: Sequence[Input], output: str, groups: Groups | None, *, by_model: bool
) -> dict[str, tuple[Input, ...]]:
    """The groups that are asked for, by name.

    A pattern is `node_*` for names, `year=2025` or `year=*` for labels, `hardware.*` for what a
    model file draws. UsageError for one that no input matches, and for a name that is taken.
    """
    found = _by_file(inputs, output) if by_model else {}
    for name, patterns in _checked(groups).items():
        if name in found or name in {one.name for one in inputs}:
            raise UsageError(f"a group cannot be called '{name}': an input or a file is")
        members: list[Input] = []
        for pattern in patterns:
            some = [one for one in inputs if _matches(one, pattern)]
            if not some:
                names = [one.name for one in inputs]
                more = ", …" if len(names) > _SHOWN else ""
                raise UsageError(
                    f"group '{name}': no input of '{output}' matches '{pattern}'; it has "
                    f"{', '.join(names[:_SHOWN])}{more}"
                )
            members += some
        _refuse_parts(name, members, inputs)
        found[name] = tuple(dict.fromkeys(members))
    return found


def by_label(inputs: Iterable[Input]) -> dict[str, tuple[Input, ...]]:
    """All labels of each draw that has several, by its name."""
    found: dict[str, list[Input]] = {}
    for one in inputs:
        if one.labels:
            found.setdefault(one.title, []).append(one)
    return {name: tuple(members) for name, members in found.items() if len(members) > 1}


def correlated(inputs: Iterable[Input]) -> dict[str, tuple[Input, ...]]:
    """Inputs that are correlated with each other, by their names."""
    found: dict[frozenset[str], list[Input]] = {}
    for one in inputs:
        if one.tied:
            found.setdefault(one.tied, []).append(one)
    sets = [members for members in found.values() if len(members) > 1]
    shown = Counter(_called(one.title for one in members) for members in sets)
    named = {}
    for members in sets:
        name = _called(one.title for one in members)
        # Several sets of the same draws are told apart by their labels.
        own = _called(one.name for one in members) if shown[name] > 1 else name
        named[own] = tuple(members)
    return named


def _called(names: Iterable[str]) -> str:
    titles = list(dict.fromkeys(names))
    return ", ".join([*titles[:_NAMED], *(["…"] if len(titles) > _NAMED else [])])


def _refuse_parts(name: str, members: Sequence[Input], inputs: Sequence[Input]) -> None:
    """Raise UsageError for a group that parts what is correlated."""
    keys = {one.key for one in members}
    for one in members:
        for other in inputs:
            if other.key in one.tied and other.key not in keys:
                raise UsageError(
                    f"group '{name}' has '{one.name}', which is correlated with '{other.name}'; "
                    "take both or neither"
                )


def _by_file(inputs: Sequence[Input], output: str) -> dict[str, tuple[Input, ...]]:
    found: dict[str, list[Input]] = {}
    for one in inputs:
        found.setdefault(one.file, []).append(one)
    if len(found) < 2:
        where = "".join(f", '{file}'" for file in found if file)
        raise UsageError(f"all inputs of '{output}' come from one model{where}")
    for file, members in found.items():
        _refuse_parts(file, members, inputs)
    return {file or "this model": tuple(members) for file, members in found.items()}


def _checked(groups: Groups | None) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    told: Any = {} if groups is None else groups
    if not isinstance(told, Mapping):
        raise WrongKind(f"groups are {{'hardware': ['node_*']}}, patterns by name, not {told!r}")
    for name, patterns in told.items():
        each = (patterns,) if isinstance(patterns, str) else patterns
        listed = isinstance(each, Sequence) and all(isinstance(one, str) for one in each)
        if not isinstance(name, str) or not name or not listed or not each:
            raise WrongKind(f"group {name!r}: write patterns such as ['node_*'], not {patterns!r}")
        found[name] = tuple(each)
    return found


def _matches(one: Input, pattern: str) -> bool:
    """Whether a pattern fits an input: its name as shown, that of its quantity, its file or a
    label."""
    dim, equals, label = pattern.partition("=")
    if equals:
        return dim in one.labels and fnmatchcase(str(one.labels[dim]), label)
    named = (one.title, f"{one.file}.{one.title}")
    return pattern == one.name or any(fnmatchcase(name, pattern) for name in named)
