"""Model files as a person would have written them: they run, and pass check, mypy and ruff."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from guessmodel.cli.main import main
from guessmodel.interop.guesstimate.importing import drafted, import_sheet

Sheet = Callable[..., bytes]
DATA = Path(__file__).parents[1] / "data"
FILES = sorted(DATA.glob("*_*.json"))


def written(*lines: str) -> str:
    return "\n".join(["import guessmodel as gm", "", *lines, ""])


def body(data: bytes, *, faithful: bool = False) -> str:
    _, text, refusals = drafted(data, faithful=faithful)
    assert refusals == []
    whole = text.text("A sheet")
    return whole[whole.index("import ") :]


def test_values(sheet: Sheet) -> None:
    data = sheet(
        ("Price per unit", "5 to 10", {"description": "A guess."}),
        ("2023 Revenue (€)", "1K to 2M"),
        ("Temperature", "-5 to 5"),
        ("Hours", "2 to 3", {"kind": "UNIFORM"}),
        ("Share", "5%"),
        ("Population", "1.5M"),
    )
    assert body(data) == written(
        "price_per_unit = gm.lognormal(5, 10)",
        '"""Price per unit',
        "A guess.",
        '"""',
        "revenue_2023 = gm.lognormal(1000, 2_000_000)",
        '"""2023 Revenue (€)"""',
        "temperature = gm.normal(-5, 5)",
        "hours = gm.uniform(2, 3)",
        "share = gm.constant(0.05)",
        "population = gm.constant(1_500_000)",
    )


def test_formulas(sheet: Sheet) -> None:
    data = sheet(
        ("a", "1 to 2"),
        ("b", "=A0 * 2 + normal(5, 1)"),
        ("c", "=-(A0 + A1)^2 / -A0"),
        ("d", "=A0 > 1.5 ? A1 : 3"),
        ("e", "=A0 > 1.5 and not (A1 == 3)"),
        ("f", "=scenarios([normal(1, 2), 5], [.2, .8])"),
        ("g", "=scenarios([normal(1, 2), A0], [.2, .8])"),
        ("l", "=scenarios([1, 10], [.2, .7])"),
        ("m", "=scenarios([1, 10], [3, 1])"),
        ("h", "=A0"),
        ("i", "=2 * 3 - (4 - 1)"),
        ("j", "=max(A0, A1, 3) % 2"),
        ("k", "=PERT(1, 5, 2)"),
    )
    assert body(data) == written(
        "a = gm.lognormal(1, 2)",
        "_b_normal = gm.normal(mean=5, sd=1)",
        "b = a * 2 + _b_normal",
        "c = -((a + b) ** 2) / -a",
        "d = gm.where(a > 1.5, b, 3)",
        "e = (a > 1.5) & ~(b == 3)",
        "f = gm.mixture([gm.normal(mean=1, sd=2), 5], [0.2, 0.8])",
        "_g_normal = gm.normal(mean=1, sd=2)",
        "g = gm.mixture([_g_normal, a], [0.2, 0.8])",
        "l = gm.mixture([1, 10], [2, 7])",  # the sheet divides weights by their sum
        "m = gm.mixture([1, 10], [3, 1])",
        "h = 1 * a",
        "i = gm.constant(2 * 3 - (4 - 1))",
        "j = gm.maximum(gm.maximum(a, b), 3) % 2",
        "k = gm.pert(1, 5, mode=2)",
    )


def test_what_surprises_is_said_in_a_comment(sheet: Sheet) -> None:
    data = sheet(
        ("a", "1,000,000"),
        ("b", "=if(.3, 1, 2)"),
        ("c", "=log(A0)"),
        ("d", "=PV(5, A0)"),
        ("e", "3 of 10"),
        ("f", "5 to 5"),
    )
    assert body(data) == written(
        "# 1,000,000 is 1,000,000 here; Guesstimate reads 1000",
        "a = gm.constant(1_000_000)",
        "# if(p, a, b) ignores a and b in Guesstimate, and is 1 with probability p, else 0, as",
        "# here; for the choice write gm.where(condition, a, b)",
        "b = gm.bernoulli(0.3)",
        "# log is the natural logarithm, as in Guesstimate",
        "c = gm.log(a)",
        "# Guesstimate rounds PV to 2 decimals; here it is not rounded",
        "d = gm.finance.pv(0.05, a)",
        "# 3 of 10 is beta(2 × 3, 2 × (10 - 3)) in Guesstimate, and here",
        "e = gm.beta(alpha=6, beta=14)",
        "# a range without width is a constant",
        "f = gm.constant(5)",
    )
    faithful = body(data, faithful=True)
    assert "a = gm.constant(1000)" in faithful
    assert "d = gm.floor(100 * gm.finance.pv(0.05, a) + 0.5) / 100" in faithful
    remarks = import_sheet(data).remarks
    assert remarks[0].cell == "a (A0)" and remarks[0].text.startswith("1,000,000 is 1,000,000")


def test_the_mean_of_one_cell_is_the_cell(sheet: Sheet) -> None:
    """Functions of a sheet are of each draw: the mean of one is itself."""
    data = sheet(
        ("a", "5 to 10"),
        ("b", "=mean(A0)"),
        ("c", "=2 * sum([A0])"),
        ("d", "=mean(A0, A1)"),
        ("e", "=mean(4)"),
    )
    assert body(data) == written(
        "a = gm.lognormal(5, 10)",
        "# mean of one cell is the cell itself, draw by draw, as in Guesstimate; its mean is a",
        "# statistic, which run shows",
        "b = 1 * a",
        "# sum of one cell is the cell itself, draw by draw, as in Guesstimate; its mean is a",
        "# statistic, which run shows",
        "c = 2 * a",
        "d = (a + b) / 2",
        "e = gm.constant(4)",
    )


def test_what_a_choice_passes_over_drops_draws_too(sheet: Sheet) -> None:
    """As in the original, whose evaluator drops a draw of which any input was dropped."""
    data = sheet(
        ("x", "=normal(0, 1)"),
        ("kept", "=filterLessThan(A0, 0)"),
        ("choice", "=A0 > 1 ? 5 : A1"),
        ("other choice", "=A0 > 1 ? 5 : 3"),
        ("mixed", "=scenarios([1, A1], [.5, .5])"),
    )
    assert body(data) == written(
        "x = gm.normal(mean=0, sd=1)",
        "kept = gm.filtered(x, low=0)",
        "# 0 * …: a draw that is dropped of kept is dropped here too",
        "choice = gm.where(x > 1, 5, kept) + 0 * kept",
        "other_choice = gm.where(x > 1, 5, 3)",
        "# 0 * …: a draw that is dropped of kept is dropped here too",
        "_mixed_mixture = gm.mixture([1, kept], [0.5, 0.5])",
        "mixed = _mixed_mixture + 0 * kept",
    )
    found = import_sheet(data)
    assert found.equality is not None and found.equality.holds
    simulation = found.model.sample(2**10)
    for name, share in {"choice": 0.5, "other_choice": 0.0, "mixed": 0.5}.items():
        assert simulation[name].non_finite == pytest.approx(share, abs=0.01)


def test_data_of_equal_length_are_rows(sheet: Sheet) -> None:
    data = sheet(
        ("size", "", {"data": [1, 2, 3]}),
        ("cost", "", {"data": [30, 20.5, 10]}),
        ("other", "", {"data": [7, 8]}),
        ("one", "", {"data": [4]}),
    )
    rows = [
        "# data of 3 rows go together row by row, as in Guesstimate, which uses them in order;",
        "# here rows are drawn at random",
        "rows = gm.empirical(",
        "    {",
        '        "size": [1, 2, 3],',
        '        "cost": [30, 20.5, 10],',
        "    },",
        '    name="rows",',
        ")",
        'size = rows["size"]',
        'cost = rows["cost"]',
    ]
    assert body(data) == written(
        *rows,
        "# the data are drawn at random; Guesstimate uses them in order",
        "other = gm.empirical([7, 8])",
        "one = gm.constant(4)",
    )
    model = import_sheet(data).model
    draws = model.sample(2**10)
    pairs = {*zip(draws["rows[size]"].values, draws["rows[cost]"].values, strict=True)}
    assert pairs == {(1, 30), (2, 20.5), (3, 10)}
    faithful = import_sheet(data, faithful=True)
    assert '"other": [7, 8, 7, 8, 7, 8],' in faithful.text
    draws = faithful.model.sample(2**10)
    pairs = {*zip(draws["rows[size]"].values, draws["rows[other]"].values, strict=True)}
    assert pairs == {(1, 7), (2, 8), (3, 7), (1, 8), (2, 7), (3, 8)}


def test_rows_are_sections_and_titles_comments(sheet: Sheet) -> None:
    data = sheet(
        ("Costs", "", {"row": 0}),
        ("rent", "5", {"row": 0}),
        ("On top", "", {"row": 1}),
        ("total", "=A1 + A4", {"row": 0}),
        ("wages", "7", {"row": 2}),
        ("The end", "", {"row": 8}),
    )
    lines = body(data).splitlines()
    assert [line.rstrip("- ") for line in lines if line.startswith("#")] == [
        "# --- Costs",
        "# --- On top",
        "# --- Row 1, continued",
        "# The end",
    ]


def test_names_are_made_unique_and_are_no_words_of_pythons(sheet: Sheet) -> None:
    data = sheet(
        ("Rate", "1"),
        ("rate", "2"),
        ("", "3", {"readable": "QK"}),
        ("", "4", {"readable": "", "id": "x"}),
        ("class", "5"),
        ("sum", "6"),
        ("gm", "7"),
        ("Größe", "8"),
        ("a" * 60, "9"),
    )
    names = ["rate", "rate_2", "qk", "cell", "class_", "sum_", "gm_", "grosse"]
    assert list(import_sheet(data).model.quantities) == [*names, "a" * 36]


def test_the_description_has_calculators_and_the_proof_on_request() -> None:
    content = (DATA / "bakery_space.json").read_bytes()
    plain, proof = import_sheet(content), import_sheet(content, proof=True)
    start = [
        '"""A bakery\'s first year',
        "",
        "What a small bakery earns.",
        "For the bank.",
        "",
        "Imported from Guesstimate by guessmodel.",
        "",
        "Calculator “What if”. Try other prices. It asks for price_of_a_loaf. It shows",
        "profit.",
    ]
    assert plain.text.splitlines()[: len(start) + 1] == [*start, '"""']
    lines = proof.text.splitlines()
    assert lines[: len(start)] == start
    assert proof.equality is not None
    assert [*str(proof.equality).splitlines(), '"""'] == lines[len(start) + 1 :][
        : len(proof.equality.rows) + 3
    ]
    assert plain.text.split('"""', 2)[2] == proof.text.split('"""', 2)[2]


def test_a_flat_sum_may_have_thousands_of_terms(sheet: Sheet) -> None:
    """Draw by draw it is that of its cells: 5,000 (a + b) - 3 a."""
    flat = "+".join(["A0+A1"] * 5_000)
    data = sheet(
        ("a", "1 to 2"), ("b", "2 to 3"), ("c", f"={flat}-A0-A0-A0"), ("d", "=sum(A2, A2)")
    )
    text = body(data)
    assert (text.count(" a,"), text.count(" b,"), text.count(" -a,")) == (5_000, 5_000, 3)
    draws = import_sheet(data).model.sample(64).draws
    assert draws["c"] == pytest.approx(5_000 * (draws["a"] + draws["b"]) - 3 * draws["a"])


@pytest.mark.parametrize(
    ("function", "value"), [("sum", 45_000.0), ("min", 0.0), ("max", 9.0), ("mean", 4.5)]
)
def test_functions_take_thousands_of_arguments(sheet: Sheet, function: str, value: float) -> None:
    arguments = ",".join(f"A0*0+{k % 10}" for k in range(10_000))
    model = import_sheet(sheet(("a", "1 to 2"), ("b", f"={function}({arguments})"))).model
    assert model.sample(64).draws["b"] == pytest.approx(value)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory, sheet: Sheet) -> Path:
    """A folder with the models of all sample sheets, in both meanings."""
    folder = tmp_path_factory.mktemp("models")
    long = "+".join([f"A{number % 3} * ${{metric:A{number % 2}}}" for number in range(40)])
    own = sheet(
        ("a quantity with quite a long name indeed", "1 to 2", {"description": 'Say "hi"\\'}),
        ("another quantity with quite a long name", "2 to 3"),
        ("b", "3 to 4"),
        ("sum of many", f"={long}"),
        ("nested", "=(A0 + A1 * A2) / (A0 - log(A1 + A2) * max(A0, A1, A2)) ^ 2 - A0 * A1 / A2"),
        ("choice", "=(A0 > 1.2 and A1 < 2.9) ? (A2 > 3.2 ? A0 * A1 : A1 * A2) : (A0 + A1 + A2)"),
        ("mixed", f"=scenarios([{','.join(['A0'] * 30)}], [{','.join(['1'] * 30)}])"),
        ("mixed draws", f"=scenarios([{','.join(['normal(1, 2)'] * 9)}], [{','.join('1' * 9)}])"),
        ("worth", "=NPV(5, -A0 * 1000, A1 * 500, A2 * 500, A1 * 500, A2 * 500, A1 * 500)"),
        ("angles", "=asin(1 / A1) + pi * atan2(A0, A1)"),
        ("many data", "", {"data": [number / 7 for number in range(60)]}),
        ("more data", "", {"data": list(range(60))}),
        ("longer sum", "=A0" + "".join(f" + A{k % 3} * {k} - 0.5" for k in range(90))),
        ("longer product", "=A0" + " * A1 * 0.5" * 90),
        ("least", f"=min({','.join(f'A{k % 3} + {k}' for k in range(120))})"),
    )
    for name, content in [*((f.stem, f.read_bytes()) for f in FILES), ("own", own)]:
        for faithful in (False, True):
            found = import_sheet(content, faithful=faithful, proof=faithful)
            file = folder / f"{name}_{'faithful' if faithful else 'sensible'}.py"
            file.write_text(found.text, encoding="utf-8")
    return folder


def test_files_run_and_pass_check(files: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for file in sorted(files.glob("*.py")):
        assert main(["run", str(file), "--samples", "512"]) == 0
        assert "have no name" not in capsys.readouterr().err
        assert main(["check", str(file)]) == 0


def test_files_are_formatted_and_linted(files: Path) -> None:
    pytest.importorskip("ruff")
    ruff = [sys.executable, "-m", "ruff"]
    for words in (["format", "--diff"], ["check"]):
        done = subprocess.run(
            [*ruff, *words, "--isolated", str(files)], capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_files_are_typed(files: Path) -> None:
    pytest.importorskip("mypy")
    words = [sys.executable, "-m", "mypy", "--strict", *map(str, sorted(files.glob("*.py")))]
    root = Path(__file__).parents[3]
    done = subprocess.run(words, capture_output=True, text=True, cwd=root)
    assert done.returncode == 0, done.stdout
