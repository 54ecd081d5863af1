"""Whatever number is written, what is printed holds its interval, and keeps its order."""

import contextlib
import io
import json
import math
import random
import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from guessmodel.cli.main import main
from guessmodel.model.model import Model
from guessmodel.report import document
from guessmodel.report.html import html
from guessmodel.report.layout import layout
from guessmodel.report.markdown import markdown
from guessmodel.units import parse
from guessmodel.units.figures import parse_figure
from guessmodel.units.formats import format_number, format_numbers, parse_format

UNITS = st.sampled_from(["", "USD", "USD/day", "percent", "token/(node*day)", "1/day", "byte", "m"])
POSITIVE = st.floats(min_value=1e-280, max_value=1e300)  # half a unit is no subnormal either
NUMBERS = st.one_of(st.just(0.0), POSITIVE, POSITIVE.map(lambda x: -x))
USUAL = st.floats(min_value=-1e9, max_value=1e9, allow_subnormal=False)
SHARES = st.floats(min_value=1e-12, max_value=10.0)
DIGITS = st.integers(1, 12)
FORMATS = st.sampled_from([None, "year", "4 digits", ",0", ",2"])


@dataclass
class Printed:
    """A number as a stranger reads it: where no ± stands, half a unit of its last digit does."""

    value: float
    error: float
    unit: float

    @property
    def low(self) -> float:
        return self.value - (self.error or self.unit / 2)

    @property
    def high(self) -> float:
        return self.value + (self.error or self.unit / 2)


NUMBER = r"[-−+]?[0-9][0-9,]*(?:\.[0-9]+)?(?:e-?[0-9]+|[KMBT](?![A-Za-z]))?"
PRINTED = re.compile(rf"({NUMBER})(?: (?:±|\+-) ({NUMBER}))?(?: !|%|$)")


def printed(text: str) -> Printed:
    """Read anew, so that no mistake of the writer is made twice."""
    match = PRINTED.match(text)
    assert match is not None, text
    value, unit = _read(match[1])
    return Printed(value, _read(match[2])[0] if match[2] else 0.0, unit)


def _read(text: str) -> tuple[float, float]:
    """The number, and the unit of the last digit that is written, be it a 0."""
    number = text.replace(",", "").replace("−", "-").lstrip("+")
    exponent = {"K": 3, "M": 6, "B": 9, "T": 12}.get(number[-1], 0)
    number = number.rstrip("KMBT")
    digits, _, power = number.partition("e")
    exponent += int(power or 0)
    decimals = len(digits.partition(".")[2])
    return float(f"{digits}e{exponent}"), 10.0 ** (exponent - decimals)


def half_unit(value: float, digits: int) -> float:
    """Half a unit of the so-manieth significant digit."""
    return 0.5 * 10.0 ** (Decimal(repr(value)).adjusted() + 1 - digits) if value else 0.0


@given(NUMBERS, DIGITS, UNITS)
def test_a_number_reads_back_within_its_digits(value: float, digits: int, unit: str) -> None:
    figure = parse_figure(f"{format_number(value, digits)} {unit}")
    assert figure.unit == parse(unit)
    assert abs(figure.value - value) <= half_unit(value, digits) * (1 + 1e-9) + 1e-15 * abs(value)


@given(NUMBERS, st.integers(1, 17))
def test_formatting_is_stable(value: float, digits: int) -> None:
    text = format_number(value, digits)
    again = format_number(parse_figure(text).value, digits)
    assert parse_figure(again).value == parse_figure(text).value
    assert format_number(-value, digits) == (
        text[1:] if text[0] == "-" else f"-{text}" if value else text
    )


@given(NUMBERS | USUAL, SHARES, SHARES, DIGITS, FORMATS)
@example(453.27, 2.1 / 453.27, 2.1 / 453.27, 6, None)
@example(9.4999999, 1e-9, 1e-9, 1, None)
def test_what_is_printed_holds_the_interval(
    value: float, down: float, up: float, digits: int, form: str | None
) -> None:
    low, high = value - down * abs(value), value + up * abs(value)
    (text,) = format_numbers([(value, low, high)], digits, format=form and parse_format(form))
    shown = printed(text)
    slack = 2e-9 * max(abs(value), high - low)
    assert shown.low <= low + slack and high - slack <= shown.high, text


@given(USUAL.filter(lambda x: abs(x) > 1e-9), SHARES)
def test_an_error_is_not_printed_much_larger_than_it_is(value: float, share: float) -> None:
    """At most 1.42 times: 3.55 with a value that loses half of a unit is 5. Without a ± there is
    no more than half a unit of the last of six digits."""
    error = share * abs(value)
    shown = printed(format_numbers([(value, value - error, value + error)])[0])
    most = 1.42 * error if shown.error else half_unit(value, 6)
    assert (shown.high - shown.low) / 2 <= most * (1 + 1e-6)


@given(st.lists(USUAL, min_size=2, max_size=4, unique=True), st.integers(2, 6))
@example([15.99913, 15.9994, 15.99967], 3)
def test_exact_numbers_of_a_row_are_told_apart_and_in_order(
    values: list[float], digits: int
) -> None:
    values = sorted(values)
    closest = min(b - a for a, b in pairwise(values))
    if closest < 1e-14 * max(map(abs, values)):
        return
    shown = [printed(text).value for text in format_numbers([(x, x, x) for x in values], digits)]
    assert all(a < b for a, b in pairwise(shown))


@given(st.lists(st.floats(min_value=0.001, max_value=1e14), min_size=1, max_size=4), DIGITS)
def test_suffixes_stand_only_where_they_shorten(values: list[float], digits: int) -> None:
    """Numbers below a million would be no shorter in full, but for zeros of unknown digits."""
    texts = format_numbers([(x, x, x) for x in values], digits, apart=0)
    if not any(text[-1] in "KMBT" for text in texts) or max(values) >= 999_000:
        return
    full = [f"{Decimal(repr(printed(text).value)):f}" for text in texts]
    unknown = any(
        printed(text).value != value and text[-1] == "K"
        for text, value in zip(texts, values, strict=True)
    )
    assert unknown or sum(map(len, texts)) <= sum(map(len, full))


def test_the_reader_of_these_tests() -> None:
    assert printed("453.3 ± 2.2") == Printed(453.3, 2.2, 0.1)
    assert printed("1.30K") == Printed(1300.0, 0.0, 10.0)
    assert printed("13.0%") == Printed(13.0, 0.0, 0.1)
    assert printed("1,234 ± 5") == Printed(1234.0, 5.0, 1.0)
    assert printed("8.66e-4 ± 0.02e-4 !") == Printed(8.66e-4, 2e-6, 1e-6)
    assert math.isclose(printed("450").high, 450.5)


# --- everything that a model is shown as ----------------------------------------------------------

MODEL = """
import guessmodel as gm
base = gm.lognormal({low}, {high}, "USD")
other = gm.normal({low}, {high})
noise = gm.normal(0.1, 0.2)
share = gm.beta(alpha=2, beta=3)
steps = gm.ceil(other)
cost = base * steps + gm.constant({shift}, "USD")
over = cost > gm.constant({low} + {shift}, "USD")
ratio = cost / gm.constant({high}, "USD") * gm.exp(noise) + share * other
gm.claim(ratio, mean="{high}", rtol=0.1)
"""


@pytest.mark.parametrize("number", range(6))
def test_every_number_of_a_model_holds_its_error(number: int, tmp_path: Path) -> None:
    """On the screen, in Markdown and in HTML, against the estimates of the JSON beside it."""
    chance = random.Random(number)
    low = float(f"{10 ** chance.uniform(-4, 4):.3g}")
    high = low * (1 + chance.choice([1e-5, 0.2, 1, 20]))
    file = tmp_path / "some_model.py"
    file.write_text(MODEL.format(low=low, high=high, shift=chance.choice([0, 1, 2025, 1e6])))
    samples = chance.choice([512, 8192])
    known = json.loads(_said("run", file, "--samples", samples, "--json"))["quantities"]
    made = document(Model.from_file(file), samples=samples)
    page = layout(made)
    shown = [
        (_cells_of_run(_said("run", file, "--samples", samples)), known),
        (_cells_of_markdown(markdown(page)), made["quantities"]),
        (_cells_of_html(html(page, lambda _: "")), made["quantities"]),
    ]
    for rows, entries in shown:
        assert {"over", "ratio"} <= set(rows)
        for name, texts in rows.items():
            for key, text in zip(("mean", "p5", "p50", "p95"), texts, strict=False):
                estimate = entries[name][key]
                if text and estimate["value"] is not None:
                    scale = 100.0 if text.endswith("%") else 1.0
                    _check(text, {k: scale * estimate[k] for k in ("value", "low", "high")})


def _check(text: str, estimate: dict[str, float]) -> None:
    shown = printed(text)
    slack = 1e-9 * abs(estimate["value"]) + 1e-12
    where = f"{text} for {estimate}"
    assert shown.low <= estimate["low"] + slack, where
    assert estimate["high"] - slack <= shown.high, where


def _said(*words: object) -> str:
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        assert main([str(word) for word in words]) == 0
    return out.getvalue()


def _cells_of_run(text: str) -> dict[str, list[str]]:
    rows = {}
    for line in text.splitlines()[3:]:
        name, *cells = re.split(r" {2,}", line)
        rows[name.removesuffix(" *")] = [cell for cell in cells if PRINTED.match(cell)][:4]
    return rows


def _cells_of_markdown(text: str) -> dict[str, list[str]]:
    rows = {}
    for line in text.splitlines():
        match = re.match(r"\| \*\*(\w+)\*\*(?:<br>[^|]*)? \|(.*)\|$", line)
        if match and match[1] not in rows and "holds" not in line and "short" not in line:
            cells = [cell.strip() for cell in match[2].split("|")]
            if len(cells) == 4:
                rows[match[1]] = cells
    return rows


def _cells_of_html(text: str) -> dict[str, list[str]]:
    rows: dict[str, list[str]] = {}
    for row in re.findall(r"<tr[^>]*>(.*?)</tr>", text, re.DOTALL):
        name = re.search(r'<span class="name">(.*?)</span>', row)
        cells = re.findall(r"<td[^>]*>(.*?)</td>", row.replace("\xa0", " "), re.DOTALL)
        if name is not None and len(cells) == 4:
            rows.setdefault(name[1].replace("<wbr>", ""), cells)
    return rows
