"""`format=` of a quantity, wherever its numbers are shown."""

import inspect
import json
from pathlib import Path

import pytest

import guessmodel as gm
from guessmodel.cli.main import main
from guessmodel.errors import GuessmodelError, UnitError, UsageError
from guessmodel.graph.kinds import format_of
from guessmodel.graph.quantity import Quantity
from guessmodel.plots.drawing import figures_of, in_numbers
from guessmodel.report import document
from guessmodel.report.layout import layout
from guessmodel.report.markdown import markdown

MODEL = """
import guessmodel as gm
begin = gm.constant(2025, format="year")
wait = gm.normal(8, 16)
ready = (begin + wait).formatted("year")
budget = gm.lognormal(1e6, 3e6, "USD", format="USD,0")
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "plan.py"
    path.write_text(MODEL)
    return path


def test_every_constructor_takes_a_format() -> None:
    constructors = [
        each
        for name in gm.__all__
        if callable(each := getattr(gm, name))
        and not inspect.isclass(each)
        and {"source", "doc"} <= set(inspect.signature(each).parameters)
        and "Quantity" in str(inspect.signature(each).return_annotation)  # gm.scenario makes none
    ]
    assert len(constructors) > 20
    for each in constructors:
        assert "format" in inspect.signature(each).parameters, each.__name__


@pytest.mark.parametrize(
    "made",
    [
        gm.constant(2025, format="year"),
        gm.normal(2025, 2035, format="year"),
        gm.empirical([2025.0, 2030.0], format="year"),
        gm.mixture([gm.normal(2025, 2026), gm.normal(2030, 2031)], format="year"),
        gm.dirichlet({"a": 1, "b": 2}, dim="x", format="3 digits"),
        gm.constant({"a": 1, "b": 2}, dim="x").formatted("3 digits"),
    ],
)
def test_it_is_kept(made: Quantity) -> None:
    assert made.format in ("year", "3 digits")


def test_statistics_are_written_in_it() -> None:
    ready = gm.normal(2033, 2041, format="year") + 0
    year = ready.formatted("year").sample(1024)
    assert str(year.median()) == "2037" and str(year.interval()) == "2033 to 2041"
    assert str(year.mean()) == "2037" and year.mean().plain
    cost = gm.lognormal(1e6, 3e6, "USD", format="USD,0").sample(1024)
    assert str(cost.interval()) == "1,000,000 to 3,000,000 USD"
    assert in_numbers(figures_of(cost)) == "1,732,051 (1,000,000 to 3,000,000)"
    assert cost.mean().to_dict()["format"] == "USD,0"


YEARS = gm.normal({"a": (2030, 2034), "b": (2031, 2039)}, dim="site", format="year")
START = gm.constant(2033, format="year")
MONEY = gm.lognormal(1e6, 3e6, "USD", format="USD,0")


@pytest.mark.parametrize(
    ("made", "form"),
    [
        (gm.maximum(YEARS, START), "year"),
        (gm.minimum(START, 2035), "year"),  # a number beside it has no form of its own
        (gm.where(gm.constant(2e6, "USD") < MONEY, YEARS, START), "year"),
        (YEARS.max("site"), "year"),
        (gm.filtered(YEARS.sel(site="a"), high=2040), "year"),
        (gm.stack({"x": YEARS, "y": START}, dim="case"), "year"),
        (gm.normal({2025: (1, 3), 2026: (2, 4)}, dim="year").idxmax("year"), "year"),
        (gm.maximum(MONEY, gm.constant(2e6, "USD", format="USD,0")), "USD,0"),
        (gm.maximum(MONEY, gm.constant(2e6, "USD")), None),
        (gm.where(START > 3, START, START.formatted("2 digits")), None),
        (YEARS - START, None),
        (START + 3, "year"),
        (gm.maximum(gm.normal(1, 2), 0), None),
    ],
)
def test_what_chooses_among_some_is_written_as_they_are(made: Quantity, form: str | None) -> None:
    assert format_of(made) == form


def test_a_long_chain_of_choices_is_no_recursion() -> None:
    latest = START
    for _ in range(2000):
        latest = gm.maximum(latest, 2030)
    assert format_of(latest) == "year"


def test_a_formatted_draw_is_the_same_draw() -> None:
    x = gm.normal(1, 2)
    simulation = gm.Model(
        x=x, y=x.formatted("2 digits"), difference=x.formatted("year") - x
    ).sample(64)
    assert simulation["y"].values.tolist() == simulation["x"].values.tolist()
    assert not simulation["difference"].values.any()
    alone = gm.Model(x=gm.normal(1, 2).formatted("year")).sample(64)["x"].values
    assert alone.tolist() == simulation["x"].values.tolist()


def test_run_and_report_show_it(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", str(file)]) == 0
    out = capsys.readouterr().out
    assert "2033       2037       2041" in out and "1,000,000" in out
    assert main(["run", str(file), "--json", "--samples", "64"]) == 0
    shown = json.loads(capsys.readouterr().out)["quantities"]
    assert shown["ready"]["p50"]["plain"] is True
    assert shown["budget"]["p50"]["format"] == "USD,0"
    page = markdown(layout(document(gm.Model.from_file(file), samples=1024)))
    assert "| **ready** | 2037 | 2033 | 2037 | 2041 |" in page
    assert "1,000,000 to 3,000,000 USD" in page and "2025" in page


def test_a_change_keeps_it(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", str(file), "budget", "--set", "budget=1M to 2M USD"]) == 0
    assert "2,000,000" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("make", "kind", "words"),
    [
        (lambda: gm.constant(5, "cent", format="USD,0"), UnitError, "write 'cent,0'"),
        (lambda: gm.constant(5, format="USD,0"), UnitError, "a plain number; write ',0'"),
        (lambda: gm.normal(1, 2, format="years"), UsageError, "write 'year', '4 digits'"),
        (lambda: gm.normal(1, 2).formatted("0 digits"), UsageError, "1 to 17 digits"),
        (lambda: gm.normal(1, 2, format=3), UsageError, "format=3 is no format"),
    ],
)
def test_what_is_no_format_of_a_quantity(
    make: object, kind: type[GuessmodelError], words: str
) -> None:
    with pytest.raises(kind, match=words) as caught:
        make()  # type: ignore[operator]
    assert caught.value.where is not None and caught.value.where.file == __file__


def test_a_year_and_a_number_are_a_year_and_two_years_are_none() -> None:
    begin, wait = gm.constant(12025, format="year"), gm.normal(8, 16)
    for year in (begin + 3, 3 + begin, begin - wait, begin + wait + wait, wait + begin):
        assert format_of(year) == "year"
    assert str((begin + 3).sample(64).mean()) == "12028"  # else 12.028K
    for none in (begin - begin, begin + begin, wait - begin, begin * 1, begin / 2):
        assert format_of(none) is None
    model = gm.Model(begin=begin, ready=begin + wait)
    assert format_of(model.with_(begin=12030).quantities["ready"]) == "year"
