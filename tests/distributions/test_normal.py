"""normal: its formulas, parametrisations and messages; SciPy is the independent method."""

from __future__ import annotations

from typing import Any

import pytest
from family_parameters import parameters
from scipy import stats

from guessmodel.distributions.normal import Normal, normal
from guessmodel.errors import GuessmodelError
from guessmodel.testing.families import check_family


@pytest.mark.parametrize(
    "at",
    [
        (0.0, 1.0),
        (3.0, 2.0),
        (-1e9, 1e-3),
        (1e-9, 1e9),
    ],
)
def test_formulas_agree_with_each_other_and_with_scipy(at: tuple[float, ...]) -> None:
    reference = stats.norm(*at)
    check_family(Normal(), at, reference=reference)


def test_an_interval_is_the_5th_and_95th_percentile() -> None:
    made = stats.norm(*parameters(normal(8, 12)))
    assert made.ppf([0.05, 0.95]) == pytest.approx([8.0, 12.0], rel=1e-12)


def test_mass_and_quantiles_move_the_percentiles() -> None:
    made = stats.norm(*parameters(normal(8, 12, mass=0.5)))
    assert made.ppf([0.25, 0.75]) == pytest.approx([8.0, 12.0], rel=1e-12)
    made = stats.norm(*parameters(normal(quantiles={0.5: 3, 0.1: 1})))
    assert made.ppf([0.1, 0.5]) == pytest.approx([1.0, 3.0], rel=1e-12)


def test_mean_and_sd_are_the_parameters() -> None:
    assert parameters(normal(mean=3, sd=2)) == [3.0, 2.0]


def test_a_parameter_may_be_a_quantity() -> None:
    mean, sd = normal(0, 1), normal(1, 2)
    assert normal(mean=mean, sd=sd).parameters == (mean, sd)
    assert normal(mean, mean + 4).kind == "draw"


def test_a_plain_number_beside_a_unit_is_refused_unless_it_is_0() -> None:
    price = normal(1, 2, "USD")
    assert normal(mean=price, sd=2, unit="USD").kind == "draw"
    assert str(normal(mean=0, sd=abs(price)).unit) == "USD"
    with pytest.raises(GuessmodelError) as caught:
        normal(mean=price, sd=2)
    assert "a plain number stands beside USD; unit='USD' counts it in that" in str(caught.value)


def test_labels_without_bounds_are_not_applicable() -> None:
    made = normal({"MCTS": (1, 2), "pruning": None}, dim="technique")
    assert made.axes.mask is not None
    assert made.axes.mask.tolist() == [True, False]


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((12, 8), {}, "normal: low (12) lies above high (8); swap them, or write mean=12, sd=8"),
        ((8, 8), {}, "normal: low and high are both 8; for a known value write gm.constant(8)"),
        ((float("nan"), 1), {}, "normal: low is nan; write a finite number"),
        ((1, float("inf")), {}, "normal: high is inf; write a finite number"),
        ((8, 12), {"mass": 90}, "normal: mass is 90, not between 0 and 1; write mass=0.9"),
        ((8, 12), {"mass": 0.0}, "normal: mass is 0.0, not between 0 and 1"),
        ((8, 12, 3), {}, "normal: the unit is text such as 'USD/day', not 3"),
        (
            (8,),
            {},
            (
                "normal takes one of (low, high) or (quantiles={p: low, q: high}) or "
                "(mean=, sd=); got low alone; high is missing"
            ),
        ),
        (("1 to 2 USD",), {}, "got low; text is read by gm.parse('normal(1 to 2 USD)')"),
        (("1 to 2K USD",), {}, "got low; '1 to 2K USD' is unclear"),
        (("5 USD",), {}, "got low"),
        ((), {"mean": 1, "sd": -2}, "normal: sd is -2; it must be above 0"),
        (
            (),
            {"mean": 1, "sd": 2, "mass": 0.8},
            "normal: mass goes with low and high; leave it out",
        ),
        (
            (),
            {"quantiles": {10: 3, 50: 5}},
            "normal: quantiles are at probabilities in (0, 1), e.g. 0.1",
        ),
        (
            (),
            {"quantiles": {0.1: 3}},
            "normal: quantiles takes two points, e.g. quantiles={0.1: 3, 0.5: 5}",
        ),
        ((1,), {"quantiles": {0.1: 3, 0.5: 5}}, "normal: quantiles stand alone; leave out low"),
        ((), {"mean": 1, "quantiles": {0.1: 3, 0.5: 5}}, "got quantiles, mean"),
        ((True, 3), {}, "True is not a number; write 1 or 0"),
    ],
)
def test_a_mistake_says_what_to_write(
    arguments: tuple[Any, ...], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(GuessmodelError) as caught:
        normal(*arguments, **options)
    assert message in str(caught.value)
