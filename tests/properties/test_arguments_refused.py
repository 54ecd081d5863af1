"""Calls in which an argument would have no effect are refused, and say so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import guessmodel as gm
from guessmodel import plots
from guessmodel.errors import GuessmodelError

PRICE = gm.normal(2, 3, "USD", name="price")
ROWS = gm.normal({"a": (1, 2), "b": (2, 4)}, dim="case", name="rows")
MODEL = gm.Model(price=PRICE, rows=ROWS, years=gm.normal(1, 2, dim={"year": range(3)}))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: gm.normal(2, 3, mass=0.9, quantiles={0.1: 1, 0.5: 2}), "quantiles stand alone"),
        (lambda: gm.normal(mean=2, sd=3, mass=0.9), "mass goes with low and high"),
        (lambda: gm.normal(2, 3, shared="year"), "no dimension 'year'"),
        (lambda: gm.clip(PRICE), "clip needs a bound"),
        (lambda: ROWS.shift(0.0), "shift needs a dimension"),
        (lambda: PRICE.sample(quantities="x"), "quantities= chooses among those of a model"),
        (lambda: gm.Model({"x": PRICE}, x=ROWS), "'x' is given twice"),
        (lambda: MODEL.with_({"price": 1}, price=2), "'price' is given twice"),
        (lambda: MODEL.with_({"price": 1, PRICE: 2}), "'price' is changed twice"),
        (lambda: MODEL.sample(threads=1, cluster="tcp://nowhere:1"), "leave out threads="),
        (lambda: MODEL.sample(precision=0.1, store="x"), "cannot share one store"),
        (lambda: gm.check(MODEL, "reports", drift=False), "reports= is for drift"),
        (lambda: gm.claim(PRICE, mean="2 USD", rtol=0.1, log10_tol=0.1), "two tolerances"),
        (lambda: gm.claim(PRICE, mean="2 USD", at={"case": "a"}), "case"),
        (
            lambda: plots.density(MODEL.sample(64)["price"], ax=plots.new_axes(), style="dark"),
            "style='dark' is that of",
        ),
        (
            lambda: plots.fan(MODEL.sample(64)["years"], ax=plots.new_axes(), style="dark"),
            "style='dark' is that of",
        ),
        (
            lambda: plots.comparison(
                gm.Model(x=gm.constant(2, "USD") < PRICE).sample(64)["x"], title="x"
            ),
            "title= is of a common axis",
        ),
        (lambda: gm.empirical([1, 2], {"x": "USD"}), "unit"),
        (lambda: gm.beta(alpha=2, beta=3, prior="none"), "prior goes with successes"),
        (lambda: gm.metalog(p5=1, p50=2, quantiles={0.1: 2}), "not both"),
    ],
)
def test_calls_in_which_an_argument_would_have_no_effect(
    call: Callable[[], Any], message: str
) -> None:
    with pytest.raises(GuessmodelError, match=message):
        call()
