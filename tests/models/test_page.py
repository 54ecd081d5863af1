"""docs/models.md: the numbers in its table of models are those of the models."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

import guessmodel as gm

PAGE = Path(__file__).parents[2] / "docs" / "models.md"
SUFFIXES = {"": 1.0, "K": 1e3, "M": 1e6}
# What a row says in numbers, in its order: quantity, label, statistic.
BASE = {
    "inference_cost": [
        ("achieved_cost_per_million_words", None, "mean"),
        ("achieved_cost_per_million_words", None, "p5"),
        ("achieved_cost_per_million_words", None, "p95"),
    ],
    "development": [
        ("development_cost", None, "mean"),
        ("development_cost", None, "p5"),
        ("development_cost", None, "p95"),
    ],
    "twitter": [
        ("cost_per_year", None, "mean"),
        ("development_over_deployment", None, "mean"),
    ],
    "coding_assistant": [
        ("cost_per_year", None, "mean"),
        ("exceeds_development", None, "percent"),
    ],
    "largest_deployment": [("ratio", "adjusted", "p50"), ("ratio", "chatgpt-scale", "p50")],
    "talent": [("capable", None, "mean"), ("capable", None, "p5"), ("capable", None, "p95")],
    "transformative_copies": [
        ("share_of_world", 1, "p50"),
        ("is_cheaper", 1000, "percent"),
    ],
}
PUBLISHED = {
    "inference_cost": [("cost_per_million_words", None, "mean")],
    "development": [("development_cost", None, "mean")],
    "twitter": [("cost_per_year", None, "mean")],
    "coding_assistant": [("cost_per_year", None, "mean")],
    "largest_deployment": [("ratio", "adjusted", "p50")],
    "talent": [("capable", None, "mean")],
}
Sampled = Callable[[str], gm.Simulation]
Asked = tuple[str, str | int | None, str]


def numbers(cell: str) -> list[float]:
    """`36M USD, … 91%` is 36e6 and 91; names such as GPT-3 have none."""
    text = re.sub(r"GPT-3|ChatGPT|of 2021|1% of", "", cell)
    found = re.findall(r"(?<![\w.-])(\d[\d,]*(?:\.\d+)?)([KM]?)(?![\w])", text)
    return [float(digits.replace(",", "")) * SUFFIXES[suffix] for digits, suffix in found]


def answer(simulation: gm.Simulation, asked: Asked) -> float:
    name, label, statistic = asked
    result = simulation[name]
    if label is not None:
        (dim,) = result.dims
        result = result.sel(**{dim.name: label})
    if statistic == "percent":
        return 100 * result.probability().value
    if statistic == "mean":
        return result.mean().value
    return result.quantile(float(statistic[1:]) / 100).value


def rows() -> dict[str, list[str]]:
    lines = re.findall(r"^\| `(\w+)` \|(.*)\|$", PAGE.read_text(), re.MULTILINE)
    return {name: rest.split(" | ") for name, rest in lines}


@pytest.mark.parametrize("name", BASE)
def test_the_table_of_models(name: str, sampled: Sampled, published: Sampled) -> None:
    _, base, *rest = rows()[name]
    found = [answer(sampled(name), asked) for asked in BASE[name]]
    assert numbers(base)[: len(found)] == pytest.approx(found, rel=0.03)
    for asked in PUBLISHED.get(name, []):
        assert numbers(rest[0])[0] == pytest.approx(answer(published(name), asked), rel=0.035)


def test_every_model_has_a_row() -> None:
    files = {file.stem for file in (PAGE.parents[1] / "models").glob("*.py")}
    assert set(rows()) == files - {"__init__", "sources"}
