"""Draws on disk: what xarray reads, and what a killed run leaves to the next one."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import xarray

import guessmodel as gm
from guessmodel.errors import ModelError, UsageError

SLOW = '''
"""A model that takes its time."""
import time
import guessmodel as gm

def slowly(x):
    time.sleep(0.004)
    return x

price = gm.lognormal(5, 10, "USD", source="offers")
"""What one costs."""
number = gm.lognormal({2025: (1, 2), 2026: (2, 5)}, dim="year")
lost = gm.sqrt(gm.apply(slowly, gm.normal(-1, 3, name="x")))
cost = price * number
'''


def quantities() -> dict[str, gm.Quantity]:
    a = gm.lognormal(1, 3, "USD", doc="a price")
    spans = gm.lognormal({"p": (1, 2), "q": (3, 9), "r": None}, dim="case")
    return {"a": a, "parts": spans * a, "total": (spans * a).sum("case")}


def files(folder: Path) -> dict[str, bytes]:
    found = {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
    # Some versions of zarr list the arrays in an order of their own.
    listed = json.loads(found[".zmetadata"])
    return {**found, ".zmetadata": json.dumps(listed, sort_keys=True).encode()}


class Stopping:
    def __init__(self, after: int) -> None:
        self.after = after

    def __call__(self, done: int, total: int) -> None:
        if done >= self.after:
            raise KeyboardInterrupt


@pytest.mark.parametrize("keep", [True, False])
def test_a_store_is_what_to_xarray_gives(tmp_path: Path, keep: bool) -> None:
    model = gm.Model(**quantities())
    path = tmp_path / "draws.zarr"
    simulation = model.sample(1 << 12, seed=3, store=path, keep=keep)
    expected = model.sample(1 << 12, seed=3).to_xarray()
    with xarray.open_zarr(path) as found:
        assert found["parts"].chunks == ((1,) * 8, (512,), (3,))  # lazy, by replicate
        xarray.testing.assert_identical(found.load(), expected[list(found)])
        assert set(found) == set(expected)
    assert simulation["total"].mean().value == pytest.approx(float(expected["total"].mean()))
    assert [entry.name for entry in tmp_path.iterdir()] == ["draws.zarr"]
    if keep:
        np.testing.assert_array_equal(simulation["a"].values, expected["a"].values.ravel())


@pytest.mark.parametrize("keep", [True, False])
def test_an_interrupted_run_goes_on(tmp_path: Path, keep: bool) -> None:
    model = gm.Model(**quantities())
    whole, path = tmp_path / "whole.zarr", tmp_path / "draws.zarr"
    straight = model.sample(1 << 12, store=whole, keep=keep)
    with pytest.raises(gm.Interrupted):
        model.sample(1 << 12, store=path, keep=keep, threads=1, progress=Stopping(3 * 512))
    assert not path.exists()
    told: list[int] = []
    again = model.sample(
        1 << 12, store=path, keep=keep, threads=1, progress=lambda done, _: told.append(done)
    )
    assert told[0] == 4 * 512  # not from the beginning
    assert files(path) == files(whole)
    assert str(again) == str(straight)


def test_a_killed_run_goes_on(tmp_path: Path) -> None:
    (tmp_path / "slow.py").write_text(SLOW)
    words = [sys.executable, "-m", "guessmodel", "run", "slow.py", "--samples", "2**21"]
    words += ["--threads", "1", "--store"]
    flags = tmp_path / "draws.zarr.part" / "guessmodel" / "done"
    with subprocess.Popen([*words, "draws.zarr"], cwd=tmp_path, stdout=subprocess.PIPE) as killed:
        while not (flags.exists() and flags.read_bytes().count(1) >= 3):
            assert killed.poll() is None, "done before it could be killed"
            time.sleep(0.002)
        killed.kill()
    assert killed.returncode == -signal.SIGKILL
    assert 3 <= flags.read_bytes().count(1) < 16
    first = (tmp_path / "draws.zarr.part" / "cost" / "0" / "0" / "0").stat()
    again, straight = (
        subprocess.run([*words, name], cwd=tmp_path, capture_output=True, text=True, check=True)
        for name in ("draws.zarr", "whole.zarr")
    )
    assert again.stdout == straight.stdout
    assert again.stderr == straight.stderr  # the draws that were lost, and where
    assert "draws are not finite (invalid value in sqrt" in again.stderr
    assert files(tmp_path / "draws.zarr") == files(tmp_path / "whole.zarr")
    kept = (tmp_path / "draws.zarr" / "cost" / "0" / "0" / "0").stat()
    assert (kept.st_ino, kept.st_mtime_ns) == (first.st_ino, first.st_mtime_ns)  # not made again


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"n": 1 << 13}, r"another number of samples \(4096, not 8192\); delete it"),
        ({"seed": 1}, r"another seed \(0, not 1\); delete it, or choose another store"),
        ({"method": "lhs"}, r"another method \(nets, not lhs\)"),
        ({"quantities": ["a"]}, "another list of quantities;"),
    ],
)
def test_another_run_does_not_go_on(
    tmp_path: Path, changed: dict[str, object], message: str
) -> None:
    model, path = gm.Model(**quantities()), tmp_path / "draws.zarr"
    with pytest.raises(gm.Interrupted):
        model.sample(1 << 12, store=path, threads=1, progress=Stopping(1024))
    with pytest.raises(UsageError, match=r"draws.zarr.part was begun with " + message):
        model.sample(**{"n": 1 << 12, "store": path, **changed})  # type: ignore[arg-type]


def test_another_model_does_not_go_on(tmp_path: Path) -> None:
    path = tmp_path / "draws.zarr"
    with pytest.raises(gm.Interrupted):
        gm.Model(x=gm.lognormal(1, 2)).sample(64, store=path, progress=Stopping(16), threads=1)
    with pytest.raises(UsageError, match="was begun with another model;"):
        gm.Model(x=gm.lognormal(1, 2.001)).sample(64, store=path)


def test_what_is_in_the_way_stays(tmp_path: Path) -> None:
    path, model = tmp_path / "draws.zarr", gm.Model(**quantities())
    model.sample(64, store=path)
    before = files(path)
    with pytest.raises(UsageError, match=r"draws.zarr exists; delete it, or choose another store"):
        model.sample(64, store=path)
    assert files(path) == before
    (tmp_path / "other.zarr.part").mkdir()
    with pytest.raises(UsageError, match="is in the way and not an interrupted run; delete it"):
        model.sample(64, store=tmp_path / "other.zarr")
    with pytest.raises(UsageError, match="there is no folder"):
        model.sample(64, store=tmp_path / "nowhere" / "draws.zarr")


def test_names_that_zarr_takes_for_folders(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="'a/b' cannot be the name of an array in a store"):
        gm.Model({"a/b": gm.normal(0, 1)}).sample(64, store=tmp_path / "draws.zarr")


def test_without_zarr_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(UsageError) as error:
        gm.Model(x=gm.normal(0, 1)).sample(64, store=tmp_path / "draws.zarr")
    assert str(error.value) == "this needs the package zarr: pip install 'guessmodel[store]'"


def test_chunks_and_flags_of_a_store_under_way(tmp_path: Path) -> None:
    path = tmp_path / "draws.zarr"
    with pytest.raises(gm.Interrupted):
        gm.Model(x=gm.normal(0, 1)).sample(64, store=path, threads=1, progress=Stopping(24))
    notes = Path(f"{path}.part") / "guessmodel"
    assert (notes / "done").read_bytes() == bytes([1, 1, 1, 0, 0, 0, 0, 0])
    assert json.loads((notes / "run.json").read_text())["seed"] == "0"
    # A flag that is not set: its draws are made again, whatever is there.
    with (notes / "done").open("r+b") as flags:
        flags.seek(1)
        flags.write(b"\0")
    target = Path(f"{path}.part") / "x" / "1" / "0"
    target.write_bytes(os.urandom(64))
    gm.Model(x=gm.normal(0, 1)).sample(64, store=path)
    gm.Model(x=gm.normal(0, 1)).sample(64, store=tmp_path / "whole.zarr")
    assert files(path) == files(tmp_path / "whole.zarr")
    shutil.rmtree(path)
