"""What a page may ask, and of which form that is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

__all__ = ["AT_ONCE", "OVERTAKES", "PATIENT", "checked"]

AT_ONCE: Final[tuple[str, ...]] = ("hold", "move", "edit")
"""Requests of a hand that waits: asked before all others."""
PATIENT: Final[tuple[str, ...]] = ("compare", "settle", "whole", "drivers")
"""Requests that are given up for those; the page asks them again."""
OVERTAKES: Final[dict[str, tuple[str, ...]]] = {
    "hold": ("hold", "move", *PATIENT),  # not an edit, whose answer the page awaits
    "move": (*AT_ONCE, *PATIENT),
    "edit": (*AT_ONCE, *PATIENT),
}
"""What is dropped, if it waits, where one of these is asked."""
_LONGEST: Final = 1000  # characters of a value, and values, that a page may send
_MOST: Final = 100  # values of a sweep, and variants


def checked(request: Any) -> dict[str, Any]:
    """A request of a page; ValueError for what is none."""
    if not isinstance(request, dict):
        raise ValueError
    kind = request.get("type")
    if not isinstance(kind, str) or kind not in _KINDS:
        raise ValueError
    if kind == "open":
        if not isinstance(request.get("model"), str):
            raise ValueError
        return request
    if not _are_edits(request.get("edits")):
        raise ValueError
    for key, right in _ALSO.get(kind, {}).items():
        if not right(request.get(key)):
            raise ValueError
    return request


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST


def _are_edits(value: Any) -> bool:
    return isinstance(value, dict) and len(value) <= _LONGEST and all(map(_is_text, value.values()))


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and len(value) <= _MOST and all(map(_is_text, value))


def _are_variants(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) <= _MOST
        and all(
            isinstance(each, dict)
            and _is_text(each.get("name"))
            and (each.get("scenario") is None or _is_text(each["scenario"]))
            and _are_edits(each.get("edits"))
            for each in value
        )
    )


_KINDS: Final = {"open", "sweep", "page", "diff", "save", *AT_ONCE, *PATIENT}
_ALSO: Final[dict[str, dict[str, Callable[[Any], bool]]]] = {
    "save": {"stamp": _is_text},
    "settle": {"first": lambda name: name is None or _is_text(name)},
    "hold": {"moved": _is_text},
    "move": {"moved": _is_text},
    "sweep": {"moved": _is_text, "texts": _are_texts},
    "compare": {"variants": _are_variants},
}
