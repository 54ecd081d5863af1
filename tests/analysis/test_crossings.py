"""Roots of a statistic, and their errors by inverting its interval."""

import math
from types import SimpleNamespace

import pytest
from scipy import optimize

import guessmodel as gm
from guessmodel.analysis.crossings import Curve, crossings, nearest
from guessmodel.errors import UsageError
from guessmodel.estimators.estimate import Estimate


def curve(f, half=lambda x: 0.0, target=0.0):  # type: ignore[no-untyped-def]
    """A curve that is known, with a half-width of the statistic's interval at each value."""

    def of(model, labels):  # type: ignore[no-untyped-def]
        x = model.x
        if math.isnan(f(x)):
            raise UsageError("not there")
        return Estimate(f(x), f(x) - half(x), f(x) + half(x), "known")

    def with_(changes):  # type: ignore[no-untyped-def]
        return SimpleNamespace(x=next(iter(changes.values())))

    asked = SimpleNamespace(model=SimpleNamespace(with_=with_), of=of)
    return Curve(asked, {}, "x", gm.constant(1, "USD"), target, {})


GRID = [-3.0, -1.0, 1.0, 3.0]


def test_a_line_has_one_root_whose_error_is_that_of_the_line_over_its_slope() -> None:
    (found,) = crossings(curve(lambda x: 2 * x - 1, lambda x: 0.2), GRID)
    assert found.value.value == pytest.approx(0.5)
    assert found.value.low == pytest.approx(0.4, rel=0.01)
    assert found.value.high == pytest.approx(0.6, rel=0.01)
    assert found.value.low <= 0.4 and found.value.high >= 0.6  # rounded outwards
    assert found.value.note is None and found.value.unit == "USD"


def test_an_interval_that_widens_to_one_side_makes_one_that_does() -> None:
    """x ± (0.1 + 0.1 x): 0 lies within it from -0.1 / 1.1 to 0.1 / 0.9."""
    (found,) = crossings(curve(lambda x: x, lambda x: 0.1 + 0.1 * x), [-0.9, 0.5, 3.0])
    assert found.value.low == pytest.approx(-0.1 / 1.1, rel=0.04)
    assert found.value.high == pytest.approx(0.1 / 0.9, rel=0.04)


@pytest.mark.parametrize("half", [1e-6, 0.01, 0.3])
@pytest.mark.parametrize(
    "f",
    [lambda x: x, lambda x: math.sinh(3 * x), lambda x: x**3 + 0.01 * x, lambda x: math.tanh(x)],
    ids=["line", "sinh", "cubic", "tanh"],
)
def test_the_ends_are_those_of_the_interval(f, half) -> None:  # type: ignore[no-untyped-def]
    """Where f is the half-width, by SciPy's root finder: told from there to 3% farther out."""
    known = curve(f, lambda x: half)
    (found,) = crossings(known, [-2.0, -0.5, 1.0, 3.0])
    end = optimize.brentq(lambda x: f(x) - half, 0.0, 3.0, xtol=1e-14)
    assert end * 0.9999 <= found.value.high - found.value.value <= 1.031 * end
    assert end * 0.9999 <= found.value.value - found.value.low <= 1.031 * end


def test_a_line_costs_two_looks_for_each_end() -> None:
    known = curve(lambda x: 2 * x - 1, lambda x: 0.2)
    crossings(known, GRID)
    points, root, beside, ends = len(GRID), 1, 2, 4
    assert len(known.seen) == points + root + beside + ends


def test_an_end_is_found_where_the_interval_jumps() -> None:
    known = curve(lambda x: x, lambda x: 0.1 if x < 0.07 else 0.01)
    (found,) = crossings(known, GRID)
    assert 0.07 <= found.value.high <= 0.07 * 1.031
    assert found.value.low == pytest.approx(-0.1, rel=0.031)


def test_an_error_that_goes_beyond_what_was_searched_says_so() -> None:
    (found,) = crossings(curve(lambda x: x / 10, lambda x: 0.2), [-1.0, 1.0])
    assert (found.value.low, found.value.high) == (-1.0, 1.0)
    assert found.value.note == "its error reaches beyond what was searched"


def test_all_roots_and_those_at_the_points_themselves() -> None:
    roots = crossings(curve(lambda x: (x + 2) * x * (x - 3)), GRID)
    assert [each.value.value for each in roots] == pytest.approx([-2, 0, 3])


def test_values_that_are_refused_bound_no_root() -> None:
    roots = crossings(curve(lambda x: math.sqrt(x) - 1.5 if x >= 0 else math.nan), GRID)
    assert [each.value.value for each in roots] == pytest.approx([2.25])
    assert crossings(curve(lambda x: x if abs(x) > 2 else math.nan), GRID) == []
    assert crossings(curve(lambda x: x if abs(x) > 0.5 else math.nan), GRID) == []  # on the way


def test_a_dip_between_two_points() -> None:
    roots = crossings(curve(lambda x: (x - 0.3) ** 2 - 1e-4), GRID)
    assert [each.value.value for each in roots] == pytest.approx([0.29, 0.31])


def test_a_jump_is_marked_and_a_steep_slope_is_not() -> None:
    (jump,) = crossings(curve(lambda x: 1.0 if x > 0.1 else -1.0), GRID)
    assert jump.value.value == pytest.approx(0.1)
    assert jump.value.note == "the statistic jumps over the target there"
    (steep,) = crossings(curve(lambda x: math.tanh(1e6 * (x - 0.1))), GRID)
    assert steep.value.note is None


def test_the_nearest() -> None:
    there = curve(lambda x: x * x + 1)
    assert crossings(there, GRID) == []
    found = nearest(there)
    assert found is not None and found.reached.value == pytest.approx(1, abs=1e-6)
    assert nearest(curve(lambda x: math.nan)) is None
