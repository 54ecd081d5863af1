"""The action for CI: its script in a repository, its comment against a stand-in for the API."""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
ACTION = ROOT / ".github" / "actions" / "guessmodel"
MODEL = 'import guessmodel as gm\ncost = gm.lognormal(5, {}, "USD") * gm.uniform(1, 2)\n'


def git(folder: Path, *words: str) -> None:
    who = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A clone whose origin has the model, and whose work tree has another one."""
    origin = tmp_path / "origin"
    (origin / "models").mkdir(parents=True)
    (origin / "models" / "shop.py").write_text(MODEL.format(10))
    git(origin, "init", "-q", "-b", "main")
    git(origin, "add", ".")
    git(origin, "commit", "-q", "-m", "first")
    git(tmp_path, "clone", "-q", str(origin), "work")
    (tmp_path / "work" / "models" / "shop.py").write_text(MODEL.format(20))
    return tmp_path / "work"


def run(work: Path, **given: str) -> tuple[str, str]:
    """The status that the script hands on, and its comment."""
    out = work.parent / "out"
    tools = Path(sys.executable).parent
    settings = {"MODELS": "models", "BASE": "main", "FAIL_ON": "", **given}
    files = {"GITHUB_STEP_SUMMARY": "summary", "GITHUB_OUTPUT": "outputs"}
    environment = {
        **os.environ,
        **settings,
        **{key: str(work.parent / name) for key, name in files.items()},
        "OUT": str(out),
        "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
    }
    subprocess.run([ACTION / "run.sh"], cwd=work, env=environment, check=True, capture_output=True)
    status = (work.parent / "outputs").read_text().strip().removeprefix("status=")
    assert (out / "pages" / "shop.html").exists()
    comment = (out / "comment.md").read_text()
    assert (work.parent / "summary").read_text() == comment
    return status, comment


def test_a_change_that_is_too_large(work: Path) -> None:
    status, comment = run(work, FAIL_ON="*>10%")
    assert status == "1"
    assert '+ cost = gm.lognormal(5, 20, "USD")' in comment
    assert "*>10% fails" in comment


def test_a_base_without_the_models(work: Path) -> None:
    (work / "models").rename(work / "others")
    status, comment = run(work, MODELS="others", FAIL_ON="*>10%")
    assert status == "0"
    assert "Not compared with the base branch" in comment


@pytest.fixture
def service() -> Iterator[tuple[str, list[dict[str, Any]], list[str]]]:
    """A stand-in for the API on loopback: its address, its comments, and the calls it had."""
    comments: list[dict[str, Any]] = []
    calls: list[str] = []

    class Service(BaseHTTPRequestHandler):
        def answer(self) -> None:
            size = int(self.headers.get("Content-Length", 0))
            data = json.loads(self.rfile.read(size)) if size else {}
            calls.append(f"{self.command} {self.path.partition('?')[0]}")
            found: Any = comments
            if self.command == "POST":
                found = {"id": 7 + len(comments), "user": {"type": "Bot"}, **data}
                comments.append(found)
            elif self.command == "PATCH":
                number = int(self.path.rpartition("/")[2])
                found = next(each for each in comments if each["id"] == number)
                found.update(data)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(found).encode())

        do_GET = do_POST = do_PATCH = answer  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Service)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", comments, calls
    server.shutdown()
    thread.join()
    server.server_close()


def test_one_comment_that_is_changed(
    tmp_path: Path, service: tuple[str, list[dict[str, Any]], list[str]]
) -> None:
    api, comments, calls = service
    comments.append({"id": 1, "user": {"type": "User"}, "body": "<!-- guessmodel -->\nmine"})
    environment = {
        **os.environ,
        "GITHUB_API_URL": api,
        "GITHUB_REPOSITORY": "a/b",
        "GITHUB_TOKEN": "none",
    }
    file = tmp_path / "comment.md"
    for text in ("first, @everybody", "second" + "x" * 70_000):
        file.write_text(text)
        subprocess.run(
            [sys.executable, ACTION / "comment.py", file, "3"], env=environment, check=True
        )
        assert len(comments) == 2
        assert comments[0]["body"].endswith("mine")
        assert comments[1]["body"].startswith(f"<!-- guessmodel -->\n{text[:6]}")
        assert "@e" not in comments[1]["body"]
        assert len(comments[1]["body"]) < 65_536
    listed = "GET /repos/a/b/issues/3/comments"
    assert calls == [
        *(listed, "POST /repos/a/b/issues/3/comments"),
        *(listed, "PATCH /repos/a/b/issues/comments/8"),
    ]


def test_nothing_of_an_input_becomes_code() -> None:
    """Expressions stand in `env:` and `with:`, never in what a shell reads; and no workflow of the
    page runs a fork's code with a token."""
    for line in (ACTION / "action.yml").read_text().splitlines():
        assert not ("run:" in line and "${{" in line), line
    page = (ROOT / "docs" / "ci.md").read_text()
    assert "on: pull_request_target" not in page
    assert "  pull_request_target:" not in page
