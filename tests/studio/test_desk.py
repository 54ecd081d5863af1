"""What a page's desk asks of its worker, and when; the worker answers as the test says."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from guessmodel.studio import desk as desks
from guessmodel.studio.desk import Desk

FILE, OTHER = Path("a.py"), Path("b.py")


class Worker:
    """Shows its file at once, and answers when it is told to."""

    made: list["Worker"]

    def __init__(self, path: Path, *_: Any) -> None:
        self.path = path
        self.asked, self.patient = 0, False
        self.sent: list[dict[str, Any]] = []
        self.late = False  # whether the answer lies in the pipe when the process is killed
        self.ended = False
        self._pipe: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
        self.answer({"type": "view", "file": path.name})
        self.made.append(self)

    def answer(self, message: dict[str, Any]) -> None:
        self._pipe.put_nowait(message)

    def send(self, message: bytes) -> None:
        self.sent.append(json.loads(message))

    async def receive(self) -> bytes:
        message = await self._pipe.get()
        if message is None:
            raise EOFError
        return desks.encoded(message)

    async def end(self) -> None:
        self.ended = True
        if self.late:
            self.answer({"type": "late"})
        self._pipe.put_nowait(None)
        for _ in range(5):
            await asyncio.sleep(0)


async def settled() -> None:
    """Until nothing is left to be done but what waits for the test."""
    for _ in range(20):
        await asyncio.sleep(0)
        await asyncio.to_thread(lambda: None)  # a worker is made in a thread


def request(kind: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "id": 0, "edits": {}, **more}


Told = list[dict[str, Any]]
Test = Callable[[Desk, Told], Coroutine[Any, Any, None]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[[Test], None]:
    """Runs a test with a desk, and what it has told its page; then all workers have ended."""
    Worker.made = []
    monkeypatch.setattr(desks, "_Worker", Worker)

    def runs(test: Test) -> None:
        async def main() -> None:
            told: Told = []

            async def send(message: bytes) -> None:
                told.append(json.loads(message))

            desk = Desk(send, Path())
            await test(desk, told)
            await desk.close()
            assert all(worker.ended for worker in Worker.made)

        asyncio.run(main())

    return runs


Run = Callable[[Test], None]


def test_an_answer_of_a_former_process_is_not_counted(run: Run) -> None:
    async def test(desk: Desk, told: Told) -> None:
        await desk.open(FILE)
        await settled()
        desk.ask(request("whole"))
        Worker.made[0].late = True
        await desk.open(FILE)
        await settled()
        desk.ask(request("compare", variants=[]))
        assert [each["type"] for each in Worker.made[1].sent] == ["compare"]
        assert [each["type"] for each in told] == ["view", "view"]  # and it is not shown

    run(test)
