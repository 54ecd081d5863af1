"""Files are loaded, saved and exported; what is wrong with them is said; who may see what."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from live_studio import MODEL, Server, served, typed
from playwright.sync_api import Browser, Page, expect

from guessmodel.files import replace_file

AXE = Path(__file__).parents[3] / "guessmodel/page/node_modules/axe-core/axe.min.js"
EVIL = "<img src=x onerror='document.title=1'><script>document.title=2</script>"


def test_a_calculator_has_some_quantities_and_nothing_else(browser: Browser, file: Path) -> None:
    page = browser.new_page()
    heard: list[str] = []
    page.on(
        "websocket",
        lambda socket: socket.on("framereceived", lambda frame: heard.append(str(frame))),
    )
    with served(file, "--calculator", "price,people,cost") as server:
        page.goto(server.address)
        expect(page.locator(".card .big")).to_have_text("7.24K USD")
        page.locator('input[name="people"]').fill("80")
        page.keyboard.press("Enter")
        expect(page.locator(".card .big")).to_have_text("12.1K USD")
        expect(page.locator(".graph")).to_have_count(0)
        expect(page.get_by_role("button", name="save …")).to_have_count(0)
        for secret in ("rent", "days", "sites", "lower of two offers", "lognormal", "7200"):
            assert not any(secret in each for each in heard), secret
        page.close()


def test_saving_shows_the_change_first(page: Page, file: Path) -> None:
    typed(page, "price", "95 to 160")
    page.get_by_role("button", name="save …").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("ins")).to_contain_text("95,  # the lower of two offers")
    assert file.read_text() == MODEL
    dialog.get_by_role("button", name="write").click()
    expect(dialog).to_have_count(0)
    expect(page.locator(".state")).to_have_text("as in the file")
    assert file.read_text() == MODEL.replace("90,", "95,")


def test_an_error_is_shown_at_its_line_with_the_last_good_state(page: Page, file: Path) -> None:
    typed(page, "people", "80")
    replace_file(file, MODEL.replace("people * price", "people + price"))
    broken = page.locator(".broken")
    line = 1 + next(i for i, t in enumerate(MODEL.splitlines()) if t.startswith("cost ="))
    expect(broken).to_contain_text(f"plan.py:{line}: ")
    expect(broken.locator("pre")).to_contain_text("cost = (people + price)")
    expect(page.locator(".card .big")).to_have_text("12.1K USD")  # and edits go on
    page.get_by_role("button", name="undo").click()
    expect(page.locator(".card .big")).to_have_text("7.24K USD")
    replace_file(file, MODEL.replace("40,", "41,"))
    expect(broken).to_have_count(0)
    expect(page.locator(".card .big")).to_have_text("7.36K USD")


def test_a_conflict_shows_both(page: Page, file: Path) -> None:
    typed(page, "price", "95 to 160")
    page.get_by_role("button", name="save …").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="write")).to_be_visible()
    theirs = MODEL.replace("40,", "(41,")
    replace_file(file, theirs)
    expect(page.locator(".broken")).to_have_count(1)
    dialog.get_by_role("button", name="write").click()
    expect(dialog.locator("pre")).to_have_count(2)
    expect(dialog).to_contain_text("(41,")
    assert file.read_text() == theirs


def test_two_tabs_are_independent_and_both_load_anew(
    opened: Callable[..., Page], file: Path
) -> None:
    one, two = opened(), opened()
    typed(one, "price", "180 to 320")
    expect(one.locator(".card .big")).to_have_text("12.1K USD")
    expect(two.locator(".card .big")).to_have_text("7.24K USD")
    replace_file(file, MODEL.replace("40,", "80,"))
    expect(two.locator(".card .big")).to_have_text("12.1K USD")
    expect(one.locator(".card .big")).to_have_text("21.9K USD")  # its edit on top


def test_a_model_that_never_ends_freezes_nothing(page: Page, file: Path) -> None:
    replace_file(file, MODEL + "while True:\n    pass\n")
    typed(page, "price", "180 to 320")
    expect(page.locator(".card .big")).to_have_text("12.1K USD")
    replace_file(file, MODEL.replace("40,", "80,"))
    expect(page.locator(".card .big")).to_have_text("21.9K USD")


def test_a_server_that_comes_back(browser: Browser, file: Path) -> None:
    page = browser.new_page()
    with served(file.parent) as server:
        page.goto(server.address)
        typed(page, "price", "180 to 320")
        expect(page.locator(".card .big")).to_have_text("12.1K USD")
    expect(page.locator(".state")).to_contain_text("no connection")
    with served(file.parent, port=server.port):
        expect(page.locator(".state")).to_have_text("1 edit, not in the file")
        typed(page, "people", "80")
        expect(page.locator(".card .big")).to_have_text("21.9K USD")
        page.close()


def test_no_text_of_a_model_or_of_an_edit_becomes_markup(page: Page, file: Path) -> None:
    replace_file(
        file,
        f'''"""{EVIL} What it costs.

{EVIL}"""
import guessmodel as gm

price = gm.lognormal({{"{EVIL}": (2, 4), "b": (3, 5)}}, unit="USD", dim="case", source="{EVIL}")
"""{EVIL}"""
days = gm.pert(2, 9, mode=3, source="javascript:document.title=3")
cost = price.sum("case") * days
"""{EVIL}"""
gm.claim(cost, mean="30 USD", rtol=0.15, source="{EVIL}", note="{EVIL}", expected="falls short")
gm.headline(cost, sentence="{EVIL} {{mean}}")
gm.scenario("three", {{days: 3}}, doc="{EVIL}")
''',
    )
    expect(page.locator("h1")).to_contain_text("onerror")
    for name in ("price", "days", "cost"):
        page.locator(f'[data-box="{name}"]').click()
        expect(page.locator(".detail h2")).to_have_text(name)
    expect(page.locator(".beside thead")).to_contain_text("three")
    for text in (EVIL, f"5 to 8 {EVIL}"):
        typed(page, "days", text)
        expect(page.locator(".editor .note")).to_contain_text("<img")
    page.get_by_role("button", name="save …").click()
    expect(page.get_by_role("dialog")).to_contain_text("Not written")
    page.get_by_role("button", name="cancel").click()
    replace_file(file, f'import guessmodel as gm\nx = gm.lognormal("{EVIL}", 3)\n')
    expect(page.locator(".broken pre")).to_contain_text("onerror")
    assert page.locator("img, iframe, body script:not([src='/page.js'])").count() == 0
    assert page.locator("[href^='javascript']").count() == 0
    assert page.title() == "guessmodel studio"


def test_five_hundred_boxes(page: Page) -> None:
    page.get_by_label("Model").select_option("z_many.py")
    expect(page.locator("[data-box]")).to_have_count(500)
    expect(page.locator(".card .drive").first).to_be_visible()  # all has come
    page.locator('[data-box="x3"]').focus()
    page.keyboard.press("Enter")
    moved = page.locator('[data-box="x23"] .value').first
    before = moved.text_content()
    handle = page.get_by_role("slider", name="95th percentile")
    handle.scroll_into_view_if_needed()
    box = handle.locator("circle").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 8, box["y"] + 8)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 8, steps=5)
    expect(moved).not_to_have_text(before or "")
    page.mouse.up()
    expect(page.locator(".edits li")).to_have_count(1)


def test_the_exported_page_needs_no_server(page: Page, tmp_path: Path, browser: Browser) -> None:
    typed(page, "price", "180 to 320")
    expect(page.locator(".card .big")).to_have_text("12.1K USD")
    with page.expect_download() as download:
        page.get_by_role("button", name="export page").click()
    download.value.save_as(tmp_path / download.value.suggested_filename)
    shared = browser.new_page()
    try:
        shared.goto((tmp_path / "plan.html").as_uri())
        expect(shared.locator(".card .big").first).to_contain_text("12.1K USD")
        expect(shared.locator("body")).to_contain_text("Changed from the file: price = 180 to 320.")
        expect(shared.locator("input[name]")).to_have_count(0)
    finally:
        shared.close()


@pytest.mark.parametrize(
    ("width", "scheme"), [(1400, "light"), (1400, "dark"), (360, "light"), (360, "dark")]
)
def test_axe_finds_nothing(
    browser: Browser, server: Server, file: Path, width: int, scheme: Any
) -> None:
    if not AXE.is_file():
        pytest.skip("NO AXE: run npm ci in guessmodel/page")
    replace_file(file, MODEL + 'gm.scenario("crowd", {people: 80})\n')
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    )
    page = context.new_page()
    page.goto(server.address)
    expect(page.locator(".card .big")).to_have_text("7.24K USD")
    page.add_script_tag(path=AXE)
    page.locator('[data-box="price"]').click()
    page.get_by_text("If it were known exactly").click()
    expect(page.locator(".sweep path.line")).to_have_count(1)
    typed(page, "price", "180 to 320")
    expect(page.locator(".beside thead th")).to_have_count(4)
    states = ["edited", "dialog", "broken"]
    for state in states:
        if state == "dialog":
            page.get_by_role("button", name="save …").click()
            expect(page.get_by_role("dialog")).to_be_visible()
        if state == "broken":
            page.get_by_role("button", name="cancel").click()
            replace_file(file, MODEL.replace("people * price", "people + price"))
            expect(page.locator(".broken")).to_have_count(1)
        found = page.evaluate("axe.run()")["violations"]
        told = [(e["id"], e["nodes"][0]["html"][:150], len(e["nodes"])) for e in found]
        assert told == [], state
        assert page.evaluate("document.documentElement.scrollWidth") <= width, state
    context.close()
