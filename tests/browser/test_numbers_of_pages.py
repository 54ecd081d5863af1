"""Numbers on axes and in boxes of a page: told apart, and no more of them than fit."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from guessmodel.report import write

Open = Callable[..., Any]


@pytest.fixture
def page_of(opened: Open, tmp_path: Path) -> Open:
    """Opens the page of a model, written from its source."""

    def page(source: str, *width: int) -> Any:
        file = tmp_path / "model.py"
        file.write_text(f"import guessmodel as gm\n{source}")
        write([file], tmp_path / "reports")
        return opened(str(tmp_path / "reports" / "model.html"), *width)

    return page


def test_years_on_an_axis_are_told_apart(page_of: Open) -> None:
    page = page_of(
        'ready = gm.normal(2026, 2034, format="year", source="by eye") + 0\ngm.headline(ready)\n'
    )
    texts = page.locator(".card text.tick").all_text_contents()
    assert len(texts) > 2
    assert len(set(texts)) == len(texts)
    assert all(2010 < int(text) < 2050 for text in texts)


def test_an_axis_has_two_numbers_at_least(page_of: Open) -> None:
    lines = (
        f"x{i} = gm.normal({60 + 7 * i}, {116 + 11 * i}, 'day', source='by eye')\n"
        f"gm.headline(x{i})\n"
        for i in range(8)
    )
    shown = page_of("".join(lines), 1024)
    cards = shown.locator(".card .distribution").all()
    assert len(cards) == 8
    assert all(card.locator("text.tick").count() >= 2 for card in cards)


def test_a_box_of_several_labels_shows_the_ends(page_of: Open) -> None:
    """Of what rises or falls the first and the last, else the least and the greatest."""
    shown = page_of(
        "week = {'design': (5, 7), 'deck': (9, 11), 'finish': (2, 4)}\n"
        "duration = gm.uniform(week, unit='month', dim='task', source='by eye')\n"
        "ends = {1: (0, 2), 2: (1, 3), 3: (4, 6)}\n"
        "growth = gm.uniform(ends, unit='USD', dim='year', source='by eye')\n"
        "season = gm.uniform(1, 3, 'USD', dim={'month': [1, 2]}, source='by eye')\n"
        "cost = duration.sum('task') * (growth.sum('year') + season.sum('month'))\n"
        "gm.headline(cost)\n"
    )
    expect(shown.locator('[data-box="duration"] .range')).to_have_text("3 to 10 month")
    expect(shown.locator('[data-box="growth"] .range')).to_have_text("1 … 5 USD")
    expect(shown.locator('[data-box="season"] .range')).to_have_text("2 USD each")


def test_a_box_says_whole_numbers_without_a_unit_that_does_not_fit(page_of: Open) -> None:
    """A unit may begin with a digit; ends of a narrow interval are told apart."""
    shown = page_of(
        'gm.unit("deliveries")\n'
        "rate = gm.uniform(1.5, 2.5, '1/(deliveries*month)', source='by eye')\n"
        "volts = gm.normal(127.61, 127.85, 'V', source='by eye')\n"
        "care = gm.lognormal({'a': (1, 2), 'b': (3, 4)}, dim='drugs', source='by eye')\n"
        "wet = gm.bernoulli(0.3, source='by eye')\n"
        "cost = rate * volts * care.sum('drugs') * wet\n"
        "late = gm.pareto(1, 30, 'USD', source='by eye') * gm.poisson(0.2) * 1e5\n"
        "gm.headline(cost)\n"
        "gm.headline(late, at={})\n"
    )
    texts = {
        name: [
            shown.locator(f'[data-box="{name}"] .{each}.from-near').text_content()
            for each in ("value", "range")
        ]
        for name in ("rate", "volts", "care", "wet")
    }
    assert texts["rate"] == ["2", "1.55 to 2.45"]
    assert texts["volts"][0] == "127.73 V"
    assert re.fullmatch(r"127\.61 to 127\.85( V)?|≈127\.6 to 127\.[89]", texts["volts"][1] or "")
    assert texts["care"][0] == "2 drugs"
    assert texts["wet"] == ["30%", ""]
    shown.locator('[data-box="wet"]').click()
    expect(shown.locator(".detail tbody")).to_have_text("probability30%")
    for text in shown.locator(".box text.from-near").all_text_contents():
        assert "…" not in text or " … " in text, text
