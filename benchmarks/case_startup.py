"""(g) Start-up: whole processes, from the shell to the answer."""

from __future__ import annotations

import os
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
_LONG = "**`guessmodel check models`**", "**`guessmodel report models`**"


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
    """Least and median, wall and processor time."""
    commands = {
        "`python -c pass`": ["-c", "pass"],
        "`python -c 'import numpy'`": ["-c", "import numpy"],
        "**`guessmodel run models/twitter.py`**": _RUN,
        "**`guessmodel run models/twitter.py cost_per_year`**": [*_RUN, "cost_per_year"],
        "`python -c 'import guessmodel'`": ["-c", "import guessmodel"],
    }
    for package in ("squigglepy", "probabilit", "openturns", "chaospy", "monaco"):
        if peers.available(package):
            commands[f"`python -c 'import {package}'`"] = ["-c", f"import {package}"]
    with tempfile.TemporaryDirectory() as cache:
        check, report = _LONG
        commands[check] = [*_RUN[:2], "check", "models"]
        commands[report] = [*_RUN[:2], "report", "models", "-o", cache]
        times: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
        # Compiled files are found, as they are where something is installed.
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": cache}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for turn in range((3 if quick else 9) + 1):
            for name, arguments in commands.items():
                if turn > 1 and quick and name in _LONG:
                    continue
                measured = _once(arguments, environment)
                if turn:
                    times[name].append(measured)
    base = statistics.median(cpu for _, cpu in times["`python -c 'import numpy'`"])
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
    header = ["", "processor time, median ms", "least", "wall time, least", "÷ import numpy"]
    return [Section("(g) Start-up of the command line", table(header, rows))]
