"""Files that are replaced whole or not at all.

They are written as drafts beside their place and renamed. Drafts that a killed process or a full
disk left behind are removed by the next one that writes into the same folder.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows, where an open file cannot be removed anyway
    fcntl = None  # type: ignore[assignment]

__all__ = ["create_file", "named", "replace_file", "written_beside"]

_PREFIX = ".guessmodel-"  # not the name of the file, which may be as long as names can be
_SUFFIX = ".draft"


def replace_file(path: Path, content: str | bytes) -> None:
    """Write text (as UTF-8) or bytes to a file: nobody sees half of it.

    Of a symbolic link the file that it leads to is replaced. What is no file (a terminal, a pipe,
    a device) is written to and stays what it is.

    Raises OSError, naming `path`, where it cannot be written.
    """
    data = content.encode() if isinstance(content, str) else content
    with named(path):
        known = _status(path)
        if known is not None and stat.S_ISDIR(known.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        stream = None if known is None else _own_stream(known)
        if stream is not None:
            _write_all(stream, data)
        elif known is not None and not stat.S_ISREG(known.st_mode):
            with path.open("wb", buffering=0) as file:
                _write_all(file.fileno(), data)
        else:
            target = path.resolve()
            mode = 0o666 & ~_umask() if known is None else stat.S_IMODE(known.st_mode)
            with _draft(target.parent, data, mode) as draft:
                draft.replace(target)


def create_file(path: Path, content: str | bytes) -> None:
    """The same for a file that is not there yet; FileExistsError, and no change, where it is."""
    data = content.encode() if isinstance(content, str) else content
    with named(path), _draft(path.parent, data, 0o666 & ~_umask()) as draft:
        os.link(draft, path)  # unlike a rename, fails where the file has come to exist


@contextmanager
def written_beside(path: Path) -> Iterator[Path]:
    """Where a library that writes a file or a folder by its name does so: PATH.part, which takes
    the name at the end, and is gone where it failed. What is no file (a terminal, a pipe) is
    written to as it is."""
    with named(path):
        known = _status(path)
        if known is not None and stat.S_ISDIR(known.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        if known is not None and not stat.S_ISREG(known.st_mode):
            yield path
            return
        target = path.resolve()
        part = target.with_name(f"{target.name}.part")
        try:
            _remove(part)
            yield part
            part.replace(target)
        finally:
            _remove(part)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


@contextmanager
def named(path: Path) -> Iterator[None]:
    """An OSError names a path that the user knows, not the draft or the part that failed."""
    try:
        yield
    except OSError as error:
        if error.errno is None:
            raise
        raise OSError(error.errno, error.strerror, str(path)) from error


# --- drafts -------------------------------------------------------------------------------------


@contextmanager
def _draft(folder: Path, data: bytes, mode: int) -> Iterator[Path]:
    """A file with some content in a folder, which is gone at the end; and so are older ones."""
    _sweep(folder)
    handle, draft = _begun(folder)
    try:
        _write_all(handle, data)
        draft.chmod(mode)
        if fcntl is None:
            os.close(handle)  # an open file cannot be renamed there
            handle = -1
        yield draft
    finally:
        with suppress(FileNotFoundError):  # renamed
            draft.unlink()
        if handle >= 0:
            os.close(handle)


def _begun(folder: Path) -> tuple[int, Path]:
    """An empty draft, and the lock that keeps others from removing it."""
    while True:
        handle, name = tempfile.mkstemp(_SUFFIX, _PREFIX, folder)
        if _locked(handle, wait=True) and os.fstat(handle).st_nlink == 0:
            os.close(handle)  # somebody was faster
            continue
        return handle, Path(name)


def _sweep(folder: Path) -> None:
    """Remove the drafts of processes that are no more."""
    with os.scandir(folder) as entries:
        left = [
            entry.path
            for entry in entries
            if entry.name.startswith(_PREFIX) and entry.name.endswith(_SUFFIX)
        ]
    for path in left:
        with suppress(OSError):
            if fcntl is None:
                Path(path).unlink()
                continue
            handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
            try:
                if _locked(handle, wait=False):
                    Path(path).unlink()
            finally:
                os.close(handle)


def _locked(handle: int, *, wait: bool) -> bool:
    """Whether an open file could be locked; the lock ends with the process at the latest."""
    if fcntl is None:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # held, or a file system without locks
        return False
    return True


# --- system -------------------------------------------------------------------------------------


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _own_stream(known: os.stat_result) -> int | None:
    """The descriptor of our own stdout or stderr where a path (/dev/stdout) means it.

    Opened anew a file would be written from its start, over what the stream wrote.
    """
    for handle, stream in ((1, sys.stdout), (2, sys.stderr)):
        with suppress(OSError):
            if os.path.samestat(known, os.fstat(handle)):
                if stream is not None:
                    stream.flush()
                return handle
    return None


def _write_all(handle: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
