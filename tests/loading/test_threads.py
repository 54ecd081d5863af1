"""Files that several threads load at once."""

import contextlib
import io
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import guessmodel as gm
from guessmodel.errors import ModelError

THREADS = 4


def together(task: Callable[[int], object], number: int) -> list[object]:
    """What a task gives for 0, 1, …, all begun at the same moment."""
    barrier = threading.Barrier(THREADS)

    def begun(i: int) -> object:
        if i < THREADS:
            barrier.wait(30)
        return task(i)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(begun, range(number)))


def test_one_file_and_several(tmp_path: Path) -> None:
    (tmp_path / "shared.py").write_text("import guessmodel as gm\nx = gm.normal(0, 1)\n")
    for name in "ab":
        (tmp_path / f"{name}.py").write_text(
            "import time\nimport guessmodel as gm\ntime.sleep(0.01)\nfrom shared import x\n"
            f"print('{name}')\n{name} = x + gm.normal(0, 1)\n"
        )
    modules, path, out = set(sys.modules), sys.path[:], sys.stdout

    def load(i: int) -> list[str]:
        return list(gm.Model.from_file(tmp_path / f"{'aab'[i % 3]}.py").quantities)

    told = io.StringIO()
    with contextlib.redirect_stderr(told):
        found = together(load, 24)
    assert found == [["a", "x"] if i % 3 < 2 else ["b", "x"] for i in range(24)] or found == [
        ["x", "a"] if i % 3 < 2 else ["x", "b"] for i in range(24)
    ]
    assert sorted(told.getvalue().split()) == ["a"] * 16 + ["b"] * 8
    assert (set(sys.modules), sys.path, sys.stdout) == (modules, path, out)


def test_a_file_that_loads_itself_is_told_so_still(tmp_path: Path) -> None:
    path = tmp_path / "loop.py"
    path.write_text(f"import guessmodel as gm\nm = gm.Model.from_file({str(path)!r})\n")

    def load(i: int) -> str:
        with pytest.raises(ModelError, match="the file loads itself") as error:
            gm.Model.from_file(path)
        return str(error.value)

    assert len(set(together(load, 8))) == 1


def test_runs_of_one_model_in_several_threads() -> None:
    x = gm.normal(0, 1)
    model = gm.Model(x=x, y=gm.exp(x), z=gm.apply(lambda v: v * v, x))
    expected = [str(model.sample(256, seed=seed).summary()) for seed in range(8)]
    assert together(lambda seed: str(model.sample(256, seed=seed).summary()), 8) == expected
