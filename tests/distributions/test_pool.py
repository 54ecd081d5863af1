"""pool: the mean of distributions, or their product."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

import guessmodel as gm

ANN, BO = gm.normal(mean=3, sd=1), gm.normal(mean=9, sd=2)
HURDLE = gm.hurdle(gm.lognormal(1, 3), 0.5)


def test_the_linear_pool_is_the_mean_of_cdfs() -> None:
    made = gm.pool({"Ann": ANN, "Bo": BO}, {"Ann": 3, "Bo": 1}).sample(2**12)
    for x in (2.0, 5.0, 9.0):
        known = 0.75 * stats.norm.cdf(x, 3, 1) + 0.25 * stats.norm.cdf(x, 9, 2)
        assert made.cdf(x).value == pytest.approx(known, rel=1e-12)
    # Mean and variance of a mixture.
    assert made.mean().value == pytest.approx(4.5)
    assert made.sd().value ** 2 == pytest.approx(0.75 * 1 + 0.25 * 4 + 0.75 * 0.25 * 36)


def test_the_logarithmic_pool_is_between_them_and_narrower() -> None:
    made = gm.pool([ANN, BO], method="log").sample(2**12)
    assert made.mean().value == pytest.approx((3 + 9 / 4) / (1 + 1 / 4))
    assert made.sd().value == pytest.approx((0.5 + 0.125) ** -0.5)


def test_a_pool_is_a_draw_of_its_own_in_the_experts_unit() -> None:
    dear = gm.lognormal(5, 10, "USD", name="dear")
    both = gm.pool([dear, gm.lognormal(100, 300, "cent")], name="both", source="two experts")
    assert (str(both.unit), both.name, both.source) == ("USD", "both", "two experts")
    run = gm.Model(dear=dear, both=both).sample(2**12)
    assert abs(float(run.rank_correlation("dear", "both"))) < 5 / 2**6  # 5 deviations of none
    ratio = np.log(5 / 3**0.5) / (np.log(3) / 2) * stats.norm.isf(0.05)  # 1 to 3 USD, 5% each side
    known = (0.05 + stats.norm.cdf(ratio)) / 2
    assert run["both"].cdf("5 USD").value == pytest.approx(known, rel=1e-12)
    alone = gm.pool([ANN, BO], [1, 0]).sample(2**10)
    assert alone.mean().value == pytest.approx(3)


def test_what_is_not_known_is_pooled_by_its_draws() -> None:
    unsure = gm.normal(mean=gm.normal(3, 5), sd=1)
    made = gm.pool([unsure, BO]).sample(2**12)
    assert made.mean().value == pytest.approx(6.5, abs=0.05)
    shifted = gm.elicit({0.1: 3, 0.5: 5, 0.9: 9}, lower=1).quantity
    assert np.isfinite(gm.pool({"Cy": shifted, "Bo": BO}).sample(64).values).all()


@pytest.mark.parametrize(
    ("experts", "how", "message"),
    [
        (ANN, {}, "pool takes experts by name: gm.pool({'Ann': gm.lognormal(5, 10), 'Bo': …})"),
        ({}, {}, "pool takes experts by name"),
        ([1, 2], {}, "pool takes experts by name"),
        ([ANN, BO], {"weights": [1]}, "pool: 2 experts take as many weights"),
        ([ANN, BO], {"weights": [1, -1]}, "a weight is -1; write a number, 0 for none"),
        ([ANN, BO], {"weights": [0, 0]}, "all weights are 0"),
        ({"Ann": ANN}, {"weights": {"Anne": 1}}, "no expert 'Anne'; did you mean 'Ann'"),
        ({"Ann": ANN, "Bo": BO}, {"weights": {"Ann": 1}}, "Bo has no weight; write 0 for none"),
        ([ANN, BO], {"method": "lin"}, "method='lin': write 'linear' or 'log'"),
        (
            [ANN, gm.poisson(3)],
            {"method": "log"},
            "multiplies densities, which one of them has not",
        ),
        *(
            ([ANN, atom], {"method": "log"}, "has values with a probability of their own")
            for atom in (
                HURDLE,
                gm.truncated(HURDLE, upper=9),
                gm.mixture([HURDLE, gm.normal(mean=1, sd=1)]),
                gm.mixture([0, gm.normal(mean=1, sd=1)]),
            )
        ),
        (
            [gm.uniform(0, 1), gm.uniform(2, 3)],
            {"method": "log"},
            "there is no value that all experts hold possible; pool linearly",
        ),
        (
            {"Ann": ANN, "Bo": ANN * BO},
            {"method": "log"},
            "the distribution of 'Bo' is not known; experts are draws at known parameters",
        ),
        ([ANN, gm.normal(1, 2, "USD")], {}, "cannot convert USD to a plain number"),
    ],
)
def test_a_mistake_says_what_to_write(experts: Any, how: dict[str, Any], message: str) -> None:
    with pytest.raises(gm.GuessmodelError) as caught:
        gm.pool(experts, **how)
    assert message in str(caught.value)
