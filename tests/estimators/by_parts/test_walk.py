"""Moments of quantities from those of their parts, against closed forms and against draws."""

import math
import random
from collections.abc import Callable

import pytest
from scipy import integrate, stats

import guessmodel as gm
from guessmodel.estimators import replicates, shape
from guessmodel.estimators.stratified import Stratum

Build = Callable[[], gm.Quantity]


def lognormal(mu: float, sigma: float) -> gm.Quantity:
    return gm.lognormal(mu=mu, sigma=sigma)


def raw_lognormal(mu: float, sigma: float) -> list[float]:
    return [math.exp(k * mu + (k * sigma) ** 2 / 2) for k in range(5)]


def raw(known: object) -> list[float]:
    return [1.0, *(float(known.moment(k)) for k in range(1, 5))]  # type: ignore[attr-defined]


def plus(x: list[float], y: list[float]) -> list[float]:
    return [sum(math.comb(k, j) * x[j] * y[k - j] for j in range(k + 1)) for k in range(5)]


def times(*several: list[float]) -> list[float]:
    return [math.prod(each) for each in zip(*several, strict=True)]


def mixed(p: float, x: list[float], y: list[float]) -> list[float]:
    return [p * a + (1 - p) * b for a, b in zip(x, y, strict=True)]


def statistics(moments: list[float]) -> tuple[float, float, float]:
    """Standard deviation, skewness and kurtosis."""
    _, m, m2, m3, m4 = moments
    second = m2 - m * m
    third, fourth = m3 - 3 * m * m2 + 2 * m**3, m4 - 4 * m * m3 + 6 * m * m * m2 - 3 * m**4
    return math.sqrt(second), third / second**1.5, fourth / second**2


GAMMA, BETA, NORMAL = stats.gamma(2, scale=1.5), stats.beta(2, 5), stats.norm(3, 1)
UNIFORM = stats.uniform(1, 2)


def gamma() -> gm.Quantity:
    return gm.gamma(shape=2, scale=1.5)


def beta() -> gm.Quantity:
    return gm.beta(alpha=2, beta=5)


def normal() -> gm.Quantity:
    return gm.normal(mean=3, sd=1)


def uniform() -> gm.Quantity:
    return gm.uniform(1, 3)


def tariff() -> gm.Quantity:
    return gm.interpolate(gm.uniform(0, 4), {0: 1, 1: 2, 4: 2}, beyond="hold") * gamma()


def of_tariff() -> list[float]:
    """From 1 to 2 on the first of four parts, then 2."""
    curve = [0.25 * (2 ** (k + 1) - 1) / (k + 1) + 0.75 * 2**k for k in range(5)]
    return times(curve, raw(GAMMA))


ROWS: list[tuple[Build, list[float]]] = [
    (
        lambda: lognormal(0, 0.8) * gamma() * beta(),
        times(raw_lognormal(0, 0.8), raw(GAMMA), raw(BETA)),
    ),
    (
        lambda: 2 * gamma() - normal() + 5,
        plus(times([2.0**k for k in range(5)], raw(GAMMA)), raw(stats.norm(2, 1))),
    ),
    (
        lambda: lognormal(0, 0.5) / uniform(),
        times(
            raw_lognormal(0, 0.5), [1, math.log(3) / 2, 1 / 3, (1 - 1 / 9) / 4, (1 - 1 / 27) / 6]
        ),
    ),
    (lambda: gm.sqrt(lognormal(0, 1) * gamma()) ** 2, times(raw_lognormal(0, 1), raw(GAMMA))),
    (
        lambda: (lognormal(0, 1) * uniform()) ** 0.5,
        times(raw_lognormal(0, 0.5), [(3 ** (1 + k / 2) - 1) / (2 + k) for k in range(5)]),
    ),
    (
        lambda: gm.exp(gm.normal(mean=0, sd=0.5) - 2 * gm.uniform(0, 1)),
        times(raw_lognormal(0, 0.5), [1, *((1 - math.exp(-2 * k)) / (2 * k) for k in range(1, 5))]),
    ),
    (
        lambda: gm.where(gm.bernoulli(0.2), lognormal(1, 0.5), uniform()),
        mixed(0.2, raw_lognormal(1, 0.5), raw(UNIFORM)),
    ),
    (
        lambda: gm.bernoulli(0.02) * gamma() + normal(),
        plus(mixed(0.02, raw(GAMMA), [1.0, 0, 0, 0, 0]), raw(NORMAL)),
    ),
    (lambda: gm.poisson(3) * lognormal(0, 0.4), times([1, 3, 12, 57, 309], raw_lognormal(0, 0.4))),
    (
        lambda: gm.normal(mean=gamma(), sd=lognormal(0, 0.3)),
        plus(raw(GAMMA), times(raw_lognormal(0, 0.3), raw(stats.norm()))),
    ),
    (
        lambda: gm.gamma(shape=2, scale=1.5, dim={"k": range(3)}).sum("k"),
        raw(stats.gamma(6, scale=1.5)),
    ),
    (
        lambda: gm.uniform(1, 3, dim={"k": range(2)}).cumprod("k").sel(k=1),
        times(raw(UNIFORM), raw(UNIFORM)),
    ),
    (
        lambda: gm.maximum(gm.exponential(mean=1) - 1, 0) * beta(),
        times([1, *(math.factorial(k) * math.exp(-1) for k in range(1, 5))], raw(BETA)),
    ),
    (tariff, of_tariff()),
]


@pytest.mark.parametrize("row", range(len(ROWS)))
def test_exact(row: int) -> None:
    build, moments = ROWS[row]
    result = build().sample(64)
    for found, true in zip(
        (result.sd(), result.skewness(), result.kurtosis()), statistics(moments), strict=True
    ):
        assert found.is_exact
        assert found.value == pytest.approx(true, rel=1e-8, abs=1e-9)


def test_units_and_temperatures() -> None:
    total = gm.uniform(1, 3, "km") * 2 + gm.exponential(mean=500, unit="m")
    assert str(total.sample(64).sd()) == f"{math.hypot(2 / 3**0.5, 0.5):.4g} km"
    warm = gm.uniform(10, 20, "degC").to("kelvin")
    assert warm.sample(64).sd().value == pytest.approx(10 / 12**0.5)


@pytest.mark.parametrize(
    "build",
    [
        lambda x: x * gm.normal(mean=2, sd=1) - x * gm.uniform(0, 1),  # a draw that is met twice
        lambda x: gm.maximum(x, gm.uniform(0, 3)),
        lambda x: gm.apply(lambda a: a * 2.0, x) + gm.uniform(0, 1),
    ],
)
def test_what_is_not_known_is_drawn(build: Callable[[gm.Quantity], gm.Quantity]) -> None:
    assert not build(gamma()).sample(1024).sd().is_exact


TWENTY: list[Build] = [
    lambda: gm.constant(20),
    lambda: gm.constant(100) / gm.constant(5),
    lambda: gm.ceil(gm.constant(97) / 5),
    lambda: gm.exp(gm.log(gm.constant(20))),
    lambda: gm.where(gm.constant(2) > 1, gm.constant(19) + 1, 3),
    lambda: gm.where(gm.constant(2) > 3, 3, gm.constant(19) + 1),
    lambda: gm.constant({"a": 8, "b": 12}, dim="k").sum("k"),
    lambda: gm.constant({"a": 8, "b": 20}, dim="k").max("k"),
    lambda: gm.constant({"a": 4, "b": 5}, dim="k").cumprod("k").sel(k="b"),
    lambda: gm.constant(2, "km") / gm.constant(100, "m"),
    lambda: gm.apply(lambda x: 2.0 * x, gm.constant(10)),
]
"""20, by what is done with constants."""


@pytest.mark.parametrize("constant", range(len(TWENTY)))
@pytest.mark.parametrize("order", [2, 4])
def test_constants_are_what_they_come_to(constant: int, order: int) -> None:
    twenty = TWENTY[constant]()
    total = gm.gamma(shape=2, scale=1.5) + gm.beta(alpha=2, beta=5)
    sd, skewness, kurtosis = statistics(plus(raw(GAMMA), raw(BETA)))
    for made, size, turned in (
        (twenty * total, 20.0, 1.0),
        (total / twenty, 0.05, 1.0),
        (3 - twenty * total, 20.0, -1.0),
        (total * twenty**2.0, 400.0, 1.0),
    ):
        result = gm.Model(y=made).sample(1 << 12)["y"]
        asked = (result.sd(),) if order == 2 else (result.skewness(), result.kurtosis())
        known = (size * sd,) if order == 2 else (turned * skewness, kurtosis)
        for found, true in zip(asked, known, strict=True):
            assert found.value == pytest.approx(true, rel=1e-8 if found.is_exact else 0.05)


def test_what_cancels_has_no_spread() -> None:
    x = gamma()
    assert gm.Model(y=gm.sin(x) ** 2 + gm.cos(x) ** 2).sample(256)["y"].sd().value == 0.0
    assert (x * 3 / x / 3).sample(256).skewness().note == "a constant has no shape"


def test_what_no_draw_can_come_near_does_not_count() -> None:
    # 1/X of a normal variable 9 deviations above 0 has moments, up to a probability of 1e-16.
    moments = [
        integrate.quad(lambda z, k=k: stats.norm.pdf(z) * (9 + z) ** -k, -8.2, 8.2)[0]
        for k in (1, 2)
    ]
    found = (1 / gm.normal(mean=9, sd=1)).sample(256).sd()
    assert found.value == pytest.approx((moments[1] - moments[0] ** 2) ** 0.5, rel=1e-6)
    assert not (1 / gm.normal(mean=4, sd=1)).sample(256).sd().is_exact


def test_draws_that_are_dropped_are_left_to_the_draws() -> None:
    assert gm.filtered(normal(), low=2).sample(256).sd().estimator == "replicates"


def test_correlated_draws_are_sampled_together() -> None:
    a, b = gm.lognormal(1, 2, name="a"), gm.gamma(shape=2, scale=1, name="b")
    a, b = gm.correlate([a, b], rank=0.5)
    assert not (a + b).sample(256).sd().is_exact


def expression(r: random.Random, pool: list[gm.Quantity], depth: int) -> gm.Quantity:
    if depth == 0:
        return r.choice(pool)
    x, y = expression(r, pool, depth - 1), expression(r, pool, depth - 1)
    return r.choice(
        [
            lambda: x + y,
            lambda: x - 2 * y,
            lambda: x * y,
            lambda: x / (gm.abs(y) + 1),
            lambda: gm.maximum(x, y),
            lambda: gm.where(gm.bernoulli(0.4), x, y),
            lambda: gm.exp(-0.3 * gm.abs(x) + 0.1 * r.choice(pool)),
            lambda: gm.sqrt(gm.abs(x) * r.choice(pool) ** 2),
            lambda: gm.clip(x, 0, 1.5) + y,
            lambda: (x > 1) * y,
            lambda: gm.normal(mean=x, sd=gm.abs(y) + 0.1),
        ]
    )()


def test_random_graphs_agree_with_their_draws() -> None:
    """Of 40 graphs moments from parts and from many independent draws differ by no more than 6 of
    their errors together; most of the first are exact, or have far smaller errors."""
    compared = exact = 0
    for seed in range(40):
        r = random.Random(seed)
        inputs = (
            uniform, normal, gamma, beta, lambda: lognormal(0, 0.3), lambda: gm.poisson(3),
            lambda: gm.exponential(mean=1), lambda: gm.bernoulli(0.3),
            lambda: gm.ceil(gm.constant(3.2) / 2),
        )  # fmt: skip
        pool = [r.choice(inputs)() for _ in range(3)]
        y = gm.Model(y=expression(r, pool, r.choice([1, 2, 3])))
        result = y.sample(2048, seed=seed)["y"]
        if result.closed is not None:
            continue
        rows = y.sample(1 << 15, seed=seed, method="random")["y"].values.reshape(8, -1)
        counted = (replicates.sd(rows), shape.skewness([Stratum(1.0, rows)]))
        for found, other in zip((result.sd(), result.skewness()), counted, strict=True):
            if math.isnan(found.value) or not (found.reliable and other.reliable):
                continue
            compared, exact = compared + 1, exact + found.is_exact
            error = math.hypot(found.error, other.error)
            assert abs(found.value - other.value) <= 3.6 * error + 1e-9 * abs(other.value), seed
    assert compared > 50
    assert exact > 10
