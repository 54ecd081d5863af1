"""`guessmodel run` beyond memory: streaming, Ctrl-C, stores."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import xarray

from guessmodel.cli.main import main
from guessmodel.engine.run import Record
from guessmodel.simulation import runner
from guessmodel.simulation.store import Store

Capture = pytest.CaptureFixture[str]
MODEL = """
import pathlib
import guessmodel as gm

def noted(x):
    with pathlib.Path("calls").open("a") as calls:
        calls.write(".")
    return x

price = gm.lognormal(5, 10, "USD")
number = gm.normal(2, 3)
cost = gm.apply(noted, price * number)
"""


@pytest.fixture(autouse=True)
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("model.py").write_text(MODEL)


def test_many_samples_just_work(capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runner, "_KEPT", 1 << 10)
    assert main(["run", "model.py", "--samples", "2**18"]) == 0
    table, warnings = capsys.readouterr()
    assert warnings == ""
    assert table.startswith("model.py: 262,144 samples, nets, seed 0; ±")


@pytest.mark.skipif(os.name == "nt", reason="signals as POSIX has them")
@pytest.mark.parametrize("form", [[], ["--json"]])
def test_ctrl_c_shows_the_statistics_so_far(form: list[str]) -> None:
    words = [sys.executable, "-m", "guessmodel", "run", "model.py", "cost", *form]
    command = [*words, "--samples", "1e11", "--seed", "4"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        while not Path("calls").exists() or Path("calls").stat().st_size < 200:
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
    assert process.returncode == 130
    assert err == b""
    text = out.decode()
    if form:
        document = json.loads(text)
        assert document["partial"] is True
        assert 0 < document["samples"] < 1e10
        assert document["quantities"]["cost"]["p50"]["value"] == pytest.approx(17.5, rel=0.02)
    else:
        assert text.startswith("model.py: interrupted after ")
        assert " of 137,438,953,472 samples, nets, seed 4; ±" in text.splitlines()[0]


def test_a_store_beside_the_table(capsys: Capture) -> None:
    assert main(["run", "model.py", "--samples", "4096", "--store", "draws.zarr", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert set(document) == {"model", "file", "seed", "samples", "method", "quantities"}
    with xarray.open_zarr("draws.zarr") as draws:
        assert draws.sizes == {"replicate": 8, "draw": 512}
        mean = float(draws["cost"].mean())
    assert mean == pytest.approx(document["quantities"]["cost"]["mean"]["value"], rel=1e-12)
    assert main(["run", "model.py", "--samples", "4096", "--store", "draws.zarr"]) == 2
    assert capsys.readouterr().err == (
        "error: draws.zarr exists; delete it, or choose another store\n"
    )


def test_an_interrupted_store_says_how_to_go_on(
    capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = Store.mark

    def stop(self: Store, replicate: int, record: Record) -> None:
        if replicate == 3:
            raise KeyboardInterrupt
        mark(self, replicate, record)

    words = ["run", "model.py", "--samples", "4096", "--store", "draws.zarr", "--threads", "1"]
    with monkeypatch.context() as patch:
        patch.setattr(Store, "mark", stop)
        assert main(words) == 130
    out, err = capsys.readouterr()
    assert out.startswith("model.py: interrupted after 1,536 of 4,096 samples")
    assert err == (
        "warning: draws.zarr.part holds the draws so far; the same command goes on from there\n"
    )
    assert main(words) == 0
    assert Path("draws.zarr").is_dir()
