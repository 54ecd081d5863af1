"""Values are typed and dragged, and pictures follow."""

import re
from pathlib import Path

from live_studio import MODEL, Server, typed
from playwright.sync_api import Browser, Page, expect

from guessmodel.files import replace_file


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


def test_a_median_is_read_as_before_in_each_step_of_an_edit(page: Page, file: Path) -> None:
    # A lognormal from a to b has the median √(a b): 120 and 240 USD, for 40 people.
    movers = 'movers = (people * price).to("USD")\ngm.headline(movers, statistics=("median",))\n'
    replace_file(file, MODEL + movers + 'gm.scenario("crowd", {people: 80})\n')
    big = page.locator(".card .big")
    expect(big).to_have_text("4800 USD")
    expect(page.locator(".beside tbody b")).to_have_text(["4800 USD", "9600 USD"])
    page.locator('[data-box="price"]').click()
    handle = page.get_by_role("slider", name="95th percentile")
    handle.scroll_into_view_if_needed()
    box = handle.locator("circle").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 30, y, steps=6)
    expect(page.locator(".card path.ghost")).to_have_count(1)
    expect(big).to_have_text(re.compile(r"^[45]\d\d\d USD$"))
    page.mouse.up()
    typed(page, "price", "180 to 320")
    expect(big).to_have_text("9600 USD")


def test_variants_stand_side_by_side(page: Page, file: Path) -> None:
    replace_file(file, MODEL + 'gm.scenario("crowd", {people: 80})\n')
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


def test_a_phone(browser: Browser, server: Server) -> None:
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    page.goto(server.address)
    expect(page.locator(".card .big")).to_have_text("7.24K USD")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.locator('[data-box="price"]').tap()
    page.locator('input[name="price"]').fill("180 to 320")
    page.keyboard.press("Enter")
    expect(page.locator(".card .big")).to_have_text("12.1K USD")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    context.close()
