"""What README says in its first lines: each figure is that of the model."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import guessmodel as gm
from guessmodel.cli.main import main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()


def told(pattern: str) -> list[float]:
    """The numbers of a sentence."""
    found = re.search(pattern, " ".join(README.split()))
    assert found is not None, pattern
    return [float(each.replace(",", "")) for each in found.groups()]


def sampled(model: str, name: str, **labels: str) -> gm.Result:
    result = gm.Model.from_file(ROOT / "models" / f"{model}.py").sample(quantities=[name])[name]
    return result.sel(**labels) if labels else result


def test_the_largest_deployment() -> None:
    median, low, high = told(
        r"costs \*\*([\d.]+) times\*\* as much as to develop the model "
        r"\(the median; 90% interval ([\d.]+) to ([\d.]+)\)"
    )
    ratio = sampled("largest_deployment", "ratio", deployment="adjusted")
    found = [ratio.quantile(p).value for p in (0.5, 0.05, 0.95)]
    assert [median, low, high] == pytest.approx(found, rel=0.02)


def test_the_largest_deployment_as_published() -> None:
    (median,) = told(r"With the source's own inputs it is \*\*([\d.]+) times\*\*")
    model = gm.Model.from_file(ROOT / "models" / "largest_deployment.py")
    ratio = model.in_scenario("as published").sample(quantities=["ratio"])["ratio"]
    assert median == pytest.approx(ratio.sel(deployment="adjusted").median().value, rel=0.04)


def test_the_talent_pool() -> None:
    mean, low, high = told(r"\*\*([\d,]+) people\*\* can run .*? \(([\d,]+) to ([\d,]+)\)")
    capable = sampled("talent", "capable")
    found = [capable.mean().value, capable.quantile(0.05).value, capable.quantile(0.95).value]
    assert [mean, low, high] == pytest.approx(found, rel=0.01)


def test_the_price_of_a_million_words() -> None:
    mean, low, high, api = told(
        r"words cost \*\*([\d.]+) USD\*\* on a rented machine \(([\d.]+) to ([\d.]+)\), "
        r"where the API asks ([\d.]+) USD"
    )
    cost = sampled("inference_cost", "achieved_cost_per_million_words")
    found = [cost.mean().value, cost.quantile(0.05).value, cost.quantile(0.95).value]
    assert [mean, low, high] == pytest.approx(found, rel=0.01)
    price = sampled("inference_cost", "api_cost_per_million_words").mean().value
    assert api == pytest.approx(price, rel=0.01)


def test_the_claim_that_falls_short(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "200")
    main(["check", "models/inference_cost.py"])
    printed = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    lines = [line for line in README.splitlines() if line.startswith("inference_cost ")]
    shown = [" ".join(line.split()) for line in lines]
    assert len(shown) == 2
    assert set(shown) <= set(printed)


def test_times_are_those_of_the_benchmark() -> None:
    """In milliseconds, to an error of 0.1%."""
    ours, first, *peers = told(
        r"to 0\.1% \| ([\d.]+) ms \(([\d.]+) ms the first time\) \| "
        r"([\d.]+) ms with NumPy, ([\d.]+) with squigglepy, ([\d.]+) with OpenTURNS"
    )
    page = (ROOT / "docs" / "performance.md").read_text().partition("### (a) Time to an error")[2]
    rows = (
        "**guessmodel**, conditional",
        "the same, a new model's first answer",
        "NumPy, by hand ‡",
        "squigglepy ‡",
        "openturns ‡",
    )
    for name, shown in zip(rows, (ours, first, *peers), strict=True):
        row = re.search(rf"{re.escape(name)} \| 0\.10% \| [\d,]+ \| [\d.]+% \| ([\d.]+) ", page)
        assert row is not None, name
        assert round(float(row[1])) == shown
