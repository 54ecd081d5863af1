"""Files are replaced whole or not at all, and what is no file stays what it is."""

import os
import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from guessmodel.files import create_file, replace_file, written_beside

WRITERS = [replace_file, create_file]
FULL = Path("/dev/full")


def test_a_file_is_written_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "report.xml"
    replace_file(path, "one ±\n")
    assert path.read_bytes() == "one ±\n".encode()
    path.chmod(0o640)
    replace_file(path, "two\n")
    assert path.read_text() == "two\n"
    assert path.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_is_created_and_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "model.py"
    create_file(path, b"one")
    with pytest.raises(FileExistsError) as error:
        create_file(path, b"two")
    assert error.value.filename == str(path)
    assert path.read_bytes() == b"one"
    assert list(tmp_path.iterdir()) == [path]


def test_a_failure_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "report.xml"
    path.write_text("old")

    def interrupted(self: Path, target: Path) -> Path:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        replace_file(path, "new")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("write", WRITERS)
def test_errors_name_the_file_and_not_the_draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[[Path, str], None]
) -> None:
    path = tmp_path / "no" / "report.xml"
    with pytest.raises(FileNotFoundError) as error:
        write(path, "")
    assert error.value.filename == str(path)
    with pytest.raises((IsADirectoryError, FileExistsError)) as other:
        write(tmp_path, "")
    assert other.value.filename == str(tmp_path)

    def full(handle: int, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    path = tmp_path / "report.xml"
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", full)
        with pytest.raises(OSError, match="No space left") as third:
            write(path, "text")
    assert third.value.filename == str(path)
    assert not list(tmp_path.iterdir())


def test_a_link_stays_and_its_file_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "there").mkdir()
    for name in ("old", "new"):  # the second is a link to what is not there yet
        link, file = tmp_path / "here" / name, tmp_path / "there" / name
        link.symlink_to(file)
        if name == "old":
            file.write_text("old")
        replace_file(link, "text")
        assert link.is_symlink()
        assert file.read_text() == "text"
        assert not file.is_symlink()
        assert list(link.parent.glob(".*")) == list(file.parent.glob(".*")) == []


def test_a_pipe_is_written_through(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(path.read_bytes()))
    reader.start()
    replace_file(path, "text" * 100_000)  # more than a pipe holds
    reader.join(10)
    assert read == [b"text" * 100_000]
    assert stat.S_ISFIFO(path.stat().st_mode)


@pytest.mark.skipif(not FULL.exists(), reason="Linux")
def test_a_device_is_written_to_and_stays(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(FULL)
    before = FULL.stat()
    for path in (FULL, link):
        with pytest.raises(OSError, match="No space left") as error:
            replace_file(path, "text")
        assert error.value.filename == str(path)
    assert os.path.samestat(FULL.stat(), before)


@pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="has no /dev/stdout")
@pytest.mark.parametrize("kind", ["file", "pipe"])
def test_stdout_by_its_path_comes_after_what_was_printed(tmp_path: Path, kind: str) -> None:
    code = (
        "from pathlib import Path\nfrom guessmodel.files import replace_file\n"
        "print('one')\nreplace_file(Path('/dev/stdout'), 'two\\n')\nprint('three')\n"
    )
    out = tmp_path / "out"
    words = [sys.executable, "-c", code]
    if kind == "pipe":
        shown = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    else:
        with out.open("w") as file:
            subprocess.run(words, check=True, stdout=file)
        shown = out.read_text()
    assert shown == "one\ntwo\nthree\n"


def test_drafts_of_the_dead_are_removed_and_those_of_the_living_are_not(tmp_path: Path) -> None:
    code = (
        "import os, sys\nfrom pathlib import Path\nimport guessmodel.files as r\n"
        "def wait(self, target):\n    print('here', flush=True)\n    sys.stdin.read()\n"
        "    os.rename(self, target)\n"
        "Path.replace = wait\nr.replace_file(Path(sys.argv[1]), 'late')\n"
    )
    path, late = tmp_path / "now", tmp_path / "late"
    words = [sys.executable, "-c", code, str(late)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdin is not None and other.stdout is not None
        assert other.stdout.readline() == b"here\n"
        replace_file(path, "text")
        assert len(list(tmp_path.iterdir())) == 2  # the living one has its draft still
        other.stdin.close()
        assert other.wait(30) == 0
    assert late.read_text() == "late"
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"here\n"
        other.kill()
        other.wait(30)
    assert len(list(tmp_path.iterdir())) == 3
    replace_file(path, "text")
    assert sorted(tmp_path.iterdir()) == [late, path]


# --- what libraries write by a name ---------------------------------------------------------------


def written(path: Path, text: str, *, folder: bool) -> None:
    if folder:
        path.mkdir()
        path /= "inner"
    path.write_text(text)


@pytest.mark.parametrize("folder", [False, True])
def test_what_is_written_beside_takes_its_place_at_the_end(tmp_path: Path, folder: bool) -> None:
    path, link = tmp_path / "draws", tmp_path / "link"
    if not folder:
        path.write_text("old")
    link.symlink_to(path)
    written(tmp_path / "draws.part", "of one who was killed", folder=folder)
    with written_beside(link) as part:
        assert part.parent == tmp_path and not part.exists()
        written(part, "new", folder=folder)
        assert path.exists() != folder and (folder or path.read_text() == "old")
    assert sorted(tmp_path.iterdir()) == [path, link] and link.is_symlink()
    assert (path / "inner" if folder else path).read_text() == "new"


@pytest.mark.parametrize("error", [KeyboardInterrupt(), ValueError("no"), OSError(28, "full")])
@pytest.mark.parametrize("folder", [False, True])
def test_what_ends_midway_leaves_the_former_file(
    tmp_path: Path, folder: bool, error: BaseException
) -> None:
    def ends(path: Path) -> None:
        with written_beside(path) as part:
            written(part, "half", folder=folder)
            raise error

    path = tmp_path / "draws"
    path.write_text("old")
    with pytest.raises(type(error)) as found:
        ends(path)
    assert getattr(found.value, "filename", str(path)) == str(path)
    assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path]


def test_what_cannot_take_its_place_leaves_the_former_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    path = tmp_path / "draws"
    path.write_text("old")
    with pytest.raises(OSError, match="No space left") as error, written_beside(path) as part:
        part.write_text("new")
    assert error.value.filename == str(path)
    assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path]


def test_a_folder_is_not_replaced_and_a_pipe_is_written_to_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with (
        pytest.raises(IsADirectoryError) as error,
        written_beside(tmp_path / "folder") as part,
    ):
        part.write_text("never")
    assert error.value.filename == str(tmp_path / "folder")
    os.mkfifo(tmp_path / "pipe")
    with written_beside(tmp_path / "pipe") as part:
        assert part == tmp_path / "pipe"
    assert stat.S_ISFIFO(part.stat().st_mode)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["folder", "pipe"]
