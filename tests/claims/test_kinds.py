"""What a claim tests: worked out from its inputs, or declared."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import guessmodel as gm
from guessmodel.claims.checked_claim import CheckedClaim
from guessmodel.claims.checking import CheckResult
from guessmodel.errors import UsageError

stated = gm.lognormal(2, 5, "USD", name="stated", source="page 3")
guessed = gm.lognormal(2, 5, "USD", name="guessed", source="inferred: by eye")


@pytest.mark.parametrize(
    ("quantity", "declared", "kind"),
    [
        (2 * stated, None, "arithmetic"),
        (2 * guessed, None, "reconstruction"),
        (2 * guessed, "prediction", "prediction"),
        (2 * guessed, "echo", "echo"),
        (guessed, None, "echo"),
        (guessed.to("cent"), None, "echo"),
        (gm.constant(5, "USD"), None, "echo"),
    ],
)
def test_kinds(quantity: gm.Quantity, declared: Any, kind: str) -> None:
    assert gm.claim(quantity, mean="5 USD", kind=declared, rtol=0.15).kind == kind


def test_a_ratio_of_two_inputs_is_no_echo() -> None:
    assert gm.claim_ratio_of_means(stated, stated, "1").kind == "arithmetic"
    assert gm.claim_ratio_of_means(stated, guessed, "1").kind == "reconstruction"


def test_a_correlation_of_two_inputs_is_an_echo() -> None:
    assert gm.claim_joint(stated, guessed, correlation="0.0").kind == "echo"
    assert gm.claim_joint(stated, 2 * stated, correlation="1.0").kind == "arithmetic"
    assert gm.claim_joint(stated, 2 * guessed, correlation="0.0").kind == "reconstruction"


@pytest.mark.parametrize(
    ("quantity", "declared", "text"),
    [
        (2 * stated, "predicton", "is no kind of claim; did you mean 'prediction'?"),
        (2 * stated, "prediction", "no input is inferred: this is arithmetic; leave kind= out"),
        (2 * guessed, "arithmetic", "an input is inferred; write 'prediction' if it was chosen"),
    ],
)
def test_refusals(quantity: gm.Quantity, declared: Any, text: str) -> None:
    with pytest.raises(UsageError) as refused:
        gm.claim(quantity, mean="5 USD", kind=declared)
    assert text in str(refused.value)
    assert "test_kinds.py:" in str(refused.value)


def rows(folder: Path, text: str) -> list[CheckedClaim]:
    """The claims of a model file, tested."""
    file = folder / "costs.py"
    file.write_text("import guessmodel as gm\n" + text)
    return list(gm.check(file, drift=False).claims)


def test_a_scenario_decides_what_a_claim_about_it_tests(tmp_path: Path) -> None:
    (row,) = rows(
        tmp_path,
        """
guessed = gm.lognormal(2, 5, "USD", source="inferred: by eye")
cost = 3 * guessed
gm.scenario("as printed", {guessed: gm.constant(4, "USD", source="page 7")})
gm.claim(cost, mean="12 USD", scenario="as printed")
""",
    )
    assert (row.kind, row.verdict) == ("arithmetic", "holds")
    assert row.beside["base"].kind == "reconstruction"


@pytest.mark.parametrize(
    ("figure", "at_edge"),
    [
        ("mean='100 USD', rtol=0.15", False),
        ("mean='111 USD', rtol=0.15", False),  # 100 lies .66 of the way to its end
        ("mean='115 USD', rtol=0.15", True),  # .87
        ("mean='88.5 USD', rtol=0.15", True),
        ("mean='at least 99.9 USD'", False),
    ],
)
def test_what_holds_by_the_last_fifth_of_its_tolerance_says_so(
    tmp_path: Path, figure: str, at_edge: bool
) -> None:
    (row,) = rows(tmp_path, f"cost = 2 * gm.constant(50, 'USD')\ngm.claim(cost, {figure})\n")
    assert row.verdict == "holds"
    assert row.at_edge is at_edge


def test_counts(tmp_path: Path) -> None:
    text = "cost = gm.lognormal(2, 5, 'USD')\ngm.claim(cost, median='3.2 USD')\n"
    found = rows(tmp_path, text + "gm.claim(2 * cost, median='6.3 USD')\n")
    assert CheckResult(tuple(found)).heading == "1 of 1 figures hold; 1 echo of inputs"
    wrong = rows(tmp_path, text.replace("3.2", "30"))
    assert CheckResult(tuple(wrong)).heading == "0 of 1 figures hold, 1 falls short"
