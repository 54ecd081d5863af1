"""What one open page works with: a model's process, replaced when its file is saved."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Any, final

from guessmodel.studio.answering import SOME, encoded
from guessmodel.studio.requests import AT_ONCE, OVERTAKES, PATIENT
from guessmodel.studio.worker import work

__all__ = ["Desk", "context", "prepare"]

Send = Callable[[bytes], Awaitable[None]]
_SOME = f'{{"type":"{SOME}"'.encode()


@cache
def context() -> BaseContext:
    """How workers are started: forked from a process that has imported everything, where there is
    fork."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    made = multiprocessing.get_context("forkserver")
    made.set_forkserver_preload(["guessmodel.studio.warm"])
    return made


def prepare() -> None:
    """Begin with what takes long before the first page is opened."""
    if context().get_start_method() == "forkserver":
        from multiprocessing import forkserver  # which Windows does not have

        forkserver.ensure_running()


@final
class _Worker:
    """A process and the pipe to it."""

    def __init__(self, path: Path, folder: Path, calculator: Sequence[str]) -> None:
        self.pipe, other = context().Pipe()
        self.process = context().Process(  # type: ignore[attr-defined]
            target=work, args=(other, str(path), str(folder), tuple(calculator)), daemon=True
        )
        self.process.start()
        other.close()
        self.asked = 0
        """Requests that are not answered yet."""
        self.patient = False
        """Whether it was asked last what it gives up for others."""
        self._thread = ThreadPoolExecutor(1)  # one of its own: `receive` holds it all the time

    async def receive(self) -> bytes:
        """The next answer; EOFError where the process has ended."""
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._thread, self.pipe.recv_bytes)
        except OSError:  # closed by `end`
            raise EOFError from None

    def send(self, message: bytes) -> None:
        with suppress(OSError):  # it has ended; `receive` tells
            self.pipe.send_bytes(message)

    async def end(self) -> None:
        """Stop it, whatever it does."""
        self.process.kill()
        ended = self._thread.submit(self._ended)  # after what it receives, which ends now
        self._thread.shutdown(wait=False)
        await asyncio.shield(asyncio.wrap_future(ended))

    def _ended(self) -> None:
        self.process.join()
        self.pipe.close()


@final
class Desk:
    """A page's model. Messages go to the page by `send`; of requests that wait only the newest of
    a kind is asked."""

    def __init__(self, send: Send, folder: Path, calculator: Sequence[str] = ()) -> None:
        self._send = send
        self._folder = folder
        self._calculator = calculator
        self._worker: _Worker | None = None
        self._loading: asyncio.Task[None] | None = None
        self._reading: asyncio.Task[None] | None = None
        self._waiting: dict[str, bytes] = {}
        self._path: Path | None = None
        self._opening = asyncio.Lock()
        self._closed = False

    async def open(self, path: Path) -> None:
        """Load a file; what is shown stays until it has been loaded, if it is that file."""
        async with self._opening:
            if path != self._path:
                self._path = path
                self._waiting.clear()
                await self._stop_loading()  # or the file before it could still come
                await self._close_worker()
            await self._start_loading()

    async def reload(self) -> None:
        """Load the file anew, if one was opened; what is shown stays until it has been loaded."""
        async with self._opening:
            await self._start_loading()

    def ask(self, request: dict[str, Any]) -> None:
        """Hand a request to the model, as soon as it is free; a newer one overtakes it."""
        kind = request["type"]
        for other in OVERTAKES.get(kind, ()):
            self._waiting.pop(other, None)
        key = kind if kind in AT_ONCE or kind in PATIENT else f"{kind} {request.get('id')}"
        self._waiting[key] = encoded(request)
        self._next()

    async def close(self) -> None:
        """The page is gone: nothing is loaded from now on."""
        self._closed = True
        async with self._opening:
            await self._stop_loading()
            await self._close_worker()

    # --- steps ----------------------------------------------------------------------------------

    def _next(self) -> None:
        """Ask what waits, first what is asked at once, which is also sent while a patient request
        is answered: that then gives up."""
        worker = self._worker
        if worker is None:
            return
        urgent = next((key for key in self._waiting if key in AT_ONCE), None)
        if not worker.asked or (urgent is not None and worker.patient and worker.asked < 2):
            key: str | None = urgent or next(iter(self._waiting), None)
            if key is not None:
                worker.asked += 1
                worker.patient = key in PATIENT
                worker.send(self._waiting.pop(key))

    async def _load(self, path: Path) -> None:
        making = asyncio.create_task(
            asyncio.to_thread(_Worker, path, self._folder, self._calculator)
        )
        try:
            first = await _first(await asyncio.shield(making))
            broken = first.startswith(b'{"type":"broken"')
            if not broken:
                await self._close_worker()
        except asyncio.CancelledError:
            await (await making).end()  # also one that has not been made yet
            raise
        worker = making.result()
        if broken:
            await worker.end()
        else:
            self._worker = worker
            self._reading = asyncio.create_task(self._read(worker))
        await self._send(first)
        self._next()

    async def _read(self, worker: _Worker) -> None:
        with suppress(EOFError):
            while True:
                answer = await worker.receive()
                if not answer.startswith(_SOME):
                    worker.asked -= 1
                if self._worker is not worker:
                    return  # another file, or another state of it, is shown by now
                self._next()
                await self._send(answer)
        if self._worker is worker:
            self._worker = None
            await worker.end()
            text = "the model's process ended (out of memory?); save the file to load it again"
            await self._send(encoded({"type": "broken", "error": {"text": text}}))

    async def _start_loading(self) -> None:
        await self._stop_loading()
        if self._path is not None and not self._closed:
            self._loading = asyncio.create_task(self._load(self._path))

    async def _stop_loading(self) -> None:
        task, self._loading = self._loading, None
        await _cancelled(task)

    async def _close_worker(self) -> None:
        worker, self._worker = self._worker, None
        reading, self._reading = self._reading, None
        if worker is not None:
            await worker.end()
        await _cancelled(reading)


async def _first(worker: _Worker) -> bytes:
    """What it tells of its model once that is loaded."""
    try:
        return await worker.receive()
    except EOFError:
        text = "the model's process ended before it told anything (out of memory?)"
        return encoded({"type": "broken", "error": {"text": text}})


async def _cancelled(task: asyncio.Task[None] | None) -> None:
    if task is not None and task is not asyncio.current_task():
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
