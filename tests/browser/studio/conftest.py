"""A studio that runs, and pages of it; without a browser these tests are skipped."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from live_studio import MODEL, Server, served
from playwright.sync_api import Browser, Page, expect
from waiting import PATIENCE


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of a folder that no test writes into: what one test saves would load the pages of
    the next one anew, sooner or later."""
    folder = tmp_path_factory.mktemp("state") / "models"
    folder.mkdir()
    (folder / "plan.py").write_text(MODEL)
    many = ["import guessmodel as gm"]
    many += [f"x{i} = gm.lognormal({i + 1}, {i + 9})" for i in range(20)]
    many += [f"x{i} = x{i - 20} + x{max(i - 33, 0)}" for i in range(20, 500)]
    (folder / "z_many.py").write_text("\n".join(many))
    with served(folder) as found:
        yield found


@pytest.fixture
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """The shared server, or one of its own for a test with a file."""
    if "file" not in request.fixturenames:
        yield request.getfixturevalue("shared")
        return
    with served(request.getfixturevalue("file").parent) as found:
        yield found


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The model, for tests that write into it."""
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "plan.py").write_text(MODEL)
    return tmp_path / "models" / "plan.py"


@pytest.fixture
def opened(browser: Browser, server: Server) -> Iterator[Callable[..., Page]]:
    """Opens tabs of one browser; at the end none of them had an error."""
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    context.set_default_timeout(1000 * PATIENCE)
    errors: list[str] = []

    def tab(address: str | None = None) -> Page:
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(address or server.address)
        expect(page.locator(".card .big")).to_have_text("7.24K USD")
        # What drives it comes last: nothing moves from now on but by the test.
        expect(page.locator(".card .drive")).to_be_visible()
        return page

    yield tab
    context.close()
    assert errors == []


@pytest.fixture
def page(opened: Callable[..., Page]) -> Page:
    return opened()
