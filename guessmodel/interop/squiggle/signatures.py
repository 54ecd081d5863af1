"""The head of a function."""

from __future__ import annotations

from collections.abc import Sequence

from guessmodel.interop.python_text import WIDTH

__all__ = ["signature"]


def signature(name: str, parameters: Sequence[str], returns: str) -> list[str]:
    """The head of a function, on several lines where one is too long."""
    line = f"def {name}({', '.join(parameters)}) -> {returns}:"
    if len(line) <= WIDTH:
        return [line]
    together = f"    {', '.join(parameters)}"
    inner = [together] if len(together) <= WIDTH else [f"    {one}," for one in parameters]
    return [f"def {name}(", *inner, f") -> {returns}:"]
