"""Pages that show what commands print: their blocks, and whether a text is as it was shown."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

NUMBER = re.compile(r"(?<![\w.])-?\d[\d,]*(?:\.\d+)?(?:e-?\d+)?(?=[KMB%]|\b)")
DRAWING = re.compile(r"[▁▂▃▄▅▆▇█]+| +")


def blocks(page: str) -> Iterator[tuple[str, str]]:
    """Language and text of each fenced block."""
    for match in re.finditer(r"^```(\w+)\n((?:.*\n)*?)```$", page, re.MULTILINE):
        yield match[1], match[2]


def check_printed(found: str, shown: str) -> None:
    """Fail unless both have the same words, and numbers that differ by 2% at most: the last digits
    of an error may be others on another machine."""
    assert _numbers(found) == pytest.approx(_numbers(shown), rel=0.02)
    assert _words(found) == _words(shown)


def _numbers(text: str) -> list[float]:
    return [float(each.replace(",", "")) for each in NUMBER.findall(text)]


def _words(text: str) -> list[str]:
    return NUMBER.sub("", DRAWING.sub(" ", text)).split()
