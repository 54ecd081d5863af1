"""Work memory: as large as asked for, and one for each thread."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from guessmodel.sampling.work_memory import DRAWS, scratch


def test_grows_with_what_is_asked_for():
    for size in (0, 1, DRAWS, 3 * DRAWS, 10):
        assert scratch(size).shape == (size,)


def test_is_used_again_by_the_same_thread_and_by_no_other():
    mine = scratch(10)
    assert np.shares_memory(mine, scratch(10))
    with ThreadPoolExecutor(1) as pool:
        assert not np.shares_memory(mine, pool.submit(scratch, 10).result())
