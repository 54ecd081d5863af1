"""The live page: a local server that shows models, and what changes of their inputs would do."""

from __future__ import annotations

__all__: list[str] = []
