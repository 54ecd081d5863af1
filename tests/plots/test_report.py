"""Which pictures a report has, and what it says to those who do not see them."""

import re

import numpy as np
import pytest

import guessmodel as gm
from guessmodel.graph.dims import Dim
from guessmodel.numerics.normal import ppf
from guessmodel.plots import for_report, graph_for_report
from guessmodel.plots.report import scenarios_for_report

P = (np.arange(2048) + 0.5) / 2048


def kinds(result: gm.Result) -> list[str]:
    return [picture.kind for picture in for_report(result)]


def test_one_quantity_has_density_and_cumulative_distribution() -> None:
    first, second = for_report(gm.lognormal(1, 100, "USD/day", name="cost").sample(1024))
    assert (first.kind, second.kind) == ("density", "cdf")
    assert first.alt == "Density of cost in USD/day: median 10, 90% interval 1 to 100."
    assert second.alt.startswith("Cumulative distribution of cost in USD/day: median 10")
    assert first.figure.axes[0].get_xlabel() == second.figure.axes[0].get_xlabel()


def test_what_does_not_vary_has_none(drawn) -> None:  # type: ignore[no-untyped-def]
    assert kinds(gm.constant(5, "USD").sample(64)) == []
    assert kinds(gm.constant({"a": 1, "b": 2}, dim="k").sample(64)) == []
    assert kinds(drawn("x", np.full(64, np.nan))) == []


def test_very_short_runs_have_none() -> None:
    trend = gm.constant({2020: 1, 2021: 2}, dim="year") * gm.normal(1, 2)
    assert kinds(trend.sample(64)) == []
    assert kinds(trend.sample(256)) == ["fan"]
    assert kinds(gm.normal(1, 2).sample(64)) == []


def test_numbers_as_labels_make_a_fan(drawn) -> None:  # type: ignore[no-untyped-def]
    years = Dim("year", (2022, 2020))
    (picture,) = for_report(drawn("x", np.array([[5.0], [1.0]]) + 0.1 * ppf(P), "USD", [years]))
    assert picture.kind == "fan"
    first, last = picture.alt.split("; ")
    assert first.startswith("x in USD along year. at 2020: median 1")
    assert last.startswith("at 2022: median 5")


def test_words_as_labels_make_a_comparison(drawn) -> None:  # type: ignore[no-untyped-def]
    draws = np.array([[1.0], [5.0]]) + 0.1 * ppf(P)
    (picture,) = for_report(drawn("x", draws, "USD", [Dim("way", ("a", "b"))]))
    assert picture.kind == "comparison"
    assert picture.alt.startswith("x in USD by way. a: median 1")
    assert "; b: median 5" in picture.alt


def test_many_labels_make_a_comparison_and_few_words(drawn) -> None:  # type: ignore[no-untyped-def]
    labels = Dim("k", tuple(f"label {i}" for i in range(30)))
    (picture,) = for_report(drawn("x", np.tile(ppf(P), (30, 1)), "USD", [labels]))
    assert picture.kind == "comparison"
    assert picture.alt.endswith("and 18 more.")


def test_indicators_and_categories_have_probabilities() -> None:
    a = gm.normal({"x": (1, 2), "y": (1, 2)}, dim="way")
    model = gm.Model(above=a > 1.5, first=a.sel(way="x") > 1.5, best=a.idxmin("way"))
    simulation = model.sample(1024)
    assert kinds(simulation["above"]) == ["comparison"]
    (picture,) = for_report(simulation["first"])
    assert picture.alt == "Probabilities of first: yes 50%."
    (picture,) = for_report(simulation["best"])
    half = r"(49|50|51)\S*( ± \S+)?%"
    assert re.fullmatch(f"Probabilities of best: x {half}, y {half}.", picture.alt)


def test_the_graph_in_words() -> None:
    price = gm.normal(5, 8, "USD")
    model = gm.Model(people=gm.constant(3), price=price, cost=price * 2)
    picture = graph_for_report(model)
    assert picture.kind == "graph"
    assert picture.alt == (
        "Graph of the model model: 1 constant (people); 1 uncertain input (price); 1 output (cost)."
    )


@pytest.mark.parametrize("style", ["auto", "light", "dark"])
def test_styles_differ_in_ink_and_background(style: str) -> None:
    (picture, _) = for_report(gm.normal(1, 2, name="x").sample(256), style=style)
    face = picture.figure.patch
    assert (face.get_alpha() == 0.0) == (style == "auto")
    bright = sum(face.get_facecolor()[:3]) / 3
    ink = picture.figure.axes[0].xaxis.label.get_color()
    darkness = int(str(ink)[1:3], 16) / 255
    assert style == "auto" or abs(bright - darkness) > 0.7


CITIES = {"city": [f"c{i}" for i in range(40)]}
OFFERS = {"offer": ["a", "b", "c"]}
FLOW = gm.normal(-9, 8, "USD", dim={"month": [1, 2, 3]}, name="flow")


@pytest.mark.parametrize(
    ("quantity", "form", "scenarios"),
    [
        (FLOW.sum("month"), "density", "scenarios"),
        (FLOW, "fan", "scenarios"),
        (FLOW.sum("month") > 0, "density", "scenarios"),
        (FLOW > 0, "fan", "scenarios"),
        (FLOW.idxmax("month"), "density", "scenarios"),
        (FLOW.first_where(FLOW.cumsum("month") < 0, "month"), "density", "scenarios"),
        (gm.lognormal(1, 5, dim=OFFERS).idxmin("offer"), "density", None),  # no scenario changes it
        (gm.lognormal(1, 5, dim=CITIES | OFFERS).idxmin("offer"), None, None),  # too many panels
        (gm.normal(1, 5, dim=CITIES) * FLOW.sum("month"), "comparison", "scenarios"),
    ],
    ids=["number", "fan", "event", "events", "label", "or never", "words", "40 words", "40 cities"],
)
def test_every_kind_of_quantity_can_be_in_a_report_with_scenarios(
    quantity: gm.Quantity, form: str | None, scenarios: str | None
) -> None:
    model = gm.Model(flow=FLOW, out=quantity)
    pictures = for_report(model.sample(1024)["out"])
    assert (pictures[0].kind if pictures else None) == form
    dear = gm.scenario("dear", {"flow": "-20 to 2 USD"})
    beside = model.sample(1024, scenarios=[dear])["out"]
    if "scenario" in {dim.name for dim in beside.dims}:
        picture = scenarios_for_report(beside)
        assert (picture and picture.kind) == scenarios
    else:
        assert scenarios is None
