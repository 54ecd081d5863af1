"""A live studio for tests in a browser: its model, its process, and typing into a page of it."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from office_move import OFFICE_MOVE
from playwright.sync_api import Page

__all__ = ["MODEL", "Server", "served", "typed"]

MODEL = OFFICE_MOVE.replace("office", "<b>office</b>", 1).replace(
    '"two offers"', "\"<img src=x onerror='document.title=1'>\""
)


class Server:
    """`guessmodel studio` in a process of its own."""

    def __init__(self, folder: Path, port: int | None = None, *more: str) -> None:
        words = [sys.executable, "-m", "guessmodel", "studio", str(folder), "--no-browser", *more]
        words += [] if port is None else ["--port", str(port)]
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        found = re.search(
            r"http://127\.0\.0\.1:(\d+)/\?token=[\w-]+", self.process.stdout.readline()
        )
        assert found is not None
        self.address, self.port = found[0], int(found[1])

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


@contextmanager
def served(folder: Path, *more: str, port: int | None = None) -> Iterator[Server]:
    """A server of a folder of models, or of a file, with keys of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str((folder if folder.is_dir() else folder.parent).parent))
        found = Server(folder, port, *more)
    try:
        yield found
    finally:
        found.end()


def typed(page: Page, name: str, text: str) -> None:
    page.locator(f'[data-box="{name}"]').click()
    page.locator(f'input[name="{name}"]').fill(text)
    page.keyboard.press("Enter")
