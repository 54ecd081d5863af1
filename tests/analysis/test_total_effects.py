"""Total effects: what a fit of the main effect may not add to them."""

import math

import pytest

import guessmodel as gm


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
