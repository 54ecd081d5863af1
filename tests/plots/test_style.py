"""Colours that can be read on light and dark pages."""

import itertools
import threading

import matplotlib
import pytest
from matplotlib.colors import to_rgb

from guessmodel.plots.style import ADAPTIVE_INK, PALETTE, STYLES, Margins, house, new_axes


def luminance(color: str) -> float:
    """Relative luminance, WCAG 2.1."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(color)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: str, second: str) -> float:
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def test_ink_can_be_read() -> None:
    """WCAG 2.1 asks for 4.5 for text and 3 for large text and graphics."""
    assert contrast(ADAPTIVE_INK, "#FFFFFF") >= 4.5
    assert contrast(ADAPTIVE_INK, "#121212") >= 4.0
    for style in ("light", "dark"):
        look = STYLES[style]
        assert look.background is not None
        assert contrast(look.ink, look.background) > 12


def test_the_leading_colours_can_be_seen_on_both_backgrounds() -> None:
    for color in PALETTE[:3]:
        assert contrast(color, "#FFFFFF") >= 3.0
        assert contrast(color, "#121212") >= 3.0


@pytest.mark.parametrize("kind", ["protan", "deutan"])
def test_neighbouring_colours_differ_without_red_or_green_cones(kind: str) -> None:
    """Viénot, Brettel, Mollon (1999): simulation in linear RGB."""
    rows = {
        "protan": ((0.11238, 0.88762, 0.0), (0.11238, 0.88762, 0.0), (0.00401, -0.00401, 1.0)),
        "deutan": ((0.29275, 0.70725, 0.0), (0.29275, 0.70725, 0.0), (-0.02234, 0.02234, 1.0)),
    }[kind]

    def seen(color: str) -> list[float]:
        linear = [c**2.2 for c in to_rgb(color)]
        return [
            max(sum(a * b for a, b in zip(row, linear, strict=True)), 0) ** (1 / 2.2)
            for row in rows
        ]

    for first, second in itertools.combinations(PALETTE, 2):
        distance = sum((a - b) ** 2 for a, b in zip(seen(first), seen(second), strict=True)) ** 0.5
        assert distance > 0.12, (first, second)


def test_axes_leave_their_margins() -> None:
    ax = new_axes(5, 4, margins=Margins(1.0, 0.5, 0.5, 0.5))
    box = ax.get_position()
    assert (box.x0 * 5, (1 - box.x1) * 5, box.y0 * 4, (1 - box.y1) * 4) == pytest.approx(
        (1.0, 0.5, 0.5, 0.5)
    )


def test_settings_of_the_process_come_back_from_several_threads() -> None:
    before = dict(matplotlib.rcParams)

    def use() -> None:
        for _ in range(20):
            with house("#123456"):
                assert matplotlib.rcParams["text.color"] == "#123456"

    threads = [threading.Thread(target=use) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert dict(matplotlib.rcParams) == before
