"""Where and when: a benchmark without this is a rumour."""

from __future__ import annotations

import datetime
import importlib.metadata
import os
import platform
import subprocess
from pathlib import Path

from benchmarks.measure import spin, spin_threads
from benchmarks.peers import PACKAGES, available, missing

__all__ = ["heading"]


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def _features() -> str:
    try:
        flags = Path("/proc/cpuinfo").read_text()
    except OSError:
        return ""
    return "AVX-512" if "avx512f" in flags else "AVX2" if "avx2" in flags else ""


def _commit() -> str:
    try:
        command = ["git", "rev-parse", "--short", "HEAD"]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def heading() -> str:
    """Date, machine, versions, and how busy the machine is."""
    versions = [f"Python {platform.python_version()}"]
    for package in ("numpy", "scipy", *PACKAGES):
        if available(package):
            versions.append(f"{package} {importlib.metadata.version(package)}")
    busy = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    lines = [
        f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}, commit {_commit()}. "
        f"{_processor()} {_features()}, {os.cpu_count()} processors, {platform.system()}; "
        f"load {busy:.1f} when the run began.",
        f"{', '.join(versions)}.",
        "Multiplying numbers in their own caches, at the time of this run, two processes do "
        f"{spin():.2f} times the work of one (what the machine has to give); two threads, which "
        f"take the interpreter's lock after each operation, {spin_threads(1 << 15):.2f} times with "
        f"operations of some 5 µs and {spin_threads(1 << 17):.2f} times with 20 µs.",
    ]
    if absent := missing():
        lines.append(f"Not installed, so left out: {', '.join(absent)}.")
    return "\n".join(lines)
