"""Reports in a real browser: what a person sees and does on a phone, on a laptop and on paper."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

AXE = Path(__file__).parents[2] / "guessmodel/page/node_modules/axe-core/axe.min.js"
WIDE = """() => [...document.querySelectorAll("body *")].filter((element) => {
  if (element.closest(".scroll, pre, thead, svg, .skip, .statistics, .hidden")) return false;
  return element.getBoundingClientRect().right > document.documentElement.clientWidth + 1;
}).map((element) => element.outerHTML.slice(0, 80))"""
SCROLL = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
STYLE = "(key) => getComputedStyle(document.body)[key]"

Open = Callable[..., Any]


@pytest.mark.parametrize("page", ["costs.html", "index.html"])
@pytest.mark.parametrize("width", [360, 800, 1400])
def test_nothing_is_wider_than_the_window(opened: Open, page: str, width: int) -> None:
    shown = opened(page, width)
    assert (shown.evaluate(SCROLL), shown.evaluate(WIDE)) == (0, [])


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("page", "width"), [("costs.html", 1400), ("costs.html", 360), ("index.html", 800)]
)
def test_axe_finds_nothing(opened: Open, page: str, width: int, scheme: str) -> None:
    if not AXE.is_file():
        pytest.skip("NO AXE: run npm ci in guessmodel/page")
    shown = opened(page, width, color_scheme=scheme, bypass_csp=True)
    shown.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    shown.add_script_tag(path=AXE)
    found = shown.evaluate("axe.run()")["violations"]
    assert [
        (each["id"], each["nodes"][0]["html"][:120], len(each["nodes"])) for each in found
    ] == []


def test_texts_of_a_model_do_not_run(opened: Open) -> None:
    shown = opened("costs.html", bypass_csp=True)  # without the policy that would stop them
    for box in shown.locator("[data-box]").all():
        box.dispatch_event("click")
    assert shown.title().startswith("costs: <script>")
    assert shown.locator("script").count() == 3  # two of ours and the data
    assert shown.locator("img").count() == 0
    assert "<svg onload='document.title=2'> costs" in shown.locator(".lead").inner_text()


def test_without_a_script_there_are_answer_results_claims_and_pictures(opened: Open) -> None:
    shown = opened("costs.html", java_script_enabled=False)
    assert shown.locator("h1").inner_text().endswith("What it costs")
    assert re.search(r"costs [0-9.]+.* USD/day \(", shown.locator(".lead").inner_text())
    for key in ("results", "claims", "pictures", "graph"):
        assert shown.locator(f"#{key}").is_visible(), key
    assert shown.locator("#pictures svg").count() > 2


def test_cards_say_the_number_and_lead_to_the_graph(opened: Open) -> None:
    shown = opened("costs.html")
    card = shown.locator(".card").nth(1)
    assert card.locator("h2").inner_text().startswith("A description of more")
    assert "90% between" in card.locator(".sub").inner_text()
    assert "90% between" in card.locator("svg.distribution").get_attribute("aria-label")
    card.get_by_role("button", name="how it comes about").click()
    assert shown.locator(".detail h2").inner_text() == "wide"
    assert shown.locator(".box.selected").get_attribute("data-box") == "wide"


def test_the_graph_by_keyboard(opened: Open) -> None:
    shown = opened("costs.html")
    assert shown.locator("[data-box][tabindex='0']").count() == 1  # one stop, and arrows from there
    shown.locator("[data-box='total']").focus()
    shown.keyboard.press("Enter")
    assert shown.locator(".detail h2").inner_text() == "total"
    shown.keyboard.press("ArrowLeft")
    assert shown.locator(".box.selected").get_attribute("data-box") != "total"
    assert shown.evaluate("document.activeElement.dataset.box") == (
        shown.locator(".box.selected").get_attribute("data-box")
    )
    frame = shown.locator(".canvas > g")
    before = frame.get_attribute("transform")
    shown.keyboard.press("+")
    zoomed = frame.get_attribute("transform")
    shown.keyboard.press("Shift+ArrowRight")
    assert len({before, zoomed, frame.get_attribute("transform")}) == 3


def test_search_leads_to_a_box(opened: Open) -> None:
    shown = opened("costs.html")
    shown.get_by_placeholder("search").fill("careful author")
    shown.get_by_placeholder("search").press("Enter")
    assert shown.locator(".detail h2").inner_text() == "wide"


def test_the_quantile_under_the_pointer(opened: Open) -> None:
    shown = opened("costs.html")
    picture = shown.locator(".detail svg.distribution")
    size = picture.bounding_box()
    picture.hover(position={"x": size["width"] / 2, "y": size["height"] / 2})
    assert re.search(r": \d+(\.\d)?% below", picture.text_content())


def test_five_hundred_boxes(opened: Open) -> None:
    shown = opened("many.html")
    assert shown.locator("[data-box]").count() == 500
    # Of what can be read at the zoom that a page begins with.
    size = shown.evaluate(
        "document.querySelector('.box .value.from-far').getBoundingClientRect().height"
    )
    assert size >= 9


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_light_and_dark(opened: Open, scheme: str) -> None:
    shown = opened("costs.html", 800, color_scheme=scheme)
    ink, paper = (shown.evaluate(STYLE, key) for key in ("color", "backgroundColor"))
    assert _contrast(ink, paper) >= 7.0  # WCAG 2.1, AAA
    assert (_luminance(ink) < _luminance(paper)) == (scheme == "light")


def _luminance(colour: str) -> float:
    """Relative luminance by WCAG 2.1."""
    parts = [int(x) / 255 for x in re.findall(r"\d+", colour)[:3]]
    linear = [x / 12.92 if x <= 0.03928 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
    return sum(w * x for w, x in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _contrast(one: str, other: str) -> float:
    low, high = sorted(map(_luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def test_a_page_prints(opened: Open) -> None:
    text = opened("costs.html").pdf()
    assert text.startswith(b"%PDF") and len(re.findall(rb"/Type\s*/Page\b", text)) >= 2
