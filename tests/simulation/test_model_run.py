"""A run of some outputs of a model, which holds no draws."""

import guessmodel as gm
from guessmodel.estimators.program import program_of
from guessmodel.simulation.model_run import ModelRun


def test_what_is_worked_out_of_the_model_is_worked_out_once() -> None:
    model = gm.Model(y=gm.lognormal(1, 2) + gm.lognormal(1, 3))
    one, other = (ModelRun(model, ("y",), "nets", seed, 64) for seed in (0, 1))
    assert one.program is other.program is program_of(model)
    assert one == ModelRun(model, ("y",), "nets", 0, 64)
