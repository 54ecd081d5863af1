"""Verdicts against closed forms: what holds, what falls short, and what the draws cannot tell.

`hidden` keeps a distribution and takes away its closed form, so that its statistics are sampled.
"""

import math

import numpy as np
import pytest
from scipy import stats

import guessmodel as gm
from guessmodel.claims.claim import Claim
from guessmodel.claims.verdicts import Finding, judge
from guessmodel.distributions.binomial import binomial
from guessmodel.distributions.cauchy import cauchy
from guessmodel.distributions.uniform import uniform
from guessmodel.errors import UsageError
from guessmodel.graph.quantity import Quantity

SEED = 20260101


def hidden(quantity: Quantity) -> Quantity:
    return gm.apply(lambda x: x.copy(), quantity, unit=str(quantity.unit))


def found(
    claim: Claim, n: int = 1 << 14, before: Finding | None = None, method: str = "nets"
) -> list[Finding]:
    names = [f"subject {i}" for i in range(len(claim.subjects))]
    model = gm.Model(dict(zip(names, claim.subjects, strict=True)))
    simulation = model.sample(n, seed=SEED, method=method)
    return [judge(claim, statement, names, simulation, before) for statement in claim.statements]


def verdicts(claim: Claim, n: int = 1 << 14) -> list[str]:
    return [finding.verdict for finding in found(claim, n)]


# --- continuous quantities ----------------------------------------------------------------------

# Mean exp(mu + sigma²/2), median exp(mu), quantiles exp(mu + sigma z): all of a lognormal.
MU, SIGMA = 3.0, 0.5
VARIABLE = hidden(gm.lognormal(mu=MU, sigma=SIGMA))
MEAN = math.exp(MU + SIGMA**2 / 2)
SD = MEAN * math.sqrt(math.exp(SIGMA**2) - 1)


def q(p: float) -> float:
    return math.exp(MU + SIGMA * float(stats.norm.ppf(p)))


def test_each_statistic_holds_at_its_closed_form_and_falls_short_elsewhere() -> None:
    share = float(stats.norm.cdf(SIGMA / 2))  # P(X < mean)
    right = {
        "mean": MEAN,
        "median": q(0.5),
        "sd": SD,
        "interval": (q(0.05), q(0.95)),
        "guesstimate_interval": (q(0.1 * share), q(share + 0.9 * (1 - share))),
        "quantiles": {0.25: q(0.25)},
    }
    claim = gm.claim(VARIABLE, rtol=0.02, **right)  # type: ignore[arg-type]
    assert verdicts(claim) == ["holds"] * 8
    for kind, value in right.items():
        for shift in (0.95, 1.05):
            if isinstance(value, tuple):
                wrong: object = tuple(shift * end for end in value)
            elif isinstance(value, dict):
                wrong = {p: shift * end for p, end in value.items()}
            else:
                wrong = shift * float(value)  # type: ignore[arg-type]
            claim = gm.claim(VARIABLE, rtol=0.02, **{kind: wrong})  # type: ignore[arg-type]
            assert set(verdicts(claim)) == {"falls short"}, (kind, shift)


def test_statistics_by_name() -> None:
    # Of a lognormal variable: mode exp(mu - sigma²), skewness (w + 2) √(w - 1) with w =
    # exp(sigma²), and the mean beyond its quantile at p: mean Φ(sigma - z) / (1 - p).
    w, z = math.exp(SIGMA**2), float(stats.norm.ppf(0.95))
    right = {
        "mode": math.exp(MU - SIGMA**2),
        "shortfall(0.95)": MEAN * float(stats.norm.cdf(SIGMA - z)) / 0.05,
        "shortfall(0.05, lower)": MEAN * float(stats.norm.cdf(-z - SIGMA)) / 0.05,
        f"P(<= {q(0.3)!r})": 0.3,
        f"P(> {q(0.3)!r})": 0.7,
    }
    wrong = {name: 1.1 * value for name, value in right.items()}
    assert verdicts(gm.claim(VARIABLE, statistics=right, rtol=0.04)) == ["holds"] * 5
    assert verdicts(gm.claim(VARIABLE, statistics=wrong, rtol=0.04)) == ["falls short"] * 5
    plain = gm.lognormal(mu=MU, sigma=SIGMA)
    exact = gm.claim(plain, statistics={"skewness": (w + 2) * math.sqrt(w - 1)}, rtol=1e-6)
    assert verdicts(exact) == ["holds"]


def test_a_probability() -> None:
    # P(X > 30) of the lognormal.
    p = float(stats.norm.sf((math.log(30) - MU) / SIGMA))
    event = VARIABLE > 30
    assert verdicts(gm.claim(event, probability=p, rtol=0.05)) == ["holds"]
    assert verdicts(gm.claim(event, probability=1.15 * p, rtol=0.05)) == ["falls short"]
    assert verdicts(gm.claim(event, probability="> 20%")) == ["holds"]
    assert verdicts(gm.claim(event, probability="> 25%")) == ["falls short"]


def test_bounds_are_one_sided() -> None:
    assert 21 < MEAN < 23
    assert verdicts(gm.claim(VARIABLE, mean="> 21")) == ["holds"]
    assert verdicts(gm.claim(VARIABLE, mean="< 21")) == ["falls short"]
    assert verdicts(gm.claim(VARIABLE, mean="at most 23")) == ["holds"]
    assert verdicts(gm.claim(VARIABLE, mean="at least 23")) == ["falls short"]


def test_exact_quantities_are_never_undecided() -> None:
    one = gm.constant(1, "TB/s")
    assert verdicts(gm.claim(one, mean="at least 1 TB/s", median="at most 1 TB/s")) == ["holds"] * 2
    assert verdicts(gm.claim(one, mean="> 1 TB/s", median="< 1 TB/s")) == ["falls short"] * 2
    assert verdicts(gm.claim(one, mean="1000 GB/s", interval="1 to 1 TB/s")) == ["holds"] * 3


def test_floating_point_does_not_cross_an_edge() -> None:
    tenths = gm.constant(0.1) + gm.constant(0.2)  # 0.30000000000000004
    assert verdicts(gm.claim(tenths, mean="at most 0.3")) == ["holds"]
    assert verdicts(gm.claim(gm.constant(3) * 0.1, mean=0.3, rtol=0.0)) == ["holds"]


def test_orders_of_magnitude() -> None:
    root = gm.constant(5.5e11, "FLOP")
    near = gm.claim(root, mean="3e11 FLOP", log10_tol=0.3, note="close on a log scale")
    far = gm.claim(root, mean="3e11 FLOP", log10_tol=0.2, note="close on a log scale")
    assert math.log10(5.5 / 3) == pytest.approx(0.263, abs=5e-4)
    assert (verdicts(near), verdicts(far)) == (["holds"], ["falls short"])


# --- undecided ----------------------------------------------------------------------------------


def test_an_edge_at_the_true_value_is_undecided() -> None:
    finding = found(gm.claim(VARIABLE, mean=MEAN / 1.1, rtol=0.1), n=1 << 10)[0]
    assert finding.verdict == "undecided"
    assert finding.reason == "the sampling error reaches across the edge of the tolerance"


def test_an_error_never_counts_much_less_than_the_one_before() -> None:
    claim = gm.claim(VARIABLE, mean="> 1")
    wide, narrow = found(claim, n=64)[0], found(claim, n=1 << 14)[0]
    after = found(claim, n=1 << 14, before=wide)[0]
    assert narrow.tests[0].error < wide.tests[0].error / 2
    assert after.tests[0].value - after.tests[0].low == pytest.approx(
        (wide.tests[0].value - wide.tests[0].low) / math.sqrt(2)
    )
    assert after.estimate.error == narrow.estimate.error


def test_what_does_not_exist_or_is_unreliable_is_undecided() -> None:
    ratio = cauchy(0, 1)
    heavy = hidden(gm.lognormal(mu=0, sigma=4))
    broken = gm.log(gm.normal(mean=0, sd=1))
    with np.errstate(all="ignore"):
        for quantity, reason in (
            (ratio, "the mean does not exist"),
            (heavy, "unreliable: "),
            (broken, "of the draws are not finite"),
        ):
            finding = found(gm.claim(quantity, mean="1"), n=1 << 10)[0]
            assert finding.verdict == "undecided"
            assert finding.reason is not None
            assert reason in finding.reason


def test_a_statistic_that_the_quantity_does_not_have() -> None:
    claim = gm.claim(hidden(gm.normal(0, 1)), probability="5%")
    with pytest.raises(UsageError, match="is not an indicator; compare it first") as caught:
        found(claim)
    assert caught.value.where == claim.location


# --- quantities with atoms ----------------------------------------------------------------------

# Whole nodes: 1 with probability 0.3, 2 with 0.62, 3 with 0.06, 4 with 0.02.
UNIFORM = uniform(0, 1)
NODES = 1 + (UNIFORM > 0.3) + (UNIFORM > 0.92) + (UNIFORM > 0.98)


def test_quantiles_that_jump_are_tested_on_the_distribution_function() -> None:
    # F(2) = 0.92 < 0.95 <= F(3) = 0.98.
    assert verdicts(gm.claim(NODES, interval="1 to 3")) == ["holds", "holds"]
    assert verdicts(gm.claim(NODES, interval="2 to 4")) == ["falls short", "falls short"]
    assert verdicts(gm.claim(NODES, median="2", quantiles={0.9: "2", 0.97: "3"})) == ["holds"] * 3


def test_a_level_beside_a_jump_holds_on_both_sides_within_the_tolerance() -> None:
    # F(2) = 0.92: the quantile at 0.925 is 3, and at 0.915 it is 2; 15% of the 7.5% and 8.5%
    # beyond are 1.1% and 1.3% of probability, so that either figure follows from either level.
    near = {0.925: 2, 0.915: 3}
    assert verdicts(gm.claim(NODES, quantiles=near, rtol=0.15)) == ["holds"] * 2
    assert verdicts(gm.claim(NODES, quantiles=near, rtol=0.01)) == ["falls short"] * 2
    far = {0.95: 2, 0.88: 3}
    assert verdicts(gm.claim(NODES, quantiles=far, rtol=0.15)) == ["falls short"] * 2


def test_a_level_at_a_jump_is_undecided_without_tolerance() -> None:
    claim = gm.claim(NODES, quantiles={0.92: 2}, rtol=0.0)
    finding = found(claim, n=1 << 10, method="random")[0]
    assert finding.verdict == "undecided"


def test_guesstimates_interval_of_whole_numbers() -> None:
    # Mean 1.8: below it 30% are 1; of the 70% above, the 90th percentile is at F = 0.93, node 3.
    assert verdicts(gm.claim(NODES, guesstimate_interval="1 to 3")) == ["holds", "holds"]
    assert verdicts(gm.claim(NODES, guesstimate_interval="2 to 4")) == ["falls short"] * 2


def test_exact_discrete_quantities() -> None:
    # Binomial(10, 0.3): F(2) = 0.3828, F(3) = 0.6496, F(4) = 0.8497, F(5) = 0.9527.
    wins = binomial(10, 0.3)
    assert verdicts(gm.claim(wins, median="3", quantiles={0.95: "5"})) == ["holds", "holds"]
    assert verdicts(gm.claim(wins, quantiles={0.8: "3", 0.55: "4"})) == ["falls short"] * 2
    assert verdicts(gm.claim(wins * 2, median="6")) == ["holds"]


def test_atoms_of_exact_mixtures() -> None:
    # 1 with probability 0.6, else about 10: F(x) = 0.6 for 1 <= x < 8, so that each of them is a
    # quantile at 0.6, and none at 0.5.
    mixed = gm.mixture([1, gm.normal(10, 11)], [0.6, 0.4])
    assert verdicts(gm.claim(mixed, quantiles={0.6: 5, 0.5: 1}, rtol=0.01)) == ["holds"] * 2
    assert verdicts(gm.claim(mixed, quantiles={0.5: 5}, rtol=0.01)) == ["falls short"]


def test_atoms_of_a_falling_function_of_a_draw() -> None:
    # 7.3 - 0.3 * 1 is 7 but for rounding, and 7 with probability 0.3.
    falling = 7.3 - 0.3 * gm.bernoulli(0.3)
    right, wrong = {0.2: 7, 0.4: 7.3}, {0.2: 7.3, 0.4: 7}
    assert verdicts(gm.claim(falling, quantiles=right, rtol=0.0)) == ["holds"] * 2
    assert verdicts(gm.claim(falling, quantiles=wrong, rtol=0.0)) == ["falls short"] * 2


def test_atoms_of_draws_that_were_not_kept() -> None:
    claim = gm.claim(NODES, interval="1 to 3", guesstimate_interval="1 to 3", median="1")
    simulation = gm.Model(nodes=NODES).sample(1 << 18, seed=SEED, keep=False)
    found = [judge(claim, each, ["nodes"], simulation).verdict for each in claim.statements]
    assert sorted(found) == ["falls short", *["holds"] * 4]


def test_a_cap_that_binds_is_an_atom() -> None:
    # 30% of the draws stand at the cap, so that every quantile above 0.7 is the cap.
    capped = gm.minimum(UNIFORM, 0.7)
    assert verdicts(gm.claim(capped, quantiles={0.9: 0.7, 0.5: 0.5}, rtol=0.01)) == ["holds"] * 2
    assert verdicts(gm.claim(capped, quantiles={0.9: 0.8, 0.5: 0.6}, rtol=0.01)) == [
        "falls short",
        "falls short",
    ]


# --- ratios of means ----------------------------------------------------------------------------


def test_ratio_of_means_and_mean_of_ratios_differ() -> None:
    # E[a] / E[b] and E[a / b] = E[a] E[1 / b] of independent lognormals.
    a, b = gm.lognormal(mu=1, sigma=0.5), gm.lognormal(mu=0, sigma=1)
    of_means = math.exp(1 + 0.125) / math.exp(0.5)
    of_ratios = math.exp(1 + 0.125) * math.exp(0.5)
    for above, below in ((a, b), (hidden(a), hidden(b)), (a, hidden(b)), (hidden(a), b)):
        claim = gm.claim_ratio_of_means(above, below, of_means, rtol=0.02)
        assert verdicts(claim, 1 << 16) == ["holds"]
        assert verdicts(gm.claim(above / below, mean=of_ratios, rtol=0.05), 1 << 16) == ["holds"]
        assert verdicts(gm.claim_ratio_of_means(above, below, of_ratios, rtol=0.02)) == [
            "falls short"
        ]


def test_a_ratio_of_means_of_draws_that_were_not_kept() -> None:
    a, b = hidden(gm.uniform(1, 2)), gm.uniform(2, 3)
    claim = gm.claim_ratio_of_means(a * b, b, 1.5, rtol=0.001)  # E(ab) / E(b) = E(a)
    simulation = gm.Model(top=a * b, bottom=b).sample(1 << 18, seed=SEED, keep=False)
    finding = judge(claim, claim.statements[0], ["top", "bottom"], simulation)
    assert finding.verdict == "holds"
    assert 0.0 < finding.estimate.error < 0.001


def test_errors_that_both_means_share_cancel() -> None:
    x = hidden(gm.lognormal(mu=0, sigma=0.5))
    finding = found(gm.claim_ratio_of_means(3 * x, x, "3.000"), n=4096, method="random")[0]
    assert finding.verdict == "holds"
    assert finding.estimate.error < 1e-12
    alone = found(gm.claim(x, mean="1"), n=4096, method="random")[0]
    assert alone.estimate.error > 0.005


def test_units_of_a_ratio_of_means() -> None:
    daily, hours = gm.constant(48, "USD/day"), hidden(gm.normal(mean=2, sd=0.1, unit="hour"))
    claim = gm.claim_ratio_of_means(daily, hours, "1 USD/hour**2", rtol=0.01)
    assert verdicts(claim) == ["holds"]
    claim = gm.claim_ratio_of_means(hours, gm.constant(1, "minute"), "120", rtol=0.01)
    assert verdicts(claim) == ["holds"]


def test_a_denominator_about_nought_is_undecided() -> None:
    one, zero = gm.constant(1), hidden(gm.normal(mean=0, sd=1))
    finding = found(gm.claim_ratio_of_means(one, zero, "5"), n=64)[0]
    assert (finding.verdict, finding.reason) == (
        "undecided",
        "unreliable: the denominator's mean may be 0",
    )
    finding = found(gm.claim_ratio_of_means(one, one - one, "5"), n=64)[0]
    assert finding.verdict == "undecided"


# --- how two go together ------------------------------------------------------------------------


def test_how_two_go_together() -> None:
    """Of a normal variable and its sum with another like it, in other units: ρ = 1/√2, Spearman's
    6/π asin(ρ/2), and the covariance 4 hour² is 240 minute · hour."""
    wait = gm.normal(mean=5, sd=2, unit="hour")
    whole = (wait + gm.normal(mean=1, sd=2, unit="hour")).to("minute")
    rho = 0.5**0.5
    right = {
        "correlation": rho,
        "rank_correlation": 6 / math.pi * math.asin(rho / 2),
        "covariance": 4.0,  # in the unit of the product, hour²
    }
    for name, value in right.items():
        claim = gm.claim_joint(wait, whole, rtol=0.01, **{name: value})  # type: ignore[arg-type]
        assert verdicts(claim, 1 << 16) == ["holds"], name
        wrong = gm.claim_joint(wait, whole, rtol=0.01, **{name: 0.97 * value})  # type: ignore[arg-type]
        assert verdicts(wrong, 1 << 16) == ["falls short"], name
    both = gm.claim_joint(wait, whole, covariance="240 minute*hour", correlation="> 0.8")
    assert verdicts(both, 1 << 16) == ["falls short", "holds"]


def test_a_covariance_that_does_not_exist_is_undecided() -> None:
    heavy = gm.student_t(df=1.5)
    finding = found(gm.claim_joint(heavy, 2 * heavy, covariance="1"), n=64)[0]
    assert finding.verdict == "undecided" and "is infinite" in (finding.reason or "")


def test_labels_of_a_ratio_of_means() -> None:
    costs = gm.stack({"a": gm.constant(6), "b": hidden(gm.normal(mean=9, sd=1))}, dim="kind")
    three = gm.constant(3)
    for label, ratio in (("a", "2.0"), ("b", "3.0")):
        claim = gm.claim_ratio_of_means(costs, three, ratio, at={"kind": label})
        assert verdicts(claim) == ["holds"]
        assert verdicts(gm.claim(costs, mean=ratio, at={"kind": label})) == ["falls short"]
