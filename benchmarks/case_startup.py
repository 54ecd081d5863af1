"""(g) Start-up: whole processes, from the shell to the answer."""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import peers
from benchmarks.measure import Section, milliseconds, table

_ROOT = Path(__file__).parents[1]
_RUN = ["-m", "guessmodel", "run", "models/twitter.py"]
_NUMPY = "`python -c 'import numpy'`"


def _once(arguments: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """Wall and processor time of one process."""
    start = time.perf_counter()
    before = os.times()
    subprocess.run(
        [sys.executable, *arguments],
        cwd=_ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        check=True,
    )
    after = os.times()
    used = after.children_user + after.children_system
    used -= before.children_user + before.children_system
    return time.perf_counter() - start, used


def run(quick: bool) -> list[Section]:
    """Short commands: least and median, wall and processor time."""
    commands = {
        "`python -c pass`": ["-c", "pass"],
        _NUMPY: ["-c", "import numpy"],
        "**`guessmodel run models/twitter.py`**": _RUN,
        "**`guessmodel run models/twitter.py cost_per_year`**": [*_RUN, "cost_per_year"],
        "**`guessmodel --help`**": [*_RUN[:2], "--help"],
        # The package alone imports nothing; whoever imports it makes a quantity.
        "`python -c 'from guessmodel import normal'`": ["-c", "from guessmodel import normal"],
    }
    for package in ("squigglepy", "probabilit", "openturns", "chaospy", "monaco"):
        if peers.available(package):
            commands[f"`python -c 'import {package}'`"] = ["-c", f"import {package}"]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "many.py"
        file.write_text(_many(2_000))
        name = "**`guessmodel run --all` of 2,000 quantities, 400 of them draws**"
        commands[name] = [*_RUN[:3], str(file), "--all"]
        times = _times(commands, 3 if quick else 9, folder)
    return [Section("(g) Start-up of the command line", _table(times))]


def files(quick: bool) -> list[Section]:
    """All models of the repository at once."""
    with tempfile.TemporaryDirectory() as folder:
        commands = {
            _NUMPY: ["-c", "import numpy"],
            "**`guessmodel check models`**": [*_RUN[:2], "check", "models"],
            "**`guessmodel report models`**": [*_RUN[:2], "report", "models", "-o", folder],
        }
        times = _times(commands, 1 if quick else 5, folder)
    return [Section("(g) All models at once", _table(times))]


def _many(count: int) -> str:
    """A model, a fifth of whose quantities are draws; the others are made of two of the last 60."""
    lines = ["import guessmodel as gm"]
    forms = ("{a} + {b}", "{a} - {b}", "{a} * 0.5 + {b}", "gm.maximum({a}, {b})")
    forms = (*forms, "{a} * {b} / (1 + {b} * {b})")
    numbers = random.Random(1)
    for i in range(count):
        a, b = (f"q{max(i - numbers.randrange(1, 60), 0)}" for _ in range(2))
        form = forms[numbers.randrange(len(forms))].format(a=a, b=b)
        low = 1.0 + 4.0 * numbers.random()
        lines.append(
            f"q{i} = {form}" if i % 5 and i > 2 else f"q{i} = gm.lognormal({low}, {3 * low})"
        )
    return "\n".join([*lines, ""])


def _times(
    commands: dict[str, list[str]], rounds: int, cache: str
) -> dict[str, list[tuple[float, float]]]:
    """In turns, after one that is not counted."""
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    # Compiled files are found, as they are where something is installed.
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": cache}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    for turn in range(rounds + 1):
        for name, arguments in commands.items():
            measured = _once(arguments, environment)
            if turn:
                times[name].append(measured)
    return times


def _table(times: dict[str, list[tuple[float, float]]]) -> str:
    base = statistics.median(cpu for _, cpu in times[_NUMPY])
    rows = []
    for name, measured in times.items():
        walls, cpus = zip(*measured, strict=True)
        median = statistics.median(cpus)
        rows.append(
            [
                name,
                milliseconds(median),
                milliseconds(min(cpus)),
                milliseconds(min(walls)),
                f"{median / base:.2f}",
            ]
        )
    return table(
        ["", "processor time, median ms", "least", "wall time, least", "÷ import numpy"], rows
    )
