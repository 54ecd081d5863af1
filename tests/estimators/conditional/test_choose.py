"""Which draw is integrated out, against the variance that integrating each one leaves."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from scipy import integrate, stats

import guessmodel as gm
from guessmodel.estimators.conditional.choose import Integrations, choose
from guessmodel.estimators.program import program_of
from guessmodel.graph.coordinates import Element

LEVELS = (0.05, 0.5, 0.95)


def chosen(quantity: gm.Quantity, position: tuple[int, ...] = ()) -> Integrations | None:
    return choose(program_of(gm.Model(y=quantity)), Element(quantity, position))


def draws(found: Integrations | None) -> list[gm.Quantity]:
    """The draw for each level."""
    assert found is not None
    paths = [choice.integration.paths for choice in found.by_level]
    return [path.draw.node for (path,) in paths]


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
        assert set(draws(found)) == {wide}
        wanted = [left(10.0, narrow, p) for p in LEVELS]
        # The variance of 512 numbers of kurtosis 12, as these are, has a standard error of 15%.
        assert found is not None
        assert [choice.left for choice in found.by_level] == pytest.approx(wanted, rel=0.5)


def test_another_draw_in_a_tail_where_that_leaves_half_the_variance() -> None:
    """Below 0 the sum is what the normal makes it, far above what the exponential does."""
    middle, tail = gm.normal(mean=0, sd=1), gm.where(gm.bernoulli(0.1), gm.lognormal(20, 90), 0)
    lowest, median, highest = draws(chosen(middle + tail))
    assert lowest is middle and median is middle
    assert highest is not middle
    assert len(set(draws(chosen(middle + gm.normal(mean=0, sd=0.5) ** 3)))) == 1


def test_a_comparison_has_no_guide_and_a_quantity_some_of_its_draws() -> None:
    x, y = gm.lognormal(1, 9), gm.lognormal(2, 3)
    found, compared = chosen(x * y + x), chosen(x + y > 8)
    assert found is not None and compared is not None
    guide = found.middle.guide
    assert guide.size == 512 and np.all(np.diff(guide) >= 0.0)
    # A net has the quantile within a draw or two of 512.
    sums = gm.Model(y=x * y + x).sample(1 << 16)["y"].values
    assert abs(np.mean(sums <= np.median(guide)) - 0.5) < 0.03
    assert compared.middle.guide.size == 0


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


def test_each_label_has_its_own_draw() -> None:
    sds = gm.constant({"a": 0.1, "b": 30}, dim="k")
    labelled = gm.normal(mean=0, sd=sds)
    one = gm.normal(mean=0, sd=2)
    whole = labelled + one
    for position, wanted in (((0,), one), ((1,), labelled)):
        assert set(draws(chosen(whole, position))) == {wanted}


def test_where_the_draw_leaves_most_of_the_variance_the_net_is_as_large_as_the_run() -> None:
    """One of forty draws alike leaves 39/40 of the variance, nearly: the others decide."""
    alike = gm.normal(mean=0, sd=1) * 1.0
    for _ in range(39):
        alike = alike + gm.normal(mean=0, sd=1)
    found, few = chosen(alike), chosen(gm.normal(mean=0, sd=10) + gm.normal(mean=0, sd=1))
    assert found is not None and few is not None
    assert found.middle.integration.many and not few.middle.integration.many
    assert found.middle.left == pytest.approx(left(1.0, math.sqrt(39.0), 0.5), rel=0.2)


def test_the_inputs_are_the_random_numbers_behind_a_coordinate() -> None:
    x, y, z = (gm.normal(mean=0, sd=s) for s in (3, 2, 1))
    labelled = gm.normal(dict.fromkeys("abc", (1, 2)), dim="k")
    for quantity, wanted in (
        (x + y, 2), (gm.maximum(x, y) + z, 3), (x * x + y, 2), (labelled.sum("k") + x, 4),
    ):  # fmt: skip
        found = chosen(quantity)
        assert found is not None and found.inputs == wanted
    found = chosen(labelled + x, (0,))
    assert found is not None and found.inputs == 2


def test_far_out_every_draw_is_looked_at_anew_and_once() -> None:
    """Of a run of 8 times 128 draws the quantile at 0.999 is far out, that at 0.9 is not."""
    found = chosen(gm.normal(mean=0, sd=3) + gm.normal(mean=0, sd=2))
    assert found is not None
    assert found.at(0.9, 128) is found.by_level[2] and found.at(0.5, 128) is found.middle
    assert not found.far
    far = found.at(0.999, 128)
    assert far.level == 0.99 and list(found.far) == [0.99]
    assert found.at(0.9995, 128) is far
