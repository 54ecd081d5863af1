"""The action for CI: its script in a repository, its comment against a stand-in for the API."""

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

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
            if self.path.startswith("/repos/a/b/pulls?"):
                asked = parse_qs(urlsplit(self.path).query)
                found = [each for each in PULLS if asked["head"] == [each["head"]["label"]]]
            elif self.command == "POST":
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


# What the workflow's context has, by the expressions of the files.
EXPRESSION = re.compile(r"\$\{\{\s*(.+?)\s*\}\}")


def steps(
    steps_of: list[dict[str, Any]], context: dict[str, str], work: Path
) -> tuple[int, list[str]]:
    """Carry out the steps of a workflow that are commands, in order, as a runner does: the exit
    code of the first that fails and need not, and what the others use."""
    used: list[str] = []
    outputs = work.parent / "outputs"
    for step in steps_of:
        condition = step.get("if", "")
        if condition and not all(
            context[part.split(" != ")[0]] for part in condition.split(" && ")
        ):
            continue
        if "uses" in step:
            used.append(step["uses"])
            continue

        def filled(text: str) -> str:
            return EXPRESSION.sub(lambda match: context[match[1]], text)

        files = {"GITHUB_STEP_SUMMARY": work.parent / "summary", "GITHUB_OUTPUT": outputs}
        environment = {
            **os.environ,
            **{key: str(path) for key, path in files.items()},
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "GITHUB_ACTION_PATH": str(ACTION),
            "GITHUB_API_URL": context["api"],
            "GITHUB_REPOSITORY": "a/b",
            "RUNNER_TEMP": context["runner.temp"],
            **{key: filled(text) for key, text in step.get("env", {}).items()},
        }
        assert "${{" not in step["run"]  # nothing of an input becomes code
        done = subprocess.run(["bash", "-c", step["run"]], cwd=work, env=environment)
        if outputs.exists():
            for line in outputs.read_text().splitlines():
                key, _, value = line.partition("=")
                context[f"steps.{step.get('id')}.outputs.{key}"] = value
            outputs.unlink()
        if done.returncode and not step.get("continue-on-error"):
            return done.returncode, used
    return 0, used


def context(api: str, work: Path, **given: str) -> dict[str, str]:
    return {
        "api": api,
        "runner.temp": str(work.parent),
        "inputs.models": "models",
        "inputs.base || github.base_ref": "main",
        "inputs.fail-on": "",
        "inputs.token": "",
        "github.event.pull_request.number": "3",
        **given,
    }


@pytest.mark.parametrize("token", ["secret", ""], ids=["with a token", "of a fork"])
def test_the_whole_action(
    token: str, work: Path, service: tuple[str, list[dict[str, Any]], list[str]]
) -> None:
    """As `action.yml` says: with a token one comment on the pull request, without one none; the
    job fails for the change that is too large."""
    yaml = pytest.importorskip("yaml")
    api, comments, _ = service
    own = yaml.safe_load((ACTION / "action.yml").read_text())["runs"]["steps"]
    given = {"inputs.token": token, "inputs.fail-on": "*>10%"}
    code, used = steps(own, context(api, work, **given), work)
    assert code == 1
    assert used == ["actions/upload-artifact@v4"]
    folder = work.parent / "guessmodel"
    assert (folder / "pages" / "index.html").exists()
    assert (work.parent / "summary").read_text() == (folder / "comment.md").read_text()
    assert len(comments) == bool(token)
    if token:
        assert '+ cost = gm.lognormal(5, 20, "USD")' in comments[0]["body"]


PULLS = [
    {"number": 5, "head": {"label": "them:topic", "sha": "0ld"}},
    {"number": 7, "head": {"label": "them:topic", "sha": "n3w"}},
]


@pytest.mark.parametrize(("commit", "number"), [("n3w", 7), ("g0ne", None)])
def test_the_second_workflow_comments_for_forks(
    commit: str,
    number: int | None,
    work: Path,
    service: tuple[str, list[dict[str, Any]], list[str]],
) -> None:
    """As docs/ci.md says: the text is that of the artifact, the number that of the service."""
    yaml = pytest.importorskip("yaml")
    api, comments, calls = service
    page = (ROOT / "docs" / "ci.md").read_text()
    second = yaml.safe_load(page.split("```yaml\n")[2].split("```")[0])
    assert second[True] == {"workflow_run": {"workflows": ["models"], "types": ["completed"]}}
    target = work / ".github" / "actions" / "guessmodel"
    target.mkdir(parents=True)
    (target / "comment.py").write_text((ACTION / "comment.py").read_text())
    (work.parent / "guessmodel").mkdir()
    (work.parent / "guessmodel" / "comment.md").write_text("$(touch owned) number: 5")
    event = "github.event.workflow_run"
    given = {
        "github.token": "secret",
        f"{event}.head_sha": commit,
        f"{event}.head_repository.owner.login": "them",
        f"{event}.head_branch": "topic",
    }
    code, used = steps(second["jobs"]["comment"]["steps"], context(api, work, **given), work)
    assert code == 0
    assert used == ["actions/checkout@v4", "actions/download-artifact@v4"]
    assert not list(work.parent.rglob("owned"))
    assert [each["body"].splitlines()[-1] for each in comments] == (
        ["$(touch owned) number: 5"] if number else []
    )
    assert (f"POST /repos/a/b/issues/{number}/comments" in calls) == (number is not None)


def test_nothing_of_an_input_becomes_code() -> None:
    """Expressions stand in `env:` and `with:`, never in what a shell reads; and no workflow of the
    page runs a fork's code with a token."""
    for line in (ACTION / "action.yml").read_text().splitlines():
        assert not ("run:" in line and "${{" in line), line
    page = (ROOT / "docs" / "ci.md").read_text()
    assert "on: pull_request_target" not in page
    assert "  pull_request_target:" not in page
