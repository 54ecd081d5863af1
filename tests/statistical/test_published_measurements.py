"""Worked examples of measurement uncertainty, with their published inputs and results.

- Eurachem/CITAC Guide CG 4, "Quantifying Uncertainty in Analytical Measurement" (QUAM), third
  edition, 2012, examples A1 and A2.
- A. Possolo, "Simple Guide for Evaluating and Expressing the Uncertainty of NIST Measurement
  Results", NIST Technical Note 1900, 2015, examples E2, E3 and E13.
- EA-4/02 M, "Evaluation of the Uncertainty of Measurement in Calibration", 2013, example S7.

A figure is met where it is the published one to its last digit. The uncertainty of each output is
found twice: by the law of propagation (`budget`), and as the standard deviation of the draws.
"""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from scipy import stats

import guessmodel as gm
from guessmodel.analysis.budget import Budget


def published(value: float, figure: str) -> bool:
    """Whether a value rounds to a figure."""
    half = 0.5 * 10.0 ** int(Decimal(figure).as_tuple().exponent)
    return bool(abs(value - float(figure)) <= half * (1 + 1e-9))


def budget_of(name: str, **quantities: gm.Quantity) -> tuple[Budget, gm.Result]:
    run = gm.Model(**quantities).sample(1 << 16)
    return run.sensitivity(name).budget(), run[name]


def within(value: float, spread: float) -> gm.Quantity:
    """A rectangular distribution, value ± spread."""
    return gm.uniform(value - spread, value + spread)


def test_a_figure_is_met_to_its_last_digit_only() -> None:
    assert published(1002.69972, "1002.7")
    assert published(0.8637, "0.9")
    assert not published(1002.76, "1002.7")
    assert not published(1.7272e-5, "1.7266E-5")


def test_the_volume_of_a_flask_of_quam() -> None:
    """QUAM A1.4: a flask of 100 mL ± 0.1 mL, triangular: 0.04 mL; filled to 0.02 mL; at 20 °C ±
    4 °C by 2.1e-4 / °C, rectangular: 0.05 mL; together u(V) = 0.07 mL."""
    flask = gm.triangular(99.9, 100.1, unit="mL")
    filling = gm.normal(mean=0, sd=0.02, unit="mL")
    warming = gm.constant(100 * 2.1e-4, "mL") * gm.uniform(-4, 4)
    volume = flask + filling + warming
    parts = {"flask": flask, "filling": filling, "warming": warming, "volume": volume}
    run = gm.Model(**parts).sample(1 << 16)
    figures = {"flask": "0.04", "filling": "0.02", "warming": "0.05", "volume": "0.07"}
    for name, figure in figures.items():
        assert published(run[name].sd().value, figure), name
    # To more digits than the guide has, and to the error of independent draws, √(1 / 2n).
    exact = (0.1**2 / 6 + 0.02**2 + 0.084**2 / 3) ** 0.5
    assert run["volume"].sd().value == pytest.approx(exact, rel=2.0**-8.5)


def test_a_cadmium_standard_of_quam() -> None:
    """QUAM A1: c = 1000 m P / V. Table A1.1: P = 0.9999 ± 0.0001, u = 0.000058; V = 100.0 mL, u =
    0.07 mL; c = 1002.7 mg/L, u(c) = 0.9 mg/L. Table A1.3: contributions 0.058, 0.5, 0.7 mg/L."""
    purity = within(0.9999, 0.0001)
    mass = gm.normal(mean=100.28, sd=0.05, unit="mg")
    volume = gm.normal(mean=100, sd=0.07, unit="mL")
    c = (mass * purity / volume).to("mg/L")
    found, drawn = budget_of("c", mass=mass, purity=purity, volume=volume, c=c)
    for value in (found.estimate, drawn.mean().value):
        assert published(value, "1002.7")
    for uncertainty in (found.uncertainty, drawn.sd().value):
        assert published(uncertainty, "0.9")
        assert published(uncertainty / found.estimate, "0.0009")
    assert published(found["purity"].uncertainty, "0.000058")
    for name, figure in {"purity": "0.058", "mass": "0.5", "volume": "0.7"}.items():
        assert published(found[name].contribution, figure), name


def test_sodium_hydroxide_standardised_by_quam() -> None:
    """QUAM A2: c = 1000 m P / (M V), and a factor of repeatability. Table A2.1: c = 0.10214 mol/L,
    u(c) = 0.00010 mol/L, relative 0.00097; M = 204.2212 ± 0.0038 g/mol of atomic masses, whose
    intervals are IUPAC's."""
    atoms = {
        "carbon": (8, within(12.0107, 0.0008)),
        "hydrogen": (5, within(1.00794, 0.00007)),
        "oxygen": (4, within(15.9994, 0.0003)),
        "potassium": (1, within(39.0983, 0.0001)),
    }
    molar = sum(count * mass for count, mass in atoms.values()) * gm.constant(1, "g/mol")
    mass = gm.normal(mean=0.3888, sd=0.00013, unit="g")
    purity = within(1.0, 0.0005)
    volume = gm.normal(mean=18.64, sd=0.013, unit="mL")
    repeated = gm.normal(mean=1, sd=0.0005)
    c = (repeated * mass * purity / (molar * volume)).to("mol/L")
    single = {name: mass for name, (_, mass) in atoms.items()}
    inputs = {"mass": mass, "purity": purity, "volume": volume, "repeated": repeated}
    found, drawn = budget_of("c", c=c, molar=molar, **inputs, **single)
    assert published(found.estimate, "0.10214")
    assert published(drawn.mean().value, "0.10214")
    for uncertainty in (found.uncertainty, drawn.sd().value):
        assert published(uncertainty, "0.00010")
        assert published(uncertainty / found.estimate, "0.00097")
    assert published(found["purity"].uncertainty, "0.00029")
    mole = gm.Model(molar=molar, **single).sample(1 << 16)["molar"]
    assert published(mole.mean().value, "204.2212")
    assert published(mole.sd().value, "0.0038")
    # Its table A2.3, relative: 0.0005, 0.00033, 0.00029 and 0.0007.
    relative = {name: found[name].contribution / found.estimate for name in inputs}
    for name, figure in {
        "repeated": "0.0005",
        "mass": "0.00033",
        "purity": "0.00029",
        "volume": "0.0007",
    }.items():
        assert published(relative[name], figure), name


MAXIMA = (
    *(18.75, 28.25, 25.75, 28.00, 28.50, 20.75, 21.00, 22.75, 18.50, 27.25, 20.75),
    *(26.50, 28.00, 23.25, 28.00, 21.75, 26.00, 26.50, 28.00, 33.25, 32.00, 29.50),
)


def test_the_surface_temperature_of_nist() -> None:
    """NIST TN 1900, E2: 22 daily maxima of May 2012 in °C; mean 25.59, u = 0.872, and by Student's
    t of 21 degrees of freedom 23.8 to 27.4 with probability 0.95."""
    days, mean, sd = len(MAXIMA), float(np.mean(MAXIMA)), float(np.std(MAXIMA, ddof=1))
    tau = gm.student_t(df=days - 1, location=mean, scale=sd / days**0.5)
    low, high = tau.sample().interval(0.95)
    assert published(tau.sample().mean().value, "25.59")
    assert published(sd / days**0.5, "0.872")
    assert published(low.value, "23.8")
    assert published(high.value, "27.4")
    # The same by its observation equation: the spread of days is uncertain, and the mean given it.
    sigma = gm.sqrt((days - 1) * sd**2 / gm.chi2(df=days - 1))
    drawn = gm.normal(mean=mean, sd=sigma / days**0.5).sample(1 << 16)
    for end, exact in zip(drawn.interval(0.95), (low, high), strict=True):
        assert end.low <= exact.value <= end.high or end.value == pytest.approx(
            exact.value, abs=0.01
        )


def test_the_falling_ball_viscometer_of_nist() -> None:
    """NIST TN 1900, E3: the viscosity of a sodium hydroxide solution. Linear 5.69 mPa s; by Monte
    Carlo 5.82 mPa s, u = 1.11 mPa s, and 4.05 to 8.39 mPa s with probability 0.95."""
    calibrated = gm.normal(mean=4.63, sd=0.01 * 4.63)
    ball, solution, liquid = (gm.normal(mean=m, sd=0.5) for m in (2217, 1180, 810))
    t_solution, t_liquid = gm.normal(mean=61, sd=6.1), gm.normal(mean=36.6, sd=0.15 * 36.6)
    viscosity = calibrated * t_solution / t_liquid * (ball - solution) / (ball - liquid)
    inputs = {"calibrated": calibrated, "ball": ball, "solution": solution, "liquid": liquid}
    times = {"t_solution": t_solution, "t_liquid": t_liquid}
    found, drawn = budget_of("viscosity", viscosity=viscosity, **inputs, **times)
    assert published(found.estimate, "5.69")
    low, high = drawn.interval(0.95)
    # Published of 1e6 independent draws, so that its last digits have errors: the mean's is 0.001,
    # those of the ends are √(0.025 · 0.975 / 1e6) / density, 0.003 and 0.013.
    assert drawn.median().value == pytest.approx(5.69, abs=0.01)
    assert low.value == pytest.approx(4.05, abs=0.005 + 3 * 0.003)
    assert high.value == pytest.approx(8.39, abs=0.005 + 3 * 0.013)
    values = drawn.values
    assert np.mean(values) == pytest.approx(5.82, abs=0.005 + 3 * 0.001)
    assert np.std(values) == pytest.approx(1.11, abs=0.01)


def test_the_thermal_expansion_coefficient_of_nist() -> None:
    """NIST TN 1900, E13: (L1 - L0) / (L0 (T1 - T0)) = 1.7266e-5 / K with u = 1.76e-6 / K by the law
    of propagation; with normal inputs 1.38e-5 to 2.07e-5 / K with probability 0.95. Its own inputs
    are Student's t of 3 degrees of freedom with these standard deviations."""
    given = {"l0": (1.4999, 1e-4), "l1": (1.5021, 2e-4), "t0": (288.15, 0.02), "t1": (373.10, 0.05)}

    def alpha(q: dict[str, gm.Quantity]) -> gm.Quantity:
        return (q["l1"] - q["l0"]) / (q["l0"] * (q["t1"] - q["t0"]))

    heavy = {k: gm.student_t(df=3, location=m, scale=u / 3**0.5) for k, (m, u) in given.items()}
    normal = {k: gm.normal(mean=m, sd=u) for k, (m, u) in given.items()}
    found, drawn = budget_of("alpha", alpha=alpha(normal), **normal)
    assert published(found.estimate * 1e5, "1.7266")
    assert published(found.uncertainty * 1e6, "1.76")
    assert published(drawn.sd().value * 1e6, "1.76")
    low, high = drawn.interval(0.95)
    assert published(low.value * 1e5, "1.38")
    assert published(high.value * 1e5, "2.07")
    # Of t inputs by convolution: what is uncertain is L1 - L0, all else is a thousandth of it.
    ends = gm.Model(alpha=alpha(heavy), **heavy).sample(1 << 16)["alpha"].interval(0.95)
    exact = _two_t(1e-4, 2e-4, 0.975) / (1.4999 * 84.95)
    assert (ends.high.value - ends.low.value) / 2 == pytest.approx(exact, rel=5e-3)


def _two_t(a: float, b: float, p: float) -> float:
    """The quantile of the sum of two independent t variables of 3 degrees of freedom with standard
    deviations a and b, by numerical convolution."""
    x = np.linspace(-60 * b, 60 * b, 1 << 16)
    step = x[1] - x[0]
    inner = stats.t(3, scale=a / 3**0.5)
    density = stats.t(3, scale=b / 3**0.5).pdf(x) * step

    def below(at: float) -> float:
        return float(np.sum(density * inner.cdf(at - x)))

    low, high = 0.0, 10 * b
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle) < p else (low, middle)
    return low


def test_the_step_attenuator_of_the_accreditation_bodies() -> None:
    """EA-4/02 M, S7 (also NIST TN 1900, E11): 30.043 dB, u = 0.0224 dB, U = 0.045 dB at k = 2."""
    reading = gm.normal(mean=30.040, sd=0.009)
    standard = gm.normal(mean=0.003, sd=0.0025)
    short, mismatch, leak = (gm.arcsine(-a, a) for a in (0.002, 2**0.5 * 0.02, 0.003))
    resolution = {f"resolution_{k}": within(0, 0.0005) for k in (1, 2)}
    noise = {f"noise_{k}": gm.normal(mean=0, sd=0.002) for k in (1, 2)}
    ends = resolution["resolution_1"] - resolution["resolution_2"]
    zeros = noise["noise_1"] - noise["noise_2"]
    loss = reading + standard + short + mismatch + leak + ends + zeros
    inputs = {"reading": reading, "standard": standard, "mismatch": mismatch, **resolution, **noise}
    found, drawn = budget_of("loss", loss=loss, short=short, leak=leak, **inputs)
    for uncertainty in (found.uncertainty, drawn.sd().value):
        assert published(uncertainty, "0.0224")
        assert published(2 * uncertainty, "0.045")
    assert published(found.estimate, "30.043")
    assert published(drawn.mean().value, "30.043")
    # Its budget: 0.009, 0.0025, 0.0014, 0.0200 and 0.0021.
    for name, figure in {
        "reading": "0.009",
        "standard": "0.0025",
        "short": "0.0014",
        "mismatch": "0.020",
        "leak": "0.0021",
    }.items():
        assert published(found[name].contribution, figure), name
