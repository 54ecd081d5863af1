"""loguniform: its formulas, parametrisations and messages; SciPy is the independent method."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import Any

import pytest
from family_parameters import parameters
from scipy import stats

from guessmodel.distributions.loguniform import LogUniform, loguniform
from guessmodel.errors import GuessmodelError
from guessmodel.testing.families import check_family


@pytest.mark.parametrize(
    "at",
    [
        (1.0, 10.0),
        (1e-9, 1e9),
        (5.0, 7.0),
        (2.0, 3e40),
    ],
)
def test_formulas_agree_with_each_other_and_with_scipy(at: tuple[float, ...]) -> None:
    reference = stats.loguniform(*at)
    check_family(LogUniform(), at, reference=reference, tail=1e-6)


def test_the_bounds_are_those_of_the_support() -> None:
    assert parameters(loguniform(2, 5)) == [2.0, 5.0]


@pytest.mark.parametrize("high", [1 + 2.0**-20, 1.001, 1.05, 1.2, 1.25, 3.0])
def test_the_variance_of_a_narrow_one_is_exact(high: float) -> None:
    # The closed form (high² - 1) / 2w - ((high - 1) / w)², w = log(high), with 50 digits.
    with localcontext(prec=50):
        top = Decimal(high)
        width = top.ln()
        wanted = (top**2 - 1) / (2 * width) - ((top - 1) / width) ** 2
    # log(high) - log(low), as computed, has an error of one rounding of 1.
    assert LogUniform().variance(1.0, high) == pytest.approx(float(wanted), rel=1e-9)


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        ((2, 1), {}, "low (2) lies above high (1); swap them"),
        ((3, 3), {}, "for a known value write gm.constant(3)"),
        (
            (0, 5),
            {},
            "loguniform: low is 0, and every draw is above 0; write gm.uniform(low, high)",
        ),
    ],
)
def test_a_mistake_says_what_to_write(
    arguments: tuple[Any, ...], options: dict[str, Any], message: str
) -> None:
    with pytest.raises(GuessmodelError) as caught:
        loguniform(*arguments, **options)
    assert message in str(caught.value)
