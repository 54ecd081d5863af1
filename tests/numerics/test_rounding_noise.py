"""Which spread is only rounding error."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import guessmodel as gm
from guessmodel.estimators import replicates as estimators
from guessmodel.numerics.rounding_noise import only_rounding

FINITE = st.floats(allow_nan=False, allow_infinity=False)


@given(FINITE)
def test_a_number_and_its_neighbours_are_one_and_its_hundredths_are_not(x: float) -> None:
    assert only_rounding(x, x)
    if abs(x) > 1e-300:
        assert only_rounding(math.nextafter(x, -math.inf), math.nextafter(x, math.inf)) or (
            abs(x) > 1e308
        )
        assert not only_rounding(*sorted((x, 0.99 * x)))


@given(FINITE, FINITE)
def test_it_goes_by_size_whatever_the_sign_and_the_scale(a: float, b: float) -> None:
    low, high = sorted((a, b))
    found = only_rounding(low, high)
    assert only_rounding(-high, -low) == found
    if all(x == 0.0 or 1e-200 < abs(x) < 1e200 for x in (a, b)):
        assert only_rounding(low * 2.0**50, high * 2.0**50) == found
    assert not (found and low < 0.0 < high)


NOISE = {
    "sin² + cos²": (lambda x: gm.sin(x) ** 2 + gm.cos(x) ** 2, 1.0),
    "there and back": (lambda x: (x * 3) / x / 3, 1.0),
    "log of exp": (lambda x: gm.log(gm.exp(x / 3)) / x * 9, 3.0),
    "shares": (lambda _: gm.dirichlet({"a": 2, "b": 3, "c": 4}, dim="k").sum("k"), 1.0),
    "a power and back": (lambda x: (abs(x) ** 0.3) ** (1 / 0.3) / abs(x) * 1e9, 1e9),
}
"""Identities, with the number that each is."""


@pytest.mark.parametrize("name", NOISE)
def test_an_identity_has_its_value_and_no_error(name: str) -> None:
    make, value = NOISE[name]
    result = make(gm.normal(5, 8, name="x")).sample(4096)
    assert result.values.min() < result.values.max()
    for estimate in (result.mean(), *result.quantiles(0.05, 0.5, 0.95)):
        assert str(estimate) == f"{gm.constant(value).sample(64).mean()}"
    assert str(result.sd()).startswith("0")


def test_a_constant_of_nature_keeps_its_error() -> None:
    """The Rydberg frequency, 3.2898419602500(36)e15 Hz (CODATA 2022)."""
    rows = np.random.default_rng(1).normal(3.28984196025e15, 3.6e3, (8, 512))
    assert 0.0 < estimators.mean(rows).error < 3.6e3
    assert 0.9 < estimators.sd(rows).value / 3.6e3 < 1.1
