"""What a check prints: its table, Markdown and JUnit XML, whatever the texts hold."""

import re
from dataclasses import replace
from xml.etree import ElementTree

from checked_claims import AWAITED, DRIFT, HOLDS, SHORT, SURPRISE, UNSURE, result

from guessmodel.cli.check_output import junit, layouts, markdown

NASTY = '<script>alert("x")</script> | a `b` *c* _d_ [e](f) $g$ ~h~ \\i & __j__ \x00\x1b[31m'
EVIL = replace(
    SHORT, model=NASTY, quantity=NASTY, published=NASTY, source=NASTY, note=NASTY, reason=NASTY
)


# --- the table ----------------------------------------------------------------------------------


def test_the_table_in_two_widths() -> None:
    wide, narrow = layouts(result(HOLDS, SHORT))
    assert wide.header == (
        "model",
        "quantity",
        "statistic",
        "published",
        "computed",
        "tolerance",
        "verdict",
    )
    assert wide.rows[1] == (
        "twitter",
        "cost[combined]",
        "mean",
        "500 USD/day",
        "434.30 ± 0.20 USD/day",
        "±15%",
        "FALLS SHORT",
    )
    assert wide.strong == {1}
    assert narrow.header == (*wide.header[:5], "verdict")
    assert narrow.rows[1] == (*wide.rows[1][:5], "FALLS SHORT")


def test_reservations_are_marked_in_the_table() -> None:
    heavy = replace(HOLDS.computed, note="unreliable: infinite variance")
    row = layouts(result(replace(HOLDS, computed=heavy)))[0].rows[0]
    assert row[4] == "434.30 ± 0.20 USD/day !"


# --- Markdown -----------------------------------------------------------------------------------


def cells(line: str) -> list[str]:
    """The cells of a row of a table in GitHub's Markdown."""
    assert line.startswith("| ")
    assert line.endswith(" |")
    return re.split(r" (?<!\\)\| ", line[2:-2])


def test_markdown() -> None:
    text = markdown(result(HOLDS, SHORT, drift=DRIFT[:1], remarks=("no report of x",)))
    lines = text.splitlines()
    assert lines[0] == (
        "## ❌ 1 of 2 figures hold, 1 falls short; 1 difference from the committed reports"
    )
    assert lines[2].startswith("| model | quantity | statistic | published |")
    assert lines[3] == "| " + " | ".join(["---"] * 9) + " |"
    assert cells(lines[4]) == [
        "twitter",
        "cost[combined]",
        "mean",
        "500 USD/day",
        "434.30 ± 0.20 USD/day",
        "±15%, an input is inferred",
        "FALLS SHORT",
        "/models/twitter.py:12",
        "Cottier (2022), scenario 1; rounds up",
    ]
    assert "| twitter | cost | p95 | 720 | 960 | drifted, +33.3% |" in lines
    assert "<details><summary>All 2 figures</summary>" in lines
    assert lines[-1] == "no report of x"
    assert markdown(result(HOLDS)).startswith("## ✅ 1 of 1 figures hold\n")


def test_markdown_shows_every_text_as_it_is() -> None:
    text = markdown(result(EVIL, drift=(replace(DRIFT[3], quantity=NASTY, model=NASTY),)))
    assert "<script" not in text
    tables = [line for line in text.splitlines() if line.startswith("|")]
    assert [len(cells(line)) for line in tables] == [9] * 3 + [6] * 3 + [7] * 3
    for cell in (cells(tables[2])[1], cells(tables[5])[1], cells(tables[8])[1]):
        assert cell.startswith("&lt;script&gt;")
        for sign in "|`*$~":
            assert f"\\{sign}" in cell
            assert not re.search(rf"(?<!\\){re.escape(sign)}", cell)
        assert not re.search(r"(?<!\\)]\(", cell)
        assert not re.search(r"[\x00-\x1f]", cell)
        assert "\\_d\\_" in cell
        assert "\\_\\_j\\_\\_" in cell
        assert "&amp;" in cell


def test_names_stay_readable() -> None:
    text = markdown(result(replace(HOLDS, quantity="cost_per_day[coding assistant]")))
    assert "| cost_per_day[coding assistant] |" in text


# --- JUnit --------------------------------------------------------------------------------------


def test_junit() -> None:
    other = replace(HOLDS, model="talent")
    text = junit(result(HOLDS, SHORT, AWAITED, UNSURE, SURPRISE, other, drift=DRIFT[:1]))
    root = ElementTree.fromstring(text)
    assert text.startswith('<?xml version="1.0" encoding="utf-8"?>\n')
    assert root.tag == "testsuites"
    assert root.attrib == {
        "name": "guessmodel check",
        "tests": "7",
        "failures": "4",
        "errors": "0",
        "skipped": "0",
    }
    first, second = root
    assert (first.get("name"), first.get("tests"), first.get("failures")) == ("twitter", "6", "4")
    assert (second.get("name"), second.get("tests"), second.get("failures")) == ("talent", "1", "0")
    names = [case.get("name") for case in first]
    assert names == [
        "cost[combined]: mean 450 USD/day",
        "cost[combined]: mean 500 USD/day",
        "cost[combined]: mean 500 USD/day",
        "cost[combined]: mean 450 USD/day",
        "cost[combined]: mean 450 USD/day",
        "drift of cost: p95",
    ]
    failures = [case.find("failure") for case in first]
    assert [None if f is None else f.get("type") for f in failures] == [
        None,
        "falls short",
        None,
        "undecided",
        "holds",
        "drifted",
    ]
    assert failures[1] is not None
    assert failures[1].get("message") == "/models/twitter.py:12: mean of cost[combined] falls short"
    assert failures[1].text == SHORT.explanation
    awaited = first[2].find("system-out")
    assert awaited is not None
    assert awaited.text == AWAITED.explanation


def test_junit_escapes_every_text() -> None:
    text = junit(result(EVIL, drift=(replace(DRIFT[3], model=NASTY, quantity=NASTY),)))
    root = ElementTree.fromstring(text)
    legal = NASTY.replace("\x00", r"\x00").replace("\x1b", r"\x1b")
    assert root[0].get("name") == legal
    assert root[0][0].get("name") == f"{legal}: mean {legal}"
    assert root[0][1].get("name") == f"drift of {legal}: name"
    assert "<script" not in text
    assert "\x00" not in text


def test_junit_of_a_model_without_claims() -> None:
    root = ElementTree.fromstring(junit(result()))
    assert [suite.get("tests") for suite in root] == ["0"]
