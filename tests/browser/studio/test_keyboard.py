"""The studio by the keyboard alone: all is reached and seen, and the focus is never lost."""

from pathlib import Path
from typing import Any

import pytest
from live_studio import MODEL
from playwright.sync_api import Page, expect
from waiting import until

MORE = """
many = gm.normal({f"l{i}": (i, i + 2) for i in range(20)}, dim="many")
gm.scenario("crowd", {people: 80})
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A model that has a table of many rows, and a scenario, from the start."""
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "plan.py").write_text(MODEL + MORE)
    return tmp_path / "models" / "plan.py"


FOCUSED = """() => {
  const each = document.activeElement;
  if (!each || each === document.body) return null;
  const { left, right, top, bottom } = each.getBoundingClientRect();
  const style = getComputedStyle(each);
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  const first = each.firstElementChild && getComputedStyle(each.firstElementChild);
  if (!window.numbers) window.numbers = new Map();
  if (!window.numbers.has(each)) window.numbers.set(each, window.numbers.size);
  return {
    number: window.numbers.get(each),
    told: each.getAttribute("aria-label") || each.textContent.trim() || each.name || each.type,
    ringed: ring || (each.matches(".box") && parseFloat(first.strokeWidth) >= 3),
    seen: bottom > 0 && top < innerHeight && right > 0 && left < innerWidth,
  };
}"""
# Of the boxes one is reached by Tab, and arrows go on from there.
REACHABLE = """() => [...document.querySelectorAll(
  "button, input, select, summary, a[href], [tabindex='0']"
)].filter((each) => each.getClientRects().length && !each.matches(":disabled")).length"""


def walked(page: Page, key: str) -> list[dict[str, Any]]:
    """What Tab, or Shift+Tab, reaches one after the other, until it leaves the page."""
    found: list[dict[str, Any]] = []
    while True:
        page.keyboard.press(key)
        focused = page.evaluate(FOCUSED)
        if focused is None:
            return found
        found.append(focused)
        assert len(found) < 200, "Tab does not leave the page"


@pytest.mark.parametrize("chosen", ["price", "people", "rent", "many", "cost"])
def test_tab_reaches_all_and_leaves(page: Page, file: Path, chosen: str) -> None:
    expect(page.locator(".beside")).to_be_visible()
    page.locator(f'[data-box="{chosen}"]').click()
    page.evaluate("document.activeElement.blur()")
    page.locator("select").focus()
    page.keyboard.press("Shift+Tab")
    assert page.evaluate(FOCUSED) is None  # it is the first
    forward = walked(page, "Tab")
    assert [each["told"] for each in forward if not each["ringed"]] == []
    assert [each["told"] for each in forward if not each["seen"]] == []
    assert len({each["number"] for each in forward}) == page.evaluate(REACHABLE)
    backward = walked(page, "Shift+Tab")
    assert [each["number"] for each in backward] == [each["number"] for each in forward][::-1]


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.focus()
    page.keyboard.press("Enter")


def focus_is(page: Page, told: str) -> None:
    until(page, lambda: (page.evaluate(FOCUSED) or {}).get("told") == told)


def typed(page: Page, name: str, text: str) -> None:
    page.locator(f'[data-box="{name}"]').focus()
    page.keyboard.press("Enter")
    expect(page.locator(f'input[name="{name}"]')).to_be_visible()
    while page.evaluate("document.activeElement.name") != name:
        page.keyboard.press("Tab")
    page.keyboard.press("Control+a")
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def test_what_is_pressed_keeps_the_focus_or_gives_it_to_what_is_nearest(
    page: Page, file: Path
) -> None:
    typed(page, "price", "180 to 320")
    big = page.locator(".card .big")
    expect(big).to_have_text("12.1K USD")
    press(page, "undo")  # the last: there is nothing more to undo
    expect(big).to_have_text("7.24K USD")
    focus_is(page, "undo")
    page.keyboard.press("Enter")
    press(page, "redo")
    expect(big).to_have_text("12.1K USD")
    focus_is(page, "redo")
    press(page, "keep beside")
    press(page, "as in the file")
    expect(big).to_have_text("7.24K USD")
    focus_is(page, "as in the file")
    press(page, "use")
    expect(big).to_have_text("12.1K USD")
    press(page, "drop price")
    expect(page.locator(".edits")).to_have_count(0)
    focus_is(page, "how it is computed")
    press(page, "drop A")
    expect(page.locator(".beside thead th")).to_have_text(["answer", "file", "crowd"])
    until(page, lambda: page.evaluate(FOCUSED) is not None)


def test_a_dialog_gives_the_focus_back(page: Page, file: Path) -> None:
    typed(page, "price", "180 to 320")
    for end in ("Escape", "cancel"):
        press(page, "save …")
        expect(page.get_by_role("dialog")).to_be_visible()
        assert page.evaluate("document.activeElement.closest('dialog') !== null")
        if end == "Escape":
            page.keyboard.press("Escape")
        else:
            press(page, "cancel")
        expect(page.get_by_role("dialog")).to_have_count(0)
        focus_is(page, "save …")
    press(page, "save …")
    press(page, "write")
    expect(page.locator(".state")).to_have_text("as in the file")
    until(page, lambda: page.evaluate(FOCUSED) is not None)


def test_a_choice_leads_to_its_panel(page: Page, file: Path) -> None:
    expect(page.locator(".beside")).to_be_visible()
    for place, name in (("price", "cost"), ("cost", "rent")):
        page.locator(f'[data-box="{place}"]').focus()
        page.keyboard.press("Enter")
        expect(page.locator(".detail h2")).to_have_text(place)
        assert page.evaluate("document.activeElement.dataset.box") == place  # arrows go on
        page.locator(".detail .link", has_text=name).last.focus()
        page.keyboard.press("Enter")
        expect(page.locator(".detail h2")).to_have_text(name)
        focus_is(page, name)
    press(page, "how it is computed")
    focus_is(page, "cost")
    page.locator('[data-box="many"]').focus()
    page.keyboard.press("Enter")
    press(page, "all 20 rows")
    focus_is(page, "Markdown")


def test_escape_takes_back_what_is_typed(page: Page, file: Path) -> None:
    page.locator('[data-box="price"]').click()
    field = page.locator('input[name="price"]')
    field.fill("1 to 2")
    field.press("Escape")
    expect(field).to_have_value("90 to 160 USD/person")
    page.keyboard.press("Tab")
    expect(page.locator(".edits")).to_have_count(0)
