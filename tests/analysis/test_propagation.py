"""The law of propagation for correlated inputs: a published example, and closed forms."""

import math
from pathlib import Path

import numpy as np
import pytest

import guessmodel as gm
from guessmodel.analysis.budget import Budget


def budget(*, of: str = "out", **quantities: gm.Quantity) -> Budget:
    return gm.Model(**quantities).sample(1024).sensitivity(of).budget()


@pytest.mark.parametrize(
    ("output", "estimate", "uncertainty"),
    [("resistance", 127.732, 0.071), ("reactance", 219.847, 0.295), ("impedance", 254.260, 0.236)],
)
def test_what_the_gum_publishes(output: str, estimate: float, uncertainty: float) -> None:
    """JCGM 100:2008, example H.2: tables H.2 (means, standard uncertainties, correlations) and
    H.3."""
    model = gm.Model.from_file(Path(__file__).parents[2] / "examples" / "impedance.py")
    found = model.sample(1024).sensitivity(output).budget()
    assert found.estimate == pytest.approx(estimate, abs=0.0005)
    assert found.uncertainty == pytest.approx(uncertainty, abs=0.0009)
    r = {frozenset(pair): value for pair, value in found.correlations.items()}
    published = {
        ("voltage", "current"): -0.36,
        ("voltage", "phase"): 0.86,
        ("current", "phase"): -0.65,
    }
    for pair, value in published.items():
        if frozenset(pair) in r:
            assert r[frozenset(pair)] == pytest.approx(value, abs=0.005)
    assert len(r) == (1 if output == "impedance" else 3)
    assert found["voltage"].uncertainty == pytest.approx(0.0032, abs=0.00005)
    assert sum(row.share for row in found.rows) == pytest.approx(1)
    assert "correlated: r(voltage, current) = -0.36" in str(found)
    assert found.to_dict()["correlations"][0]["of"] == ["voltage", "current"]


@pytest.mark.parametrize("seed", range(5))
def test_linear_in_correlated_normals(seed: int) -> None:
    """u² = cᵀ Σ c (GUM 5.2.2), and the share of an input is c (Σ c) of it."""
    random = np.random.default_rng(seed)
    loads, c = random.normal(size=(4, 4)), random.normal(size=4)
    cov = loads @ loads.T + 0.1 * np.eye(4)
    names = ["a", "b", "d", "e"]
    means = dict(zip(names, random.normal(size=4), strict=True))
    drawn = gm.multivariate_normal(means, cov=cov)
    free = gm.normal(mean=3, sd=2)
    out = sum((k * drawn[name] for k, name in zip(c, names, strict=True)), 0.5 * free)
    assert isinstance(out, gm.Quantity)
    found = budget(**drawn, free=free, out=out)
    assert found.uncertainty**2 == pytest.approx(c @ cov @ c + 1)
    for k, name, part in zip(c, names, c * (cov @ c), strict=True):
        assert found[name].coefficient == pytest.approx(k)
        assert found[name].share == pytest.approx(part / (c @ cov @ c + 1))
        assert found[name].contribution == pytest.approx(abs(k) * found[name].uncertainty)
    assert found.correlations["a", "b"] == pytest.approx(
        cov[0, 1] / math.sqrt(cov[0, 0] * cov[1, 1])
    )
    assert set(found.correlations) == {
        (one, other) for i, one in enumerate(names) for other in names[i + 1 :]
    }


def test_pearsons_correlation_of_other_families() -> None:
    """Of uniform draws it is that of their ranks; of lognormal ones (e^{ρστ} − 1) over the root of
    (e^{σ²} − 1)(e^{τ²} − 1), with ρ that of the logarithms, 2 sin(π/6 · rank)."""
    a, b = gm.correlate([gm.uniform(1, 3), gm.uniform(5, 6)], rank=0.6)
    found = budget(a=a, b=b, out=a - 2 * b)
    assert found.correlations["a", "b"] == pytest.approx(0.6, rel=1e-9)
    u, v = 2 / math.sqrt(12), 1 / math.sqrt(12)
    assert found.uncertainty == pytest.approx(
        math.sqrt(u * u + 4 * v * v - 4 * 0.6 * u * v), rel=1e-3
    )
    x, y = gm.correlate([gm.lognormal(mu=0, sigma=0.5), gm.lognormal(mu=1, sigma=0.3)], rank=-0.4)
    rho = 2 * math.sin(math.pi / 6 * -0.4)
    r = math.expm1(rho * 0.15) / math.sqrt(math.expm1(0.25) * math.expm1(0.09))
    assert budget(x=x, y=y, out=x + y).correlations["x", "y"] == pytest.approx(r)


def test_labels_that_are_correlated_along_their_dimension() -> None:
    """Normal draws whose normal scores follow an autoregression: sums have the variance of one."""
    months = {"month": [1, 2, 3]}
    demand = gm.correlate(gm.normal(mean=5, sd=2, dim=months), along="month", ar1=0.5)
    phi = 2 * math.sin(math.pi / 6 * 0.5)
    found = budget(demand=demand, out=demand.sum("month"))
    assert found.correlations["demand[1]", "demand[3]"] == pytest.approx(phi**2)
    assert found.uncertainty == pytest.approx(2 * math.sqrt(3 + 4 * phi + 2 * phi**2))


def test_what_has_no_budget_says_why() -> None:
    a, b = gm.correlate([gm.normal(0, 1), gm.poisson(3)], rank=0.3)
    with pytest.raises(gm.GuessmodelError, match="'b' is correlated with 'a', and is no named"):
        budget(a=a, b=b, out=a + b)
    a, b = gm.correlate([gm.normal(0, 1), gm.normal(0, 1)], rank=1)
    with pytest.raises(gm.GuessmodelError, match="'a' and 'b' are functions of each other"):
        budget(a=a, b=b, out=a + b)
    a, b = gm.correlate([gm.student_t(df=5), gm.normal(0, 1)], rank=0.3)
    with pytest.raises(
        gm.GuessmodelError, match="'a' is correlated and has degrees of freedom; the"
    ):
        budget(a=a, b=b, out=a + b)


def test_inputs_are_in_the_unit_of_their_own_values() -> None:
    """A draw without a name has its unit; of one whose mean is uncertain the budget has the random
    number that its parameters are applied to, which is a plain number."""
    middle = gm.normal(mean=10, sd=1, unit="USD")
    late = gm.normal(mean=middle, sd=gm.constant(2, "USD"))
    out = gm.exponential(mean=3, unit="hour") * late
    found = budget(middle=middle, late=late, out=out)
    assert (found["late"].unit, found["late"].coefficient_unit) == ("", "USD*hour")
    assert found["late"].coefficient == pytest.approx(3 * 2, rel=2e-3)
    assert (found["out/exponential#1"].unit, found["middle"].unit) == ("hour", "USD")


def test_an_expanded_uncertainty_of_a_temperature_is_a_difference() -> None:
    bath = gm.normal(mean=20, sd=0.05, unit="degC")
    found = budget(bath=bath, out=bath + gm.normal(mean=1, sd=0.02, unit="delta_degC"))
    assert "expanded uncertainty: 0.11 delta_degC" in str(found)


@pytest.mark.parametrize(
    ("value", "sd", "shown"),
    [(1.0778, 3e-7, "1.07780000"), (1.15e-5, 1.2e-6, "1.15e-05"), (0.0039083, 4e-7, "0.00390830")],
)
def test_estimates_have_two_digits_of_their_uncertainty(
    value: float, sd: float, shown: str
) -> None:
    """GUM 7.2.6; powers of ten where the number itself is small."""
    x = gm.normal(mean=value, sd=sd)
    assert budget(x=x, out=2 * x).cells()[0][1] == shown
