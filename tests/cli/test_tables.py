"""Tables on terminals of any width, and bars."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guessmodel.cli.tables import Table, fitting, histogram, show
from guessmodel.numerics.normal import ppf

WIDE = Table(
    ("quantity", "unit", "mean", ""),
    (("cost[red] *", "USD/year", "12.5 ± 0.1", "▁█"), ("n", "", "3", "")),
    left=frozenset({0, 1}),
    strong=frozenset({0}),
)
NARROW = Table(("quantity", "mean"), (("cost[red] *", "12.5"), ("n", "3")), strong=frozenset({0}))


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def test_plain_text_is_aligned_and_complete() -> None:
    stream = io.StringIO()
    show([WIDE, NARROW], stream)
    assert stream.getvalue().splitlines() == [
        "quantity     unit            mean",
        "cost[red] *  USD/year  12.5 ± 0.1  ▁█",
        "n                               3",
    ]


@pytest.mark.parametrize(("columns", "shown"), [(80, "12.5 ± 0.1  ▁█"), (30, "12.5\x1b[0m")])
def test_a_terminal_gets_what_fits(
    monkeypatch: pytest.MonkeyPatch, columns: int, shown: str
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    stream = Terminal()
    show([WIDE, NARROW], stream)
    lines = stream.getvalue().splitlines()
    assert len(lines) == 3
    assert "cost[red]" in lines[1]  # no markup
    assert "\x1b[1m" in lines[1]
    assert "\x1b[1m" not in lines[2]
    plain = "".join(lines[1].split("\x1b[0m\x1b[1m"))
    assert shown in plain


NAMES = st.text("abc_[]", min_size=1, max_size=40)


@given(st.lists(st.tuples(NAMES, NAMES, st.just("12.5 ± 0.1")), min_size=1), st.integers(1, 120))
def test_figures_are_never_shortened(rows: list[tuple[str, ...]], width: int) -> None:
    table = Table(("quantity", "unit", "mean"), tuple(rows), frozenset({0, 1}))
    fitted = fitting([table], width)
    assert [row[2] for row in fitted.rows] == [row[2] for row in table.rows]
    assert fitted.width() <= max(width, 9 + 2 + 9 + 2 + 10)
    if table.width() <= width:
        assert fitted == table
    for row, old in zip(fitted.rows, table.rows, strict=True):
        head, _, tail = row[0].partition("…")
        assert old[0].startswith(head)
        assert old[0].endswith(tail)


def test_bars_count_draws() -> None:
    # 1, 2, 3 and 4 draws in four bins of at most 4: 2, 4, 6 and 8 eighths.
    draws = [1, 2, 2, 3, 3, 3, 4, 4, 4, 4]
    assert histogram(draws, 4) == "▂▄▆█"
    assert histogram(draws, 4, plain=True) == ":=*@"
    assert histogram([*draws, float("nan"), float("inf")], 4) == "▂▄▆█"


def test_a_rare_event_has_a_bar_and_an_empty_bin_none() -> None:
    assert histogram([*[0.0] * 950, *[4.0] * 48, *[1.0] * 2], 5) == "█▁  ▁"


def test_no_bars_where_there_is_nothing_to_see() -> None:
    assert histogram([]) == ""
    assert histogram([float("nan")] * 5) == ""
    assert histogram([3.0] * 5) == ""
    assert histogram([1.0, 1.0 - 2**-53] * 50) == ""


@pytest.mark.parametrize("size", [1.7e308, 1.0, 1e-300, 1e-322])
def test_bars_at_the_ends_of_the_floating_point_range(size: float) -> None:
    assert histogram([-size] * 50 + [size] * 25, 3) == "█ ▄"


@given(
    st.lists(
        st.floats() | st.sampled_from([1.0, 1 - 2**-53, 1 + 2**-52, 1e308, 5e-324]), max_size=9
    )
)
def test_there_is_a_bar_or_nothing_whatever_the_draws(draws: list[float]) -> None:
    bars = histogram(draws)
    assert len(bars) in (0, 12)
    assert not bars or "█" in bars


def test_whole_numbers_have_a_bar_each() -> None:
    """No bin holds more of them than another: a uniform die of 20 or 9 has level bars."""
    assert histogram(np.repeat([1, 2, 3], 100)) == "███         "
    assert histogram(np.repeat(np.arange(1, 10), 100)) == "█████████   "
    bars = histogram(np.repeat(np.arange(1, 25), 100)).rstrip()
    assert bars == "█" * 12
    assert histogram(np.repeat([87_600.0, 175_200.0], 50)).rstrip() == "██"


def test_decades_are_shown_by_decades() -> None:
    z = ppf((np.arange(4096) + 0.5) / 4096)
    bell = histogram(z)
    assert histogram(np.exp(3 * z)) == bell
    both = histogram(np.r_[np.exp(3 * z), -np.exp(3 * z)])
    assert both == both[::-1] and both.count("█") <= 4
