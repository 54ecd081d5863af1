"""A file of the Squiggle language → the text of a model file, and a summary of what was done."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, final

from guessmodel.errors import ModelError
from guessmodel.escaping import shown_line
from guessmodel.interop.refusals import refused
from guessmodel.interop.squiggle.refusals import Refused
from guessmodel.interop.squiggle.script import Script, read_script
from guessmodel.interop.squiggle.writer import written

__all__ = ["LARGEST", "Imported", "import_script"]

LARGEST: Final = 1_000_000  # bytes of a file


@final
@dataclass(frozen=True, slots=True)
class Imported:
    """The text of the model file, and what was imported and what was not.

    Attributes
    ----------
    quantities : how many quantities the file has that the script names
    functions : those that nothing calls, which became functions of Python
    unused : other functions that nothing calls, and why they were left out
    shown : by what is only shown, and was left out, how often it stood there
    worked_with : texts, dates and lists of plain numbers, which are no quantities
    remarks : by what is not as one would expect, how often
    """

    text: str
    quantities: int
    functions: tuple[str, ...]
    unused: tuple[str, ...]
    shown: Mapping[str, int]
    worked_with: tuple[str, ...]
    remarks: Mapping[str, int]

    def lines(self) -> list[str]:
        """What is to be told on a screen."""
        lines = []
        if self.functions:
            names = ", ".join(self.functions)
            lines.append(f"functions that nothing calls, as functions of Python: {names}")
        for function in self.unused:
            lines.append(f"a function that nothing calls, left out: {function}")
        if self.shown:
            counted = (f"{what} ({n})" if n > 1 else what for what, n in self.shown.items())
            lines.append(f"only shown, left out: {', '.join(counted)}")
        if self.worked_with:
            lines.append(f"worked with, but no quantities: {', '.join(self.worked_with)}")
        for remark, count in self.remarks.items():
            lines.append(f"{remark} ({count} times)" if count > 1 else remark)
        return [shown_line(line) for line in lines]

    def to_dict(self) -> dict[str, Any]:
        """For JSON; without the text."""
        return {
            "quantities": self.quantities,
            "functions": list(self.functions),
            "unused": list(self.unused),
            "shown": dict(self.shown),
            "worked_with": list(self.worked_with),
            "remarks": dict(self.remarks),
        }


def import_script(path: Path) -> Imported:
    """Read a script, run it with quantities for distributions, and write what it calculates as a
    model file. Nothing of the script is executed by Python, and nothing is changed on disk.

    Raises ModelError, which lists every statement that cannot be imported with its line, column
    and reason; OSError where the file cannot be read.

    >>> import tempfile
    >>> script = Path(tempfile.mkdtemp()) / "trip.squiggle"
    >>> _ = script.write_text("hours = 5 to 8\\nspeed = normal(90, 10)\\nspeed * hours")
    >>> print(import_script(script).text)
    \"\"\"trip.squiggle, imported from the Squiggle language.\"\"\"
    <BLANKLINE>
    import guessmodel as gm
    <BLANKLINE>
    hours = gm.lognormal(5, 8)
    speed = gm.normal(mean=90, sd=10)
    result = speed * hours
    <BLANKLINE>
    gm.headline(result)
    <BLANKLINE>
    """
    try:
        script = read_script(_text(path), lambda name: _text(path.parent / name, path.parent))
    except Refused as error:
        raise ModelError(f"{path}: {shown_line(error.reason)}") from None
    if not script.refusals:
        if not script.assignments and not script.functions:
            raise ModelError(f"{path}: nothing in it is a number or a distribution")
        try:
            title = f"{path.name}, imported from the Squiggle language."
            text = written(title, script.assignments, script.functions, script.headlines)
            return _imported(text, script)
        except Refused as error:
            raise ModelError(f"{path}: {error.reason}") from None
    raise refused(str(path), script.refusals, "statement")


def _imported(text: str, script: Script) -> Imported:
    return Imported(
        text,
        quantities=len(script.assignments),
        functions=tuple(function.name for function in script.functions),
        unused=tuple(script.unused),
        shown=dict(sorted(script.dropped.items())),
        worked_with=tuple(script.unwritten),
        remarks=dict(sorted(script.remarks.items())),
    )


def _text(path: Path, folder: Path | None = None) -> str:
    if folder is not None:
        try:
            status = path.lstat()
        except OSError:
            raise Refused(f"there is no file {path.name} beside the script") from None
        if not stat.S_ISREG(status.st_mode):
            raise Refused(f"{path.name} is not a file of the script's own folder")
    with path.open("rb") as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise Refused(f"the file has more than {LARGEST:,} bytes")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused(f"the file is not text in UTF-8 (byte {error.start})") from None
