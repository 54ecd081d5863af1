"""Imports below one root, apart from the modules of this process.

What a model file imports from its own root is loaded afresh and leaves `sys.modules` again; what
lies elsewhere (NumPy, pandas) is imported as ever and stays. No bytecode is read or written, so
that an edit within the clock's resolution is never missed.
"""

from __future__ import annotations

import ast
import importlib.util
import os
import sys
import threading
from collections import UserDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, NamedTuple, final

from guessmodel.errors import Location, ModelError
from guessmodel.graph.quantity import Quantity
from guessmodel.loading.outline import Import, Outline, depth_told, outline
from guessmodel.units.vocabulary import model_words

__all__ = ["LOCK", "Isolation", "Loaded", "Rebinding", "copied", "import_root", "is_local"]

LOCK = threading.RLock()
"""Held while a file is loaded: modules, search paths and stdout belong to the whole process."""

_LIBRARY = "guessmodel"
_copies: dict[Path, Path] = {}  # folders, and what they are another revision of


class Rebinding(NamedTuple):
    """A name that was bound to a quantity, and then to something else on another line."""

    name: str
    hidden: Quantity
    first: int
    second: int


@final
@dataclass(frozen=True, slots=True)
class Loaded:
    """A module whose code has run to its end."""

    path: Path
    namespace: dict[str, Any]
    outline: Outline
    rebindings: Sequence[Rebinding] = ()


def import_root(file: Path) -> tuple[Path, str]:
    """The folder that imports start from, and the module's dotted name below it.

    The root is the first folder upwards without an `__init__.py`.
    """
    folder = file.parent
    names = [] if file.name == "__init__.py" else [file.stem.replace(".", "_")]
    while (folder / "__init__.py").is_file() and folder != folder.parent:
        names.insert(0, folder.name)
        folder = folder.parent
    return folder, ".".join(names)


@final
class Isolation:
    """A finder that serves the root of one file (absolute), and a record of what it has run."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.root, self.name = import_root(file)
        self.completed: list[Loaded] = []
        self.sources: dict[str, str] = {}
        self._served: dict[str, bool] = {}
        self._conflicts: dict[str, tuple[str, str]] = {}

    @contextmanager
    def active(self) -> Iterator[None]:
        """Set the process's own modules of this root aside, and bring them back at the end."""
        with LOCK:
            path = sys.path[:]
            aside = self._set_aside()
            if "." not in self.name and not self._serves(self.name):
                # A single file may have the name of another module, for nothing imports it by name.
                self.name = f"{self.name} (model)"
                self._served[self.name] = True
            sys.meta_path.insert(0, self)
            try:
                with model_words(self.sources.__contains__):
                    yield
            finally:
                sys.meta_path.remove(self)
                for name in [name for name in sys.modules if self._served.get(_top(name))]:
                    del sys.modules[name]
                sys.modules.update(aside)
                sys.path[:] = path

    def run(self) -> None:
        """Run the file, as an import would."""
        top = _top(self.name)
        if not self._serves(top) and top in self._conflicts:
            raise ModelError(self._conflict(top), Location(str(self.file), 1))
        importlib.import_module(self.name)

    # --- finder ---------------------------------------------------------------------------------

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Part of the import protocol: where a module of this root lies."""
        if not self._serves(_top(fullname)):
            return None
        if fullname == self.name:
            return self._spec(fullname, self.file)
        tail = fullname.rpartition(".")[2]
        folders = [Path(folder) for folder in path] if path is not None else [self.root]
        for folder in folders:
            source = _source(folder, tail)
            if source is not None:
                return self._spec(fullname, source)
        portions = [str(folder / tail) for folder in folders if (folder / tail).is_dir()]
        if not portions:
            return None
        spec = ModuleSpec(fullname, None, is_package=True)
        spec.submodule_search_locations = portions
        return spec

    def _spec(self, fullname: str, source: Path) -> ModuleSpec | None:
        package = [str(source.parent)] if source.name == "__init__.py" else None
        loader = _Loader(fullname, str(source), self)
        return importlib.util.spec_from_file_location(
            fullname, source, loader=loader, submodule_search_locations=package
        )

    def _serves(self, top: str) -> bool:
        """Whether a top-level name is this root's, and nobody else's."""
        if top not in self._served:
            own = _source(self.root, top)
            other = _elsewhere(top, own)
            self._served[top] = is_local(top, self.root) and other is None and top != _LIBRARY
            if own is not None and other is not None and not _is_library(top, own):
                self._conflicts[top] = str(own), other
        return self._served[top]

    def _set_aside(self) -> dict[str, ModuleType]:
        tops = {_top(name) for name in sys.modules} - {"__main__", _LIBRARY}
        here = _listed(self.root)
        own = {
            top
            for top in tops
            if _is_isolated(sys.modules.get(top))
            or ((here is None or top.casefold() in here) and self._is_own(top))
        }
        aside = {name: module for name, module in sys.modules.items() if _top(name) in own}
        for name in aside:
            del sys.modules[name]
        return aside

    def _is_own(self, top: str) -> bool:
        module = sys.modules.get(top)
        place, own = _place(module), _source(self.root, top)
        if own is not None and getattr(module, "__file__", None) is None and place is not None:
            return True  # Python prefers any module to a folder without __init__.py
        return place is not None and _same(place, own or self.root / top)

    # --- checks ---------------------------------------------------------------------------------

    def check_imports(self, imports: Sequence[Import], file: str) -> None:
        """Raise ModelError where an import could mean this root's module or a foreign one."""
        for name, level, line in imports:
            top = _top(name)
            if level == 0 and not self._serves(top) and top in self._conflicts:
                raise ModelError(self._conflict(top), Location(file, line))

    def _conflict(self, top: str) -> str:
        own, other = self._conflicts[top]
        return f"'{top}' is both {own} and {other}; rename your own"


def _is_library(top: str, own: Path) -> bool:
    """Whether a root's own package is another checkout of guessmodel, such as an older revision:
    its models are run by the one that runs."""
    return top == _LIBRARY and own.name == "__init__.py" and (own.parent / "py.typed").is_file()


@final
class _Loader(SourceFileLoader):
    """Runs a module of the root from its source and records what it bound."""

    def __init__(self, fullname: str, path: str, isolation: Isolation) -> None:
        super().__init__(fullname, path)
        self._isolation = isolation

    def exec_module(self, module: ModuleType) -> None:
        source = Path(self.path).read_bytes()
        self._isolation.sources[self.path] = source.decode("utf-8", errors="replace")
        said, code = _read(source, self.path)
        self._isolation.check_imports(said.imports, self.path)
        bindings = _Bindings(module.__dict__, self.path)
        exec(code, module.__dict__, bindings)
        loaded = Loaded(Path(self.path), module.__dict__, said, bindings.rebindings)
        self._isolation.completed.append(loaded)


@final
class _Bindings(UserDict[str, Any]):
    """A module's namespace that notices when a name of a quantity gets another meaning."""

    def __init__(self, namespace: dict[str, Any], file: str) -> None:
        self.data = namespace
        self.rebindings: list[Rebinding] = []
        self._file = file
        # Instructions are kept, not lines: finding the line of one means walking all of the code.
        self._bound_by: dict[str, tuple[CodeType, int]] = {}

    def __setitem__(self, name: str, value: Any) -> None:
        old = self.data.get(name)
        frame = sys._getframe(1)
        here = frame.f_code, frame.f_lasti
        first = self._bound_by.get(name, here)
        if isinstance(old, Quantity) and old is not value and first != here:
            self.rebindings.append(Rebinding(name, old, _line(*first), frame.f_lineno))
        if isinstance(value, Quantity):
            self._bound_by[name] = here
            if isinstance(old, ModuleType):
                raise ModelError(
                    f"the quantity '{name}' hides the module {old.__name__}, imported as "
                    f"'{name}'; rename the quantity",
                    Location(self._file, frame.f_lineno),
                )
        self.data[name] = value


def _line(code: CodeType, instruction: int) -> int:
    found = (line for start, end, line in code.co_lines() if start <= instruction < end)
    return next(found, None) or code.co_firstlineno


def _read(source: bytes, path: str) -> tuple[Outline, CodeType]:
    with depth_told(source, path):
        tree = ast.parse(source, path)
        return outline(tree), compile(tree, path, "exec", dont_inherit=True)


def is_local(name: str, folder: Path) -> bool:
    """Whether a folder holds a module, a package, or a folder of this name."""
    return _source(folder, name) is not None or (folder / name).is_dir()


def _top(name: str) -> str:
    return name.partition(".")[0]


def _source(folder: Path, name: str) -> Path | None:
    """The file of a module or package in a folder."""
    for candidate in (folder / name / "__init__.py", folder / f"{name}.py"):
        if candidate.is_file():
            return candidate
    return None


def _listed(folder: Path) -> set[str] | None:
    """What modules in a folder may be called, in small letters; None where it cannot be read."""
    try:
        return {entry.name.removesuffix(".py").casefold() for entry in os.scandir(folder)}
    except OSError:
        return None


def _elsewhere(top: str, own: Path | None) -> str | None:
    """Where a module of this name lies outside the root, if anywhere."""
    if top in sys.modules:
        module = sys.modules[top]
        place = _place(module)
        if place is None:
            return f"the built-in module {top}" if module.__spec__ is not None else None
        return None if own is not None and _same(place, own) else str(place)
    for finder in sys.meta_path:
        if isinstance(finder, Isolation):
            continue
        spec = finder.find_spec(top, None)
        if spec is None or (spec.origin is None and spec.loader is None):
            continue  # Python prefers any module to a folder without __init__.py
        if not spec.has_location:
            return f"the built-in module {top}"
        if spec.origin is None or (own is not None and _same(Path(spec.origin), own)):
            return None
        return spec.origin
    return None


def _place(module: ModuleType | None) -> Path | None:
    file = getattr(module, "__file__", None)
    if file is None:
        file = next(iter(getattr(module, "__path__", ())), None)
    return None if file is None else Path(file)


def _is_isolated(module: ModuleType | None) -> bool:
    """Whether a model file that is being run, and loads another, has imported it."""
    return isinstance(getattr(module, "__loader__", None), _Loader)


def _same(first: Path, second: Path) -> bool:
    """Whether two paths are one file, or a file and its copy of another revision."""
    try:
        return _original(first).samefile(_original(second))
    except OSError:
        return False


@contextmanager
def copied(folder: Path, original: Path) -> Iterator[None]:
    """While this lasts, `folder` is known for another revision of `original`: what a model there
    imports is its own version of a module, also where Python finds the other one."""
    _copies[folder] = original
    try:
        yield
    finally:
        del _copies[folder]


def _original(path: Path) -> Path:
    for folder, original in _copies.items():
        if path.is_relative_to(folder):
            return original / path.relative_to(folder)
    return path
