"""Draws are made when something needs them, which nobody can tell from the answers."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import guessmodel as gm
from guessmodel.numerics.arrays import FloatArray
from guessmodel.simulation import runner


@pytest.fixture
def model() -> gm.Model:
    a, b, c = gm.lognormal(1, 3), gm.normal(2, 4), gm.lognormal(5, 9)
    return gm.Model(a=a, b=b, c=c, cost=a * b + c, high=a * b > c)


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The draws of every run that was carried out (those of conditional estimates aside)."""
    found: list[int] = []
    carry_out = runner.run_replicates

    def counted(plan: Any, points: Any, *rest: Any, **options: Any) -> None:
        found.append(points.n)
        carry_out(plan, points, *rest, **options)

    monkeypatch.setattr(runner, "run_replicates", counted)
    return found


def test_conditional_estimates_need_no_draws(model: gm.Model, runs: list[int]) -> None:
    simulation = model.sample(2**14)
    found = simulation["cost"].quantiles(0.05, 0.5, 0.95)
    assert {estimate.estimator for estimate in found} == {"conditional"}
    assert simulation["high"].probability().estimator == "conditional"
    assert simulation["a"].mean().estimator == "exact"
    assert runs == []
    for _ in range(2):
        simulation["cost"].mean()
        assert runs == [2**14]


def test_the_answer_does_not_depend_on_what_was_asked_before(model: gm.Model) -> None:
    fresh, used = model.sample(2**12), model.sample(2**12)
    assert used["cost"].values.shape == (2**12,)
    for p in (0.001, 0.05, 0.5, 0.95, 0.9999):
        assert str(fresh["cost"].quantile(p)) == str(used["cost"].quantile(p)), p
    assert str(fresh["high"].probability()) == str(used["high"].probability())


def test_draws_are_those_of_a_run_that_does_not_wait(model: gm.Model, runs: list[int]) -> None:
    later = model.sample(2**12)
    at_once = model.sample(2**12, progress=lambda done, total: None)
    assert runs == [2**12]
    for name in model.quantities:
        assert np.array_equal(later[name].values, at_once[name].values)


def test_a_tail_beyond_the_guide_is_counted(model: gm.Model, runs: list[int]) -> None:
    simulation = model.sample(2**14)
    far = simulation["cost"].quantile(0.9995)
    assert runs == [2**14]
    near = model.sample(2**17)["cost"].quantile(0.9995)
    assert abs(far.value - near.value) < 3.0 * (far.error + near.error)


def test_functions_of_the_user_are_called_at_once() -> None:
    calls: list[int] = []

    def double(x: FloatArray) -> FloatArray:
        calls.append(x.size)
        return 2.0 * x

    gm.Model(y=gm.apply(double, gm.normal(1, 2))).sample(64)
    assert calls


def test_non_finite_draws_are_told_however_late() -> None:
    a, b = gm.normal(-1, 9), gm.lognormal(1, 2)
    simulation = gm.Model(a=a, b=b, y=gm.log(a) * b).sample(2**12)
    assert "not finite" in str(simulation["y"].quantile(0.5).note)
    assert "divide" in simulation.problems()[0] or "invalid" in simulation.problems()[0]


def test_a_store_is_written_at_once(model: gm.Model, tmp_path: Path, runs: list[int]) -> None:
    model.sample(64, store=tmp_path / "draws.zarr")
    assert 64 in runs
    assert (tmp_path / "draws.zarr").exists()
