"""Subcommands of the command line, one file each.

A file has `register(subparsers)`, which adds its parser and sets its `execute` as default, and
`execute(args) -> int`, which returns the exit code.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["COMMANDS"]

COMMANDS: Final[Mapping[str, str]] = {
    "run": "sample a model and show its quantities",
    "check": "test the claims of models, and their drift from the committed reports",
    "compare": "show what changed between two versions of a model, and which edit did it",
    "sweep": "show an output at several values of an input",
    "seek": "find the value of an input at which a statistic is on target",
    "report": "write the results of models as Markdown, HTML, JSON and SVG",
    "plot": "write a picture of quantities or of the model",
    "sensitivity": "show what drives an output",
    "decide": "compare the options of a decision, and what it is worth to know more",
    "elicit": "turn what an expert said into a line of model",
    "fit": "fit families to data, and print the line of model to write",
    "score": "judge a model's forecasts by what came",
    "correlation": "show which quantities go together",
    "studio": "show models on a live page, to try values and write them back",
    "new": "write a starter model",
    "import": "write a model file from another tool's file",
    "export": "write the draws to a file that other tools read",
}
"""What each does, in the order of the help, which thus need not import any of them."""
