"""A check in words: verdicts, how many hold, explanations, and what moved."""

from dataclasses import replace
from typing import Any

import pytest
from checked_claims import AWAITED, DRIFT, HOLDS, SHORT, SURPRISE, UNSURE, result

from guessmodel.claims.check_texts import drift_line, verdict_text
from guessmodel.claims.checking import CheckedClaim, CheckResult


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        (HOLDS, "holds"),
        (SHORT, "FALLS SHORT"),
        (AWAITED, "falls short, as expected"),
        (SURPRISE, "HOLDS, unexpectedly"),
        (UNSURE, "UNDECIDED"),
    ],
)
def test_verdicts_are_loud_where_they_are_not_expected(claim: CheckedClaim, text: str) -> None:
    assert verdict_text(claim) == text


@pytest.mark.parametrize(
    ("claims", "drift", "text"),
    [
        ((), (), "no claims"),
        ((HOLDS, HOLDS), (), "2 of 2 figures hold"),
        ((HOLDS, SHORT), (), "1 of 2 figures hold, 1 falls short"),
        ((HOLDS, AWAITED), (), "1 of 2 figures hold, 1 falls short (as expected)"),
        (
            (AWAITED, AWAITED, SHORT),
            (),
            "0 of 3 figures hold, 3 fall short (2 as expected)",
        ),
        ((SURPRISE, UNSURE), (), "1 of 2 figures hold (1 unexpectedly), 1 undecided"),
        ((HOLDS,), DRIFT[:1], "1 of 1 figures hold; 1 difference from the committed reports"),
        ((), DRIFT, "no claims; 6 differences from the committed reports"),
    ],
)
def test_summary(claims: Any, drift: Any, text: str) -> None:
    assert result(*claims, drift=drift).heading == text


def test_an_explanation_has_what_an_analyst_needs() -> None:
    assert SHORT.explanation == (
        "/models/twitter.py:12: mean of cost[combined] falls short\n"
        "  published  500 USD/day\n"
        "  computed   434.30 ± 0.20 USD/day\n"
        "  tolerance  ±15%, an input is inferred\n"
        "  source     Cottier (2022), scenario 1\n"
        "  note       rounds up"
    )
    assert UNSURE.explanation == (
        "/models/twitter.py:12: mean of cost[combined] is undecided after 2,097,152 samples\n"
        "  published  450 USD/day\n"
        "  computed   434.30 ± 0.20 USD/day\n"
        "  tolerance  ±15%, an input is inferred\n"
        "  reason     the error is wide\n"
        "  source     Cottier (2022), scenario 1"
    )
    assert SURPRISE.explanation.startswith(
        "/models/twitter.py:12: mean of cost[combined] holds, "
        'but is marked expected="falls short"; remove the mark\n'
    )


def test_a_reservation_is_told_once() -> None:
    heavy = replace(UNSURE.computed, note="unreliable: infinite variance")
    text = replace(UNSURE, computed=heavy, reason=heavy.note).explanation
    assert text.count("infinite variance") == 1


def test_lines_about_drift() -> None:
    assert [drift_line(drift) for drift in DRIFT] == [
        "twitter: cost: p95 was 720 and is 960, +33.3%",
        "twitter: cost: mean was none and is 433",
        "twitter: cost: unit was 'USD/day' and is 'USD/year'",
        "twitter: share is new; the report does not have it",
        "twitter: tax is in the report, and no longer in the model",
        "twitter: fee is called 'rate' in the report",
    ]


def test_a_result_is_a_table_with_all_that_is_to_be_said() -> None:
    """As text, for a notebook, and as a data frame."""
    elsewhere = replace(HOLDS, beside={"base": SHORT})
    found = result(elsewhere, SHORT, drift=DRIFT[:1], remarks=("no report of x",))
    header, first, second = found.cells()
    assert header[-2:] == ["verdict", "in base"]
    assert (first[-2:], second[-2:]) == (["holds", "falls short"], ["FALLS SHORT", ""])
    lines = str(found).splitlines()
    assert lines[0] == found.heading == repr(found).splitlines()[0]
    assert lines[0].startswith("1 of 2 figures hold, 1 falls short; ")
    assert lines[-2:] == [drift_line(DRIFT[0]), "no report of x"]
    assert found._repr_html_().count("<tr>") == 3
    table = found.to_pandas()
    assert table["computed"].tolist() == [434.3, 434.3]
    assert table["verdict"].tolist() == ["holds", "falls short"]
    assert str(CheckResult(())).startswith("no claims")
