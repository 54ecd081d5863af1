"""Subcommands of the command line, one file each.

A file has `register(subparsers)`, which adds its parser and sets its `execute` as default, and
`execute(args) -> int`, which returns the exit code. The names here are in the order of the help.
"""

from __future__ import annotations

from typing import Final

__all__ = ["COMMANDS"]

COMMANDS: Final = (
    "run",
    "check",
    "compare",
    "sweep",
    "seek",
    "report",
    "plot",
    "sensitivity",
    "decide",
    "elicit",
    "fit",
    "score",
    "correlation",
    "studio",
    "new",
    "import",
    "export",
)
