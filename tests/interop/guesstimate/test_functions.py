"""Every function of the specification: the model and the independent evaluator against SciPy's
distributions and formulas written out."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from scipy import stats

from guessmodel.errors import ModelError
from guessmodel.interop.guesstimate.evaluating import draws_of
from guessmodel.interop.guesstimate.functions import FUNCTIONS
from guessmodel.interop.guesstimate.importing import drafted, import_sheet
from guessmodel.model.model import Model

Sheet = Callable[..., bytes]

DRAWS: Mapping[str, Any] = {
    "normal(3, 2)": stats.norm(3, 2),
    "lognormal(1, .5)": stats.lognorm(0.5, scale=math.e),
    "uniform(2, 5)": stats.uniform(2, 3),
    "beta(2, 3)": stats.beta(2, 3),
    "gamma(2, 3)": stats.gamma(2, scale=3),
    "invgamma(3, 2)": stats.invgamma(3, scale=2),
    "exponential(4)": stats.expon(scale=1 / 4),
    "weibull(2, 3)": stats.weibull_min(3, scale=2),
    "cauchy(1, 2)": stats.cauchy(1, 2),
    "chisquare(3)": stats.chi2(3),
    "studentt(4)": stats.t(4),
    "centralF(3, 7)": stats.f(3, 7),
    "triangular(1, 5, 2)": stats.triang(0.25, 1, 4),
    "triangular(1, 5)": stats.triang(0.5, 1, 4),
    "doubleTriangular(1, 5)": stats.triang(0.5, 1, 4),  # with the mode in the middle
    "PERT(1, 5, 2)": stats.beta(2, 4, 1, 4),
    "PERT(1, 5)": stats.beta(3, 3, 1, 4),
    "PERT(1, 5, 2, 8)": stats.beta(3, 7, 1, 4),
    "bernoulli(.3)": stats.bernoulli(0.3),
    "if(.3)": stats.bernoulli(0.3),
    "test(.3)": stats.bernoulli(0.3),
    "if(.3, 10, 20)": stats.bernoulli(0.3),
    "binomial(10, .3)": stats.binom(10, 0.3),
    "poisson(4)": stats.poisson(4),
    "negBinomial(3, .4)": stats.nbinom(3, 0.6),
    "random()": stats.uniform(),
    "randomInt(1, 5)": stats.randint(1, 5),
    "pickRandom([1, 2, 4])": stats.rv_discrete(values=([1, 2, 4], [1 / 3] * 3)),
    "scenarios([1, 2, 4], [1, 2, 1])": stats.rv_discrete(values=([1, 2, 4], [0.25, 0.5, 0.25])),
    "filterLessThan(A0, 1)": stats.truncnorm(1, np.inf),
    "filterGreaterThan(A0, 1)": stats.truncnorm(-np.inf, 1),
    "filterBetween(A0, -1, 2)": stats.truncnorm(-1, 2),
    "A0 > 1 ? 2 : 3": stats.rv_discrete(values=([2, 3], [stats.norm.sf(1), stats.norm.cdf(1)])),
}


@pytest.fixture(scope="module")
def drawn(sheet: Sheet) -> tuple[Model, dict[str, str], dict[str, Any]]:
    """The model of a sheet with a cell for each, its names, and draws by the original's rules."""
    cells = [("x", "=normal(0, 1)"), *((f"c{i}", f"={text}") for i, text in enumerate(DRAWS))]
    data = sheet(*cells)
    understood, text, _ = drafted(data)
    draws = draws_of(understood, 40_000, np.random.default_rng(7))
    return import_sheet(data).model, dict(text.quantities), draws


@pytest.mark.parametrize("number", range(len(DRAWS)), ids=list(DRAWS))
def test_draws_are_of_the_distribution(number: int, drawn: Any) -> None:
    """False alarm below 1e-6 a row: 6 standard errors of a share."""
    model, names, draws = drawn
    exact = list(DRAWS.values())[number]
    ours = model.sample(2**13)[names[f"A{number + 1}"]].values
    for p in (0.1, 0.35, 0.5, 0.8, 0.95):
        at = float(exact.ppf(p))
        share = float(exact.cdf(at))
        for values in (ours, draws[f"A{number + 1}"]):
            kept = values[~np.isnan(values)]
            error = math.sqrt(share * (1 - share) / kept.size) + 1 / kept.size
            assert abs(np.mean(kept <= at + 1e-9) - share) < 6 * error


def test_the_test_of_draws_would_notice() -> None:
    """A mean off by a tenth of a standard deviation."""
    exact, draws = stats.norm(0.1, 1), np.random.default_rng(1).standard_normal(40_000)
    at = float(exact.ppf(0.5))
    assert abs(np.mean(draws <= at) - 0.5) > 6 * math.sqrt(0.25 / draws.size)


# Formulas of A0 = 10 and A1 = 4 -> what Guesstimate computes, and what is imported where that
# differs. The former are by finance.js's and mathjs's formulas, written out.
R = 0.05
COMPUTED: Mapping[str, tuple[float, float | None]] = {
    "PV(5, A0)": (9.52, 10 / 1.05),
    "PV(5, A0, 3)": (8.64, 10 / 1.05**3),
    "FV(5, A0, A1)": (12.16, 10 * 1.05**4),
    "NPV(5, -A0, A1, A1)": (-2.56, -10 + 4 / 1.05 + 4 / 1.05**2),
    "PP(0, -A0, A1)": (2.5, None),
    "PP(3, -A0, A1, A1, A1)": (3 - 2 / 4, 2 + 2 / 4),
    "ROI(-A0, A1)": (-60, None),
    "AM(1000, 5, 2)": (43.87, 1000 * R / 12 / (1 - (1 + R / 12) ** -24)),
    "AM(1000, 5, 24, 1)": (43.87, 1000 * R / 12 / (1 - (1 + R / 12) ** -24)),
    "AM(1000, 5, 2, 0, true)": (
        43.69,
        1000 * R / 12 / (1 - (1 + R / 12) ** -24) / (1 + R / 12),
    ),
    "PI(5, -A0, A1, A1)": (0.74, (4 / 1.05 + 4 / 1.05**2) / 10),
    "CI(5, 4, A0, A1)": (12.20, 10 * (1 + R / 4) ** 16),
    "CAGR(A1, A0, 3)": (35.72, 100 * ((10 / 4) ** (1 / 3) - 1)),
    "LR(A0, A1, 7)": (2, None),
    "R72(A0)": (7.2, None),
    "WACC(A0, A1, 6, 5, 35)": (5.2, 100 * (10 / 14 * 0.06 + 4 / 14 * 0.05 * 0.65)),
    "A0 % A1": (2, None),
    "-A0 % A1": (2, None),
    "8%3": (2, None),
    "10 % 0.1": (0, None),  # 0.0999… for Python, whose quotient is 99.999…
    "A0 % 0.1": (0, None),
    "5%": (0.05, None),
    "A0 + 5%": (10.05, None),
    "2A0": (20, None),
    "A0 A1": (40, None),
    "1/2A0": (5, None),
    "A0/2A1": (1.25, None),
    "A0^2": (100, None),
    "-2^2": (-4, None),
    "2^-1": (0.5, None),
    "log(A0)": (math.log(10), None),
    "log(A0, 10)": (1, None),
    "log10(A0)": (1, None),
    "log2(A1)": (2, None),
    "log1p(A0)": (math.log(11), None),
    "exp(A1)": (math.exp(4), None),
    "expm1(A1)": (math.exp(4) - 1, None),
    "sqrt(A1)": (2, None),
    "cbrt(A0)": (10 ** (1 / 3), None),
    "square(A0)": (100, None),
    "cube(A0)": (1000, None),
    "nthRoot(A1, 4)": (4**0.25, None),
    "abs(-A0)": (10, None),
    "ceil(A0 / A1)": (3, None),
    "floor(A0 / A1)": (2, None),
    "round(A0 / A1)": (3, 2),
    "round(A0 / 3, 2)": (3.33, None),
    "fix(-A0 / A1)": (-2, None),
    "sign(-A0)": (-1, None),
    "sin(A0)": (math.sin(10), None),
    "cos(A0)": (math.cos(10), None),
    "tan(A0)": (math.tan(10), None),
    "asin(1 / A0)": (math.asin(0.1), None),
    "acos(1 / A0)": (math.acos(0.1), None),
    "atan(A0)": (math.atan(10), None),
    "atan2(A0, A1)": (math.atan2(10, 4), None),
    "sinh(A1)": (math.sinh(4), None),
    "cosh(A1)": (math.cosh(4), None),
    "tanh(1 / A1)": (math.tanh(0.25), None),
    "asinh(A0)": (math.asinh(10), None),
    "acosh(A0)": (math.acosh(10), None),
    "atanh(1 / A0)": (math.atanh(0.1), None),
    "hypot(3, A1)": (5, None),
    "min(A0, A1, 7)": (4, None),
    "max([A0, A1, 70])": (70, None),
    "sum(A0, A1, 7)": (21, None),
    "prod(A0, A1)": (40, None),
    "mean([A0, A1, 7])": (7, None),
    "add(A0, A1)": (14, None),
    "subtract(A0, A1)": (6, None),
    "multiply(A0, A1)": (40, None),
    "divide(A0, A1)": (2.5, None),
    "mod(A0, A1)": (2, None),
    "pow(A0, 3)": (1000, None),
    "unaryMinus(A0)": (-10, None),
    "unaryPlus(A0)": (10, None),
    "larger(A0, A1)": (1, None),
    "largerEq(A0, 10)": (1, None),
    "smaller(A0, A1)": (0, None),
    "smallerEq(A0, 10)": (1, None),
    "equal(A0, 10)": (1, None),
    "unequal(A0, 10)": (0, None),
    "A0 > A1 and A1 > 5": (0, None),
    "A0 > A1 or A1 > 5": (1, None),
    "A0 > A1 xor A1 > 5": (1, None),
    "not (A0 > A1)": (0, None),
    "A0 and 1": (1, None),
    "3 > 2 and 2 > 1": (1, None),
    "A0 > A1 ? A0 : 3": (10, None),
    "2 * pi": (2 * math.pi, None),
    "e ^ 2": (math.e**2, None),
    "A0 - -A1": (14, None),
    "+A0": (10, None),
}


@pytest.fixture(scope="module")
def computed(sheet: Sheet) -> dict[str, dict[str, float]]:
    """By who computes it, by cell."""
    cells = [("a", "10"), ("b", "4"), *((f"c{i}", f"={text}") for i, text in enumerate(COMPUTED))]
    data = sheet(*cells)
    found: dict[str, dict[str, float]] = {}
    for kind, faithful in (("model", False), ("faithful", True)):
        understood, text, _ = drafted(data, faithful=faithful)
        simulation = import_sheet(data, faithful=faithful).model.sample(64)
        found[kind] = {id: simulation[name].mean().value for id, name in text.quantities.items()}
    draws = draws_of(understood, 3, np.random.default_rng(1))
    found["original"] = {id: float(array[0]) for id, array in draws.items()}
    return found


@pytest.mark.parametrize("number", range(len(COMPUTED)), ids=list(COMPUTED))
def test_what_is_computed(number: int, computed: dict[str, dict[str, float]]) -> None:
    original, meant = list(COMPUTED.values())[number]
    cell = f"A{number + 2}"
    assert computed["original"][cell] == pytest.approx(original, rel=1e-12, abs=1e-12)
    assert computed["faithful"][cell] == pytest.approx(original, rel=1e-12, abs=1e-12)
    sensible = original if meant is None else meant
    assert computed["model"][cell] == pytest.approx(sensible, rel=1e-12, abs=1e-12)


def test_a_branch_that_is_not_taken_may_be_complex(sheet: Sheet) -> None:
    formulas = ("=A0 > 0 ? log(A0) : 0", "=filterLessThan(A0, 0)", "=sqrt(A2)")
    cells = [("x", "=normal(0, 1)"), *(("c", formula) for formula in formulas)]
    assert import_sheet(sheet(*cells)).cells == 4


def test_the_discount_factor_is_a_list_in_the_original(sheet: Sheet) -> None:
    data = sheet(("factor", "=DF(10, 2)"))
    found = import_sheet(data)
    assert found.model.sample(8)["factor"].mean().value == pytest.approx(1 / 1.21)
    assert "gives a list in Guesstimate" in found.remarks[0].text
    with pytest.raises(ModelError, match="DF gives a list in Guesstimate, which no cell can show"):
        import_sheet(data, faithful=True)


def test_every_function_has_a_row() -> None:
    rows = " ".join([*DRAWS, *COMPUTED, "DF("])
    assert [name for name in FUNCTIONS if f"{name}(" not in rows] == []


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        ("foo(1)", "there is no function 'foo'"),
        ("norml(1, 2)", "there is no function 'norml'; did you mean 'normal'"),
        ("IRR(-1, 2)", "there is no function 'IRR'"),
        ("normal(1)", "normal takes 2 arguments; it has 1"),
        ("triangular(1)", "triangular takes 2 to 3 arguments; it has 1"),
        ("NPV(1)", "NPV takes 2 arguments or more; it has 1"),
        ("exponential()", "exponential takes 1 argument; it has 0"),
        ("normal(1, -1)", "sd"),
        ("uniform(5, 2)", "uniform"),
        ("bernoulli(2)", "bernoulli"),
        ("if(1, 2)", "if takes 1 argument or 3; it has 2"),
        ("scenarios(1, 2)", "scenarios takes lists in brackets"),
        ("scenarios([1, 2], [1])", "scenarios has 2 values and 1 weights"),
        ("scenarios([1, 2], [-1, 1])", "weights are not below 0"),
        ("scenarios([1, 2], [0, 0])", "weights are not below 0, and one is above"),
        ("filterBetween(A0, 3, 2)", "the lower bound lies above the upper one"),
        ("1 / 0", "this divides by zero"),
        ("A0 / 0", "this divides by zero"),
        ("8 % 0", "this divides by zero"),
        ("(0 - 2) ^ .5", "the result is a complex number"),
        ("10 ^ 400", "too large for a number"),
        ("sqrt(0 - 1)", "the cell has no value: the result is complex"),
        ("log(normal(0, 1))", "50% of the draws are no real numbers, such as the root"),
        ("sqrt(A0 - 1.2)", "of the draws are no real numbers"),
        ("asin(A0)", "of the draws are no real numbers"),
        ("filterLessThan(A0, 100)", "infinite or filtered out"),
        ("[1, 2]", "a list stands only in scenarios, pickRandom, min, max, sum"),
        ("[1, 2] + 1", "a list stands only in scenarios"),
        ("AM(1, 2, 3, 5)", "the fourth argument is 0 for years or 1 for months"),
        ("AM(1, 2, 3, 0, A0)", "the last argument must be true or false"),
        ("PP(A0, 1, 2)", "PP: the number of periods must be a number"),
        ("PP(0, 1, 2, 3)", "takes one cash flow"),
        ("round(A0, A0)", "the number of decimals is a number from 0 to 15"),
    ],
)
def test_what_is_refused(formula: str, reason: str, sheet: Sheet) -> None:
    with pytest.raises(ModelError) as caught:
        import_sheet(sheet(("x", "1 to 2"), ("wrong one", f"={formula}")))
    assert reason in str(caught.value)
    assert "wrong one (A1), column " in str(caught.value)
