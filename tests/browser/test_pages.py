"""Reports in a real browser: what a person sees and does on a phone, on a laptop and on paper."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from waiting import until

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
        name = str(box.get_attribute("data-box")).replace("_", " ")
        expect(shown.locator(".detail h2")).to_have_text(name)
    assert shown.title().startswith("costs: <script>")
    assert shown.locator("script").count() == 3  # two of ours and the data
    assert shown.locator("img").count() == 0
    assert "<svg onload='document.title=2'> costs" in shown.locator(".lead").inner_text()


TEXTS = ("title", "description", "label", "dim", "source", "doc", "claim", "note", "scenario")
TEXTS += ("said", "why", "sentence")


@pytest.mark.parametrize("page", ["hostile.html", "index.html"])
@pytest.mark.parametrize("scripts", [True, False])
def test_no_text_of_a_model_is_taken_for_markup(opened: Open, page: str, scripts: bool) -> None:
    shown = opened(page, bypass_csp=True, java_script_enabled=scripts)
    shown.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
    if scripts:
        for box in shown.locator("[data-box]").all():
            box.dispatch_event("click")
            name = str(box.get_attribute("data-box")).replace("_", " ")
            expect(shown.locator(".detail h2")).to_have_text(name)
        for button in shown.locator(".copying button, .copy button").all():
            button.dispatch_event("click")
        shown.wait_for_timeout(200)
        assert shown.evaluate("window.xss") is None
    assert shown.locator("img, iframe, object").count() == 0
    assert shown.locator("script").count() == 3  # two of ours and the data
    links = shown.evaluate("[...document.links].map((link) => link.href)")
    assert all(re.match(r"file:|https://e\.org/|https://example\.org/", link) for link in links)
    if page == "hostile.html":
        text = shown.locator("body").text_content()
        for name in TEXTS:  # each stands there to be read, as it was written
            assert f"onerror=window.xss=1> {name} &lt;b&gt;" in text, name


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
    card.get_by_role("button", name="how it is computed").click()
    expect(shown.locator(".detail h2")).to_have_text("wide")
    expect(shown.locator(".box.selected")).to_have_attribute("data-box", "wide")


def test_the_graph_by_keyboard(opened: Open) -> None:
    shown = opened("costs.html")
    expect(shown.locator("[data-box][tabindex='0']")).to_have_count(1)  # arrows go on from there
    shown.locator("[data-box='total']").focus()
    shown.keyboard.press("Enter")
    expect(shown.locator(".detail h2")).to_have_text("total")
    shown.keyboard.press("ArrowLeft")
    selected = shown.locator(".box.selected")
    expect(selected).not_to_have_attribute("data-box", "total")
    next_box = selected.get_attribute("data-box")
    until(shown, lambda: shown.evaluate("document.activeElement.dataset.box") == next_box)
    frame = shown.locator(".canvas > svg")
    for key in ("+", "Shift+ArrowRight"):
        before = frame.get_attribute("style")
        shown.keyboard.press(key)
        expect(frame).not_to_have_attribute("style", before)
    shown.locator(".canvas").focus()  # it is reached by itself too
    shown.keyboard.press("0")
    until(shown, lambda: _cut_off(shown) == [])


CUT = """() => {
  const frame = document.querySelector(".canvas").getBoundingClientRect();
  return [...document.querySelectorAll("[data-box]")].filter((box) => {
    const own = box.getBoundingClientRect();
    return own.left < frame.left - 1 || own.right > frame.right + 1
      || own.top < frame.top - 1 || own.bottom > frame.bottom + 1;
  }).map((box) => box.dataset.box);
}"""


def _cut_off(shown: Any) -> list[str]:
    """The boxes that are not wholly in the window of the graph."""
    found: list[str] = shown.evaluate(CUT)
    return found


@pytest.mark.parametrize("width", [800, 1400])
def test_the_graph_fits_its_window(opened: Open, width: int) -> None:
    shown = opened("costs.html", width)
    until(shown, lambda: _cut_off(shown) == [])
    high = shown.locator(".canvas").bounding_box()["height"]
    assert 240 <= high <= 0.8 * 900


@pytest.mark.parametrize(("page", "wide"), [("many.html", True), ("costs.html", False)])
def test_a_graph_that_needs_the_whole_width_has_it(opened: Open, page: str, wide: bool) -> None:
    shown = opened(page, 1400)
    graph, panel = (shown.locator(each).bounding_box() for each in (".panel.graph", ".detail"))
    below = panel["y"] >= graph["y"] + graph["height"]
    assert below == wide
    assert shown.evaluate(SCROLL) == 0


def test_what_is_chosen_comes_into_sight(opened: Open) -> None:
    shown = opened("costs.html", 360)
    shown.locator(".card").nth(1).get_by_role("button", name="how it is computed").click()
    expect(shown.locator(".detail h2")).to_have_text("wide")
    expect(shown.locator(".detail h2")).to_be_in_viewport()
    shown.evaluate("scrollTo(0, 0)")
    shown.locator("[data-box='total']").dispatch_event("click")
    expect(shown.locator(".detail h2")).to_have_text("total")
    expect(shown.locator(".detail h2")).to_be_in_viewport()


def test_the_wheel_with_control_and_two_fingers_zoom(opened: Open) -> None:
    shown = opened("costs.html")
    frame, canvas = shown.locator(".canvas > svg"), shown.locator(".canvas")
    scale = "(svg) => new DOMMatrix(getComputedStyle(svg).transform).a"
    before = frame.evaluate(scale)
    turn = """(canvas, control) => canvas.dispatchEvent(
        new WheelEvent("wheel", {deltaY: -200, ctrlKey: control, bubbles: true}))"""
    canvas.evaluate(turn, False)  # the page scrolls
    assert frame.evaluate(scale) == before
    canvas.evaluate(turn, True)
    until(shown, lambda: frame.evaluate(scale) > before)
    larger = frame.evaluate(scale)
    canvas.evaluate("""(canvas) => {
        const box = canvas.getBoundingClientRect();
        const touch = (kind, id, x) => canvas.dispatchEvent(new PointerEvent(kind, {
            pointerId: id, pointerType: "touch", buttons: 1, bubbles: true,
            clientX: box.left + x, clientY: box.top + 60}));
        touch("pointerdown", 1, 100); touch("pointerdown", 2, 200); touch("pointermove", 2, 150);
    }""")
    until(shown, lambda: frame.evaluate(scale) == pytest.approx(larger / 2, rel=1e-3))


def test_inputs_without_a_source_and_claims_are_told_apart(opened: Open) -> None:
    shown = opened("uses.html")

    def told(name: str) -> str:
        return str(shown.locator(f"[data-box='{name}'] title").text_content())

    assert "without a source of its own" in told("extra")
    assert shown.locator("[data-box='extra'] .mark").text_content() == "?"
    assert "without a source" not in told("known")
    assert "no source of its own" in shown.locator(".legend").inner_text()
    shown = opened("costs.html")
    assert told("total").endswith("a published figure does not come out as expected")
    assert shown.locator("[data-box='other'] .mark").text_content() in "✓○✗"


def test_a_file_is_one_box(opened: Open) -> None:
    shown = opened("uses.html")
    boxes = shown.locator("[data-box]")
    names = {box.get_attribute("data-box") for box in boxes.all()}
    assert "file costs" not in names
    shown.get_by_role("group", name="Files as one box").get_by_role("button").click()
    one = shown.locator("[data-box='file costs']")
    expect(one).to_have_count(1)
    assert boxes.count() < len(names)
    one.dispatch_event("click")
    expect(one).to_have_count(0)
    assert {box.get_attribute("data-box") for box in boxes.all()} == names


def test_parts_are_folded_on_a_phone_and_links_unfold_them(opened: Open) -> None:
    shown = opened("costs.html", 360)
    expect(shown.locator("#results table").first).to_be_hidden()
    shown.locator("nav a[href='#results']").click()
    expect(shown.locator("#results table").first).to_be_visible()
    wide = opened("costs.html", 1400)
    expect(wide.locator("#results table").first).to_be_visible()
    expect(wide.locator("#inputs table").first).to_be_hidden()
    wide.locator("#inputs summary").click()
    expect(wide.locator("#inputs table").first).to_be_visible()
    phone = opened("costs.html", 360, java_script_enabled=False)
    expect(phone.locator("#results table").first).to_be_visible()


def test_the_index_has_a_card_for_each_model_in_the_order_of_priorities(opened: Open) -> None:
    shown = opened("index.html")
    links = [link.get_attribute("href") for link in shown.locator(".card .foot a").all()]
    assert links == ["uses.html", "costs.html", "hostile.html", "many.html"]


def test_nothing_moves_where_less_motion_is_wanted(opened: Open) -> None:
    shown = opened("costs.html", reduced_motion="reduce")
    moving = """() => [...document.querySelectorAll("*")].filter((element) => {
        const style = getComputedStyle(element);
        return style.animationName !== "none" || parseFloat(style.transitionDuration) > 0;
    }).length"""
    assert shown.evaluate(moving) == 0


def test_search_leads_to_a_box(opened: Open) -> None:
    shown = opened("costs.html")
    shown.get_by_placeholder("search").fill("careful author")
    shown.get_by_placeholder("search").press("Enter")
    expect(shown.locator(".detail h2")).to_have_text("wide")


def test_the_quantile_under_the_pointer(opened: Open) -> None:
    shown = opened("costs.html")
    picture = shown.locator(".detail svg.distribution")
    size = picture.bounding_box()
    picture.hover(position={"x": size["width"] / 2, "y": size["height"] / 2})
    expect(picture).to_contain_text(re.compile(r": \d+(\.\d)?% below"))


def test_five_hundred_boxes(opened: Open) -> None:
    shown = opened("many.html")
    expect(shown.locator("[data-box]")).to_have_count(500)
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


# A sheet is laid out at once, without the events of a window that was made narrower.
ON_PAPER = """async () => {
  dispatchEvent(new Event("beforeprint"));
  await null;
  document.body.style.width = "640px";
  const right = document.body.getBoundingClientRect().right;
  const seen = [...document.querySelectorAll(".app *")].filter((each) => each.checkVisibility());
  const wide = seen.filter((each) => each.getBoundingClientRect().right > right + 1);
  const forms = seen.filter((each) => each.matches(".card .distribution, .detail .distribution"));
  return {
    cut: wide.map((each) => each.outerHTML.slice(0, 80)),
    scales: forms.map((each) => each.getBoundingClientRect().width / each.viewBox.baseVal.width),
    high: forms.map((each) => each.getBoundingClientRect().height),
  };
}"""


@pytest.mark.parametrize("page", ["costs.html", "uses.html"])
def test_nothing_is_cut_off_on_paper(opened: Open, page: str) -> None:
    shown = opened(page, 1400)
    shown.emulate_media(media="print")
    found = shown.evaluate(ON_PAPER)
    assert found["cut"] == []
    assert len(found["scales"]) > 1
    # Letters of 10 pixels stay readable, and no form takes the place of a page.
    assert all(0.6 <= scale <= 1.5 for scale in found["scales"])
    assert all(height <= 250 for height in found["high"])
    expect(shown.locator(".folds")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_paper_is_white_and_names_stand_on_it(opened: Open, scheme: str) -> None:
    shown = opened("uses.html", color_scheme=scheme)
    shown.emulate_media(media="print", color_scheme=scheme)
    fills = shown.locator(".box > rect").evaluate_all(
        "all => all.map((e) => getComputedStyle(e).fill)"
    )
    inks = shown.locator(".box .name.from-near").evaluate_all(
        "all => all.map((e) => getComputedStyle(e).fill)"
    )
    assert len(fills) > 3
    assert all(_contrast(ink, fill) >= 7.0 for ink, fill in zip(inks, fills, strict=True))
    for text in ("statistic", "Made from", "more"):
        expect(shown.locator(".detail").get_by_text(text, exact=False).first).to_be_visible()
    expect(shown.locator(".detail .names button").first).to_be_visible()
    expect(shown.get_by_role("button", name="fit")).to_be_hidden()


def test_numbers_are_copied_without_hidden_letters(opened: Open) -> None:
    page = opened("costs.html")
    for text in page.locator(".card .big").all_text_contents():
        assert "\u200b" not in text
