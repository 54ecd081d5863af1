"""Files of a git revision, written to a folder that goes away again."""

import subprocess
from pathlib import Path

import pytest

import guessmodel as gm
from guessmodel.errors import GuessmodelError, ModelError, UsageError
from guessmodel.loading.revisions import opened


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository of which a later state is in the work tree."""
    monkeypatch.chdir(tmp_path)
    sub = tmp_path / "sub"
    sub.mkdir()
    (sub / "prices.py").write_text("import guessmodel as gm\nprice = gm.lognormal(5, 10)\n")
    (sub / "model.py").write_text("from prices import price\ncost = price * 2\n")
    (sub / "broken.py").write_text("import guessmodel as gm\nx = gm.normal(1)\n")
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    for words in (["init", "-q"], ["add", "."], [*who, "commit", "-q", "-m", "first"]):
        subprocess.run(["git", *words], check=True, capture_output=True)
    (sub / "prices.py").write_text("import guessmodel as gm\nprice = gm.lognormal(5, 12)\n")
    return tmp_path


def status() -> str:
    run = subprocess.run(["git", "status", "--short"], check=True, capture_output=True, text=True)
    return run.stdout


def test_a_file_and_what_it_imports(repository: Path) -> None:
    before = status()
    with opened("HEAD:sub/model.py") as path:
        old = gm.Model.from_file(path)
        assert "5, 10" in (path.parent / "prices.py").read_text()
    assert not path.exists()
    new = gm.Model.from_file("sub/model.py")
    assert old.title == new.title == "model"
    assert list(gm.compare(old, new, 64).edited) == ["price"]
    assert status() == before


def test_where_a_path_begins(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(repository / "sub")
    for text in ("HEAD:sub/model.py", "HEAD:./model.py", "HEAD:model.py", "HEAD:../sub/model.py"):
        with opened(text) as path:
            assert path.name == "model.py"
    with opened("HEAD:sub") as folder:
        assert folder.is_dir()


def test_a_path_as_it_is(repository: Path) -> None:
    with opened("sub/model.py") as path:
        assert path == Path("sub/model.py")
    (repository / "HEAD:x.py").write_text("")
    with opened("HEAD:x.py") as path:
        assert path == Path("HEAD:x.py")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("HEAD:nothing.py", "there is no 'nothing.py' in that revision"),
        ("HEAD:../outside.py", "there is no '../outside.py' in that revision"),
        ("nowhere:sub/model.py", "no such revision$"),
        ("HEAD", "^HEAD is a revision; name a file or a folder of it, such as HEAD:model.py$"),
        ("--output=x:sub/model.py", "no such revision"),
    ],
)
def test_refusals(repository: Path, text: str, said: str) -> None:
    with pytest.raises(UsageError, match=said), opened(text):
        pass


def test_outside_of_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(UsageError, match="no such file, and no such revision: not a git rep"):
        opened("HEAD:x.py").__enter__()


def test_errors_name_the_revision(repository: Path) -> None:
    with pytest.raises(GuessmodelError) as caught, opened("HEAD:sub/broken.py") as path:
        gm.Model.from_file(path)
    assert str(caught.value).startswith("HEAD:sub/broken.py:2: ")
    none = pytest.raises(ModelError, match=r"^there is no file HEAD:sub/none.py")
    with none, opened("HEAD:sub") as path:
        gm.Model.from_file(path / "none.py")


def test_a_package_that_python_finds_in_the_work_tree(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As in an editable installation: each version has its own one nevertheless."""
    package = repository / "revisedpackage"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "parts.py").write_text("import guessmodel as gm\nx = gm.constant(1)\n")
    (package / "model.py").write_text("from revisedpackage.parts import x\ny = x * 2\n")
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    for words in (["add", "."], [*who, "commit", "-q", "-m", "second"]):
        subprocess.run(["git", *words], check=True, capture_output=True)
    (package / "parts.py").write_text("import guessmodel as gm\nx = gm.constant(3)\n")
    monkeypatch.syspath_prepend(str(repository))
    with opened("HEAD:revisedpackage/model.py") as path:
        old = gm.Model.from_file(path)
    new = gm.Model.from_file(package / "model.py")
    assert [m.sample(8)["y"].mean().value for m in (old, new)] == [2.0, 6.0]
