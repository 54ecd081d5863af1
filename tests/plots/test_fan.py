"""Bands along an ordered dimension."""

import math

import numpy as np
import pytest

import guessmodel as gm
from guessmodel.errors import DimensionError, UsageError
from guessmodel.graph.dims import Dim
from guessmodel.numerics.normal import ppf
from guessmodel.plots import fan
from guessmodel.plots.fan import is_ordered

P = (np.arange(4096) + 0.5) / 4096
YEARS = Dim("year", (2020, 2021, 2022, 2023))


def band(area) -> dict[float, tuple[float, float]]:  # type: ignore[no-untyped-def]
    """Ends of a filled band at each label."""
    corners = np.concatenate([path.vertices for path in area.get_paths()])
    found: dict[float, list[float]] = {}
    for x, y in corners:
        found.setdefault(float(x), []).append(float(y))
    return {x: (min(y), max(y)) for x, y in found.items()}


def test_the_bands_are_the_quantiles(drawn) -> None:  # type: ignore[no-untyped-def]
    """Of normals with standard deviation 1: ±1.645 and ±0.674 about the mean."""
    draws = 100.0 + 5 * np.arange(4)[:, None] + ppf(P)
    ax = fan(drawn("x", draws, "USD", [YEARS]))
    outer, inner = ax.collections
    for i, year in enumerate(YEARS.labels):
        middle = 100.0 + 5 * i
        assert band(outer)[year] == pytest.approx((middle - 1.645, middle + 1.645), abs=0.01)
        assert band(inner)[year] == pytest.approx((middle - 0.674, middle + 0.674), abs=0.01)
    assert list(ax.lines[0].get_ydata()) == pytest.approx([100, 105, 110, 115], abs=0.01)
    assert ax.get_xlabel() == "year" and ax.get_ylabel() == "x [USD]"
    assert [label.get_text() for label in ax.get_xticklabels()] == ["2020", "2021", "2022", "2023"]


def test_labels_in_any_order_run_from_left_to_right(drawn) -> None:  # type: ignore[no-untyped-def]
    dim = Dim("year", (2022, 2020, 2021))
    draws = np.array([[3.0], [1.0], [2.0]]) + 0.01 * ppf(P)
    ax = fan(drawn("x", draws, "USD", [dim]))
    assert list(ax.lines[0].get_xdata()) == [2020, 2021, 2022]
    assert list(ax.lines[0].get_ydata()) == pytest.approx([1, 2, 3], abs=1e-3)


def test_a_label_that_does_not_apply_leaves_a_gap(drawn) -> None:  # type: ignore[no-untyped-def]
    draws = np.arange(4.0)[:, None] + 10 + ppf(P)
    draws[1] = np.nan
    ax = fan(drawn("x", draws, "USD", [YEARS]))
    assert np.isnan(ax.lines[0].get_ydata()[1])
    assert 2021.0 not in band(ax.collections[0])
    lone = [line for line in ax.lines[1:] if line.get_xdata()[0] == 2020]
    assert len(lone) == 2  # 2020 has no neighbour, hence no band to be seen


def test_decades_along_either_axis_are_logarithmic(drawn) -> None:  # type: ignore[no-untyped-def]
    dim = Dim("inferences", tuple(10.0**k for k in range(4)))
    draws = 10.0 ** np.arange(4)[:, None] * np.exp(0.1 * ppf(P))
    ax = fan(drawn("x", draws, "USD", [dim]))
    assert ax.get_xscale() == ax.get_yscale() == "log"


def test_an_indicator_has_a_probability_along_the_dimension() -> None:
    trend = gm.constant({2020: 1.0, 2021: 1.5, 2022: 2.0}, dim="year")
    above = gm.Model(above=trend > gm.normal(1, 2)).sample(4096)["above"]
    ax = fan(above)
    assert list(ax.lines[0].get_ydata()) == pytest.approx([0.05, 0.5, 0.95], abs=2e-3)
    assert ax.get_ylabel() == "probability of above"
    assert all(label.get_text().endswith("%") for label in ax.get_yticklabels())


def test_categories_have_a_line_each() -> None:
    cost = gm.normal({"$a$": (1, 2), "_b": (1, 2)}, dim="way")
    year = gm.constant({2020: 0.0, 2021: 10.0}, dim="year")
    best = gm.Model(best=(cost + year * gm.constant({"$a$": 0, "_b": 1}, dim="way")).idxmin("way"))
    ax = fan(best.sample(4096)["best"])
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["$a$", "_b"]
    first, second = (list(line.get_ydata()) for line in ax.lines[:2])
    assert first == pytest.approx([0.5, 1.0], abs=0.02)
    assert np.add(first, second) == pytest.approx([1.0, 1.0])


def test_only_numbers_are_ordered() -> None:
    assert is_ordered(Dim("year", (2020, 2021)))
    assert not is_ordered(Dim("way", ("2020", "2021")))
    assert not is_ordered(Dim("year", (2020,)))
    assert not is_ordered(Dim("year", (2020, math.inf)))


def test_what_has_no_ordered_dimension_is_refused() -> None:
    words = gm.normal({"a": (1, 2), "b": (2, 3)}, dim="way", name="x").sample(64)
    with pytest.raises(
        UsageError,
        match=r"^a fan needs a dimension with numbers as labels; 'x' has labels along 'way' that "
        r"are no numbers$",
    ):
        fan(words)
    with pytest.raises(UsageError, match="'y' has no dimensions"):
        fan(gm.normal(1, 2, name="y").sample(64))


def test_a_second_dimension_is_refused(drawn) -> None:  # type: ignore[no-untyped-def]
    dims = [YEARS, Dim("way", ("a", "b"))]
    draws = np.broadcast_to(ppf(P[:64]), (4, 2, 64))
    with pytest.raises(DimensionError, match=r"'x' also has way: choose a label with \.sel\(\)"):
        fan(drawn("x", draws, "USD", dims))


def test_nothing_finite_is_an_error(drawn) -> None:  # type: ignore[no-untyped-def]
    draws = np.full((4, 64), np.inf)
    with pytest.raises(UsageError, match="no finite draws"):
        fan(drawn("x", draws, "USD", [YEARS]))


def test_too_few_draws_are_an_error() -> None:
    trend = gm.constant({2020: 1, 2021: 2}, dim="year") * gm.normal(1, 2) * gm.lognormal(1, 2)
    with pytest.raises(UsageError, match="has too few draws for these intervals"):
        fan(trend.sample(8))


def test_years_are_shown_as_years_and_powers_by_decades() -> None:
    """Steps of one are even however many decades they span; decades are where labels are powers."""
    for labels, scale in ((range(1, 61), "linear"), ([1, 10, 100, 1000], "log")):
        one = gm.normal(dict.fromkeys(labels, (1, 2)), dim="year").sample(64)
        assert fan(one).get_xscale() == scale


def test_a_scale_that_is_asked_for() -> None:
    growth = gm.constant({year: 10.0**year for year in range(4)}, dim="year") * gm.normal(1, 2)
    result = growth.sample(64)
    assert fan(result).get_yscale() == fan(result, scale="log").get_yscale() == "log"
    assert fan(result, scale="linear").get_yscale() == "linear"
    both = (growth - 50).sample(64)
    assert fan(both, scale="log").get_yscale() == "symlog"
    with pytest.raises(UsageError, match="scale='logit' is no scale"):
        fan(result, scale="logit")
    with pytest.raises(UsageError, match="leave out the scale"):
        fan((growth > 2).sample(64), scale="log")
