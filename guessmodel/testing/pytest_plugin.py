"""pytest plugin: `pytest --guessmodel models` tests the claims of models, one item a figure.

Models are loaded when tests are collected, and sampled once when the first of their claims runs.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, final

import pytest

if TYPE_CHECKING:
    from guessmodel.claims.checking import CheckedClaim
    from guessmodel.model.model import Model

__all__ = ["ClaimFailed", "ClaimItem", "ModelFile"]

_FILES = pytest.StashKey[frozenset[Path]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add --guessmodel."""
    parser.getgroup("guessmodel").addoption(
        "--guessmodel",
        action="append",
        default=[],
        metavar="PATH",
        help="test the claims of a model file, or of all models in a folder, too; may be given "
        "several times. -m guessmodel selects them alone",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker of claims."""
    config.addinivalue_line("markers", "guessmodel: a claim of a model")


def pytest_sessionstart(session: pytest.Session) -> None:
    """Find the models, and have pytest look into their files."""
    from guessmodel.errors import GuessmodelError
    from guessmodel.loading.load import find_models

    config = session.config
    folder = config.invocation_params.dir
    paths = [folder / path for path in config.getoption("guessmodel")]
    try:
        files = find_models(paths)
    except GuessmodelError as error:
        raise pytest.UsageError(f"--guessmodel: {error}") from None
    config.stash[_FILES] = frozenset(files)
    if not any("::" in argument for argument in config.args):  # `file::test` asks for single tests
        config.args += map(str, files)  # pytest collects each file once


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(
    file_path: Path, parent: pytest.Collector
) -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
    """A model file is read as claims; nothing else imports it."""
    collectors = yield
    if file_path.resolve() in parent.config.stash.get(_FILES, frozenset()):
        return [ModelFile.from_parent(parent, path=file_path)]
    return collectors


@final
class ClaimFailed(Exception):
    """A figure does not come out as expected; the text explains it."""


class ModelFile(pytest.File):
    """A model file, and the check of its claims, which is made once."""

    _model: Model
    _checked: list[CheckedClaim] | Exception | None = None

    def collect(self) -> Iterator[ClaimItem]:
        """One item for each figure of each claim; nothing is sampled."""
        from guessmodel.claims.checking import figures
        from guessmodel.errors import GuessmodelError
        from guessmodel.escaping import shown_in_log, shown_line
        from guessmodel.model.model import Model

        try:
            self._model = Model.from_file(self.path)
            found = figures(self._model)
        except GuessmodelError as error:
            raise self.CollectError(shown_in_log(str(error))) from None
        taken: set[str] = set()
        for index, (claim, statement, title) in enumerate(found):
            title = title if claim.scenario is None else f"{title} in '{claim.scenario}'"
            first = f"{title}: {statement.statistic} {statement.figure.text}".replace("::", ":")
            name = first = shown_line(first)
            ordinal = 1
            while name in taken:
                ordinal += 1
                name = f"{first} ({ordinal})"
            taken.add(name)
            line = claim.location.line - 1
            yield ClaimItem.from_parent(self, name=name, index=index, line=line)

    def checked(self, index: int) -> CheckedClaim:
        """The result for one figure; the first call samples the model."""
        from guessmodel.claims.checking import check

        if self._checked is None:
            try:
                self._checked = list(check(self._model, drift=False).claims)
            except Exception as error:
                self._checked = error
        if isinstance(self._checked, Exception):
            raise self._checked.with_traceback(None)
        return self._checked[index]


@final
class ClaimItem(pytest.Item):
    """One figure of a claim."""

    def __init__(self, *, index: int, line: int, **options: Any) -> None:
        super().__init__(**options)
        self._index = index
        self._line = line
        self.add_marker(pytest.mark.guessmodel)

    def runtest(self) -> None:
        """Fail with an explanation where the verdict is not the expected one."""
        assert isinstance(self.parent, ModelFile)
        claim = self.parent.checked(self._index)
        if not claim.as_expected:
            raise ClaimFailed(claim.explanation)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The explanation alone: our own stack helps nobody."""
        from guessmodel.errors import GuessmodelError
        from guessmodel.escaping import shown_in_log

        if isinstance(excinfo.value, ClaimFailed | GuessmodelError):
            return shown_in_log(str(excinfo.value))
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """The line of the claim."""
        return self.path, self._line, self.name
