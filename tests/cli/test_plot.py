"""`guessmodel plot`: the file, and what a wrong call is told."""

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from guessmodel.cli.main import main

Capture = pytest.CaptureFixture[str]
MODEL = '''
"""A model."""
import guessmodel as gm

price = gm.lognormal(1, 100, "USD/hour")
hours = gm.lognormal(1, 3, "hour")
spend = price * hours + gm.constant(3, "USD")
over = spend > gm.constant("40 USD")
base = gm.normal({"a": (1, 2), "b": (3, 8)}, unit="USD", dim="plan")
year = gm.constant({2020: 0, 2021: 1, 2022: 2}, dim="year")
growth = gm.normal(1.0, 1.4)
cost = base * growth**year
total = cost.sum("plan")
balance = gm.normal(-1, 3)
lost = gm.log(balance)
'''


@pytest.fixture
def plot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> Callable[..., str]:
    """Run the command; returns the alternative text of the SVG."""
    monkeypatch.chdir(tmp_path)
    Path("model.py").write_text(MODEL)

    def run(*words: str) -> str:
        drawn = [] if "graph" in words else ["--samples", "1024"]
        assert main(["plot", "model.py", *words, "-o", "out.svg", *drawn]) == 0
        out, err = capsys.readouterr()
        assert (out, err) == ("wrote out.svg\n", "")
        root = ElementTree.fromstring(Path("out.svg").read_text())
        title = root.find("{http://www.w3.org/2000/svg}title")
        assert title is not None and title.text
        return title.text

    return run


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["price"], "Density of price in USD/hour: median 10, 90% interval 1 to 100."),
        (["price", "--kind", "cdf"], "Cdf of price"),
        (["price", "--kind", "histogram"], "Histogram of price in USD/hour: median 10"),
        (["over"], "Density of over: yes "),
        (["total"], "total in USD along year. at 2020: median "),
        (["base"], "base in USD by plan. a: median 1.5, 90% interval 1 to 2; b: median 5.5"),
        (["cost"], "cost in USD by plan, year. a, 2020: median 1.5"),
        (["cost[b,2020]"], "Density of cost[b, 2020] in USD: median 5.5"),
        (["base", "total"], "base in USD by plan. a: median 1.5"),
        (["spend", "price", "--kind", "scatter"], "price in USD/hour against spend in USD: Spear"),
        (["--kind", "graph"], "Graph of the model model: 1 constant (year); 5 uncertain inputs"),
        (["total", "--kind", "graph"], "Graph of the model model: 1 constant (year);"),
        (["price", "--set", "price=7 USD/hour"], "Density of price in USD/hour: always 7."),
    ],
)
def test_the_kind_suits_the_quantity(plot: Callable[..., str], words: list[str], told: str) -> None:
    assert plot(*words).startswith(told.replace("Cdf", "Cumulative distribution"))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "which quantity? Name one of over, total, lost; --kind graph shows all of them"),
        (["prise"], "model has no quantity 'prise'; did you mean 'price'?"),
        (["price", "--kind", "scatter"], "a scatter plot needs two different names, not 1"),
        (["price"] * 2 + ["--kind", "scatter"], "a scatter plot needs two different names, not 1"),
        (
            ["price", "--kind", "fan"],
            "a fan needs a dimension with numbers as labels; 'price' has no dimensions",
        ),
        (
            ["base", "--kind", "fan"],
            "a fan needs a dimension with numbers as labels; 'base' has labels along 'plan' that "
            "are no numbers",
        ),
        (
            ["base", "--kind", "cdf"],
            "--kind cdf shows no labels, and 'base' has plan: 2; write 'base[a]'",
        ),
        (
            ["price", "spend", "--kind", "density"],
            "--kind density shows one quantity; --kind comparison shows several",
        ),
        (["price", "spend"], "'spend' does not fit on one axis: USD/hour and USD"),
        (["cost[c,2020]"], "'cost[c,2020]': dimension 'plan' has no label 'c'; it has a, b"),
        (["cost[a]"], "'cost[a]': give one label a dimension; 'cost' has plan: 2, year: 3"),
        (["price[a]"], "'price[a]': give one label a dimension; 'price' has no dimensions"),
        (["price", "--kind", "violin"], "argument --kind: invalid choice: 'violin' (choose from"),
        (
            ["base", "--kind", "tornado"],
            "--kind tornado shows no labels, and 'base' has plan: 2; write 'base[a]'",
        ),
        (
            ["price", "--kind", "tornado", "--scale", "log"],
            "a tornado has a linear axis; leave out --scale",
        ),
        (["price", "--style", "pink"], "argument --style: invalid choice: 'pink' (choose from"),
        (
            ["price", "-o", "out.gif"],
            "argument -o/--output: out.gif: pictures are .svg, .png or .pdf; write a name that "
            "ends so",
        ),
        (["price", "-o", "nowhere/out.svg"], "argument -o/--output: there is no folder nowhere"),
    ],
)
def test_a_wrong_call_is_told_in_one_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Capture,
    words: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("model.py").write_text(MODEL)
    output = [] if "-o" in words else ["-o", "out.svg"]
    assert main(["plot", "model.py", *words, *output, "--samples", "1024"]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.startswith(f"error: {message}") and err.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir() if path.suffix != ".py"] == []


@pytest.mark.parametrize(
    "words",
    [
        ["total[2022]"],
        ["total[2022]", "--kind", "cdf"],
        ["total[2022]", "--kind", "histogram"],
        ["total[2022]", "total[2021]", "--kind", "comparison"],
        ["total[2022]", "over", "--kind", "scatter"],
        ["cost", "--kind", "density"],
    ],
)
def test_a_run_too_large_to_be_kept_has_a_picture_that_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.setattr("guessmodel.simulation.runner._KEPT", 1 << 10)
    monkeypatch.chdir(tmp_path)
    Path("model.py").write_text(MODEL)
    assert main(["plot", "model.py", *words, "-o", "out.svg", "--samples", "2**18"]) == 0
    told = Path("out.svg").read_text().partition("</title>")[0]
    assert "Drawn with 131,072 draws, not all 262,144." in told


def test_an_output_is_needed(capsys: Capture) -> None:
    assert main(["plot", "model.py", "price"]) == 2
    assert "required: -o/--output" in capsys.readouterr().err


def test_lost_draws_and_missing_letters_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("model.py").write_text(MODEL.replace("lost =", "失 ="))
    assert main(["plot", "model.py", "失", "-o", "out.png", "--samples", "1024"]) == 0
    err = capsys.readouterr().err
    assert "warning: 失: " in err and "draws are not finite" in err
    assert "missing from font" in err and err.count("\n") == 2


def test_pictures_for_paper_and_screen_are_light_unless_asked(
    plot: Callable[..., str],
) -> None:
    plot("price")
    assert "currentColor" in Path("out.svg").read_text()
    plot("price", "--style", "dark")
    assert "#16181d" in Path("out.svg").read_text()
    assert main(["plot", "model.py", "price", "-o", "out.png", "--samples", "1024"]) == 0
    from matplotlib.image import imread

    assert imread("out.png")[0, 0].tolist() == [1.0, 1.0, 1.0, 1.0]


def test_a_scale_is_asked_for(plot: Callable[..., str], capsys: Capture) -> None:
    told = plot("balance", "--scale", "log"), Path("out.svg").read_text()
    assert told[0] == plot("balance") and told[1] != Path("out.svg").read_text()
    for words in (["--kind", "graph"], ["over", "--samples", "64"]):
        call = ["plot", "model.py", *words, "--scale", "log", "-o", "out.svg"]
        assert main(call) == 2
        assert "leave out" in capsys.readouterr().err
