"""How far out draws have met an output: intervals by hand."""

import numpy as np
import pytest

from guessmodel.estimators.stratified import Stratum
from guessmodel.simulation.range_met import RangeMet

USUAL = np.arange(8.0).reshape(8, 1)  # the mean is 3.5, and the farthest 3.5 away
EVENT = USUAL + 1000.0
NO, YES = np.array([False]), np.array([True])


def met(*rows: np.ndarray) -> RangeMet:
    found = RangeMet.of([Stratum(1.0 / len(rows), each) for each in rows], rows[0])
    assert found is not None
    return found


def test_twice_as_far_as_all_draws() -> None:
    """From -3.5 to 10.5, and told in parts of 7."""
    beyond = met(USUAL).beyond(np.array([-3.5, 10.5, 14.0, -10.5, np.nan, np.inf]), NO)
    assert beyond == pytest.approx([0.0, 0.0, 0.5, 1.0, 0.0, 0.0])


def test_the_loss_of_an_event_hides_nothing_where_it_does_not_happen() -> None:
    """With it the mean of all is 503.5, and the farthest 503.5 away."""
    own = met(USUAL, EVENT)
    assert own.beyond(np.array([14.0]), NO) == pytest.approx(0.5)
    assert own.beyond(np.array([14.0, 1510.5]), YES) == pytest.approx([0.0, 0.0])
    assert own.beyond(np.array([1517.5]), YES) == pytest.approx(1.0)


def test_what_is_beyond_counts_from_its_end_on() -> None:
    draws = np.array([14.0, 3.0, -10.5, 5.0, 4.0, 3.0, 2.0, 1.0])
    far = met(USUAL).stratum(draws, np.zeros(8, dtype=np.bool_), np.full(8, 0.5))
    assert far.probability == pytest.approx(0.5 * 2 / 8)
    assert far.added(0.0).ravel() == pytest.approx([1.75, 0, -3.5, 0, 0, 0, 0, 0])


def test_a_moment_of_few_draws_is_not_told() -> None:
    random = np.random.default_rng(0)
    draws, none = random.uniform(20, 30, 4096), np.zeros(4096, dtype=np.bool_)
    few = np.where(np.arange(4096) < 16, 1e-6, 0.0)
    own = met(USUAL)
    assert own.tells(own.stratum(draws, none, np.full(4096, 1e-6)), 2)
    assert not own.tells(own.stratum(draws, none, few), 2)


def test_of_draws_that_are_all_lost_there_is_none() -> None:
    assert RangeMet.of([Stratum(1.0, np.full((8, 1), np.nan))], np.full((8, 1), np.nan)) is None
