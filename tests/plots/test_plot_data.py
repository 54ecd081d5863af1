"""The form that a distribution has in a picture."""

import math

import numpy as np
import pytest
from scipy import stats

import guessmodel as gm
from guessmodel.numerics.normal import ppf
from guessmodel.plots.categories import words_of
from guessmodel.plots.plot_data import PlotData, bars_of, plot_data_of
from guessmodel.plots.sample import axis_range_of, sample_of
from guessmodel.simulation import Result

N = 8192
P = (np.arange(N) + 0.5) / N


def shape(result: Result) -> PlotData:
    found = sample_of(result)
    return plot_data_of(result, found, axis_range_of([found]))


def area(x: np.ndarray, y: np.ndarray) -> float:
    return float(np.trapezoid(y, x))


def test_a_closed_form_gives_its_own_density() -> None:
    found = shape(gm.normal(5, 8, "USD", name="x").sample(1024))
    sd = 1.5 / stats.norm.ppf(0.95)
    assert found.kind == "curve" and found.exact
    assert found.y == pytest.approx(stats.norm.pdf(found.x, 6.5, sd), rel=1e-9, abs=1e-12)


def test_on_a_logarithmic_axis_the_density_is_per_decade() -> None:
    """That of log10 x is normal with standard deviation 1 where x is lognormal(1.645 decades)."""
    found = shape(gm.lognormal(mu=0, sigma=math.log(10)).sample(1024))
    assert found.window.scale.is_curved
    assert found.y == pytest.approx(stats.norm.pdf(np.log10(found.x)), rel=1e-9, abs=1e-12)


def test_multiples_and_shifts_of_a_draw_are_exact_too() -> None:
    x = gm.normal(mean=2, sd=1, unit="USD")
    found = shape((gm.constant(3, "USD") - 4 * x).sample(1024))
    assert found.exact
    assert found.y == pytest.approx(stats.norm.pdf(found.x, -5, 4), rel=1e-9, abs=1e-12)


def test_a_bounded_closed_form_ends_at_its_bounds() -> None:
    found = shape(gm.uniform(2, 5, "USD").sample(1024))
    assert found.kind == "curve" and found.exact
    assert (found.x[0], found.x[-1]) == (2.0, 5.0)
    assert found.y[0] == found.y[-1] == 0.0  # the vertical ends
    assert found.y[1:-1] == pytest.approx(1 / 3)


def test_an_infinite_density_is_cut_off_where_the_rest_can_be_seen() -> None:
    found = shape(gm.beta(alpha=0.5, beta=0.5).sample(1024))
    assert np.all(np.isfinite(found.y))
    middle = found.y[np.searchsorted(found.x, 0.5)]
    assert middle == pytest.approx(2 / math.pi, rel=0.01)
    assert found.peak < 20 * middle


def test_a_narrow_peak_is_not_missed() -> None:
    """A thousandth of the axis wide; the highest point of the curve is that of the density."""
    mixture = gm.mixture([gm.normal(mean=0, sd=1), gm.normal(mean=3, sd=0.005)], [0.9, 0.1])
    found = shape(mixture.sample(N))
    assert found.peak > 0.9 * 0.1 * stats.norm.pdf(0) / 0.005


def test_derived_quantities_have_a_kernel_density(drawn) -> None:  # type: ignore[no-untyped-def]
    found = shape(drawn("x", ppf(P)))
    assert found.kind == "curve" and not found.exact
    assert found.y == pytest.approx(stats.norm.pdf(found.x), abs=0.012)
    assert area(found.x, found.y) == pytest.approx(1.0, abs=0.01)


def test_one_on_a_logarithmic_axis_is_per_decade_too(drawn) -> None:  # type: ignore[no-untyped-def]
    found = shape(drawn("x", 10.0 ** ppf(P)))
    assert found.window.scale.is_curved
    assert found.y == pytest.approx(stats.norm.pdf(np.log10(found.x)), abs=0.012)


@pytest.mark.parametrize(
    ("draws", "low", "high"),
    [
        (P, 0.0, 1.0),  # uniform
        (-np.log(P), 0.0, None),  # exponential
        (1.0 - P**3, 0.0, 1.0),
        (np.abs(ppf(P)), 0.0, None),
        (5.0 + np.sqrt(P), None, 6.0),  # triangular: abrupt above, smooth below
    ],
)
def test_what_ends_abruptly_is_shown_by_bars_within_its_bounds(  # type: ignore[no-untyped-def]
    draws: np.ndarray, low: float | None, high: float | None, drawn
) -> None:
    found = shape(drawn("x", draws))
    assert found.kind == "bars"
    assert found.x[0] >= draws.min() and found.x[-1] <= draws.max()
    if low is not None:
        assert low <= found.x[0] < low + 0.01
    if high is not None:
        assert high - 0.01 < found.x[-1] <= high


def test_nothing_is_smeared_below_zero(drawn) -> None:  # type: ignore[no-untyped-def]
    """A gamma distribution of shape 6, which is smooth at 0, and its kernel density."""
    found = shape(drawn("x", stats.gamma(6).ppf(P)))
    assert found.kind == "curve" and not found.window.scale.is_curved
    assert found.x[0] > 0.0


def test_bars_hold_the_shares_of_the_draws(drawn) -> None:  # type: ignore[no-untyped-def]
    sample = sample_of(drawn("x", P))
    found = bars_of(sample, axis_range_of([sample]))
    assert found.y.sum() == pytest.approx(1.0)
    assert found.y == pytest.approx(np.full(len(found.y), 1 / len(found.y)), rel=0.01)
    assert np.diff(found.x) == pytest.approx(np.full(len(found.y), np.diff(found.x)[0]))


def test_bars_on_a_logarithmic_axis_are_of_equal_width_there(drawn) -> None:  # type: ignore[no-untyped-def]
    sample = sample_of(drawn("x", 10.0 ** (6.0 * P)))
    found = bars_of(sample, axis_range_of([sample]))
    widths = np.diff(np.log10(found.x))
    assert widths == pytest.approx(np.full(len(widths), widths[0]))


def test_counts_have_probabilities_and_known_ones_are_exact() -> None:
    found = shape(gm.poisson(4).sample(N))
    assert found.kind == "discrete" and found.exact
    assert found.x[:3].tolist() == [0.0, 1.0, 2.0]
    assert found.y == pytest.approx(stats.poisson(4).pmf(found.x), rel=1e-9)


def test_counts_that_are_computed_have_shares(drawn) -> None:  # type: ignore[no-untyped-def]
    counts = stats.poisson(4).ppf(P)
    found = shape(drawn("x", counts))
    assert found.kind == "discrete" and not found.exact
    assert found.y == pytest.approx(stats.poisson(4).pmf(found.x), abs=2 / N)


def test_many_counts_are_binned_by_equally_many(drawn) -> None:  # type: ignore[no-untyped-def]
    found = shape(drawn("x", stats.poisson(4000).ppf(P)))
    assert found.kind == "bars"
    widths = np.diff(found.x)
    assert np.all(widths == widths[0]) and widths[0] == round(widths[0])
    assert found.x[0] % 1.0 == 0.5
    jumps = np.abs(np.diff(found.y))  # a comb of uneven bins would jump up and down
    assert jumps.max() < 0.25 * found.peak


def test_counts_over_decades_have_no_gaps(drawn) -> None:  # type: ignore[no-untyped-def]
    """Bins narrower than 1 would be empty between whole numbers."""
    found = shape(drawn("x", np.ceil(np.exp(1.5 * ppf(P) + 2.0))))
    assert found.kind == "bars" and found.uneven and found.window.scale.is_curved
    assert np.all(found.x % 1.0 == 0.5)
    middle = found.y[: len(found.y) // 2]
    assert np.all(middle > 0.0)
    assert float(found.y @ np.diff(np.log10(found.x))) == pytest.approx(1.0, abs=0.01)


def test_multiples_of_a_number_are_binned_like_counts(drawn) -> None:  # type: ignore[no-untyped-def]
    """The rent of whole machines: bins of any other width would come out as a comb."""
    price = 87.6e3
    found = shape(drawn("rent", price * np.ceil(np.exp(1.5 * ppf(P) + 2.0))))
    assert found.kind == "bars" and found.window.scale.is_curved
    assert (found.x / price) % 1.0 == pytest.approx(np.full(len(found.x), 0.5))
    assert np.all(found.y[: len(found.y) // 2] > 0.0)


def test_single_values_among_others_stand_beside_the_bars(drawn) -> None:  # type: ignore[no-untyped-def]
    found = shape(drawn("x", np.where(P < 0.6, 0.0, np.exp(ppf((P - 0.6).clip(1e-9) / 0.4) / 2))))
    assert found.kind == "bars"
    ((value, share),) = found.atoms
    assert value == 0.0 and share == pytest.approx(0.6, abs=1e-3)
    assert found.y.sum() == pytest.approx(0.4, abs=2e-3)


def test_equal_draws_are_a_point(drawn) -> None:  # type: ignore[no-untyped-def]
    for result in (drawn("x", [2.5e6] * 64), gm.constant(2.5e6, "USD").sample(64)):
        found = shape(result)
        assert found.kind == "point" and found.x.tolist() == [2.5e6]


def test_words_for_numbers() -> None:
    a = gm.normal({"x": (1, 2), "y": (1, 3)}, dim="way")
    assert words_of(a.idxmin("way").sample(64)) == ("x", "y")
    assert words_of((gm.normal(1, 2) > 1.5).sample(64)) == ("no", "yes")
    assert words_of(gm.poisson(4).sample(64)) == ()
