"""Streams that are closed, full, gone or narrow; and models that print."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from guessmodel.cli.main import main
from guessmodel.cli.streams import can_show, json_text, spelled

MODEL = """
import os
import guessmodel as gm

def noisy(x):
    print("function")
    return x

os.system("echo program")
print("file")
x = gm.normal(0, 1, "USD", doc="né \u202e")
y = gm.apply(noisy, x, unit="USD")
gm.claim(y, mean=0.5, rtol=0.1)
"""
FULL = Path("/dev/full")
SHELL = pytest.mark.skipif(os.name != "posix", reason="a shell as POSIX has it")


@pytest.fixture(autouse=True)
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("model.py").write_text(MODEL, encoding="utf-8")


def shell(command: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """A command line in which G stands for guessmodel."""
    return subprocess.run(
        ["sh", "-c", f'G="{sys.executable} -m guessmodel"; {command}'],
        capture_output=True,
        env={**os.environ, **environment},
        check=False,
    )


@SHELL
@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("$G run model.py >&-", 0),
        ("$G run model.py 2>&-", 0),
        ("$G run model.py >&- 2>&- <&-", 0),
        ("$G run missing.py 2>&-", 2),
        ("$G check model.py --json >&- 2>&-", 0),
        pytest.param(
            "$G run missing.py 2>/dev/full",
            2,
            marks=pytest.mark.skipif(not FULL.exists(), reason="Linux"),
        ),
        pytest.param(
            "$G run model.py >/dev/full",
            2,
            marks=pytest.mark.skipif(not FULL.exists(), reason="Linux"),
        ),
        pytest.param(
            "$G run model.py >/dev/full 2>/dev/full",
            2,
            marks=pytest.mark.skipif(not FULL.exists(), reason="Linux"),
        ),
    ],
)
def test_exit_codes_do_not_depend_on_streams(command: str, code: int) -> None:
    done = shell(command)
    assert done.returncode == code
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr


@SHELL
@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "cp1252"])
@pytest.mark.parametrize("command", ["run model.py --json", "check model.py --json"])
def test_json_is_alone_on_stdout_in_every_encoding(command: str, encoding: str) -> None:
    done = shell(f"$G {command}", PYTHONIOENCODING=encoding)
    assert done.returncode == 0
    shown = done.stdout.decode(encoding)
    assert shown.count("\n") == 1
    assert "\u202e" not in shown
    found = json.loads(shown)
    if command.startswith("run"):
        assert found["quantities"]["x"]["doc"] == "né \u202e"
    for printed in (b"program\n", b"file\n", b"function\n"):
        assert printed in done.stderr


@SHELL
def test_tables_are_alone_on_stdout_too() -> None:
    done = shell("$G run model.py")
    assert [line.split()[:1] for line in done.stdout.decode().splitlines()] == [
        ["model.py:"],
        [],
        ["inputs"],
        ["x"],
        [],
        ["outputs"],
        ["y"],
    ]
    assert b"function\n" in done.stderr


@SHELL
def test_junit_may_go_to_stdout() -> None:
    done = shell("$G check model.py --junit /dev/stdout")
    assert done.stdout.startswith(b"<?xml")
    assert b"1 of 1 figures hold" in done.stdout.split(b"</testsuites>\n")[1]


def test_a_pipe_in_a_folder_is_no_model(capsys: pytest.CaptureFixture[str]) -> None:
    Path("folder").mkdir()
    os.mkfifo("folder/pipe.py")
    Path("folder/broken.py").symlink_to("nowhere.py")
    Path("folder/model.py").write_text("import guessmodel as gm\nx = gm.normal(0, 1)\n")
    assert main(["check", "folder"]) == 0
    assert main(["run", "folder/pipe.py"]) == 2
    assert "is a pipe or a device" in capsys.readouterr().err


@SHELL
def test_a_folder_that_was_deleted() -> None:
    here = Path.cwd()
    done = shell(
        f"mkdir gone && cd gone && rmdir ../gone && "
        f'$G report "{here}/model.py" -o "{here}/out" --samples 64'
    )
    assert done.returncode == 0, done.stderr
    assert (here / "out" / "model.json").exists()
    done = shell("mkdir gone && cd gone && rmdir ../gone && $G run model.py")
    assert done.returncode == 2
    assert done.stderr.startswith(b"error: ")
    assert done.stderr.count(b"\n") == 1


@pytest.mark.parametrize("module", ["guessmodel", "guessmodel.cli.main"])
def test_it_runs_as_a_module(module: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", module, "--version"], check=True, capture_output=True
    )
    assert done.stdout.startswith(b"guessmodel ")


@pytest.mark.skipif(os.name != "posix", reason="signals as POSIX has them")
@pytest.mark.parametrize("name", ["numpy", "argparse", "shutil"])
def test_ctrl_c_during_imports_leaves_no_traceback(tmp_path: Path, name: str) -> None:
    """A module that is imported early, and late, interrupts its own import."""
    stub = tmp_path / "stub"
    stub.mkdir()
    (stub / f"{name}.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n")
    found = os.environ.get("PYTHONPATH", "")
    path = os.pathsep.join([str(stub), found] if found else [str(stub)])
    done = subprocess.run(
        [sys.executable, "-m", "guessmodel", "run", "model.py"],
        capture_output=True,
        env={**os.environ, "PYTHONPATH": path},
        check=False,
    )
    assert done.returncode in (-2, 130)
    assert b"Traceback" not in done.stderr


def test_ctrl_c_is_left_alone_in_other_programs() -> None:
    code = "import signal, guessmodel\nassert signal.getsignal(2) is signal.default_int_handler"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_what_stdout_cannot_encode_is_escaped(capsys: pytest.CaptureFixture[str]) -> None:
    for text in ("é", "\x9b31m", "\u202e", "\udc80", "a\nb"):
        shown = json_text({"a": text})
        assert json.loads(shown) == {"a": text}
        print(shown)
    assert json_text("é") == '"é"'


def test_signs_that_a_stream_lacks_are_written_in_ascii() -> None:
    def stream(encoding: str) -> io.TextIOWrapper:
        return io.TextIOWrapper(io.BytesIO(), encoding=encoding)

    assert can_show("é±", stream("latin-1")) and not can_show("…", stream("latin-1"))
    assert can_show("±▁", stream("utf-8")) and can_show("±", io.StringIO())
    text = "é: 3 ± 1 … → ≥ 2"
    assert spelled(text, stream("ascii")) == "é: 3 +- 1 ... -> >= 2"
    assert spelled(text, stream("latin-1")) == "é: 3 ± 1 ... -> >= 2"
    assert spelled(text, stream("utf-8")) == text
