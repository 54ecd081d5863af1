"""Reports in a real browser: what a person sees on a phone, on a laptop and on paper.

Headless Chromium by its command line alone; without it these tests are skipped.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from guessmodel.report import write

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no chromium on the path; apt-get install chromium"
)

MODEL = '''"""<script>document.title = "run"</script> What it costs.

Text with a very_long_name_that_goes_on_and_on_and_on_and_on_and_on_and_on_and_on_without_a_space.
"""
import guessmodel as gm

a_rather_long_name_of_a_quantity_that_a_phone_must_break = gm.lognormal(
    {"twitter": (2, 4), "coding assistant": (8, 20)}, unit="USD/day", dim="deployment",
    source="https://example.org/a/very/long/address/that/goes/on/and/on/and/on/and/on/and/on.html",
)
other = gm.lognormal({1: (2, 4), 1000: (8, 20)}, unit="USD/day", dim="multiplier")
factor = gm.normal(1, 2, source="<img src=x onerror='document.title=1'>")
total = a_rather_long_name_of_a_quantity_that_a_phone_must_break.sum("deployment") * factor
wide = gm.lognormal(2, 9000, "USD/day") * factor * gm.lognormal(2, 9000)
"""A description of more than a few words, as a careful author writes it, for all readers."""
gm.claim(other, at={"multiplier": 1}, guesstimate_interval="2 to 4 USD/day", rtol=0.15)
gm.claim(total, median="20 USD/day", source="inferred <b>so</b>", rtol=0.15)
'''

# Put into a copy of the page: it tells, by its title, what does not fit.
PROBE = """<script>
addEventListener("load", () => {
  const wide = [...document.querySelectorAll("body *")].filter((element) => {
    if (element.closest(".scroll, pre, thead, svg, .skip")) return false;
    return element.getBoundingClientRect().right > document.documentElement.clientWidth + 1;
  });
  const style = (selector, key) => getComputedStyle(document.querySelector(selector))[key];
  document.body.dataset.probe = JSON.stringify({
    scroll: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    wide: wide.map((element) => element.outerHTML.slice(0, 80)),
    title: document.title,
    ink: style("body", "color"), page: style("body", "backgroundColor"),
    scripts: document.scripts.length,
  });
});
</script></body>"""


def chromium(*options: str) -> str:
    """Run it; what it prints."""
    assert CHROMIUM is not None
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    flags = ["--headless", "--disable-gpu", "--hide-scrollbars", *sandbox]
    done = subprocess.run(
        [CHROMIUM, *flags, *options], capture_output=True, text=True, timeout=120, check=True
    )
    return done.stdout


@pytest.fixture(scope="module")
def pages() -> Iterator[Path]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "models").mkdir()
        (folder / "models" / "costs.py").write_text(MODEL)
        write([folder / "models"], folder / "reports")
        for page in ("costs.html", "index.html"):
            path = folder / "reports" / page
            text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", path.read_text())
            (folder / "reports" / f"probe-{page}").write_text(text.replace("</body>", PROBE))
        yield folder / "reports"


def probed(page: Path, width: int, *options: str) -> dict[str, object]:
    import json
    from html import unescape

    text = chromium(f"--window-size={width},900", "--dump-dom", *options, page.as_uri())
    found = re.search(r'data-probe="([^"]*)"', text)
    assert found is not None
    told: dict[str, object] = json.loads(unescape(found[1]))
    return told


@pytest.mark.parametrize("page", ["costs.html", "index.html"])
@pytest.mark.parametrize("width", [360, 390, 1000, 1024, 1280])
def test_nothing_is_wider_than_the_window(pages: Path, page: str, width: int) -> None:
    told = probed(pages / f"probe-{page}", width)
    assert (told["scroll"], told["wide"]) == (0, [])


def test_texts_of_a_model_do_not_run(pages: Path) -> None:
    told = probed(pages / "probe-costs.html", 1280)  # without the policy that would stop them
    assert str(told["title"]).startswith("costs: <script>")  # and not "run"
    assert told["scripts"] == 4  # two of ours, the data, and the probe


def test_light_and_dark(pages: Path) -> None:
    light = probed(pages / "probe-costs.html", 800)
    dark = probed(pages / "probe-costs.html", 800, "--blink-settings=preferredColorScheme=0")
    for told, darker in ((light, "ink"), (dark, "page")):
        assert _contrast(str(told["ink"]), str(told["page"])) >= 7.0  # WCAG 2.1, AAA
        other = "page" if darker == "ink" else "ink"
        assert _luminance(str(told[darker])) < _luminance(str(told[other]))


def _luminance(colour: str) -> float:
    """Relative luminance by WCAG 2.1."""
    parts = [int(x) / 255 for x in re.findall(r"\d+", colour)[:3]]
    linear = [x / 12.92 if x <= 0.03928 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
    return sum(w * x for w, x in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _contrast(one: str, other: str) -> float:
    low, high = sorted(map(_luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def test_a_screenshot_is_not_blank_and_a_page_prints(pages: Path, tmp_path: Path) -> None:
    picture, paper = tmp_path / "page.png", tmp_path / "page.pdf"
    address = (pages / "costs.html").as_uri()
    chromium("--window-size=390,900", f"--screenshot={picture}", address)
    assert len(picture.read_bytes()) > 20_000  # a blank one has 3 KB
    chromium("--no-pdf-header-footer", f"--print-to-pdf={paper}", address)
    text = paper.read_bytes()
    assert text.startswith(b"%PDF") and len(re.findall(rb"/Type\s*/Page\b", text)) >= 2
