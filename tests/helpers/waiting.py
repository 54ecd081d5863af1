"""How long tests in a browser wait, and for what."""

import time
from collections.abc import Callable

from playwright.sync_api import Page

__all__ = ["PATIENCE", "until"]

PATIENCE = 60  # seconds: a busy machine is slow, not wrong


def until(page: Page, condition: Callable[[], bool]) -> None:
    """Wait for what `expect` has no words for."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it never came to be"
        page.wait_for_timeout(20)  # which lets the page go on
