"""beta: its formulas, parametrisations and messages; SciPy is the independent method."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from family_parameters import parameters
from scipy import stats

from guessmodel.distributions.beta import Beta, beta
from guessmodel.errors import GuessmodelError
from guessmodel.testing.families import check_family


@pytest.mark.parametrize(
    "at",
    [
        (2.0, 5.0, 0.0, 1.0),
        (0.5, 0.5, 0.0, 1.0),
        (1.0, 1.0, 0.0, 1.0),
        (1.0, 3.0, 0.0, 1.0),
        (20.0, 40.0, 0.0, 100.0),
        (0.05, 3.0, 0.0, 1.0),
        (1e4, 2.0, 0.0, 1.0),
        (1e6, 1e6, 0.0, 1.0),
        (2.0, 5.0, -3.0, 7.0),
        (0.5, 0.5, 10.0, 11.0),
    ],
)
def test_formulas_agree_with_each_other_and_with_scipy(at: tuple[float, ...]) -> None:
    reference = stats.beta(at[0], at[1], at[2], at[3] - at[2])
    check_family(Beta(), at, reference=reference)


@pytest.mark.parametrize(
    ("low", "high"),
    [
        (0.2, 0.4),
        (0.01, 0.99),
        (1e-9, 1e-3),
        (1e-9, 0.5),
        (0.5, 1 - 1e-9),
        (0.4999, 0.5001),
        (1e-6, 1 - 1e-6),
        (1e-200, 0.9),
        (0.999, 0.9999),
        (1e-12, 2e-12),
    ],
)
def test_an_interval_is_the_5th_and_95th_percentile(low: float, high: float) -> None:
    made = stats.beta(*parameters(beta(low, high))[:2])
    assert made.cdf(low) == pytest.approx(0.05, rel=1e-8)
    assert made.sf(high) == pytest.approx(0.05, rel=1e-8)


def test_percent_counts_to_a_hundred() -> None:
    alpha, other, lower, upper = parameters(beta(20, 40, "percent"))
    assert (lower, upper) == (0.0, 100.0)
    assert [alpha, other] == pytest.approx(parameters(beta(0.2, 0.4))[:2], rel=1e-9)


def test_mean_and_sd() -> None:
    made = stats.beta(*parameters(beta(mean=0.3, sd=0.1))[:2])
    assert [made.mean(), made.std()] == pytest.approx([0.3, 0.1], rel=1e-12)


@pytest.mark.parametrize(
    ("prior", "shapes"), [("uniform", [4, 8]), ("jeffreys", [3.5, 7.5]), ("none", [3, 7])]
)
def test_successes_in_trials_after_each_prior(prior: str, shapes: list[float]) -> None:
    assert parameters(beta(successes=3, trials=10, prior=prior))[:2] == shapes


def test_shapes_may_be_quantities_but_solved_bounds_may_not() -> None:
    share = beta(alpha=2, beta=5)
    assert np.isfinite(beta(mean=share, sd=0.01).sample(64).values).all()
    with pytest.raises(GuessmodelError) as caught:
        beta(share, 0.9)
    assert "low, high are solved for numerically, so they must be numbers" in str(caught.value)
    assert "goes in (mean=, sd=[, lower=, upper=]) or (alpha=, beta=[, lower=, upper=])" in str(
        caught.value
    )


def test_between_bounds_in_any_unit() -> None:
    # SHELF's example: quartiles 30 and 50 between 0 and 100.
    made = beta(30, 50, "USD", lower=0, upper=100, mass=0.5)
    alpha, other, lower, upper = parameters(made)
    known = stats.beta(alpha, other, 0, 100)
    assert (str(made.unit), lower, upper) == ("USD", 0.0, 100.0)
    assert known.cdf([30, 50]) == pytest.approx([0.25, 0.75], rel=1e-9)
    assert parameters(beta(0.3, 0.5, mass=0.5))[:2] == pytest.approx([alpha, other], rel=1e-12)
    known = stats.beta(*parameters(beta(mean=7, sd=1, lower=5, upper=10))[:2], 5, 5)
    assert [known.mean(), known.std()] == pytest.approx([7.0, 1.0], rel=1e-12)
    assert parameters(beta(alpha=2, beta=3, lower=-1, upper=4)) == [2.0, 3.0, -1.0, 4.0]
    draws = beta(alpha=2, beta=3, lower=-1, upper=beta(alpha=2, beta=2) + 4).sample(256).values
    assert draws.min() > -1.0 and draws.max() < 5.0


def test_labels_are_solved_one_by_one() -> None:
    made: Any = beta({"a": (0.2, 0.4), "b": None, "c": (0.1, 0.3)}, dim="x")
    alphas = made.parameters[0].operation.value
    assert alphas[0] == pytest.approx(parameters(beta(0.2, 0.4))[0])
    assert np.isnan(alphas[1])
    assert alphas[2] == pytest.approx(parameters(beta(0.1, 0.3))[0])


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (
            (2, 5),
            {},
            (
                "beta: low and high are its 5th and 95th percentile, between 0 and 1; "
                "shapes are written beta(alpha=…, beta=…)"
            ),
        ),
        ((0, 0.5), {}, "between 0 and 1"),
        ((0.5, 1), {}, "between 0 and 1"),
        ((), {"mean": 0, "sd": 0.1}, "beta: the mean lies outside 0 to 1"),
        ((0.4, 0.2), {}, "swap them"),
        ((), {"mean": 1.5, "sd": 0.1}, "beta: the mean lies outside 0 to 1"),
        (
            (),
            {"mean": 0.5, "sd": 0.5},
            (
                "beta: sd is too large for this mean; "
                "it must be below sqrt((mean - lower) (upper - mean))"
            ),
        ),
        (
            (),
            {"successes": 3, "trials": 10},
            (
                "beta: successes and trials need a prior: prior='uniform' is Beta(1 + "
                "successes, 1 + failures)"
            ),
        ),
        (
            (),
            {"successes": 0, "trials": 10, "prior": "none"},
            "beta: without a prior neither successes nor failures may be 0",
        ),
        (
            (),
            {"successes": 11, "trials": 10, "prior": "uniform"},
            "beta: there are more successes than trials",
        ),
        (
            (),
            {"alpha": 2, "beta": 3, "prior": "none"},
            "beta: prior goes with successes and trials; leave it out",
        ),
        ((), {"alpha": 2, "beta": 0}, "beta: beta is 0; it must be above 0"),
        ((0.2, 0.4, "USD"), {}, "beta draws plain numbers, not USD"),
        ((5, 2), {}, "swap them, or write alpha=5, beta=2"),
        ((2, 5), {"lower": 0}, "got low, high, lower"),
        ((2, 5), {"lower": 3, "upper": 9}, "low and high must lie between the bounds lower and"),
        ((2, 5), {"lower": 9, "upper": 3}, "lower (9) lies above upper (3); swap them"),
        (
            (),
            {"mean": 9, "sd": 1, "lower": 3, "upper": 9},
            "beta: the mean lies outside lower to upper",
        ),
        (
            (0.5, 0.500000000000001),
            {},
            ("beta: found no shapes for 0.5 to 0.5, which are too close or too far apart"),
        ),
    ],
)
def test_a_mistake_says_what_to_write(
    arguments: tuple[Any, ...], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(GuessmodelError) as caught:
        beta(*arguments, **options)
    assert message in str(caught.value)
