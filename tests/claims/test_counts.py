"""How figures are counted: what `check` says, reports and their index say too."""

from __future__ import annotations

from pathlib import Path

import pytest

import guessmodel as gm
from guessmodel.claims.counts import CountedClaim, in_short
from guessmodel.report import document
from guessmodel.report.claims import claims_in_short
from guessmodel.report.index import index

HOLDS, SHORT = CountedClaim("holds", True), CountedClaim("falls short", False)


@pytest.mark.parametrize(
    ("figures", "text"),
    [
        ([HOLDS, HOLDS], "2 of 2 figures hold"),
        ([CountedClaim("holds", True, "prediction")], "1 of 1 figures hold (1 prediction)"),
        (
            [HOLDS, CountedClaim("holds", True, "reconstruction"), SHORT],
            "2 of 3 figures hold (1 arithmetic, 1 reconstruction), 1 falls short",
        ),
        ([HOLDS, CountedClaim("holds", True, "echo")], "1 of 1 figures hold; 1 echo of inputs"),
        ([CountedClaim("falls short", False, "echo")], "0 of 1 figures hold, 1 falls short"),
        (
            [CountedClaim("holds", True, beside={"base": "holds"}), CountedClaim("holds", False)],
            "2 of 2 figures hold (1 unexpectedly); 1 of 1 in base",
        ),
        ([CountedClaim("undecided", False)], "0 of 1 figures hold, 1 undecided"),
    ],
)
def test_in_short(figures: list[CountedClaim], text: str) -> None:
    assert in_short(figures) == text


def test_check_report_and_index_count_alike(tmp_path: Path) -> None:
    file = tmp_path / "stand.py"
    file.write_text(
        "import guessmodel as gm\n"
        'price = gm.lognormal(2, 5, "USD", source="inferred: by eye")\n'
        'gm.scenario("as printed", {price: "3 to 6 USD"}, source="inferred: by eye")\n'
        'gm.claim(2 * price, median="8.5 USD", scenario="as printed")\n'
        'gm.claim(2 * price, mean="70 USD", expected="falls short", note="dear")\n'
        'gm.claim(price, median="3.2 USD")\n'
    )
    told = "1 of 2 figures hold (1 reconstruction), 1 falls short (as expected); 1 echo of inputs"
    told += "; 0 of 1 in base"
    assert gm.check(file, drift=False).heading.startswith(told)
    made = document(gm.Model.from_file(file))
    published = told.replace("figures", "published figures")
    assert claims_in_short(made["claims"]) == published
    assert index([made]).lead == f"1 model, {published}."
