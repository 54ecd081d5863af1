"""`guessmodel new`: a starter model to edit."""

from __future__ import annotations

import argparse
import keyword
from pathlib import Path

from guessmodel.cli.options import Subparsers
from guessmodel.cli.streams import results, say
from guessmodel.errors import UsageError
from guessmodel.files import create_file

__all__ = ["execute", "register"]

_STARTER = '''\
"""What a team spends on coffee in a year. (The first line says what the model is about.)"""

import guessmodel as gm

gm.unit("cup")  # USD, person, hour, token and many more are there already

# A number that is known, with its unit and where it comes from.
working_days = gm.constant(220, "day/year", source="our calendar")

# A range: you are 90% sure that the value lies in it. lognormal is for what cannot be negative and
# may turn out much larger; normal for what may miss on either side. Text under a name describes it.
people = gm.normal(18, 26, "person", source="head count of last and next December")
"""People who share the machine."""

cups = gm.lognormal(1, 4, "cup/person/day", source="guess: nobody has counted")
"""Cups a person drinks on a working day."""

price = gm.lognormal(0.3, 0.8, "USD/cup", source="offers of three suppliers")
"""Beans, milk and maintenance."""

# Plain arithmetic wires them up. Units are checked here, before anything is sampled.
cost = (people * cups * price * working_days).to("USD/year")
"""What a year of coffee costs."""

budget = gm.constant("15K USD/year", source="agreed in March")
over_budget = cost > budget
"""Its mean is the probability that the budget does not suffice."""
'''


def register(subparsers: Subparsers) -> None:
    """Add the command to the command line."""
    parser = subparsers.add_parser(
        "new",
        description="Write NAME.py, a small commented model that runs. Never overwrites a file.",
    )
    parser.add_argument("name", metavar="NAME", help="name of the model, such as coffee")
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    path = _checked(args.name)
    try:
        create_file(path, _STARTER)
    except FileExistsError:
        raise UsageError(f"{path} exists already; choose another name") from None
    with results():
        say(f"wrote {path}; now: guessmodel run {path}")
    return 0


def _checked(name: str) -> Path:
    from importlib.util import find_spec

    path = Path(name if name.endswith(".py") else f"{name}.py")
    stem = path.stem
    if not stem.isidentifier() or keyword.iskeyword(stem):
        better = "".join(c if f"_{c}".isidentifier() else "_" for c in stem).strip("_")
        hint = (
            f"; write {better}" if better.isidentifier() and not keyword.iskeyword(better) else ""
        )
        why = " (a word of Python's)" if keyword.iskeyword(stem) else ""
        hint = hint or "; choose another name"
        raise UsageError(f"'{stem}'{why} cannot be imported by other models{hint}")
    if find_spec(stem) is not None and not path.exists():
        raise UsageError(f"'{stem}' is the name of a Python module already; choose another")
    if not path.parent.is_dir():
        raise UsageError(f"there is no folder {path.parent}")
    return path
