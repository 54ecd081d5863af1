"""Published figures: what their texts mean, and which results agree with them."""

import math

import pytest

from guessmodel.claims.published import INFERRED, accepted, read, read_range
from guessmodel.errors import UnitError, UsageError
from guessmodel.units import parse

DAILY = parse("USD/day")
PLAIN = parse("")


def test_a_text_is_read_in_the_unit_of_the_quantity() -> None:
    figure = read("160K USD/year", DAILY)
    assert figure.value == pytest.approx(160_000 / 365)
    assert figure.half_unit == pytest.approx(5_000 / 365)
    assert figure.value * figure.scale == pytest.approx(160_000)
    assert (str(figure.unit), figure.text, figure.sign) == ("USD/year", "160K USD/year", "=")


def test_percent_means_a_share_of_a_plain_number() -> None:
    figure = read("12%", PLAIN)
    assert (figure.value, figure.half_unit) == (pytest.approx(0.12), pytest.approx(0.005))


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("> 1", ">"),
        (">=1", ">="),
        ("≥ 1", ">="),
        ("at least 1", ">="),
        ("more than 1", ">"),
        ("< 1", "<"),
        ("≤1", "<="),
        ("at most 1", "<="),
        ("less than 1", "<"),
    ],
)
def test_bounds(text: str, sign: str) -> None:
    figure = read(text, PLAIN)
    assert (figure.sign, figure.value, figure.text) == (sign, 1.0, text)


@pytest.mark.parametrize("value", [0.2, 0, -3])
def test_a_number_is_in_the_unit_of_the_quantity(value: float) -> None:
    figure = read(value, DAILY)
    assert (figure.value, figure.bare) == (value, True)
    assert figure.text == f"{value:g} USD/day"


def test_ends_of_a_range_carry_the_unit_of_the_other() -> None:
    low, high = read_range("240 to 720 USD/day", DAILY)
    assert low is not None and high is not None
    assert (low.text, high.text) == ("240 USD/day", "720 USD/day")
    assert (low.value, high.value) == (240.0, 720.0)
    low, high = read_range("1.3% to 56%", PLAIN)
    assert low is not None and high is not None
    assert (low.text, high.text, low.value) == ("1.3%", "56%", pytest.approx(0.013))


def test_one_end_of_a_pair_may_stay_open() -> None:
    low, high = read_range((None, "5.2M USD/day"), DAILY)
    assert low is None
    assert high is not None and high.value == 5.2e6
    low, high = read_range((2, 3), DAILY)
    assert low is not None and high is not None
    assert (low.value, high.value, low.bare) == (2.0, 3.0, True)


def test_a_figure_with_a_unit_of_a_plain_number() -> None:
    with pytest.raises(UnitError, match="^'5 USD' has a unit, and the quantity is a plain number$"):
        read("5 USD", PLAIN)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("450", "'450' has no unit; write '450 USD/day'"),
        ("450 token", "'450 token' does not fit a quantity in USD/day"),
        ("a lot", "cannot read 'a lot' as a figure; write for example '160K USD'"),
        ("> a lot", "cannot read 'a lot' as a figure; write for example '160K USD'"),
        ("4 to 5 USD/day", "'4 to 5 USD/day' is a range; write one figure, such as '160K USD'"),
        (math.nan, "nan is no figure; write text such as '160K USD'"),
        (True, "True is no figure; write text such as '160K USD'"),
        ([1], "[1] is no figure; write text such as '160K USD'"),
    ],
)
def test_what_is_no_figure_of_the_quantity(value: object, message: str) -> None:
    with pytest.raises((UsageError, UnitError)) as caught:
        read(value, DAILY)  # type: ignore[arg-type]
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (
            "450 USD/day",
            "'450 USD/day' is no range; write for example '5 to 8 USD/hour'",
        ),
        (
            (None, None),
            "(None, None) is no interval; write '240 to 720 USD/day', or a pair such as "
            "(240, 720) or (None, '720 USD/day')",
        ),
        (
            3.0,
            "3.0 is no interval; write '240 to 720 USD/day', or a pair such as "
            "(240, 720) or (None, '720 USD/day')",
        ),
        ((3, 2), "3 USD/day to 2 USD/day starts above its end; swap the ends"),
        ("3 to 2 USD/day", "'3 to 2 USD/day' starts above its end; swap the bounds"),
        ("2 to 3", "'2' has no unit; write '2 USD/day'"),
    ],
)
def test_what_is_no_interval(value: object, message: str) -> None:
    with pytest.raises((UsageError, UnitError)) as caught:
        read_range(value, DAILY)  # type: ignore[arg-type]
    assert str(caught.value) == message


def around(text: str, *, rtol: float | None = None, inferred: bool = False) -> tuple[float, float]:
    found = accepted(read(text, PLAIN), rtol=rtol, log10_tol=None, inferred=inferred)
    return found.low, found.high


def test_the_rounding_of_the_text_is_the_tolerance() -> None:
    assert around("1.20") == pytest.approx((1.195, 1.205))
    assert around("17") == pytest.approx((16.5, 17.5))
    assert around("450") == pytest.approx((445, 455))
    assert around("90K") == pytest.approx((85e3, 95e3))


def test_rounding_never_means_more_than_15_percent() -> None:
    assert around("100") == pytest.approx((85, 115))
    assert around("2") == pytest.approx((1.7, 2.3))


def test_15_percent_where_an_input_is_inferred() -> None:
    assert INFERRED == 0.15
    assert around("1.20", inferred=True) == pytest.approx((1.02, 1.38))
    assert around("-2", inferred=True) == pytest.approx((-2.3, -1.7))


def test_a_given_tolerance_counts() -> None:
    assert around("1.20", rtol=0.5, inferred=True) == pytest.approx((0.6, 1.8))
    found = accepted(read("3e11", PLAIN), rtol=None, log10_tol=0.3, inferred=False)
    assert (found.low, found.high) == pytest.approx((3e11 / 10**0.3, 3e11 * 10**0.3))
    assert found.relative == pytest.approx(10**0.3 - 1)
    assert found.text == "±0.3 OOM, orders of magnitude"


def test_nought_has_only_its_rounding() -> None:
    found = accepted(read("0.0", PLAIN), rtol=None, log10_tol=None, inferred=True)
    assert (found.low, found.high) == pytest.approx((-0.05, 0.05))
    assert found.relative is None
    assert found.text == "±0.05, its rounding"


def test_bounds_have_no_tolerance_but_for_floating_point() -> None:
    low, high = around("at least 1", inferred=True)
    assert (low, high) == (pytest.approx(1.0, rel=1e-8), math.inf)
    assert low < 1.0
    assert around("> 1")[0] > 1.0
    assert around("at most 1")[1] > 1.0
    assert around("< 1")[1] < 1.0
    assert around("< 1")[0] == -math.inf
    assert around("> 1", rtol=0.1)[0] == pytest.approx(0.9)


def test_tolerances_say_where_they_come_from() -> None:
    def text(figure: str, *, rtol: float | None = None, inferred: bool = False) -> str:
        return accepted(read(figure, PLAIN), rtol=rtol, log10_tol=None, inferred=inferred).text

    assert text("17") == "±2.9%, its rounding"
    assert text("17", inferred=True) == "±15%, an input is inferred"
    assert text("17", rtol=0.1) == "±10%"
    assert text("> 17") == "none, a bound"
