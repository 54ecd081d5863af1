"""A model that uses every documented form once; .ci/run type-checks it with mypy --strict."""

from typing import TYPE_CHECKING

import numpy as np
import xarray

import guessmodel as gm

gm.unit("widget")

price = gm.lognormal(5, 10, "USD/hour", doc="a price", source="a shop")
"""A description."""
wide = gm.lognormal(mean=3, sd=1, unit="USD/hour")
log = gm.lognormal(mu=0, sigma=1)
points = gm.lognormal(quantiles={0.1: 3, 0.5: 5})
narrow = gm.normal(8, 12, "USD/hour", mass=0.5)
hours = gm.normal(mean=100, sd=10, unit="hour")
level = gm.normal(mean=hours, sd=1.0, unit="hour")
spans = gm.lognormal({"a": (1, 2), "b": (3, 9), "c": None}, dim="case")
growth = gm.normal({2024: (1, 2), 2025: (2, 4)}, dim="year", shared="year")
table = gm.constant(xarray.DataArray([1.0, 2.0, 3.0], [("case", ["a", "b", "c"])]), "widget")
rate = gm.constant("3 percent")
families = [
    gm.uniform(0, 1),
    gm.loguniform(1, 10),
    gm.triangular(0, 4, mode=1),
    gm.triangular(quantiles={0.1: 1, 0.9: 4}, mode=2),
    gm.arcsine(0, 4),
    gm.hurdle(gm.poisson(2), 0.3),
    gm.pool({"a": gm.normal(1, 2), "b": gm.normal(2, 3)}, method="log"),
    gm.double_triangular(0, 4, mode=1),
    gm.pert(0, 4, mode=1),
    gm.beta(alpha=2, beta=3),
    gm.gamma(shape=2, scale=3),
    gm.inverse_gamma(shape=3, scale=3),
    gm.exponential(mean=2),
    gm.weibull(shape=2, scale=3),
    gm.student_t(df=5),
    gm.cauchy(location=0, scale=1),
    gm.logistic(location=0, scale=1),
    gm.pareto(scale=1, shape=3),
    gm.chi2(df=3),
    gm.f(df1=3, df2=5),
    gm.metalog(p5=1, p50=3, p95=9, lower=0),
    gm.bernoulli(0.3),
    gm.binomial(10, p=0.3),
    gm.poisson(mean=3),
    gm.geometric(p=0.3),
    gm.negative_binomial(successes=3, p=0.5),
    gm.mixture([0, 1, gm.lognormal(1, 3)], [0.6, 0.2, 0.2]),
    gm.truncated(gm.normal(0, 1), lower=0),
    gm.zero_inflated(gm.lognormal(1, 3), 0.3),
]
shares = gm.dirichlet({"a": 2, "b": 3}, dim="part")
share = gm.uniform(0.2, 0.4)
way = gm.categorical({"a": 0.2, "b": 1 - share, "c": share - 0.2})
drawn = gm.categorical(shares, "part", dim={"year": [1, 2]})
data = gm.empirical([1.0, 2.0, 3.0])

sums = price + wide - 0 + (-narrow) + (+price) + abs(price)
products = 2 * price * hours / 3 // gm.constant(1, "USD") % 7
powers = hours**2 / gm.sqrt(hours**2)
rounded = round(hours, 1) + gm.ceil(hours) + gm.floor(hours) + gm.trunc(hours) + gm.round(hours)
cost = (price * hours).to("USD")
dear = (cost > gm.constant(900, "USD")) & (price != 0) | ~(price >= narrow) ^ (price <= wide)
same = (price == price) & (price < wide)
chosen = gm.where(dear, price, wide)
kept = gm.filtered(price * wide, low=0, high=gm.parse("5 to 9 USD**2/hour**2"))
worth = gm.finance.npv(rate, -price, price, wide) + gm.finance.pv(0.05, price, 3)
bounded = gm.clip(gm.maximum(gm.minimum(price, wide), 0), 0, narrow)
transformed = gm.exp(-log) + gm.log(log) + gm.log10(log) + gm.log2(log) + gm.log1p(log)
waves = gm.sin(log) + gm.cos(log) + gm.tan(log) + gm.tanh(log) + gm.sign(log) + gm.expm1(log)
from_numpy = np.exp(log) + np.maximum(log, 1)
taxed = gm.apply(lambda x: x * 1.2, cost, unit="USD")
both = gm.stack({"first": price, "second": wide}, dim="which")
total = spans.sum("case") + spans.mean("case") + spans.min("case") + spans.max("case")
running = growth.cumsum("year") + growth.cumprod("year") + growth.shift(year=1, fill=0)
picked = spans.sel(case="a") + spans.isel(case=1) + growth.prod("year")
best = spans.idxmin("case") == "a"
late = growth.idxmax("year") > 2024
kept = price.where(price > narrow, 0)

gm.claim(cost, mean="700 USD", rtol=0.5, note="a claim of this test, about nothing")

if TYPE_CHECKING:  # what a type checker must refuse: an ignored line without an error is one
    gm.pareto(1, 2, nmae="a")  # type: ignore[call-arg]
    gm.pareto(1, 2, doc=3)  # type: ignore[arg-type]
    gm.truncated(gm.normal(0, 1), 0, shared="x")  # type: ignore[call-arg]
