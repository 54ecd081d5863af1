"""Heights of the jumps of conditional shares, against their closed forms."""

import math

import numpy as np
import pytest
from scipy import stats

import guessmodel as gm
from guessmodel.estimators.conditional.bounds import bounds_of
from guessmodel.estimators.conditional.jumps import Discontinuity, share_beyond
from guessmodel.estimators.conditional.paths import find_paths
from guessmodel.estimators.conditional.rare_values import probabilities_beyond
from guessmodel.estimators.program import program_of
from guessmodel.graph.coordinates import Element

N = 2**13


def conditional_cdf(quantity):
    """The CDF with the draw integrated out that the run takes for the median."""
    found = quantity.sample(N)._conditional
    return found.cdf(found.integrations.middle)


def along(quantity, threshold):
    built = conditional_cdf(quantity)
    with np.errstate(invalid="ignore"):
        return [jump.typical_height() for jump in built.first.jumps(threshold)]


def normal():
    return gm.normal(mean=0, sd=1)


@pytest.mark.parametrize("t", [-1.0, 0.0, 1.0])
def test_a_border_jumps_by_the_probability_that_it_is_taken(t):
    # Of max(u, a), the share of u <= t goes from P(u <= t) to 0 where a rises above t.
    assert along(gm.maximum(normal(), normal()), t) == [pytest.approx(stats.norm.cdf(t), abs=0.05)]
    assert along(gm.minimum(normal(), normal()), t) == [pytest.approx(stats.norm.sf(t), abs=0.05)]


def test_a_cap_far_from_the_threshold_is_no_jump():
    capped = gm.minimum(gm.normal(mean=100, sd=20), 120) * 5 - 120 * gm.normal(mean=2, sd=0.2)
    built = conditional_cdf(capped)
    # At 60 the demand must be below (60 + 240) / 5 = 60, give or take 5: the cap is 12 times that
    # away.
    for threshold, jump in ((60.0, False), (360.0, True)):
        crossed = []
        built.first.shares(threshold, crossed)
        assert any(all(both) for both in crossed) == jump
        (margins,) = {id(m[1]): m[1] for m in built.first.thresholds(threshold) if m}.values()
        assert jump or share_beyond([margins]) < 1e-6
        assert built._value_at(threshold).half < 0.3 / N * math.sqrt(8) or jump


TAILS = [stats.expon(), stats.norm(), stats.t(3), stats.t(2), stats.lognorm(1), stats.gumbel_r()]


def limit_by_the_shape(tail, expected):
    """What a generalised Pareto tail of 128 draws tells at the upper end of its shape's interval
    (Smith 1985). Its scale is the family's own, 1/hazard, and its shape the slope of that on the
    way to the border."""
    ends = np.array([tail.isf(128 / N), tail.isf(expected / N)])
    scale, scale_there = tail.sf(ends) / tail.pdf(ends)
    shape = (scale_there - scale) / (ends[1] - ends[0])
    shape += stats.norm.isf(0.05) * (1 + shape) / math.sqrt(128)
    return 128 * (1 + shape * (ends[1] - ends[0]) / scale) ** (-1 / shape)


@pytest.mark.parametrize("tail", [*TAILS, stats.weibull_min(0.7), stats.beta(2, 5)])
@pytest.mark.parametrize("expected", [1.0, 0.1, 0.01])
def test_draws_just_short_of_a_border_limit_how_many_should_be_beyond(tail, expected):
    rng = np.random.default_rng(1)
    border = tail.isf(expected / N)  # beyond which so many of N should be
    margins = (border - tail.rvs(size=N, random_state=rng) for _ in range(200))
    found = [N * share_beyond([margin]) for margin in margins if margin.min() > 0.0]
    # 128 draws tell of a tail roughly. The limit is to hold in 95%, less where there is none beyond
    # and where the tail has not yet its last shape.
    assert np.mean(np.array(found) >= expected) > 0.8
    # No wider than it must be for that: 2 to 3 times what is expected where it is one draw, 5 to 12
    # times where it is a tenth, 10 to 75 times where it is a hundredth.
    assert np.median(found) < 2.5 * limit_by_the_shape(tail, expected)


def test_a_bounded_tail_has_none_beyond_its_bound():
    margin = 2.0 - np.random.default_rng(2).uniform(size=N)
    assert share_beyond([margin]) < 1e-6 / N


def test_a_bound_that_is_known_tells_how_likely_it_is():
    bound = gm.student_t(df=2, location=-500, scale=1)
    built = conditional_cdf(gm.maximum(normal(), bound))
    p = stats.t(2, -500).sf(1.0)  # 2e-6
    # No draw meets it. The normal draw is below 1 in 84%, which is what the event takes away.
    assert built._value_at(1.0).half == pytest.approx(2 * p * stats.norm.cdf(1.0), rel=0.05)
    assert built.bounds[0].bound.closed.family.name == "student_t"


@pytest.mark.parametrize(
    "quantity",
    [
        gm.maximum(normal(), gm.sin(gm.uniform(0, 9))),  # not monotone
        gm.where(gm.uniform(0, 1) < 0.5, normal(), 3.0),  # no bound
    ],
)
def test_other_bounds_are_not_known(quantity):
    assert conditional_cdf(quantity).bounds[-1] is None


def test_a_bound_that_shares_a_draw_with_its_threshold_is_not_known():
    x = gm.normal(mean=-9, sd=1)
    quantity = gm.maximum(normal(), x) + x
    assert bounds_of(find_paths(quantity)[0], program_of(gm.Model(y=quantity)).forms)[-1] is None


def test_a_border_that_never_moves_has_none_beyond():
    assert share_beyond([np.full((8, 512), 3.0)]) == 0.0


def test_discrete_draws_jump_by_what_they_change():
    t = 1.0
    coin, noise = gm.bernoulli(0.3), normal()
    built = conditional_cdf(noise + 2 * coin)
    expected = stats.norm.cdf(t) - stats.norm.cdf(t - 2)
    assert built.discontinuities.height(built.shares(t), []) == pytest.approx(expected, rel=1e-6)
    # A Poisson number jumps by the differences between its values, which err independently.
    built = conditional_cdf(noise + gm.poisson(3))
    given = stats.norm.cdf(t - np.arange(9))
    expected = math.hypot(*np.diff(given))
    assert built.discontinuities.height(built.shares(t), []) == pytest.approx(expected, rel=0.02)


@pytest.mark.parametrize("t", [0.2, 0.9, 1.15, 1.4, 1.9])
@pytest.mark.parametrize(
    "step",
    [
        lambda x: gm.where(x > 1, x + 0.3, x),
        lambda x: x + 0.3 * (x >= 1.0),
        lambda x: x + 0.3 * gm.floor(x),  # a number in [0, 2) is rounded down to 0 or 1
        lambda x: gm.where(gm.constant(1) < x, x + 0.3, x),
    ],
)
def test_a_step_of_a_continuous_number_is_as_high_as_it_is_there(step, t):
    """Mean shares below and above differ by up to 1 at any threshold."""
    built = conditional_cdf(step(gm.uniform(0, 2)) + gm.normal(mean=0, sd=0.2))
    expected = stats.norm.cdf((t - 1) / 0.2) - stats.norm.cdf((t - 1.3) / 0.2)
    height = built.discontinuities.height(built.shares(t), [])
    assert height == pytest.approx(expected, abs=0.03)
    # Of the first draws of each replicate those that are nearest lie farther away.
    first = built.discontinuities.first(built.replicates, 128)
    assert first.height(built.shares(t)[:, :128], []) == pytest.approx(expected, abs=0.2)


@pytest.mark.parametrize(
    ("event", "probability"),
    [
        (lambda: gm.bernoulli(1e-4), 1e-4),
        (lambda: gm.normal(mean=0, sd=1) > 3, stats.norm.sf(3)),
        (lambda: gm.normal(mean=0, sd=1) > -5, stats.norm.sf(5)),
        (lambda: gm.poisson(1e-7), 1e-7),
        (lambda: gm.ceil(gm.uniform(0, 1)), 0.0),
        (lambda: gm.normal(mean=gm.normal(0, 1), sd=1) > 20, math.inf),
    ],
)
def test_what_hardly_any_draw_tells_of_is_told_by_the_graph(event, probability):
    built = conditional_cdf(normal() + 2 * event())
    # Distances from the ends are told to 9%.
    assert probability <= built.discontinuities.unexplored <= 1.1 * probability


def test_an_event_that_the_run_did_not_meet_is_allowed_for():
    # Of N(0, 1) + 30 I with P(I) = p, the median is that of N(0, 1) at 0.5 / (1 - p).
    p = stats.norm.sf(4.7)
    true = stats.norm.ppf(0.5 / (1 - p))
    found = (normal() + gm.where(normal() > 4.7, 30.0, 0.0)).sample(N).median()
    assert found.low <= true <= found.high
    assert found.error < 3 * true


def test_values_that_no_draw_has_are_allowed_for():
    """Of a Poisson number of 9 with values from 2 to 20, say: 0 and 1 below, and those above."""
    number = gm.poisson(9)
    drawn = np.repeat(np.arange(2, 21), 40)
    below, above = probabilities_beyond(Element(number, ()), drawn.min(), drawn.max())
    known = stats.poisson(9)
    assert known.cdf(1) <= below <= 1.1 * known.cdf(1)
    assert known.sf(20) <= above <= 1.1 * known.sf(20)
    assert probabilities_beyond(Element(number + gm.poisson(2), ()), 2, 20) == (0.0, 0.0)
    # Of losses up to 3 together: at 0 the share is 1, whatever it was at 2 and 3.
    zero, _ = probabilities_beyond(Element(number, ()), 1e-9, 20)
    assert known.pmf(0) <= zero <= 1.1 * known.pmf(0)
    steps = np.abs(np.diff(stats.expon.cdf(3 / np.array([3.0, 2.0, 20.0, 19.0])))[[0, 2]])
    found = Discontinuity(drawn - 2, None, below, above, zero).missing(stats.expon.cdf(3 / drawn))
    expected = zero * stats.expon.sf(1.5) + (below - zero) * steps[0] + above * steps[1]
    assert found == pytest.approx(expected)
    # Where 0 is drawn too, or cannot be, the next step is about as high as the last one.
    found = Discontinuity(drawn - 2, None, below, above).missing(stats.expon.cdf(3 / drawn))
    assert found == pytest.approx(below * steps[0] + above * steps[1])


def test_a_border_that_the_run_did_not_meet_is_allowed_for():
    # max(u, a) <= t holds where both do; a > 0 in 3.6 of a million draws.
    a = stats.t(2, loc=-370)
    quantity = gm.maximum(normal(), gm.student_t(df=2) - 370)
    model = gm.Model(y=quantity)
    found = [model.sample(2**12, seed=seed)["y"].median() for seed in range(20)]
    true = stats.norm.ppf(0.5 / a.cdf(0.0))
    assert true > 0.0
    assert sum(each.low <= true <= each.high for each in found) >= 12


def test_what_decides_twice_counts_once():
    coin = gm.bernoulli(0.3)
    built = conditional_cdf(normal() + gm.where(coin > 0, 2.0, 0.0) + coin)
    assert len(built.discontinuities.known) == 1


def test_a_denominator_decides_by_its_sign():
    built = conditional_cdf(normal() + 1 / gm.normal(mean=0.5, sd=1))
    (decision,) = built.discontinuities.known
    negative = decision.number.mean()
    assert negative == pytest.approx(stats.norm.cdf(-0.5), abs=0.01)
    assert not conditional_cdf(normal() + 1 / gm.lognormal(1, 3)).discontinuities.jump


def test_a_ratio_jumps_where_its_denominator_is_0():
    # X / Y <= t is X <= 0 where Y is just above 0, and X >= 0 where it is just below.
    ratio = gm.lognormal(10, 30) / gm.normal(-9, 56)
    assert 1.0 in along(ratio, 0.8)
    assert along(normal() / normal(), 0.8)[-1] == pytest.approx(0.0, abs=1e-12)


def test_steps_between_other_values_are_not_told_apart():
    built = conditional_cdf(normal() + gm.normal(0, 9) % 1)
    assert built.discontinuities.untold
    shares = built.shares(0.3)
    assert built.discontinuities.height(shares, []) == pytest.approx(np.ptp(shares))


def test_draws_among_which_the_first_value_is_missing() -> None:
    position = np.array([9.0, 9.0, 1.0, 2.0, 5.0, 6.0])
    decision = Discontinuity(np.array([0, 0, 1, 1, 2, 2]), position)
    some = decision.first(1, 6).first(2, 2)
    assert some.heights(np.array([0.0, 0.0, 1.0, 1.0])) != []
    part = Discontinuity(np.array([1, 1, 2, 2]), position[2:])  # warnings are errors
    assert part.heights(np.array([0.25, 0.25, 1.0, 1.0])) == [0.75]
