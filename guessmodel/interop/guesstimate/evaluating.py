"""A sheet's draws by the original's sampling rules, by NumPy alone.

It is there to be compared with the model that was written from the same sheet. The two have the
parser in common, and nothing that computes. A draw that a filter drops is nan, and so is what is
made of it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias, final

import numpy as np
from numpy.typing import NDArray

from guessmodel.interop.guesstimate.cells import Data, Point, Proportion, Range
from guessmodel.interop.guesstimate.formulas import Applied, Items, Node, Number, Reference
from guessmodel.interop.guesstimate.sheet import Entry, Sheet

__all__ = ["draws_of"]

Array: TypeAlias = NDArray[np.float64]

_TO_P95: Final = 1.645


def draws_of(sheet: Sheet, count: int, generator: np.random.Generator) -> dict[str, Array]:
    """Draws of each cell, so many, by its id."""
    evaluator = _Evaluator(count, generator)
    with np.errstate(all="ignore"):
        for entry in sheet.entries:
            found = evaluator.cell(entry)
            lost = np.isnan(found)
            if lost.any():
                evaluator.lost[entry.cell.id] = lost
            evaluator.draws[entry.cell.id] = found
    return evaluator.draws


@final
class _Evaluator:
    def __init__(self, count: int, generator: np.random.Generator) -> None:
        self.count = count
        self.random = generator
        self.draws: dict[str, Array] = {}
        self.lost: dict[str, NDArray[np.bool_]] = {}  # draws of those cells that have no value

    def cell(self, entry: Entry) -> Array:
        value = entry.value
        if isinstance(value, Point):
            return np.full(self.count, value.original)
        if isinstance(value, Range):
            return self._range(value.family, value.low.original, value.high.original)
        if isinstance(value, Proportion):
            hits, total = value.hits.original, value.total.original
            return self.random.beta(2.0 * hits, 2.0 * (total - hits), self.count)
        if isinstance(value, Data):
            return np.resize(np.array(value.values), self.count)
        assert entry.node is not None
        result = self.value(entry.node)
        for id in entry.inputs:  # a draw of which any input was dropped is dropped
            if id in self.lost:
                result = np.where(self.lost[id], np.nan, result)
        return np.asarray(result, dtype=np.float64)

    def _range(self, family: str, low: float, high: float) -> Array:
        if family == "uniform":
            return self.random.uniform(low, high, self.count)
        if family == "lognormal" and low <= 0.0:
            family = "normal"
        if family == "lognormal":
            low, high = math.log(low), math.log(high)
        centre = 0.5 * (low + high)
        drawn = centre + (high - centre) / _TO_P95 * self.random.standard_normal(self.count)
        return np.exp(drawn) if family == "lognormal" else drawn

    def value(self, node: Node) -> Array:
        if isinstance(node, Number):
            return np.full(self.count, node.value)
        if isinstance(node, Reference):
            return self.draws[node.cell]
        if isinstance(node, Items):
            return np.full(self.count, np.nan)
        if node.name in ("scenarios", "pickRandom"):
            return self._scenarios(node)
        parts = [x for each in node.arguments for x in self._flat(each)]
        if node.name in _SAMPLED:
            return self._sampled(_SAMPLED[node.name], parts)
        found = np.asarray(_COMPUTED[node.name](*parts), dtype=np.float64)
        return found if found.shape == (self.count,) else np.resize(found, self.count)

    def _flat(self, node: Node) -> list[Array]:
        nodes = node.items if isinstance(node, Items) else (node,)
        return [self.value(each) for each in nodes]

    def _sampled(self, sample: Sampler, parts: Sequence[Array]) -> Array:
        """Draws of a family; where its parameters are impossible there are none."""
        missing = np.isnan(np.sum(np.broadcast_arrays(0.0, *parts), axis=0))
        try:
            drawn = sample(self.random, self.count, *parts)
        except ValueError:
            return np.full(self.count, np.nan)
        return np.where(missing, np.nan, drawn)

    def _scenarios(self, node: Applied) -> Array:
        values = np.array(self._flat(node.arguments[0]))
        weights = np.ones_like(values)
        if len(node.arguments) > 1:
            weights = np.array(self._flat(node.arguments[1]))
        edges = np.cumsum(weights / weights.sum(axis=0), axis=0)
        chosen = np.sum(self.random.random(self.count) >= edges, axis=0)
        picked = np.minimum(chosen, len(values) - 1)
        found: Array = np.take_along_axis(values, picked[None, :], axis=0)[0]
        return found


Sampler: TypeAlias = Callable[..., Array]
Random: TypeAlias = np.random.Generator


def _triangular(r: Random, n: int, low: Array, high: Array, mode: Array | None = None) -> Array:
    mode = (low + high) / 2.0 if mode is None else mode
    u = r.random(n)
    up = low + np.sqrt(u * (high - low) * (mode - low))
    down = high - np.sqrt((1.0 - u) * (high - low) * (high - mode))
    return np.where(u < (mode - low) / (high - low), up, down)


def _double_triangular(
    r: Random, n: int, low: Array, high: Array, mode: Array | None = None
) -> Array:
    mode = (low + high) / 2.0 if mode is None else mode
    u = r.random(n)
    below = low + (mode - low) * np.sqrt(2.0 * u)
    return np.where(u <= 0.5, below, high - (high - mode) * np.sqrt(2.0 * (1.0 - u)))


def _pert(
    r: Random,
    n: int,
    low: Array,
    high: Array,
    mode: Array | None = None,
    weight: Array | float = 4.0,
) -> Array:
    mode = (low + high) / 2.0 if mode is None else mode
    alpha = 1.0 + weight * (mode - low) / (high - low)
    beta = 1.0 + weight * (high - mode) / (high - low)
    return low + (high - low) * r.beta(alpha, beta, n)


def _bernoulli(r: Random, n: int, p: Array, *ignored: Array) -> Array:
    return np.asarray(r.random(n) < p, dtype=np.float64)


def _binomial(r: Random, n: int, trials: Array, p: Array) -> Array:
    whole = np.ceil(np.nan_to_num(trials)).astype(np.int64)
    return r.binomial(whole, np.nan_to_num(p), n).astype(np.float64)


def _negative_binomial(r: Random, n: int, successes: Array, p: Array) -> Array:
    """Poisson with a gamma mean: mean r p / (1 - p)."""
    return r.poisson(r.gamma(successes, p / (1.0 - p), n)).astype(np.float64)


def _uniform(r: Random, n: int, *ends: Array) -> Array:
    whole = [np.zeros(n)] * (len(ends) < 2) + list(ends) + [np.ones(n)] * (len(ends) < 1)
    low, high = whole
    return np.asarray(low + (high - low) * r.random(n))


def _student(r: Random, n: int, df: Array) -> Array:
    return r.standard_normal(n) / np.sqrt(r.chisquare(df, n) / df)


_SAMPLED: Final[Mapping[str, Sampler]] = {
    "normal": lambda r, n, mean, sd: mean + sd * r.standard_normal(n),
    "lognormal": lambda r, n, mu, sigma: np.exp(mu + sigma * r.standard_normal(n)),
    "uniform": _uniform,
    "beta": lambda r, n, a, b: r.beta(a, b, n),
    "gamma": lambda r, n, shape, scale: scale * r.standard_gamma(shape, n),
    "invgamma": lambda r, n, shape, scale: scale / r.standard_gamma(shape, n),
    "exponential": lambda r, n, rate: -np.log1p(-r.random(n)) / rate,
    "weibull": lambda r, n, scale, shape: scale * (-np.log1p(-r.random(n))) ** (1.0 / shape),
    "cauchy": lambda r, n, loc, scale: loc + scale * np.tan(np.pi * (r.random(n) - 0.5)),
    "chisquare": lambda r, n, df: r.chisquare(df, n),
    "studentt": _student,
    "centralF": lambda r, n, d1, d2: (r.chisquare(d1, n) / d1) / (r.chisquare(d2, n) / d2),
    "triangular": _triangular,
    "doubleTriangular": _double_triangular,
    "PERT": _pert,
    "bernoulli": _bernoulli,
    "if": _bernoulli,
    "test": _bernoulli,
    "binomial": _binomial,
    "poisson": lambda r, n, rate: r.poisson(rate, n).astype(np.float64),
    "negBinomial": _negative_binomial,
    "random": _uniform,
    "randomInt": lambda r, n, a, b: np.floor(a + (b - a) * r.random(n)),
}


# --- what is computed ----------------------------------------------------------------------------


def _truth(result: NDArray[np.bool_], *operands: Array) -> Array:
    """1 and 0, and nan where an operand is."""
    lost = np.isnan(np.sum(np.broadcast_arrays(0.0, *operands), axis=0))
    return np.where(lost, np.nan, result)


def _compared(ufunc: Callable[[Array, Array], NDArray[np.bool_]]) -> Callable[..., Array]:
    return lambda x, y: _truth(ufunc(x, y), x, y)


def _choice(test: Array, yes: Array, no: Array) -> Array:
    return np.where(np.isnan(test), np.nan, np.where(test != 0.0, yes, no))


def _to_cents(x: Array) -> Array:
    """To two decimals; halves are rounded up."""
    return np.asarray(np.floor(x * 100.0 + 0.5) / 100.0)


def _round_away(x: Array, digits: Array | float = 0.0) -> Array:
    scale = 10.0 ** np.asarray(digits)
    return np.asarray(np.sign(x) * np.floor(np.abs(x) * scale + 0.5) / scale)


def _present(rate: Array, flow: Array, periods: Array | float = 1.0) -> Array:
    return np.asarray(flow / (1.0 + rate / 100.0) ** periods)


def _flows(rate: Array, first: int, flows: Sequence[Array]) -> Array:
    values = [_present(rate, flow, k) for k, flow in enumerate(flows, first)]
    return np.asarray(np.sum(values, axis=0))


def _payback(periods: Array, *flows: Array) -> Array:
    if float(periods.flat[0]) == 0.0:
        return np.asarray(np.abs(flows[0]) / flows[1])
    total, counter = flows[0].copy(), np.ones_like(flows[0])
    done = np.zeros(total.shape, dtype=np.bool_)
    for flow in flows[1:]:
        total = total + flow
        now = ~done & (total > 0.0)
        counter = np.where(now, counter + (total - flow) / flow, counter)
        done |= now
        counter = np.where(done, counter, counter + 1.0)
    return np.where(done, counter, np.nan)


def _amortised(
    principal: Array,
    rate: Array,
    period: Array,
    months: Array | float = 0.0,
    early: Array | float = 0.0,
) -> Array:
    monthly = rate / 1200.0
    count = np.where(np.asarray(months) == 1.0, period, 12.0 * period)
    top = monthly * (1.0 + monthly) ** (count - (np.asarray(early) != 0.0))
    return _to_cents(principal * top / ((1.0 + monthly) ** count - 1.0))


def _capital(e: Array, d: Array, re: Array, rd: Array, tax: Array) -> Array:
    share = e / (e + d) * re / 100.0 + d / (e + d) * rd / 100.0 * (1.0 - tax / 100.0)
    return np.asarray(np.floor(1000.0 * share + 0.5) / 10.0)


def _folded(ufunc: Callable[[Array, Array], Array]) -> Callable[..., Array]:
    def over(*parts: Array) -> Array:
        total = parts[0]
        for part in parts[1:]:
            total = ufunc(total, part)
        return total

    return over


def _log(x: Array, base: Array | None = None) -> Array:
    return np.asarray(np.log(x) if base is None else np.log(x) / np.log(base))


_ADD = _folded(np.add)

_COMPUTED: Final[Mapping[str, Callable[..., Array]]] = {
    **dict.fromkeys(("+", "add", "sum"), _ADD),
    **dict.fromkeys(("-", "subtract"), np.subtract),
    **dict.fromkeys(("*", "beside", "multiply", "prod"), _folded(np.multiply)),
    **dict.fromkeys(("/", "divide"), np.divide),
    **dict.fromkeys(("%", "mod"), lambda x, y: x - y * np.floor(x / y)),
    **dict.fromkeys(("^", "pow"), np.power),
    **dict.fromkeys(("neg", "unaryMinus"), np.negative),
    **dict.fromkeys(("pos", "unaryPlus"), np.positive),
    **dict.fromkeys(("<", "smaller"), _compared(np.less)),
    **dict.fromkeys(("<=", "smallerEq"), _compared(np.less_equal)),
    **dict.fromkeys((">", "larger"), _compared(np.greater)),
    **dict.fromkeys((">=", "largerEq"), _compared(np.greater_equal)),
    **dict.fromkeys(("==", "equal"), _compared(np.equal)),
    **dict.fromkeys(("!=", "unequal"), _compared(np.not_equal)),
    "and": _compared(np.logical_and),
    "or": _compared(np.logical_or),
    "xor": _compared(np.logical_xor),
    "not": lambda x: _truth(np.logical_not(x), x),
    "?:": _choice,
    "percent": lambda x: x / 100.0,
    "filterLessThan": lambda x, low: np.where(x < low, np.nan, x),
    "filterGreaterThan": lambda x, high: np.where(x > high, np.nan, x),
    "filterBetween": lambda x, low, high: np.where((x < low) | (x > high), np.nan, x),
    "PV": lambda *parts: _to_cents(_present(*parts)),
    "FV": lambda rate, flow, n: _to_cents(flow * (1.0 + rate / 100.0) ** n),
    "NPV": lambda rate, *flows: _to_cents(_flows(rate, 0, flows)),
    "PP": _payback,
    "ROI": lambda cost, gain: _to_cents((gain - np.abs(cost)) / np.abs(cost) * 100.0),
    "AM": _amortised,
    "PI": lambda r, c, *flows: _to_cents(_flows(r, 1, flows) / np.abs(c)),
    "DF": lambda rate, n: np.full(np.shape(rate), np.nan),  # a list, which no cell shows
    "CI": lambda r, m, p, n: _to_cents(p * (1.0 + r / 100.0 / m) ** (m * n)),
    "CAGR": lambda a, b, n: _to_cents(100.0 * ((b / a) ** (1.0 / n) - 1.0)),
    "LR": lambda liabilities, debts, income: (liabilities + debts) / income,
    "R72": lambda rate: 72.0 / rate,
    "WACC": _capital,
    "abs": np.abs,
    "ceil": np.ceil,
    "floor": np.floor,
    "fix": np.trunc,
    "round": _round_away,
    "sign": np.sign,
    "sqrt": np.sqrt,
    "cbrt": np.cbrt,
    "square": np.square,
    "cube": lambda x: x**3,
    "nthRoot": lambda x, n: x ** (1.0 / n),
    "hypot": np.hypot,
    "exp": np.exp,
    "expm1": np.expm1,
    "log": _log,
    "log10": np.log10,
    "log1p": np.log1p,
    "log2": np.log2,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "asin": np.arcsin,
    "acos": np.arccos,
    "atan": np.arctan,
    "atan2": np.arctan2,
    "sinh": np.sinh,
    "cosh": np.cosh,
    "tanh": np.tanh,
    "asinh": np.arcsinh,
    "acosh": np.arccosh,
    "atanh": np.arctanh,
    "min": _folded(np.minimum),
    "max": _folded(np.maximum),
    "mean": lambda *parts: _ADD(*parts) / len(parts),
}
