"""Statistics by their names, and figures in the unit of another."""

import pytest

import guessmodel as gm
from guessmodel.analysis.statistic import asked, output_of, title_at
from guessmodel.errors import DimensionError, UnitError, UsageError, WrongKind
from guessmodel.graph.number_in import number_in
from guessmodel.units import parse

X = gm.normal(mean=10, sd=2, unit="USD")
LIMIT = gm.constant(12, "USD")
MODEL = gm.Model(x=X, dear=X > LIMIT)


@pytest.mark.parametrize(
    ("output", "statistic", "expected"),
    [  # of N(10, 2); the quantiles and tails of the normal distribution are from its tables
        ("x", "mean", 10.0),
        ("x", "sd", 2.0),
        ("x", "median", 10.0),
        ("x", "p97.5", 10 + 2 * 1.959963985),
        ("x", "P(> 12)", 0.158655254),
        ("x", "P(<= 0.012K USD)", 0.841344746),
        ("dear", "probability", 0.158655254),
        ("dear", "mean", 0.158655254),
    ],
)
def test_statistics_by_name(output: str, statistic: str, expected: float) -> None:
    question = asked(MODEL, output, statistic)
    assert question.of(question.model, {}).value == pytest.approx(expected, rel=1e-8)


@pytest.mark.parametrize(
    ("output", "statistic", "message"),
    [
        ("x", "averag", "no statistic 'averag'; there are mean, sd, median, "),
        ("x", "p0", "no statistic 'p0'"),
        ("x", "p100", "no statistic 'p100'"),
        ("x", "probability", "'x' is no comparison; ask for"),
        ("x", "P(> 3 kg)", "cannot convert kg to USD"),
        ("x", "P(> y)", "cannot read 'y' as a figure"),
    ],
)
def test_other_statistics_are_refused(output: str, statistic: str, message: str) -> None:
    with pytest.raises((UsageError, UnitError), match=message.replace("(", r"\(")):
        asked(MODEL, output, statistic)


def test_a_category_has_no_statistic() -> None:
    costs = gm.constant({"a": 1, "b": 2}, dim="way") * gm.normal(1, 2)
    model = gm.Model(best=costs.idxmin("way"))
    with pytest.raises(UsageError, match="'best' is a category"):
        asked(model, "best", "mean")


def test_numbers_are_counted_in_the_unit_and_figures_converted() -> None:
    hours = parse("hour")
    assert number_in(hours, 3) == 3.0
    assert number_in(hours, "3") == 3.0
    assert number_in(hours, "2 day") == 48.0
    assert number_in(hours, gm.constant(2, "day")) == 48.0
    assert number_in(parse(None), "5%") == pytest.approx(0.05)
    for wrong in (X, gm.constant({"a": 1, "b": 2}, dim="k")):
        with pytest.raises(WrongKind, match="write one number"):
            number_in(hours, wrong)
    with pytest.raises(UsageError, match="finite"):
        number_in(hours, float("inf"))


def test_the_only_output_need_not_be_named() -> None:
    assert output_of(gm.Model(x=X), None) == ("x", {})
    with pytest.raises(UsageError, match="which output\\? Name one of a, b"):
        output_of(gm.Model(a=2 * X, b=3 * X), None)


def test_a_constant_that_nothing_uses_is_no_output_to_ask_of() -> None:
    idle = gm.constant(7)
    assert output_of(gm.Model(idle=idle, a=2 * X), None) == ("a", {})
    assert output_of(gm.Model(idle=idle), None) == ("idle", {})
    assert list(gm.Model(idle=idle, x=X, a=2 * X).sample(1024).correlations().columns) == ["a"]


def test_an_output_is_located_by_all_its_labels() -> None:
    model = gm.Model(y=X * gm.constant({"a": 1, "b": 2}, dim="kind"))
    assert title_at(model, "y", {"kind": "b"}) == "y[b]"
    with pytest.raises(
        UsageError, match=r"'y' has a kind; choose one, e.g. 'y\[a\]', in Python labels="
    ):
        title_at(model, "y", {})
    with pytest.raises(DimensionError, match="no label 'c'"):
        title_at(model, "y", {"kind": "c"})
    with pytest.raises(UsageError, match="no dimension 'year'"):
        title_at(model, "y", {"kind": "a", "year": 3})
