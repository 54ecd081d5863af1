"""A model, and the command that runs it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest
from run_command import Capture, Run

from guessmodel.cli.main import main

MODEL = '''
"""A model."""
import guessmodel as gm

known = gm.constant(12.5, "USD", source="invoice")
price = gm.normal(5, 15, "USD", source="offers")
"""What one costs."""
share = gm.constant({"a": 0.25, "b": None, "c": 0.75}, dim="case")
cost = price * share + 0 * known
both = gm.stack({1: cost, 2: 2 * cost}, dim="year")
'''


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Write model.py and work beside it."""
    monkeypatch.chdir(tmp_path)

    def write(text: str) -> None:
        Path("model.py").write_text(dedent(text).lstrip("\n"))

    write(MODEL)
    return write


@pytest.fixture
def run(model: Callable[[str], None], capsys: Capture) -> Run:
    """Run the command, which must succeed without a word on stderr."""

    def run(*words: str) -> str:
        assert main(["run", "model.py", *words]) == 0
        out, err = capsys.readouterr()
        assert err == ""
        return out

    return run


STAND = """
import guessmodel as gm
price = gm.constant(3, "USD")
cups = gm.normal(mean=10, sd=2)
rent = gm.normal(mean=20, sd=3, unit="USD")
profit = price * cups - rent
by_place = profit * gm.constant({"here": 1, "there": 2}, dim="place")
"""


@pytest.fixture
def stand(tmp_path: Path) -> str:
    """A stand that sells by the cup, for questions about its price."""
    path = tmp_path / "stand.py"
    path.write_text(STAND)
    return str(path)
