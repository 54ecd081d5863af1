"""Edits of categories and of many labels, and what becomes of edits when a page is loaded anew."""

from pathlib import Path

import pytest
from live_studio import served, typed
from playwright.sync_api import Browser, expect
from waiting import PATIENCE

PLAN = """import guessmodel as gm

months = {"month": range(1, 13)}
way = gm.categorical({"train": 0.5, "on foot": 0.2, "car": 0.3}, source="a poll")
fare = gm.constant(100, "USD")
price = gm.choose({"train": 1, "on foot": 0, "car": 2}, by=way) * fare
joining = gm.uniform(100, 300, "user", dim=months)
yearly = joining.sum("month")
gm.headline(price)
gm.headline(yearly)
"""

# A way costs 0.5 * 100 + 0.3 * 200 = 110 USD; half of them by car 150 USD, and all of them 200 USD.
# 12 months of 200 users, or of 400, or of 400 and one without.


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    (tmp_path / "models").mkdir()
    path = tmp_path / "models" / "trip.py"
    path.write_text(PLAN)
    (tmp_path / "models" / "other.py").write_text(
        "import guessmodel as gm\nx = gm.normal(1, 3) + 1\n"
    )
    return path


def test_a_category_is_edited_and_saved(browser: Browser, plan: Path) -> None:
    with served(plan) as server:
        page = browser.new_page()
        page.set_default_timeout(1000 * PATIENCE)
        page.goto(server.address)
        first = page.locator(".card .big").first
        expect(first).to_have_text("110 USD")
        page.locator('[data-box="way"]').click()
        field = page.locator('input[name="way"]')
        expect(field).to_have_value("categorical(train=50%, on foot=20%, car=30%)")
        typed(page, "way", "categorical(train=50%, on foot=0%, car=50%)")
        expect(first).to_have_text("150 USD")
        typed(page, "way", "categorical(train=50%, bus=0%, car=50%)")
        expect(page.locator(".detail .note")).to_contain_text("'bus' is none of the labels")
        expect(page.locator(".edits .note")).to_contain_text("'bus' is none of the labels")
        expect(page.locator(".state")).to_contain_text("1 of them without effect")
        expect(first).to_have_text("110 USD")
        typed(page, "way", "car")
        expect(first).to_have_text("200 USD")
        page.get_by_role("button", name="save …").click()
        dialog = page.get_by_role("dialog")
        expect(dialog.locator("ins")).to_contain_text('{"train": 0, "on foot": 0, "car": 1}')
        dialog.get_by_role("button", name="write").click()
        expect(page.locator(".state")).to_have_text("as in the file")
        assert '"car": 1}, source="a poll")' in plan.read_text()
        expect(page.get_by_role("button", name="undo")).to_be_enabled()  # the steps before
        page.get_by_role("button", name="undo").click()
        expect(page.locator(".edits li")).to_have_count(1)
        page.close()


def test_what_is_saved_is_no_step_to_be_undone(browser: Browser, plan: Path) -> None:
    with served(plan) as server:
        page = browser.new_page()
        page.set_default_timeout(1000 * PATIENCE)
        page.goto(server.address)
        expect(page.locator(".card .big").first).to_have_text("110 USD")
        typed(page, "fare", "200")
        expect(page.locator(".card .big").first).to_have_text("220 USD")
        page.get_by_role("button", name="save …").click()
        page.get_by_role("dialog").get_by_role("button", name="write").click()
        expect(page.locator(".state")).to_have_text("as in the file")
        expect(page.get_by_role("button", name="undo")).to_be_disabled()
        page.close()


def test_the_bar_of_a_phone_leaves_room(browser: Browser, plan: Path) -> None:
    with served(plan) as server:
        context = browser.new_context(viewport={"width": 360, "height": 780})
        context.set_default_timeout(1000 * PATIENCE)
        page = context.new_page()
        page.goto(server.address)
        expect(page.locator(".card .big").first).to_have_text("110 USD")
        typed(page, "fare", "200")
        expect(page.locator(".state")).to_contain_text("1 edit")
        bar = page.locator(".bar-top").bounding_box()
        assert bar is not None and bar["height"] <= 110  # of 780, in which all else scrolls
        assert page.evaluate("document.documentElement.scrollWidth") == 360
        context.close()


def test_labels_are_edited_together_and_each(browser: Browser, plan: Path) -> None:
    with served(plan) as server:
        page = browser.new_page()
        page.set_default_timeout(1000 * PATIENCE)
        page.goto(server.address)
        yearly = page.locator(".card .big").nth(1)
        expect(yearly).to_have_text("2.40K user")
        page.locator('[data-box="joining"]').click()
        typed(page, "joining", "300 to 500")
        expect(yearly).to_have_text("4.80K user")
        page.get_by_text("each of 12").click()
        page.locator('input[name="joining[12]"]').fill("0")
        page.keyboard.press("Enter")
        expect(yearly).to_have_text("4.40K user")
        page.close()


def test_edits_outlive_a_reload_and_another_model(browser: Browser, plan: Path) -> None:
    with served(plan.parent) as server:
        page = browser.new_page()
        page.set_default_timeout(1000 * PATIENCE)
        page.goto(server.address)
        models = page.locator(".bar-top select")
        expect(models.locator("option")).to_have_count(2)
        models.select_option("trip.py")
        first = page.locator(".card .big").first
        expect(first).to_have_text("110 USD")
        typed(page, "fare", "200")
        expect(first).to_have_text("220 USD")
        page.reload()
        expect(first).to_have_text("220 USD")
        expect(page.locator(".edits li")).to_have_count(1)
        models.select_option("other.py")
        expect(page.locator('[data-box="x"]')).to_have_count(1)
        expect(page.locator(".edits li")).to_have_count(0)
        models.select_option("trip.py")
        expect(first).to_have_text("220 USD")
        page.get_by_role("button", name="as in the file").click()
        expect(first).to_have_text("110 USD")
        page.reload()
        expect(first).to_have_text("110 USD")
        expect(page.locator(".edits")).to_have_count(0)
        page.close()


def test_what_no_draw_meets_is_not_called_certain(browser: Browser, tmp_path: Path) -> None:
    """A loss of 1,000 times the size, once in a million draws; and a unit that begins with 1."""
    (tmp_path / "models").mkdir()
    path = tmp_path / "models" / "rare.py"
    path.write_text(
        "import guessmodel as gm\n"
        'size = gm.constant(2, "1/day")\n'
        "loss = gm.where(gm.bernoulli(1e-6, name='hit'), 1000 * size, gm.constant(5, '1/day'))\n"
        "twice = 2 * size\n"
        'gm.headline(loss, statistics=["mean"])\n'
        'gm.headline(twice, statistics=["mean"])\n'
    )
    with served(path) as server:
        page = browser.new_page()
        page.set_default_timeout(1000 * PATIENCE)
        page.goto(server.address)
        twice = page.locator(".card").nth(1)
        expect(twice.locator(".sub")).to_have_text("certain")
        expect(twice.locator(".big .unit")).to_have_text("1/day")
        page.locator('[data-box="size"]').click()
        typed(page, "size", "3")
        expect(twice.locator(".big")).to_have_text("6 1/day")
        expect(twice.locator(".sub")).to_have_text("the same in all draws")
        loss = page.locator(".card").first.locator(".sub")
        expect(loss).to_have_text("mean; at least 90% are 5 1/day")
        page.close()
