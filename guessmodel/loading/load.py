"""From a file to its quantities: names, descriptions, claims; and errors at the user's own line."""

from __future__ import annotations

import ast
import contextlib
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import resolve_name
from pathlib import Path
from types import ModuleType
from typing import Protocol, TextIO, final, runtime_checkable

from guessmodel.errors import GuessmodelError, Location, ModelError, caller
from guessmodel.escaping import is_harmless
from guessmodel.graph.correlations import REGISTRY, check_draws, check_results
from guessmodel.graph.naming import Entry, entry
from guessmodel.graph.quantity import Quantity
from guessmodel.graph.traversal import ancestors
from guessmodel.loading import ATTACHED
from guessmodel.loading.binding import (
    check_rebindings,
    descriptions,
    helpers,
    holds_quantities,
    labels,
    names,
)
from guessmodel.loading.explain_error import explain
from guessmodel.loading.importing import LOCK, Isolation, Loaded, import_root, is_local
from guessmodel.loading.outline import Import, depth_told, outline

__all__ = ["Module", "candidates", "find_models", "imported", "load", "load_all"]

_SKIPPED = {"__pycache__", "node_modules", "build", "dist"}


@final
@dataclass(frozen=True, slots=True)
class Module:
    """A model file that has run: its quantities by name, in the order in which it binds them."""

    path: Path
    stem: str
    doc: str | None
    names: Mapping[str, Quantity]
    docs: Mapping[str, str]
    attached: tuple[object, ...]  # claims and scenarios
    labels: Mapping[str, str]  # shown instead of a name
    helpers: frozenset[str]  # names that are given in passing

    def entries(self, *, own: bool) -> list[Entry]:
        """The module's quantities for a model, whose own file it is or not."""
        return [
            entry(
                self.stem,
                name,
                quantity,
                self.docs.get(name),
                own=own,
                label=self.labels.get(name, ""),
                helper=name in self.helpers,
            )
            for name, quantity in self.names.items()
        ]


def load(path: str | Path) -> tuple[Module, ...]:
    """Run a model file, apart from this process's modules, and what it imports from its own root.

    The modules that hold quantities come in the order in which they completed; the last is the
    file itself. What the file prints goes to stderr.

    Raises
    ------
    ModelError
        If there is no such file, it does not run, or it holds no quantities; the message names
        the user's own line.
    """
    file = _checked(path)
    completed = _run(file, sys.stderr)
    _check_use(completed[-1])
    return _modules(completed)


def load_all(paths: Iterable[str | Path]) -> list[tuple[Module, ...]]:
    """What `load` gives for each file that `find_models` finds; each file is run once.

    Raises ModelError as they do.
    """
    found: dict[Path, tuple[Module, ...]] = {}
    for path in map(Path, paths):
        if not path.is_dir():
            file = _checked(path)
            found[file] = found.get(file) or load(file)
            continue
        files = [file.resolve() for file in _python_files(path)]
        models = {file: found.get(file) or _as_model(file, sys.stderr) for file in files}
        if not any(models.values()):
            raise _no_model(path)
        found |= {file: modules for file, modules in models.items() if modules is not None}
    return list(found.values())


def imported(module: ModuleType) -> tuple[Module, ...]:
    """The same for a module that has been imported in the ordinary way.

    Raises
    ------
    ModelError
        If the module has no source file, or holds no quantities.
    """
    if not isinstance(module, ModuleType):
        raise ModelError(f"{module!r} is not a module; write Model.from_file(path) for a file")
    if Path(getattr(module, "__file__", None) or "").suffix != ".py":
        raise ModelError(
            f"the module {module.__name__} has no source file; write gm.Model(cost=cost)"
        )
    completed = list(_import_order(module, set()))
    _check_use(completed[-1])
    return _modules(completed)


def find_models(paths: Iterable[str | Path]) -> list[Path]:
    """Model files: those named, and those with quantities of their own in the folders named.

    Folders are searched to their bottom, but for hidden ones, caches and virtual environments.

    Raises
    ------
    ModelError
        If a path does not exist, a folder holds no model, or a file in it does not run.
    """
    found: dict[Path, None] = {}
    for path in map(Path, paths):
        if not path.is_dir():
            found[_checked(path)] = None
            continue
        with Path(os.devnull).open("w") as nowhere:
            models = [file for file in _python_files(path) if _as_model(file.resolve(), nowhere)]
        if not models:
            raise _no_model(path)
        found.update(dict.fromkeys(file.resolve() for file in models))
    return list(found)


def candidates(folder: Path) -> list[Path]:
    """Files below a folder that may hold models, by what they import; none of them is run."""
    found = []
    for file in _python_files(folder):
        if _is_other(file):
            continue
        try:
            imports = _imports(file)
        except GuessmodelError:
            imports = None  # it does not run; it may be a model on which somebody works
        if imports is None or _may_be_model(file, imports):
            found.append(file.resolve())
    return found


def _no_model(folder: Path) -> ModelError:
    return ModelError(f"no model in {folder}: none of its Python files takes quantities")


# --- a file -------------------------------------------------------------------------------------


def _checked(path: str | Path) -> Path:
    path = Path(path)
    if path.is_dir():
        raise ModelError(f"{path} is a folder; name a model file in it, such as {path}/model.py")
    if not path.exists():
        near = path.with_name(f"{path.name}.py")
        hint = f"; did you mean {near}?" if near.exists() else ""
        raise ModelError(f"there is no file {path}{hint}")
    if path.suffix != ".py":
        raise ModelError(f"{path} is not a Python file; a model's name ends in .py")
    if not path.is_file():
        raise ModelError(f"{path} is a pipe or a device; a model is a file")
    return path.resolve()


def _run(file: Path, prints: TextIO) -> list[Loaded]:
    if not is_harmless(file.name):  # reports get this name, and it must be printable
        raise ModelError(
            f"the name of {str(file)!r} has characters that cannot be shown; rename it"
        )
    with LOCK:  # a second thread must not take another's imports for its own
        return _run_alone(file, prints)


def _run_alone(file: Path, prints: TextIO) -> list[Loaded]:
    if any(isinstance(finder, Isolation) and finder.file == file for finder in sys.meta_path):
        raise ModelError(
            "the file loads itself, and would do so without end; write Model.from_file in another "
            "file, or below if __name__ == '__main__':",
            caller(),
        )
    isolation = Isolation(file)
    with isolation.active(), contextlib.redirect_stdout(prints):
        try:
            isolation.run()
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            explained = explain(error, file, isolation.sources)
            if explained is error:
                raise
            raise explained from error
    return isolation.completed


def _check_use(loaded: Loaded) -> None:
    if not holds_quantities(loaded.namespace):
        raise ModelError(
            "the file holds no quantities; bind one to a name, outside of functions, such as "
            'price = gm.lognormal(5, 10, "USD/hour")',
            Location(str(loaded.path), 1),
        )


def _modules(completed: Sequence[Loaded]) -> tuple[Module, ...]:
    owned: set[Quantity] = set()
    modules = []
    for loaded in completed:
        calls = loaded.namespace.get(REGISTRY, ())
        found = names(loaded, owned, {q for call in calls for q in call.arguments})
        if calls:
            check_draws(ancestors(found.values()))
        check_rebindings(loaded, found, owned)
        owned.update(found.values())
        attached = _attached(loaded.namespace)
        if found or attached or loaded is completed[-1]:
            path = loaded.path
            stem = path.parent.name if path.name == "__init__.py" else path.stem
            doc = loaded.outline.doc
            docs = descriptions(loaded, found)
            aside = labels(loaded, found), helpers(loaded, found)
            modules.append(Module(path, stem, doc, found, docs, attached, *aside))
    calls = [call for loaded in completed for call in loaded.namespace.get(REGISTRY, ())]
    check_results(calls, owned)
    return tuple(modules)


@runtime_checkable
class _Named(Protocol):
    """What goes along with a model under the name of its variable, such as a decision."""

    def called(self, name: str) -> object:
        """The same under a name."""


def _attached(namespace: Mapping[str, object]) -> tuple[object, ...]:
    said = namespace.get(ATTACHED, ())
    assert isinstance(said, Iterable)
    bound = {id(value): name for name, value in namespace.items()}
    return tuple(
        each.called(bound[id(each)]) if isinstance(each, _Named) and id(each) in bound else each
        for each in said
    )


# --- imports ------------------------------------------------------------------------------------


def _import_order(module: ModuleType, seen: set[ModuleType]) -> Iterator[Loaded]:
    """A module after those of its imports that hold quantities."""
    seen.add(module)
    path = Path(str(module.__file__)).resolve()
    said = outline(ast.parse(path.read_bytes(), str(path)))
    for name, level, _ in said.imports:
        absolute = resolve_name("." * level + name, module.__package__) if level else name
        other = sys.modules.get(absolute)
        if other is None or other in seen or not getattr(other, "__file__", None):
            continue
        if holds_quantities(vars(other)):
            yield from _import_order(other, seen)
    yield Loaded(path, vars(module), said)


# --- folders ------------------------------------------------------------------------------------


def _python_files(folder: Path) -> Iterator[Path]:
    for place, inner, files in os.walk(folder):
        inner[:] = sorted(name for name in inner if not _skipped(Path(place, name)))
        paths = (Path(place, name) for name in sorted(files) if name.endswith(".py"))
        yield from (path for path in paths if path.is_file())  # not a pipe, nor a broken link


def _skipped(folder: Path) -> bool:
    hidden = folder.name.startswith(".") or folder.name in _SKIPPED
    return hidden or (folder / "pyvenv.cfg").exists()


def _as_model(file: Path, prints: TextIO) -> tuple[Module, ...] | None:
    """The modules of a file that has quantities of its own, else None. It is run only if it can
    have: it must import guessmodel, or something from its own root."""
    if _is_other(file) or not _may_be_model(file, _imports(file)):
        return None
    modules = _modules(_run(file, prints))
    return modules if modules[-1].names else None


def _is_other(file: Path) -> bool:
    return file.name.startswith("test_") or file.name in ("conftest.py", "setup.py")


def _imports(file: Path) -> Sequence[Import]:
    try:
        source = file.read_bytes()
        with depth_told(source, str(file)):
            return outline(ast.parse(source)).imports
    except (SyntaxError, ValueError) as error:
        raise explain(error, file, {}) from error


def _may_be_model(file: Path, imports: Sequence[Import]) -> bool:
    return any(level or _may_hold(name, file) for name, level, _ in imports)


def _may_hold(name: str, file: Path) -> bool:
    top = name.partition(".")[0]
    return top == "guessmodel" or is_local(top, import_root(file)[0])
