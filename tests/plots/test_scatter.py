"""Two quantities against each other."""

import math

import numpy as np
import pytest
from scipy import stats

import guessmodel as gm
from guessmodel.errors import UsageError
from guessmodel.plots import for_report, rank_correlation, scatter


@pytest.fixture(scope="module")
def simulation() -> gm.Simulation:
    a, b = gm.normal(mean=0, sd=1), gm.normal(mean=0, sd=1)
    model = gm.Model(a=a, b=b, total=a + b, fine=gm.exp(3 * a), n=gm.floor(a), one=gm.constant(1))
    return model.sample(8192, method="random", seed=5)


def test_the_rank_correlation_is_that_of_scipy(simulation: gm.Simulation) -> None:
    for x, y in (("a", "total"), ("a", "n"), ("b", "fine")):
        found = rank_correlation(simulation[x], simulation[y])
        expected = stats.spearmanr(simulation[x].values, simulation[y].values).statistic
        assert found.value == pytest.approx(expected, abs=1e-12)


def test_its_interval_holds_the_true_one(simulation: gm.Simulation) -> None:
    """Of two normals with correlation r it is 6/pi asin(r/2); here r is the root of 1/2."""
    found = rank_correlation(simulation["a"], simulation["total"])
    true = 6 / math.pi * math.asin(math.sqrt(0.5) / 2)
    assert abs(found.value - true) < 4 * found.error
    assert 0.0005 < found.error < 0.02


def test_a_run_that_kept_no_draws_has_pictures_too() -> None:
    a, b = gm.normal(mean=0, sd=1), gm.normal(mean=0, sd=1)
    simulation = gm.Model(a=a, total=a + gm.exp(b)).sample(1 << 18, keep=False)
    ax = scatter(simulation["a"], simulation["total"])
    assert len(ax.lines[0].get_xdata()) == 2000
    shown = "2,000 draws shown; correlation of 131,072, not all 262,144"
    assert ax.get_xlabel().split("\n")[:2] == ["a", shown]
    kept = gm.Model(a=a, total=a + gm.exp(b)).sample(1 << 18)
    found, expected = (rank_correlation(s["a"], s["total"]) for s in (simulation, kept))
    assert found.value == pytest.approx(expected.value, abs=0.005)
    assert [p.kind for p in for_report(simulation["total"])] == ["density", "cdf"]


def test_monotone_is_1_and_a_constant_has_none(simulation: gm.Simulation) -> None:
    assert rank_correlation(simulation["a"], simulation["fine"]).value == pytest.approx(1.0)
    none = rank_correlation(simulation["a"], simulation["one"])
    assert math.isnan(none.value) and none.note == "does not exist: one is constant"


def test_points_are_few_and_belong_together(simulation: gm.Simulation) -> None:
    ax = scatter(simulation["a"], simulation["fine"])
    (points,) = ax.lines
    x, y = np.array(points.get_xdata()), np.array(points.get_ydata())
    assert len(x) == 2000
    assert y == pytest.approx(np.exp(3 * x))
    assert ax.get_xscale() == "linear" and ax.get_yscale() == "log"
    assert ax.get_title(loc="left").startswith("Spearman rank correlation 1")
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("a\n2,000 of 8,192 draws shown", "fine")


def test_the_same_points_every_time(simulation: gm.Simulation) -> None:
    first, second = (scatter(simulation["a"], simulation["b"]).lines[0] for _ in range(2))
    assert np.array_equal(first.get_xdata(), second.get_xdata())


def test_draws_that_are_not_finite_are_left_out_and_told(drawn) -> None:  # type: ignore[no-untyped-def]
    rng = np.random.default_rng(3)
    x, y = rng.normal(size=1024), rng.normal(size=1024)
    y[::16] = np.nan
    ax = scatter(drawn("x", x), drawn("y", y))
    assert len(ax.lines[0].get_xdata()) == 960
    assert ax.get_xlabel() == "x [USD]\ny: 6.2% of the draws are not finite and left out"


def test_results_of_two_runs_are_refused() -> None:
    x = gm.normal(1, 2, name="x")
    with pytest.raises(UsageError, match="'x' and 'x' are of different runs"):
        scatter(x.sample(64), x.sample(64, seed=1))


def test_labels_have_no_ranks() -> None:
    way = gm.categorical({"train": 0.7, "car": 0.3})
    hours = gm.choose({"train": gm.normal(3, 4), "car": gm.normal(2, 7)}, by=way)
    run = gm.Model(way=way, hours=hours).sample(64)
    assert scatter(run["way"], run["hours"]).get_title(loc="left") == ""
