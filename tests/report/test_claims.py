"""Claims on a page."""

from typing import Any

import pytest

from guessmodel.report.claims import claims_in_short, claims_section, verdict
from guessmodel.report.page import Cell, Table


def claim(**changes: Any) -> dict[str, Any]:
    return {
        "quantity": "cost",
        "statistic": "mean",
        "published": "450 USD",
        "computed": {"value": 432.5, "low": 432.3, "high": 432.7},
        "unit": "USD",
        "tolerance_text": "±15%, an input is inferred",
        "verdict": "holds",
        "expected": "holds",
        "as_expected": True,
        "source": "s",
        "note": None,
        "reason": None,
        **changes,
    }


SHORT = {"verdict": "falls short", "expected": "falls short"}


def rows(*claims: dict[str, Any]) -> list[tuple[Cell, ...]]:
    table = claims_section({"claims": list(claims)}).blocks[1]
    assert isinstance(table, Table)
    return list(table.rows)


def test_a_row() -> None:
    (row,) = rows(claim(note="why"))
    texts = ["cost", "450 USD", "432.50 ± 0.20 USD", "±15%", "holds", "s"]
    assert [cell.text for cell in row] == texts
    assert (row[0].small, row[5].small) == (("mean",), ("why",))


def test_ends_of_an_interval_share_a_row() -> None:
    low = claim(statistic="interval low", published="240 USD/day")
    high = claim(statistic="interval high", published="720 USD/day", **SHORT)
    (row,) = rows(low, high)
    assert (row[0].small, row[1].text) == (("interval",), "240 to 720 USD/day")
    assert row[4].text == "low end holds; high end falls short, as expected"
    assert row[4].tone == "known"
    (row,) = rows({**low, "published": "1.3%"}, {**high, "published": "56%"})
    assert row[1].text == "1.3% to 56%"
    (row,) = rows({**low, "published": "900 USD"}, {**high, "published": "1 million USD"})
    assert row[1].text == "900 USD to 1 million USD"


def test_what_is_published_of_people_is_in_words_too() -> None:
    (row,) = rows(claim(published="45,000 person", unit="person"))
    assert row[1].text == "45,000 people" and row[2].text.endswith(" people")


def test_ends_of_different_claims_do_not() -> None:
    low, high = claim(statistic="interval low"), claim(statistic="interval high", source="t")
    assert len(rows(low, high)) == 2
    assert len(rows(low, claim())) == 2


def test_the_same_source_is_not_repeated() -> None:
    first, second, third = rows(claim(), claim(statistic="sd"), claim(quantity="other"))
    assert [row[5].text for row in (first, second, third)] == ["s", "", "s"]


def test_why_a_figure_is_undecided() -> None:
    (row,) = rows(claim(verdict="undecided", as_expected=False, reason="too few draws"))
    assert row[4] == Cell("undecided", tone="bad")
    assert row[5].small == ("Undecided: too few draws.",)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (claim(), ("holds", "good")),
        (claim(**SHORT), ("falls short, as expected", "known")),
        (claim(verdict="falls short", as_expected=False), ("falls short", "bad")),
        (claim(expected="falls short", as_expected=False), ("holds, unexpectedly", "bad")),
    ],
)
def test_verdicts(given: dict[str, Any], words: tuple[str, str]) -> None:
    assert verdict(given) == words


def test_in_short() -> None:
    bad = claim(verdict="falls short", as_expected=False)
    unsure = claim(verdict="undecided", as_expected=False)
    assert claims_in_short([]) == "no published figures"
    assert claims_in_short([claim()]) == "1 of 1 published figures hold"
    assert claims_in_short([claim(), bad, claim(**SHORT), unsure]) == (
        "1 of 4 published figures hold, 2 fall short (1 as expected), 1 undecided"
    )
    assert claims_in_short([claim(), bad]).endswith("hold, 1 falls short")
