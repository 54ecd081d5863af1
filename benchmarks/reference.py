"""The reference model: what writing a share of all text costs, against developing the model.

Seven lines, four inputs; asked for are three percentiles of `cost` and of `ratio`. The true
percentiles of the ratio come from quadrature: given `price` it is lognormal.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

import numpy as np

import guessmodel as gm

PERCENTILES = (0.05, 0.5, 0.95)
TAILS = (0.05, 0.95)
HOURS = 24 * 365
_Z95 = 1.6448536269514722

Array = np.ndarray
Inputs = dict[str, tuple[float, float]]


def lognormal(low: float, high: float) -> tuple[float, float]:
    """mu and sigma of the lognormal with these 5th and 95th percentiles."""
    return math.log(low * high) / 2.0, math.log(high / low) / (2.0 * _Z95)


TOKENS = lognormal(1e8, 4e8)
PRICE = (10.0, 2.0 / _Z95)
TRAINING = lognormal(3e7, 1.5e8)
DEVELOPMENT = lognormal(4e6, 36e6)


def model() -> gm.Model:
    """The reference model."""
    tokens_per_day = gm.lognormal(1e8, 4e8)
    words = tokens_per_day * 0.75
    price = gm.normal(8, 12)
    training = gm.lognormal(3e7, 1.5e8)
    cost = training / words * price * 24 * 365
    development = gm.lognormal(4e6, 36e6)
    return gm.Model(
        tokens_per_day=tokens_per_day,
        words=words,
        price=price,
        training=training,
        cost=cost,
        development=development,
        ratio=cost / development,
    )


def asked(model: gm.Model, n: int, seed: int, method: str, threads: int) -> list[float]:
    """The whole answer: three percentiles of both outputs."""
    found = model.sample(n, seed=seed, method=method, threads=threads, quantities=["cost", "ratio"])
    return [e.value for name in ("cost", "ratio") for e in found[name].quantiles(*PERCENTILES)]


def drawn(model: gm.Model, n: int, seed: int, method: str, threads: int) -> list[float]:
    """The same from draws: all of them, and order statistics of both outputs."""
    from guessmodel.estimators import replicates as estimators

    found = model.sample(n, seed=seed, method=method, threads=threads, quantities=["cost", "ratio"])
    rows = [found[name].values.reshape(found.run.replicates, -1) for name in ("cost", "ratio")]
    return [e.value for each in rows for e in estimators.quantiles(each, PERCENTILES)]


def tails(model: gm.Model, n: int, seed: int) -> list[float]:
    """5th and 95th percentile of the ratio, by the best estimator."""
    found = model.sample(n, seed=seed, threads=1, quantities=["ratio"])
    return [estimate.value for estimate in found["ratio"].quantiles(*TAILS)]


def tails_pooled(model: gm.Model, n: int, seed: int) -> list[float]:
    """The same by order statistics of the draws alone."""
    from guessmodel.estimators import replicates as estimators

    found = model.sample(n, seed=seed, threads=1, quantities=["ratio"])
    rows = found["ratio"].values.reshape(found.run.replicates, found.run.size)
    return [estimate.value for estimate in estimators.quantiles(rows, TAILS)]


# --- truth ----------------------------------------------------------------------------------------


@lru_cache
def true_quantile(p: float) -> float:
    """Quantile of the ratio: bisection of E[Phi((ln t - mu - ln price) / sigma)] over the price,
    by Gauss and Hermite's rule with 120 nodes (SciPy and guessmodel have no part in it)."""
    mu = TRAINING[0] - TOKENS[0] - math.log(0.75) + math.log(HOURS) - DEVELOPMENT[0]
    sigma = math.hypot(TRAINING[1], TOKENS[1], DEVELOPMENT[1])
    z, weight = np.polynomial.hermite_e.hermegauss(120)
    price = PRICE[0] + PRICE[1] * z
    real = price > 0.0  # the others hold 1e-16 of the weight
    pairs = list(zip(price[real], weight[real] / weight.sum(), strict=True))
    low, high = math.log(1e-8), math.log(1e4)
    for _ in range(60):
        middle = (low + high) / 2.0
        below = sum(
            w * 0.5 * math.erfc(-(middle - mu - math.log(x)) / (sigma * math.sqrt(2.0)))
            for x, w in pairs
        )
        low, high = (middle, high) if below < p else (low, middle)
    return math.exp(low)


def plain_error(p: float, n: int) -> float:
    """Relative standard error of a quantile of n independent draws: sqrt(p (1 - p) / n) / (q f)."""
    step = 1e-4
    widening = (true_quantile(p + step) - true_quantile(p - step)) / (2.0 * step)
    return math.sqrt(p * (1.0 - p) / n) * widening / true_quantile(p)


# --- peers ----------------------------------------------------------------------------------------

Draws = Callable[[int, int], tuple[Array, Array]]


def numpy_plain() -> Draws:
    """As one writes it by hand."""

    def draw(n: int, seed: int) -> tuple[Array, Array]:
        rng = np.random.default_rng(seed)
        tokens = rng.lognormal(*TOKENS, n)
        words = tokens * 0.75
        price = rng.normal(*PRICE, n)
        training = rng.lognormal(*TRAINING, n)
        cost = training / words * price * 24 * 365
        return cost, cost / rng.lognormal(*DEVELOPMENT, n)

    return draw


def numpy_tuned() -> Draws:
    """The fastest generator, blocks that stay in the cache, no temporaries."""
    block = 1 << 14

    def draw(n: int, seed: int) -> tuple[Array, Array]:
        rng = np.random.Generator(np.random.SFC64(seed))
        cost, ratio = np.empty(n), np.empty(n)
        work, other = np.empty(block), np.empty(block)

        def lognormal(mu: float, sigma: float, out: Array) -> None:
            rng.standard_normal(out=out)
            out *= sigma
            out += mu
            np.exp(out, out=out)

        for start in range(0, n, block):
            c, r = cost[start : start + block], ratio[start : start + block]
            a, b = work[: c.size], other[: c.size]
            lognormal(*TRAINING, c)
            lognormal(*TOKENS, a)
            c /= a
            rng.standard_normal(out=b)
            b *= PRICE[1] * HOURS / 0.75
            b += PRICE[0] * HOURS / 0.75
            c *= b
            lognormal(*DEVELOPMENT, a)
            np.divide(c, a, out=r)
        return cost, ratio

    return draw


def squigglepy(*, both: bool = True) -> Draws:
    """Expressions, as in its documentation. Each sample draws all inputs again, so that its cost
    and its ratio do not belong together; for percentiles of one output that does not matter."""
    import squigglepy as sq

    cost = sq.lognorm(3e7, 1.5e8) / (sq.lognorm(1e8, 4e8) * 0.75) * sq.norm(8, 12) * 24 * 365
    ratio = cost / sq.lognorm(4e6, 36e6)

    def draw(n: int, seed: int) -> tuple[Array, Array]:
        sq.set_seed(seed)
        return sq.sample(cost, n=n) if both else np.empty(0), sq.sample(ratio, n=n)

    return draw


def probabilit(method: str | None = None) -> Draws:
    """The lazy graph; the inputs' draws stay on its nodes, and so does the cost."""
    from probabilit.modeling import Distribution

    def draw(n: int, seed: int) -> tuple[Array, Array]:
        def lognorm(mu: float, sigma: float) -> Distribution:
            return Distribution("lognorm", s=sigma, scale=math.exp(mu))

        price = Distribution("norm", loc=PRICE[0], scale=PRICE[1])
        cost = lognorm(*TRAINING) / (lognorm(*TOKENS) * 0.75) * price * 24 * 365
        ratio = cost / lognorm(*DEVELOPMENT)
        drawn = ratio.sample(n, random_state=seed, method=method)
        return cost.samples_, drawn

    return draw


def openturns() -> Draws:
    """A composite random vector with a symbolic function."""
    import openturns as ot

    inputs = ot.JointDistribution(
        [
            ot.LogNormal(*TOKENS, 0.0),
            ot.Normal(*PRICE),
            ot.LogNormal(*TRAINING, 0.0),
            ot.LogNormal(*DEVELOPMENT, 0.0),
        ]
    )
    cost = "t / (x * 0.75) * p * 24 * 365"
    function = ot.SymbolicFunction(["x", "p", "t", "d"], [cost, f"({cost}) / d"])

    def draw(n: int, seed: int) -> tuple[Array, Array]:
        ot.RandomGenerator.SetSeed(seed)
        found = np.asarray(function(inputs.getSample(n)))
        return found[:, 0], found[:, 1]

    return draw


def chaospy() -> Draws:
    """A joint distribution, sampled at random; arithmetic by NumPy."""
    import chaospy as cp

    joint = cp.J(
        cp.LogNormal(*TOKENS),
        cp.Normal(*PRICE),
        cp.LogNormal(*TRAINING),
        cp.LogNormal(*DEVELOPMENT),
    )

    def draw(n: int, seed: int) -> tuple[Array, Array]:
        tokens, price, training, development = joint.sample(n, rule="random", seed=seed)
        cost = training / (tokens * 0.75) * price * 24 * 365
        return cost, cost / development

    return draw


def numba() -> Draws:
    """One compiled loop; compilation is not counted."""
    from numba import njit

    (mt, st), (mp, sp), (mr, sr), (md, sd) = TOKENS, PRICE, TRAINING, DEVELOPMENT

    @njit
    def loop(n: int, seed: int) -> tuple[Array, Array]:
        np.random.seed(seed)  # noqa: NPY002
        cost, ratio = np.empty(n), np.empty(n)
        for i in range(n):
            words = math.exp(np.random.normal(mt, st)) * 0.75  # noqa: NPY002
            price = np.random.normal(mp, sp)  # noqa: NPY002
            training = math.exp(np.random.normal(mr, sr))  # noqa: NPY002
            cost[i] = training / words * price * 24 * 365
            ratio[i] = cost[i] / math.exp(np.random.normal(md, sd))  # noqa: NPY002
        return cost, ratio

    return loop


def monaco() -> Draws:
    """Case by case, as it works; its own samples are scrambled Sobol' points."""
    import monaco as mc
    from scipy import stats

    def preprocess(case: mc.Case) -> tuple[float, ...]:
        return tuple(case.invals[name].val for name in ("tokens", "price", "training", "dev"))

    def run(tokens: float, price: float, training: float, dev: float) -> tuple[float, float]:
        cost = training / (tokens * 0.75) * price * 24 * 365
        return cost, cost / dev

    def postprocess(case: mc.Case, cost: float, ratio: float) -> None:
        case.addOutVal("cost", cost)
        case.addOutVal("ratio", ratio)

    functions = {"preprocess": preprocess, "run": run, "postprocess": postprocess}

    def draw(n: int, seed: int) -> tuple[Array, Array]:
        sim = mc.Sim("reference", n, functions, seed=seed, verbose=False)
        for name, (mu, sigma) in (("tokens", TOKENS), ("training", TRAINING), ("dev", DEVELOPMENT)):
            sim.addInVar(name, stats.lognorm, {"s": sigma, "scale": math.exp(mu)})
        sim.addInVar("price", stats.norm, {"loc": PRICE[0], "scale": PRICE[1]})
        sim.runSim()
        return np.array(sim.outvars["cost"].nums), np.array(sim.outvars["ratio"].nums)

    return draw


def percentiles(draws: Draws, n: int, seed: int) -> list[float]:
    """The whole answer from draws, by NumPy's percentiles."""
    return [float(x) for part in draws(n, seed) for x in np.quantile(part, PERCENTILES)]


def by_partitions(draws: Draws, n: int, seed: int) -> list[float]:
    """The same by one selection for each percentile, which is faster than `np.quantile`."""
    ranks = [round(p * (n - 1)) for p in PERCENTILES]
    return [float(np.partition(part, k)[k]) for part in draws(n, seed) for k in ranks]


def ratio_tails(draws: Draws, n: int, seed: int) -> list[float]:
    """5th and 95th percentile of the ratio alone."""
    return [float(x) for x in np.quantile(draws(n, seed)[1], TAILS)]
