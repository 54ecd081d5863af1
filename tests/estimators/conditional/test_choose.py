"""Which draw is integrated out, against the variance that integrating each one leaves."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from scipy import integrate, stats

import guessmodel as gm
from guessmodel.estimators.conditional.choose import Conditional, conditional
from guessmodel.estimators.program import program_of
from guessmodel.graph.coordinates import Element

LEVELS = (0.05, 0.5, 0.95)
N = 1024


def chosen(
    quantity: gm.Quantity,
    position: tuple[int, ...] = (),
    method: str = "nets",
    size: int = N,
    most: int = 8 * N,
) -> Conditional | None:
    program = program_of(gm.Model(y=quantity))
    return conditional(program, Element(quantity, position), method, 0, 8, size, most)


def draws(quantity: gm.Quantity) -> list[gm.Quantity]:
    """The draw for each level."""
    found = chosen(quantity)
    assert found is not None
    return [each.path.draw.node for each in found.integrations.by_level]


def left(wide: float, narrow: float, p: float) -> float:
    """Of a sum of normals of mean 0, of which the wide one is integrated out: the variance of
    P(sum <= q | narrow) = Phi((q - narrow) / wide), by quadrature."""
    q = stats.norm.ppf(p, scale=math.hypot(wide, narrow))

    def square(x: float) -> float:
        given = stats.norm.cdf((q - x) / wide) - p
        return float(given**2 * stats.norm.pdf(x, scale=narrow))

    return float(integrate.quad(square, -9 * narrow, 9 * narrow)[0])


@pytest.mark.parametrize("narrow", [0.1, 1.0, 5.0])
def test_of_a_sum_the_widest_draw_is_integrated_out(narrow: float) -> None:
    wide = gm.normal(mean=0, sd=10)
    others = gm.normal(mean=0, sd=narrow) * 1.0
    for quantity in (wide + others, others - wide, 3 * (others + wide) + 2):
        found = chosen(quantity)
        assert found is not None
        assert {each.path.draw.node for each in found.integrations.by_level} == {wide}
        wanted = [left(10.0, narrow, p) for p in LEVELS]
        # The variance of 512 numbers of kurtosis 12, as these are, has a standard error of 15%.
        assert found.integrations.variance_left == pytest.approx(wanted, rel=0.5)


def test_another_draw_in_a_tail_where_that_leaves_half_the_variance() -> None:
    """Below 0 the sum is what the normal makes it, far above what the exponential does."""
    middle, tail = gm.normal(mean=0, sd=1), gm.where(gm.bernoulli(0.1), gm.lognormal(20, 90), 0)
    lowest, median, highest = draws(middle + tail)
    assert lowest is middle and median is middle
    assert highest is not middle
    assert len(set(draws(middle + gm.normal(mean=0, sd=0.5) ** 3))) == 1


def test_a_comparison_has_no_guide_and_a_quantity_some_of_its_draws() -> None:
    x, y = gm.lognormal(1, 9), gm.lognormal(2, 3)
    found, compared = chosen(x * y + x), chosen(x + y > 8)
    assert found is not None and compared is not None
    guide = found.integrations.guide
    assert guide.size == 512 and np.all(np.diff(guide) >= 0.0)
    # A net has the quantile within a draw or two of 512.
    sums = gm.Model(y=x * y + x).sample(1 << 16)["y"].values
    assert abs(np.mean(sums <= np.median(guide)) - 0.5) < 0.03
    assert compared.integrations.guide.size == 0
    assert compared.quantile(0.5, "") is None
    assert found.probability() is None and compared.probability() is not None


@pytest.mark.parametrize(
    "make",
    [
        lambda: gm.cos(gm.normal(1, 9)) * 2,  # not monotone
        lambda: gm.poisson(3) * gm.poisson(2),  # no density to integrate
        lambda: gm.lognormal({"a": (1, 2), "b": (2, 3)}, dim="k").max("k") + 1,  # of all labels
    ],
)
def test_none_where_no_draw_can_be_integrated_out(make: Callable[[], gm.Quantity]) -> None:
    assert chosen(make()) is None


def test_a_draw_is_chosen_once_for_a_model() -> None:
    quantity = gm.lognormal(1, 9) + gm.lognormal(2, 3)
    program = program_of(gm.Model(y=quantity))
    element = Element(quantity, ())
    first, second = (conditional(program, element, "nets", s, 8, N, 8 * N) for s in (0, 1))
    assert first is not None and second is not None
    assert first.integrations is second.integrations is program.integrations[element]


def test_each_label_has_its_own_draw() -> None:
    sds = gm.constant({"a": 0.1, "b": 30}, dim="k")
    labelled = gm.normal(mean=0, sd=sds)
    one = gm.normal(mean=0, sd=2)
    whole = labelled + one
    for position, wanted in (((0,), one), ((1,), labelled)):
        found = chosen(whole, position)
        assert found is not None
        assert {each.path.draw.node for each in found.integrations.by_level} == {wanted}


@pytest.mark.parametrize("size", [1 << m for m in (9, 10, 13, 17)])
def test_nets_grow_with_the_root_of_the_run(size: int) -> None:
    """√(1024 N) of a run's N draws per replicate, all up to 1024, rounded down to a power of 2;
    all of them for independent draws, and no more than may be spent."""
    x = gm.normal(mean=0, sd=10) + gm.normal(mean=0, sd=1)
    found, independent = (chosen(x, (), m, size, 1 << 30) for m in ("nets", "random"))
    assert found is not None and independent is not None
    wanted = min(size, 1 << math.floor(math.log2(math.sqrt(1024 * size))))
    assert found.net_size(1) == wanted
    assert independent.net_size(1) == size
    little = chosen(x, (), "nets", size, 8 * 300)
    assert little is not None and little.net_size(1) == 256


def test_where_the_draw_leaves_most_of_the_variance_the_net_is_as_large_as_the_run() -> None:
    """One of forty draws alike leaves 39/40 of the variance, nearly: the others decide."""
    x = gm.normal(mean=0, sd=1) * 1.0
    for _ in range(39):
        x = x + gm.normal(mean=0, sd=1)
    found = chosen(x, (), "nets", 1 << 13, 1 << 30)
    assert found is not None
    assert found.net_size(1) == 1 << 13
    share = found.integrations.variance_left[1] / 0.25
    assert share == pytest.approx(left(1.0, math.sqrt(39.0), 0.5) / 0.25, abs=0.1)


def test_the_least_share_goes_by_the_inputs() -> None:
    """The boundary of an event of d inputs cuts N^(1 - 1/d) of N boxes."""
    x, y, z = (gm.normal(mean=0, sd=s) for s in (3, 2, 1))
    two, three = chosen(x + y), chosen(gm.maximum(x, y) + z)
    assert two is not None and three is not None
    assert (two.integrations.inputs, three.integrations.inputs) == (2, 3)
    assert two.least_share() == pytest.approx(N**-0.25)
    assert three.least_share() == pytest.approx(min(1 / 3, N ** (-0.5 / 3)))


@pytest.mark.parametrize("method", ["nets", "lhs", "random"])
def test_quantiles_of_a_sum_of_normals(method: str) -> None:
    found = chosen(gm.normal(mean=0, sd=4) + gm.normal(mean=0, sd=3), (), method, 1 << 12, 1 << 20)
    assert found is not None
    for p in (0.01, 0.3, 0.5, 0.95):
        answer = found.quantile(p, "USD")
        assert answer is not None
        estimate = answer.estimate
        assert estimate.unit == "USD" and estimate.error > 0.0
        # Three times the half-width of a 90% interval is missed once in a million.
        assert abs(estimate.value - stats.norm.ppf(p, scale=5.0)) < 3.0 * estimate.error
        assert found.quantile(p, "USD") is answer
