"""Model files: found, loaded in isolation, and read for names and descriptions."""

from typing import Final

__all__ = ["ATTACHED"]

ATTACHED: Final = "__guessmodel_attached__"
"""Name of the list, in the globals of a module, of its claims and the like."""
