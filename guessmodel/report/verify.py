"""Whether a committed document and one made anew say the same, but for sampling errors."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from guessmodel.report.document import Document

__all__ = ["differences"]

_IGNORED: Final = ("pictures",)
_FLOATING_POINT = 1e-6
_MOST = 5


def differences(committed: Document, again: Document) -> list[str]:
    """A line for each place where they differ; the first five of them.

    Statistics agree where their sampling intervals, doubled, overlap: whether results drifted is
    the business of `check`. Pictures are not drawn again.
    """
    found = list(_walk("", _compared(committed), _compared(again)))
    more = [f"and {len(found) - _MOST} more"] if len(found) > _MOST else []
    return found[:_MOST] + more


def _compared(document: Document) -> dict[str, object]:
    return {key: value for key, value in document.items() if key not in _IGNORED}


def _walk(place: str, old: Any, new: Any) -> Iterator[str]:
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        if "value" in old and "value" in new and not isinstance(old["value"], Mapping):
            if not _agree(old, new):
                yield f"{place} was {old['value']} and is {new['value']}"
            return
        if list(old) != list(new):
            gone, come = [k for k in old if k not in new], [k for k in new if k not in old]
            for keys, words in ((gone, "no longer has"), (come, "now has")):
                if keys:
                    yield f"{place or 'the document'} {words} {', '.join(keys)}"
            if not gone and not come:
                yield f"{place or 'the document'} has another order"
        for key in old:
            if key in new:
                yield from _walk(f"{place}.{key}" if place else key, old[key], new[key])
    elif _is_list(old) and _is_list(new) and len(old) == len(new):
        for i, (before, now) in enumerate(zip(old, new, strict=True)):
            yield from _walk(f"{place}[{i}]", before, now)
    elif not _same(old, new):
        yield f"{place} was {_shown(old)} and is {_shown(new)}"


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _same(old: Any, new: Any) -> bool:
    if isinstance(old, float) and isinstance(new, float):
        return math.isclose(old, new, rel_tol=_FLOATING_POINT)
    return bool(old == new)


def _agree(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    if (old["value"] is None) != (new["value"] is None):
        return False
    if old["value"] is None or None in (old["low"], old["high"], new["low"], new["high"]):
        return True
    widths = sum(each["high"] - each["low"] for each in (old, new))
    size = max(abs(old["value"]), abs(new["value"]))
    return bool(abs(old["value"] - new["value"]) <= widths + _FLOATING_POINT * size + 1e-12)


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
