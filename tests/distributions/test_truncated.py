"""truncated: real truncation in the middle and far out; SciPy, identities and sums beside it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from guessmodel.distributions.empirical import Empirical, empirical
from guessmodel.distributions.known_mixture import KnownMixture
from guessmodel.distributions.lognormal import LOGNORMAL, lognormal
from guessmodel.distributions.mixture import closed_mixture, mixture
from guessmodel.distributions.normal import NORMAL_FAMILY, normal
from guessmodel.distributions.parametrisation import constant
from guessmodel.distributions.pareto import Pareto
from guessmodel.distributions.poisson import POISSON, poisson
from guessmodel.distributions.truncated import Truncated, truncated
from guessmodel.errors import GuessmodelError
from guessmodel.graph.family import Family
from guessmodel.graph.quantity import Quantity
from guessmodel.model.model import Model
from guessmodel.testing.families import check_family

BOTH = ("lower", "upper")


@pytest.mark.parametrize(
    ("inner", "at", "bounds", "ends"),
    [
        (NORMAL_FAMILY, (1.0, 2.0), BOTH, (0.0, 3.0)),
        (NORMAL_FAMILY, (0.0, 1.0), ("lower",), (-1.0,)),
        (NORMAL_FAMILY, (0.0, 1.0), ("lower",), (8.0,)),
        (NORMAL_FAMILY, (0.0, 1.0), ("upper",), (-8.0,)),
        (NORMAL_FAMILY, (0.0, 1.0), BOTH, (-9.0, 30.0)),
        (LOGNORMAL, (0.0, 1.5), BOTH, (1e-3, 40.0)),
        (POISSON, (3.0,), BOTH, (1.0, 6.0)),
        (POISSON, (3.0,), BOTH, (0.5, 6.7)),
        (POISSON, (3.0,), ("lower",), (40.0,)),
        (POISSON, (50.0,), ("upper",), (20.0,)),
    ],
)
def test_formulas_agree_with_each_other(
    inner: Family, at: tuple[float, ...], bounds: tuple[str, ...], ends: tuple[float, ...]
) -> None:
    # Next to a bound the probability beyond is a difference, good to 1e-16 in all.
    tail = 1e-12 if inner.discrete else 1e-6
    check_family(Truncated(inner, bounds), (*at, *ends), tail=tail)


@pytest.mark.parametrize(("low", "high"), [(0.0, 2.0), (-1.0, 3.0), (-9.0, -8.0), (5.0, 6.0)])
def test_a_truncated_normal_is_scipys(low: float, high: float) -> None:
    known = stats.truncnorm(low, high)
    family = Truncated(NORMAL_FAMILY, BOTH)
    at = (0.0, 1.0, low, high)
    p = np.array([1e-6, 0.03, 0.3, 0.5, 0.9, 0.9999])
    assert family.ppf(p, *at) == pytest.approx(known.ppf(p), rel=1e-9, abs=1e-12)
    x = np.linspace(low, high, 9)
    assert family.cdf(x, *at) == pytest.approx(known.cdf(x), rel=1e-9, abs=1e-14)
    assert family.pdf(x, *at) == pytest.approx(known.pdf(x), rel=1e-9)
    assert float(family.mean(*at)) == pytest.approx(known.mean(), rel=1e-9)
    assert float(family.variance(*at)) == pytest.approx(known.var(), rel=1e-7)
    assert [float(end) for end in family.support(*at)] == [low, high]
    assert family.pdf([low - 0.1, high + 0.1], *at).tolist() == [0.0, 0.0]


@pytest.mark.parametrize("bound", [8.0, 20.0, 37.0])
def test_far_out_it_is_the_tail_of_the_tail(bound: float) -> None:
    # S(x | X >= b) = S(x) / S(b): quantiles are those of the normal's own survival function.
    q = np.array([1e-5, 0.01, 0.5, 0.99])
    above = Truncated(NORMAL_FAMILY, ("lower",)).isf(q, 0.0, 1.0, bound)
    assert above == pytest.approx(stats.norm.isf(q * stats.norm.sf(bound)), rel=1e-13)
    below = Truncated(NORMAL_FAMILY, ("upper",)).ppf(q, 0.0, 1.0, -bound)
    assert below.tolist() == (-above).tolist()
    # Mean of a tail: the inverse Mills ratio.
    mills = stats.norm.pdf(bound) / stats.norm.sf(bound)
    assert float(Truncated(NORMAL_FAMILY, ("lower",)).mean(0.0, 1.0, bound)) == pytest.approx(mills)


def test_a_heavy_tail_cut_off_has_a_mean() -> None:
    # Pareto of shape 1 on [1, b]: density b / ((b - 1) x²), so the mean is b log(b) / (b - 1).
    mean = Truncated(Pareto(), ("upper",)).mean(1.0, 1.0, 1e3)
    assert float(mean) == pytest.approx(1e3 * np.log(1e3) / 999.0, rel=1e-9)
    assert float(Truncated(Pareto(), ("lower",)).mean(1.0, 1.0, 5.0)) == np.inf


@pytest.mark.parametrize(
    ("mean", "low", "high"),
    [(3.0, 1.0, 4.0), (3.0, 0.5, 4.7), (3.0, 40.0, 60.0), (1e3, 700.0, 800.0)],
)
def test_truncated_counts_are_summed(mean: float, low: float, high: float) -> None:
    k = np.arange(np.ceil(low), np.floor(high) + 1.0)
    log = stats.poisson.logpmf(k, mean)
    share = np.exp(log - log.max())
    share /= share.sum()
    family, at = Truncated(POISSON, BOTH), (mean, low, high)
    assert family.pdf(k, *at) == pytest.approx(share, rel=1e-9)
    assert float(family.mean(*at)) == pytest.approx(share @ k, rel=1e-9)
    assert float(family.variance(*at)) == pytest.approx(share @ (k - share @ k) ** 2, rel=1e-8)
    assert [float(end) for end in family.support(*at)] == [k[0], k[-1]]
    p = np.linspace(0.01, 0.99, 37)
    assert family.ppf(p, *at).tolist() == k[np.searchsorted(np.cumsum(share), p)].tolist()
    assert family.isf(p, *at).tolist() == family.ppf(1.0 - p, *at).tolist()


def test_where_the_probability_above_underflows_the_last_count_is_the_last() -> None:
    # P(X > 117) of a Poisson count of mean 0.1 is below 1e-308.
    family, at = Truncated(POISSON, BOTH), (0.1, 57.0, 117.5)
    assert float(family.isf(0.0, *at)) == float(family.ppf(1.0, *at)) == 117.0


def test_many_parameters_at_once() -> None:
    mean = np.array([1.0, 3.0, 9.0])
    together = Truncated(POISSON, BOTH).mean(mean, 1.0, 6.0)
    alone = [float(Truncated(POISSON, BOTH).mean(m, 1.0, 6.0)) for m in mean]
    assert together.tolist() == pytest.approx(alone)


# --- in a model -----------------------------------------------------------------------------------


def test_draws_stay_within_and_do_not_pile_up() -> None:
    node = truncated(normal(2, 10, "hour"), lower=0, upper=constant(0.5, "day"))
    assert (str(node.unit), node.kind) == ("hour", "draw")
    drawn = node.sample(2**13).values
    assert drawn.min() > 0.0 and drawn.max() < 12.0
    assert np.unique(drawn).size > 0.99 * drawn.size


def test_it_is_a_draw_of_its_own() -> None:
    q = normal(-1, 1)
    drawn = Model({"q": q, "positive": truncated(q, lower=0)}).sample(2**10)
    assert drawn["q"].values.min() < 0.0 < drawn["positive"].values.min()
    assert abs(np.corrcoef(drawn["q"].values, drawn["positive"].values)[0, 1]) < 0.2


def test_bounds_and_parameters_may_be_quantities() -> None:
    floor = normal(1, 2)
    model = Model({"floor": floor, "x": truncated(normal(0, normal(3, 4)), lower=floor)})
    drawn = model.sample(2**10)
    assert np.all(drawn["x"].values >= drawn["floor"].values)


def test_what_constants_leave_is_seen_before_the_first_draw() -> None:
    q = normal(constant(1, "USD"), constant(2, "USD"))
    with pytest.raises(
        GuessmodelError, match="truncated normal has no distribution for parameters"
    ):
        truncated(q, lower=constant(900, "USD")).sample(64)


def test_labels_and_a_shared_dimension() -> None:
    q = normal({"a": (0, 2), "b": (8, 12), "c": None}, dim="case", shared="case")
    node = truncated(q, lower=0)
    assert node.variate is not None and node.variate.dims == ()
    assert node.sel(case="b").sample(2**10).median().value == pytest.approx(10.0, abs=0.05)
    varied = truncated(normal(0, 10), lower=constant({"a": 1, "b": 9}, dim="case"))
    assert varied.sel(case="b").sample(2**10).values.min() > 9.0


def test_truncating_twice() -> None:
    twice = truncated(truncated(normal(0, 10), lower=0), upper=5)
    once = truncated(normal(0, 10), lower=0, upper=5)
    at = [[float(x.operation.value) for x in node.parameters] for node in (twice, once)]  # type: ignore[union-attr]
    p = np.linspace(0.01, 0.99, 9)
    families = [node.operation.family for node in (twice, once)]  # type: ignore[union-attr]
    assert families[0].ppf(p, *at[0]) == pytest.approx(families[1].ppf(p, *at[1]), rel=1e-12)


def test_data_are_filtered() -> None:
    node = truncated(empirical([1, 2, 3, 4, 9], weights=[1, 1, 2, 1, 1]), lower=2, upper=4)
    family = node.operation.family  # type: ignore[union-attr]
    assert isinstance(family, Empirical)
    assert family.values.tolist() == [2.0, 3.0, 4.0]
    assert family.shares.tolist() == [0.25, 0.5, 0.25]


def test_a_known_mixture_is_truncated_part_by_part() -> None:
    node = truncated(
        mixture(
            [0, 2, lognormal(1, 3), poisson(3), empirical([1, 2, 7])], [0.1, 0.2, 0.3, 0.3, 0.1]
        ),
        lower=1,
        upper=2.5,
    )
    family = closed_mixture(node)
    assert isinstance(family, KnownMixture)
    mu, sigma = np.log(3.0) / 2.0, np.log(3.0) / 2.0 / stats.norm.ppf(0.95)
    curve = stats.lognorm(sigma, scale=np.exp(mu))
    count = stats.poisson(3)
    kept = [
        0.2,
        0.3 * (curve.cdf(2.5) - curve.cdf(1)),
        0.3 * (count.cdf(2.5) - count.cdf(0)),
        0.1 * 2 / 3,
    ]
    assert [part.weight for part in family.parts] == pytest.approx(
        [mass / sum(kept) for mass in kept], rel=1e-9
    )
    drawn = node.sample(2**12).values
    assert drawn.min() >= 1.0 and drawn.max() <= 2.5
    # At 2 lie the number itself, a count and a datum.
    at_two = (0.2 + 0.3 * count.pmf(2) + 0.1 / 3) / sum(kept)
    assert (drawn == 2.0).mean() == pytest.approx(at_two, abs=0.01)


def test_a_mixture_of_mixtures() -> None:
    node = truncated(mixture([mixture([1, 2]), 3, 10]), lower=2)
    assert closed_mixture(node).cdf([1.0, 2.0, 3.0]) == pytest.approx([0.0, 0.2, 0.6])  # type: ignore[union-attr]


def derived() -> Quantity:
    return normal(2, 3) * 2


@pytest.mark.parametrize(
    ("q", "options", "message"),
    [
        (derived(), {"lower": 0}, "truncated takes a draw, but * is derived; truncate the draws"),
        (constant(3, name="k"), {"lower": 0}, "truncated takes a draw, but k is constant"),
        (3, {"lower": 0}, "truncated takes a draw: gm.truncated(gm.normal(2, 10), lower=0)"),
        (normal(1, 2), {}, "truncated needs a bound: gm.truncated(q, lower=0)"),
        (normal(1, 2), {"lower": 3, "upper": 2}, "truncated: lower (3) lies above upper (2); swap"),
        (normal(1, 2), {"lower": np.inf}, "truncated: lower is inf; write a finite number"),
        (normal(1, 2), {"lower": 300}, "the normal has no probability left with lower=300; move"),
        (lognormal(1, 2), {"upper": -1}, "the lognormal has no probability left with upper=-1"),
        (
            poisson(3),
            {"lower": 3.2, "upper": 3.8},
            "the poisson has no probability left with lower=3.2 and upper=3.8",
        ),
        (normal(1, 2, "USD"), {"lower": constant(1, "hour")}, "cannot convert hour to USD"),
        (mixture([0, derived()]), {"lower": 0}, "truncated: the components of this mixture vary"),
        (mixture([0, 1]), {"lower": normal(1, 2)}, "truncated: the bounds of a mixture must be"),
        (empirical([1]), {"lower": normal(1, 2)}, "truncated: the bounds of data must be numbers"),
        (
            empirical([1, 2]),
            {"lower": 4},
            "truncated: no datum lies between the bounds; widen them",
        ),
        (mixture([0, 1]), {"lower": 4}, "truncated: the mixture has no probability between"),
    ],
)
def test_a_mistake_says_what_to_write(q: Any, options: dict[str, Any], message: str) -> None:
    with pytest.raises(GuessmodelError) as caught:
        truncated(q, **options)
    assert message in str(caught.value)
    assert caught.value.where is not None
