"""The widget in a browser: a page stands in for the front end of a notebook, this process for its
kernel."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from waiting import until

import guessmodel as gm
from guessmodel.studio.widget import page_of

FRONT = """
import(URL.createObjectURL(new Blob([window.esm], { type: "text/javascript" }))).then((module) => {
  const heard = [];
  window.hear = (message) => heard.forEach((each) => each(message));
  const model = {
    get: (key) => window.state[key],
    send: (message) => window.kernel(JSON.stringify(message)),
    on: (_, take) => heard.push(take),
    off: () => {},
  };
  window.close_widget = module.default.render({ model, el: document.getElementById("cell") });
});
"""


@pytest.fixture
def cell(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Show a widget in a page; with a kernel that answers, or without one."""
    pages, errors = [], []

    def shown(widget: Any, *, kernel: bool) -> Page:
        page = browser.new_page(viewport={"width": 1100, "height": 900})
        pages.append(page)
        page.on("pageerror", lambda error: errors.append(str(error)))
        waiting: list[str] = []

        def answered(text: str) -> None:
            if not kernel:
                return
            widget.send = lambda content: waiting.append(json.dumps(content))
            widget._handle_custom_msg(json.loads(text), [])
            while waiting:
                page.evaluate(f"setTimeout(() => window.hear({waiting.pop(0)}))")

        page.set_content("<h1>Notebook</h1><div id=cell></div>")
        page.expose_function("kernel", answered)
        page.evaluate(
            "([esm, state]) => Object.assign(window, { esm, state })",
            [
                widget._esm,
                {"start": widget.start},
            ],
        )
        page.add_script_tag(content=FRONT)
        return page

    yield shown
    for page in pages:
        page.close()
    assert errors == []


def model() -> gm.Model:
    price = gm.lognormal(90, 160, "USD/person", source="<img src=x onerror='document.title=1'>")
    people = gm.constant(40, "person")
    return gm.Model(price=price, people=people, cost=(people * price).to("USD"))


# 40 people at 121.85 or 243.70 USD.


def test_values_are_typed_and_dragged(cell: Callable[..., Page]) -> None:
    page = cell(model().widget(), kernel=True)
    expect(page.locator(".card .big")).to_have_text("4.87K USD")
    page.locator('[data-box="price"]').click()
    page.locator('input[name="price"]').fill("180 to 320")
    page.keyboard.press("Enter")
    expect(page.locator(".card .big")).to_have_text("9.75K USD")
    expect(page.locator(".state")).to_have_text("1 edit, not in the model")
    page.locator('[data-box="price"]').press("Control+z")
    expect(page.locator(".card .big")).to_have_text("4.87K USD")
    handle = page.get_by_role("slider", name="95th percentile")
    handle.focus()
    handle.press("ArrowRight")
    expect(page.locator(".edits li")).to_have_count(1)
    expect(page.get_by_role("button", name="save …")).to_have_count(0)
    assert page.title() == "" and page.url == "about:blank"


# The right end of each range beside the left end of its small picture.
BESIDE = """all => all.map((box) => [".range", ".small"].map((each) => box.querySelector(each)))
  .filter(([range, small]) => range && small && range.textContent)
  .map((both) => both.map((each) => each.getBoundingClientRect()))
  .map(([range, small]) => [range.right, small.left])
"""


def test_no_text_of_a_box_runs_into_its_picture(cell: Callable[..., Page]) -> None:
    """Letters are measured in the font that they are drawn in, which a notebook does not have."""
    inputs = {f"x{i}": gm.normal(30.2 + 4 * i, 50.4 + 4 * i, "week") for i in range(4)}
    page = cell(
        gm.Model(**inputs, total=gm.maximum(inputs["x0"], inputs["x1"])).widget(), kernel=True
    )
    expect(page.locator(".box .small").first).to_be_visible()
    found = page.locator(".box").evaluate_all(BESIDE)
    assert len(found) >= 4
    assert all(range_ends <= picture + 1 for range_ends, picture in found)


def test_statistics_are_read_in_a_dark_notebook(cell: Callable[..., Page]) -> None:
    page = cell(model().widget(), kernel=True)
    page.evaluate("document.body.style.background = '#111'")
    page.locator('[data-box="price"]').click()
    ink = "(each) => getComputedStyle(each).color"
    told = page.locator(".statistics th").first.evaluate(ink)
    assert told == page.locator(".detail h2").evaluate(ink)


def test_without_a_kernel_it_can_be_read(cell: Callable[..., Page]) -> None:
    page = cell(model().widget(), kernel=False)
    expect(page.locator(".card .big")).to_have_text("4.87K USD")
    expect(page.locator(".state")).to_have_text("no kernel answers: nothing can be changed")
    page.locator('[data-box="price"]').click()
    expect(page.locator(".detail h2")).to_have_text("price")
    expect(page.locator(".detail input")).to_have_count(0)


def test_a_run_is_there_to_be_looked_at(cell: Callable[..., Page]) -> None:
    page = cell(page_of(model().sample(4096)), kernel=False)
    expect(page.locator(".card .big")).to_have_text("4.87K USD")
    expect(page.locator(".bar-top")).to_have_count(0)
    page.evaluate("window.close_widget()")
    expect(page.locator(".card")).to_have_count(0)


class Failing:
    """A kernel that fails at some requests, and with others answers what was never asked."""

    def __init__(self, widget: Any) -> None:
        self.widget = widget
        self._esm, self.start = widget._esm, widget.start
        self.asked: list[str] = []
        self.send: Callable[[Any], None] = lambda _: None

    def _handle_custom_msg(self, content: Any, buffers: Any) -> None:
        self.asked.append(content["type"])
        if content["type"] == "whole":
            self._fail(content["id"], "no estimates")
            return
        if content["type"] == "settle":
            self._fail(content["id"] - 1, "no page")  # of another request
        self.widget.send = self.send
        self.widget._handle_custom_msg(content, buffers)

    def _fail(self, number: int, text: str) -> None:
        self.send({"type": "failed", "id": number, "error": {"text": text}})


def test_what_fails_stops_nothing_else(cell: Callable[..., Page]) -> None:
    kernel = Failing(model().widget())
    page = cell(kernel, kernel=True)
    expect(page.locator(".broken")).to_have_text("no estimates")
    until(page, lambda: kernel.asked == ["open", "whole", "drivers"])
    page.locator('[data-box="people"]').click()
    page.locator('input[name="people"]').fill("80")
    page.keyboard.press("Enter")
    expect(page.locator(".card .big")).to_have_text("9.75K USD")
    expect(page.locator(".broken")).to_have_text("no page")  # the former error is of the past
    until(page, lambda: kernel.asked[3:] == ["edit", "settle", "drivers"])
    expect(page.locator(".state")).to_have_text("1 edit, not in the model")


def test_keys_are_its_own_and_none_of_the_notebook(cell: Callable[..., Page]) -> None:
    page = cell(model().widget(), kernel=True)
    page.evaluate("addEventListener('keydown', (event) => (window.heard = event.key))")
    page.locator('[data-box="price"]').click()
    page.locator('input[name="price"]').click()
    page.keyboard.press("Control+a")
    page.keyboard.type("180 to 320")
    page.keyboard.press("Enter")
    expect(page.locator(".card .big")).to_have_text("9.75K USD")
    assert page.evaluate("window.heard ?? null") is None
    # By this Jupyter knows, which hears keys before the page does.
    assert page.locator("#cell > [data-lm-suppress-shortcuts]").count() == 1


def test_it_is_dark_where_the_notebook_is(cell: Callable[..., Page]) -> None:
    page = cell(model().widget(), kernel=False)
    card = page.locator(".card")
    expect(card).to_have_css("background-color", "rgb(255, 255, 255)")
    page.evaluate("document.body.style.backgroundColor = '#111'")
    expect(card).not_to_have_css("background-color", "rgb(255, 255, 255)")
    page.evaluate("document.body.style.backgroundColor = '#eee'")
    expect(card).to_have_css("background-color", "rgb(255, 255, 255)")


@pytest.mark.parametrize("shadowed", [False, True])
def test_it_is_dark_too_where_it_is_put_into_the_page_later(
    cell: Callable[..., Page], *, shadowed: bool
) -> None:
    """Jupyter draws into an element that it has not put into the page yet, and takes it out and
    puts it back as it is scrolled; marimo's stands in a shadow tree."""
    page = cell(model().widget(), kernel=False)
    expect(page.locator(".card")).to_have_count(1)
    page.evaluate("window.close_widget()")
    page.evaluate("document.body.style.backgroundColor = '#111'")
    later = FRONT.replace(
        'document.getElementById("cell")', '(window.later = document.createElement("div"))'
    )
    page.add_script_tag(content=later)
    page.wait_for_function("window.later && window.later.firstChild")
    page.evaluate(
        "(shadowed) => { const place = document.getElementById('cell'); window.place = shadowed ? "
        "place.attachShadow({ mode: 'open' }) : place; window.place.append(window.later); }",
        shadowed,
    )
    card = page.locator(".card")
    expect(card).not_to_have_css("background-color", "rgb(255, 255, 255)")
    page.evaluate("window.later.remove(); window.place.append(window.later);")
    expect(card).not_to_have_css("background-color", "rgb(255, 255, 255)")
