"""Conditions that are combined, and hardly ever hold together: `&`, products, counts, windows.
Against closed forms."""

import math
from collections.abc import Callable

import pytest
from scipy import integrate, stats
from turning import assert_told, excess, normal

import guessmodel as gm
from guessmodel.graph.quantity import Quantity


def of_conditions_within_each_other() -> tuple[Quantity, float]:
    """X beyond t, as another is on the other side of -t and a third beyond: of X phi(t)."""
    a, b, c = (normal() for _ in range(3))
    value = gm.where(a > 2, gm.where(b < -2, 1e6 * gm.where(c > 2, a, 0), 0), 0) + a * c
    return value, 1e6 * stats.norm.pdf(2) * stats.norm.sf(2) ** 2


def of_the_other_branches() -> tuple[Quantity, float]:
    a, b, y = normal(), normal(), normal(1, 0.1)
    p = stats.norm.sf(2.7)
    return gm.where(a < 2.7, 0, gm.where(b < 2.7, 1, 1e6)) * y + y, 1 + p * (1 - p + 1e6 * p)


def of_a_product_of_conditions() -> tuple[Quantity, float]:
    """Of E exp(A) beyond t as if A were 1 larger (Girsanov)."""
    a, b, c = (normal() for _ in range(3))
    value = gm.where(a > 2.2, gm.exp(a), 0) * gm.where(b > 2.2, 1e6, 0) * (c < -2.2) + a * b
    return value, 1e6 * math.exp(0.5) * stats.norm.sf(1.2) * stats.norm.sf(2.2) ** 2


def of_a_product_of_excesses() -> tuple[Quantity, float]:
    a, b = normal(), normal()
    value = gm.maximum(a - 2.3, 0) * gm.maximum(b - 2.3, 0) * 1e6 + a * b
    return value, 1e6 * excess(-2.3, 1) ** 2


def of_a_window() -> tuple[Quantity, float]:
    """Of one draw: x phi(x) between two values is what phi falls by."""
    x, y = normal(), normal(2, 0.1)
    fall = stats.norm.pdf(0.5) - stats.norm.pdf(0.5001)
    return gm.where((x > 0.5) & (x < 0.5001), 1e6, 0) * x * y + y * y, 2e6 * fall + 4.01


def of_a_window_within_a_rare_event() -> tuple[Quantity, float]:
    """A draw is beyond the limit in 1 of 700, and so near it in 1 of 200 million."""
    x, y = normal(), normal(2, 0.1)
    p = 1e-6 * stats.norm.pdf(3 + 5e-7)
    return gm.where((x > 3) & (x < 3 + 1e-6), 1e9, 0) * y + y * y, 2e9 * p + 4.01


def of_rare_events_together() -> tuple[Quantity, float]:
    """Each alone has draws of its own, of which none has the other. A is of both signs."""
    a, b = normal(), normal()
    both = stats.norm.pdf(4.2) * stats.norm.sf(3.1)
    return gm.where((a > 4.2) & (b > 3.1), 1e8, 0) * a + a * normal(1) + 5, 1e8 * both + 5


def of_all_labels() -> tuple[Quantity, float]:
    a = normal(dim={"i": range(4)})
    return (a > 1.8).prod("i") * 1e6 + normal(2, 0.1) ** 2, 1e6 * stats.norm.sf(1.8) ** 4 + 4.01


def of_a_number_of_labels() -> tuple[Quantity, float]:
    """Five of eight, by the binomial distribution."""
    a = gm.exponential(mean=1, dim={"i": range(8)})
    p = stats.binom.sf(4, 8, math.exp(-4))
    return gm.where((a > 4).sum("i") >= 5, 1e6, 0) + normal(1, 0.1), 1e6 * p + 1


def of_yes_and_no() -> tuple[Quantity, float]:
    """Each is met often."""
    a, b, c = gm.bernoulli(0.01), gm.bernoulli(0.01), gm.bernoulli(0.005)
    return (a & b & c) * 1e7 + normal(2, 0.1) ** 2, 5 + 4.01


def of_two_of_three_failures() -> tuple[Quantity, float]:
    """Valves that are shut one by one in maintenance: 2 of 3 stand still."""
    a, b, c = (gm.bernoulli(p) for p in (0.001, 0.002, 0.003))
    p = 2e-6 + 3e-6 + 6e-6 - 2 * 6e-9
    return gm.where(a + b + c >= 2, 1e6, 0) * gm.uniform(0.5, 1.5), 1e6 * p


def of_draws_that_are_correlated() -> tuple[Quantity, float]:
    """Of yes and no, a rank correlation is the linear one: it tells how likely both are."""
    a, b = gm.correlate([gm.bernoulli(0.02), gm.bernoulli(0.01)], rank=-0.01)
    p = 0.02 * 0.01 - 0.01 * math.sqrt(0.02 * 0.98 * 0.01 * 0.99)
    return gm.where(a & b, 1e7, 0) + normal(1, 0.1), 1e7 * p + 1


def of_what_is_left_of_chances() -> tuple[Quantity, float]:
    """A product of conditions with what varies: the share that is left of two that hardly stand."""
    a, b, y = gm.bernoulli(0.98), gm.bernoulli(0.995), gm.lognormal(mu=0, sigma=0.5)
    c = gm.bernoulli(0.01)
    true = math.exp(0.125) * (1 + 1e7 * 0.02 * 0.005 * 0.01)
    return (1 - a) * (1 - b) * c * y * 1e7 + y, true


def of_a_label_that_is_hardly_ever_the_largest() -> tuple[Quantity, float]:
    """(max(U, X) - U) U of a uniform and a lognormal variable, by an integral of E (X - u)+."""
    first, far = gm.uniform(4, 5), gm.lognormal(mu=-6, sigma=2)
    each = gm.stack({"a": first, "b": gm.uniform(2, 3), "c": far}, "i")

    def above(u: float) -> float:
        z = (math.log(u) + 6) / 2
        return math.exp(-4) * stats.norm.sf(z - 2) - u * stats.norm.sf(z)

    true, _ = integrate.quad(lambda u: u * above(u), 4, 5)
    return (each.max("i") - first) * first, true


def of_the_smaller_of_two_conditions() -> tuple[Quantity, float]:
    a, b, c = (normal() for _ in range(3))
    p = stats.norm.sf(2.4) * stats.norm.sf(3 / math.sqrt(2))
    return gm.minimum(a > 2.4, b - c > 3) * 1e6 + normal(1, 0.1), 1e6 * p + 1


def of_a_sum_of_labelled_counts() -> tuple[Quantity, float]:
    """Poisson of mean 0.12: from each number of them to the next it is a long way."""
    total = gm.poisson(0.02, dim={"i": range(6)}).sum("i")
    return gm.where(total >= 5, 1e7, 0) * gm.uniform(0, 2), 1e7 * stats.poisson(0.12).sf(4)


CASES = [value for name, value in dict(globals()).items() if name.startswith("of_")]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
@pytest.mark.parametrize("n", [1 << 12, 1 << 16])
def test_means(case: Callable[[], tuple[Quantity, float]], n: int) -> None:
    assert_told(*case(), n)


KEEPING_ZERO: dict[str, tuple[Callable[[Quantity], Quantity], float]] = {
    "root": (lambda x: gm.sqrt(x), 0.5),
    "quotient": (lambda x: x / 0.001, 1.0),
    "absolute": (lambda x: abs(-x), 1.0),
    "cube": (lambda x: x**3, 3.0),
    "root of a quotient": (lambda x: gm.sqrt(abs(x) / 0.001), 0.5),
}


@pytest.mark.parametrize("name", KEEPING_ZERO)
def test_what_is_0_where_its_operand_is_hides_no_condition(name: str) -> None:
    """Each factor is other than 0 in 1 of 100 draws: an excess, whose mean is that of all, and a
    loss that is exponential. E[X^k] of an exponential number is Γ(k + 1)."""
    function, power = KEEPING_ZERO[name]
    scale = {"quotient": 1000.0, "root of a quotient": math.sqrt(1000.0)}.get(name, 1.0)
    excess = gm.maximum(gm.exponential(mean=1) - math.log(100.0), 0)
    loss = gm.where(gm.exponential(mean=1) > math.log(100.0), gm.exponential(mean=1), 0)
    true = 1e-4 * scale * math.gamma(power + 1.0)
    for seed in range(3):
        found = gm.Model(y=excess * function(loss)).sample(4096, seed=seed)["y"].mean()
        assert abs(found.value - true) < max(4.0 * found.error, 1e-9 * true)
        assert found.error < 0.5 * true
