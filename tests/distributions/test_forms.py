"""How the parametrisations of a family are listed, and which one is meant."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import guessmodel as gm
from guessmodel.distributions.forms import INTERVAL, Form, listed

POINTS = "quantiles={p: low, q: high}"


@pytest.mark.parametrize(
    ("forms", "text"),
    [
        ([Form({"p": 0})], "(p=)"),
        ([Form(INTERVAL, bounds=True)], "(low, high)"),
        ([Form(INTERVAL)], f"(low, high) or ({POINTS})"),
        (
            [Form(INTERVAL, bounds=True), Form(INTERVAL), Form({"mean": 1, "sd": 1})],
            f"(low, high[, mass=]) or ({POINTS}) or (mean=, sd=)",
        ),
        (
            [Form({"df": 0, "location": 1, "scale": 1}), Form({"df": 0})],
            "(df=[, location=, scale=])",
        ),
        (
            [Form({**INTERVAL, **more}, bounds=True) for more in ({}, {"mode": 1})]
            + [Form({**INTERVAL, "mode": 1, "weight": 0}, bounds=True)],
            "(low, high[, mode=[, weight=]])",
        ),
    ],
)
def test_forms_that_go_on_where_others_end_are_one(forms: list[Form], text: str) -> None:
    assert listed(forms) == text


@pytest.mark.parametrize(
    ("call", "hint"),
    [
        (lambda: gm.normal(3, 1), "swap them, or write mean=3, sd=1"),
        (lambda: gm.normal(1, 1), "for a known value write gm.constant(1), or write mean=1, sd=1"),
        (lambda: gm.normal(3, -1), "low (3) lies above high (-1); swap them"),
        (lambda: gm.lognormal(3, 1), "swap them, or write mean=3, sd=1 or mu=3, sigma=1"),
        (lambda: gm.lognormal(0, 1), "for a skewed quantity, or write mu=0, sigma=1"),
        (lambda: gm.gamma(3, 1), "or write mean=3, sd=1 or shape=3, scale=1 or shape=3, rate=1"),
        (lambda: gm.student_t(3, 1, df=5), "or write location=3, scale=1"),
        (lambda: gm.beta(5, 2, "percent"), "or write mean=5, sd=2 or alpha=5, beta=2"),
        (lambda: gm.beta(90, 40, "percent"), "swap them, or write alpha=90, beta=40"),
        (lambda: gm.normal({"a": (1, 2), "b": (3, 1)}, dim="x"), "lies above high (1); swap them"),
    ],
)
def test_a_pair_that_is_no_range_names_what_it_may_be(call: Callable[[], Any], hint: str) -> None:
    with pytest.raises(gm.GuessmodelError) as caught:
        call()
    assert caught.value.message.endswith(hint)
