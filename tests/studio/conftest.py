"""A studio over a folder of models, and a client that is let in."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from office_move import OFFICE_MOVE
from starlette.testclient import TestClient, WebSocketTestSession

import guessmodel as gm
from guessmodel.files import replace_file
from guessmodel.studio.access import Access
from guessmodel.studio.app import Studio, app_of
from guessmodel.studio.saving import Draft, drafted, read_sources

PORT = 8731
ORIGIN = f"http://127.0.0.1:{PORT}"
SOCKET = f"ws://127.0.0.1:{PORT}/socket"

PLAN = f'{OFFICE_MOVE}late = days > gm.constant(5, "day")\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "models"
    place.mkdir()
    (place / "plan.py").write_text(PLAN)
    return place


@pytest.fixture
def file(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A model file that holds the SOURCE of the test's module."""
    path = tmp_path / "model.py"
    path.write_text(request.module.SOURCE)
    return path


def draft(file: Path, **edits: str) -> Draft:
    model = gm.Model.from_file(file)
    return drafted(model, read_sources(model), file.parent, edits)


def written(file: Path, key: str, text: str) -> str:
    """The source once an edit is written into it. It makes the draws that the edit made."""
    made = draft(file, **{key: text})
    assert made.refused == {}
    (new,) = made.new.values()
    name = key.partition("[")[0]
    meant = gm.Model.from_file(file).with_({key: text}).sample(64)[name].values
    file.write_text(new)
    there = gm.Model.from_file(file).sample(64)[name].values
    assert there == pytest.approx(meant, rel=1e-12)
    return new


@pytest.fixture
def access(folder: Path) -> Access:
    return Access(PORT, folder, b"k" * 32)


@pytest.fixture
def stranger(folder: Path, access: Access) -> Iterator[TestClient]:
    """A client that knows the port and nothing else."""
    with TestClient(app_of(Studio(folder), access), base_url=ORIGIN) as client:
        yield client


@pytest.fixture
def client(stranger: TestClient, access: Access) -> TestClient:
    assert stranger.get("/", params={"token": access.token}).status_code == 200
    return stranger


def told(socket: WebSocketTestSession, kind: str) -> dict[str, Any]:
    """The next message of a kind."""
    for _ in range(20):
        message: dict[str, Any] = json.loads(socket.receive_text())
        if message["type"] == kind:
            return message
    raise AssertionError(f"no {kind}")


@pytest.fixture
def socket(client: TestClient) -> Iterator[WebSocketTestSession]:
    with client.websocket_connect(SOCKET, headers={"origin": ORIGIN}) as found:
        assert told(found, "models")["models"] == ["plan.py"]
        yield found


def opened(socket: WebSocketTestSession) -> dict[str, Any]:
    socket.send_text(json.dumps({"type": "open", "model": "plan.py"}))
    return told(socket, "view")


def noticed(socket: WebSocketTestSession, file: Path, text: str) -> None:
    """Save a file in one step, as careful editors do, and wait until the server has told so: what
    is asked then is not lost with the process of the file as it was."""
    replace_file(file, text)
    told(socket, "models")


def edit(socket: WebSocketTestSession, edits: dict[str, str], kind: str = "edit") -> dict[str, Any]:
    socket.send_text(json.dumps({"type": kind, "id": 7, "edits": edits, "moved": "price"}))
    return told(socket, "moved" if kind == "move" else "changed")


def asked(socket: WebSocketTestSession, kind: str, answer: str, **more: Any) -> dict[str, Any]:
    socket.send_text(json.dumps({"type": kind, "id": 1, "edits": {}, **more}))
    return told(socket, answer)
