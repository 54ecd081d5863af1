"""Which peers are installed; those that are not are left out, and that is said."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable

from benchmarks import reference
from benchmarks.reference import Draws

__all__ = ["PACKAGES", "available", "draws", "missing"]

PACKAGES = ("squigglepy", "probabilit", "openturns", "chaospy", "monaco", "numba", "SALib")

_DRAWS: dict[str, Callable[[], Draws]] = {
    "squigglepy": reference.squigglepy,
    "probabilit": reference.probabilit,
    "openturns": reference.openturns,
    "chaospy": reference.chaospy,
    "monaco": reference.monaco,
    "numba": reference.numba,
}


def available(package: str) -> bool:
    """Whether a package is installed."""
    try:
        importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def missing() -> list[str]:
    """Peers that are not installed."""
    return [package for package in PACKAGES if not available(package)]


def draws(*, without: tuple[str, ...] = ()) -> dict[str, Draws]:
    """How each installed peer draws the reference model."""
    return {
        name: create() for name, create in _DRAWS.items() if available(name) and name not in without
    }
