"""Claims about a scenario: tested there, and in the unchanged model beside it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

import guessmodel as gm
from guessmodel.claims.checking import CheckResult, figures
from guessmodel.cli.check_output import junit, markdown
from guessmodel.cli.main import main
from guessmodel.errors import UsageError, WrongKind
from guessmodel.report.document import document

Capture = pytest.CaptureFixture[str]
TEXT = """
    import guessmodel as gm
    price = gm.constant(3, "USD")
    cups = gm.normal(mean=100, sd=10)
    sales = price * cups
    gm.claim(sales, mean="300 USD", source="independent")
    gm.claim(sales, mean="400 USD", source="page 1", scenario="as published")
    gm.claim(sales, interval="334 to 466 USD", scenario="as published")
    gm.claim_ratio_of_means(sales, cups, "4 USD", scenario="as published")
    gm.scenario("as published", {price: 4}, source="inferred: from the result")
    gm.scenario("free", {price: 0})
"""

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    monkeypatch.chdir(tmp_path)

    def file(more: str = "") -> Path:
        Path("stand.py").write_text(dedent(TEXT) + more)
        return Path("stand.py")

    return file


def verdicts(result: CheckResult) -> list[tuple[str, str | None, str, dict[str, str]]]:
    return [
        (c.statistic, c.scenario, c.verdict, {k: e.verdict for k, e in c.beside.items()})
        for c in result.claims
    ]


def test_claims_are_tested_where_they_belong(write: Write) -> None:
    result = gm.check(write())
    short = {"base": "falls short"}
    # Means: 3 * 100 and 4 * 100 USD; 400 ± 1.645 * 40 USD
    assert verdicts(result) == [
        ("mean", None, "holds", {}),
        ("mean", "as published", "holds", short),
        ("interval low", "as published", "holds", short),
        ("interval high", "as published", "holds", short),
        ("ratio of means", "as published", "holds", short),
    ]
    assert result.holds
    assert result.claims[1].beside["base"].computed.value == pytest.approx(300)
    assert result.claims[4].quantity == result.claims[4].beside["base"].quantity == "sales / cups"
    # The source of a scenario is that of its values.
    assert "an input is inferred" in result.claims[1].tolerance_text
    assert "rounding" in result.claims[0].tolerance_text


def test_in_all_scenarios(write: Write) -> None:
    result = gm.check(write(), scenarios=True)
    assert verdicts(result)[:2] == [
        ("mean", None, "holds", {"as published": "falls short", "free": "falls short"}),
        ("mean", "as published", "holds", {"base": "falls short", "free": "falls short"}),
    ]
    assert result.holds


def test_all_in_one_scenario(write: Write) -> None:
    result = gm.check(write(), scenario="as published")
    assert [(c.scenario, c.verdict) for c in result.claims] == [
        ("as published", "falls short"),
        *[("as published", "holds")] * 4,
    ]
    assert not result.holds
    several = gm.check(write(), scenario=["as published", "free"])
    assert several.claims[0].scenario == "as published, free"
    assert several.claims[0].computed.value == 0
    for more in ({"scenarios": True}, {"reports": "."}):
        with pytest.raises(UsageError, match="scenario= chooses what all claims are tested in"):
            gm.check(write(), scenario="free", **more)  # type: ignore[arg-type]


def test_what_falls_short_in_its_scenario_fails(write: Write) -> None:
    more = 'gm.claim(sales, mean="300 USD", scenario="free")\n'
    result = gm.check(write(more))
    assert not result.holds
    claim = result.claims[-1]
    assert claim.verdict == "falls short" and claim.beside["base"].verdict == "holds"
    assert claim.explanation.startswith("stand.py:12: mean of sales in 'free' falls short\n")
    assert "  in base: 300" in claim.explanation
    assert "sales in 'free': mean 300 USD" in junit(result)
    assert "| stand | sales in 'free' |" in markdown(result)
    assert result.heading == (
        "5 of 6 figures hold (1 arithmetic, 4 reconstructions), 1 falls short; 1 of 5 in base; "
        "2 warnings of method"
    )


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (
            'gm.claim(sales, mean="3 USD", scenario="as publisht")',
            "'as publisht'; did you mean 'as",
        ),
        ('gm.claim(sales, mean="3 USD", scenario="x")', "no scenario 'x'; there are as published"),
    ],
)
def test_scenarios_that_are_not_there(write: Write, more: str, message: str) -> None:
    with pytest.raises(UsageError, match=rf"stand.py:12: there is no scenario .*{message[-20:]}"):
        gm.Model.from_file(write(more + "\n"))


def test_what_is_no_name() -> None:
    with pytest.raises(WrongKind, match="scenario= takes text, not 3; write scenario='…'"):
        gm.claim(gm.normal(1, 2), mean="1", scenario=3)  # type: ignore[arg-type]


def test_json_and_table(write: Write, capsys: Capture) -> None:
    file = str(write())
    assert main(["check", file, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["claims"][0]["scenario"] is None and found["claims"][0]["beside"] == {}
    assert found["claims"][1]["scenario"] == "as published"
    beside = found["claims"][1]["beside"]
    assert list(beside) == ["base"] and beside["base"]["verdict"] == "falls short"
    assert beside["base"]["computed"]["value"] == pytest.approx(300)
    assert main(["check", file]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split()[-3:] == ["verdict", "in", "base"]
    assert "sales in 'as published'" in lines[2] and lines[2].endswith("falls short")
    assert lines[-1] == (
        "5 of 5 figures hold (1 arithmetic, 4 reconstructions); 0 of 4 in base; "
        "2 warnings of method"
    )
    assert main(["check", file, "--scenarios"]) == 0
    assert "in free" in capsys.readouterr().out.splitlines()[0]
    assert main(["check", file, "--scenario", "free"]) == 1
    capsys.readouterr()
    for more in (["--scenarios"], ["--reports", "."]):
        assert main(["check", file, "--scenario", "free", *more]) == 2
        assert "has no effect beside --scenario" in capsys.readouterr().err


def test_reports_say_so(write: Write) -> None:
    made = document(gm.Model.from_file(write()), samples=1024)
    first, second = made["claims"][:2]
    assert "scenario" not in first and "beside" not in first
    assert second["scenario"] == "as published"
    assert second["beside"]["base"]["verdict"] == "falls short"
    # Statistics stay those of the unchanged model.
    assert made["quantities"]["sales"]["mean"]["value"] == pytest.approx(300)  # type: ignore[index]


def test_figures_are_in_the_order_of_the_file(write: Write) -> None:
    model = gm.Model.from_file(write())
    titles = [(title, claim.scenario) for claim, _, title in figures(model)]
    assert titles == [("sales", None), *[("sales", "as published")] * 3,
                      ("sales / cups", "as published")]  # fmt: skip


def test_scenarios_side_by_side_are_no_model_to_check(write: Write) -> None:
    with pytest.raises(UsageError, match="check the model itself"):
        gm.check(gm.Model.from_file(write()).side_by_side())
