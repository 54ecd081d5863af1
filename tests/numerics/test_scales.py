"""Scales: where numbers stand, and which scale shows them."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guessmodel.errors import UsageError
from guessmodel.numerics.normal import ppf
from guessmodel.numerics.scales import LINEAR, LOG, Scale, evenly_spaced, scale_of, step_of

P = (np.arange(4096) + 0.5) / 4096
Z = ppf(P)


@pytest.mark.parametrize("scale", [LINEAR, LOG, Scale(0.1), Scale(100.0)])
def test_places_go_back_to_their_numbers_and_stretch_is_the_slope(scale: Scale) -> None:
    x = np.geomspace(1e-3, 1e6, 200)
    x = x if scale is LOG else np.r_[-x[::-1], 0.0, x]
    places = scale.position(x)
    assert np.all(np.diff(places) > 0.0)
    assert scale.value(places) == pytest.approx(x, rel=1e-9, abs=1e-12)
    near = 1e-6 * np.maximum(np.abs(x), 1e-3)  # a central difference of the inverse
    slope = 2.0 * near / (scale.position(x + near) - scale.position(x - near))
    assert slope == pytest.approx(scale.stretch(x) * np.ones(x.size), rel=1e-3)


def test_a_decade_is_one_beyond_the_threshold() -> None:
    scale = Scale(0.1)
    assert scale.position(100.0) - scale.position(1.0) == pytest.approx(2.0)
    assert scale.position(-1.0) - scale.position(-100.0) == pytest.approx(2.0)
    assert (LINEAR.name, LOG.name, scale.name) == ("linear", "log", "symlog")


@pytest.mark.parametrize(
    ("x", "name"),
    [
        (Z, "linear"),
        (np.exp(0.5 * Z), "linear"),
        (np.exp(2.0 * Z), "log"),
        (-np.log1p(-P), "linear"),  # exponential
        (np.tan(math.pi * (P - 0.5)), "symlog"),  # Cauchy
        (np.sort(np.r_[np.exp(2 * Z), -np.exp(2 * Z)]), "symlog"),
        (-np.exp(2.0 * Z)[::-1], "symlog"),
        (np.sort(np.r_[np.zeros(2048), np.exp(2.0 * Z)]), "symlog"),
        (np.zeros(8), "linear"),
    ],
)
def test_the_scale_that_shows_numbers(x: np.ndarray, name: str) -> None:
    assert scale_of([x]).name == name
    assert scale_of([x], "linear").name == "linear"
    if x.any():
        assert scale_of([x], "log").name == ("log" if x[0] > 0 else "symlog")


@given(
    st.lists(
        st.one_of(st.floats(-1e6, 1e6), st.integers(-9, 9).map(lambda k: k * 10.0**-k)),
        min_size=1,
        max_size=60,
    )
)
def test_numbers_of_either_sign_are_shown_by_their_sizes(numbers: list[float]) -> None:
    x = np.sort([*numbers, -1.0])
    sizes = sorted(abs(number) for number in x.tolist() if number)
    low, high = (sizes[round(p * (len(sizes) - 1))] for p in (0.25, 0.995))
    assert scale_of([x]).is_curved == (math.log10(high / low) > 2.0)


def test_quantities_far_apart_are_shown_by_decades() -> None:
    assert scale_of([2 + P, 200 + P]) is LOG
    assert scale_of([2 + P, 20 + P]) is LINEAR


def test_what_is_no_scale() -> None:
    with pytest.raises(UsageError, match="scale='logit' is no scale; write 'auto'"):
        scale_of([Z], "logit")


def test_years_are_evenly_spaced_and_powers_are_not() -> None:
    assert evenly_spaced(np.arange(1.0, 61.0))
    assert evenly_spaced(np.array([1.0, 100.0]))
    assert evenly_spaced(np.arange(-3.0, 400.0))
    assert not evenly_spaced(np.array([1.0, 10.0, 100.0]))
    assert not evenly_spaced(np.array([1.0, 3.0, 10.0, 30.0, 100.0]))


def test_steps() -> None:
    assert step_of(np.array([0.0, 3.0, 4.5, 6.0])) == 1.5
    assert step_of(np.array([0.0, 3.0, 4.4, 6.0])) == 0.0
    assert step_of(np.array([2.0, 2.0])) == 0.0


def test_what_spans_decades_in_its_middle_half_is_logarithmic() -> None:
    """A share of 1e-30 as often as of 1, times something: the lower half is wider by far."""
    x = np.sort(10.0 ** np.linspace(-40, 0, 1001))
    assert scale_of([np.sort(np.minimum(x * 1e20, 10.0))]) == LOG
    exponential = -np.log1p(-(np.arange(1, 2001) - 0.5) / 2000)
    assert scale_of([exponential]) == LINEAR
