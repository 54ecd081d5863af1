"""Edits on their way into files: what would be written, shown first; then written, unless a file
has changed meanwhile."""

from __future__ import annotations

import ast
import difflib
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Final, final

import numpy as np

from guessmodel.distributions.spelled import Spelled
from guessmodel.distributions.text import spelled
from guessmodel.errors import GuessmodelError, UsageError
from guessmodel.files import replace_file
from guessmodel.graph.dims import Dim, Label
from guessmodel.model.elements import pick
from guessmodel.model.model import Model
from guessmodel.model.overrides import family_kept
from guessmodel.studio.calls import Place
from guessmodel.studio.rewriting import Rewritten, rewritten
from guessmodel.units import DIMENSIONLESS

__all__ = ["Draft", "drafted", "read_sources"]

_CHECKED = 64  # draws that are compared before anything is written
_CLOSE = 1e-9


@final
@dataclass(frozen=True)
class Draft:
    """New texts of files beside those that the model was loaded from, and edits that go into none
    of them, with the reason."""

    folder: Path
    old: Mapping[Path, str]
    new: Mapping[Path, str]
    refused: Mapping[str, str]

    def to_dict(self) -> dict[str, Any]:
        """As it is shown; `stamp` tells this draft from all others."""
        files = [
            {"file": self._told(path), "diff": _diff(self.old[path], text)}
            for path, text in self.new.items()
        ]
        return {"files": files, "refused": dict(self.refused), "stamp": self.stamp}

    @property
    def stamp(self) -> str:
        """A hash of what was there and what would be."""
        whole = [(str(path), self.old[path], text) for path, text in self.new.items()]
        return hashlib.sha256(repr(whole).encode("utf-8", "surrogatepass")).hexdigest()

    def conflicts(self) -> list[dict[str, str]]:
        """Files that are on the disk not what the model was loaded from: what these edits would
        change, and what somebody else has changed."""
        found = []
        for path, text in self.new.items():
            there = _read(path)
            if there != self.old[path]:
                yours = _diff(self.old[path], text)
                theirs = _diff(self.old[path], there or "")
                found.append({"file": self._told(path), "yours": yours, "theirs": theirs})
        return found

    def write(self) -> list[str]:
        """Replace the files, each as a whole; tells which."""
        for path, text in self.new.items():
            replace_file(path, text)
        return [self._told(path) for path in self.new]

    def _told(self, path: Path) -> str:
        return path.relative_to(self.folder).as_posix()


def drafted(
    model: Model, sources: Mapping[Path, str], folder: Path, edits: Mapping[str, str]
) -> Draft:
    """What edits would write into the files of a folder that a model was loaded from.

    Each new value is made of the new text and compared, draw by draw, with what the edit does.
    """
    new: dict[Path, str] = {}
    refused: dict[str, str] = {}
    # From the bottom up: a line further up is then still where it was.
    order = sorted(edits, key=lambda name: -_line(model, name))
    for name in order:
        try:
            path, found = _one(model, {**sources, **new}, folder, name, edits[name])
            new[path] = found.source
        except GuessmodelError as error:
            refused[name] = error.message.removeprefix(f"{name}: ")
    return Draft(folder, {path: sources[path] for path in new}, new, refused)


def read_sources(model: Model) -> dict[Path, str]:
    """The texts of the files that a model's named quantities are made in."""
    paths = {Path(q.location.file) for q in model.quantities.values()}
    texts = {path.resolve(): _read(path) for path in sorted(paths)}
    return {path: text for path, text in texts.items() if text is not None}


def _one(
    model: Model, sources: Mapping[Path, str], folder: Path, key: str, text: str
) -> tuple[Path, Rewritten]:
    name, labels = pick(model, key)
    quantity, entry = model.quantities[name], model.entries[name]
    path = Path(quantity.location.file).resolve()
    if not path.is_relative_to(folder):
        raise UsageError(f"it is made in {path.name}, outside of the folder that is open")
    if path not in sources:
        raise UsageError(f"{path.name} cannot be read")
    if quantity.categories:
        value = _of_labels(quantity.categories, text)
    else:
        value = spelled(text, quantity.unit, family_kept(quantity, set(model.quantities.values())))
    if labels and len(quantity.dims) > 1:
        raise UsageError("it has labels of several dimensions; change it in the file")
    label = next(iter(labels.values()), None)
    dim = quantity.dims[0] if len(quantity.dims) == 1 else None
    place = Place(entry.name, quantity.location.line, quantity.unit, dim, label)
    found = rewritten(sources[path], place, value)
    _check(model, name, {key: text}, found)
    return path, found


def _of_labels(labels: Sequence[Label], text: str) -> Spelled:
    """The call of a category's text: one label is that with probability 1."""
    if text.strip() in map(str, labels):
        return Spelled(
            "categorical", {"p": {x: float(str(x) == text.strip()) for x in labels}}, None
        )
    return spelled(text, dims=(Dim("label", tuple(labels)),))


def _check(model: Model, name: str, edit: Mapping[str, str], found: Rewritten) -> None:
    """Raise UsageError unless the new expression makes what the edit does."""
    package = import_module("guessmodel")
    names: dict[str, Any] = {**package.__dict__, "__builtins__": _BUILTINS}
    try:
        tree = ast.parse(found.source)
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                names |= {a.asname or a.name: package for a in node.names if a.name == "guessmodel"}
        names |= _plain_values(tree)
        made = _made(found.expression, names)
        if made.unit == DIMENSIONLESS != model.quantities[name].unit:
            unit = model.quantities[name].unit
            raise UsageError(f"it would become a plain number, not {unit}; change it in the file")
        meant, there = (
            m.sample(_CHECKED, quantities=[name]).draws[name]
            for m in (model.with_(edit), model.with_({name: made}))
        )
    except Exception as error:
        if isinstance(error, GuessmodelError):
            raise
        raise UsageError("what would be written cannot be checked; change it in the file") from None
    if not np.allclose(meant, there, rtol=_CLOSE, atol=0.0, equal_nan=True):
        raise UsageError("what would be written is not what was typed; change it in the file")


def _made(expression: str, names: dict[str, Any]) -> Any:
    try:
        return eval(expression, names)
    except GuessmodelError:  # labels by a name, `dim="ward"`, go when the dict with them does
        told = "the call that would be written has not all that it needs; change it in the file"
        raise UsageError(told) from None


_BUILTINS: Final = {"range": range, "list": list, "dict": dict, "tuple": tuple}  # of labels
_PLAIN = ast.Constant | ast.Dict | ast.List | ast.Tuple | ast.UnaryOp | ast.USub | ast.Load


def _plain_values(tree: ast.Module) -> dict[str, Any]:
    """What a file gives names to and is no more than numbers, texts, ranges and collections of
    these, such as the labels of a dimension."""
    found: dict[str, Any] = {}
    for node in tree.body:
        if not (isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)):
            continue
        parts = list(ast.walk(node.value))
        ranges = [each.func for each in parts if isinstance(each, ast.Call)]
        if all(isinstance(each, _PLAIN | ast.Call) or each in ranges for each in parts) and all(
            isinstance(each, ast.Name) and each.id == "range" for each in ranges
        ):
            code = compile(ast.Expression(node.value), "", "eval")
            found[node.targets[0].id] = eval(code, {"__builtins__": {"range": range}})
    return found


def _line(model: Model, name: str) -> int:
    try:
        return model.quantities[pick(model, name)[0]].location.line
    except GuessmodelError:
        return 0


def _read(path: Path) -> str | None:
    try:
        return path.read_bytes().decode()
    except (OSError, UnicodeDecodeError):
        return None


def _diff(old: str, new: str) -> str:
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), n=2, lineterm="")
    return "\n".join(list(lines)[2:])
