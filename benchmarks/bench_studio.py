"""The studio in Chromium: from the pointer to all pictures, from its release to all draws, and from
a saved file to the page.

`python benchmarks/bench_studio.py [ROUNDS]` prints Markdown. The model has 30 quantities, 17 of
them behind the input that is dragged: `visitors`, or what INPUT in the environment names. Every
movement of the pointer counts: it is shown when a frame is done that shows it or a later one.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Page, sync_playwright

MODEL = '''"""What does the first year of a shop in the net bring in?"""

import guessmodel as gm

visitors = gm.lognormal(8000, 20000, "1/month")
conversion = gm.beta(0.02, 0.06)
basket = gm.lognormal(35, 70, "EUR")
returned = gm.pert(0.02, 0.15, mode=0.06)
margin = gm.normal(0.28, 0.42)
shipping = gm.pert(4, 9, "EUR", mode=6)
click = gm.lognormal(0.3, 0.9, "EUR")
paid = gm.beta(0.25, 0.55)
staff = gm.lognormal(4000, 7000, "EUR/month")
servers = gm.gamma(90, 260, "EUR/month")
tickets = gm.triangular(0.02, 0.2, mode=0.08)
ticket = gm.lognormal(3, 8, "EUR")
months = gm.constant(12, "month")

orders = visitors * conversion
kept = orders * (1 - returned)
gross = orders * basket
revenue = kept * basket
earned = revenue * margin
posted = orders * shipping
back = orders * returned * shipping
clicks = visitors * paid
advertising = clicks * click
support = orders * tickets * ticket
fixed = staff + servers
variable = posted + back + support
costs = fixed + advertising + variable
monthly = earned - costs
year = (monthly * months).to("EUR")
share = earned / gross
each = (costs / orders).to("EUR")
"""What an order costs."""
gm.headline(year)
gm.claim(orders, mean="498 1/month", rtol=0.15)
'''
INPUT, CARD = os.environ.get("INPUT", "visitors"), ".card .big"

PROBE = """
(() => {
  const probe = window.probe = {};
  probe.clear = () => {
    for (const list of ["moves", "sent", "shown", "full", "some", "settled", "up", "views"])
      probe[list] = [];
  };
  probe.clear();
  // In the bubbling phase, before the page's own listeners send anything.
  for (const kind of ["pointerrawupdate", "pointermove"])
    addEventListener(kind, (event) => {
      if (!(event.buttons & 1)) return;
      for (const each of event.getCoalescedEvents?.() ?? [event]) {
        if (each.timeStamp > (probe.moves.at(-1) ?? 0)) probe.moves.push(each.timeStamp);
      }
      probe.last = Math.max(probe.last ?? 0, event.timeStamp);
    }, true);
  addEventListener("pointerup", (event) => probe.up.push(event.timeStamp), true);
  const painted = (then) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => then(performance.now());
    port2.postMessage(0);
  });
  const Real = window.WebSocket;
  window.WebSocket = class extends Real {
    constructor(...given) {
      super(...given);
      this.addEventListener("message", ({ data }) => {
        const { type, id, settled } = JSON.parse(data);
        if (type === "view") painted(() => probe.views.push(Date.now()));
        const list = { moved: "shown", some: "some", changed: settled ? "settled" : "full" }[type];
        const came = performance.now();
        if (list) painted((at) => probe[list].push({ id, came, at }));
      });
    }
    send(text) {
      const { type, id } = JSON.parse(text);
      if (type === "move")
        probe.sent.push({ id, moved: probe.last, at: performance.now() });
      super.send(text);
    }
  };
})();
"""


def shown_after(probe: dict[str, Any]) -> list[float]:
    """For each movement the milliseconds until a frame shows it or a later one."""
    moved = {each["id"]: each["moved"] for each in probe["sent"]}
    frames = sorted((moved[each["id"]], each["at"]) for each in probe["shown"])
    found = []
    for move in probe["moves"]:
        later = [at for pointer, at in frames if pointer >= move]
        if later:
            found.append(min(later) - move)
    return found


def awaited(page: Page, what: str) -> None:
    """Wait for entries of a list of the probe; the page's policy forbids what Playwright has."""
    for _ in range(2000):
        if page.evaluate(f"probe.{what}.length"):
            return
        page.wait_for_timeout(10)
    raise TimeoutError(what)


def dragged(page: Page, seconds: float) -> tuple[list[float], list[float], dict[str, Any]]:
    """Latencies of a drag, and the milliseconds from its release to all draws, and to what takes
    longer."""
    handle = page.get_by_role("slider", name=re.compile("95th|greatest"))
    handle.scroll_into_view_if_needed()
    box = handle.locator("circle").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.evaluate(
        "Object.assign(probe, "
        "{ moves: [], sent: [], shown: [], full: [], some: [], settled: [], up: [] })"
    )
    page.mouse.move(x, y)
    page.mouse.down()
    start = time.perf_counter()
    k = 0
    while (now := time.perf_counter() - start) < seconds:
        page.mouse.move(x - 40 * np.sin(now * 2.5), y)
        k += 1
        time.sleep(max(k / 60 - (time.perf_counter() - start), 0))
    page.mouse.up()
    awaited(page, "settled")
    probe = page.evaluate("probe")
    # The answers are the first of what comes in parts.
    came = [probe["full"][-1], probe["some"][0], probe["some"][-1], probe["settled"][-1]]
    after = [each["at"] - probe["up"][-1] for each in came]
    return shown_after(probe), after, probe


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a studio over a folder, as long as it is used."""
    server = subprocess.Popen(
        [sys.executable, "-m", "guessmodel", "studio", str(folder), "--no-browser"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "XDG_STATE_HOME": str(folder / "state")},
    )
    assert server.stdout is not None
    try:
        found = re.search(r"http://\S+token=[\w-]+", server.stdout.readline())
        assert found is not None
        yield found[0]
    finally:
        server.terminate()
        server.wait()


@contextmanager
def opened(address: str) -> Iterator[Page]:
    """The page of a studio in a browser, on which the input is shown."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.add_init_script(PROBE)
        page.goto(address)
        page.wait_for_selector(CARD)
        page.wait_for_timeout(1500)
        page.locator(f'[data-box="{INPUT}"]').click()
        yield page
        browser.close()


def tell(moves: int, probe: dict[str, Any]) -> None:
    """Print of what the time of a drag is made of."""
    told = {each["id"]: each for each in probe["sent"]}
    print(f"moves {moves}, shown {len(probe['shown'])}")
    for name, each in (
        ("wait", [each["at"] - each["moved"] for each in probe["sent"]]),
        ("trip", [each["came"] - told[each["id"]]["at"] for each in probe["shown"]]),
        ("draw", [each["at"] - each["came"] for each in probe["shown"]]),
    ):
        print(name, np.round(np.quantile(each, [0.05, 0.5, 0.95]), 1))


def reloaded(page: Page, file: Path, months: int) -> float:
    """Milliseconds from a saved file to its page."""
    other = file.with_suffix(".tmp")
    other.write_text(MODEL.replace('12, "month"', f'{months}, "month"'))
    page.evaluate("probe.views = []")
    begun = time.time()
    other.replace(file)
    awaited(page, "views")
    took: float = page.evaluate("probe.views[0]") - 1000 * begun
    page.wait_for_timeout(700)
    return took


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    folder = Path(tempfile.mkdtemp())
    file = folder / "shop.py"
    file.write_text(MODEL)
    latencies: list[float] = []
    releases = []
    try:
        with served(folder) as address, opened(address) as page:
            for _ in range(rounds):
                ours, release, probe = dragged(page, 3.0)
                latencies += ours
                releases.append(release)
                if "-v" in sys.argv:
                    tell(len(ours), probe)
                page.get_by_role("button", name="as in the file").click()
                page.wait_for_timeout(700)
            reloads = [reloaded(page, file, 13 + k) for k in range(2 * rounds)]
    finally:
        shutil.rmtree(folder)
    print("| milliseconds | 5% | 50% | 95% | n |\n|---|---|---|---|---|")
    full, answers, figures, settled = zip(*releases, strict=True)
    for name, each in (
        ("from the pointer to all pictures", latencies),
        ("from letting go to all draws of a run", full),
        ("from letting go to the answers' integrated estimates", answers),
        ("from letting go to those of all quantities", figures),
        ("from letting go to exact pictures and claims", settled),
        ("from the saved file to the page", reloads),
    ):
        low, mid, high = np.quantile(each, [0.05, 0.5, 0.95])
        print(f"| {name} | {low:.0f} | {mid:.0f} | {high:.0f} | {len(each)} |")


if __name__ == "__main__":
    main()
