"""Who may talk to the server: whoever has its address, from a page of its own."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import final

__all__ = ["Access"]

_HOSTS = ("127.0.0.1", "localhost", "[::1]")
_BYTES = 32


@final
@dataclass(frozen=True)
class Access:
    """The token in the address, new at each start, and the cookie that it is exchanged for.

    The cookie is derived from a key of the user's, the port and the folder: a page that was open
    goes on when the server is started anew.
    """

    port: int
    root: Path
    key: bytes = field(repr=False)
    token: str = field(default_factory=lambda: secrets.token_urlsafe(_BYTES), repr=False)

    @property
    def address(self) -> str:
        """What to open in a browser."""
        return f"http://127.0.0.1:{self.port}/?token={self.token}"

    @property
    def cookie_name(self) -> str:
        """Cookies do not tell ports apart."""
        return f"guessmodel-studio-{self.port}"

    @property
    def cookie(self) -> str:
        """The value of the cookie."""
        text = f"{self.port} {self.root}".encode("utf-8", "surrogateescape")
        return hmac.new(self.key, text, hashlib.sha256).hexdigest()

    def is_token(self, given: str) -> bool:
        """Whether it is the token, in constant time."""
        return hmac.compare_digest(given.encode(), self.token.encode())

    def has_cookie(self, cookies: Mapping[str, str]) -> bool:
        """Whether the cookie is among those of a request."""
        given = cookies.get(self.cookie_name, "")
        return hmac.compare_digest(given.encode(), self.cookie.encode())

    def is_host(self, host: str | None) -> bool:
        """Whether a Host header names this server: no other name that leads here, for whoever
        owns that name could read what its page asks for."""
        return host in {f"{name}:{self.port}" for name in _HOSTS}

    def is_origin(self, origin: str | None) -> bool:
        """Whether a page of this server asks. Browsers let any page open a
        WebSocket, but name it."""
        return origin in {f"http://{name}:{self.port}" for name in _HOSTS}


def own_key(folder: Path | None = None) -> bytes:
    """The user's key, made at first; where it cannot be kept, one for this start only."""
    place = (folder or _state()) / "studio.key"
    with suppress(OSError):
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileExistsError):
            handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(secrets.token_bytes(_BYTES))
        if len(kept := place.read_bytes()) == _BYTES:
            return kept
    return secrets.token_bytes(_BYTES)


def _state() -> Path:
    given = os.environ.get("XDG_STATE_HOME", "")
    base = Path(given) if given.startswith("/") else Path.home() / ".local" / "state"
    return base / "guessmodel"
