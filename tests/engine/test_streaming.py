"""Counting instead of keeping: the same answers, the same bits by any number of threads."""

import numpy as np
import pytest

import guessmodel as gm
from guessmodel.engine import run
from guessmodel.engine.streaming import Groups
from guessmodel.errors import UsageError
from guessmodel.numerics.moments import Moments


def model() -> gm.Model:
    a, b = gm.lognormal(1, 3), gm.normal(2, 5)
    spans = gm.lognormal({"p": (1, 2), "q": (3, 9), "r": None}, dim="case")
    total = (spans * a).sum("case")
    return gm.Model(
        a=a,
        hierarchical=gm.normal(mean=b, sd=a),
        whole=gm.ceil(a * b),
        parts=spans * a + b,
        total=total,
        high=total > 12,
        lost=gm.sqrt(b - 2) + a,
        best=gm.stack({"x": a, "y": b}, dim="kind").idxmin("kind"),
    )


@pytest.fixture(scope="module")
def both() -> tuple[gm.Simulation, gm.Simulation]:
    n = 1 << 21  # 16 replicates
    return model().sample(n, keep=True), model().sample(n, keep=False)


def test_both_agree_within_their_errors(both: tuple[gm.Simulation, gm.Simulation]) -> None:
    for kept, counted in zip(both[0].summary().rows, both[1].summary().rows, strict=True):
        for name in ("mean", "sd", "p5", "p50", "p95"):
            one, other = getattr(kept, name), getattr(counted, name)
            assert (one is None) == (other is None)
            if one is not None:
                assert abs(one.value - other.value) <= 0.5 * (one.error + other.error)
                if one.estimator == other.estimator:  # deviations by parts need kept draws
                    assert other.error <= 2 * one.error + 1e-3 * abs(one.value)
                assert one.note == other.note


@pytest.mark.parametrize("name", ["hierarchical", "whole", "total", "lost"])
def test_quantiles_that_nobody_expects(
    both: tuple[gm.Simulation, gm.Simulation], name: str
) -> None:
    ordered = np.sort(both[0][name].values)
    ordered = ordered[np.isfinite(ordered)]
    for p in (0.001, 0.02, 0.31, 0.5, 0.86, 0.999):
        (estimate,) = both[1][name]._sampled().quantiles([p], "")  # not the conditional one
        assert estimate.low <= ordered[round(p * (ordered.size + 1)) - 1] <= estimate.high


def test_probabilities_and_the_interval_of_guesstimate(
    both: tuple[gm.Simulation, gm.Simulation],
) -> None:
    kept, counted = (sim["high"].probability() for sim in both)
    assert abs(counted.value - kept.value) <= kept.error
    for one, other in zip(*(sim["total"].guesstimate_interval() for sim in both), strict=True):
        assert abs(one.value - other.value) <= one.error + other.error
    with pytest.raises(UsageError, match="'total' is not an indicator"):
        both[1]["total"].probability()
    for label in ("x", "y"):
        first, second = (sim["best"].category_probability(label) for sim in both)
        assert first.value == second.value


def test_lost_draws_are_told_alike(both: tuple[gm.Simulation, gm.Simulation]) -> None:
    assert both[0].problems() == both[1].problems() != []
    assert both[0]["parts"].non_finite == both[1]["parts"].non_finite == 0.0


def test_draws_are_gone_and_some_are_left_to_look_at(
    both: tuple[gm.Simulation, gm.Simulation],
) -> None:
    result = both[1]["total"]
    with pytest.raises(UsageError, match=r"draws of 'total' were not kept; .*keep=True.*\.preview"):
        _ = result.values
    with pytest.raises(UsageError, match="were not kept"):
        both[1].to_xarray()
    assert result.preview.shape == (1 << 17,)
    assert both[1]["parts"].preview.shape == (3, 1 << 17)
    assert both[0]["total"].preview.shape == both[0]["total"].values.shape


@pytest.mark.parametrize("method", ["nets", "lhs", "random"])
def test_threads_do_not_change_a_bit(method: str) -> None:
    runs = [
        model().sample(1 << 14, keep=False, method=method, threads=threads) for threads in (1, 2, 3)
    ]
    for again in runs[1:]:
        for name in again:
            for one, other in zip(
                np.ravel(runs[0][name].tallies), np.ravel(again[name].tallies), strict=True
            ):
                # As text, in which a float has all of its digits: nan is not equal to itself.
                assert repr(one.mean("")) == repr(other.mean(""))
                assert repr(one.sd("")) == repr(other.sd(""))
                assert repr(one.quantiles((0.05, 0.5), "")) == repr(
                    other.quantiles((0.05, 0.5), "")
                )


def test_few_samples_can_be_counted_too() -> None:
    counted, kept = model().sample(64, keep=False), model().sample(64)
    assert counted["total"].mean().value == pytest.approx(kept["total"].mean().value)
    assert counted["hierarchical"].quantile(0.001).note == "needs 8000 samples or more"


def test_a_replicate_that_is_wide_comes_in_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "_CHUNK", 1 << 16)
    x = gm.normal({str(i): (i, i + 1) for i in range(20)}, dim="case") + gm.ceil(gm.normal(0, 3))
    model, n = gm.Model(x=x, y=x.sum("case") ** 2), 1 << 14
    assert run.chunk_size(model.plan(), n // 8) < n // 8
    counted, kept = model.sample(n, keep=False), model.sample(n)
    for one, other in (
        (kept["y"], counted["y"]),
        (kept["x"].sel(case="7"), counted["x"].sel(case="7")),
    ):
        assert other.mean().value == pytest.approx(one.mean().value, rel=1e-12)
        assert other.sd().value == pytest.approx(one.sd().value, rel=1e-12)
        (estimate,) = other._sampled().quantiles([0.3], "")  # not the conditional one
        assert estimate.low <= np.quantile(one.values, 0.3) <= estimate.high


# --- groups of replicates ------------------------------------------------------------------------


def moments(rows: np.ndarray) -> list[list[Moments]]:
    return [[Moments.of(row[None])] for row in rows]


def test_groups_are_bounded_and_hold_all_draws_in_any_order_of_arrival() -> None:
    rows = np.random.default_rng(0).normal(size=(1100, 20))
    parts = moments(rows)
    straight, shuffled = Groups(), Groups()
    straight.take(dict(enumerate(parts)))
    waiting: dict[int, list[Moments]] = {}
    for replicate in np.random.default_rng(1).permutation(1100).tolist():
        waiting[replicate] = parts[replicate]
        shuffled.take(waiting)
    assert not waiting
    assert 128 <= len(straight.moments) <= 256
    for one, other in zip(straight.moments, shuffled.moments, strict=True):
        np.testing.assert_array_equal(one[0].squares, other[0].squares)
    whole = Moments.stack([group[0] for group in straight.moments])
    assert whole.draws == rows.size
    assert whole.pooled_mean == pytest.approx(rows.mean())
    assert whole.squares_about(0.0).sum() == pytest.approx((rows**2).sum())
    # Neighbours are merged: the first group is the first eight replicates.
    assert straight.width == 8
    assert straight.moments[0][0].mean[0] == pytest.approx(rows[:8].mean())


def test_groups_take_what_comes_after_a_gap_only_when_told() -> None:
    parts = moments(np.random.default_rng(0).normal(size=(4, 20)))
    groups, waiting = Groups(), {0: parts[0], 2: parts[2]}
    groups.take(waiting)
    assert len(groups.moments) == 1
    groups.take(waiting, gaps=True)
    assert len(groups.moments) == 2
    assert not waiting
