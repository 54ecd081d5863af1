"""Draws against closed forms. False-alarm probability 1e-6 for each test, unless it says less;
each has a twin that must fail on a wrong distribution."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from sources import Gamma, Poisson

from guessmodel.graph.variates import NORMAL, UNIFORM
from guessmodel.sampling import METHODS, Stream, design

methods = pytest.mark.parametrize("method", METHODS)


def sample(method, n, sources, seed=0, labelled=False):
    """Draws (replicates, streams, size)."""
    if labelled:
        keys = tuple(f"x[{i}]" for i in range(len(sources)))
        streams = [Stream(keys, True, tuple(sources))]
    else:
        streams = [Stream((f"x{i}",), False, (source,)) for i, source in enumerate(sources)]
    points = design(method, n, seed, streams)
    out = np.empty((points.replicates, len(sources), points.size))
    for r in range(points.replicates):
        made = points.replicate(r)
        if labelled:
            made.fill(0, 0, points.size, out[r])
        else:
            for i in range(len(sources)):
                made.fill(i, 0, points.size, out[r, i])
    return out


def deviation(values, cdf):
    return stats.kstest(values, cdf).statistic


def bound(method, n, replicates):
    # Independent draws: Dvoretzky, Kiefer and Wolfowitz. One point to a stratum: the empirical
    # distribution function of N points is within 1/N of the true one, always (and 0.4% of that for
    # the interpolation in a stratum).
    return np.sqrt(np.log(2e6) / 2.0 / n) if method == "random" else 1.004 * replicates / n


@methods
@pytest.mark.parametrize("labelled", [False, True])
def test_marginal_distributions(method, labelled):
    n = 2**17
    sources = {NORMAL: stats.norm, Gamma(0.3): stats.gamma(0.3), Gamma(7.0): stats.gamma(7.0)}
    values = sample(method, n, list(sources), labelled=labelled)
    for i, distribution in enumerate(sources.values()):
        assert deviation(values[:, i].ravel(), distribution.cdf) < bound(method, n, 8)
    for i, wrong in enumerate([stats.norm(0.02), stats.gamma(0.31), stats.gamma(7.1)]):
        assert deviation(values[:, i].ravel(), wrong.cdf) > bound(method, n, 8)


@methods
def test_counts_of_a_discrete_distribution(method):
    values = sample(method, 2**16, [Poisson(2.0)])
    counts = np.bincount(values.astype(int).ravel(), minlength=9)
    counts = np.append(counts[:8], counts[8:].sum())

    def pvalue(mean):
        p = stats.poisson.pmf(np.arange(8), mean)
        return stats.chisquare(counts, values.size * np.append(p, 1.0 - p.sum())).pvalue

    # Stratified counts lie nearer to their expectation than multinomial ones.
    assert pvalue(2.0) > 1e-6
    assert pvalue(2.1) < 1e-6


@methods
def test_moments_of_a_sum(method):
    # 16 unit exponentials as gammas: mean 16, variance 16, third central moment 32.
    values = sample(method, 2**16, [Gamma(1.0)] * 16).sum(axis=1)
    estimates = np.array([(values**k).mean(axis=1) for k in (1, 2, 3)])
    exact = np.array([16.0, 272.0, 16.0 * 17.0 * 18.0])
    # Student's t on eight replicates; 1e-6 on both sides for each of three.
    t = (estimates.mean(axis=1) - exact) / (estimates.std(axis=1, ddof=1) / np.sqrt(8))
    limit = stats.t.isf(0.5e-6, 7)
    assert (np.abs(t) < limit).all()
    twin = (estimates.mean(axis=1) - 1.2 * exact) / (estimates.std(axis=1, ddof=1) / np.sqrt(8))
    assert (np.abs(twin) > limit).all()


@pytest.mark.parametrize("labelled", [False, True], ids=["owned", "padded"])
def test_correlations_within_a_net_shrink_faster_than_at_random(labelled):
    def spread(size):
        values = sample("nets", 8 * size, [UNIFORM] * 12, labelled=labelled)
        pairs = np.array([np.corrcoef(one)[np.triu_indices(12, 1)] for one in values])
        return np.median(np.abs(pairs))

    small, large = spread(2**6), spread(2**12)
    # Independent draws: the median is 0.67/√N, and 64 times the points make it 8 times smaller.
    assert large < 0.1 * 0.67 / 2**6
    assert small / large > 24.0


def test_correlations_of_other_methods_are_those_of_independent_draws():
    for method in ("lhs", "random"):
        values = sample(method, 8 * 2**12, [UNIFORM] * 12)
        pairs = np.array([np.corrcoef(one)[np.triu_indices(12, 1)] for one in values])
        scaled = np.sqrt(2**12) * pairs.ravel()
        # 528 nearly independent standard normals.
        assert stats.kstest(scaled, "norm").statistic < np.sqrt(np.log(2e6) / 2.0 / 528)
        assert stats.kstest(2.0 * scaled, "norm").statistic > np.sqrt(np.log(2e6) / 2.0 / 528)


@methods
def test_estimates_of_replicates_are_independent(method):
    # Points of two replicates may be alike one by one (the first digits of a net's are, up to the
    # shift): what must be independent is what each replicate says of a mean.
    runs = np.array(
        [
            np.exp(sample(method, 8 * 2**6, [UNIFORM] * 3, seed).sum(axis=1)).mean(axis=1)
            for seed in range(200)
        ]
    )
    scaled = np.corrcoef(runs.T)[np.triu_indices(8, 1)] * np.sqrt(200)
    # 28 correlations of near-normal numbers: 6 standard deviations have probability 6e-8 in all.
    assert np.abs(scaled).max() < 6.0
    both = runs[:, 0] + runs[:, 1]
    assert np.corrcoef(runs[:, 0], both)[0, 1] * np.sqrt(200) > 6.0


def test_nets_beat_latin_hypercubes_beat_plain_draws_on_a_smooth_mean():
    # E exp of a sum of three uniforms is (e - 1)^3, mostly additive on the logarithm's scale.
    errors, medians = {}, {}
    for method in METHODS:
        runs = [
            np.exp(sample(method, 8 * 2**10, [UNIFORM] * 3, seed).sum(axis=1)).mean(axis=1)
            for seed in range(10)
        ]
        found = np.abs(np.concatenate(runs) / (np.e - 1.0) ** 3 - 1.0)
        errors[method], medians[method] = np.sqrt(np.mean(found**2)), np.median(found)
    # Plain: the relative standard deviation of one draw by the closed form.
    one = np.sqrt(((np.e**2 - 1.0) / 2.0 / (np.e - 1.0) ** 2) ** 3 - 1.0)
    # A chi-square of 80 degrees at 5e-7 on either side lies within 0.4 and 1.9 of its mean.
    assert np.sqrt(0.4) < errors["random"] / (one / 2**5) < np.sqrt(1.9)
    assert errors["lhs"] < 0.5 * errors["random"]
    # Of the pairs of components that three names get in a replicate a few are no good ones.
    assert errors["nets"] < 0.5 * errors["lhs"]
    assert medians["nets"] < 0.1 * medians["lhs"]


def test_sums_of_heavy_tails_have_honest_intervals():
    # Shared jitter in the tails would move all extremes together: the mean of a sum of 40
    # lognormals would be missed by far more than the replicates tell.
    covered = 0
    exact = 40.0 * np.exp(0.5 * 1.5**2)
    for seed in range(60):
        values = np.exp(1.5 * sample("nets", 8 * 2**9, [NORMAL] * 40, seed)).sum(axis=1)
        means = values.mean(axis=1)
        half = stats.t.isf(0.05, 7) * means.std(ddof=1) / np.sqrt(8)
        covered += abs(means.mean() - exact) < half
    # Nominal 90% of 60; 85% is the least we promise. Below 35 has probability 7e-6 at 85%, above
    # 60 none; a coverage of 45% would be caught with probability 0.97.
    assert covered >= 35


@methods
@pytest.mark.parametrize("labelled", [False, True])
def test_every_single_draw_is_uniform(method, labelled):
    # Over seeds and replicates each draw alone has the quantity's distribution, the first too.
    values = np.concatenate(
        [sample(method, 8 * 32, [UNIFORM] * 25, seed, labelled) for seed in range(80)]
    )
    for draw in (0, 1, 17, 31):
        u = values[..., draw].ravel()
        # Chi-square over sixteenths; 1e-6 for each of four draws.
        counts = np.bincount((u * 16).astype(int), minlength=16)
        assert stats.chisquare(counts).pvalue > 1e-6
        counts = np.bincount((u**1.1 * 16).astype(int), minlength=16)
        assert stats.chisquare(counts).pvalue < 1e-6
