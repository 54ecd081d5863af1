"""Events of known probability: which there are, and draws in which each happens."""

import numpy as np
import pytest

import guessmodel as gm
from guessmodel.simulation.known_events import KnownEvents
from guessmodel.simulation.model_run import ModelRun

N = 1 << 12


def events_of(**quantities: gm.Quantity) -> KnownEvents:
    return KnownEvents(ModelRun(gm.Model(quantities), tuple(quantities), "nets", 0, N))


def test_the_likeliest_come_first_and_each_output_has_its_own() -> None:
    a, b = gm.bernoulli(1e-6, name="a"), gm.bernoulli(1e-5, name="b")
    events = events_of(one=a * 2.0, both=a + b, neither=gm.normal(1, 2))
    assert [cell.probability for cell in events.cells] == pytest.approx([1e-5, 1e-6])
    assert events.behind("one") == [1]
    assert events.behind("both") == [0, 1]
    assert events.behind("neither") == []
    assert events.variates_behind("both") == 2


def test_in_its_own_draws_an_event_happens_and_no_case_counts_twice() -> None:
    """Of both together the draws of the rarer event tell, in which the other is met more often."""
    a, b = gm.bernoulli(0.001, name="a"), gm.bernoulli(0.002, name="b")
    events = events_of(a=a, b=b)
    (likelier, rarer), (own, none) = events.given
    assert rarer.any()
    assert np.all(np.isnan(likelier["a"][rarer]))
    assert np.all(likelier["b"][~rarer] == 1.0)
    assert not none.any()
    assert np.all(own["a"] == 1.0)
    assert own["b"].any()
    seeds = [run.seed for run in events.runs]
    assert len({*seeds, 0}) == 3
    assert max(seeds) < 0


def test_draws_of_the_run_tell_whether_they_meet_an_event() -> None:
    b = gm.bernoulli(0.001, name="b")
    met = events_of(b=b).happens([0], N)
    assert np.array_equal(met.ravel(), gm.Model(b=b).sample(N, method="nets")["b"].draws == 1.0)


def test_more_than_runs_are_made_for_are_missed() -> None:
    many = {f"e{k}": gm.bernoulli(1e-6, name=f"e{k}") for k in range(100)}
    events = events_of(**many, all=sum(many.values(), gm.constant(0.0) * 1.0))
    assert events.missed("all") == 100 - len(events.cells) > 0
    assert not events.may_coincide("e1")
    assert events_of(**dict(list(many.items())[:2]), both=many["e0"] * many["e1"]).may_coincide(
        "both"
    )
