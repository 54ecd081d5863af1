"""Correlations that cannot be, and what is said of them."""

import math
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

import guessmodel as gm
from guessmodel.errors import GuessmodelError


def two() -> list[gm.Quantity]:
    return [gm.normal(1, 2), gm.gamma(1, 3)]


def months(**more: Any) -> gm.Quantity:
    return gm.normal(1, 2, dim={"month": range(3)}, **more)


REFUSED: list[tuple[Callable[[], Any], str]] = [
    (lambda: gm.correlate("ab", rank=0.5), r"takes draws in a list, gm\.correlate\(\[a, b\]"),
    (lambda: gm.correlate([1, 2], rank=0.5), r"takes draws, such as gm\.normal\(2, 5\), not 1"),
    (lambda: gm.correlate([gm.normal(1, 2)], rank=0.5), "takes two draws or more"),
    (lambda: gm.correlate([gm.constant(1), gm.normal(1, 2)], rank=0.5), "draw 1 is constant"),
    (lambda: gm.correlate([2 * gm.normal(1, 2), gm.normal(1, 2)], rank=0.5), "draw 1 is derived"),
    (lambda: gm.correlate(two()[:1] * 2, rank=0.5), "is in the list twice"),
    (lambda: gm.correlate(two()), "say how the draws go together"),
    (lambda: gm.correlate(two(), rank=1.2), r"rank is 1\.2; write a number from -1 to 1"),
    (lambda: gm.correlate(two(), rank=True), "rank is True; write a number"),
    (lambda: gm.correlate(two(), rank="much"), "rank is 'much'; write a number"),
    (lambda: gm.correlate(two(), rank=[[1, 2]]), "1 x 2 numbers; write 2 x 2"),
    (lambda: gm.correlate(two(), rank=[["a", 1], [1, 2]]), "a matrix of numbers or a mapping"),
    (lambda: gm.correlate(two(), rank=[[1, 0.2], [0.3, 1]]), "is symmetric"),
    (lambda: gm.correlate(two(), rank=[[2, 0.2], [0.2, 2]]), "other than 1 on its diagonal"),
    (lambda: gm.correlate(two(), rank=[[1, 3], [3, 1]]), "rank of draw 1 and draw 2 is 3"),
    (lambda: gm.correlate(two(), rank=[[1, math.nan], [math.nan, 1]]), "is symmetric"),
    (lambda: gm.correlate(two(), rank={"ab": 0.5}), "rank takes pairs"),
    (lambda: gm.correlate({"a": gm.normal(1, 2), "b": gm.normal(1, 2)}, rank={("a", "c"): 0.5}),
     "rank has a pair with 'c'"),
    (lambda: gm.correlate({"a": gm.normal(1, 2), "b": gm.normal(1, 2)}, rank={("a", "a"): 0.5}),
     "pair of a with itself"),
    (lambda: gm.correlate({"a": gm.normal(1, 2), "b": gm.normal(1, 2)},
                          rank={("a", "b"): 0.5, ("b", "a"): 0.5}), "pair of b and a twice"),
    (lambda: gm.correlate(two(), rank={(gm.normal(1, 2), gm.normal(1, 2)): 0.5}),
     "a draw that is not among those"),
    (lambda: gm.correlate({"a": gm.normal(1, 2), "b": gm.normal(1, 2)},
                          rank=pd.DataFrame([[1, 0.5], [0.5, 1]], list("ac"), list("ac"))),
     "rank has no 'b'"),
    (lambda: gm.correlate(gm.correlate(two(), rank=0.5), rank=0.5), "is correlated already, in"),
    (lambda: gm.correlate([gm.mixture([gm.normal(1, 2, name="p"), gm.normal(5, 6)]), two()[0]],
                          rank=0.5), "draw 1 is a mixture of quantities that are drawn"),
    (lambda: gm.correlate([gm.poisson(gm.uniform(1, 2)), gm.normal(1, 2)], rank=0.5),
     "draw 1 is discrete and has uncertain parameters"),
    (lambda: gm.correlate([gm.bernoulli(0.3), gm.bernoulli(0.6)], rank=0.9),
     r"cannot have a rank correlation of 0\.9: their values allow -0\.8017 to 0\.5345"),
    (lambda: gm.correlate(two(), rank=gm.constant(2)), "rank is 2; write a number from -1 to 1"),
    (lambda: gm.correlate([*two(), gm.gamma(2, 3)], rank=gm.constant(0.2)), "is one of two draws"),
    (lambda: gm.correlate([gm.poisson(3), gm.normal(1, 2)], rank=gm.constant(0.2)),
     "draw 1 is discrete, so that its rank correlation is solved for"),
    (lambda: gm.correlate(two(), rank=gm.constant(0.2, "USD")), "USD"),
    (lambda: gm.correlate(two(), rank=gm.constant({"a": 0.2, "b": 0.3}, dim="site")),
     "draw 2 has no labels along 'site'"),
    (lambda: gm.correlate([months(),
                           gm.normal(1, 2, dim={"site": ["a", "b"]})], rank=0.5),
     "has no labels along 'month'"),
    (lambda: gm.correlate([months(), gm.normal(1, 2, dim={"month": range(4)})], rank=0.5),
     "dimension 'month' has labels"),
    (lambda: gm.correlate([gm.poisson(gm.constant({"a": 1.0, "b": 9.0}, dim="site"), shared="site"),
                           gm.poisson(3)], rank=0.5), "one random number for all labels of 'site'"),
    (lambda: gm.correlate(gm.normal(1, 2), rank=0.5), "one draw alone is correlated along"),
    (lambda: gm.correlate(months(), along="month"), "say how the labels along 'month'"),
    (lambda: gm.correlate(months(), along=3, rank=0.5), "along=3 names no dimension"),
    (lambda: gm.correlate(months(), along="year", ar1=0.5), "no dimension 'year'"),
    (lambda: gm.correlate(months(), ar1=0.5), "ar1 goes along a dimension"),
    (lambda: gm.correlate(months(), along="month", ar1=1.5), r"ar1 is 1\.5; write a number"),
    (lambda: gm.correlate(months(), along={"month": 0.5}, ar1={"month": 0.5}), "leave one"),
    (lambda: gm.correlate(months(), rank=0.5, along="month", ar1=0.5), "rank goes with along"),
    (lambda: gm.correlate(months(), along="month", rank=[[1, 0.5], [0.5, 1]]), "write 3 x 3"),
    (lambda: gm.correlate(gm.poisson(gm.constant({"a": 1.0, "b": 9.0}, dim="s")), along="s",
                          ar1=0.5), "the same parameters at all labels"),
    (lambda: gm.correlate([gm.poisson(3, dim={"month": range(3)}), months()],
                          rank=0.5, along="month", ar1=0.5), "is that of continuous draws"),
    (lambda: gm.truncated(gm.correlate(two(), rank=0.5)[0], lower=1),
     r"is correlated with other draws; write gm\.truncated before gm\.correlate"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "text"), REFUSED)
def test_what_is_refused(call: Callable[[], Any], text: str) -> None:
    with pytest.raises(GuessmodelError, match=text) as caught:
        call()
    assert __file__ in str(caught.value) or "test_correlate_refused.py" in str(caught.value)
