"""Start-up: a run imports nothing that it does not use."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import guessmodel as gm

ROOT = Path(__file__).parents[1]
HEAVY = {
    "IPython",
    "dask",
    "distributed",
    "matplotlib",
    "networkx",
    "pandas",
    "rich",
    "scipy",
    "xarray",
    "zarr",
}


def imported(code: str) -> set[str]:
    """All modules that are there after some code ran in a process of its own."""
    code = f"import json, sys\n{code}\nprint('\\n' + json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


def heavy(modules: set[str]) -> set[str]:
    return {name for name in modules if name.split(".")[0] in HEAVY}


def running(file: Path) -> str:
    return (
        f"import guessmodel.cli.main\nassert guessmodel.cli.main.main(['run', {str(file)!r}]) == 0"
    )


@pytest.fixture(scope="module")
def pints_own() -> set[str]:
    """What pint takes along where it is installed, such as the head of SciPy."""
    return imported("import pint; pint.UnitRegistry(None)")


def test_the_package_alone_imports_numpy_and_no_more() -> None:
    modules = imported("import guessmodel")
    assert "numpy" in modules
    assert not heavy(modules)
    assert "pint" not in modules


def test_a_run_imports_nothing_heavy_of_its_own(pints_own: set[str]) -> None:
    modules = imported(running(ROOT / "models" / "twitter.py"))
    assert "pint" in modules
    assert not heavy(modules) - pints_own
    assert "dask" not in modules
    assert "dask" in imported("import dask\n" + running(ROOT / "models" / "twitter.py"))
    assert "scipy.special" not in modules


def test_a_model_without_units_does_without_pint(tmp_path: Path) -> None:
    file = tmp_path / "plain.py"
    file.write_text("import guessmodel as gm\n\nx = gm.lognormal(1, 3) * gm.normal(4, 5)\n")
    modules = imported(running(file))
    assert "pint" not in modules
    assert not heavy(modules)


def test_the_list_would_show_what_is_imported() -> None:
    assert "scipy.special" in heavy(imported("import scipy.special"))


def test_names_that_are_not_imported_yet_can_be_found() -> None:
    assert {"beta", "check", "lognormal", "plots", "testing"} <= set(dir(gm))
    with pytest.raises(AttributeError, match="no attribute 'lognorm'; did you mean 'lognormal'?"):
        _ = gm.lognorm
    with pytest.raises(AttributeError, match="no attribute '_lognormal'$"):
        _ = gm._lognormal
