"""The pages of docs/: what their tables say holds, and none is left out of the site."""

from __future__ import annotations

import ast
import inspect
import math
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from scipy.special import gamma

import guessmodel as gm
from guessmodel.distributions.draws import scalar_value
from guessmodel.graph.quantity import Quantile

DOCS = Path(__file__).parents[1] / "docs"
EXAMPLES: dict[str, dict[str, float]] = {
    "normal": {"mean": 3.0, "sd": 2.0},
    "lognormal": {"mu": 0.3, "sigma": 0.7},
    "uniform": {"low": 2.0, "high": 9.0},
    "loguniform": {"low": 2.0, "high": 9.0},
    "arcsine": {"low": 2.0, "high": 9.0},
    "triangular": {"low": 2.0, "high": 9.0, "mode": 3.0},
    "double_triangular": {"low": 2.0, "high": 9.0, "mode": 3.0, "below": 0.3},
    "pert": {"low": 2.0, "high": 9.0, "mode": 3.0, "weight": 6.0},
    "beta": {"alpha": 2.0, "beta": 5.0, "lower": -1.0, "upper": 4.0},
    "gamma": {"shape": 2.5, "scale": 3.0},
    "inverse_gamma": {"shape": 4.5, "scale": 3.0},
    "exponential": {"rate": 4.0},
    "weibull": {"shape": 1.5, "scale": 3.0},
    "student_t": {"df": 7.0, "location": 2.0, "scale": 3.0},
    "cauchy": {"location": 2.0, "scale": 3.0},
    "logistic": {"location": 2.0, "scale": 3.0},
    "pareto": {"scale": 2.0, "shape": 3.5},
    "chi2": {"df": 5.0},
    "f": {"df1": 5.0, "df2": 9.0},
    "bernoulli": {"p": 0.3},
    "binomial": {"trials": 12.0, "p": 0.3},
    "poisson": {"mean": 4.0},
    "geometric": {"p": 0.3},
    "negative_binomial": {"successes": 3.0, "p": 0.3},
}
"""Parameters at which the formulas are evaluated."""


def cells() -> dict[str, dict[str, str]]:
    """The rows of the tables of families, by heading."""
    found, header = {}, list[str]()
    for line in (DOCS / "distributions.md").read_text().splitlines():
        row = [cell.strip() for cell in line.strip("|").split("|")] if line[:1] == "|" else []
        if row[:1] == ["Family"]:
            header = row
        elif header and row and (name := re.match(r"`(\w+)", row[0])):
            found[name.group(1)] = dict(zip(header, row, strict=True))
    return found


FUNCTIONS = {"exp": math.exp, "log": math.log, "Γ": lambda x: float(gamma(x))}
GREEK = {"μ": "mu", "σ": "sigma", "α": "alpha", "β": "beta"}


def defined(cell: str, values: dict[str, float]) -> tuple[str, dict[str, float]]:
    """The formula of a cell, `a²/k, k = shape; infinite for …`, and values with its symbols."""
    formula, *definitions = cell.partition(";")[0].split(", ")
    for text in definitions:
        symbol, _, meaning = text.partition(" = ")
        values = {**values, symbol: evaluated(meaning, values)}
    return formula, values


def evaluated(formula: str, values: dict[str, float]) -> float:
    """A formula as a table writes it: `scale²(Γ(1 + 2/k) − 1)`."""
    known = {**values, "π": math.pi}
    parts: list[str] = []
    before = ""
    for token in re.findall(r"[μσαβπΓ]|\d+|[a-z]+\d?|\S", formula.rpartition(" = ")[2]):
        ends = before and before not in "−-+·/(" and before not in FUNCTIONS
        if ends and (token == "(" or token[0].isalnum()) and token != "²":
            parts.append("*")  # what stands side by side is multiplied
        parts.append({"²": "**2", "·": "*", "−": "-", **GREEK}.get(token, token))
        before = token
    names = {"__builtins__": {}, **known, **FUNCTIONS}
    return float(eval(compile(ast.parse("".join(parts), mode="eval"), formula, "eval"), names))


@pytest.mark.parametrize("name", EXAMPLES)
def test_tables_give_the_moments_of_each_family(name: str) -> None:
    row, values = cells()[name], EXAMPLES[name]
    made = getattr(gm, name)(**values)
    assert isinstance(made.operation, Quantile)
    parameters = [float(scalar_value(each) or 0.0) for each in made.operands[1:]]
    family = made.operation.family
    mean, variance = float(family.mean(*parameters)), float(family.variance(*parameters))
    if row["Mean"] == "none":
        assert math.isnan(mean)
        assert math.isnan(variance)
        return
    formula, values = defined(row["Mean"], values)
    assert evaluated(formula, values) == pytest.approx(mean, rel=1e-9)
    formula, values = defined(row["Variance"], {"mean": mean, **values})
    assert evaluated(formula, values) == pytest.approx(variance, rel=1e-9)


def test_every_family_of_the_tables_is_tried() -> None:
    assert set(cells()) == set(EXAMPLES)


def test_formulas_are_read_as_they_are_meant() -> None:
    assert evaluated("2 df2²(df1 + 1)/(df1 (df2 − 2)²)", {"df1": 2.0, "df2": 4.0}) == 12.0
    assert evaluated("αβ/(α + β)", {"alpha": 2.0, "beta": 6.0}) == 1.5
    formula, values = defined("scale²·a, a = shape", {"scale": 3.0, "shape": 2.0})
    assert evaluated(formula, values) == 18.0


def test_the_page_of_families_names_them_all() -> None:
    page = (DOCS / "distributions.md").read_text()
    constructors = [
        name
        for name in gm.__all__
        if inspect.isfunction(made := getattr(gm, name))
        and made.__module__.startswith("guessmodel.distributions.")
    ]
    others = {
        "constant",
        "correlate",
        "from_xlsx",
        "parse",
        "table",
    }  # make quantities of no family of their own
    assert [name for name in constructors if f"{name}(" not in page and name not in others] == []


def coverages() -> list[int]:
    """The percentages in the tables of docs/coverage.md; `mean` beside an output may be its own."""
    found, header = list[int](), list[str]()
    for line in (DOCS / "coverage.md").read_text().splitlines():
        row = [cell.strip() for cell in line.strip("|").split("|")] if line[:1] == "|" else []
        header = (header or row) if row else []
        for name, cell in zip(header[1:], row[1:], strict=True) if row != header else ():
            own = header[1] == name == "mean"
            if re.match(r"\d+ \(", cell) or (cell.isdigit() and not own):
                found.append(int(cell.split()[0]))
    return found


def test_the_page_of_coverage_sums_its_tables_up() -> None:
    text = " ".join((DOCS / "coverage.md").read_text().split())
    told = re.search(
        r"Of ([\d,]+) such percentages below (\d+) are under 84%, and the lowest is (\d+)%. "
        r"Their mean is (\d+)%",
        text,
    )
    assert told is not None
    count, few, least, mean = (int(each.replace(",", "")) for each in told.groups())
    held = coverages()
    assert (round(len(held), -2), sum(each < 84 for each in held), min(held)) == (count, few, least)
    assert round(sum(held) / len(held)) == mean


def test_constants_of_the_page_are_in_the_code() -> None:
    """Each by the file and the name that the page gives; its number is one of that line."""
    page = (DOCS / "constants.md").read_text()
    count, absent = 0, []
    for row in re.findall(r"^\| (`.*?) \| (.*?) \|", page, re.MULTILINE):
        file = ""
        for name in re.findall(r"`([\w.]+)`", row[0]):
            *parts, last = name.split(".")
            file = parts[0] if parts else file
            files = (DOCS.parent / "guessmodel").rglob(f"{file}.py")
            count += 1
            if not any(re.search(rf"\b{last}\b", each.read_text()) for each in files):
                absent.append(name)
    assert absent == []
    assert count > 50


def prose(page: Path) -> str:
    return re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)


def anchor(heading: str) -> str:
    """Of a heading, as GitHub and MyST make it."""
    shown = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "")
    return re.sub(r"[^\w\- ]", "", shown.strip().lower()).replace(" ", "-")


def test_links_lead_somewhere() -> None:
    """Those between pages, and to headings in them; README is not part of the site."""
    pages = [*DOCS.parent.glob("*.md"), *DOCS.rglob("*.md")]
    count, lost = 0, []
    for page in pages:
        for link in re.findall(r"\]\((?!https?:)([^)\s]+)\)", prose(page)):
            path, _, place = link.partition("#")
            target = page.parent / path if path else page
            there = target.exists()
            if there and place and target.suffix == ".md":
                headings = re.findall(r"^#+ (.*)$", prose(target), re.MULTILINE)
                there = place in map(anchor, headings)
            count += 1
            if not there:
                lost.append((page.name, link))
    assert lost == []
    assert count > 200


def test_every_page_is_part_of_the_site() -> None:
    index = (DOCS / "index.md").read_text()
    named = set(re.findall(r"^[\w/-]+$", index, re.MULTILINE))
    pages = {str(file.relative_to(DOCS).with_suffix("")) for file in DOCS.rglob("*.md")}
    written = {page for page in pages if not page.startswith("reference/")} - {"index"}
    assert written <= named, "name the page in a toctree of docs/index.md"


def _texts(path: Path) -> Iterator[str]:
    """All texts of a file as regular expressions, in which what is put in may be anything."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield re.escape(node.value)
        elif isinstance(node, ast.JoinedStr):
            parts = (getattr(part, "value", None) for part in node.values)
            yield "".join(re.escape(part) if isinstance(part, str) else ".+" for part in parts)


def test_notes_of_the_page_of_errors_are_those_of_the_code() -> None:
    page = (DOCS / "errors.md").read_text().partition("## Marks and refusals")[2]
    rows = re.findall(r"^\| (`[^|]*?) \|", page, re.MULTILINE)
    notes = [note for row in rows for note in re.findall(r"`([^`]+)`", row)]
    assert len(notes) > 20
    files = Path(gm.__file__).parent.rglob("*.py")
    texts = {text for path in files for text in _texts(path) if len(text.replace(".+", "")) > 12}
    for note in notes:
        told = [note.removeprefix("unreliable: "), note]
        assert any(re.fullmatch(f"(.+: )?{text}", each) for text in texts for each in told), note
