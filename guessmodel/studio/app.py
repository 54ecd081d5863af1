"""The server's routes: a page, its script, and a WebSocket for everything else."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from guessmodel.errors import GuessmodelError
from guessmodel.loading.load import candidates
from guessmodel.studio.access import Access
from guessmodel.studio.answering import encoded, failure
from guessmodel.studio.calculator import ALLOWED
from guessmodel.studio.desk import Desk, prepare
from guessmodel.studio.requests import checked

__all__ = ["Studio", "app_of"]

_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; connect-src 'self'; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS: Final = {
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_PAGE: Final = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>guessmodel studio</title>
<link rel="icon" href="data:,">
</head>
<body>
<main id="guessmodel-studio"></main>
<noscript>The studio needs JavaScript; guessmodel report writes pages that do not.</noscript>
<script type="module" src="/page.js"></script>
</body>
</html>
"""


@final
@dataclass(eq=False)
class Studio:
    """A file, or a folder of them, and the pages that show it."""

    root: Path
    calculator: tuple[str, ...] = ()
    """Names of what is shown; all, where there are none."""
    desks: dict[Desk, Callable[[bytes], Any]] = field(default_factory=dict)
    """Of each open page, with what sends to it."""

    @property
    def folder(self) -> Path:
        """The folder outside of which nothing is shown or written."""
        return self.root if self.root.is_dir() else self.root.parent

    def models(self) -> dict[str, Path]:
        """Files that can be opened, by their paths in the folder."""
        found = candidates(self.root) if self.root.is_dir() else [self.root]
        inside = [path for path in found if path.is_relative_to(self.folder)]
        return {path.relative_to(self.folder).as_posix(): path for path in inside}

    def listed(self) -> bytes:
        """The message that tells them."""
        return encoded({"type": "models", "models": list(self.models())})

    async def saved(self, paths: Iterable[Path]) -> None:
        """Files have changed: pages load their models anew, and know of those that came or went."""
        if not any(path.suffix == ".py" for path in paths):
            return
        for desk in list(self.desks):
            if desk in self.desks:  # not closed while others were told
                await desk.reload()
        listed = await asyncio.to_thread(self.listed)  # while they load
        for desk, send in list(self.desks.items()):
            if desk in self.desks:
                await send(listed)

    async def serve(self, socket: WebSocket) -> None:
        """Talk to one page until it is gone."""
        lock = asyncio.Lock()

        async def send(message: bytes) -> None:
            async with lock:
                try:
                    await socket.send_text(message.decode())
                except (WebSocketDisconnect, RuntimeError):  # it has just gone
                    return

        desk = Desk(send, self.folder, self.calculator)
        self.desks[desk] = send
        try:
            await send(await asyncio.to_thread(self.listed))
            while True:
                await self._take(desk, send, await socket.receive_text())
        except WebSocketDisconnect:
            pass
        finally:
            self.desks.pop(desk, None)
            await desk.close()

    async def _take(self, desk: Desk, send: Callable[[bytes], Any], text: str) -> None:
        try:
            request = checked(json.loads(text))
        except ValueError:
            await send(encoded({"type": "failed", "error": {"text": "not a request"}}))
            return
        if self.calculator and request["type"] not in ALLOWED:
            refused = {"type": "failed", "error": {"text": "this page is a calculator"}}
            await send(encoded(refused))
            return
        if request["type"] != "open":
            desk.ask(request)
            return
        try:
            path = (await asyncio.to_thread(self.models)).get(request["model"])
        except GuessmodelError as error:
            await send(encoded({"type": "failed", "error": failure(error)}))
            return
        if path is None:
            told = {"type": "failed", "error": {"text": "there is no such model"}}
            await send(encoded(told))
        else:
            await desk.open(path)


def app_of(studio: Studio, access: Access) -> ASGIApp:
    """The application."""

    async def page(request: Request) -> Response:
        token = request.query_params.get("token")
        if token is not None:
            if not access.is_token(token):
                return PlainTextResponse("this address is of an earlier start", 403)
            answer = RedirectResponse("/", 303)
            answer.set_cookie(
                access.cookie_name, access.cookie, httponly=True, samesite="strict", path="/"
            )
            return answer
        if not access.has_cookie(request.cookies):
            return PlainTextResponse("open the address that guessmodel studio printed", 403)
        return Response(_PAGE, media_type="text/html")

    async def script(request: Request) -> Response:
        if not access.has_cookie(request.cookies):
            return PlainTextResponse("open the address that guessmodel studio printed", 403)
        text = (files("guessmodel.page") / "dist/page.js").read_text(encoding="utf-8")
        return Response(text, media_type="text/javascript")

    async def socket(websocket: WebSocket) -> None:
        known = access.has_cookie(websocket.cookies)
        if not known or not access.is_origin(websocket.headers.get("origin")):
            await websocket.close(4403)  # before it is accepted: 403
            return
        await websocket.accept()
        await studio.serve(websocket)

    routes = [Route("/", page), Route("/page.js", script), WebSocketRoute("/socket", socket)]
    return _guarded(Starlette(routes=routes, lifespan=_watching(studio)), access)


def _guarded(inner: ASGIApp, access: Access) -> ASGIApp:
    """The application for those alone who call the server by its own name, with headers on every
    answer."""

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await inner(scope, receive, send)
            return
        hosts = [value.decode("latin-1") for key, value in scope["headers"] if key == b"host"]

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = [(k.lower().encode(), v.encode()) for k, v in _HEADERS.items()]
                message = {**message, "headers": [*message.get("headers", []), *given]}
            await send(message)

        if len(hosts) == 1 and access.is_host(hosts[0]):
            await inner(scope, receive, with_headers)
        elif scope["type"] == "http":
            refused = PlainTextResponse("this server is reached as 127.0.0.1", 421)
            await refused(scope, receive, with_headers)
        else:
            await WebSocket(scope, receive, send).close(4421)

    return guarded


def _watching(studio: Studio) -> Callable[[Starlette], Any]:
    """While the server runs, saved files are noticed."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await asyncio.to_thread(prepare)
        watcher = asyncio.create_task(_watch(studio))
        try:
            yield
        finally:
            watcher.cancel()
            for desk in list(studio.desks):
                await desk.close()

    return lifespan


async def _watch(studio: Studio) -> None:
    from watchfiles import DefaultFilter, awatch

    # An editor writes in several steps; it is looked at when none came for 25 ms.
    async for changes in awatch(
        studio.folder, watch_filter=DefaultFilter(), step=25, debounce=400, rust_timeout=1000
    ):
        await studio.saved([Path(path) for _, path in changes])
