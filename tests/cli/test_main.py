"""The command line as a whole: exit codes, one-line errors, the manual."""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from guessmodel import __version__
from guessmodel.cli import COMMANDS
from guessmodel.cli import main as cli
from guessmodel.cli.main import main

Capture = pytest.CaptureFixture[str]
README = Path(__file__).parents[2] / "README.md"
MANUAL = README.parent / "docs" / "cli.md"
MODEL = "import guessmodel as gm\nprice = gm.lognormal(5, 10, 'USD')\ncost = price * 3\n"


@pytest.fixture(autouse=True)
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("model.py").write_text(MODEL)


def failed(capsys: Capture, *words: str) -> str:
    """The text of a wrong call: nothing on stdout, one or two lines on stderr, exit code 2."""
    assert main(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert 1 <= err.count("\n") <= 2
    return err.removesuffix("\n")


def test_help_and_version(capsys: Capture) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"guessmodel {__version__}\n"
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    assert all(re.search(rf"^    {name}\s+\w", shown, re.MULTILINE) for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_and_a_place_in_the_manual(capsys: Capture, name: str) -> None:
    assert main([name, "--help"]) == 0
    shown = capsys.readouterr().out
    assert "%%" not in shown
    options = set(re.findall(r"(?<![\w-])--[a-z]+", shown)) - {"--help"}
    sections = re.split(r"^## ", MANUAL.read_text(), flags=re.MULTILINE)
    section = next((text for text in sections if text.startswith(f"`guessmodel {name}")), None)
    assert section is not None, f"docs/cli.md has no section `guessmodel {name}`"
    assert options <= set(re.findall(r"--[a-z]+", section))


def test_wrong_calls(capsys: Capture) -> None:
    assert failed(capsys, "rum") == "error: there is no command 'rum'; did you mean 'run'?"
    known = ", ".join(COMMANDS)
    assert failed(capsys, "xyz") == f"error: there is no command 'xyz'; there are {known}"
    assert failed(capsys) == (
        "error: the following arguments are required: COMMAND; see guessmodel --help"
    )
    assert "--" in failed(capsys, "--", "run", "model.py")  # by argparse, or later on by us
    assert failed(capsys, "run") == (
        "error: the following arguments are required: FILE; see guessmodel run --help"
    )
    assert failed(capsys, "run", "model.py", "--sampels", "5") == (
        "error: unknown option --sampels; did you mean '--samples'?; see guessmodel run --help"
    )
    assert failed(capsys, "new", "a", "b") == (
        "error: one argument too many: b; see guessmodel new --help"
    )


def test_options_are_not_abbreviated(capsys: Capture) -> None:
    assert "unknown option --samp" in failed(capsys, "run", "model.py", "--samp", "8")


def test_traceback_on_request(capsys: Capture) -> None:
    assert main(["run", "nothing.py"]) == 2
    assert capsys.readouterr().err == "error: there is no file nothing.py\n"
    assert main(["--traceback", "run", "nothing.py"]) == 2
    assert main(["run", "nothing.py", "--traceback"]) == 2
    shown = capsys.readouterr().err
    assert shown.count("Traceback (most recent call last)") == 2
    assert "ModelError: there is no file nothing.py" in shown


def raising(error: BaseException) -> Any:
    def execute(words: list[str]) -> int:
        raise error

    return execute


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (MemoryError(), "error: out of memory; ask for fewer --samples, or for fewer quantities\n"),
        (PermissionError(13, "Permission denied", "x.py"), "error: Permission denied: x.py\n"),
        (
            TypeError("no such thing\nmore"),
            "error: internal error, TypeError: no such thing\n"
            "--traceback shows where; please report\n",
        ),
    ],
)
def test_other_errors(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture, error: Exception, text: str
) -> None:
    monkeypatch.setattr(cli, "_run", raising(error))
    assert main(["run", "model.py"]) == 2
    assert capsys.readouterr() == ("", text)


def test_ctrl_c(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> None:
    monkeypatch.setattr(cli, "_run", raising(KeyboardInterrupt()))
    assert main(["run", "model.py"]) == 130
    assert capsys.readouterr() == ("", "interrupted\n")


@pytest.mark.skipif(os.name == "nt", reason="signals as POSIX has them")
def test_ctrl_c_in_a_model_that_runs() -> None:
    Path("slow.py").write_text("import time\nprint('here', flush=True)\ntime.sleep(60)\n")
    command = [sys.executable, "-m", "guessmodel", "run", str(Path("slow.py").resolve())]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == "here\n"
        process.send_signal(signal.SIGINT)
        assert process.stderr.read() == "interrupted\n"
    assert process.returncode == 130


@pytest.mark.skipif(os.name == "nt", reason="pipes as POSIX has them")
def test_a_reader_that_goes_away() -> None:
    command = f"{shlex.quote(sys.executable)} -m guessmodel run model.py --json"
    script = f"({command}; echo $? >code) | true; sleep 0.1; until [ -s code ]; do sleep 0.1; done"
    done = subprocess.run(["sh", "-c", script], stderr=subprocess.PIPE, text=True, timeout=60)
    assert done.stderr == ""
    assert Path("code").read_text() in ("141\n", "0\n")  # 0 where the reader was slow to go


# --- the manual ---------------------------------------------------------------------------------


def test_the_model_of_the_readme_runs(capsys: Capture) -> None:
    model = re.search(r"^```python\n((?:.*\n)*?)```$", README.read_text(), re.MULTILINE)
    assert model is not None
    Path("model.py").write_text(model[1])
    assert main(["run", "model.py"]) == 0
    assert capsys.readouterr().err == ""


def test_the_readme_has_two_commands() -> None:
    """The first runs the main job, the second all tests; `.ci/run` runs the same two."""
    section = README.read_text().split("## Quick start\n")[1].split("\n## ")[0]
    blocks = re.findall(r"^```sh\n((?:.*\n)*?)```$", section, re.MULTILINE)
    assert [len(block.splitlines()) for block in blocks] == [1, 1]
    main_job, tests = (block.strip().split(" && ") for block in blocks)
    checks = (README.parent / ".ci" / "run").read_text()
    assert main_job[-1] == ".venv/bin/guessmodel run models/twitter.py"
    for command in (*tests, *main_job):
        assert command in re.sub(r'"\$venv([\w/]*)"', r".venv\1", checks)


def test_json_of_the_manual(capsys: Capture) -> None:
    block = re.search(r"^```json\n((?:.*\n)*?)```$", MANUAL.read_text(), re.MULTILINE)
    assert block is not None
    expected = json.loads(block[1])
    assert main(["new", "coffee"]) == 0
    capsys.readouterr()
    assert main(["run", "coffee.py", "price", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    for statistics in found["quantities"].values():
        for name in ("mean", "sd", "p5", "p50", "p95"):
            statistics[name] = {key: round(value, 4) for key, value in statistics[name].items()}
    assert found == expected


def test_a_spread_of_rounding_is_a_constant_to_every_command(capsys: Capture) -> None:
    Path("model.py").write_text(
        "import guessmodel as gm\n"
        "x = gm.normal(5, 8)\n"
        "one = gm.sin(x) ** 2 + gm.cos(x) ** 2\n"
        "part = gm.dirichlet({'a': 2, 'b': 3, 'c': 4}, dim='k')\n"
        "whole = part.sum('k')\n"
        "same = (x * 3) / x / 3\n"
    )
    assert main(["run", "model.py", "one", "whole", "same"]) == 0
    shown = [line.split() for line in capsys.readouterr().out.splitlines()[3:]]
    assert shown == [[name, "*", *"1111"] for name in ("one", "whole", "same")]
    assert main(["report", "model.py", "--samples", "4096"]) == 0
    for kind in ("density", "cdf", "histogram", "comparison"):
        assert main(["plot", "model.py", "one", "--kind", kind, "-o", "x.svg"]) == 0
    assert main(["plot", "model.py", "one", "x", "--kind", "scatter", "-o", "x.svg"]) == 0


@pytest.mark.parametrize(
    "words",
    [
        ["sweep", "m.py", "--over", "price=1,2", "cost"],
        ["seek", "m.py", "--by", "price", "--target", "5", "cost"],
        ["decide", "m.py", "--seed", "1", "choice"],
        ["fit", "d.csv", "--families", "normal,gamma", "a"],
    ],
)
def test_what_may_be_left_out_may_stand_behind_options(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("m.py").write_text(
        "import guessmodel as gm\nprice = gm.constant(3)\ncost = price * gm.normal(1, 2)\n"
        "aside = gm.normal(1, 2)\nchoice = gm.decision({'a': cost, 'b': 3})\n"
        "other = gm.decision({'a': cost, 'b': 4})\n"
    )
    Path("d.csv").write_text("a,b\n1,2\n2,3\n4,5\n3,1\n5,4\n6,6\n")
    before = [words[0], words[1], words[-1], *words[2:-1]]
    shown = []
    for order in (before, words):
        assert main(order) == 0
        shown.append(capsys.readouterr().out)
    assert shown[0] == shown[1]
    assert main([*words, "more"]) == 2
    assert "one argument too many: more" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["run", "m.py", "x", "--set", "a=5", "to", "8"], "--set 'a=5 to …'"),
        (["run", "m.py", "--given", "a", "<", "8"], "--given 'a < …'"),
        (["run", "m.py", "--set", "a=5", "USD/hour"], "--set 'a=5 USD/hour …'"),
        (["sweep", "m.py", "x", "--over", "a=1..9:3", "log"], "--over 'a=1..9:3 log …'"),
        (["sensitivity", "m.py", "x", "--of", "P(>", "5)"], "--of 'P(> 5) …'"),
    ],
)
def test_a_value_with_blanks_that_has_no_quotes(
    words: list[str], told: str, capsys: Capture
) -> None:
    assert failed(capsys, *words).endswith(f": a value with blanks needs quotes, {told}")


def test_an_error_names_no_line_of_what_started_the_program(capsys: Capture) -> None:
    Path("way.py").write_text(
        "import guessmodel as gm\nway = gm.categorical({'car': 0.7, 'bus': 0.3})\n"
    )
    told = "error: 'bos' is none of the labels; write one of 'car', 'bus'"
    assert failed(capsys, "run", "way.py", "--given", "way == bos") == told
    for start in (["-m", "guessmodel"], ["-c", "from guessmodel.cli.main import main; main()"]):
        words = [sys.executable, *start, "run", "way.py", "--given", "way == bos"]
        done = subprocess.run(words, capture_output=True, text=True)
        assert done.stderr.strip() == told
