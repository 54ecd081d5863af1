"""Total effects: what a fit of the main effect may not add to them."""

import math
from collections.abc import Callable

import numpy as np
import pytest

import guessmodel as gm

pytestmark = pytest.mark.usefixtures("by_draws")


def test_what_adds_up_has_no_interactions_on_either_side_of_nothing() -> None:
    """Of a sum the total is the index alone. What is estimated of interactions is noise, as often
    below 0 as above: the square of a fit's own error would be above in each of these 24."""
    x, y = gm.normal(mean=0, sd=1), gm.normal(mean=0, sd=2)
    model = gm.Model(x=x, y=y, out=x + y)
    more = []
    for seed in range(12):
        found = model.sample(4096, seed=seed).sensitivity("out")
        for name, share in (("x", 0.2), ("y", 0.8)):
            total = found[name].total
            assert total is not None
            assert abs(total.value - share) < 3 * total.error
            more.append(total.value - found[name].first.value)
    assert 3 < sum(part > 0 for part in more) < 21


def test_all_of_a_product_of_normals_is_interaction() -> None:
    """Published: S = 0 and T = 1 for both."""
    x, y = gm.normal(mean=0, sd=1), gm.normal(mean=0, sd=1)
    found = gm.Model(x=x, y=y, out=x * y).sample().sensitivity("out")
    for name in ("x", "y"):
        total = found[name].total
        assert total is not None
        assert found[name].first.high < 1e-3
        assert abs(total.value - 1.0) < 3 * total.error < 0.06


def test_totals_of_a_product_of_uniform_numbers() -> None:
    """x₁x₂x₃ of uniform numbers: T = S·∏(1 + V/E²) of the others, over the whole (V/E² = 1/3)."""
    q = [gm.uniform(0, 1) for _ in range(3)]
    found = gm.Model(a=q[0], b=q[1], c=q[2], out=q[0] * q[1] * q[2]).sample().sensitivity("out")
    whole = (4 / 3) ** 3 - 1
    for name in ("a", "b", "c"):
        total = found[name].total
        assert total is not None
        assert total.value == pytest.approx((1 / 3) * (4 / 3) ** 2 / whole, abs=4 * total.error)
        assert found[name].first.value == pytest.approx((1 / 3) / whole, abs=1e-3)
        assert math.isfinite(total.error)


def bought(a: gm.Quantity, b: gm.Quantity, c: gm.Quantity) -> gm.Quantity:
    """Where a > t it costs 10 b: shares of V = 100 p (1 − p) E[b²] of a in all, with p = 1 − t."""
    return gm.where(a > 0.437, 10.0, 0.0) * b + c


def in_steps(a: gm.Quantity, b: gm.Quantity, c: gm.Quantity) -> gm.Quantity:
    """Steps that are none of the classes' edges: at t, and at t + 1/3, of 4 and 12."""
    return (gm.where(a > 0.21, 4.0, 0.0) + gm.where(a > 0.21 + 1 / 3, 12.0, 0.0)) * b + c


def uncertain(a: gm.Quantity, b: gm.Quantity, c: gm.Quantity) -> gm.Quantity:
    """A threshold that is uncertain itself: P(a > b / 3) of uniform numbers, 1 − E[b / 3]."""
    return gm.where(a > b / 3.0, 6.0, 0.0) + c


_P, _Q = 1.0 - 0.437, (0.21, 1.0 / 3.0, 1.0 - 0.21 - 1.0 / 3.0)
_STEPS = np.array([0.0, 4.0, 16.0])
_SPREAD = float(_Q @ _STEPS**2 - (_Q @ _STEPS) ** 2)  # variance of the steps, and mean square
_SQUARE, _MEAN = float(_Q @ _STEPS**2), float(_Q @ _STEPS)
# b is uniform on 0 … 3: E[b] = 3/2, V(b) = 3/4, E[b²] = 3; c is normal with variance 4. Of each
# function what is left if all but a are known, all but b, and the whole.
JUMPS: list[tuple[Callable[..., gm.Quantity], float, float, float]] = [
    (
        bought,
        100.0 * _P * (1.0 - _P) * 3.0,
        100.0 * _P * 0.75,
        100.0 * (_P * 3.0 - (_P * 1.5) ** 2) + 4.0,
    ),
    (in_steps, _SPREAD * 3.0, _SQUARE * 0.75, _SQUARE * 3.0 - (_MEAN * 1.5) ** 2 + 4.0),
    # b/3 is uniform: given it a is above with 1 − b/3, and the other way round.
    (uncertain, 36.0 / 6.0, 36.0 / 6.0, 36.0 / 4.0 + 4.0),
]


@pytest.mark.parametrize(("method", "n"), [("nets", 1024), ("lhs", 2048), ("random", 16384)])
@pytest.mark.parametrize(
    ("function", "a", "b", "whole"), JUMPS, ids=["one", "two", "at an uncertain place"]
)
def test_a_jump_adds_nothing(
    function: Callable[..., gm.Quantity], a: float, b: float, whole: float, method: str, n: int
) -> None:
    """No line follows a step. What the lines of few classes leave of the main effect is part of it:
    counted twice it made the total effect up to 0.1 too large."""
    q = {"a": gm.uniform(0, 1), "b": gm.uniform(0, 3), "c": gm.normal(mean=0, sd=2)}
    model = gm.Model(**q, out=function(*q.values()))
    known = {"a": a / whole, "b": b / whole, "c": 4.0 / whole}
    off: dict[str, list[float]] = {name: [] for name in (*known, "a and c")}
    for seed in range(12):
        found = model.sample(n, seed=seed, method=method).sensitivity(
            "out", groups={"a and c": ["a", "c"]}
        )
        totals = {name: found[name].total for name in known}
        totals["a and c"] = found.groups["a and c"].total
        for name, total in totals.items():
            truth = known["a"] + known["c"] if name == "a and c" else known[name]
            assert total is not None
            off[name].append(total.value - truth)
    for each in off.values():
        error = float(np.std(each, ddof=1)) / math.sqrt(len(each))
        assert abs(float(np.mean(each))) < 5.0 * error + 1e-4
        assert error < 0.01
