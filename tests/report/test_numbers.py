"""Figures as text: no digit that the error does not support, and none too many."""

from typing import Any

import pytest

from guessmodel.report.numbers import (
    at,
    brief_ends,
    coordinates,
    estimate,
    exactly,
    figure,
    figures,
    interval,
)


def e(value: float | None, error: float = 0.0, note: str | None = None) -> dict[str, object]:
    low, high = (None, None) if value is None else (value - error, value + error)
    found: dict[str, object] = {"value": value, "low": low, "high": high}
    return found if note is None else found | {"note": note}


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (e(453.27, 2.1), "453.3 ± 2.2"),
        (e(453.27, 0.01), "453.3"),
        (e(453.27), "453.3"),
        (e(0.5), "0.5"),
        (e(1.768e6, 400.0), "1.768M"),
        (e(1.768e6, 900.0), "1.7680M ± 0.0009M"),
        (e(2.6e6, 3e4), "2.600M ± 0.030M"),
        (e(0.0, 0.01), "0.000 ± 0.010"),
        (e(5.0, 0.2, "unreliable: few"), "5.00 ± 0.20 !"),
        (e(None, note="does not exist"), "– !"),
        (None, ""),
    ],
)
def test_figure(given: dict[str, object] | None, wanted: str) -> None:
    assert figure(given) == wanted


def test_nought_but_for_rounding() -> None:
    assert figures(e(-3.0), e(8.9e-16), e(3.0)) == ["-3", "0", "3"]
    assert figures(e(8.9e-16), e(1e-15)) == ["8.9e-16", "1e-15"]


def test_labels_are_whole() -> None:
    first, last = ({"value": v, "low": v, "high": v, "plain": True} for v in (2024.0, 2031.0))
    mean = {"value": 2025.18, "low": 2025.16, "high": 2025.2, "plain": True}
    assert (figure(first), figure(mean)) == ("2024", "2025.18 ± 0.02")
    assert interval(first, last) == "2024 to 2031"


def test_intervals() -> None:
    assert interval(e(123.4), e(617.1)) == "123 to 617"
    assert interval(e(0.0122), e(0.44, 0.002), 100.0) == "1.22 to 44.00 ± 0.20"
    assert interval(e(1.0), e(1.0)) == "1"
    assert interval(e(95.0, 20.0), e(9876.0, 3.0)) == "95 ± 20 to 9876 ± 3"


@pytest.mark.parametrize(
    ("low", "high", "wanted"),
    [
        (e(41.753, 0.015), e(54.013, 0.024), ["42", "54"]),  # not "42 to 54.0"
        (e(4.0443e6, 300.0), e(5.1757e6, 1400.0), ["4.0M", "5.2M"]),
        (e(-54.013, 0.024), e(-41.753, 0.015), ["-54", "-42"]),
        (e(41.97, 0.01), e(54.01, 0.01), ["42.0", "54.0"]),  # both are known that well
        (e(6.319, 0.009), e(64.61, 0.16), ["6.3", "65"]),  # another order has its own digits
        (e(1.0), e(6.0), ["1", "6"]),  # exact numbers need no noughts
        (e(81.0, 0.01), e(95.0, 2.0), ["81.0", "95 ± 2"]),
        (e(None), e(5.0), ["–", "5"]),
        (None, None, ["–", "–"]),
    ],
)
def test_ends_of_one_order_have_equally_many_digits(low: Any, high: Any, wanted: list[str]) -> None:
    assert brief_ends(low, high) == wanted


def test_constants_keep_their_digits() -> None:
    assert exactly(e(1 / 11)) == "0.0909091"
    assert exactly(e(670e6)) == "670M"


def test_estimates_are_read_back() -> None:
    given = estimate(e(2.0, 0.5, "so"), "USD")
    assert (given.value, given.low, given.high, given.unit, given.note) == (
        2.0,
        1.5,
        2.5,
        "USD",
        "so",
    )
    assert estimate(e(1.0)).is_exact


def test_trees() -> None:
    entry = {
        "dims": {"a": ["x", "y"], "b": [1]},
        "mean": {"x": {"1": e(1.0)}, "y": {"1": None}},
        "sd": {"x": {"1": e(2.0)}, "y": {"1": None}},
    }
    assert list(coordinates(entry)) == [("x", "1")]
    assert at(entry, "sd", ("x", "1")) == e(2.0)
    assert at(entry, "sd", ("y", "1")) is None
    assert at(entry, "p5", ("x", "1")) is None
