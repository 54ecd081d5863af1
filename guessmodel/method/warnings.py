"""The warnings of method of some models, in the order of their lines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from guessmodel.method.decisive import decisive
from guessmodel.method.looked_at import LookedAt
from guessmodel.method.products import products
from guessmodel.method.rules import Found, fits, negative_normals, outputs, unsourced
from guessmodel.method.warning import REASONS, MethodWarning
from guessmodel.method.written import Written, imported_beside
from guessmodel.model.model import Model

__all__ = ["warnings_of"]


def warnings_of(models: Sequence[Model]) -> list[MethodWarning]:
    """What is to be said of the files of some models; of models without a file nothing. Each file
    is told of once, with the model that it is.

    Raises ModelError for a comment that silences a kind of warning that does not exist.
    """
    found = []
    for model in models:
        if model.file is not None:
            others = (other for other in models if other is not model)
            found += _of(model, model.file, _used_by(model, others))
    return found


def _used_by(model: Model, others: Iterable[Model]) -> frozenset[str]:
    """Names of a model's file that other models use."""
    return frozenset(
        entry.name
        for other in others
        for entry in other.entries.values()
        if not entry.own and entry.stem == model.title
    )


def _of(model: Model, file: Path, used: frozenset[str]) -> list[MethodWarning]:
    text = Written.of(file)
    seen = LookedAt(model, file, used | imported_beside(file))
    made: dict[tuple[str, str, int], MethodWarning] = {}
    for code, node, more in _found(seen, text):
        where = node.location
        if where.file != str(file) or text.silences(code, where.line):
            continue
        title = seen.title(node)
        warning = MethodWarning(model.title, code, title, REASONS[code].format(**more), where)
        made.setdefault((code, title, where.line), warning)
    return sorted(made.values(), key=lambda each: (each.location.line, each.code))


def _found(seen: LookedAt, text: Written) -> Iterator[Found]:
    yield from unsourced(seen)
    yield from fits(seen, text)
    yield from products(seen)
    yield from outputs(seen)
    yield from negative_normals(seen)
    yield from decisive(seen)
