"""A run as a whole: what is kept, progress, Ctrl-C."""

from typing import Any

import numpy as np
import pytest

import guessmodel as gm
from guessmodel.errors import UsageError, WrongKind
from guessmodel.simulation import runner


@pytest.fixture
def model() -> gm.Model:
    a = gm.lognormal(1, 3)
    return gm.Model(a=a, b=gm.ceil(a) * gm.normal(2, 5))


class Stopping:
    """Progress that is interrupted once so many draws are done."""

    def __init__(self, after: int) -> None:
        self.after = after
        self.told: list[tuple[int, int]] = []

    def __call__(self, done: int, total: int) -> None:
        self.told.append((done, total))
        if done >= self.after:
            raise KeyboardInterrupt


def test_draws_are_kept_while_they_are_few(
    model: gm.Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert model.sample(1 << 10)["b"].tallies is None
    assert model.sample(1 << 10, keep=False)["b"].tallies is not None
    monkeypatch.setattr(runner, "_KEPT", 2 * 8 * (1 << 10))  # two quantities, eight bytes
    assert model.sample(1 << 10)["b"].tallies is None
    assert model.sample(1 << 11)["b"].tallies is not None
    assert model.sample(1 << 11, keep=True)["b"].tallies is None
    monkeypatch.setattr(runner, "_LITTLE", 0)
    monkeypatch.setattr(runner, "_memory", lambda: 1 << 12)
    assert model.sample(1 << 10)["b"].tallies is not None
    with pytest.raises(UsageError, match=r"ask for at most 256, or leave keep=True out$"):
        model.sample(1 << 10, keep=True)


@pytest.mark.parametrize("threads", [1, 2])
def test_progress_is_told_up_to_the_end(model: gm.Model, threads: int) -> None:
    told = Stopping(after=1 << 40)
    model.sample(1 << 12, threads=threads, progress=told)
    assert told.told[-1] == (1 << 12, 1 << 12)
    assert [done for done, _ in told.told] == sorted(done for done, _ in told.told)


@pytest.mark.parametrize("keep", [True, False])
def test_after_ctrl_c_there_are_the_statistics_so_far(model: gm.Model, keep: bool) -> None:
    n = 1 << 18
    with pytest.raises(
        gm.Interrupted, match="^interrupted after 98,304 of 262,144 samples"
    ) as stop:
        model.sample(n, keep=keep, threads=1, progress=Stopping(3 * n // 8))
    simulation = stop.value.simulation
    assert isinstance(stop.value, KeyboardInterrupt)
    assert simulation.run.partial
    assert simulation.run.samples == 3 * n // 8
    assert str(simulation).startswith("interrupted after 98,304 of 262,144 samples, nets, seed 0;")
    # They are those of the first three replicates.
    whole = model.sample(n)
    rows = whole["b"].values.reshape(8, -1)[:3]
    assert simulation["b"].mean().value == pytest.approx(rows.mean())
    (median,) = simulation["b"]._sampled().quantiles([0.5], "")
    assert median.low <= np.quantile(rows, 0.5) <= median.high
    if keep:
        np.testing.assert_array_equal(simulation["b"].values, rows.ravel())
    assert not whole.run.partial


def test_threads_finish_the_replicates_they_have_begun(model: gm.Model) -> None:
    n = 1 << 22  # 32 replicates
    with pytest.raises(gm.Interrupted) as stop:
        model.sample(n, keep=False, threads=2, progress=Stopping(1))
    run = stop.value.simulation.run
    assert 2 <= run.replicates <= 32
    assert run.asked == n
    straight = model.sample(n, keep=True)["b"].values.reshape(32, -1)[: run.replicates]
    assert stop.value.simulation["b"].mean().value == pytest.approx(straight.mean(), rel=1e-12)


def test_one_replicate_alone_says_nothing(model: gm.Model) -> None:
    with pytest.raises(KeyboardInterrupt) as stop:
        model.sample(1 << 18, threads=1, progress=Stopping(1))
    assert not isinstance(stop.value, gm.Interrupted)


def test_precision_needs_runs_of_its_own(model: gm.Model) -> None:
    with pytest.raises(UsageError, match="cannot share one store"):
        model.sample(precision=0.01, store="x.zarr")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"precision": "1%"}, "^precision is a share such as 0.01, which is 1%, not '1%'$"),
        ({"precision": [0.1]}, r"^precision is a share such as 0.01, .* not \[0.1\]$"),
        ({"store": 3}, "^store= takes a path, not 3$"),
        ({"progress": 3}, r"^progress= takes a function of \(done, total\), not 3$"),
        ({"keep": 3}, "^keep= takes True or False, not 3$"),
        ({"quantities": 3}, "a quantity is given by its name, not by 3$"),
    ],
)
def test_options_of_a_wrong_kind(model: gm.Model, options: Any, message: str) -> None:
    with pytest.raises(WrongKind, match=message):
        model.sample(64, **options)


@pytest.mark.parametrize("wrong", ["x", None, [0.1, 0.2]])
def test_probabilities_of_a_wrong_kind(model: gm.Model, wrong: Any) -> None:
    result = model.sample(64)["b"]
    with pytest.raises(WrongKind, match="^a quantile is at a probability such as 0.9, not at "):
        result.quantile(wrong)
    with pytest.raises(WrongKind, match="^mass is a share such as 0.9, not "):
        result.interval(wrong)
    assert result.quantile(np.float64(0.5)) == result.median()
