"""A browser, and reports to look at: of a model whose texts are long and hostile, and of 500 boxes.

Debian's Chromium, steered by Playwright; without it these tests are skipped.
"""

import shutil
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from waiting import PATIENCE

from guessmodel.report import write

expect.set_options(timeout=1000 * PATIENCE)

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)


def _attempt(name: str) -> str:
    """A text that sets `window.xss` if a page takes it for markup."""
    return f"</script><img src=x onerror=window.xss=1> {name} &lt;b&gt;"


MODEL = '''"""<script>document.title = "run"</script> What it costs.

Text with a very_long_name_that_goes_on_and_on_and_on_and_on_and_on_and_on_and_on_without_a_space.
"""
import guessmodel as gm

a_rather_long_name_of_a_quantity_that_a_phone_must_break = gm.lognormal(
    {"twitter": (2, 4), "<img src=x onerror='document.title=1'>": (8, 20)}, unit="USD/day",
    dim="deployment",
    source="https://example.org/a/very/long/address/that/goes/on/and/on/and/on/and/on/and/on.html",
)
other = gm.lognormal({1: (2, 4), 1000: (8, 20)}, unit="USD/day", dim="multiplier")
factor = gm.normal(1, 2, source="<img src=x onerror='document.title=1'>")
total = a_rather_long_name_of_a_quantity_that_a_phone_must_break.sum("deployment") * factor
"""<img src=x onerror='document.title=1'> of it all."""
wide = gm.lognormal(2, 9000, "USD/day") * factor * gm.lognormal(2, 9000)
"""A description of more than a few words, as a careful author writes it, for all readers."""
both = gm.lognormal({"a": (1, 2), "b": (2, 4)}, dim="row") * gm.lognormal(
    {"x": (1, 3), "y": (2, 9), "z": (4, 5)}, dim="column"
)
gm.claim(other, at={"multiplier": 1}, guesstimate_interval="2 to 4 USD/day", rtol=0.15)
gm.claim(total, median="20 USD/day", source="inferred <b>so</b>", rtol=0.15)
gm.headline(total, sentence="<svg onload='document.title=2'> costs {mean} ({p5} to {p95})")
gm.headline(wide)
gm.headline(both, at={"row": "a", "column": "y"})
'''


# Every text that a model can have, each with an attempt of its own.
HOSTILE = f'''"""{_attempt("title")} What it costs.

{_attempt("description")}
"""
import guessmodel as gm

gm.unit("bits_and_bobs")
price = gm.lognormal(
    {{{_attempt("label")!r}: (2, 4), "x": (8, 20)}}, unit="USD", dim={_attempt("dim")!r},
    source={_attempt("source")!r}, doc={_attempt("doc")!r},
)
size = gm.lognormal(2, 4, "bits_and_bobs", source="javascript:window.xss='javascript' https://e.org/")
words = price.idxmax({_attempt("dim")!r})
total = price.sum({_attempt("dim")!r}) * size
gm.claim(
    total, mean="80 USD*bits_and_bobs", rtol=0.15, expected="falls short",
    source={_attempt("claim")!r}, note={_attempt("note")!r},
)
gm.scenario(
    {_attempt("scenario")!r}, {{size: 3}}, doc={_attempt("said")!r}, source={_attempt("why")!r}
)
gm.headline(total, sentence={_attempt("sentence").replace("{", "{{")!r} + " costs {{mean}}")
gm.headline(price, at={{{_attempt("dim")!r}: {_attempt("label")!r}}})
'''
USES = """import guessmodel as gm
from estimates.costs import other, total, wide

extra = gm.lognormal(1, 2)
known = gm.lognormal(1, 2, source="a guess")
more = total * extra * known + wide + other.sel(multiplier=1)
gm.headline(more, priority=1)
"""


@pytest.fixture(scope="module")  # its loop must not run on beside other tests
def browser() -> Iterator[Browser]:
    """Chromium; where there is none, these tests are skipped."""
    if CHROMIUM is None:
        pytest.skip("NO CHROMIUM: PAGES AND STUDIO ARE NOT TESTED; apt-get install chromium")
    with warnings.catch_warnings(), sync_playwright() as playwright:
        warnings.simplefilter("ignore")
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the reports of `costs`, `uses`, which imports from it, `many` and `hostile`."""
    folder = tmp_path_factory.mktemp("reports")
    (folder / "estimates").mkdir()
    (folder / "estimates" / "__init__.py").write_text("")
    (folder / "estimates" / "costs.py").write_text(MODEL)
    (folder / "estimates" / "uses.py").write_text(USES)
    (folder / "estimates" / "hostile.py").write_text(HOSTILE)
    many = [
        "import guessmodel as gm",
        *(f"x{i} = gm.lognormal({i + 1}, {i + 9})" for i in range(20)),
    ]
    for i in range(20, 500):  # ten layers of fifty
        many.append(f"x{i} = x{i - 20} + x{max(i - 33, 0)}")
    (folder / "estimates" / "many.py").write_text("\n".join(many))
    write([folder / "estimates"], folder / "reports")
    return folder / "reports"


@pytest.fixture
def opened(browser: Browser, pages: Path) -> Iterator[Callable[..., Page]]:
    """Open a page of the reports; it fails in the end if a script of it did."""
    contexts, errors = [], []

    def open_page(name: str, width: int = 1280, **options: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        context.set_default_timeout(1000 * PATIENCE)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto((pages / name).as_uri())
        if options.get("java_script_enabled", True):  # the graph fits itself into what it is given
            page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []
