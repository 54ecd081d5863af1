"""Two versions of a model side by side: their names, what was edited, and common draws."""

from __future__ import annotations

import ast
import itertools
import linecache
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import final

from guessmodel.errors import Location
from guessmodel.graph import naming
from guessmodel.graph.definitions import DefinitionNumbers
from guessmodel.graph.expression import expression
from guessmodel.graph.quantity import Quantile, Quantity
from guessmodel.graph.scores import Scores
from guessmodel.graph.traversal import reached, rewired
from guessmodel.model.model import Model

__all__ = ["Versions", "definition"]

_DESCRIBING = ("source", "doc")
# What joined lines leave at the ends of brackets.
_OPENING = re.compile(r"([(\[{]) ")
_CLOSING = re.compile(r",? ([)\]}])")


@final
@dataclass(frozen=True)
class Versions:
    """Two versions on common draws. Quantities are told by the names that the new one gives them.

    `old` and `new` are the models with the draws in common: what has one name has one key,
    whatever its file is called, and components of nets are assigned over the names of both.
    """

    old: Model
    new: Model
    renamed: Mapping[str, str]
    """New name of what has another name in the old version -> its old name."""
    edited: tuple[str, ...]
    """Names in both whose definition is not the same, in the order of the new version."""
    uses: Mapping[str, frozenset[str]]
    """The names that a definition uses, in either version."""

    @staticmethod
    def of(old: Model, new: Model) -> Versions:
        """Match the names, then the keys."""
        definitions = DefinitionNumbers()
        renamed: dict[str, str] = {}
        while True:
            before = {name: new_name for new_name, name in renamed.items()}
            keys = _common_keys(old, new, renamed)
            olds = _names_by_quantity(old, before)
            old_numbers, old_uses = definitions.of(olds, old.keys)
            new_numbers, new_uses = definitions.of(_names_by_quantity(new, {}), keys)
            found = _renamed((old_numbers, old_uses), (new_numbers, new_uses))
            if not found:
                break
            renamed |= found
        both = [name for name in new.quantities if name in old_numbers and name in new_numbers]
        universe = old.universe | frozenset(
            keys[node] for node, key in new.keys.items() if key in new.universe
        )
        names = {*old_uses, *new_uses}
        nothing: frozenset[str] = frozenset()
        return Versions(
            _on_keys(old, old.keys, universe, old),
            _on_keys(new, keys, universe, old),
            renamed,
            tuple(name for name in both if old_numbers[name] != new_numbers[name]),
            {name: old_uses.get(name, nothing) | new_uses.get(name, nothing) for name in names},
        )

    def together(self, extra: Mapping[str, Quantity]) -> Model:
        """The new version with further quantities, which are made of those of both."""
        new = self.new
        entries = tuple(
            naming.entry("", name, quantity, own=False) for name, quantity in extra.items()
        )
        return new._version(
            [*new.entries.values(), *entries],
            (*new.all_entries, *entries),
            former=new.universe | self.old.universe,
            keys={**self.old.keys, **new.keys},
        )

    def old_name(self, name: str) -> str:
        """What a quantity is called in the old version."""
        return self.renamed.get(name, name)

    @cached_property
    def both(self) -> tuple[str, ...]:
        """Names of what both versions have."""
        return tuple(n for n in self.new.quantities if self.old_name(n) in self.old.quantities)

    @cached_property
    def added(self) -> tuple[str, ...]:
        """Names that only the new version has."""
        return tuple(name for name in self.new.quantities if name not in self.both)

    @cached_property
    def removed(self) -> tuple[str, ...]:
        """Names that only the old version has."""
        known = {self.old_name(name) for name in self.both}
        return tuple(name for name in self.old.quantities if name not in known)

    @cached_property
    def affected(self) -> tuple[str, ...]:
        """Names in both that an edit lies behind; all others have the same draws in both."""
        return tuple(name for name in self.both if self.edits_behind(name))

    def edits_behind(self, name: str) -> tuple[str, ...]:
        """The edited names that a quantity depends on in either version, itself among them."""
        seen = set(reached([name], lambda each: self.uses.get(each, ())))
        return tuple(edit for edit in self.edited if edit in seen)

    def texts(self, name: str) -> tuple[str, str]:
        """The old and the new definition of a quantity; where the lines are the same, because the
        numbers come from elsewhere, as expressions."""
        former = self.old_name(name)
        texts = definition(self.old, former), definition(self.new, name)
        if texts[0] == texts[1]:
            return _formula(self.old, former), _formula(self.new, name)
        return texts


def definition(model: Model, name: str) -> str:
    """The statement in the model's file that makes a quantity, in one line and without source= and
    doc=, which do not count, and that which correlates it; where there is no such line, the
    expression."""
    quantity = model.quantities[name]
    places = [quantity.location]
    if isinstance(quantity.operation, Quantile):
        number = quantity.operands[0]
        places += [number.location] if isinstance(number.operation, Scores) else []
    found = [_statement(place) for place in places]
    if None in found:
        return _formula(model, name)
    return "; ".join(dict.fromkeys(text for text in found if text is not None))


def _statement(where: Location) -> str | None:
    """The statement at a place, in one line; None where there is none."""
    linecache.checkcache(where.file)
    lines = linecache.getlines(where.file)
    around = [
        node
        for node in _statements("".join(lines))
        if node.lineno <= where.line <= (node.end_lineno or 0)
    ]
    if not around:
        return None
    least = max(around, key=lambda node: node.lineno)
    text = " ".join(_bare(least, lines).split())
    return _CLOSING.sub(r"\1", _OPENING.sub(r"\1", text))


@lru_cache(maxsize=8)  # files: a page or a report asks for all quantities of one after the other
def _statements(text: str) -> list[ast.stmt]:
    """All statements of a file, none where it cannot be read."""
    try:
        return [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.stmt)]
    except (SyntaxError, ValueError):
        return []


def _bare(statement: ast.stmt, lines: Sequence[str]) -> str:
    """The lines of a statement without the arguments that describe."""
    code = [line.encode() for line in lines]  # columns are counted in bytes
    begins = [0, *itertools.accumulate(map(len, code))]
    cuts: list[tuple[int, int]] = []
    for call in ast.walk(statement):
        if not isinstance(call, ast.Call):
            continue
        parts: list[ast.expr | ast.keyword] = [*call.args, *call.keywords]
        spans = sorted(
            (
                begins[each.lineno - 1] + each.col_offset,
                begins[(each.end_lineno or 0) - 1] + (each.end_col_offset or 0),
                isinstance(each, ast.keyword) and each.arg in _DESCRIBING,
            )
            for each in parts
        )
        cuts += [(a[1], b[1]) for a, b in itertools.pairwise(spans) if b[2]]
    whole = b"".join(code)
    place, kept = begins[statement.lineno - 1], b""
    for first, last in sorted(cuts):
        if first >= place:
            kept += whole[place:first]
            place = last
    return (kept + whole[place : begins[statement.end_lineno or 0]]).decode()


def _formula(model: Model, name: str) -> str:
    names = {quantity: shown for shown, quantity in model.quantities.items()}
    quantity = model.quantities[name]
    del names[quantity]
    return expression(quantity, names)


# --- names --------------------------------------------------------------------------------------

_Numbered = tuple[Mapping[str, int], Mapping[str, frozenset[str]]]


def _names_by_quantity(model: Model, renamed: Mapping[str, str]) -> dict[Quantity, str]:
    return {quantity: renamed.get(name, name) for name, quantity in model.quantities.items()}


def _renamed(old: _Numbered, new: _Numbered) -> dict[str, str]:
    """New names -> old ones of what has the same definition and is used by the same names."""
    common = old[0].keys() & new[0].keys()
    gone = _by_role(old, [name for name in old[0] if name not in common], common)
    come = _by_role(new, [name for name in new[0] if name not in common], common)
    return {
        names[0]: gone[role][0]
        for role, names in come.items()
        if len(names) == 1 and len(gone.get(role, ())) == 1
    }


def _by_role(
    version: _Numbered, names: Iterable[str], common: set[str]
) -> dict[tuple[int, frozenset[str], int], list[str]]:
    numbers, uses = version
    users: dict[str, list[str]] = {}
    for user, used in uses.items():
        for name in used:
            users.setdefault(name, []).append(user)
    found: dict[tuple[int, frozenset[str], int], list[str]] = {}
    for name in names:
        by = users.get(name, [])
        role = numbers[name], frozenset(common.intersection(by)), len(by)
        found.setdefault(role, []).append(name)
    return found


# --- keys ---------------------------------------------------------------------------------------


def _common_keys(old: Model, new: Model, renamed: Mapping[str, str]) -> dict[Quantity, str]:
    """The keys of the new model's draws, where the old one has a name too: its own.

    A draw without a name takes the key of the name that it stands below, and what follows it.
    """
    aligned: dict[str, str] = {}
    for name, entry in new.entries.items():
        former = old.entries.get(renamed.get(name, name))
        if former is not None:
            aligned[entry.key] = former.key

    def translated(key: str) -> str:
        if key in aligned:
            return aligned[key]
        head, slash, tail = key.rpartition("/")
        return f"{aligned[head]}/{tail}" if slash and head in aligned else key

    keys = {node: translated(key) for node, key in new.keys.items()}
    # Two draws never share a key: where another one has it, a draw keeps its own.
    while True:
        owners: dict[str, list[Quantity]] = {}
        for node, key in keys.items():
            owners.setdefault(key, []).append(node)
        clashes = [
            node
            for nodes in owners.values()
            if len(nodes) > 1
            for node in nodes
            if keys[node] != new.keys[node]
        ]
        if not clashes:
            return keys
        keys |= {node: new.keys[node] for node in clashes}


def _on_keys(
    model: Model, keys: Mapping[Quantity, str], universe: frozenset[str], like: Model
) -> Model:
    """The same model with these keys; its components are assigned over a universe. Draws are made
    of the variates that another one has under their keys: a change of family keeps the random
    number by all methods."""
    theirs = {key: variate for variate, key in like.keys.items()}
    swapped = {
        variate: other
        for variate, key in keys.items()
        if (other := theirs.get(key)) is not None and other.dims == variate.dims
    }
    nodes = rewired([each.quantity for each in model.all_entries], swapped)
    entries = {id(each): replace(each, quantity=nodes[each.quantity]) for each in model.all_entries}
    return model._version(
        [entries[id(each)] for each in model.entries.values()],
        tuple(entries.values()),
        former=universe,
        keys={swapped.get(variate, variate): key for variate, key in keys.items()},
    )
