"""A live studio for tests in a browser: its model, its process, and typing into a page of it."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page

__all__ = ["MODEL", "Server", "served", "typed"]

MODEL = '''"""What does the <b>office</b> move cost?

A small plan.
"""

import guessmodel as gm

people = gm.constant(40, "person")
"""Who moves."""
price = gm.lognormal(
    90,  # the lower of two offers
    160,
    "USD/person",
    source="<img src=x onerror='document.title=1'>",
)
"""What a mover asks for each desk."""
days = gm.pert(2, 9, "day", mode=3)
rent = gm.lognormal({"old": (200, 300), "new": (300, 450)}, unit="USD/day", dim="site")
cost = (people * price).to("USD") + (days * rent.sum("site")).to("USD")
"""The whole move."""
gm.claim(cost, mean="7200 USD", rtol=0.15)
'''

# A lognormal from a to b has the mean sqrt(a b) exp(s²/2), s = ln(b / a) / 3.28971. So a desk costs
# 121.85 USD, and 243.70 where it is 180 to 320; the rent of both sites 617.05 USD a day, for
# (2 + 4 * 3 + 9) / 6 days: 2,365 USD. 40 desks make 7,239 or 12,113 USD, 41 desks 7,361 USD, and
# 80 desks 12,113 or 21,861 USD.


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
