"""Work memory: as large as asked for, and one for each thread."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from guessmodel.sampling.work_memory import DRAWS, work_memory


def test_grows_with_what_is_asked_for():
    for size in (0, 1, DRAWS, 3 * DRAWS, 10):
        assert work_memory(size).shape == (size,)


def test_is_used_again_by_the_same_thread_and_by_no_other():
    mine = work_memory(10)
    assert np.shares_memory(mine, work_memory(10))
    with ThreadPoolExecutor(1) as pool:
        assert not np.shares_memory(mine, pool.submit(work_memory, 10).result())
