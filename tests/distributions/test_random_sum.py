"""Random sums: exact moments and distributions, their draws, and what follows overrides."""

import math
import pickle

import numpy as np
import pytest
from scipy import stats

import guessmodel as gm


def panjer(a: float, b: float, nought: float, sizes: np.ndarray, most: int) -> np.ndarray:
    """Probabilities of a sum of whole sizes, by the recursion of Panjer (ASTIN Bulletin 12, 1981):
    g(s) = Σ (a + b x / s) f(x) g(s - x) for f(0) = 0; `nought` is P(N = 0)."""
    g = np.zeros(most + 1)
    g[0] = nought
    for s in range(1, most + 1):
        x = np.arange(1, min(s, sizes.size - 1) + 1)
        g[s] = np.sum((a + b * x / s) * sizes[x] * g[s - x])
    return g


def test_compound_poisson_has_its_moments_exactly() -> None:
    """E = λ m, Var = λ (s² + m²), of the lognormal with mean m and sd s."""
    total = gm.compound(gm.poisson(3), gm.lognormal(mean=5, sd=4, unit="USD")).sample(64)
    assert str(total.unit) == "USD"
    assert total.mean().value == pytest.approx(15.0, rel=1e-12)
    assert total.sd().value == pytest.approx(math.sqrt(3 * (16 + 25)), rel=1e-12)
    assert total.mean().estimator == total.sd().estimator == "exact"
    assert total.median().estimator != "exact"


def test_a_sum_of_gamma_events_is_known_to_many_digits() -> None:
    """Of exponential events with a geometric number (1, 2, …) it is exponential of mean m / p."""
    total = gm.compound(gm.geometric(0.25), gm.exponential(mean=2)).sample(64)
    for p in (0.05, 0.5, 0.99):
        assert total.quantile(p).value == pytest.approx(-8.0 * math.log1p(-p), rel=1e-9)


@pytest.mark.parametrize("count", [3, gm.geometric(0.25), gm.poisson(3)])
@pytest.mark.parametrize(
    ("size", "at"), [(lambda: gm.gamma(shape=2, scale=5), 8.5), (lambda: gm.poisson(2), 8.0)]
)
def test_a_sum_of_losses_is_that_of_gains_below_nought(count, size, at: float) -> None:
    """Quantiles at p are those of the negative at 1 - p, P(-S <= x) is P(S >= -x)."""
    gains = gm.compound(count, size).sample(64)
    losses = gm.compound(count, lambda: -2 * size()).sample(64)
    assert losses.mean().value == pytest.approx(-2 * gains.mean().value, rel=1e-12)
    assert losses.sd().value == pytest.approx(2 * gains.sd().value, rel=1e-12)
    for p in (0.013, 0.1003, 0.503, 0.97):
        mirrored = losses.quantile(1 - p)
        assert mirrored.estimator == "exact"
        assert mirrored.value == pytest.approx(-2 * gains.quantile(p).value, rel=1e-9)
    least = 1 - gains.cdf(np.nextafter(at, 0.0)).value
    assert losses.cdf(-2 * at).value == pytest.approx(least, rel=1e-9)


def test_conversions_of_a_sum_one_upon_the_other() -> None:
    """°C = K - 273.15 and °F = 1.8 °C + 32, of the sum; plain factors multiply."""
    cold = gm.compound(gm.poisson(3), gm.lognormal(mean=5, sd=4, unit="kelvin"))
    found = cold.to("degC").to("degF").sample(64)
    assert found.mean().value == pytest.approx(1.8 * (15 - 273.15) + 32, rel=1e-12)
    assert found.mean().estimator == "exact"
    spread = 1.8 * math.sqrt(3 * (16 + 25))
    assert found.sd().value == pytest.approx(spread, rel=1e-12)
    back = cold.to("degF").to("degC").to("kelvin").sample(64)
    assert back.mean().value == pytest.approx(15.0, rel=1e-9)
    way = gm.compound(gm.poisson(3), gm.lognormal(mean=5, sd=4, unit="km")).to("cm").to("m")
    assert way.sample(64).mean().value == pytest.approx(15_000.0, rel=1e-12)


def test_whole_sizes_agree_with_panjers_recursion() -> None:
    size = 1 + np.arange(60)
    sizes = np.concatenate([[0.0], stats.poisson(2).pmf(size - 1)])
    g = panjer(0.0, 3.0, math.exp(-3.0), sizes, 60)
    total = gm.compound(gm.poisson(3), lambda: 1 + gm.poisson(2)).sample(2**16)
    cumulated = np.cumsum(g)
    for value in (0.0, 4.0, 9.0, 20.0):
        share = np.mean(total.values <= value)
        assert share == pytest.approx(cumulated[int(value)], abs=0.006)  # 3 sd of 65,536 draws
    exact = gm.compound(gm.poisson(3), gm.poisson(2)).sample(64)
    # Neyman's type A: P(0) = exp(-λ (1 - exp(-μ)))
    assert exact.cdf(0).value == pytest.approx(math.exp(-3 * (1 - math.exp(-2))), rel=1e-12)


@pytest.mark.parametrize(
    "severity",
    [
        lambda: gm.gamma(shape=2, scale=3),
        lambda: gm.normal(mean=4, sd=2),
        lambda: gm.poisson(2),
        lambda: gm.binomial(5, 0.3),
        lambda: gm.negative_binomial(successes=2, p=0.4),
        lambda: gm.chi2(3),
    ],
)
def test_draws_have_the_distribution_that_is_known(severity) -> None:
    result = gm.compound(gm.binomial(6, 0.4), severity()).sample(2**15, method="random")
    draws = result.values
    assert draws.mean() == pytest.approx(result.mean().value, rel=0.03)
    assert draws.std() == pytest.approx(result.sd().value, rel=0.03)
    for p in (0.3, 0.8, 0.97):
        at = result.quantile(p).value
        exact = result.cdf(at).value
        assert np.mean(draws <= at) == pytest.approx(exact, abs=0.015)  # 5 sd


def test_draws_of_a_sum_are_independent_events() -> None:
    """Of 2 events the correlation with the first is sqrt(1/2), of 8 it is sqrt(1/8)."""
    for n in (2, 8):
        size = gm.normal(mean=0, sd=1)
        run = gm.Model(size=size, total=gm.sum_of(n, size)).sample(2**14, method="random")
        assert run["total"].values.std() == pytest.approx(math.sqrt(n), rel=0.03)
        found = np.corrcoef(run["size"].values, run["total"].values)[0, 1]
        assert found == pytest.approx(math.sqrt(1 / n), abs=0.03)


def test_twenty_people_are_not_one_person_times_twenty() -> None:
    person = gm.normal(mean=75, sd=10, unit="kg")
    together = gm.sum_of(20, gm.normal(mean=75, sd=10, unit="kg")).sample(64)
    assert (20 * person).sample(64).sd().value == pytest.approx(200.0)
    assert together.sd().value == pytest.approx(10 * math.sqrt(20))
    assert together.quantile(0.95).value == pytest.approx(
        1500 + 10 * math.sqrt(20) * 1.6448536, 1e-8
    )


def test_uncertain_parameters_are_shared_by_all_events() -> None:
    """Var = n s² + n² Var[mean]: what nobody knows does not average out."""
    mean = gm.normal(mean=10, sd=1)
    total = gm.sum_of(100, gm.normal(mean=mean, sd=2))
    run = gm.Model(mean=mean, total=total).sample(2**14)
    assert run["total"].sd().value == pytest.approx(math.sqrt(100 * 4 + 10_000), rel=0.02)


@pytest.mark.parametrize("n", [3, gm.poisson(3)])
def test_what_all_events_share_does_not_average_out(n) -> None:
    """Var[Σ (X + s)] = E[N] Var[X] + Var[N] E[s]² + E[N²] Var[s], and so it is of products."""
    added, factor = gm.normal(mean=5, sd=1), gm.lognormal(mean=2, sd=1)
    size = gm.lognormal(1, 9)
    replaced = gm.Model(size=size, total=gm.compound(n, size)).with_(
        size=gm.normal(mean=5, sd=1) + gm.normal(mean=0, sd=2)
    )

    def scaled() -> tuple[gm.Quantity, ...]:
        loss = gm.gamma(shape=2, scale=3)
        return loss, loss * factor

    squared, spread = (9, 0) if isinstance(n, int) else (12, 3)
    sums = {
        "plus": gm.compound(n, lambda: gm.normal(mean=0, sd=1) + added),
        "times": gm.compound(n, lambda: gm.lognormal(mean=3, sd=1) * factor),
    }
    run = gm.Model(**sums).sample(2**15)
    expected = {
        "plus": 3 + spread * 25 + squared * 1,
        # E[N] E[s²] Var[X] + E[X]² (E[N²] E[s²] - E[N]² E[s]²)
        "times": 3 * 5 * 1 + 9 * (squared * 5 - 9 * 4),
    }
    for name, variance in expected.items():
        assert run[name].sd().value == pytest.approx(math.sqrt(variance), rel=0.03)
        assert run[name].median().estimator not in ("exact", "fft")
    loss, _ = gm.compound(n, scaled)
    assert loss.sample(64).median().estimator == "exact"  # has no such part itself
    alike = replaced.sample(2**15)["total"]  # N s of one s with variance 5
    assert alike.sd().value == pytest.approx(math.sqrt(spread * 25 + squared * 5), rel=0.03)


def test_deductible_and_limit_of_an_event_and_of_the_sum() -> None:
    """E[min(max(X - d, 0), l)] of an exponential X with mean m: m (exp(-d/m) - exp(-(d + l)/m))."""
    layer = gm.compound(
        gm.poisson(2),
        gm.exponential(mean=10, unit="USD"),
        deductible=gm.constant(5, "USD"),
        limit=gm.constant(20, "USD"),
    )
    expected = 2 * 10 * (math.exp(-0.5) - math.exp(-2.5))
    found = layer.sample(2**15, method="random")
    assert found.mean().value == pytest.approx(expected, rel=1e-9)
    assert found.values.mean() == pytest.approx(expected, abs=5 * found.sd().value / 2**7.5)
    terms = {"deductible": 2, "limit": 5, "aggregate_deductible": 4, "aggregate_limit": 9}
    size = gm.uniform(0, 10)
    one, four = (gm.Model(size=size, sum=gm.compound(n, size, **terms)).sample(512) for n in (1, 4))
    paid = np.clip(one["size"].values - 2, 0, 5)  # of one event it is the draw itself
    assert one["sum"].values == pytest.approx(np.clip(paid - 4, 0, 9))
    assert four["sum"].values.max() == 9 and four["sum"].values.min() == 0


def test_there_is_no_largest_number_of_events(monkeypatch: pytest.MonkeyPatch) -> None:
    """A long sum is drawn piece by piece: that changes its bits no more than rounding, and each
    piece has events of its own, so that the variance is n / 3 and not more."""
    total = gm.compound(1_000_003, gm.uniform(0, 2)).sample(8, method="random")
    sd = math.sqrt(1_000_003 / 3)
    assert total.values.mean() == pytest.approx(1_000_003, abs=5 * sd / math.sqrt(8))
    assert 0.1 * sd < total.values.std(ddof=1) < 2.5 * sd  # chi-squared, 1e-6 on either side
    model = gm.Model(total=gm.compound(1_003, gm.uniform(0, 2)))
    whole = model.sample(4096, method="random")["total"].values
    monkeypatch.setattr("guessmodel.graph.random_sum._CHUNK", 100)
    pieces = model.sample(4096, method="random")["total"].values
    assert pieces == pytest.approx(whole, rel=1e-13)
    assert pieces.std() == pytest.approx(math.sqrt(1_003 / 3), rel=5 / math.sqrt(2 * 4096))


def test_one_more_event_leaves_those_before_it() -> None:
    def sums(n: int) -> np.ndarray:
        size = gm.exponential(mean=1)
        return gm.Model(size=size, total=gm.sum_of(n, size)).sample(256)["total"].values

    assert np.all(sums(6) > sums(5))
    five, six = sums(5), sums(6)
    assert np.array_equal(sums(5), five)
    assert (six - five).mean() == pytest.approx(1.0, rel=0.3)


def test_bits_do_not_depend_on_blocks_or_labels_beside() -> None:
    from guessmodel.engine.run import run_plan

    total = gm.compound(gm.poisson(4), lambda: gm.lognormal(1, 9) + gm.gamma(1, 2))
    model = gm.Model(total=total)
    plan = pickle.loads(pickle.dumps(model.plan()))
    points = plan.points("nets", 2048, 0)
    whole, _ = run_plan(plan, points)
    pieces, _ = run_plan(plan, points, block=64)
    assert np.array_equal(whole["total"], pieces["total"])


def test_labels_have_sums_of_their_own() -> None:
    often = gm.poisson({"a": 2, "b": 9}, dim="line")
    run = gm.Model(total=gm.compound(often, gm.exponential(mean=1))).sample(2**13)
    a, b = run["total"].values
    assert abs(np.corrcoef(a, b)[0, 1]) < 0.05
    assert run["total"].sel(line="b").mean().value == pytest.approx(9.0, rel=1e-9)


def test_what_takes_the_place_of_a_severity_is_summed() -> None:
    number, size = gm.poisson(3), gm.lognormal(1, 9, "USD")
    model = gm.Model(number=number, size=size, total=gm.compound(number, size))
    assert model.with_(size=2).sample(256)["total"].mean().value == pytest.approx(6.0, rel=0.05)
    gamma = model.with_(size="gamma(2 USD, 4 USD)").sample(64)["total"]
    expected = 3 * gm.gamma(2, 4).sample(8).mean().value
    assert gamma.mean().value == pytest.approx(expected, rel=1e-9)
    fewer = model.with_(number=2).sample(64)["total"]
    assert fewer.mean().value == pytest.approx(2 * gm.lognormal(1, 9).sample(8).mean().value)


def test_units_multiply() -> None:
    gm.unit("loss_event")
    often = gm.poisson(3, "loss_event/year")
    total = gm.compound(
        gm.poisson(3, "loss_event"), gm.gamma(shape=1, scale=2, unit="USD/loss_event")
    )
    assert str(total.unit) == "USD"
    assert str(gm.compound(often, gm.exponential(mean=1, unit="USD/loss_event")).unit) == "USD/year"


def test_moments_that_do_not_exist_are_refused() -> None:
    heavy = gm.compound(gm.poisson(3), gm.pareto(scale=1, shape=1.5)).sample(64)
    assert heavy.mean().value == pytest.approx(9.0)  # 3 · 1.5 / 0.5
    assert "infinite" in str(heavy.sd())
    assert math.isnan(gm.sum_of(3, gm.cauchy(location=0, scale=1)).sample(64).mean().value)


def test_draws_with_no_whole_number_of_events_are_lost() -> None:
    run = gm.Model(t=gm.compound(gm.round(gm.normal(mean=0, sd=3)), gm.exponential(mean=1)))
    lost = np.mean(np.isnan(run.sample(4096)["t"].values))
    assert lost == pytest.approx(stats.norm(0, 3).cdf(-0.5), abs=0.02)


def test_events_may_depend_on_their_number() -> None:
    """Of a binomial N (5, 0.4): E[N] = 2, E[N²] = 1.2 + 4, E[N⁴] = Σ k⁴ P(k)."""
    k = np.arange(6.0)
    fourth = k**4 @ stats.binom(5, 0.4).pmf(k)
    shift = gm.normal(mean=100, sd=0.001)
    n = gm.binomial(5, 0.4)
    shifted = gm.compound(n, lambda: gm.normal(mean=0, sd=0.001) * n + shift)
    run = gm.Model(n=n, shifted=shifted).sample(2**12)
    assert run["shifted"].values == pytest.approx(100 * run["n"].values, abs=0.2)
    # Each event has mean N: E[N · N], and a variance of E[N · N²] + Var[N²].
    often = gm.binomial(5, 0.4)
    sizes = gm.compound(often, lambda: gm.exponential(mean=often)).sample(2**17)
    assert sizes.values.mean() == pytest.approx(5.2, rel=0.02)
    third = k**3 @ stats.binom(5, 0.4).pmf(k)
    assert sizes.values.std() == pytest.approx(math.sqrt(third + fourth - 5.2**2), rel=0.02)


def test_an_event_may_have_a_part_that_all_events_share() -> None:
    """N s, and N² of the number itself, beside what is drawn for each event."""
    n, shared = gm.binomial(5, 0.4), gm.normal(mean=9, sd=2)
    drawn, same, number = gm.compound(n, lambda: (gm.normal(mean=1, sd=1) * n, shared, n))
    run = gm.Model(n=n, shared=shared, drawn=drawn, same=same, number=number).sample(2**14)
    assert run["number"].mean().value == pytest.approx(5.2, rel=0.02)
    assert run["same"].sd().value == pytest.approx(math.sqrt(1.2 * 81 + 5.2 * 4), rel=0.02)
    n_values = run["n"].values
    assert run["same"].values == pytest.approx(n_values * run["shared"].values)
    assert run["number"].values == pytest.approx(n_values**2)
    assert run["drawn"].values.mean() == pytest.approx(5.2, rel=0.05)  # E[N²]


def test_several_sums_are_over_the_same_events() -> None:
    """What is kept and what is ceded of each event add up to the loss, draw by draw."""

    def event() -> tuple[gm.Quantity, ...]:
        loss = gm.pareto(scale=1, shape=2.5, unit="USD")
        kept = gm.minimum(loss, gm.constant(2, "USD"))
        return loss, kept, loss - kept

    total, kept, ceded = gm.compound(gm.poisson(3), event)
    run = gm.Model(total=total, kept=kept, ceded=ceded).sample(2**15)
    assert run["kept"].values + run["ceded"].values == pytest.approx(run["total"].values)
    assert run["total"].mean().value == pytest.approx(5.0)  # 3 · 2.5 / 1.5, exact
    # E[max(X - d, 0)] = d^(1 - a) / (a - 1) for d above 1.
    assert run["ceded"].mean().value == pytest.approx(3 * 2**-1.5 / 1.5, rel=0.05)
    alone = gm.compound(
        gm.poisson(3), lambda: gm.pareto(scale=1, shape=2.5), limit=gm.constant(2, "")
    )
    assert run["kept"].mean().value == pytest.approx(alone.sample(2**15).mean().value, rel=0.02)


@pytest.mark.parametrize("factor", [2.0, -0.5, 12.0])
@pytest.mark.parametrize("size", [lambda: gm.poisson(2), lambda: gm.empirical([1, 2, 5])])
def test_a_sum_of_whole_sizes_is_known_at_each_of_its_values(factor: float, size) -> None:
    """Nothing is rounded of whole numbers and their halves: P(f S + 3 <= f k + 3) is that of S."""
    plain = gm.compound(gm.poisson(3), size).sample(64)
    for made in (
        gm.compound(gm.poisson(3), lambda: factor * size()) + 3,
        factor * gm.compound(gm.poisson(3), size) + 3,
    ):
        found = made.sample(64)
        for k in range(9):
            told = found.share(factor * k + 3, above=factor < 0, including=True)
            assert told.estimator == "exact"
            assert told.value == pytest.approx(plain.cdf(k).value, rel=1e-9)


def test_a_sum_of_tenths_is_where_its_draws_are() -> None:
    """0.1 + 0.1 + 0.1 is above 0.3, so that the value 3 tenths is not among those up to 0.3: of
    three events of a tenth each nothing is."""
    for made in (
        gm.compound(3, lambda: 0.1 * gm.binomial(1, 1 - 1e-12)),
        gm.compound(3, lambda: 0.1 * gm.poisson(1e-9) + 0.1),
    ):
        assert gm.Model(y=made).sample(64)["y"].cdf(0.3).value == pytest.approx(0.0, abs=1e-6)
