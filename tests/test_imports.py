"""Imports run down the house only, and a run imports nothing that it does not use."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import guessmodel as gm
from guessmodel.cli import COMMANDS

ROOT = Path(__file__).parents[1]
HEAVY = {
    "openpyxl",
    "pyarrow",
    "h5netcdf",
    "IPython",
    "dask",
    "distributed",
    "lark",
    "matplotlib",
    "networkx",
    "pandas",
    "pint",
    "rich",
    "scipy",
    "xarray",
    "zarr",
}
OTHERS = {
    "concurrent.futures",
    "guessmodel.engine.cluster",
    "guessmodel.engine.streaming",
    "guessmodel.estimators.sketch",
    "guessmodel.interop",
    "guessmodel.sampling.iid",
    "guessmodel.sampling.latin",
    "guessmodel.simulation.store",
    "numpy.ma",
}


# From the ground up: a room imports from itself and from those before it.
ROOMS = (
    *("version", "starting", "escaping", "words", "errors", "attributes", "options", "files"),
    *("tables", "numerics", "units", "graph", "finance", "utility", "distributions"),
    *("sampling", "loading", "model"),
    *("engine", "estimators", "simulation", "analysis", "method", "claims", "fitting", "plots"),
    *("page", "report", "interop", "studio", "testing", "cli"),
)
# Methods for the user's convenience, which say in a line what rooms above do.
UPWARD = {
    ("graph/quantity.py", "sample"),
    ("model/model.py", "compare"),
    ("model/model.py", "lazy"),
    ("model/model.py", "plan"),
    ("model/model.py", "sample"),
    ("simulation/simulation.py", "scenarios"),
    ("simulation/simulation.py", "correlations"),
    ("simulation/simulation.py", "sensitivity"),
    ("simulation/simulation.py", "export"),
    ("simulation/simulation.py", "to_arviz"),
    ("model/model.py", "seek"),
    ("model/model.py", "sweep"),
    ("model/model.py", "widget"),
    ("simulation/simulation.py", "_repr_mimebundle_"),
}
# What these take and return, which only type checkers import.
TYPES = {
    ("graph/quantity.py", "Result"),
    ("model/model.py", "Comparison"),
    ("model/model.py", "Plan"),
    ("model/model.py", "Simulation"),
    ("simulation/simulation.py", "Scenarios"),
    ("simulation/simulation.py", "Correlations"),
    ("simulation/simulation.py", "Exported"),
    ("simulation/simulation.py", "Sensitivity"),
    ("model/model.py", "SeekOptions"),
    ("model/model.py", "Sought"),
    ("model/model.py", "Sweep"),
    ("model/model.py", "SweepOptions"),
}


def inner_imports(tree: ast.AST, function: str = "") -> Iterator[tuple[str, str, str]]:
    """All imports from the package, lazy ones too: the function they stand in, module and name."""
    for node in ast.iter_child_nodes(tree):
        inside = node.name if isinstance(node, ast.FunctionDef) else function
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("guessmodel"):
            yield from ((function, node.module or "", alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names if alias.name.startswith("guessmodel")]
            yield from ((function, name, "") for name in names)
        yield from inner_imports(node, inside)


def room(module: str, name: str) -> str:
    """The room of `from module import name`."""
    parts = [*module.split("."), name]
    return parts[1] if len(parts) > 1 else ""


def test_imports_run_down_the_house_only() -> None:
    package = Path(gm.__file__).parent
    wrong, used = [], set()
    for file in sorted(package.rglob("*.py")):
        path = file.relative_to(package)
        own = path.parts[0].removesuffix(".py")
        if own in ("__init__", "__main__"):  # the door
            continue
        for function, module, name in inner_imports(ast.parse(file.read_text())):
            other = room(module, name)
            if ROOMS.index(other) <= ROOMS.index(own):
                continue
            if (str(path), function) in UPWARD:
                used.add((str(path), function))
            elif (str(path), name) not in TYPES or function:
                wrong.append(f"{path}: {module}.{name}")
    assert wrong == []
    assert used == UPWARD, "a method that imports nothing from above need not be listed"


def imported_with(tree: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    """Imports that a module makes when it is imported itself."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        checked = isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        if not (checked or isinstance(node, ast.FunctionDef)):
            yield from imported_with(node)


def test_any_module_can_be_imported_first() -> None:
    """A user's first call decides which is, so that no two may import each other."""
    package = Path(gm.__file__).parent
    files = {
        ".".join(file.relative_to(package.parent).with_suffix("").parts).removesuffix(
            ".__init__"
        ): file
        for file in package.rglob("*.py")
    }
    needs: dict[str, set[str]] = {}
    for module, file in files.items():
        asked: set[str] = set()
        for node in imported_with(ast.parse(file.read_text())):
            whole = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            asked.update(whole, (".".join([*whole, alias.name]) for alias in node.names))
        # A package is there, if not complete, when what is in it is imported.
        needs[module] = {
            each for each in asked & files.keys() if not f"{module}.".startswith(f"{each}.")
        }
    assert needs["guessmodel.simulation"] and not needs["guessmodel.words"]
    TopologicalSorter(needs).prepare()  # raises CycleError, which names them


def test_the_page_on_architecture_has_every_room_and_way_up() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text()
    first = [row.split("|")[1] for row in text.splitlines() if row.startswith("| `")]
    told = [name.removesuffix(".py") for cell in first for name in re.findall(r"`([^`]+)`", cell)]
    assert told == list(reversed(ROOMS))
    for path, method in UPWARD:
        name = f"{Path(path).stem.capitalize()}.{method}"
        assert method.startswith("_") or f"`{name}`" in text, name


def test_every_file_holds_one_idea() -> None:
    package = Path(gm.__file__).parent
    long = [
        str(file.relative_to(package))
        for file in package.rglob("*.py")
        if len(file.read_text().splitlines()) > 400
    ]
    assert long == []


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


def test_the_package_alone_imports_nothing_before_it_is_used() -> None:
    assert "numpy" not in imported("import guessmodel")
    modules = imported("import guessmodel as gm\ngm.normal(1, 3)")
    assert "numpy" in modules
    assert not heavy(modules)


def test_the_table_of_names_says_where_each_is() -> None:
    """In a process of its own, in which all are asked for, as no other test may have done so."""
    code = "import guessmodel as gm\nmissing = [n for n in gm.__all__ if not hasattr(gm, n)]"
    assert "guessmodel.claims.claim" in imported(f"{code}\nassert missing == [], missing")
    tree = ast.parse(Path(gm.__file__).read_text())
    typed = {
        alias.asname: (node.module, alias.name)
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module != "guessmodel"
        for alias in node.names
        if alias.asname
    }
    for name, told in gm._AT_FIRST_USE.items():
        module, _, own = told.partition(":")
        assert typed[name] == (module, own or name)
    assert set(gm._AT_FIRST_USE) == set(gm.__all__)


# `accuracy` draws normals through the quantile functions of other families.
@pytest.mark.parametrize("model", ["twitter", "accuracy"])
def test_a_run_imports_nothing_heavy_and_nothing_of_other_runs(model: str) -> None:
    modules = imported(running(ROOT / "models" / f"{model}.py"))
    assert not heavy(modules)
    assert not OTHERS & modules


def test_the_help_on_all_commands_imports_none_of_them() -> None:
    modules = imported("import guessmodel.cli.main\nguessmodel.cli.main.main(['--help'])")
    assert not heavy(modules) and "numpy" not in modules
    assert not {f"guessmodel.cli.{name}" for name in ("run", "fit", "report")} & modules


@pytest.mark.parametrize("command", list(COMMANDS))
def test_the_help_on_a_command_imports_nothing_heavy(command: str) -> None:
    words = [command, "--help"]
    modules = imported(f"import guessmodel.cli.main\nguessmodel.cli.main.main({words})")
    assert not heavy(modules)
    assert f"guessmodel.cli.{command}".replace(".import", ".import_model") in modules


def test_what_a_run_does_without_is_there_for_runs_that_need_it(tmp_path: Path) -> None:
    file = tmp_path / "skewed.py"
    file.write_text("import guessmodel as gm\n\nx = gm.constant(3, 'kg') * gm.gamma(1, 3)\n")
    modules = imported(
        f"import guessmodel.cli.main\nargs = ['run', {str(file)!r}, '--method', 'lhs']\n"
        "assert guessmodel.cli.main.main(args) == 0"
    )
    assert {"scipy.special", "guessmodel.sampling.latin"} <= modules


def test_the_list_would_show_what_is_imported() -> None:
    assert "scipy.special" in heavy(imported("import scipy.special"))


def test_names_that_are_not_imported_yet_can_be_found() -> None:
    assert {"beta", "check", "lognormal", "plots", "testing"} <= set(dir(gm))
    assert not {"Any", "TYPE_CHECKING", "engine", "estimators"} & set(dir(gm))  # of no use to type
    with pytest.raises(AttributeError, match="no attribute 'lognorm'; did you mean 'lognormal'?"):
        _ = gm.lognorm
    with pytest.raises(AttributeError, match="no attribute '_lognormal'$"):
        _ = gm._lognormal
