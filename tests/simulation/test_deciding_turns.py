"""Which turns decide about a statistic, beside other rare events and under conditions; and what is
said of those that nothing is known of. Against closed forms."""

import math
from collections.abc import Callable

import pytest
from scipy import integrate, stats
from turning import excess, normal

import guessmodel as gm
from guessmodel.graph.quantity import Quantity
from guessmodel.simulation import deciding_turns
from guessmodel.testing import assert_true_value

N = 1 << 12


def test_where_it_takes_too_long_a_mark_says_so() -> None:
    total = sum((normal(0, 0.01) for _ in range(2500)), gm.constant(0.0) * 1.0)
    found = gm.Model(y=gm.maximum(total - 2.5, 0)).sample(N)["y"].mean()
    assert found.note == "unreliable: 1 rare event was not looked at"


def test_beside_rare_events_of_uncertain_probability() -> None:
    """E of a lognormal chance: exp(mu + sigma^2 / 2)."""
    sigma = math.log(100) / 2 / stats.norm.ppf(0.95)
    hit = gm.bernoulli(gm.lognormal(1e-7, 1e-5)) * 1e6
    beyond = gm.maximum(normal() + normal() - 6, 0) * 1e7
    found = gm.Model(y=hit + beyond).sample(N)["y"].mean()
    true = math.exp(math.log(1e-6) + sigma**2 / 2) * 1e6 + 1e7 * excess(-6, math.sqrt(2))
    assert found.reliable
    assert_true_value(found, true)
    assert found.error < 0.2 * true


@pytest.mark.parametrize("noise", [0.0, 0.1])
def test_more_turns_than_are_looked_at_are_marked(noise: float) -> None:
    terms = (gm.where(normal() + normal() > 7, 1e6, 0.0) for _ in range(20))
    total = sum(terms, noise * normal())
    found = gm.Model(y=total).sample(N)["y"].mean()
    assert found.note == "unreliable: 4 rare events were not looked at"


@pytest.mark.parametrize("noise", [0.0, 0.1])
def test_under_a_condition(noise: float) -> None:
    a, b = normal(), normal()
    run = gm.Model(a=a, y=gm.where(a + b > 6.5, 1e6, 0.0) + noise * normal()).sample(N)
    both, _ = integrate.quad(lambda x: stats.norm.pdf(x) * stats.norm.sf(6.5 - x), 1, 12)
    p = both / stats.norm.sf(1)
    result = run.given(a > 1)["y"]
    for found, true in (
        (result.mean(), 1e6 * p),
        (result.sd(), math.sqrt(1e12 * p * (1 - p) + noise**2)),
        (result.skewness(), 1 / math.sqrt(p)),
    ):
        assert found.reliable
        assert_true_value(found, true)
        assert found.error < 0.2 * true


def test_under_a_condition_that_turns_too() -> None:
    """It holds where another quantity is large, and where the turn is taken."""
    a, b, c = normal(), normal(), normal()
    far = a + b > 6
    known = far | (c > 2)
    model = gm.Model(a=a, c=c, y=gm.maximum(a + b - 6, 0) * 1e4 + c)
    p = stats.norm.sf(6 / math.sqrt(2))
    share = p + (1 - p) * stats.norm.sf(2)
    true = (1e4 * excess(-6, math.sqrt(2)) + (1 - p) * stats.norm.pdf(2)) / share
    for seed in range(3):
        estimate = model.sample(1 << 15, seed=seed).given(known)["y"].mean()
        assert estimate.reliable
        assert_true_value(estimate, true)
        assert estimate.error < 0.1 * true


def test_beside_rare_events_of_known_probability() -> None:
    """An outage brings the load above the strength, and little else does."""
    load = normal() + gm.where(gm.bernoulli(1e-4), 20, 0)
    strength = normal(7, 0.6)
    spread = math.hypot(1, 0.6)
    p = 1e-4 * stats.norm.sf(-13 / spread) + (1 - 1e-4) * stats.norm.sf(7 / spread)
    found = gm.Model(y=gm.where(load > strength, 1e6, 0) * gm.uniform(0, 2)).sample(N)["y"].mean()
    assert_true_value(found, p * 1e6)
    assert found.error < 0.2 * p * 1e6


def test_turns_that_do_not_matter_change_nothing() -> None:
    """A guard against what never happens: neither the mean nor its error, nor any mark."""
    cost = gm.lognormal(3, 9, name="a") * gm.lognormal(1, 2, name="b") + normal(20, name="c")
    found = gm.Model(plain=cost, guarded=gm.maximum(cost, 0)).sample(N)
    assert found["guarded"].mean() == found["plain"].mean()


def test_the_order_in_which_it_is_asked_does_not_matter() -> None:
    far, farther = (gm.maximum(normal(1, 2) + normal(3, 1) - 14, 0) for _ in range(2))
    quantities = {"y": far, "z": farther * 1e9 + normal(5)}
    one = gm.Model(quantities).sample(N)
    first = [one[name].mean() for name in ("y", "z")]
    other = gm.Model(quantities).sample(N)
    assert [other[name].mean() for name in ("z", "y")][::-1] == first


ASKED = {
    "mean": lambda run: run["y"].mean(),
    "sd": lambda run: run["y"].sd(),
    "skewness": lambda run: run["y"].skewness(),
    "kurtosis": lambda run: run["y"].kurtosis(),
    "correlation": lambda run: run.correlation("y", "other"),
    "guesstimate": lambda run: run["y"].guesstimate_interval().high,
}


@pytest.mark.parametrize(
    "turned",
    [
        lambda a, b: gm.where(a + b > 6.5, 1e6, 0),
        lambda a, b: gm.maximum(a + b + 30, 0),  # a guard that never matters
        lambda a, b: gm.where(gm.bernoulli(1e-5), 1e6, 0),
        lambda a, b: gm.where((a > 2.4) & (b > 2.4), 1e3, 0),
    ],
)
def test_the_order_in_which_statistics_are_asked_does_not_matter(turned: Callable) -> None:
    """Where the skewness was asked first, it was that of the draws alone."""
    a, b = normal(name="a"), normal(name="b")
    y = turned(a, b) * gm.exp(a / 100) + normal(1, 2, name="c") * gm.exp(b / 100)
    model = gm.Model(y=y, other=b * gm.exp(a / 9))
    names = list(ASKED)
    answers = []
    for order in (names, names[::-1], names[3:] + names[:3]):
        run = model.sample(N)
        told = {name: ASKED[name](run) for name in order}
        answers.append([told[name] for name in names])
    assert answers[0] == answers[1] == answers[2]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("far", [6.5, 8.0])
def test_an_excess_within_an_excess_has_draws_of_its_own(far: float, seed: int) -> None:
    x, sd = normal() + normal(), math.sqrt(2)
    y = gm.maximum(x - 5, 0) + 1e5 * gm.maximum(x - far, 0)
    found = gm.Model(y=y).sample(N, seed=seed)["y"].mean()
    true = excess(-5, sd) + 1e5 * excess(-far, sd)
    assert abs(found.value - true) < 3 * found.error
    assert found.error < 0.5 * true


def test_a_shape_needs_no_other_statistic_to_be_asked_first() -> None:
    """Moments given the draws of the run, all near a normal distribution, were 0 and 3."""
    x, sd = normal() + normal(), math.sqrt(2)
    y = 1e6 * gm.maximum(x - 6.5, 0) + normal()
    moments = [
        integrate.quad(lambda t, k=k: (t * sd - 6.5) ** k * stats.norm.pdf(t), 6.5 / sd, 20)[0]
        for k in (1, 2, 3, 4)
    ]
    m1, m2, m3, m4 = (1e6**k * moment for k, moment in enumerate(moments, 1))
    variance = m2 - m1**2
    third = m3 - 3 * m1 * m2 + 2 * m1**3
    fourth = m4 - 4 * m1 * m3 + 6 * m1**2 * m2 - 3 * m1**4 + 6 * variance + 3
    for name, true in (
        ("skewness", third / (variance + 1) ** 1.5),
        ("kurtosis", fourth / (variance + 1) ** 2),
    ):
        found = getattr(gm.Model(y=y).sample(N)["y"], name)()
        assert found.reliable
        assert abs(found.value - true) < 3 * found.error
        assert found.error < 0.2 * true


def test_a_label_that_a_run_does_not_meet_is_told_though_others_are_met() -> None:
    """At some label the turn is taken in 4 draws of a thousand, and at each in 1 of 10,000."""
    p, sd = 1e-4, math.sqrt(2)
    far = stats.norm.isf(p) * sd
    labels = {"i": range(40)}
    hit = gm.where(normal(dim=labels) + normal(dim=labels) > far, 1e6, 0.0)
    result = gm.Model(y=hit).sample(N)["y"]
    unmet = [k for k in range(40) if not result.sel(i=k).values.any()]
    assert len(unmet) < 40
    found = result.sel(i=unmet[0]).mean()
    assert found.reliable
    assert_true_value(found, 1e6 * p)
    assert found.error < 0.5 * 1e6 * p


# --- labels that are unlike each other ------------------------------------------------------------


def losses(chances: list[float], amounts: list[float], together: str) -> Quantity:
    """The sum, or the largest, of independent losses, each of a chance that no draw alone tells."""
    labels = [f"{k}" for k in range(len(chances))]
    far = dict(zip(labels, stats.norm.isf(chances) * math.sqrt(2), strict=True))
    own = {"i": labels}
    hit = normal(dim=own) + normal(dim=own) > gm.constant(far, dim="i")
    each = gm.where(hit, gm.constant(dict(zip(labels, amounts, strict=True)), dim="i"), 0.0)
    return each.sum("i") if together == "sum" else each.max("i")


UNLIKE = {
    "one of many": ([1e-3] * 59 + [1e-5], [1.0] * 59 + [1e9]),
    "each rarer": (
        [10.0 ** -(2 + 0.7 * k) for k in range(9)],
        [10 ** (2 + 0.7 * k) for k in range(9)],
    ),
    "alike": ([1e-4] * 30, [1.0] * 30),
}


@pytest.mark.parametrize("name", UNLIKE)
@pytest.mark.parametrize("n", [1 << 10, 1 << 14])
def test_a_rare_label_that_decides_a_sum(name: str, n: int) -> None:
    """The run meets other labels now and then, or often, and what it meets does not decide.
    E = sum of p x, and the variance the sum of p (1 - p) x²."""
    chances, amounts = UNLIKE[name]
    result = gm.Model(y=losses(chances, amounts, "sum")).sample(n, seed=1)["y"]
    mean = math.fsum(p * x for p, x in zip(chances, amounts, strict=True))
    variance = math.fsum(p * (1 - p) * x * x for p, x in zip(chances, amounts, strict=True))
    for found, true in ((result.mean(), mean), (result.sd(), math.sqrt(variance))):
        assert found.reliable
        assert_true_value(found, true)
        assert found.error < 0.35 * true


def test_a_rare_label_that_is_the_largest() -> None:
    """E max = sum of p x times the chance that no larger loss happens."""
    chances, amounts = UNLIKE["one of many"]
    found = gm.Model(y=losses(chances, amounts, "largest")).sample(N)["y"].mean()
    assert found.reliable
    assert_true_value(found, 1e-5 * 1e9 + (1 - 1e-5) * (1 - (1 - 1e-3) ** 59))


def test_labels_that_are_not_gone_to_are_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the one search meets the rare label by chance, the mark says that few draws tell it."""
    monkeypatch.setattr(deciding_turns, "_ROUNDS", 1)
    model = gm.Model(y=losses(*UNLIKE["one of many"], "sum"))
    found = [model.sample(N, seed=seed)["y"].mean() for seed in range(5)]
    assert not any(each.reliable for each in found)
    unmet = [each for each in found if each.value < 1.0]
    assert len(unmet) > 1
    assert {each.note for each in unmet} == {"unreliable: 1 rare event was not looked at"}


def test_one_label_where_there_is_no_time_for_a_second_search(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Draws that tell it badly are better than none."""
    monkeypatch.setattr(deciding_turns, "_ROUNDS", 1)
    labels = {"i": range(40)}
    hit = gm.where(normal(dim=labels) + normal(dim=labels) > 7, 1e6, 0.0)
    found = gm.Model(y=hit).sample(N)["y"].sel(i=7).mean()
    assert found.value > 0.0
    assert_true_value(found, 1e6 * stats.norm.sf(7 / math.sqrt(2)))


def test_labels_of_two_turns_do_not_count_twice() -> None:
    """A loss is doubled where a second turn is taken at the same label, which is rarer still."""
    labels = {"i": ["a", "b", "c"]}
    a, b = normal(dim=labels), normal(dim=labels)
    y = gm.where(a + b > 6, 1e6, 0.0) + gm.where(a + b > 7, 1e8, 0.0)
    result = gm.Model(y=y, total=y.sum("i")).sample(N)
    sd = math.sqrt(2)
    one = 1e6 * stats.norm.sf(6 / sd) + 1e8 * stats.norm.sf(7 / sd)
    for found, true in ((result["y"].sel(i="b").mean(), one), (result["total"].mean(), 3 * one)):
        assert found.reliable
        assert_true_value(found, true)
        assert found.error < 0.35 * true


@pytest.mark.parametrize("seed", range(3))
def test_a_shape_is_moved_by_what_is_rarer_than_it_may_be(seed: int) -> None:
    """The kurtosis of one event falls as its chance rises: at the most that the draws allow it is
    about that of one draw of the run. (1 - 6 p (1 - p)) / (p (1 - p)) + 6 of yes or no."""
    y = gm.where(normal() + normal() > 5.2, 30.0, 0.0) + normal(0, 0.1)
    p = stats.norm.sf(5.2 / math.sqrt(2))
    variance = 900 * p * (1 - p) + 0.01
    fourth = 30**4 * p * (1 - p) * (1 - 3 * p * (1 - p)) + 6 * 0.01 * 900 * p * (1 - p) + 3e-4
    found = gm.Model(y=y).sample(1 << 11, seed=seed)["y"].kurtosis()
    assert found.reliable
    assert_true_value(found, fourth / variance**2)
    assert found.error < 0.35 * found.value
