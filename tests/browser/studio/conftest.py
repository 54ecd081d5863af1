"""A studio that runs, and pages of it; without a browser these tests are skipped."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from live_studio import MODEL, Server
from playwright.sync_api import Browser, Page, expect


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The server's folder, the same for all tests: they write into files of their own."""
    folder = tmp_path_factory.mktemp("models")
    (folder / "plan.py").write_text(MODEL)
    return folder


@pytest.fixture(scope="module")
def server(home: Path) -> Iterator[Server]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(home.parent))
        found = Server(home)
        yield found
        found.end()


@pytest.fixture
def file(home: Path) -> Path:
    (home / "plan.py").write_text(MODEL)
    return home / "plan.py"


@pytest.fixture
def opened(browser: Browser, server: Server, file: Path) -> Iterator[Callable[..., Page]]:
    """Opens tabs of one browser; at the end none of them had an error."""
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    context.set_default_timeout(20_000)
    errors: list[str] = []

    def tab(address: str | None = None) -> Page:
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(address or server.address)
        expect(page.locator(".card .big")).to_have_text("7.24K USD", timeout=20_000)
        return page

    yield tab
    context.close()
    assert errors == []


@pytest.fixture
def page(opened: Callable[..., Page]) -> Page:
    return opened()
