"""Shares that are split by which draw is the most extreme one, against counts and closed forms."""

import numpy as np
import pytest
from scipy import stats

import guessmodel as gm
from guessmodel.estimators.conditional import shares as module
from guessmodel.estimators.conditional.cdf import conditional_cdf
from guessmodel.estimators.conditional.integration import Conditioning
from guessmodel.estimators.conditional.paths import find_paths
from guessmodel.estimators.conditional.shares import Beginning, most_extreme, tukey_depth
from guessmodel.estimators.half_widths import half_width
from guessmodel.estimators.program import program_of
from guessmodel.estimators.replicates import share_floor


def split(y, n, *, upper):
    """The CDF with the most extreme of all draws integrated out."""
    paths = find_paths(y)
    elements = [other for path in paths for other in (*path.given, path.draw)]
    conditioning = Conditioning.of(program_of(gm.Model(y=y)), elements)
    values, replicates, size = conditioning.draw("nets", n, 1)
    return conditional_cdf(paths, values, replicates, size, upper=upper), paths, values


def test_the_share_of_the_most_extreme_is_a_count_of_its_draws():
    u = (np.arange(200_000) + 0.5) / 200_000
    for p in (0.0003, 0.02, 0.3, 0.5, 0.81, 0.97, 1.0):
        for d in (0.001, 0.1, 0.25, 0.5):
            counted = np.mean((u < p) & (np.minimum(u, 1 - u) < d))
            assert float(most_extreme(np.array([p]), np.array([d]))[0]) == pytest.approx(counted)


def test_depths_are_uniform():
    t, a = gm.student_t(df=3, location=0, scale=1), gm.lognormal(mu=0, sigma=1)
    b = gm.gamma(shape=0.5, scale=gm.lognormal(1, 2))
    _, paths, values = split(t + a * b, 2**13, upper=True)
    assert len(paths) == 3
    for path in paths:
        depth = tukey_depth(path, values)
        # Half a percent of the draws of a net in the 5 dimensions, where a step is 1 / 8,192.
        for level in (0.01, 0.1, 0.25, 0.4):
            assert np.mean(depth < level) == pytest.approx(2 * level, abs=0.005)


def difference():
    return gm.normal(mean=0, sd=1) - gm.normal(mean=0, sd=1)


CLOSED = [
    (difference, stats.norm(0, 2**0.5).cdf),
    (lambda: gm.sqrt(2 * gm.exponential(mean=1)) * gm.normal(mean=0, sd=1), stats.laplace.cdf),
    (lambda: gm.gamma(shape=0.5, scale=1) + gm.gamma(shape=0.5, scale=1), stats.expon.cdf),
    (
        lambda: gm.maximum(gm.exponential(mean=1), gm.exponential(mean=1)),
        lambda y: (1 - np.exp(-y)) ** 2,
    ),
    (
        # A sum of exponentials of means 1 and 1/2, or the second alone.
        lambda: gm.bernoulli(0.25) * gm.exponential(mean=1) + gm.exponential(mean=0.5),
        lambda y: 0.25 * (1 - np.exp(-y)) ** 2 + 0.75 * (1 - np.exp(-2 * y)),
    ),
]


@pytest.mark.parametrize("upper", [False, True])
@pytest.mark.parametrize(("build", "cdf"), CLOSED)
def test_the_parts_add_up(build, cdf, upper):
    built, paths, _ = split(build(), 2**14, upper=upper)
    assert len(paths) == 2
    for y in (0.05, 0.6, 3.0, 7.0):
        rows = built.cdf(y)
        error = stats.t(7).isf(5e-5) * rows.std(ddof=1) / 8**0.5
        assert rows.mean() == pytest.approx(cdf(y), abs=error + 1e-3 / 8)


def test_a_split_that_leaves_out_one_end_would_be_seen(monkeypatch):
    monkeypatch.setattr(module, "most_extreme", lambda beyond, least: np.minimum(beyond, least))
    built, *_ = split(difference(), 2**14, upper=False)
    assert abs(built.cdf(0.6).mean() - stats.norm(0, 2**0.5).cdf(0.6)) > 0.02


def test_far_out_a_sum_of_heavy_tails_is_told_by_far_fewer_draws():
    # P(X + Y > t) of Pareto's shape 1 is 2 / t + 2 ln(t - 1) / t^2 (by partial fractions).
    x, y = gm.pareto(shape=1, scale=1), gm.pareto(shape=1, scale=1)
    built, *_ = split(x + y, 2**12, upper=True)
    t = 2000.0
    found = 1.0 - built.cdf(t).mean()
    assert found == pytest.approx(2 / t + 2 * np.log(t - 1) / t**2, rel=0.01)  # 4 draws are beyond
    assert (1.0 - built.shares(t)).max() < 0.02  # none of them decides alone


def test_where_shares_begin() -> None:
    """By the draw whose probability is the least above 0, in each replicate; and its share, which
    is less where others are more extreme."""
    probabilities = np.array([[0.0, 0.3, 0.2], [0.5, 0.4, 0.0], [0.9, 0.0, 0.1], [0.0, 0.0, 0.0]])
    shares = np.minimum(probabilities, 0.25)
    begin = Beginning.of(probabilities, shares)
    assert begin.some and begin.least.tolist() == [0.2, 0.4, 0.1, np.inf]
    assert begin.height[:3].tolist() == [0.2, 0.25, 0.1]
    assert Beginning.typical_height([begin]) == 0.2
    nearer = Beginning.of(probabilities / 4.0, shares / 5.0)
    assert Beginning.typical_height([begin, nearer]) == pytest.approx(0.04)
    assert Beginning.typical_height([Beginning.of(probabilities + 0.1, shares)]) == 0.0


def test_a_steep_beginning_is_a_jump_to_a_net(rng: np.random.Generator) -> None:
    """A beginning as (c - u)^0.1 below c, where c leaves 17% of a stratum below it: in
    0.83^8 = 23% of the runs all replicates have that stratum's draw above, and agree on too
    little."""
    strata, runs = 256, 1500
    edge = (60 + 0.17) / strata
    true = edge**1.1 / 1.1
    covered = {True: 0, False: 0}
    for _ in range(runs):
        u = (np.arange(strata) + rng.random((8, strata))) / strata
        shares = np.maximum(edge - u, 0.0) ** 0.1
        rows = shares.mean(axis=1)
        floor = Beginning.typical_height([Beginning.of(shares, shares)]) * share_floor(8, strata)
        half = half_width(rows, np.ones(8))
        for told, each in ((True, max(half, floor)), (False, half)):
            covered[told] += abs(rows.mean() - true) <= each
    assert covered[True] > 0.87 * runs
    assert covered[False] < 0.80 * runs
