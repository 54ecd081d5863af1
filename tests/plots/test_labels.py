"""Texts and ticks of pictures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guessmodel.estimators.estimate import Estimate
from guessmodel.numerics.scales import LINEAR, LOG
from guessmodel.plots.labels import (
    Numbers,
    clean,
    figure_text,
    legend_above,
    name_x,
    number_axis,
    percent_axis,
    text_width,
    titled,
)
from guessmodel.plots.style import new_axes
from guessmodel.units.figures import parse_figure


@pytest.mark.parametrize(
    ("ticks", "texts"),
    [
        ([0, 50e3, 100e3, 150e3], ["0", "50K", "100K", "150K"]),
        ([2.5e6, 2.6e6, 2.7e6], ["2.5M", "2.6M", "2.7M"]),
        ([100.0, 102.5, 105.0, 107.5], ["100", "102.5", "105", "107.5"]),
        ([2022, 2024, 2026], ["2022", "2024", "2026"]),
        ([0, 1000, 2000], ["0", "1000", "2000"]),
        ([1, 10, 100, 1000], ["1", "10", "100", "1000"]),
        ([0.001, 0.01, 0.1], ["0.001", "0.01", "0.1"]),
        ([1e15, 1e18], ["1e15", "1e18"]),
        ([-2, -1, 0, 1], ["−2", "−1", "0", "1"]),
        ([1.0000001, 1.0000002], ["1.0000001", "1.0000002"]),
        ([5.0], ["5"]),
    ],
)
def test_ticks_are_engineering_numbers(ticks: list[float], texts: list[str]) -> None:
    assert Numbers().format_ticks(ticks) == texts


@given(
    st.integers(-1000, 1000),
    st.sampled_from([1.0, 2.0, 2.5, 5.0, 10.0]),
    st.integers(-6, 12),
    st.integers(2, 9),
)
def test_a_tick_says_where_it_stands(first: int, step: float, power: int, count: int) -> None:
    """Read back by the parser of figures, each label is its tick to a thousandth of the step."""
    step *= 10.0**power
    ticks = [(first + i) * step for i in range(count)]
    for tick, text in zip(ticks, Numbers().format_ticks(ticks), strict=True):
        read = parse_figure(text.replace("−", "-")).value
        assert read == pytest.approx(tick, rel=1e-9, abs=2e-3 * step)


def test_axes_of_numbers_have_ticks_within_their_limits() -> None:
    ax = new_axes(6, 4)
    for log, low, high in ((False, 0.0, 7e5), (True, 3.0, 4e4), (True, 2.0, 70.0), (True, 1, 1e20)):
        ax.set_xscale("log" if log else "linear")
        ax.set_xlim(low, high)
        number_axis(ax.xaxis, LOG if log else LINEAR, low=low, high=high)
        inside = [x for x in ax.get_xticks() if low <= x <= high]
        assert 3 <= len(inside) <= 9
        assert not any(label.get_text() for label in ax.get_xticklabels(minor=True))


def test_whole_numbers_have_whole_ticks() -> None:
    ax = new_axes(6, 4)
    ax.set_xlim(0, 7)
    number_axis(ax.xaxis, LINEAR, low=0, high=7, whole=True)
    assert all(float(x).is_integer() for x in ax.get_xticks())


def test_shares_are_shown_in_percent() -> None:
    ax = new_axes(6, 4)
    ax.set_ylim(0, 1)
    percent_axis(ax.yaxis)
    shown = [label.get_text() for label in ax.get_yticklabels()]
    assert "0%" in shown and "100%" in shown and "60%" in shown


def test_names_are_one_line_and_keep_their_ends() -> None:
    assert clean("a\tb\n c") == "a b c"
    assert clean("x" * 10 + "y" * 10, 11) == "xxxxx…yyyyy"
    assert clean("\x00cost\x7f") == "cost"


def test_a_unit_stands_in_brackets_and_a_name_gives_way_to_it() -> None:
    assert titled("cost", "USD/day") == "cost [USD/day]"
    assert titled("ratio", "") == "ratio"
    long = titled("n" * 60, "USD/day", room=150.0)
    assert long.endswith(" [USD/day]") and "…" in long
    assert text_width(long, 9.0) <= 150.0


def test_width_of_text_grows_with_text_and_size() -> None:
    assert text_width("iiii", 8) < text_width("WWWW", 8)
    assert text_width("cost", 16) == pytest.approx(2 * text_width("cost", 8), rel=0.02)


def test_dollars_are_dollars_and_underscores_begin_a_name() -> None:
    """In matplotlib $…$ is mathematics, and a leading underscore hides an entry of a legend."""
    ax = new_axes(6, 4)
    (line,) = ax.plot([0, 1])
    legend = legend_above(ax, [line], ["_price in $ or $$"])
    (text,) = legend.get_texts()
    assert text.get_text() == "_price in $ or $$" and not text.get_parse_math()


@pytest.mark.parametrize(("width", "rows"), [(9.0, 1), (6.4, 2), (2.0, 3)])
def test_a_legend_takes_the_lines_that_it_needs(width: float, rows: int) -> None:
    ax = new_axes(width, 4)
    lines = ax.plot([0, 1], [[0, 1, 2], [1, 2, 3]])
    legend = legend_above(ax, lines, [f"a statistic of about {i} dollars" for i in (1, 2, 3)])
    ax.get_figure(root=True).draw_without_rendering()  # type: ignore[union-attr]
    tops = {round(text.get_window_extent().y0) for text in legend.get_texts()}
    assert len(tops) == rows


def test_the_horizontal_label_takes_a_name_literally(drawn) -> None:  # type: ignore[no-untyped-def]
    ax = new_axes(6, 4)
    name_x(ax, drawn("$x^2$ <b>", [1.0] * 16, "USD/day"), ["a note"])
    assert ax.get_xlabel() == "$x^2$ <b> [USD/day]\na note"
    assert not ax.xaxis.label.get_parse_math()


@pytest.mark.parametrize(
    ("estimate", "short", "full"),
    [
        (Estimate(453.2, 451.1, 455.3, ""), "453.2 ± 2.1", "453.2 ± 2.1"),
        (Estimate(453.2, 452.9, 453.4, ""), "453", "453.20 ± 0.30"),
        (Estimate.exact(2.44948974), "2.45", "2.449"),
        (Estimate(2.1270912, 2.1270892, 2.1270932, ""), "2.13", "2.127"),
        (Estimate(0.0, -0.1, 0.1, ""), "0.00 ± 0.10", "0.00 ± 0.10"),
        (Estimate.refused("the mean does not exist", ""), *["the mean does not exist"] * 2),
        (Estimate(5, 4, 6, "", "", "unreliable"), "5 ± 1", "5 ± 1 (unreliable)"),
        (Estimate(2025, 2025, 2025, "", format="year"), "2025", "2025"),
        (Estimate(2025.4, 2025.2, 2025.6, "", format="year"), "2025.40 ± 0.20", "2025.40 ± 0.20"),
    ],
)
def test_figures_have_the_digits_that_they_can_stand_for(
    estimate: Estimate, short: str, full: str
) -> None:
    assert figure_text(estimate) == short
    assert figure_text(estimate, main=True) == full
