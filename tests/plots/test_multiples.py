"""Panels by label."""

import numpy as np
import pytest

import guessmodel as gm
from guessmodel.errors import UsageError
from guessmodel.graph.dims import Dim
from guessmodel.numerics.normal import ppf
from guessmodel.plots import new_figure, small_multiples
from guessmodel.plots.labels import text_width

P = (np.arange(2048) + 0.5) / 2048
WAYS = Dim("way", ("a", "$b$", "c"))
YEARS = Dim("year", (2020, 2021, 2022))


def test_each_label_has_a_panel_on_a_common_axis(drawn) -> None:  # type: ignore[no-untyped-def]
    draws = np.array([[10.0], [12.0], [20.0]]) + ppf(P)
    panels = small_multiples(drawn("x", draws, "USD", [WAYS]))
    titles = [ax.get_title(loc="left").split("\n")[0] for ax in panels]
    assert titles == ["a", "$b$", "c"]
    assert len({ax.get_xlim() for ax in panels}) == 1
    assert panels[0].get_xlim()[0] < 8 and panels[0].get_xlim()[1] > 22
    assert panels[0].get_title(loc="left").split("\n")[1].startswith("10")
    figure = panels[0].get_figure()
    assert figure.get_supxlabel() == "x [USD]"


def test_names_are_not_mathematics(drawn) -> None:  # type: ignore[no-untyped-def]
    panels = small_multiples(drawn("x", np.tile(ppf(P), (3, 1)), "USD", [WAYS]))
    assert not panels[1]._left_title.get_parse_math()  # type: ignore[attr-defined]


def test_labels_that_do_not_apply_have_none(drawn) -> None:  # type: ignore[no-untyped-def]
    draws = np.tile(ppf(P), (3, 1))
    draws[1] = np.nan
    assert len(small_multiples(drawn("x", draws, "USD", [WAYS]))) == 2


def test_an_ordered_dimension_makes_fans_on_common_axes(drawn) -> None:  # type: ignore[no-untyped-def]
    middle = np.arange(1.0, 10.0).reshape(3, 3)
    draws = middle[..., None] + 0.01 * ppf(P)
    panels = small_multiples(drawn("x", draws, "USD", [WAYS, YEARS]))
    assert [ax.get_title(loc="left") for ax in panels] == ["a", "$b$", "c"]
    for ax, expected in zip(panels, middle, strict=True):
        assert list(ax.lines[0].get_ydata()) == pytest.approx(list(expected), abs=1e-3)
    assert len({ax.get_ylim() for ax in panels}) == 1
    lost = draws.copy()
    lost[1] = np.nan
    assert len(small_multiples(drawn("x", lost, "USD", [WAYS, YEARS]))) == 2
    turned = small_multiples(drawn("x", draws.swapaxes(0, 1), "USD", [YEARS, WAYS]))
    assert list(turned[2].lines[0].get_ydata()) == pytest.approx([7, 8, 9], abs=1e-3)


def test_histograms_on_request(drawn) -> None:  # type: ignore[no-untyped-def]
    panels = small_multiples(drawn("x", np.tile(ppf(P), (3, 1)), "USD", [WAYS]), kind="histogram")
    assert all(ax.patches for ax in panels)


def test_categories_have_their_names_below() -> None:
    way = gm.normal({"a": (1, 2), "b": (1, 9)}, dim="way")
    plan = gm.constant({"x": 0, "y": 1}, dim="plan")
    best = gm.Model(best=(way + way * plan).idxmin("way")).sample(1024)["best"]
    panels = small_multiples(best)
    assert [label.get_text() for label in panels[0].get_xticklabels()] == ["a", "b"]
    assert panels[0].get_title(loc="left").startswith("x\na ")


def test_a_given_figure_is_filled(drawn) -> None:  # type: ignore[no-untyped-def]
    figure = new_figure(6, 3)
    panels = small_multiples(drawn("x", np.tile(ppf(P), (3, 1)), "USD", [WAYS]), figure=figure)
    assert panels == figure.axes


def test_what_cannot_be_spread_is_refused(drawn) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(UsageError, match=r"^small multiples need a dimension; 'x' has none$"):
        small_multiples(drawn("x", ppf(P)))
    many = Dim("k", tuple(f"{i}" for i in range(25)))
    with pytest.raises(UsageError, match="'x' has 25 labels, more than 24 panels"):
        small_multiples(drawn("x", np.tile(ppf(P), (25, 1)), "USD", [many]))
    with pytest.raises(UsageError, match="panels of fans need a dimension with numbers as labels"):
        small_multiples(drawn("x", np.tile(ppf(P), (3, 1)), "USD", [WAYS]), kind="fan")


def test_titles_stay_above_their_own_panels() -> None:
    rough = gm.lognormal({"one": (0.001, 5), "other": (0.3, 800)}, dim="case")
    noisy = (rough * gm.lognormal(0.5, 3) / gm.lognormal(0.5, 3)).sample(512)
    for ax in small_multiples(noisy):
        numbers = ax.get_title(loc="left").split("\n")[1]
        assert text_width(numbers, 8.5) <= 2.35 * 72  # inches a panel


def test_all_panels_have_stems_or_none() -> None:
    """Poisson counts of 60 have too many values for stems in a panel, so those of 2 have none."""
    for means, stems in (({"a": 2, "b": 60}, False), ({"a": 2, "b": 3}, True)):
        counts = gm.poisson(gm.constant(means, dim="case"), name="counts").sample(4096)
        panels = small_multiples(counts)
        assert [len(ax.containers) > 0 for ax in panels] == [stems, stems]
