"""Files as they were: `REV:path` of the git repository around the current folder."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from guessmodel.errors import GuessmodelError, UsageError
from guessmodel.loading.importing import copied

__all__ = ["committed", "opened"]

_NO_REVISION = "Needed a single revision"  # as git says it, which helps nobody


@contextmanager
def opened(text: str) -> Iterator[Path]:
    """A path as it is; of `REV:path` a copy in a folder that lasts as long as this.

    As in git, the path begins at the top of the repository, or with `./` in the current folder;
    where there is nothing at the top, the current folder is looked at too. The whole revision is
    written out, since a model may import and read other files of it. Errors of the model name the
    line as `REV:path:line`.

    Raises UsageError where there is no such revision or path.
    """
    revision, colon, path = text.partition(":")
    if not colon or Path(text).exists():
        if not Path(text).exists() and _is_revision(text):
            told = f"{text} is a revision; name a file or a folder of it, such as {text}:model.py"
            raise UsageError(told)
        yield Path(text)
        return
    top = Path(_git(Path.cwd(), "rev-parse", "--show-toplevel", told=text))
    commit = _git(top, "rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}",
                  told=text)  # fmt: skip
    here = Path(os.path.relpath(Path.cwd().resolve(), top.resolve()))
    with tempfile.TemporaryDirectory(prefix="guessmodel-") as folder:
        tree = Path(folder).resolve() / "tree"
        tree.mkdir()
        _check_out(top, commit, tree, Path(folder) / "index", text)
        inside = [Path(path), here / path]
        if path.startswith(("./", "../")):
            inside = inside[1:]
        places = [Path(os.path.normpath(tree / each)) for each in inside]
        found = [place for place in places if place.is_relative_to(tree) and place.exists()]
        if not found:
            raise UsageError(f"{text}: there is no '{path}' in that revision")
        try:
            with copied(tree, top):
                yield found[0]
        except GuessmodelError as error:
            raise _told(error, tree, revision) from error


def _is_revision(text: str) -> bool:
    try:
        return bool(_git(Path.cwd(), "rev-parse", "--verify", "--end-of-options", text, told=text))
    except UsageError:
        return False


def committed(folder: Path, revision: str, suffix: str) -> dict[str, str] | None:
    """The texts of the files of a folder that end so, by name, as a revision has them; None where
    the folder lies in no repository of git, or nothing was committed to it yet.

    Raises UsageError where the repository has no such revision.
    """
    told = f"--against {revision}"
    try:
        _git(folder, "rev-parse", "--verify", "HEAD", told=told)
    except UsageError:
        return None
    try:
        commit = _git(folder, "rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}",
                      told=told)  # fmt: skip
    except UsageError:
        raise UsageError(f"{told}: the repository has no such revision") from None
    listed = _git(folder, "ls-tree", "-z", "--name-only", commit, "./", told=told)
    names = [name for name in listed.split("\0") if name.endswith(suffix)]
    return {
        Path(name).name: _git(folder, "show", f"{commit}:./{name}", told=told) for name in names
    }


def _check_out(top: Path, commit: str, tree: Path, index: Path, text: str) -> None:
    """Write a commit's files to a folder; the repository and its index stay as they are."""
    own = {"GIT_INDEX_FILE": str(index)}
    _git(top, "read-tree", commit, told=text, **own)
    _git(top, "checkout-index", "--all", "--force", f"--prefix={tree}{os.sep}", told=text, **own)


def _told(error: GuessmodelError, tree: Path, revision: str) -> GuessmodelError:
    """The same error, with the file's name as the user wrote it."""
    message = error.message.replace(f"{tree}{os.sep}", f"{revision}:")
    where = error.where
    if where is not None and where.file.startswith(f"{tree}{os.sep}"):
        inside = where.file.removeprefix(f"{tree}{os.sep}")
        where = replace(where, file=f"{revision}:{inside}")
    return type(error)(message, where)


def _git(folder: Path, *words: str, told: str, **environment: str) -> str:
    try:
        done = subprocess.run(
            ["git", *words],
            cwd=folder,
            env={**os.environ, **environment},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
    except FileNotFoundError:
        raise UsageError(f"{told}: there is no such file, and git is not installed") from None
    if done.returncode:
        why = (done.stderr.strip() or "git failed").splitlines()[0].removeprefix("fatal: ")
        because = "" if why == _NO_REVISION else f": {why}"
        raise UsageError(f"{told}: there is no such file, and no such revision{because}")
    return done.stdout.strip()
