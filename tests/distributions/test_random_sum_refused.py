"""What is refused of random sums, with the place in the model and what to write instead."""

import math
import re

import pytest

import guessmodel as gm
from guessmodel.errors import ModelError, UnitError, UsageError, WrongKind

SIZE = gm.lognormal(1, 9, "USD")
USD = gm.constant(1, "USD")
NUMBER = gm.poisson(3)


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda: gm.compound(gm.normal(1, 5), SIZE), ModelError, "which is no whole number"),
        (lambda: gm.compound(2.5, SIZE), ModelError, "frequency is 2.5; write a whole number"),
        (lambda: gm.compound(math.inf, SIZE), ModelError, "frequency is inf; write a whole number"),
        (lambda: gm.compound(math.nan, SIZE), ModelError, "frequency is nan; write a whole number"),
        (lambda: gm.compound(3, 2 * SIZE), ModelError, "severity is no draw"),
        (lambda: gm.compound(3, 7), WrongKind, "severity is 7; write a draw"),
        (lambda: gm.compound(3, lambda: 7), WrongKind, "the function gives 7"),
        (lambda: gm.compound(3, lambda: SIZE), ModelError, "the function makes no draw"),
        (
            lambda: gm.compound(3, gm.mixture([SIZE, 0], [0.5, 0.5])),
            ModelError,
            "the components of this mixture are draws of their own",
        ),
        (
            lambda: gm.compound(3, gm.correlate([gm.normal(1, 2), gm.normal(1, 2)], rank=0.5)[1]),
            ModelError,
            "is correlated with other draws",
        ),
        (
            lambda: gm.compound(3, lambda: gm.normal({"a": (1, 2), "b": (2, 3)}, dim="x").sum("x")),
            ModelError,
            "which goes along labels",
        ),
        (lambda: gm.compound(3, SIZE, limit=gm.constant(1, "kg")), UnitError, "limit is in kg"),
        (
            lambda: gm.compound(3, gm.lognormal(1, 2, "USD"), deductible=1),
            UnitError,
            "deductible is a plain number, and the sum in USD; give it that unit, "
            "as in deductible='1 USD'",
        ),
        (
            lambda: gm.compound(3, gm.lognormal(1, 2, "USD"), limit=gm.constant(1, "kg")),
            UnitError,
            "limit is in kg, and the sum in USD",
        ),
        (lambda: gm.compound(3, SIZE, deductible=-1), ModelError, "deductible is -1"),
        (
            lambda: gm.compound(3, lambda: (gm.normal(1, 2), gm.normal(1, 2)), limit=1),
            UsageError,
            "deductibles and limits go with one sum",
        ),
        (lambda: gm.compound(3, lambda: (gm.normal(1, 2), 7)), WrongKind, "the function gives 7"),
        (lambda: gm.sum_of(3, lambda: (SIZE, SIZE)), WrongKind, "sum_of sums up one draw"),
        (lambda: gm.compound(NUMBER, NUMBER), ModelError, "and used for their number too"),
        (lambda: gm.compound(gm.round(SIZE / USD), SIZE), ModelError, "drawn anew for each event"),
        (lambda: gm.compound(2 + NUMBER, NUMBER), ModelError, "or give the sum a function"),
        (lambda: gm.sum_of(0, SIZE), UsageError, "a whole number of draws from 1, not 0"),
        (lambda: gm.sum_of(gm.poisson(3), SIZE), UsageError, "goes in gm.compound"),
    ],
)
def test_refusals(call, error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=re.escape(text)) as caught:
        call()
    assert "test_random_sum_refused.py" in str(caught.value)


def test_a_severity_is_used_nowhere_else() -> None:
    size = gm.lognormal(1, 9)
    total = gm.compound(gm.poisson(3), size)
    with pytest.raises(ModelError, match="drawn anew for each event of the sum in"):
        gm.Model(total=total, tax=0.2 * size)
    with pytest.raises(ModelError, match="drawn anew for each event of the sum in"):
        gm.Model(total=total, other=gm.sum_of(3, size))
