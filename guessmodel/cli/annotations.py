"""A check as GitHub shows it beside the lines of a change: workflow commands on stderr.

They are written where GitHub runs a workflow. It takes such lines from either stream, and stdout
holds what was asked for. Their form: docs.github.com, "Workflow commands for GitHub Actions".
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from guessmodel.claims.check_texts import drift_line
from guessmodel.claims.checking import CheckResult
from guessmodel.cli.streams import spelled
from guessmodel.errors import GuessmodelError, Location
from guessmodel.escaping import shown

__all__ = ["annotate", "annotate_error"]


def annotate(result: CheckResult, *, strict: bool = False) -> None:
    """An error for each claim that does not come out as expected and for each model that drifted,
    and a warning for each warning of method, which is an error if they are `strict`."""
    for claim in result.claims:
        if not claim.as_expected:
            title, _, text = claim.explanation.partition("\n")
            _order("error", claim.location, title.removeprefix(f"{claim.location}: "), text)
    for model in result.models:
        if moved := [drift_line(drift) for drift in result.drift if drift.model == model]:
            _order("error", None, f"{model} drifted from its committed report", "\n".join(moved))
    for warning in result.warnings:
        text = f"{warning.quantity} {warning.reason}"
        _order("error" if strict else "warning", warning.location, warning.code, text)


def annotate_error(error: GuessmodelError) -> None:
    """The same where nothing could be checked."""
    _order("error", error.where, "the models cannot be checked", error.message)


def _order(kind: str, where: Location | None, title: str, text: str) -> None:
    """Write one workflow command; files are named from the top of the repository."""
    if os.environ.get("GITHUB_ACTIONS") != "true":
        return
    properties = {"title": title}
    if where is not None:
        top = Path(os.environ.get("GITHUB_WORKSPACE") or ".").resolve()
        file = Path(where.file).resolve()
        if file.is_relative_to(top):
            path = file.relative_to(top).as_posix()
            properties = {"file": path, "line": str(where.line), **properties}
    told = ",".join(f"{name}={_escaped(value, ':,')}" for name, value in properties.items())
    print(spelled(f"::{kind} {told}::{_escaped(text)}", sys.stderr), file=sys.stderr)


def _escaped(text: str, more: str = "") -> str:
    """The text in one line, with what would end it written as GitHub reads it: `%0A`."""
    for sign in f"%\n{more}":  # % first, which the others are written with
        text = text.replace(sign, f"%{ord(sign):02X}")
    return shown(text)
