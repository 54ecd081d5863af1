"""Pages of the documentation, followed from top to bottom as a reader does: the files that they
give, the commands, what these print and the pictures that they draw.

`docs/outputs.py` writes anew what is shown; `tests/test_pages.py` tests that it is true.
"""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import final

__all__ = ["PAGES", "ROOT", "Step", "blocks", "followed"]

ROOT = Path(__file__).parents[2]
PAGES = (
    ROOT / "README.md",
    *(
        ROOT / "docs" / f"{name}.md"
        for name in (
            "cli",
            "compare",
            "dimensions",
            "examples",
            "models",
            "plots",
            "sensitivity",
            "tutorial",
            "what-if",
        )
    ),
)
"""Pages that show what commands print or draw."""


@final
@dataclass(frozen=True, slots=True)
class Step:
    """A command of a page. `shown` is what the page says that it prints, None where it says
    nothing; `picture` the file that it draws, and `image` the copy in the repository."""

    words: tuple[str, ...]
    shown: str | None = None
    picture: Path | None = None
    image: Path | None = None
    alt: str | None = None

    @property
    def title(self) -> str:
        return shlex.join(self.words)


def blocks(page: str) -> Iterator[re.Match[str]]:
    """Each fenced block: language and text."""
    return re.finditer(r"^```(\w+)\n((?:.*\n)*?)```$", page, re.MULTILINE)


def followed(page: Path, folder: Path) -> Iterator[Step]:
    """The commands of a page in the order of reading, `new` first; `folder`, which is empty, gets
    the files that the page gives and the models of the repository. Each command is to be run there
    before the next one is asked for."""
    for name in ("models", "examples"):
        (folder / name).symlink_to(ROOT / name)
    (folder / "docs").mkdir()
    (folder / "docs" / "images").mkdir()
    (folder / "docs" / "images" / "examples").mkdir()
    text, name = page.read_text(), "model.py"
    found = sorted(blocks(text), key=lambda match: "$ guessmodel new" not in match[0])
    for match in found:
        language, block = match[1], match[2]
        mentioned = re.findall(r"`(\w+\.py)`", text[: match.start()])
        name = mentioned[-1] if mentioned else name
        if language == "python" and block.startswith('"""'):
            (folder / name).write_text(block)
        elif language == "diff":
            _both(folder, name, block)
        elif language == "console" and block.startswith("$ guessmodel "):
            command, _, shown = block.removeprefix("$ guessmodel ").partition("\n")
            if shown.strip() and "\n…" not in f"\n{shown}":
                yield Step(tuple(shlex.split(command)), shown)
        elif language == "sh":
            if added := re.search(r"<<'END'\n((?:.*\n)*?)END\n", block):
                _commit(folder)
                (folder / name).write_text((folder / name).read_text() + added[1])
                block = block.replace(added[0], "\n")
            for command in re.findall(r"^guessmodel (.*)$", block, re.MULTILINE):
                words = tuple(shlex.split(command))
                files = [word.rpartition(":")[2] for word in words if word.endswith(".py")]
                if files and all((folder / file).exists() for file in files):
                    yield _drawing(words, text[match.end() :], page, folder)


def _drawing(words: tuple[str, ...], rest: str, page: Path, folder: Path) -> Step:
    """With the picture that stands below the block, if the command draws one."""
    option = next((each for each in ("-o", "--picture") if each in words), None)
    image = re.match(r"\s*!\[(.*)\]\((\S+)\)", rest)
    if option is None or image is None or words[0] == "report":
        return Step(words)
    drawn = folder / words[words.index(option) + 1]
    return Step(words, None, drawn, page.parent / image[2], image[1])


def _both(folder: Path, name: str, diff: str) -> None:
    """`old/NAME` as the page gave it, and `new/NAME` with the lines of a diff."""
    old = new = (folder / name).read_text()
    lines = diff.splitlines()
    gone, come = ([line[1:] for line in lines if line[0] == sign] for sign in "-+")
    for before, after in zip(gone, come, strict=True):
        assert before in new
        new = new.replace(before, after)
    for place, text in (("old", old), ("new", new)):
        (folder / place).mkdir()
        (folder / place / name).write_text(text)


def _commit(folder: Path) -> None:
    for words in ("init -q", "add *.py", "-c user.name=a -c user.email=a@b commit -qm first"):
        subprocess.run(["git", *words.split()], cwd=folder, check=True)
