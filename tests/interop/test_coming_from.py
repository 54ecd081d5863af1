"""The pages for people who come from @RISK, Crystal Ball and Analytica: each row of their tables of
distributions, against SciPy's by the formulas that the tools publish."""

import math
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

import guessmodel as gm

PAGES = Path(__file__).parents[2] / "docs" / "coming-from"
SD = math.sqrt(math.log1p(0.16))  # of the logarithm, where the mean is 10 and the deviation 4


def listed(page: str) -> dict[str, str]:
    """What stands in the first column of the table of distributions, and in the last."""
    text = (PAGES / page).read_text()
    table = text[text.index("## Distributions") :].partition("\n\n## ")[0]
    rows = re.findall(r"^\| (`.*?) \|(?:.*\|)? `(.*)` \|$", table, re.MULTILINE)
    return dict(rows)


def pieces(*parts: tuple[float, float, float]) -> Any:
    """Uniform between points, with given shares: a distribution by its histogram."""
    edges = [low for _, low, _ in parts] + [parts[-1][2]]
    return stats.rv_histogram(([share for share, _, _ in parts], edges), density=False)


def table(*pairs: tuple[float, float]) -> Any:
    values, shares = zip(*pairs, strict=True)
    return stats.rv_discrete(values=(values, shares))


def pert(low: float, mode: float, high: float) -> Any:
    a = 1.0 + 4.0 * (mode - low) / (high - low)
    return stats.beta(a, 6.0 - a, low, high - low)


def trigen(a: float, mode: float, b: float, p: float, q: float) -> Any:
    """Triangular with its quantiles at p and q in a and b: (a - low)² = p (high - low)(mode - low),
    and likewise at the other end."""
    from scipy.optimize import fsolve

    def off(ends: Any) -> Any:
        low, high = ends
        width = high - low
        return (
            (a - low) ** 2 - p * width * (mode - low),
            (high - b) ** 2 - (1.0 - q) * width * (high - mode),
        )

    low, high = fsolve(off, (a - 1.0, b + 1.0))
    return stats.triang((mode - low) / (high - low), low, high - low)


DICE = table(*((k, 1 / 6) for k in range(1, 7)))
ODD = table((1, 0.2), (3, 0.5), (7, 0.3))
Z = stats.norm.ppf(0.95)
REFERENCES = {
    "`RiskNormal(10, 2)`": stats.norm(10, 2),
    "`RiskNormalAlt(5%, 5, 95%, 10)`": stats.norm(7.5, 2.5 / Z),
    "`RiskLognorm(10, 4)`": stats.lognorm(SD, scale=10 / math.sqrt(1.16)),
    "`RiskLognorm2(1, 0.5)`": stats.lognorm(0.5, scale=math.e),
    "`RiskTriang(1, 2, 5)`": stats.triang(0.25, 1, 4),
    "`RiskTrigen(1, 2, 5, 10, 90)`": trigen(1, 2, 5, 0.1, 0.9),
    "`RiskPert(1, 2, 5)`": pert(1, 2, 5),
    "`RiskUniform(1, 5)`": stats.uniform(1, 4),
    "`RiskBeta(2, 3)`": stats.beta(2, 3),
    "`RiskBetaGeneral(2, 3, 10, 20)`": stats.beta(2, 3, 10, 10),
    "`RiskGamma(2, 3)`": stats.gamma(2, scale=3),
    "`RiskExpon(4)`": stats.expon(scale=4),
    "`RiskWeibull(2, 3)`": stats.weibull_min(2, scale=3),
    "`RiskLogistic(5, 2)`": stats.logistic(5, 2),
    "`RiskExtvalue(5, 2)`": stats.gumbel_r(5, 2),
    "`RiskExtvalueMin(5, 2)`": stats.gumbel_l(5, 2),
    "`RiskInvgauss(2, 3)`": stats.invgauss(2 / 3, scale=3),
    "`RiskStudent(4)`": stats.t(4),
    "`RiskChisq(3)`": stats.chi2(3),
    "`RiskF(3, 7)`": stats.f(3, 7),
    "`RiskCauchy(1, 2)`": stats.cauchy(1, 2),
    "`RiskPareto(3, 2)`": stats.pareto(3, scale=2),
    "`RiskBernoulli(0.3)`": stats.bernoulli(0.3),
    "`RiskBinomial(10, 0.3)`": stats.binom(10, 0.3),
    "`RiskPoisson(4)`": stats.poisson(4),
    "`RiskGeomet(0.3)`: failures": stats.geom(0.3, -1),
    "`RiskNegbin(3, 0.4)`: failures": stats.nbinom(3, 0.4),
    "`RiskIntUniform(1, 6)`": DICE,
    "`RiskDiscrete({1,3,7}, {0.2,0.5,0.3})`": ODD,
    "`RiskDuniform({1,3,7})`": table((1, 1 / 3), (3, 1 / 3), (7, 1 / 3)),
    "`RiskCumul(0, 10, {2,5}, {0.3,0.8})`": pieces((0.3, 0, 2), (0.5, 2, 5), (0.2, 5, 10)),
    "`RiskNormal(10, 2, RiskTruncate(8, 13))`": stats.truncnorm(-1, 1.5, 10, 2),
    "`RiskExpon(4, RiskShift(2))`": stats.expon(2, 4),
    "`RiskCompound(RiskPoisson(3), RiskGamma(2, 5))`": None,  # by its moments, below
    "`Normal(10, 2)`": stats.norm(10, 2),
    "`LogNormal(10, 2)`": stats.lognorm(math.log(2), scale=10),
    "`LogNormal(mean: 10, stddev: 4)`": stats.lognorm(SD, scale=10 / math.sqrt(1.16)),
    "`Uniform(1, 5)`": stats.uniform(1, 4),
    "`Uniform(1, 6, integer: true)`": DICE,
    "`Triangular(1, 2, 5)`": stats.triang(0.25, 1, 4),
    "`Beta(2, 3)`": stats.beta(2, 3),
    "`Beta(2, 3, 10, 20)`": stats.beta(2, 3, 10, 10),
    "`Gamma(2, 3)`": stats.gamma(2, scale=3),
    "`Weibull(2, 3)`": stats.weibull_min(2, scale=3),
    "`Logistic(5, 2)`": stats.logistic(5, 2),
    "`StudentT(4)`": stats.t(4),
    "`ChiSquared(3)`": stats.chi2(3),
    "`Bernoulli(0.3)`": stats.bernoulli(0.3),
    "`Binomial(10, 0.3)`": stats.binom(10, 0.3),
    "`Poisson(4)`": stats.poisson(4),
    "`Geometric(0.3)`": stats.geom(0.3),
    "`ChanceDist(P, A)` of 0.2, 0.5, 0.3 for 1, 3, 7": ODD,
    "`UncertainLMH(8, 29, 44)`": {0.1: 8, 0.5: 29, 0.9: 44},
    "`UncertainLMH(8, 29, 44, lb: 0)`": {0.1: 8, 0.5: 29, 0.9: 44},
    "`UncertainLMH(10, 20, 30, pLow: 25%)`": {0.25: 10, 0.5: 20, 0.75: 30},
    "`CumDist([0, 0.6, 1], [10, 20, 30], smooth: false)`": pieces((0.6, 10, 20), (0.4, 20, 30)),
    "`Truncate(Normal(10, 2), 8, 13)`": stats.truncnorm(-1, 1.5, 10, 2),
}
ROWS = {**listed("at-risk.md"), **listed("analytica.md")}


def test_every_row_has_a_reference() -> None:
    assert set(ROWS) == set(REFERENCES) and len(ROWS) > 50


@pytest.mark.parametrize("theirs", ROWS)
def test_rows(theirs: str) -> None:
    reference = REFERENCES[theirs]
    quantity = eval(ROWS[theirs], {"gm": gm, "stats": stats, "math": math})
    result = gm.Model(x=quantity).sample(2**14)["x"]
    if reference is None:  # E[N] E[X], and E[N] E[X²] of a Poisson number (Klugman et al., ch. 9)
        assert result.mean().value == pytest.approx(30.0, rel=1e-3)
        assert result.sd().value == pytest.approx(math.sqrt(3 * (50 + 100)), rel=1e-2)
        return
    if isinstance(reference, dict):
        for p, x in reference.items():
            assert result.quantile(p).value == pytest.approx(x, rel=1e-6)
        return
    # Shares of draws on a net, whose error is below 1e-3.
    for x in reference.ppf([0.03, 0.25, 0.5, 0.8, 0.97]):
        found = float(np.mean(result.values <= x + 1e-9 * abs(x)))
        assert found == pytest.approx(reference.cdf(x), abs=2e-3)


SETUP = """
units = gm.pert(800, 1500, mode=1000)
price = gm.normal(mean=25, sd=2)
x = gm.normal({2025: (1, 2), 2026: (3, 4), 2027: (5, 6)}, dim="year")
y = gm.normal(1, 2)
a, b, c, d = y, 2 * y, 1, 2
growth = gm.normal(1, 1.1, dim={"year": range(2025, 2028)})
cash = x
step = lambda state, rate: state * rate
"""


@pytest.mark.parametrize("page", ["at-risk.md", "analytica.md"])
def test_expressions_of_other_tables_are_python(page: str) -> None:
    text = (PAGES / page).read_text()
    rows = re.findall(r"^\| (.*) \| (.*) \|$", text[text.rindex("\n## ") :], re.MULTILINE)
    names: dict[str, Any] = {"gm": gm}
    exec(SETUP, names)
    single = gm.Model(x=names["y"], y=gm.normal(1, 2), profit=names["y"]).sample(1024)
    names["run"] = single
    tried = 0
    for _, ours in rows:
        head = ""
        for code in re.findall(r"`([^`]+)`", ours):
            if code.startswith(("guessmodel ", "--", "source=", "unit=", "dim=")):
                continue
            if code.startswith("."):
                code = f"{head}{code}"  # of the same result
            elif code.startswith("run["):
                head = code.partition("]")[0] + "]"
            if code in ("gm.headline", "gm.decision") or code.startswith(('gm.table("', "gm.from")):
                assert hasattr(gm, code[3:].partition("(")[0])
                continue
            exec(code, dict(names))
            tried += 1
    assert tried >= 3
