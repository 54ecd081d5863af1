"""Pages that show what commands print: whether a text is as it was shown."""

from __future__ import annotations

import re

import pytest

NUMBER = re.compile(r"(?<![\w.])-?\d[\d,]*(?:\.\d+)?(?:e-?\d+)?(?=[KMB%]|\b)")
# Errors and bars may be others on another machine, and a figure at the edge may gain or lose its ±.
DRAWING = re.compile(r"± ?[\d.,]+(?:e-?\d+)?[KMB%]?|[▁▂▃▄▅▆▇█]+| +")


def check_printed(found: str, shown: str) -> None:
    """Fail unless both have the same words, and numbers that differ by 2% at most; errors are not
    compared."""
    found, shown = (DRAWING.sub(" ", text) for text in (found, shown))
    assert _numbers(found) == pytest.approx(_numbers(shown), rel=0.02)
    assert _words(found) == _words(shown)


def _numbers(text: str) -> list[float]:
    return [float(each.replace(",", "")) for each in NUMBER.findall(text)]


def _words(text: str) -> list[str]:
    return NUMBER.sub("", text).split()
