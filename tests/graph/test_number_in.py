"""Amounts as text stand for the constants that they mean, in bounds and shares."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import guessmodel as gm

PRICE = gm.normal(mean=5, sd=2, unit="USD")
USD = {"two": gm.constant(2, "USD"), "six": gm.constant(6, "USD")}


@pytest.mark.parametrize(
    ("make", "texts", "amounts"),
    [
        (lambda low, high: gm.clip(PRICE, low, high), ("2 USD", "600 cent"), USD.values()),
        (lambda low, high: gm.filtered(PRICE, low, high), ("2 USD", "6"), USD.values()),
        (lambda low, high: gm.truncated(PRICE, low, high), ("2 USD", "6"), USD.values()),
        (
            lambda deductible, limit: gm.compound(
                3, gm.gamma(2, 9, "USD"), deductible=deductible, limit=limit
            ),
            ("2 USD", "$6"),
            USD.values(),
        ),
        (
            lambda deductible, limit: gm.compound(
                3,
                gm.gamma(0.5, 3, "USD"),
                aggregate_deductible=deductible,
                aggregate_limit=limit,
            ),
            ("2 USD", "0.006K USD"),
            USD.values(),
        ),
        (lambda p: gm.hurdle(gm.poisson(2), p), ("70%",), (0.7,)),
        (lambda p: gm.zero_inflated(gm.lognormal(1, 9), p), ("70%",), (0.7,)),
    ],
)
def test_text_is_the_constant_that_it_means(
    make: Callable[..., gm.Quantity], texts: Any, amounts: Any
) -> None:
    gm.unit("cent", "0.01 USD")
    written, meant = (gm.Model(x=make(*each)).sample(64)["x"] for each in (texts, amounts))
    assert written.values == pytest.approx(meant.values, nan_ok=True)
    assert np.unique(meant.values[np.isfinite(meant.values)]).size > 4


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: gm.filtered(PRICE, "low"), "low"),
        (lambda: gm.clip(PRICE, "2 to 3 USD"), "'2 to 3 USD' is a range; write one figure"),
        (lambda: gm.hurdle(gm.poisson(2), "170%"), "hurdle: p_zero is 1.7, not between 0 and 1"),
        (lambda: gm.zero_inflated(gm.poisson(2), "2 USD"), "USD"),
        (lambda: gm.compound(3, gm.gamma(2, 9, "USD"), limit="5 kg"), "limit is in kg"),
        (lambda: gm.compound(3, gm.gamma(2, 9, "USD"), limit="5"), "limit='5 USD'"),
        (lambda: gm.compound(3, gm.gamma(2, 9, "USD"), limit="-5 USD"), "limit is -5"),
    ],
)
def test_text_that_does_not_fit(call: Callable[[], object], told: str) -> None:
    with pytest.raises(gm.GuessmodelError, match=f"test_number_in.py.*{told}"):
        call()


@pytest.mark.parametrize(
    "use",
    [
        lambda x: gm.clip(PRICE, x, 3),
        lambda x: gm.interpolate(PRICE, {1: 2, x: 3}),
        lambda x: PRICE.sample(8).cdf(x),
        lambda x: gm.elicit({0.1: 2, 0.9: x}),
        lambda x: gm.Model(price=PRICE, twice=2 * PRICE).seek("twice", "mean", x, by="price"),
    ],
)
def test_a_number_beyond_the_floats_is_told(use: Callable[[Any], object]) -> None:
    with pytest.raises(gm.GuessmodelError, match=r"beyond 1\.8e308"):
        use(10**400)
