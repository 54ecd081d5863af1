"""pareto: its formulas, parametrisations and messages; SciPy is the independent method."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from family_parameters import parameters
from scipy import stats

from guessmodel.distributions.pareto import Pareto, pareto
from guessmodel.errors import GuessmodelError
from guessmodel.testing.families import check_family


@pytest.mark.parametrize(
    "at",
    [
        (1.0, 3.0),
        (2.0, 0.5),
        (1.0, 1.5),
        (1e6, 50.0),
        (1.0, 2.5),
    ],
)
def test_formulas_agree_with_each_other_and_with_scipy(at: tuple[float, ...]) -> None:
    reference = stats.pareto(at[1], scale=at[0])
    check_family(Pareto(), at, reference=reference)


def known(scale: float, shape: float) -> Any:
    return stats.pareto(shape, scale=scale)


def test_an_interval_is_the_5th_and_95th_percentile() -> None:
    made = known(*parameters(pareto(5, 10)))
    assert made.ppf([0.05, 0.95]) == pytest.approx([5.0, 10.0], rel=1e-12)


def test_mean_and_sd() -> None:
    made = known(*parameters(pareto(mean=3, sd=2)))
    assert [made.mean(), made.std()] == pytest.approx([3.0, 2.0], rel=1e-12)


@pytest.mark.parametrize(("shape", "mean", "variance"), [(1, "inf", "inf"), (2, "2", "inf")])
def test_moments_that_diverge(shape: float, mean: str, variance: str) -> None:
    assert Pareto().mean(1.0, shape) == float(mean)
    assert Pareto().variance(1.0, shape) == float(variance)


def test_parameters_may_be_quantities() -> None:
    made = pareto(scale=pareto(1, 2), shape=3)
    assert np.isfinite(made.sample(64).values).all()


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (
            (0, 5),
            {},
            "pareto: low is 0, and every draw is above 0; write gm.normal(low, high)",
        ),
        ((12, 8), {}, "swap them"),
        ((), {"scale": 0, "shape": 1}, "pareto: scale is 0; it must be above 0"),
    ],
)
def test_a_mistake_says_what_to_write(
    arguments: tuple[Any, ...], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(GuessmodelError) as caught:
        pareto(*arguments, **options)
    assert message in str(caught.value)
