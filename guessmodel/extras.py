"""Optional dependencies, asked for by the name of their extra."""

from __future__ import annotations

from importlib.util import find_spec

from guessmodel.errors import UsageError

__all__ = ["needed"]


def needed(package: str, extra: str) -> None:
    """Raise UsageError, which says what to install, where a package is missing."""
    if find_spec(package) is None:
        raise UsageError(f"this needs the package {package}: pip install 'guessmodel[{extra}]'")
