"""What `guessmodel run` prints, taken apart."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from guessmodel.cli.main import main

__all__ = ["Capture", "Run", "document", "failed", "rows"]

Capture = pytest.CaptureFixture[str]
Run = Callable[..., str]


def rows(table: str) -> dict[str, list[str]]:
    """Cells by name."""
    lines = [line for line in table.split("\n\n", 1)[1].splitlines()[1:] if line]
    lines = [line for line in lines if not line.endswith("left out; --all shows them")]
    lines = [line for line in lines if line not in ("intermediate", "outputs")]
    return {line.split()[0]: re.split(r"\s{2,}", line.strip())[1:] for line in lines}


def document(text: str) -> dict[str, Any]:
    """The JSON that it prints."""
    found: dict[str, Any] = json.loads(text)
    return found


def failed(capsys: Capture, *words: str) -> str:
    """The error of a run that must fail."""
    assert main(["run", "model.py", *words]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    shown = [line for line in err.splitlines() if not line.startswith("  ")]  # text with a caret
    assert 1 <= len(shown) <= 2
    return err.removesuffix("\n")
