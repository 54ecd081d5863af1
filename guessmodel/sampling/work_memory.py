"""Work memory of each thread: fresh memory for every block would cost as much as its values."""

from __future__ import annotations

import threading
from typing import Final, final

import numpy as np

from guessmodel.numerics.arrays import FloatArray

__all__ = ["DRAWS", "work_memory"]

DRAWS: Final = 2**15
"""Numbers that the memory holds at first; it grows with the largest block."""

_ONCE: Final = 4_000_000

# Freed memory goes back to the system, and comes anew for the next array, page by page: a third of
# the time where arrays are as long as a run. The GNU C library keeps as much as twice the largest
# block of up to 32 MB that it has seen freed; it is shown one, which is never written to.
np.empty(_ONCE)


@final
class _Scratch(threading.local):
    def __init__(self) -> None:
        self.memory = np.empty(DRAWS)


_own = _Scratch()


def work_memory(size: int) -> FloatArray:
    """`size` numbers, overwritten by the next call in the same thread."""
    if _own.memory.size < size:
        _own.memory = np.empty(size)
    return _own.memory[:size]
