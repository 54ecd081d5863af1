"""Start the server on this machine alone, and open a browser."""

from __future__ import annotations

import socket
import webbrowser
from collections.abc import Callable, Sequence
from pathlib import Path

from guessmodel.errors import UsageError, needed
from guessmodel.studio.access import Access, own_key

__all__ = ["serve"]

PORT = 8731
_TRIES = 20


def serve(
    path: str | Path,
    *,
    port: int | None = None,
    browser: bool = True,
    calculator: Sequence[str] = (),
    tell: Callable[[str], None] = print,
) -> None:
    """Show a model file, or the models of a folder, until Ctrl-C.

    Parameters
    ----------
    port : by default 8731, or the next one that is free
    browser : whether to open one
    calculator : names of inputs and outputs, of one file, that alone are shown
    tell : called with the address

    Raises UsageError where there is no such path, where the port is taken, and where a package of
    the extra `studio` is missing.
    """
    for package in ("starlette", "uvicorn", "websockets", "watchfiles", "libcst"):
        needed(package, "studio")
    import uvicorn

    from guessmodel.studio.app import Studio, app_of

    root = Path(path)
    if not root.exists():
        raise UsageError(f"there is no file or folder {path}")
    if not root.is_dir() and root.suffix != ".py":
        raise UsageError(f"{path} is not a Python file; a model's name ends in .py")
    if calculator and root.is_dir():
        raise UsageError(f"--calculator is of one model; name its file, not the folder {path}")
    root = root.resolve()
    listening = _listen(port)
    access = Access(listening.getsockname()[1], root, own_key())
    settings = uvicorn.Config(
        app_of(Studio(root, tuple(calculator)), access),
        log_level="warning",
        ws="websockets-sansio",
        ws_max_size=1 << 20,
        ws_per_message_deflate=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=1,
    )
    tell(access.address)
    if browser:
        webbrowser.open(access.address)
    try:
        uvicorn.Server(settings).run([listening])
    finally:
        listening.close()


def _listen(port: int | None) -> socket.socket:
    """A socket on loopback: nobody on the network can reach it."""
    wanted = [port] if port is not None else [*range(PORT, PORT + _TRIES), 0]
    for each in wanted:
        found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            found.bind(("127.0.0.1", each))
            found.listen()  # whoever calls before the server runs waits
            return found
        except OSError:
            found.close()
    raise UsageError(f"port {port} is taken; leave out --port for one that is free")
