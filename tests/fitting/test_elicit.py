"""`gm.elicit`: what was said, what is implied, and the line that says so."""

from __future__ import annotations

from typing import Any

import pytest
from scipy import optimize, stats

import guessmodel as gm
from guessmodel.graph.quantity import Quantile
from guessmodel.graph.traversal import ancestors

SHELF = {0.25: 30, 0.5: 40, 0.75: 50}
"""SHELF's example: quartiles of a quantity between 0 and 100."""


def test_the_example_of_shelf() -> None:
    found = gm.elicit(SHELF, lower=0, upper=100)
    assert found.best.family == "beta"
    shapes = found.best.parameters["alpha"], found.best.parameters["beta"]

    # SciPy's Nelder and Mead on the sum of squares that SHELF minimises.
    def squares(at: Any) -> float:
        at = abs(at) + 1e-9
        made = stats.beta(*at, 0, 100)
        return float(sum((made.cdf(x) - p) ** 2 for p, x in SHELF.items()))

    other = optimize.minimize(squares, (3, 4), method="Nelder-Mead", options={"xatol": 1e-8})
    assert shapes == pytest.approx(abs(other.x), rel=1e-3)
    known = stats.beta(*shapes, 0, 100)
    assert found.best.implied[0.05] == pytest.approx(known.ppf(0.05), rel=1e-9)
    assert found.best.misfit == pytest.approx(
        max(abs(known.cdf(list(SHELF.values())) - list(SHELF)))
    )
    normal = gm.elicit(SHELF, "normal").best  # quartiles of a normal: mean ± 0.6745 sd
    assert normal.parameters == pytest.approx({"mean": 40.0, "sd": 10 / stats.norm.ppf(0.75)})


def source_of(quantity: gm.Quantity) -> str | None:
    """That of the draw in it."""
    (draw,) = (each for each in ancestors([quantity]) if isinstance(each.operation, Quantile))
    return draw.source


@pytest.mark.parametrize(
    ("how", "families"),
    [
        ({}, {"lognormal", "gamma", "weibull", "normal", "student_t", "logistic", "metalog"}),
        ({"lower": 10}, {"lognormal", "gamma", "weibull", "metalog"}),
        ({"upper": "90 USD"}, {"lognormal", "gamma", "weibull", "metalog"}),
        ({"lower": 0, "upper": 100}, {"beta", "metalog"}),
    ],
)
@pytest.mark.parametrize("unit", ["USD", None])
def test_lines_are_what_is_shown(how: dict[str, Any], families: set[str], unit: str | None) -> None:
    how = {key: 90 if value == "90 USD" and unit is None else value for key, value in how.items()}
    found = gm.elicit(SHELF, unit=unit, **how)
    assert {each.family for each in found.families} == families
    for each in found.families:
        made = eval(each.line, {"gm": gm})
        assert str(made.unit) == (unit or "")
        for p in (0.01, 0.75, 0.95):
            known = each.implied[p]
            assert float(made.sample(2**14).quantile(p)) == pytest.approx(known, rel=2e-3, abs=0.02)
        same = each.quantity.sample(64).quantile(0.3)
        assert float(same) == float(made.sample(64).quantile(0.3))
        said = "an expert: 30 at 25%, 40 at 50%, 50 at 75%" + (" [USD]" if unit else "")
        assert f', source="{said}")' in each.line and source_of(made) == said


def test_two_quantiles_are_met_by_all_and_differ_elsewhere() -> None:
    found = gm.elicit({0.1: "3 USD", 0.9: 12})
    assert found.unit == "USD" and found.best.family == "lognormal"
    assert all(each.misfit < 1e-6 for each in found.families)
    far = [each.implied[0.99] for each in found.families]
    assert max(far) > 1.3 * min(far)
    assert found.quantity is found.best.quantity and found.line == found.best.line


def test_what_no_family_holds_is_told() -> None:
    found = gm.elicit({0.1: 1, 0.2: 1.01, 0.5: 9, 0.6: 9.01, 0.9: 9.02})
    assert any(line.startswith("! no family comes near") for line in found.notes())
    assert "metalog is left out: no increasing curve" in str(found)
    skewed = gm.elicit({0.05: 9, 0.5: 13, 0.95: 40})
    assert skewed.best.family == "metalog" and skewed.best.misfit < 1e-9
    assert skewed.best.implied[0.5] == pytest.approx(13)
    assert not skewed["lognormal"].fits  # in the tail it is within 5%, but not within half of it


def test_feedback_and_other_shapes() -> None:
    found = gm.elicit(SHELF, ["normal", "beta"], feedback=(0.1, 0.9))
    assert found.left_out == {"beta": "it needs both bounds, lower= and upper="}
    assert found.cells()[0] == ["", "misfit", "10%", "25%", "50%", "75%", "90%"]
    assert found.cells()[1][2:] == ["", "30", "40", "50", ""]
    assert "<table>" in found._repr_html_()
    assert list(found.to_pandas().index) == ["normal"]
    told = found.to_dict()
    assert told["said"] == {"0.25": 30.0, "0.5": 40.0, "0.75": 50.0}
    assert told["families"]["normal"]["implied"]["0.5"] == pytest.approx(40)
    with pytest.raises(gm.GuessmodelError, match="'gamma' was not fitted; there are normal"):
        found["gamma"]


@pytest.mark.parametrize(
    ("said", "how", "message"),
    [
        ([1, 2], {}, "elicit takes quantiles by probability: {0.1: 3, 0.5: 5, 0.9: 10}"),
        ({0.5: 3}, {}, "one quantile says too little; give two at least"),
        ({0.1: 5, 0.9: 3}, {}, "3 at 0.9 is not above 5 at 0.1; quantiles increase"),
        ({10: 5, 90: 3}, {}, "10 is no probability between 0 and 1; write 0.1"),
        ({"p10": 5, "p90": 3}, {}, "quantiles are at probabilities such as 0.9, not 'p10'"),
        (SHELF, {"lower": 30}, "the quantile 30 is not above lower=30"),
        (SHELF, {"upper": 40}, "the quantile 50 is not below upper=40"),
        (SHELF, {"families": "gama"}, "no family 'gama'; did you mean 'gamma'"),
        (SHELF, {"families": "cauchy"}, "no family 'cauchy'; there are beta, lognormal"),
        (SHELF, {"families": "beta"}, "beta is left out: it needs both bounds"),
        (SHELF, {"feedback": [95]}, "95 is no probability between 0 and 1; write 0.95"),
        ({0.1: "3 USD", 0.9: "9 kg"}, {}, "cannot convert kg to USD"),
    ],
)
def test_a_mistake_says_what_to_write(said: Any, how: dict[str, Any], message: str) -> None:
    with pytest.raises(gm.GuessmodelError) as caught:
        gm.elicit(said, **how)
    assert message in str(caught.value)


@pytest.mark.parametrize("bounds", [{}, {"lower": 0}, {"upper": 100}, {"lower": 0, "upper": 100}])
@pytest.mark.parametrize("far", [0.0, 1.7e9, -1.7e9])
def test_what_is_said_far_from_0_is_not_rounded_away(far: float, bounds: dict[str, float]) -> None:
    """Each line has the quantiles that are shown as implied, to a thousandth of what was said."""
    said = {p: far + x for p, x in {0.05: 30.25, 0.5: 40.5, 0.95: 55.75}.items()}
    found = gm.elicit(said, **{key: far + end for key, end in bounds.items()})
    assert len(found.families) > 1
    for each in found.families:
        made = eval(each.line, {"gm": gm}).sample(512)
        for p in said:
            assert float(made.quantile(p)) == pytest.approx(each.implied[p], abs=0.02)
    shown = [text for text in found.cells()[1][2:] if text]
    assert len(set(shown)) == 3, "percentiles of a row are told apart"
