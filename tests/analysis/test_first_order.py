"""First-order indices against closed forms, on draws of every method."""

import math
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import special, stats

from guessmodel.analysis.classes import Classes
from guessmodel.analysis.first_order import FirstOrder, first_order, least_draws
from guessmodel.graph.variates import UNIFORM
from guessmodel.sampling import Stream, design

Array = NDArray[np.float64]
Margin = Callable[[Array], Array]


def answer(
    margins: Sequence[Margin],
    f: Callable[[Sequence[Array]], Array],
    *,
    size: int = 1024,
    seed: int = 0,
    method: str = "nets",
) -> FirstOrder:
    """Indices of f of inputs given by their quantile functions."""
    streams = [Stream((f"x{i}",), False, (UNIFORM,)) for i in range(len(margins))]
    points = design(method, 8 * size, seed, streams)
    u = np.empty((len(margins), 8, points.size))
    for r in range(8):
        replicate = points.replicate(r)
        for i, rows in enumerate(u):
            replicate.fill(i, 0, points.size, rows[r])
    x = [margin(rows) for margin, rows in zip(margins, u, strict=True)]
    inputs = [partial(Classes.of, rows, value) for rows, value in zip(u, x, strict=True)]
    return first_order(f(x), inputs, stratified=method != "random")


def uniform(low: float = 0.0, high: float = 1.0) -> Margin:
    return lambda u: low + (high - low) * u


def normal(u: Array) -> Array:
    return np.asarray(special.ndtri(u))


def poisson(u: Array) -> Array:
    return np.asarray(stats.poisson.ppf(u, 3.3))


_A = np.array([0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0])
_PARTS = 1.0 / (3.0 * (1.0 + _A) ** 2)
# Each function with its indices.
FUNCTIONS: dict[
    str, tuple[Sequence[Margin], Callable[[Sequence[Array]], Array], Sequence[float]]
] = {
    # Ishigami and Homma (1990), a = 7, b = 0.1; the indices are known exactly.
    "Ishigami": (
        [uniform(-math.pi, math.pi)] * 3,
        lambda x: np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0]),
        (0.313905, 0.442411, 0.0),
    ),
    # Sobol' (1993): the variance of the main effect of factor i is 1/(3(1 + a_i)²).
    "g": (
        [uniform()] * 8,
        lambda x: np.prod([(abs(4 * v - 2) + a) / (1 + a) for v, a in zip(x, _A, strict=True)], 0),
        list(_PARTS / (np.prod(1.0 + _PARTS) - 1.0)),
    ),
    "a sum of normals": ([normal] * 2, lambda x: x[0] + x[1], (0.5, 0.5)),
    "a product of normals": ([normal] * 2, lambda x: x[0] * x[1], (0.0, 0.0)),
    "Borgonovo": ([uniform()] * 3, lambda x: x[0] * x[1] + x[2], (3 / 19, 3 / 19, 12 / 19)),
    # E[max | x] = (1 + x²)/2, whose variance is 1/45; that of the maximum is 1/18.
    "a maximum": ([uniform()] * 2, lambda x: np.maximum(x[0], x[1]), (0.4, 0.4)),
    # ⌊7x⌋ is uniform on 0 … 6, with variance 4; 3yz has the main effects 3y/2 and 3z/2.
    "steps": (
        [uniform()] * 3,
        lambda x: np.floor(7 * x[0]) + 3 * x[1] * x[2],
        [v / (4.0 + 9.0 * (1 / 9 - 1 / 16)) for v in (4.0, 9 / 48, 9 / 48)],
    ),
    # With m the mean of both, V = m(1 + m)·4/3 − m²: the main effects are x and m·y.
    "a discrete factor": (
        [poisson, uniform(0.0, 2.0)],
        lambda x: x[0] * x[1],
        [v / (3.3 * 4.3 * 4 / 3 - 3.3**2) for v in (3.3, 3.3**2 / 3)],
    ),
    # E[e^z] parts of a product of lognormals: (e^σᵢ² − 1)/(e^Σσ² − 1).
    "lognormals": (
        [lambda u: np.exp(0.5 * normal(u)), lambda u: np.exp(0.3 * normal(u))],
        lambda x: x[0] * x[1],
        [math.expm1(v) / math.expm1(0.34) for v in (0.25, 0.09)],
    ),
}


@pytest.mark.parametrize("method", ["nets", "lhs", "random"])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_known_indices_lie_within_a_few_errors(name: str, method: str) -> None:
    margins, f, known = FUNCTIONS[name]
    found = answer(margins, f, size=2048, method=method)
    assert found.unreliable is None
    for estimate, truth in zip(found.indices, known, strict=True):
        assert estimate.low <= estimate.value <= estimate.high
        assert abs(estimate.value - truth) < 4.0 * estimate.error + 1e-6
        assert estimate.error < (0.01 if method == "nets" else 0.04)


def test_more_draws_are_nearer() -> None:
    margins, f, known = FUNCTIONS["g"]
    few, many = (
        np.mean(
            [
                abs(e.value - s)
                for e, s in zip(answer(margins, f, size=n).indices, known, strict=True)
            ]
        )
        for n in (256, 4096)
    )
    assert many < few / 4


@pytest.mark.parametrize(("size", "off"), [(128, 3e-4), (1024, 2e-5)])
def test_a_line_is_exact_but_for_the_jitter(size: int, off: float) -> None:
    """Of a linear output all that is left as noise is where draws lie in their strata; 32 classes
    without lines hide 1/1024 of the variance."""
    found = answer([uniform()] * 3, lambda x: 1e9 + x[0] + 2 * x[1] + 3 * x[2], size=size)
    for estimate, truth in zip(found.indices, (1 / 14, 4 / 14, 9 / 14), strict=True):
        assert estimate.value == pytest.approx(truth, abs=off)
        assert abs(estimate.value - truth) <= 3 * estimate.error


def test_scale_and_place_of_output_and_inputs_do_not_matter() -> None:
    margins, f, _ = FUNCTIONS["Ishigami"]
    plain = answer(margins, f)
    moved = answer(
        [lambda u, m=m: 1e3 - 40.0 * m(u) for m in margins],  # type: ignore[misc]
        lambda x: 5e6 - 1e3 * f([(1e3 - v) / 40.0 for v in x]),
    )
    for one, other in zip(plain.indices, moved.indices, strict=True):
        assert other.value == pytest.approx(one.value, abs=1e-7)
        assert other.error == pytest.approx(one.error, rel=1e-3, abs=1e-7)


def test_few_draws_that_hold_the_variance_are_marked() -> None:
    found = answer([normal] * 2, lambda x: np.exp(2.0 * (x[0] + x[1])))
    assert found.unreliable is not None
    assert "hold" in found.unreliable


def test_a_variance_that_is_hardly_known_is_marked() -> None:
    found = answer([uniform()] * 2, lambda x: (x[0] * x[1] > 0.93) * 1.0, size=256)
    assert found.unreliable is not None


def test_a_variance_that_rests_on_a_draw_gives_no_index() -> None:
    """Of P(xy > 0.983) = 1.5e-4 some seed meets one draw in 2,048."""
    found = answer([uniform()] * 2, lambda x: (x[0] * x[1] > 0.983) * 1.0, size=256)
    assert found.unreliable == "unreliable: the variance rests on a few draws"
    assert all(math.isnan(index.value) for index in found.indices)


def test_how_many_draws_are_needed() -> None:
    assert (least_draws(stratified=True), least_draws(stratified=False)) == (128, 2048)
    answer([uniform()] * 2, lambda x: x[0] + x[1], size=128)
