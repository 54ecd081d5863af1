"""What a page's desk asks of its worker, and when; the worker answers as the test says."""

import asyncio
import json
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from guessmodel.studio import desk as desks
from guessmodel.studio.answering import SOME
from guessmodel.studio.app import Studio
from guessmodel.studio.desk import Desk

FILE, OTHER = Path("a.py"), Path("b.py")


class Worker:
    """Shows its file at once, and answers when it is told to."""

    made: list["Worker"]
    first: dict[str, Any]

    def __init__(self, path: Path, *_: Any) -> None:
        self.path = path
        self.asked, self.patient = 0, False
        self.sent: list[dict[str, Any]] = []
        self.late = False  # whether the answer lies in the pipe when the process is killed
        self.ended = False
        self._pipe: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
        self.answer({**self.first, "file": path.name})
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
        for _ in range(20):
            await asyncio.sleep(0)


async def settled() -> None:
    """Until nothing is left to be done but what waits for the test: there are no threads here, and
    no step takes as many turns."""
    for _ in range(100):
        await asyncio.sleep(0)


async def at_once(function: Callable[..., Any], *arguments: Any) -> Any:
    """In place of `asyncio.to_thread`: others have a turn before it is done, and after it."""
    await asyncio.sleep(0)
    found = function(*arguments)
    await asyncio.sleep(0)
    return found


def request(kind: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "id": 0, "edits": {}, **more}


Told = list[dict[str, Any]]
Test = Callable[[Desk, Told], Coroutine[Any, Any, None]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Callable[[Test], None]:
    """Runs a test with a desk, and what it has told its page; then all workers have ended."""
    Worker.made, Worker.first = [], {"type": "view"}
    monkeypatch.setattr(desks, "_Worker", Worker)
    monkeypatch.setattr(asyncio, "to_thread", at_once)

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


def test_a_part_of_an_answer_is_passed_on_and_the_rest_awaited(run: Run) -> None:
    async def test(desk: Desk, told: Told) -> None:
        await desk.open(FILE)
        await settled()
        (worker,) = Worker.made
        desk.ask(request("settle"))
        desk.ask(request("whole"))
        worker.answer({"type": SOME, "boxes": {}})
        await settled()
        assert [each["type"] for each in told] == ["view", SOME]
        assert [each["type"] for each in worker.sent] == ["settle"]
        worker.answer({"type": "changed"})
        await settled()
        assert [each["type"] for each in worker.sent] == ["settle", "whole"]

    run(test)


def test_a_page_that_is_closed_while_others_are_told_is_left_alone(run: Run) -> None:
    async def test(desk: Desk, told: Told) -> None:
        pages = [desk, Desk(desk._send, Path())]
        studio = Studio(Path(__file__).parent)
        for page in pages:
            await page.open(FILE)
        await settled()
        listed: list[Desk] = []

        async def close_others(told: Desk) -> None:
            listed.append(told)
            for other in studio.desks.keys() - {told}:
                del studio.desks[other]
                await other.close()

        for page in pages:
            studio.desks[page] = partial(lambda page, message: close_others(page), page)
        await studio.saved([FILE])
        await settled()
        assert listed == [desk]
        assert len(Worker.made) == 4  # two that were opened, and both anew before any is told

    run(test)


def test_nothing_is_loaded_for_a_page_that_is_gone(run: Run) -> None:
    async def test(desk: Desk, told: Told) -> None:
        await desk.open(FILE)
        await settled()
        await desk.close()
        await desk.open(OTHER)
        await desk.reload()
        await settled()
        assert len(Worker.made) == 1

    run(test)


def test_before_a_file_is_opened_there_is_none_to_load_anew(run: Run) -> None:
    async def test(desk: Desk, told: Told) -> None:
        await desk.reload()
        await settled()
        assert not Worker.made

    run(test)


def test_files_that_are_opened_at_once_leave_one_process(run: Run) -> None:
    async def test(desk: Desk, told: Told) -> None:
        await desk.open(FILE)
        await settled()
        # The first closes the process and waits for its end; the others come meanwhile.
        await asyncio.gather(desk.open(OTHER), desk.reload(), desk.open(OTHER))
        await settled()
        assert [worker.path for worker in Worker.made if not worker.ended] == [OTHER]
        assert told[-1]["file"] == "b.py"
        assert {worker.path for worker in Worker.made[1:]} == {OTHER}  # a.py is not loaded again

    run(test)


def test_a_file_that_is_left_while_it_loads_does_not_come(run: Run) -> None:
    async def test(desk: Desk, told: Told) -> None:
        await desk.open(FILE)
        await settled()
        await desk.reload()
        await desk.open(OTHER)
        Worker.first = {"type": "broken"}
        await settled()
        assert [(each["type"], each["file"]) for each in told] == [
            ("view", "a.py"),
            ("broken", "b.py"),
        ]
        assert all(worker.ended for worker in Worker.made)  # nothing of a.py is shown as b.py

    run(test)


def test_what_was_asked_of_another_file_is_not_asked(run: Run) -> None:
    async def test(desk: Desk, told: Told) -> None:
        await desk.open(FILE)
        await settled()
        desk.ask(request("page"))
        desk.ask(request("diff"))  # waits
        await desk.open(FILE)
        await settled()
        assert [each["type"] for each in Worker.made[1].sent] == ["diff"]
        desk.ask(request("page"))
        await desk.open(OTHER)
        await settled()
        assert Worker.made[2].sent == []

    run(test)


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        (["edit", "hold"], ["edit", "hold"]),  # the page awaits the answer to the edit
        (["settle", "edit", "hold"], ["edit", "hold"]),
        (["hold", "move", "hold"], ["hold"]),
        (["edit", "hold", "move"], ["move"]),
        (["hold", "move", "edit"], ["edit"]),
        (["diff", "compare", "edit"], ["edit", "diff"]),
        (["compare", "settle", "compare"], ["compare", "settle"]),
    ],
)
def test_what_overtakes_what(run: Run, asked: list[str], answered: list[str]) -> None:
    async def test(desk: Desk, told: Told) -> None:
        await desk.open(FILE)
        await settled()
        (worker,) = Worker.made
        desk.ask(request("page"))  # the others wait for its answer
        for kind in asked:
            desk.ask(request(kind))
        for _ in answered:
            worker.answer({"type": "answer"})
            await settled()
        assert [each["type"] for each in worker.sent] == ["page", *answered]
        worker.answer({"type": "answer"})
        await settled()
        assert len(worker.sent) == 1 + len(answered)

    run(test)


def test_open_pages_hold_no_thread_that_the_server_needs(folder: Path) -> None:
    async def main() -> None:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(1))
        shown: asyncio.Queue[bytes] = asyncio.Queue()
        pages = [Desk(shown.put, folder) for _ in range(2)]  # with processes
        try:
            async with asyncio.timeout(30):
                for page in pages:
                    await page.open(folder / "plan.py")
                    assert (await shown.get()).startswith(b'{"type":"view"')
                await asyncio.to_thread(lambda: None)
        finally:
            for page in pages:
                await page.close()

    there = set(threading.enumerate())  # of other tests
    asyncio.run(main())
    for thread in threading.enumerate():  # each ends with its process
        if thread.name.startswith("ThreadPool") and thread not in there:
            thread.join(30)
            assert not thread.is_alive()


def test_a_model_that_does_not_load_leaves_what_is_shown(run: Run) -> None:
    async def test(desk: Desk, told: Told) -> None:
        await desk.open(FILE)
        await settled()
        Worker.first = {"type": "broken"}
        await desk.reload()
        await settled()
        assert [each["type"] for each in told] == ["view", "broken"]
        assert [worker.ended for worker in Worker.made] == [False, True]
        desk.ask(request("page"))
        assert [each["type"] for each in Worker.made[0].sent] == ["page"]

    run(test)
