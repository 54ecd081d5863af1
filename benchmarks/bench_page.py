"""A page of 500 quantities in Chromium: from its data to the first picture, a step of the zoom, a
step of a pan, a box that is chosen, and a search.

`python benchmarks/bench_page.py` prints Markdown. Each time is from the input to the frame that
shows its effect: it holds the script, style, layout and paint. The layout of the graph is made by
Python with the report, and has a row of its own.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, sync_playwright

from guessmodel.plots.layout import compacted, layered
from guessmodel.report import Options, write

BOXES = 500
WIDE = 20  # of a layer
REPEATS = 30

# From an event to the end of the frame after it: `body` makes the event.
TIMED = """async (body) => {
  const done = () => new Promise((end) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => end(performance.now());
    channel.port2.postMessage(0);
  }));
  await done();
  const begin = performance.now();
  new Function(body)();
  return (await done()) - begin;
}"""
CANVAS = 'document.querySelector(".canvas")'
STEPS = {
    "zoom, a step": f'{CANVAS}.dispatchEvent(new KeyboardEvent("keydown", '
    '{key: window.k = window.k === "+" ? "-" : "+", bubbles: true}))',
    "pan, a step": f'{CANVAS}.dispatchEvent(new KeyboardEvent("keydown", '
    '{key: "ArrowRight", shiftKey: true, bubbles: true}))',
    "choose a box": f'document.querySelectorAll("[data-box]")[window.n = ((window.n ?? 7) * 31) % '
    f'{BOXES}].dispatchEvent(new MouseEvent("click", {{bubbles: true}}))',
    "search, a letter": 'const field = document.querySelector(".search input"); '
    'field.value = field.value.length > 2 ? "x" : field.value + "4"; '
    'field.dispatchEvent(new Event("input", {bubbles: true}))',
}
# From the data in the page to the first frame that shows them.
FIRST = """() => new Promise((end) => {
  const [mark] = performance.getEntriesByName("first-contentful-paint");
  const navigation = performance.getEntriesByType("navigation")[0];
  end([navigation.domContentLoadedEventEnd - navigation.domInteractive, mark ? mark.startTime : 0]);
})"""


def model() -> str:
    """Rows of twenty, of which each quantity is the sum of two of the row before."""
    lines = ["import guessmodel as gm"]
    lines += [f"x{i} = gm.lognormal({i + 1}, {i + 9}, source='a guess')" for i in range(WIDE)]
    lines += [f"x{i} = x{i - WIDE} + x{max(i - 33, 0)}" for i in range(WIDE, BOXES)]
    return "\n".join(lines) + "\n"


def layout_ms() -> float:
    """Milliseconds of the layout, the best of five."""
    edges = [(i - WIDE, i) for i in range(WIDE, BOXES)]
    edges += [(max(i - 33, 0), i) for i in range(WIDE, BOXES)]
    times = []
    for _ in range(5):
        begin = time.perf_counter()
        compacted(layered(BOXES, edges))
        times.append(1e3 * (time.perf_counter() - begin))
    return min(times)


def measured(page: Page) -> dict[str, list[float]]:
    """Milliseconds of each kind of step."""
    found = {}
    for name, body in STEPS.items():
        for _ in range(3):
            page.evaluate(TIMED, body)
        found[name] = [float(page.evaluate(TIMED, body)) for _ in range(REPEATS)]
    return found


def main() -> None:
    """Print the table."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise SystemExit("no chromium: apt-get install chromium")
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        (Path(name) / "many.py").write_text(model())
        write([Path(name) / "many.py"], Path(name) / "reports", Options(samples=4096))
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": 1400, "height": 900}, bypass_csp=True)
        page = context.new_page()
        page.goto((Path(name) / "reports" / "many.html").as_uri())
        page.wait_for_selector("[data-box]")
        count = page.locator("[data-box]").count()
        script, _ = page.evaluate(FIRST)
        print(f"{count} boxes\n\n| | median | 95% | worst |\n|---|--:|--:|--:|")
        print(f"| layout, in Python | {layout_ms():.0f} ms | | |")
        print(f"| page drawn by its script | {script:.0f} ms | | |")
        for step, times in measured(page).items():
            low, high = np.percentile(times, (50, 95))
            print(f"| {step} | {low:.0f} ms | {high:.0f} ms | {max(times):.0f} ms |")
        browser.close()


if __name__ == "__main__":
    main()
