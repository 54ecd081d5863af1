"""Density and histogram: what stands on the axes."""

import math

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

import guessmodel as gm
from guessmodel.errors import DimensionError, UsageError
from guessmodel.numerics.normal import ppf
from guessmodel.plots import density, histogram, new_axes
from guessmodel.plots.alt_text import result_text

P = (np.arange(8192) + 0.5) / 8192


def legend(ax: Axes) -> list[str]:
    found = ax.get_legend()
    return [] if found is None else [text.get_text() for text in found.get_texts()]


def verticals(ax: Axes) -> list[float]:
    """Where vertical lines over the whole height stand."""
    return [float(line.get_xdata()[0]) for line in ax.lines if list(line.get_ydata()) == [0, 1]]


def test_a_closed_form_is_drawn_with_its_exact_figures() -> None:
    """The mean of a lognormal is exp(mu + sigma²/2)."""
    ax = density(gm.lognormal(1, 100, "USD/day", name="cost").sample(1024))
    sigma = math.log(100) / (2 * 1.6448536269514722)
    mean = 10 * math.exp(sigma**2 / 2)
    assert ax.get_xscale() == "log"
    assert ax.get_xlabel() == "cost [USD/day]"
    assert ax.get_ylabel() == "density" and list(ax.get_yticks()) == []
    assert sorted(verticals(ax)) == pytest.approx([10.0, mean])
    assert legend(ax) == ["median 10", f"mean {mean:.4g}", "90% interval 1 to 100"]


def test_the_interval_is_shaded_within_the_whole(drawn) -> None:  # type: ignore[no-untyped-def]
    ax = density(drawn("x", ppf(P)))
    whole, inside = (area.get_paths()[0].vertices[:, 0] for area in ax.collections)
    assert whole.min() < -2.9 and whole.max() > 2.9
    assert (inside.min(), inside.max()) == pytest.approx((-1.645, 1.645), abs=0.01)


def test_bars_are_shaded_up_to_the_interval_s_ends_not_to_the_bins(drawn) -> None:  # type: ignore[no-untyped-def]
    ax = density(drawn("x", P))
    inside = ax.patches[1].get_data().edges
    assert (inside[0], inside[-1]) == pytest.approx((0.05, 0.95), abs=1e-3)
    assert ax.get_ylabel() == "share of draws"


def test_counts_have_whole_ticks_and_shares_in_percent() -> None:
    ax = density(gm.poisson(4, name="n").sample(1024))
    heights = {round(bar.get_x() + bar.get_width() / 2): bar.get_height() for bar in ax.patches}
    assert heights[0] == pytest.approx(math.exp(-4))
    assert heights[4] == pytest.approx(math.exp(-4) * 4**4 / 24)
    assert ax.get_ylabel() == "probability"
    assert all(float(x).is_integer() for x in ax.get_xticks())


def test_an_indicator_has_two_words_and_no_median() -> None:
    ax = density((gm.normal(1, 2, name="a") > 1.5).sample(1024))
    assert [label.get_text() for label in ax.get_xticklabels()] == ["no", "yes"]
    assert [text.get_text() for text in ax.texts] == ["50%", "50%"]
    assert legend(ax) == [] and verticals(ax) == []


def test_categories_are_named() -> None:
    best = gm.normal({"$x$": (1, 2), "b": (10, 20)}, dim="way").idxmin("way").sample(1024)
    ax = density(best)
    shown = ax.get_xticklabels()
    assert [label.get_text() for label in shown] == ["$x$", "b"]
    assert not any(label.get_parse_math() for label in shown)


def test_of_many_categories_those_that_occur_are_told_apart() -> None:
    """P(first = 7) = P(speed > 100/7), and P(first = 8) the rest, of speeds from 100/8 to 100/6."""
    speed = gm.uniform(100 / 8, 100 / 6)
    gone = speed * gm.constant({day: day for day in range(1, 13)}, dim="day")
    ax = density(gm.Model(first=gone.first_where(gone > 100, "day")).sample(1024)["first"])
    share = (100 / 6 - 100 / 7) / (100 / 6 - 100 / 8)
    written = [text.get_text() for text in ax.texts]
    assert written == [f"{100 * share:.0f}%", f"{100 - 100 * share:.0f}%"]
    assert len(ax.get_xticklabels()) == 13


def test_what_is_rare_among_many_labels_is_not_0() -> None:
    shares = {"a": 0.5, "b": 0.494, "c": 0.004, "d": 0.002, "e": 0}
    written = [text.get_text() for text in density(gm.categorical(shares).sample(64)).texts]
    assert written == ["50%", "49%", "<1%", "<1%"]


def test_a_digit_that_few_draws_leave_open_is_marked() -> None:
    """The error of a share of 64 independent draws is some 5 percent."""
    cost = gm.normal(0, 1, dim={"way": list("abcdefghij")})
    best = gm.Model(best=cost.idxmin("way")).sample(64, method="random")["best"]
    written = [text.get_text() for text in density(best).texts]
    assert len(written) > 5 and all(text.startswith("≈") for text in written)


def test_an_atom_is_named_and_does_not_hide_the_rest(drawn) -> None:  # type: ignore[no-untyped-def]
    """Six draws in ten are 0; the bins of the rest hold a few percent each."""
    draws = np.where(P < 0.6, 0.0, np.exp(ppf(((P - 0.6) / 0.4).clip(1e-9)) / 2))
    ax = density(drawn("x", draws))
    assert [text.get_text() for text in ax.texts] == ["60% exactly 0"]
    assert ax.get_ylim()[1] < 0.1


def test_a_constant_says_so() -> None:
    ax = density(gm.constant(2.5e6, "USD", name="known").sample(64))
    assert legend(ax) == ["always 2.5M"]
    low, high = ax.get_xlim()
    assert low < 2.5e6 < high


def test_what_is_rare_is_told_beside_what_is_nearly_always_so() -> None:
    """An event of 1e-9 that no draw meets; one of 1e-3 of 2,000 has a mean of 2; none at all."""
    hit, other = gm.bernoulli(1e-9, name="hit"), gm.bernoulli(1e-3, name="other")
    model = gm.Model(
        hit=hit,
        other=other,
        cost=gm.where(hit, 100, 5),
        loss=gm.where(other, gm.constant(2000, "USD"), 0),
        never=gm.uniform(0, 1, name="u") > 2,
    )
    run = model.sample(4096)
    assert legend(density(run["cost"])) == ["nearly always 5"]
    assert result_text(run["loss"], "Density") == (
        "Density of loss in USD: at least 90% are 0, mean 2."
    )
    assert result_text(run["never"], "Density") == "Density of never: yes 0%."


def test_a_mean_that_does_not_exist_is_not_drawn() -> None:
    ax = density(gm.cauchy(-1, 1, name="x").sample(1024))
    assert legend(ax)[1] == "the mean does not exist"
    assert verticals(ax) == pytest.approx([0.0], abs=1e-9)


def test_what_is_left_out_is_said(drawn) -> None:  # type: ignore[no-untyped-def]
    draws = np.where(np.arange(8192) % 64 == 0, np.nan, ppf(P))
    ax = density(drawn("x", draws))
    assert ax.get_xlabel() == "x [USD]\n1.6% of the draws are not finite and left out"


def test_negative_quantities_are_on_a_linear_axis_or_one_of_both_signs(drawn) -> None:  # type: ignore[no-untyped-def]
    result = drawn("loss", -np.exp(2 * ppf(P)))
    assert density(result).get_xscale() == "symlog"
    ax = density(result, scale="linear")
    assert ax.get_xscale() == "linear"
    assert ax.get_xlim()[0] < -1 and ax.get_xlim()[1] >= 0


def test_a_histogram_bins_what_has_a_curve() -> None:
    cost = gm.lognormal(1, 100, "USD", name="cost").sample(8192)
    ax = histogram(cost)
    edges = ax.patches[0].get_data().edges
    widths = np.diff(np.log(edges))
    assert widths == pytest.approx(np.full(len(widths), widths[0]))
    assert ax.patches[0].get_data().values.sum() == pytest.approx(0.998, abs=0.003)


def test_given_axes_are_used_and_returned_and_others_belong_to_no_window() -> None:
    result = gm.normal(1, 2, name="x").sample(64)
    figure = Figure()
    ours = figure.add_subplot()
    assert density(result, ax=ours) is ours
    own = density(result)
    assert own.get_figure() is not figure
    assert type(own.get_figure().canvas).__name__ == "FigureCanvasBase"


def test_given_axes_keep_their_colours() -> None:
    dark = new_axes(style="dark")
    density(gm.normal(1, 2, name="x").sample(64), ax=dark)
    (median,) = [line for line in dark.lines if line.get_linestyle() == "-" and line.get_lw() < 1.3]
    assert to_hex(median.get_color()) == to_hex(dark.xaxis.label.get_color()) == "#e8e8e8"


def test_labelled_results_and_unknown_styles_are_refused() -> None:
    labelled = gm.normal({"a": (1, 2), "b": (2, 3)}, dim="k", name="x").sample(64)
    with pytest.raises(DimensionError, match="choose a label"):
        density(labelled)
    with pytest.raises(UsageError, match=r"^there is no style 'drak'; did you mean 'dark'\?$"):
        density(labelled.sel(k="a"), style="drak")


@pytest.mark.parametrize("kind", [density, histogram])
def test_decades_on_both_sides_of_0(kind) -> None:  # type: ignore[no-untyped-def]
    """The density is per decade: that of a difference of two equal lognormals is even."""
    result = (gm.lognormal(1, 1e4) - gm.lognormal(1, 1e4)).sample(8192)
    ax = kind(result)
    assert ax.get_xscale() == "symlog"
    low, high = ax.get_xlim()
    assert low < -1e3 and high > 1e3
    ticks = [x for x in ax.get_xticks() if low <= x <= high]
    assert 0.0 in ticks and min(ticks) < 0 < max(ticks) and len(ticks) <= 9
    assert kind(result, scale="linear").get_xscale() == "linear"


def test_whole_numbers_have_a_bar_each() -> None:
    """Of a uniform die with 120 faces, all bars are of one height."""
    die = gm.empirical(range(1, 121)) + 0
    ax = density(die.sample(65536))
    heights = [patch.get_height() for patch in ax.patches if patch.get_height() > 0]
    assert len(heights) == 120
    assert max(heights) < 1.3 * min(heights)


@pytest.mark.parametrize("shares", [(0.064, 0.923, 0.013), (0.98, 0.012, 0.008), (0.01, 0.99, 0)])
def test_each_category_has_its_bar_however_rare_it_is(shares: tuple[float, ...]) -> None:
    category = gm.categorical(dict(zip("abc", shares, strict=True)), name="best")
    ax = density(category.sample(4096))
    bars = [bar.get_height() for bar in ax.patches if isinstance(bar, Rectangle)]
    assert bars == pytest.approx([share for share in shares if share], abs=1e-3)
    assert ax.get_xlabel() == "best"  # and nothing lies beyond the axis
