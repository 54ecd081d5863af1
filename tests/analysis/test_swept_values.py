"""Values of a sweep as people write them."""

import pytest

import guessmodel as gm
from guessmodel.analysis.swept_values import swept_values
from guessmodel.errors import GuessmodelError
from guessmodel.units import parse


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ("1..10:10", tuple(map(float, range(1, 11)))),
        ("0.1..0.5:5", (0.1, 0.2, 0.3, 0.4, 0.5)),
        ("-1 .. 1 : 3", (-1.0, 0.0, 1.0)),
        ("1..100:3 log", (1.0, 10.0, 100.0)),
        ("1..2 day:2", (24.0, 48.0)),
        ("1..2:2 day", (24.0, 48.0)),
        ("1 hour..2 day:2", (1.0, 48.0)),
        ("1..100:3 day log", (24.0, 240.0, 2400.0)),
        ("3, 5,8", (3.0, 5.0, 8.0)),
        ("1, 2 day", (24.0, 48.0)),
        ("1 hour, 2 day", (1.0, 48.0)),
        ([3, "1 day", 5], (3.0, 5.0, 24.0)),
    ],
)
def test_values(values: object, expected: tuple[float, ...]) -> None:
    assert swept_values(parse("hour"), values) == expected


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ("1..10", "'1..10' is no range of values; write from..to:count"),
        ("1..10:3.5 hour", "'1..10:3.5 hour' is no range of values"),
        (gm.normal(1, 2), "takes several values, such as .* not <draw normal"),
        ("1..10:1", "takes two values at least"),
        ("1..10:2000", "1000 values are the most"),
        ("1..10:99999999999", "1000 values are the most"),
        ("0..10:5 log", "values spaced by factors are above 0"),
        ("10..1:5", "starts above its end; swap the bounds"),
        ("1..2:3 kg", "cannot convert kg to hour"),
        ("3", "takes two values at least"),
        ("3, 3", "the value 3 is given twice"),
        ("3, x", "cannot read 'x' as a figure"),
        (3, "takes several values, such as"),
        ([1, None], "None is neither a number"),
        ([1, float("nan")], "finite"),
    ],
)
def test_what_is_refused(values: object, message: str) -> None:
    with pytest.raises(GuessmodelError, match=message):
        swept_values(parse("hour"), values)


def test_a_sweep_says_which_input_it_is_about() -> None:
    model = gm.Model(x=gm.constant(1), y=gm.normal(1, 2))
    with pytest.raises(GuessmodelError, match="^x: a sweep takes two values at least"):
        model.sweep({"x": [1]}, "y")
