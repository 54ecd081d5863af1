"""The error that tells all parts of a file that cannot be imported at once."""

from __future__ import annotations

from collections.abc import Sequence

from guessmodel.errors import ModelError

__all__ = ["refused"]

_MOST = 100


def refused(what: str, refusals: Sequence[object], one: str = "cell") -> ModelError:
    """The error that lists all refusals (the first hundred of more), each of `one` part of what
    was to be imported."""
    count = len(refusals)
    parts = f"1 {one} cannot" if count == 1 else f"{count:,} {one}s cannot"
    lines = [f"  {refusal}" for refusal in refusals[:_MOST]]
    if count > _MOST:
        lines.append(f"  and {count - _MOST:,} more")
    return ModelError("\n".join([f"{what}: {parts} be imported; nothing was written", *lines]))
