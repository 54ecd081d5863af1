"""`guessmodel report`: exit codes, what it says, and errors."""

import io
import json
import math
import sys
from pathlib import Path

import pytest

from guessmodel.cli.main import main

Capture = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("models").mkdir()
    Path("models/rent.py").write_text(
        "import guessmodel as gm\nrent = gm.uniform(5, 8, 'USD/day')\n"
    )


def failed(capsys: Capture, *words: str) -> str:
    assert main(["report", *words]) == 2
    out, err = capsys.readouterr()
    assert out == "" and len(err.splitlines()) <= 2
    return err.strip()


def test_written_and_verified(capsys: Capture) -> None:
    assert main(["report", "models", "-o", "out"]) == 0
    out, err = capsys.readouterr()
    # JSON, Markdown, HTML, density, cumulative distribution, graph and two indexes
    assert (out, err) == ("wrote 8 files; open out/index.html\n", "")
    assert main(["report", "models", "-o", "out", "--verify"]) == 0
    assert capsys.readouterr().out == "the files in out belong to the models\n"


def test_reports_is_the_folder_by_default(capsys: Capture) -> None:
    assert main(["report", "models/rent.py", "--samples", "2**12"]) == 0
    assert "open reports/index.html" in capsys.readouterr().out
    assert '"samples": 4096,' in Path("reports/rent.json").read_text()


def test_check_reads_it(capsys: Capture) -> None:
    assert main(["report", "models"]) == 0
    assert main(["check", "models"]) == 0
    assert capsys.readouterr().err == ""
    Path("models/rent.py").write_text(
        Path("models/rent.py").read_text().replace("uniform(5", "uniform(6")
    )
    assert main(["check", "models"]) == 1
    assert "rent: mean was 6.5 and is 7" in capsys.readouterr().out


def test_check_reads_what_report_writes_after_new(capsys: Capture) -> None:
    assert main(["new", "coffee"]) == 0
    assert main(["check", "coffee.py"]) == 0
    assert "drift is not checked" in capsys.readouterr().err
    assert main(["report", "coffee.py"]) == 0
    assert main(["check", "coffee.py"]) == 0
    assert capsys.readouterr().err == ""
    assert main(["report", "coffee.py", "--verify"]) == 0
    text = Path("coffee.py").read_text()
    Path("coffee.py").write_text(text.replace("constant(220,", "constant(230,"))
    assert main(["check", "coffee.py"]) == 1


def test_several_folders_of_reports_need_one_name(capsys: Capture) -> None:
    for name in ("one", "two"):
        Path(name).mkdir()
        Path(f"{name}/{name}.py").write_text(Path("models/rent.py").read_text())
        assert main(["report", f"{name}/{name}.py", "-o", f"{name}/reports"]) == 0
    capsys.readouterr()
    here = Path.cwd()
    assert failed(capsys, "one", "two") == (
        f"error: the reports of one lie in {here / 'one' / 'reports'}, and those of two in "
        f"{here / 'two' / 'reports'}; write them one by one, or name a folder for all (-o DIR)"
    )
    assert main(["check", "one", "two"]) == 0
    assert capsys.readouterr().err == ""


def test_what_differs_is_exit_code_1(capsys: Capture) -> None:
    assert main(["report", "models"]) == 0
    page = Path("reports/rent.md")
    page.write_text(page.read_text() + " ")
    capsys.readouterr()
    assert main(["report", "models", "--verify"]) == 1
    assert capsys.readouterr().out == (
        "reports/rent.md does not show what the JSON beside it holds\n"
        "write the reports anew with guessmodel report\n"
    )


def test_options_of_sampling() -> None:
    words = ["--seed", "7", "--method", "lhs", "--samples", "1000"]
    assert main(["report", "models", *words]) == 0
    text = Path("reports/rent.json").read_text()
    assert all(part in text for part in ('"seed": 7,', '"method": "lhs",', '"samples": 1000,'))
    assert main(["report", "models", "--verify"]) == 0


def test_errors(capsys: Capture) -> None:
    told = "models/rent.py is a file; reports are written to a folder, such as -o reports"
    assert told in failed(capsys, "models", "-o", "models/rent.py")
    assert "there is no file nothing.py" in failed(capsys, "nothing.py")
    assert failed(capsys, "models", "--seed", "none").startswith(
        "error: argument --seed: 'none' is not a whole number"
    )
    assert failed(capsys, "models", "--verify", "-o", "nowhere").startswith(
        "error: there is no folder nowhere; write it with guessmodel report"
    )
    Path("taken").write_text("")
    assert "taken" in failed(capsys, "models", "-o", "taken")
    Path("models/bad.py").write_text("import guessmodel as gm\nx = gm.normal(2, 1)\n")
    assert "models/bad.py:2" in failed(capsys, "models/bad.py")


def test_warnings(capsys: Capture) -> None:
    Path("models/rent.py").write_text(
        "import guessmodel as gm\nrent = gm.log(gm.normal(-1, 1, name='z'))\n"
    )
    assert main(["report", "models"]) == 0
    assert capsys.readouterr().err.startswith(
        "warning: rent: rent: 50% of the draws are not finite"
    )


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_on_a_terminal_alone(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    terminal = _Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    assert main(["report", "models"]) == 0
    assert "reporting rent (1 of 1)" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\x1b[K")
    assert "reporting" not in capsys.readouterr().out


def test_percentiles_are_those_of_its_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("wait.py").write_text(
        "import guessmodel as gm\n"
        "wait = gm.exponential(mean=10, unit='hour', dim={'day': [1, 2]})\n"
        "total = wait.sum('day')\n"
        "long = total > gm.constant(20, 'hour')\n"
    )
    words = ["report", "wait.py", "-o", "out", "--samples", "1024"]
    assert main([*words, "--percentiles", "80, 10"]) == 0
    lines = Path("out/wait.md").read_text().splitlines()
    assert lines.count("| Quantity | Mean | 10% | 80% |") == 2
    made = json.loads(Path("out/wait.json").read_text())
    assert made["percentiles"] == [10, 80]
    # Quantiles of an exponential: -10 log(1 - p).
    found = made["quantities"]["wait"]["percentiles"]["p80"]["1"]["value"]
    assert found == pytest.approx(-10 * math.log(0.2))
    assert found != made["quantities"]["wait"]["p95"]["1"]["value"]
    assert main(["report", "wait.py", "-o", "out", "--verify"]) == 0
    assert main(words) == 0
    assert "| Quantity | Mean | 5% | 50% | 95% |" in Path("out/wait.md").read_text()
    capsys.readouterr()
    assert main(["report", "wait.py", "-o", "out", "--verify", "--percentiles", "10"]) == 2
    assert "--percentiles" in capsys.readouterr().err
