"""`guessmodel import`: a model file from another tool's file."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from guessmodel.cli.options import Subparsers, warn
from guessmodel.cli.streams import json_text, results, say
from guessmodel.errors import GuessmodelError, UsageError
from guessmodel.files import create_file

if TYPE_CHECKING:
    from guessmodel.interop.guesstimate.importing import Imported

__all__ = ["execute", "register"]


# What a model file reads by itself.
_DATA: Final = {
    ".sipmath": "a model file reads its distributions by gm.from_sipmath",
    ".xlsx": "a model file reads its named cells by gm.from_xlsx, and its tables by gm.table",
    ".xlsm": "a model file reads its named cells by gm.from_xlsx, and its tables by gm.table",
    ".csv": "a model file reads it by gm.empirical, as draws, or by gm.table, as constants",
    ".parquet": "a model file reads it by gm.empirical",
    ".nc": "a model file reads its draws by gm.from_arviz",
}


def register(subparsers: Subparsers) -> None:
    """Add the command to the command line."""
    parser = subparsers.add_parser(
        "import",
        description="Write a model file that says what a Guesstimate sheet or a Squiggle script "
        "says; of a sheet, run it and show cell by cell that it gives the same numbers. Never "
        "overwrites a file.",
    )
    parser.add_argument(
        "file",
        metavar="MODEL",
        help="a space of Guesstimate's, as JSON, or a script of Squiggle's (MODEL.squiggle)",
    )
    parser.add_argument(
        "-o", "--output", metavar="FILE.py", help="the file to write (default MODEL.py beside it)"
    )
    parser.add_argument(
        "--faithful",
        action="store_true",
        help="keep Guesstimate's meaning where it surprises: 1,000,000 is 1000 there",
    )
    parser.add_argument(
        "--fact",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="the value of a fact that the sheet mentions: --fact 'City.population=2.7M'",
    )
    parser.add_argument(
        "--proof",
        action="store_true",
        help="put the table of both's numbers into the file's description",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(execute=execute)


def execute(args: argparse.Namespace) -> int:
    """Run the command; returns the exit code."""
    source = Path(args.file)
    if source.is_dir():
        raise UsageError(f"{source} is a folder; name a file, such as model.json")
    if source.suffix == ".py":
        raise UsageError(
            f"{source} is no sheet and no script of Squiggle's; if it is a model file, "
            f"guessmodel run {source}"
        )
    if source.suffix.lower() in _DATA:
        raise UsageError(f"{source} is no model: {_DATA[source.suffix.lower()]}")
    target = _target(source, args.output)
    return (_script if _is_script(source) else _sheet)(args, source, target)


def _is_script(source: Path) -> bool:
    """Whether a file is a script of Squiggle's: by its name, else because it is no JSON."""
    if source.suffix in (".squiggle", ".json"):
        return source.suffix == ".squiggle"
    try:
        json.loads(_bytes(source))
    except (ValueError, RecursionError):
        return True
    return False


def _script(args: argparse.Namespace, source: Path, target: Path) -> int:
    from guessmodel.interop.squiggle.importing import import_script

    for option in ("faithful", "fact", "proof"):
        if option in args.stated:
            raise UsageError(f"--{option} is for Guesstimate's sheets, and {source} is a script")
    found = import_script(source)
    _create(target, found.text)
    with results():
        if args.json:
            print(json_text({"file": str(target), **found.to_dict()}))
        else:
            count = f"{found.quantities:,} quantit{'y' if found.quantities == 1 else 'ies'}"
            say(f"{source}: {count} imported to {target}; now: guessmodel run {target}")
            for line in found.lines():
                say(f"  {line}")
    return 0


def _sheet(args: argparse.Namespace, source: Path, target: Path) -> int:
    from guessmodel.interop.guesstimate.importing import import_sheet

    try:
        found = import_sheet(
            _bytes(source),
            name=source.stem,
            faithful=args.faithful,
            facts=_facts(args.fact),
            proof=args.proof,
        )
    except GuessmodelError as error:
        raise type(error)(f"{args.file}: {error.message}") from None
    _create(target, found.text)
    for skipped in found.skipped:
        warn(f"left out: {skipped}")
    with results():
        if args.json:
            print(json_text({"file": str(target), **found.to_dict()}))
        else:
            _show(args.file, target, found)
    return 0


def _create(target: Path, text: str) -> None:
    try:
        create_file(target, text)
    except FileExistsError:
        raise UsageError(f"{target} exists already; choose another name with -o") from None


def _bytes(source: Path) -> bytes:
    from guessmodel.interop.guesstimate.reading import MOST_BYTES

    size = source.stat().st_size if source.is_file() else 0
    if size > MOST_BYTES:
        raise UsageError(f"the file has {size:,} bytes; files of up to {MOST_BYTES:,} are imported")
    with source.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def _target(source: Path, output: str | None) -> Path:
    from guessmodel.interop.identifiers import snake_case

    if output is None:
        target = source.with_name(f"{snake_case(source.stem) or 'model'}.py")
    else:
        target = Path(output)
    if target.suffix != ".py" or not target.stem.isidentifier():
        raise UsageError(f"{target} is no name of a model file; write one such as -o model.py")
    if os.path.lexists(target):
        raise UsageError(f"{target} exists already; choose another name with -o")
    return target


def _facts(given: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in given:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not (name and equals and value):
            raise UsageError(f"--fact {text!r}: write 'name=value', such as 'population=2.7M'")
        if name in found:
            raise UsageError(f"--fact {text!r}: '{name}' is given twice")
        found[name.lstrip("@#")] = value
    return found


def _show(file: str, target: Path, found: Imported) -> None:
    count = "1 cell" if found.cells == 1 else f"{found.cells:,} cells"
    say(f"{file}: {count} imported to {target}; now: guessmodel run {target}")
    for remark in found.remarks:
        say(f"  {remark.cell}: {remark.text}")
    equality = found.equality
    if equality is None:
        say(f"a sheet of {count} is compared with its model on request: --proof")
        return
    differing = [row for row in equality.rows if row.differs]
    say()
    say(str(equality))
    if differing:
        names = ", ".join(row.name for row in differing)
        say(f"{len(differing)} of {len(equality.rows)} differ beyond their errors: {names}")
    else:
        say(f"all {len(equality.rows)} agree within their errors")
