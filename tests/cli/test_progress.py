"""The bar: on a terminal, and only for what takes longer than a moment."""

import io
import sys

import pytest

from guessmodel.cli import progress
from guessmodel.cli.progress import progress_bar


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(monkeypatch: pytest.MonkeyPatch, moment: float) -> str:
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(progress, "_MOMENT", moment)
    with progress_bar("sampling") as told:
        assert told is not None
        for done in range(0, 1001, 100):
            told(done, 1000)
    return stream.getvalue()


def test_a_bar_with_the_number_of_samples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    text = shown(monkeypatch, -1.0)
    assert "sampling 1,000" in text
    assert "100%" in text


def test_what_is_done_in_a_moment_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(monkeypatch, 60.0) == ""


def test_no_bar_without_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with progress_bar("sampling") as told:
        assert told is None
