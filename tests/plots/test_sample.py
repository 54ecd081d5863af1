"""Scale and window of an axis: what the draws ask for."""

import math
from collections.abc import Callable

import numpy as np
import pytest

import guessmodel as gm
from guessmodel.errors import DimensionError, UsageError
from guessmodel.graph.dims import Dim
from guessmodel.numerics.arrays import FloatArray
from guessmodel.numerics.normal import ppf
from guessmodel.numerics.scales import LOG
from guessmodel.plots import cdf, comparison, density, fan, for_report, histogram, scatter
from guessmodel.plots.alt_text import result_text
from guessmodel.plots.sample import (
    AxisRange,
    Sample,
    axis_range_of,
    few_of,
    notes_of,
    sample_of,
    unit_factor,
)
from guessmodel.plots.saving import figure_of
from guessmodel.simulation import Result
from guessmodel.units import parse

Make = Callable[..., Result]
P = (np.arange(4096) + 0.5) / 4096  # probabilities: a sample without chance


def sample(x: object, lost: float = 0.0) -> Sample:
    return Sample("x", np.sort(np.asarray(x, dtype=np.float64)), lost)


def test_decades_ask_for_a_logarithmic_axis() -> None:
    """The central 99% of a lognormal spans 2 * 2.576 sigma / log(10) decades: 1.5 at 0.67."""
    z = ppf(P)
    assert not axis_range_of([sample(np.exp(0.6 * z))]).scale.is_curved
    assert axis_range_of([sample(np.exp(0.75 * z))]).scale.is_curved
    assert axis_range_of([sample(1e-6 * np.exp(2.0 * z))]).scale.is_curved


@pytest.mark.parametrize(
    "x",
    [
        P,  # decades towards 0, in a few draws
        1.0 - P**4,
        -np.log(P) + 0.0 * P,  # exponential
        ppf(P) + 100.0,
    ],
)
def test_other_quantities_have_a_linear_axis(x: object) -> None:
    assert not axis_range_of([sample(x)]).scale.is_curved


def test_quantities_that_lie_decades_apart_share_a_logarithmic_axis() -> None:
    near, far = np.exp(0.1 * ppf(P)), 100.0 * np.exp(0.1 * ppf(P))
    window = axis_range_of([sample(near), sample(far)])
    assert window.scale.is_curved
    assert window.low < near[40] and window.high > far[-40]


def test_a_window_holds_nearly_all_draws_of_tame_distributions() -> None:
    z = ppf(P)
    for x in (z, np.exp(z), np.exp(0.3 * z), -np.log(P), P):
        found = sample(x)
        window = axis_range_of([found])
        assert found.between(*window.padded()) > 0.99


def test_tails_that_would_leave_no_room_are_cut_off() -> None:
    """Of the Cauchy distribution 98% lie within ±31.8, 90% within ±6.3, and some beyond ±1000."""
    cauchy = sample(np.tan(math.pi * (P - 0.5)))
    window = axis_range_of([cauchy], "linear")
    assert -25.0 < window.low < -6.3 and 6.3 < window.high < 25.0
    (note,) = notes_of(cauchy, window)
    assert note.endswith("% of the draws lie beyond this axis")


def test_an_axis_begins_at_0_where_that_is_near() -> None:
    assert axis_range_of([sample(1.0 + 9.0 * P)]).low == 0.0
    assert axis_range_of([sample(-1.0 - 9.0 * P)]).high == 0.0
    assert axis_range_of([sample(100.0 + P)]).low == pytest.approx(100.0, abs=0.01)


def test_limits_differ_even_where_all_draws_are_equal() -> None:
    for value in (0.0, 5.0, -3e9, 1e-12):
        low, high = axis_range_of([sample([value] * 8)]).padded()
        assert low < value < high
    low, high = AxisRange(7.0, 7.0, LOG).padded()
    assert 0.0 < low < 7.0 < high


def test_lost_draws_are_told(drawn) -> None:  # type: ignore[no-untyped-def]
    values = np.where(np.arange(4096) % 32 == 0, np.nan, P)
    found = sample_of(drawn("x", values))
    assert found.lost == pytest.approx(1 / 32)
    (note,) = notes_of(found, axis_range_of([found]))
    assert note == "3.1% of the draws are not finite and left out"


def test_infinite_draws_are_left_out(drawn) -> None:  # type: ignore[no-untyped-def]
    found = sample_of(drawn("x", [np.inf, -np.inf, *range(14)]))
    assert found.x.tolist() == list(range(14))


def test_nothing_finite_is_an_error(drawn) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(UsageError, match=r"^'x' has no finite draws: there is nothing to plot$"):
        sample_of(drawn("x", [np.nan] * 16))


def test_a_label_that_does_not_apply_is_an_error() -> None:
    labelled = gm.normal({"a": (1, 2), "b": None}, unit="USD", dim="k", name="x").sample(64)
    with pytest.raises(UsageError, match=r"'x\[b\]' is not applicable: there is nothing to plot"):
        sample_of(labelled.sel(k="b"))


def test_a_labelled_result_says_how_to_choose() -> None:
    labelled = gm.normal({"a": (1, 2), "b": (2, 3)}, unit="USD", dim="k", name="x").sample(64)
    with pytest.raises(DimensionError, match=r"choose a label, e\.g\. \.sel\(k='a'\)"):
        sample_of(labelled)


def test_large_runs_are_thinned_evenly_over_replicates() -> None:
    result = gm.normal(1, 2, name="x").sample(1 << 19)
    found = sample_of(result)
    assert len(found.x) == 1 << 18
    assert found.at(0.5) == pytest.approx(1.5, abs=1e-3)


def test_a_picture_says_how_many_draws_it_shows() -> None:
    """2^17 draws of a run that keeps none are there to look at, and 2^18 of one that keeps all."""
    total = gm.normal(1, 2) + gm.lognormal(1, 2)
    for result, shown, whole in (
        (total.sample(1 << 18, keep=False), "131,072", "262,144"),
        (total.sample(1 << 19), "262,144", "524,288"),
    ):
        found = sample_of(result)
        note = f"drawn with {shown} draws, not all {whole}"
        assert found.few == note
        assert f"{len(found.x):,}" == shown
        assert notes_of(found, axis_range_of([found]))[0] == note
        assert notes_of(found, axis_range_of([found]), exact=True) == []
        assert density(result).get_xlabel() == cdf(result).get_xlabel() == f"result\n{note}"
        assert note in comparison(result).get_xlabel()
        assert result_text(result).endswith(f" {note.capitalize()}.")
    assert few_of(total.sample(1 << 16)) is None
    exact = gm.normal(1, 2).sample(1 << 18, keep=False)
    assert density(exact).get_xlabel() == cdf(exact).get_xlabel() == "result"
    assert "not all" not in result_text(exact)


def test_units_are_brought_together_or_refused() -> None:
    price = gm.normal(5, 8, "USD", name="price").sample(64)
    assert unit_factor(price, parse("cent")) == pytest.approx(100.0)
    message = "'price' does not fit on one axis: hour and USD"
    with pytest.raises(UsageError, match=message):
        unit_factor(price, parse("hour"))


RENDERERS = {
    "density": lambda result: [density(result)],
    "histogram": lambda result: [histogram(result)],
    "cdf": lambda result: [cdf(result)],
    "comparison": lambda result: [comparison(result)],
    "scatter": lambda result: [scatter(result, result)],
}
NOISE = 1.0 + 2.0**-52 * (np.arange(512) % 7)


@pytest.mark.parametrize("kind", RENDERERS)
@pytest.mark.parametrize("scale", [1.0, -1e299, 1e-279])
def test_noise_is_drawn_as_a_constant(kind: str, scale: float, drawn: Make) -> None:
    for ax in RENDERERS[kind](drawn("x", scale * NOISE)):
        low, high = ax.get_xlim()
        assert low < scale < high
        assert high - low == pytest.approx(0.2 * abs(scale), rel=1e-9) or kind == "scatter"
        figure_of(ax).canvas.draw()


@pytest.mark.parametrize("kind", RENDERERS)
@pytest.mark.parametrize(
    ("draws", "why"),
    [
        (1.7e308 * np.linspace(-1.0, 1.0, 512), "large"),
        (np.linspace(0.0, 1e301, 512), "large"),
        (np.arange(1, 513) * 5e-324, "small"),
    ],
)
def test_what_no_axis_can_hold_is_told(kind: str, draws: FloatArray, why: str, drawn: Make) -> None:
    with pytest.raises(UsageError, match=f"'x' is too {why} for an axis: its values lie between"):
        RENDERERS[kind](drawn("x", draws))
    years = Dim("year", (1, 2))
    with pytest.raises(UsageError, match=f"too {why} for an axis"):
        fan(drawn("x", [draws, draws], dims=(years,)))
    assert for_report(drawn("x", draws)) == []


def test_a_report_has_no_picture_of_noise(drawn: Make) -> None:
    assert for_report(drawn("x", NOISE)) == []
    assert len(for_report(drawn("x", NOISE + np.arange(512.0)))) == 2


def test_noise_along_a_dimension_is_a_level_line(drawn: Make) -> None:
    ax = fan(drawn("x", [NOISE, NOISE[::-1]], dims=(Dim("year", (1, 2)),)))
    assert ax.get_ylim()[1] - ax.get_ylim()[0] > 0.1
    figure_of(ax).canvas.draw()


def test_noise_beside_a_rare_regime(drawn: Make) -> None:
    draws = NOISE.copy()
    draws[::100] = 50.0
    low, high = density(drawn("x", draws)).get_xlim()
    assert low < 1.0 and high > 50.0
