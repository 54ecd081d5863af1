"""How likely a cap or a floor comes near, against closed forms and quadrature."""

import math

import numpy as np
import pytest
from scipy import stats

import guessmodel as gm
from guessmodel.distributions.normal import Normal
from guessmodel.estimators.closed import Closed
from guessmodel.estimators.conditional.bounds import Bound, DrawnBound, bounds_of
from guessmodel.estimators.conditional.paths import find_paths
from guessmodel.estimators.program import program_of

N = 2**12
ALL = slice(None)


@pytest.mark.parametrize("scale", [2.0, -2.0])
@pytest.mark.parametrize("below", [True, False])
def test_of_a_closed_form_it_is_twice_the_probability(scale, below):
    bound = Bound(Closed(Normal(), (1.0, 3.0), scale, 5.0))
    x = np.array([-20.0, 0.0, 7.0, 30.0])
    known = stats.norm(5.0 + scale, 6.0)
    expected = np.mean(known.cdf(x) if below else known.sf(x))
    drawn = DrawnBound(bound, np.array, 1, 4)
    assert drawn.beyond([(ALL, x)], below=below) == pytest.approx(2 * expected)
    constant = DrawnBound(Bound(Closed(None, shift=5.0)), np.array, 1, 4)
    assert constant.beyond([(ALL, x)], below=below) == 1.0


Z = np.linspace(-9.0, 9.0, 4001)
DENSITY = stats.norm.pdf(Z) * (Z[1] - Z[0])
LOGNORMAL = np.exp(0.5 * Z)


def exponentials():
    return gm.exponential(mean=1) - gm.exponential(mean=3), 19.0, math.exp(-19.0) / 4


def normal_of_unknown_mean():
    cap = gm.normal(mean=gm.uniform(0, 2), sd=1)
    return cap, 7.0, np.mean(stats.norm.sf(7.0 - 2.0 * (np.arange(4000) + 0.5) / 4000))


def lognormal_and_t():
    cap = gm.lognormal(mu=0, sigma=0.5) + gm.student_t(df=4, location=0, scale=1)
    return cap, 300.0, DENSITY @ stats.t(4).sf(300.0 - LOGNORMAL)


@pytest.mark.parametrize("build", [exponentials, normal_of_unknown_mean, lognormal_and_t])
@pytest.mark.parametrize("sign", [1, -1])
def test_of_others_it_is_nearly_that(build, sign):
    """Draws do not meet it, and the tail of 128 of them tells up to hundreds of times as much."""
    cap, x, p = build()
    assert 1e-10 < p < 1e-6
    near = gm.normal(mean=0, sd=1e-9)
    y = gm.maximum(near, cap - x) if sign > 0 else gm.minimum(near, x - cap)
    model, limits = gm.Model(y=y), []
    for seed in range(20):
        conditional = model.sample(N, seed=seed)["y"]._conditional
        cdf = conditional.cdf(conditional.integrations.middle)
        places = [(block.columns, np.zeros(1)) for block in cdf.blocks]
        limits.append(cdf.bounds[0].beyond(places, below=sign < 0))
    # A limit at 95%, and at least twice the estimate.
    assert sum(limit >= p for limit in limits) >= 17
    assert np.median(limits) < 6 * p


def test_draws_that_the_threshold_depends_on_are_not_integrated_out():
    x, y = gm.normal(mean=-9, sd=1), gm.exponential(mean=1)
    quantity = gm.maximum(gm.normal(mean=0, sd=1), x + y) + x
    found = bounds_of(find_paths(quantity)[0], program_of(gm.Model(y=quantity)).forms)[-1]
    assert [path.draw.node.operation.family.name for path in found.paths] == ["exponential"]


def test_where_a_few_draws_have_the_probability_nothing_is_told():
    # All six near 0 together: each alone is, now and then, but no run meets all.
    parts = [gm.gamma(shape=0.7, scale=1) for _ in range(6)]
    cap = sum(parts[1:], parts[0])
    built = gm.Model(y=gm.minimum(gm.normal(mean=0, sd=1e-9), cap - 1e-3)).sample(N)["y"]
    cdf = built._conditional.cdf(built._conditional.integrations.middle)
    places = [(block.columns, np.zeros(1)) for block in cdf.blocks]
    assert cdf.bounds[0].beyond(places, below=True) is None
