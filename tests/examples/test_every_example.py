"""The examples: short, run without a warning, with the numbers of closed forms and sources."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from scipy import integrate, optimize, stats

import guessmodel as gm
from guessmodel.cli.main import main
from guessmodel.simulation.headline import headlines_of

FOLDER = Path(__file__).parents[2] / "examples"
FILES = sorted(FOLDER.glob("*.py"))


def sampled(name: str, *quantities: str, n: int = 2**14) -> gm.Simulation:
    return gm.Model.from_file(FOLDER / f"{name}.py").sample(n, quantities=list(quantities) or None)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_it_is_short_and_runs_without_a_warning(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert len(file.read_text().splitlines()) < 60
    assert main(["run", str(file), "--samples", "4096"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert len(out.splitlines()) < 80
    model = gm.Model.from_file(file)
    assert model.unnamed == []
    assert file.stem in ("build_or_buy", "first_weekend") or headlines_of(model)


def test_their_claims_hold(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(FOLDER)]) == 0
    assert "figures hold" in capsys.readouterr().out


def test_losses_of_the_insurer() -> None:
    """E[N] E[X], and of the layer from r to r + c by integrating the survival function of the
    lognormal losses, whose logarithm has the variances of both factors."""
    run = sampled("insurance", "losses", "ceded")
    spread = math.hypot(1.1, math.log(2.4 / 1.6) / (2 * 1.6448536))
    loss = stats.lognorm(spread, scale=math.sqrt(1.6 * 2.4) * 1e6)
    assert run["losses"].mean().value == pytest.approx(4 * loss.mean(), rel=0.03)
    layer = integrate.quad(loss.sf, 5e6, 25e6)[0]
    assert run["ceded"].mean().value == pytest.approx(4 * layer, rel=0.05)


def test_how_many_fall_ill() -> None:
    """While anybody is ill, log(well before / well after) = R · (h / d) · ill / N; each is ill for
    1 / (1 - exp(-h / d)) days, so that the share z who fall ill solves an equation."""
    model = gm.Model.from_file(FOLDER / "epidemic.py")
    known = model.with_(infections=3.25, contagious=2.25).sample(8)["fell_ill"].mean().value
    days = 1.0 / (2.25 * -math.expm1(-1.0 / 2.25))
    share = optimize.brentq(lambda z: math.log(762 / 763 / (1 - z)) - 3.25 * days * z, 0.1, 0.9999)
    assert known == pytest.approx(763 * share, abs=1.0)


def test_a_film_given_its_first_weekend() -> None:
    """The mean of the total under the condition, by integrating over total and share."""
    simulation = sampled("first_weekend", n=2**16)
    found = simulation.given("28M USD < weekend and weekend < 32M USD")["total"].mean()
    z = 1.6448536
    log_total = stats.norm(math.log(20e6 * 300e6) / 2, math.log(15) / 2 / z)
    share = stats.beta(*(_beta(0.20, 0.42)))
    totals = np.exp(np.linspace(math.log(5e6), math.log(2e9), 4000))
    weight = log_total.pdf(np.log(totals)) * (
        share.cdf(np.minimum(32e6 / totals, 1)) - share.cdf(np.minimum(28e6 / totals, 1))
    )
    assert found.value == pytest.approx(float(np.sum(weight * totals) / np.sum(weight)), rel=0.02)


def _beta(low: float, high: float) -> tuple[float, float]:
    """Parameters of the beta distribution with these as 5th and 95th percentile."""

    def off(logs: np.ndarray) -> list[float]:
        own = stats.beta(*np.exp(logs))
        return [float(own.cdf(low)) - 0.05, float(own.cdf(high)) - 0.95]

    a, b = np.exp(optimize.fsolve(off, [2.0, 3.0]))
    return float(a), float(b)


def test_the_year_of_the_battery() -> None:
    """P(before 2030) = P(log(goal / price) / log(1 - learning) · doubling < 5.5 years)."""
    found = sampled("battery", "before_2030", n=2**16)["before_2030"].probability().value
    learning = stats.beta(*_beta(0.12, 0.24))
    z = 1.6448536
    doubling = stats.lognorm(math.log(4.5 / 1.8) / 2 / z, scale=math.sqrt(4.5 * 1.8))
    expected = integrate.quad(
        lambda x: learning.pdf(x) * doubling.cdf(5.5 * math.log1p(-x) / math.log(80 / 115)), 0, 1
    )[0]
    assert found == pytest.approx(expected, abs=0.01)


def test_nodes_of_the_cluster() -> None:
    """The load is a product of lognormal draws: its mean is exp of half the sum of variances."""
    load = sampled("cluster", "load")["load"]
    ranges = [(3e6, 9e6), (20 / 86400, 60 / 86400), (2.0, 3.5), (0.03, 0.08)]
    mu = sum(math.log(a * b) / 2 for a, b in ranges)
    variance = sum((math.log(b / a) / 2 / 1.6448536) ** 2 for a, b in ranges)
    assert load.mean().value == pytest.approx(math.exp(mu + variance / 2), rel=1e-6)


def test_the_project_without_luck_is_its_longest_path() -> None:
    model = gm.Model.from_file(FOLDER / "project.py")
    modes = {"design": 8, "permit": 8, "foundation": 6, "delivery": 14, "assembly": 10}
    sure = model.with_(**modes, fitting_out=8, strike=0, materials=2e6, running_cost=50e3)
    run = sure.sample(8)
    assert run["duration"].mean().value == 8 + max(8 + 6, 14) + 10 + 8
    assert run["cost"].mean().value == 2e6 + 50e3 * 40
    late = sure.with_(permit=30).sample(8)["cost"].mean().value
    assert late == 2e6 + 50e3 * 62 + 25e3 * 10


def test_the_service_without_luck_pays_back_when_its_sums_say() -> None:
    model = gm.Model.from_file(FOLDER / "subscription.py")
    sure = model.with_(
        conversion=4, churn=5, service=2, click=0.4, visitors_now=20_000, growth=0, season=1
    ).with_(team=20_000, start_up=150_000)
    users, cash = 0.0, [-150_000.0]
    for _ in range(36):
        users = users * 0.95 + 800
        cash.append(cash[-1] + users * 10 - 20_000 - 8_000)
    run = sure.sample(8)
    assert run["lowest_cash"].mean().value == pytest.approx(min(cash[1:]))
    first = next(month for month, sum_ in enumerate(cash) if sum_ >= 0)
    assert run["month_paid_back"].mean().value == first


def test_the_deadline_that_can_be_promised() -> None:
    """A deadline that is missed once in ten is the 90th percentile of the duration."""
    from guessmodel.analysis.stated import seeks_of

    model = gm.Model.from_file(FOLDER / "project.py")
    (asked,) = seeks_of(model)
    found, duration = asked.evaluate(model, n=2**14), model.sample(2**14)["duration"].quantile(0.9)
    assert found.value is not None
    apart = abs(found.value.value - duration.value)
    assert apart <= 2 * (found.value.error + duration.error)
