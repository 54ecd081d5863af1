"""What the people cost, by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import guessmodel as gm

TEAMS = {"twitter": 10, "coding assistant": 20}


@pytest.fixture
def simulation(sampled: Callable[[str], gm.Simulation]) -> gm.Simulation:
    return sampled("labour")


@pytest.mark.parametrize(("label", "people"), TEAMS.items())
def test_a_year_and_three_months_of_the_team(
    simulation: gm.Simulation, label: str, people: int
) -> None:
    for name, share in (("full_year_cost", 1), ("labour_cost", 3 / 12)):
        cost = simulation[name].sel(deployment=label).mean()
        assert cost.value == pytest.approx(people * 100e3 * share)
        assert cost.unit == "USD"


@pytest.mark.parametrize(("label", "people"), TEAMS.items())
def test_uncertain_labour(
    simulation: gm.Simulation, lognormal: Any, label: str, people: int
) -> None:
    cost = lognormal(0.6, 1.7) * lognormal(70e3, 200e3) * lognormal(1.5, 6) * (people / 12)
    result = simulation["labour_cost_uncertain"].sel(deployment=label)
    assert result.mean().value == pytest.approx(cost.mean(), rel=5e-3)
    assert result.median().value == pytest.approx(cost.median, rel=5e-3)


def test_compute_against_labour(
    simulation: gm.Simulation, sampled: Callable[[str], gm.Simulation]
) -> None:
    largest = sampled("largest_deployment")
    adjusted = largest["cost"].sel(deployment="adjusted").mean().value
    assert simulation["largest_over_labour"].mean().value == pytest.approx(
        adjusted / 500e3, rel=0.01
    )
    coding = sampled("coding_assistant")["cost_per_year"].mean().value
    assert simulation["coding_over_labour"].mean().value == pytest.approx(coding / 500e3, rel=0.01)


def test_pay_moves_labour_and_not_compute(model_of: Callable[[str], gm.Model]) -> None:
    model = model_of("labour")
    names = ["labour_cost", "coding_cost", "coding_over_labour"]
    before = model.sample(256, quantities=names)
    after = model.with_(salary=130e3).sample(256, quantities=names)
    coding = {"deployment": "coding assistant"}
    labour = [s["labour_cost"].sel(**coding).mean().value for s in (before, after)]
    assert labour[1] / labour[0] == pytest.approx(1.3)
    assert after["coding_cost"].mean().value == before["coding_cost"].mean().value
    ratio = [s["coding_over_labour"].mean().value for s in (before, after)]
    assert ratio[1] / ratio[0] == pytest.approx(1 / 1.3)
