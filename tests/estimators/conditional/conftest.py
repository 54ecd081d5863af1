"""Draws are integrated out here, also of what is made of one draw alone, which is followed else."""

from collections.abc import Iterator

import pytest

from guessmodel.simulation.knowledge import Knowledge


@pytest.fixture(autouse=True, scope="module")
def integrated_out() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Knowledge, "of_one_draw", lambda *_: None)
        yield
