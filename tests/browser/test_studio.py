"""The studio in a real browser: values are typed and dragged, pictures follow, files are saved.

Chromium through Playwright; without a browser these tests are skipped.
"""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

AXE = Path(__file__).parents[2] / "guessmodel/page/node_modules/axe-core/axe.min.js"
MODEL = '''"""What does the <b>office</b> move cost?

A small plan.
"""

import guessmodel as gm

people = gm.constant(40, "person")
"""Who moves."""
price = gm.lognormal(
    90,  # the lower of two offers
    160,
    "USD/person",
    source="<img src=x onerror='document.title=1'>",
)
"""What a mover asks for each desk."""
days = gm.pert(2, 9, "day", mode=3)
rent = gm.lognormal({"old": (200, 300), "new": (300, 450)}, unit="USD/day", dim="site")
cost = (people * price).to("USD") + (days * rent.sum("site")).to("USD")
"""The whole move."""
gm.claim(cost, mean="7200 USD", rtol=0.15)
'''

# A lognormal from a to b has the mean sqrt(a b) exp(s²/2), s = ln(b / a) / 3.28971. So a desk costs
# 121.85 USD, and 243.70 where it is 180 to 320; the rent of both sites 617.05 USD a day, for
# (2 + 4 * 3 + 9) / 6 days: 2,365 USD. 40 desks make 7,239 or 12,113 USD, 41 desks 7,361 USD, and
# 80 desks 12,113 or 21,861 USD.


class Server:
    """`guessmodel studio` in a process of its own."""

    def __init__(self, folder: Path, port: int | None = None, *more: str) -> None:
        words = [sys.executable, "-m", "guessmodel", "studio", str(folder), "--no-browser", *more]
        words += [] if port is None else ["--port", str(port)]
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        found = re.search(
            r"http://127\.0\.0\.1:(\d+)/\?token=[\w-]+", self.process.stdout.readline()
        )
        assert found is not None
        self.address, self.port = found[0], int(found[1])

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


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


def typed(page: Page, name: str, text: str) -> None:
    page.locator(f'[data-box="{name}"]').click()
    page.locator(f'input[name="{name}"]').fill(text)
    page.keyboard.press("Enter")


def pictures(page: Page) -> list[str | None]:
    """The curves of the card, of the input's panel and of the boxes."""
    places = (".card", ".detail", '[data-box="price"]', '[data-box="cost"]')
    return [page.locator(f"{each} path.tail").first.get_attribute("d") for each in places]


def test_a_typed_value_moves_all_pictures(page: Page) -> None:
    page.locator('[data-box="price"]').click()
    before = pictures(page)
    typed(page, "price", "180 to 320")
    expect(page.locator(".card .big")).to_have_text("12.1K USD")
    assert all(old != new for old, new in zip(before, pictures(page), strict=True))
    expect(page.locator(".card path.ghost")).to_have_count(1)  # what the file says
    expect(page.locator(".detail path.ghost")).to_have_count(1)
    expect(page.locator(".state")).to_have_text("1 edit, not in the file")
    assert "?" not in page.url  # no token in the address
    assert page.title() == "guessmodel studio"  # texts of the model do not run


def test_undo_and_redo(page: Page) -> None:
    typed(page, "price", "180 to 320")
    typed(page, "people", "80")
    big = page.locator(".card .big")
    expect(big).to_have_text("21.9K USD")
    page.get_by_role("button", name="undo").click()
    expect(big).to_have_text("12.1K USD")
    page.locator("body").press("Control+z")
    expect(big).to_have_text("7.24K USD")
    expect(page.locator(".state")).to_have_text("as in the file")
    page.get_by_role("button", name="redo").click()
    expect(big).to_have_text("12.1K USD")


def test_an_interval_is_dragged(page: Page) -> None:
    page.locator('[data-box="price"]').click()
    handle = page.get_by_role("slider", name="95th percentile")
    handle.scroll_into_view_if_needed()
    box = handle.locator("circle").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    before = pictures(page)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 30, y, steps=6)
    # A preview comes while the button is down.
    expect(page.locator(".card path.tail").first).not_to_have_attribute("d", before[0] or "")
    expect(page.locator(".card path.ghost")).to_have_count(1)
    expect(page.locator(".edits")).to_have_count(0)
    page.mouse.up()
    expect(page.locator(".edits li")).to_have_count(1)
    text = page.locator('input[name="price"]').input_value()
    low, high = (float(each) for each in text.split(" USD")[0].split(" to "))
    assert low == 90 and high > 165
    page.get_by_role("button", name="undo").click()
    expect(page.locator(".card .big")).to_have_text("7.24K USD")


def test_the_curve_itself_is_dragged(page: Page) -> None:
    page.locator('[data-box="price"]').click()
    curve = page.locator(".detail svg.distribution").first
    curve.scroll_into_view_if_needed()
    box = curve.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    before = pictures(page)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, y, steps=6)
    expect(page.locator(".card path.tail").first).not_to_have_attribute("d", before[0] or "")
    page.mouse.up()
    expect(page.locator(".edits li")).to_have_count(1)
    text = page.locator('input[name="price"]').input_value()
    low, high = (float(each) for each in text.split(" USD")[0].split(" to "))
    assert low > 92 and high > 162  # both ends went along
    page.get_by_role("button", name="undo").click()
    expect(page.locator(".card .big")).to_have_text("7.24K USD")


def test_a_slider_moves_a_constant_and_shows_the_answer_along_it(page: Page) -> None:
    page.locator('[data-box="people"]').click()
    page.get_by_text("Slide it").click()
    along = page.locator(".sweep path.line")
    expect(along).to_have_count(1)
    # The mean at 20 and at 80 people: 121.85 people + 2365.
    picture = page.locator(".sweep svg[role=img]")
    expect(picture).to_have_attribute(
        "aria-label", re.compile(r"mean from 4,?8\d\d to 12\.1K, at the slider 7,?\d\d\d")
    )
    slider = page.locator(".sweep input[type=range]")
    slider.focus()
    slider.press("End")
    expect(page.locator(".card .big")).to_have_text("12.1K USD")
    expect(page.locator('input[name="people"]')).to_have_value("80 person")


def test_variants_stand_side_by_side(page: Page, file: Path) -> None:
    file.write_text(MODEL + 'gm.scenario("crowd", {people: 80})\n')
    table = page.locator(".beside")
    expect(table.locator("thead th")).to_have_text(["answer", "file", "crowd"])
    expect(table.locator("tbody b")).to_have_text(["7.24K USD", "12.1K USD"])
    typed(page, "price", "180 to 320")
    expect(table.locator("tbody b")).to_have_text(["7.24K USD", "12.1K USD", "12.1K USD"])
    page.get_by_role("button", name="keep beside").click()
    page.get_by_role("button", name="as in the file").click()
    expect(page.locator(".card .big")).to_have_text("7.24K USD")
    expect(table.locator("thead th")).to_have_count(4)  # A is kept
    page.get_by_role("button", name="use", exact=True).click()
    expect(page.locator(".card .big")).to_have_text("12.1K USD")
    page.get_by_role("button", name="drop A", exact=True).click()
    expect(table.locator("thead th")).to_have_text(["answer", "file", "crowd", "now"])


def test_a_calculator_has_some_quantities_and_nothing_else(
    browser: Browser, tmp_path: Path
) -> None:
    (tmp_path / "plan.py").write_text(MODEL)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path))
        server = Server(tmp_path / "plan.py", None, "--calculator", "price,people,cost")
    page = browser.new_page()
    heard: list[str] = []
    page.on(
        "websocket",
        lambda socket: socket.on("framereceived", lambda frame: heard.append(str(frame))),
    )
    try:
        page.goto(server.address)
        expect(page.locator(".card .big")).to_have_text("7.24K USD", timeout=20_000)
        page.locator('input[name="people"]').fill("80")
        page.keyboard.press("Enter")
        expect(page.locator(".card .big")).to_have_text("12.1K USD")
        expect(page.locator(".graph")).to_have_count(0)
        expect(page.get_by_role("button", name="save …")).to_have_count(0)
        for secret in ("rent", "days", "sites", "lower of two offers", "lognormal", "7200"):
            assert not any(secret in each for each in heard), secret
    finally:
        page.close()
        server.end()


def test_keys_move_a_handle(page: Page) -> None:
    page.locator('[data-box="price"]').click()
    handle = page.get_by_role("slider", name="5th percentile", exact=True)
    handle.focus()
    handle.press("ArrowRight")
    expect(page.locator(".edits li")).to_have_count(1)


def test_what_cannot_be_read_is_said_at_its_field(page: Page) -> None:
    typed(page, "price", "5 to 8 kg")
    expect(page.locator(".editor .note")).to_contain_text("kg")
    expect(page.locator('input[name="price"]')).to_have_attribute("aria-invalid", "true")
    typed(page, "people", "80")
    expect(page.locator(".card .big")).not_to_have_text("7.24K USD")  # the other edit is done


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
    file.write_text(MODEL.replace("people * price", "people + price"))
    broken = page.locator(".broken")
    line = 1 + next(i for i, t in enumerate(MODEL.splitlines()) if t.startswith("cost ="))
    expect(broken).to_contain_text(f"plan.py:{line}: ")
    expect(broken.locator("pre")).to_contain_text("cost = (people + price)")
    expect(page.locator(".card .big")).to_have_text("12.1K USD")  # and edits go on
    page.get_by_role("button", name="undo").click()
    expect(page.locator(".card .big")).to_have_text("7.24K USD")
    file.write_text(MODEL.replace("40,", "41,"))
    expect(broken).to_have_count(0)
    expect(page.locator(".card .big")).to_have_text("7.36K USD")


def test_a_conflict_shows_both(page: Page, file: Path) -> None:
    typed(page, "price", "95 to 160")
    page.get_by_role("button", name="save …").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="write")).to_be_visible()
    theirs = MODEL.replace("40,", "(41,")
    file.write_text(theirs)
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
    file.write_text(MODEL.replace("40,", "80,"))
    expect(two.locator(".card .big")).to_have_text("12.1K USD")
    expect(one.locator(".card .big")).to_have_text("21.9K USD")  # its edit on top


def test_a_model_that_never_ends_freezes_nothing(page: Page, file: Path) -> None:
    file.write_text(MODEL + "while True:\n    pass\n")
    typed(page, "price", "180 to 320")
    expect(page.locator(".card .big")).to_have_text("12.1K USD")
    file.write_text(MODEL.replace("40,", "80,"))
    expect(page.locator(".card .big")).to_have_text("21.9K USD")


def test_a_server_that_comes_back(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "plan.py").write_text(MODEL)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path))
        server = Server(tmp_path)
        page = browser.new_page()
        page.goto(server.address)
        typed(page, "price", "180 to 320")
        expect(page.locator(".card .big")).to_have_text("12.1K USD")
        server.end()
        expect(page.locator(".state")).to_contain_text("no connection")
        again = Server(tmp_path, server.port)
        try:
            expect(page.locator(".state")).to_have_text("1 edit, not in the file", timeout=20_000)
            typed(page, "people", "80")
            expect(page.locator(".card .big")).to_have_text("21.9K USD")
        finally:
            page.close()
            again.end()


def test_a_phone(browser: Browser, server: Server, file: Path) -> None:
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    page.goto(server.address)
    expect(page.locator(".card .big")).to_have_text("7.24K USD", timeout=20_000)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.locator('[data-box="price"]').tap()
    page.locator('input[name="price"]').fill("180 to 320")
    page.keyboard.press("Enter")
    expect(page.locator(".card .big")).to_have_text("12.1K USD")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    context.close()


EVIL = "<img src=x onerror='document.title=1'><script>document.title=2</script>"


def test_no_text_of_a_model_or_of_an_edit_becomes_markup(page: Page, file: Path) -> None:
    file.write_text(
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
'''
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
    file.write_text(f'import guessmodel as gm\nx = gm.lognormal("{EVIL}", 3)\n')
    expect(page.locator(".broken pre")).to_contain_text("onerror")
    assert page.locator("img, iframe, body script:not([src='/page.js'])").count() == 0
    assert page.locator("[href^='javascript']").count() == 0
    assert page.title() == "guessmodel studio"


def test_a_label_is_dragged(page: Page) -> None:
    page.locator('[data-box="rent"]').click()
    page.get_by_role("button", name="new", exact=True).click()
    handle = page.get_by_role("slider", name="95th percentile")
    handle.focus()
    handle.press("ArrowRight")
    expect(page.locator(".edits li")).to_have_text(re.compile(r"rent\[new\] = 300 to 4\d\d"))
    expect(page.locator('input[name="rent[old]"]')).to_have_value("200 to 300 USD/day")


def test_bounds_are_dragged_and_the_mode_stays(page: Page) -> None:
    page.locator('[data-box="days"]').click()
    handle = page.get_by_role("slider", name="greatest value")
    for _ in range(2):  # also from what was typed by the first
        handle.focus()
        handle.press("ArrowRight")
        expect(page.locator(".edits li")).to_have_text(re.compile(r"days = pert\(2, 3, 9\.\d+\)"))
    expect(handle).to_have_attribute("aria-valuenow", re.compile(r"9\.[1-9]"))
    page.locator('[data-box="days"]').click()
    page.locator('input[name="days"]').fill("normal(3 to 8)")
    page.keyboard.press("Enter")
    expect(page.get_by_role("slider", name="greatest value")).to_have_count(0)


def test_five_hundred_boxes(opened: Callable[..., Page], home: Path) -> None:
    many = ["import guessmodel as gm"]
    many += [f"x{i} = gm.lognormal({i + 1}, {i + 9})" for i in range(20)]
    many += [f"x{i} = x{i - 20} + x{max(i - 33, 0)}" for i in range(20, 500)]
    (home / "z_many.py").write_text("\n".join(many))
    page = opened()
    try:
        page.get_by_label("Model").select_option("z_many.py")
        expect(page.locator("[data-box]")).to_have_count(500)
        page.locator('[data-box="x3"]').focus()
        page.keyboard.press("Enter")
        before = page.locator('[data-box="x23"] .value').first.text_content()
        handle = page.get_by_role("slider", name="95th percentile")
        handle.scroll_into_view_if_needed()
        box = handle.locator("circle").bounding_box()
        assert box is not None
        page.mouse.move(box["x"] + 8, box["y"] + 8)
        page.mouse.down()
        page.mouse.move(box["x"] + 60, box["y"] + 8, steps=5)
        expect(page.locator('[data-box="x23"] .value').first).not_to_have_text(before or "")
        page.mouse.up()
        expect(page.locator(".edits li")).to_have_count(1)
    finally:
        (home / "z_many.py").unlink()


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
    file.write_text(MODEL + 'gm.scenario("crowd", {people: 80})\n')
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    )
    page = context.new_page()
    page.goto(server.address)
    expect(page.locator(".card .big")).to_have_text("7.24K USD", timeout=20_000)
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
            file.write_text(MODEL.replace("people * price", "people + price"))
            expect(page.locator(".broken")).to_have_count(1)
        found = page.evaluate("axe.run()")["violations"]
        told = [(e["id"], e["nodes"][0]["html"][:150], len(e["nodes"])) for e in found]
        assert told == [], state
        assert page.evaluate("document.documentElement.scrollWidth") <= width, state
    context.close()
