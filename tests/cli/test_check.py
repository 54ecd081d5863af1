"""`guessmodel check`: exit codes, formats, files."""

import io
import json
import re
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from guessmodel.cli.main import main

Capture = pytest.CaptureFixture[str]

MODEL = """
import guessmodel as gm
price = gm.lognormal(5, 10, "USD/hour", source="inferred: from the price list")
cost = gm.ceil(price * 2)
gm.claim(cost, mean="16 USD/hour", source="table | 2")
gm.claim(price * 1, median="12 USD/hour", expected="falls short", note="<b>old</b> prices")
"""


@pytest.fixture(autouse=True)
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("models").mkdir()
    Path("models/example.py").write_text(MODEL)


def commit_report(capsys: Capture) -> None:
    assert main(["run", "models/example.py", "--json"]) == 0
    Path("reports").mkdir()
    Path("reports/example.json").write_text(capsys.readouterr().out)


def mutate(old: str, new: str) -> None:
    path = Path("models/example.py")
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


def test_all_as_expected(capsys: Capture) -> None:
    assert main(["check", "models"]) == 0
    out, err = capsys.readouterr()
    assert err == (
        f"warning: no report of example in {Path.cwd() / 'reports'}, so drift is not checked; "
        "guessmodel report writes it\n"
    )
    lines = out.splitlines()
    assert lines[0].split() == [
        "model",
        "quantity",
        "statistic",
        "published",
        "computed",
        "tolerance",
        "verdict",
    ]
    assert lines[1].split()[:3] == ["example", "cost", "mean"]
    assert lines[1].endswith("  ±15%  holds")
    assert lines[2].endswith("  falls short, as expected")
    assert lines[3] == ""
    assert lines[4] == "expected to fall short:"
    assert re.fullmatch(r"  models/example.py:\d+: price \* 1: <b>old</b> prices", lines[5])
    assert lines[6] == ""
    assert lines[7] == "1 of 2 figures hold (1 reconstruction), 1 falls short (as expected)"
    assert len(lines) == 8


def test_a_figure_that_falls_short(capsys: Capture) -> None:
    mutate("lognormal(5, 10,", "lognormal(6.5, 13,")
    assert main(["check", "models/example.py"]) == 1
    out = capsys.readouterr().out
    assert "FALLS SHORT" in out
    assert "\nmodels/example.py:5: mean of cost falls short\n  published  16 USD/hour\n" in out
    assert "\n  source     table | 2\n" in out


def test_drift(capsys: Capture) -> None:
    commit_report(capsys)
    assert main(["check", "models"]) == 0
    assert capsys.readouterr().err == ""
    mutate("lognormal(5, 10,", "lognormal(5, 10.2,")
    assert main(["check", "models"]) == 1
    out = capsys.readouterr().out
    assert "\nexample: price: p95 was 10 and is 10.2, +2%\n" in out
    assert "differences from the committed reports\n" in out
    Path("reports").rename("elsewhere")
    assert main(["check", "models"]) == 0
    assert main(["check", "models", "--reports", "elsewhere"]) == 1


def test_json(capsys: Capture) -> None:
    commit_report(capsys)
    assert main(["check", "models", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert set(document) == {"holds", "claims", "drift", "warnings"}
    assert document["holds"] is True
    assert document["drift"] == []
    assert [claim["verdict"] for claim in document["claims"]] == ["holds", "falls short"]
    for claim in document["claims"]:
        assert list(claim) == [
            "model",
            "quantity",
            "statistic",
            "published",
            "computed",
            "tolerance",
            "verdict",
            "expected",
            "source",
            "note",
            "kind",
            "at_edge",
            "scenario",
            "beside",
        ]
        computed = claim["computed"]
        assert computed["low"] <= computed["value"] <= computed["high"]
    mutate("lognormal(5, 10,", "lognormal(6.5, 13,")
    assert main(["check", "models", "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert document["holds"] is False
    drift = document["drift"]
    keys = {"model", "quantity", "statistic", "committed", "computed", "verdict"}
    assert keys | {"committed_error", "computed_error", "inputs", "causes"} == set(drift[0])
    assert {tuple(d["inputs"]) for d in drift if d["quantity"] == "cost"} == {("price",)}
    moved = next(d for d in drift if (d["quantity"], d["statistic"]) == ("price", "p95"))
    assert (moved["committed"], moved["computed"]) == pytest.approx((10, 13))
    assert moved["verdict"] == "drifted"


def test_json_keeps_remarks_off_stdout(capsys: Capture) -> None:
    assert main(["check", "models", "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["holds"] is True
    assert err.startswith("warning: no report of example in ")


def test_markdown(capsys: Capture) -> None:
    assert main(["check", "models", "--markdown"]) == 0
    out = capsys.readouterr().out
    assert out.startswith(
        "## ✅ 1 of 2 figures hold (1 reconstruction), 1 falls short (as expected)\n"
    )
    assert "| example | cost | mean | 16 USD/hour |" in out


def test_junit_beside_the_table(capsys: Capture) -> None:
    assert main(["check", "models", "--junit", "checks.xml"]) == 0
    assert "1 of 2 figures hold (1 reconstruction)" in capsys.readouterr().out
    root = ElementTree.parse("checks.xml").getroot()
    assert root is not None
    assert root.get("tests") == "2"
    assert sorted(path.name for path in Path().iterdir()) == ["checks.xml", "models"]
    mutate("lognormal(5, 10,", "lognormal(6.5, 13,")
    assert main(["check", "models", "--junit", "checks.xml"]) == 1
    root = ElementTree.parse("checks.xml").getroot()
    assert root is not None
    assert root.get("failures") == "1"


def test_a_model_that_does_not_run_is_told_in_summary_and_junit(capsys: Capture) -> None:
    """Both would have said nothing, or have been those of the last run."""
    Path("models/broken.py").write_text("import guessmodel as gm\nx = gm.lognormal(1, 2\n")
    Path("checks.xml").write_text("of the last run")
    assert main(["check", "models", "--markdown", "--junit", "checks.xml"]) == 2
    out, err = capsys.readouterr()
    told = "models/broken.py:2: syntax error"
    assert told in err
    assert out.startswith("## ❌ The models cannot be checked\n\n    " + told)
    root = ElementTree.parse("checks.xml").getroot()
    assert (root.get("tests"), root.get("errors"), root.get("failures")) == ("1", "1", "0")
    (error,) = root.iter("error")
    assert error.get("type") == "ModelError" and (error.get("message") or "").startswith(told)
    assert main(["check", "models"]) == 2
    assert capsys.readouterr().out == ""


def test_more_samples_and_another_seed(capsys: Capture) -> None:
    def value(*options: str) -> float:
        assert main(["check", "models", "--json", *options]) == 0
        found: float = json.loads(capsys.readouterr().out)["claims"][0]["computed"]["value"]
        return found

    mutate("price * 2", "price * gm.uniform(1.9, 2.1)")
    assert value("--samples", "2**10") == value("--samples", "1024", "--seed", "0")
    assert value("--samples", "1024", "--seed", "5") != value("--samples", "1024")


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["nothing"], "error: there is no file nothing\n"),
        (["models", "--reports", "no"], "error: --reports no: there is no such folder\n"),
        (["models", "--seed", "x"], "argument --seed: 'x' is not a whole number"),
        (["models", "--json", "--markdown"], "not allowed with argument"),
        (["models", "--junit", "no/checks.xml"], "error: there is no folder no, for checks.xml"),
        ([], "the following arguments are required: PATH"),
    ],
)
def test_what_cannot_run(capsys: Capture, words: list[str], text: str) -> None:
    assert main(["check", *words]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert text in err
    assert err.count("\n") <= 2


def test_a_wrong_claim_is_an_error_at_its_line(capsys: Capture) -> None:
    mutate('mean="16 USD/hour"', 'maen="16 USD/hour"')
    assert main(["check", "models"]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.count("\n") == 1
    assert err.startswith(
        "error: models/example.py:5: claim has no maen=; did you mean 'mean'? It "
    )


def test_a_report_that_is_none(capsys: Capture) -> None:
    Path("reports").mkdir()
    Path("reports/example.json").write_text("[]")
    assert main(["check", "models"]) == 2
    assert capsys.readouterr().err.endswith(
        "reports/example.json is no report of guessmodel; write it anew with guessmodel report\n"
    )


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_progress_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    assert main(["check", "models"]) == 0
    shown = terminal.getvalue()
    assert "checking example (1 of 1)" in shown
    assert "\r\x1b[Kwarning: no report of example" in shown


def test_a_terminal_without_unicode(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    class Ascii(io.StringIO):
        encoding = "ascii"

    stream = Ascii()
    monkeypatch.setattr(sys, "stdout", stream)
    assert main(["check", "models"]) == 0
    assert stream.getvalue().isascii()
    assert "+-15%" in stream.getvalue()


def test_warnings_of_method_fail_only_if_strict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("rent.py").write_text(
        "import guessmodel as gm\nrent = gm.lognormal(900, 1200, 'USD/month')\nyearly = rent * 12\n"
    )
    assert main(["check", "rent.py"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == (
        "rent.py:2: rent has no source, so that nobody can check it; write source='…' "
        "[unsourced-input]"
    )
    assert lines[1].startswith("rent.py:3: yearly multiplies a quantity in USD/month by 12")
    assert lines[2:] == ["", "no claims; 2 warnings of method"]
    assert main(["check", "rent.py", "--strict", "--junit", "passed.xml", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)["warnings"]
    assert [(each["code"], each["line"]) for each in told] == [
        ("unsourced-input", 2),
        ("hidden-unit", 3),
    ]
    failures = ElementTree.parse("passed.xml").getroot().findall(".//failure")
    assert [each.get("type") for each in failures] == ["unsourced-input", "hidden-unit"]
    assert main(["check", "rent.py", "--markdown", "--junit", "passed.xml"]) == 0
    assert "| rent.py:3 | yearly |" in capsys.readouterr().out
    root = ElementTree.parse("passed.xml").getroot()
    assert root.get("failures") == "0" and len(root.findall(".//system-out")) == 2
