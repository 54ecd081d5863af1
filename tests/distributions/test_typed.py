"""What people type for an interval, and what they are told to write; all of which can be read."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import guessmodel as gm
from guessmodel.distributions.typed import instead
from guessmodel.errors import GuessmodelError, UsageError
from guessmodel.units.figures import Range, parse_value

# What is typed, and what the message tells to write.
INTERVALS = {
    "5 too 10": "5 to 10",
    "5 tp 10": "5 to 10",
    "5 TO 10": "5 to 10",
    "5to10": "5 to 10",
    "between 5 and 10": "5 to 10",
    "Between 5 USD and 10 USD": "5 USD to 10 USD",
    "from 5 to 10 kg": "5 to 10 kg",
    "5 and 10 USD": "5 to 10 USD",
    "5 or 10": "5 to 10",
    "5 through 10": "5 to 10",
    "5 until 10": "5 to 10",
    "5 -> 10": "5 to 10",
    "5 → 10": "5 to 10",
    "5~10": "5 to 10",
    "5:10": "5 to 10",
    "5, 10": "5 to 10",
    "5; 10": "5 to 10",
    "(5, 10) USD": "5 to 10 USD",
    "[5 to 10]": "5 to 10",
    "$5 and $10": "$5 to $10",
    "5K and 10K": "5K to 10K",
    "5% and 10%": "5% to 10%",
    "1,5 to 2,5": "1.5 to 2.5",
    "1,5": "1.5",
}
AROUND = {
    "5±2": ("normal(mean=5, sd=2)", "3 to 7"),
    "5 ± 2 USD": ("normal(mean=5, sd=2) USD", "3 to 7 USD"),
    "5 USD ± 2 USD": ("normal(mean=5, sd=2) USD", "3 to 7 USD"),
    "$5 ± $2": ("normal(mean=5, sd=2) USD", "3 to 7 USD"),
    "5 +/- 2": ("normal(mean=5, sd=2)", "3 to 7"),
    "5 +- 2": ("normal(mean=5, sd=2)", "3 to 7"),
    "5 (+/- 2) kg": ("normal(mean=5, sd=2) kg", "3 to 7 kg"),
    "5 ± 20%": ("normal(mean=5, sd=1)", "4 to 6"),
    "10% ± 2%": ("normal(mean=10, sd=2)%", "8 to 12%"),
    "-5 ± 2": ("normal(mean=-5, sd=2)", "-7 to -3"),
}
ALONE = {
    "~5": "4 to 6",
    "≈ 5 USD": "4 to 6 USD",
    "about 5%": "4 to 6%",
    "approx. 5K": "4000 to 6000",
    "ca. -5": "-6 to -4",
    "<5": "1 to 5",
    "<= 5 USD": "1 to 5 USD",
    "at most 5": "1 to 5",
    "under 5": "1 to 5",
    "> 5": "5 to 50",
    "at least 5": "5 to 50",
    "5+": "5 to 50",
    "5 to": "5 to 50",
    "5 USD to": "5 to 50 USD",
    "5..": "5 to 50",
    "5+ USD": "5 to 50 USD",
}
READ = ("5-10", "5 - 10", "5–10", "5 – 10", "5..10", "5…10", "[5, 10]", "10%-20%", "$5-$10")
OTHERS = ("salmon", "5 USD and 10 kg", "10 and 5", "3 hour 20 min", "5 to 10 to 15", "<", "5 ±", "")


def told(text: str) -> str:
    with pytest.raises(UsageError) as refused:
        gm.parse(text)
    return refused.value.message.partition("\n")[0]


@pytest.mark.parametrize("text", INTERVALS)
def test_two_ends(text: str) -> None:
    assert told(text) == f"cannot read {text!r}: write {INTERVALS[text]}"
    assert gm.parse(INTERVALS[text]).kind == ("draw" if " to " in INTERVALS[text] else "constant")


@pytest.mark.parametrize("text", AROUND)
def test_a_middle_and_how_far_off(text: str) -> None:
    deviation, interval = AROUND[text]
    message = told(text)
    assert f"write {deviation} if " in message and message.endswith(f", {interval} for an interval")
    assert gm.parse(deviation).unit == gm.parse(interval).unit


@pytest.mark.parametrize("text", ALONE)
def test_one_figure(text: str) -> None:
    message = told(text)
    assert f"such as {ALONE[text]}" in message
    for written in (ALONE[text], *re.findall(r"uniform\([^)]*\)", message)):
        assert gm.parse(written).kind == "draw"


@pytest.mark.parametrize("text", READ)
def test_what_is_read(text: str) -> None:
    assert gm.parse(text).kind == "draw"


@pytest.mark.parametrize("text", OTHERS)
def test_of_others_nothing_is_said(text: str) -> None:
    assert instead(text) == ""
    with pytest.raises(GuessmodelError):
        gm.parse(text)


def test_it_is_told_where_values_are_set() -> None:
    model = gm.Model(price=gm.lognormal(5, 10, "USD"))
    with pytest.raises(UsageError, match=r"price: cannot read '5 too 8': write 5 to 8"):
        model.with_(price="5 too 8")
    with pytest.raises(UsageError, match="cannot read '5 too 8': write 5 to 8"):
        model.with_(price="normal(5 too 8)")


@given(st.text(alphabet="0123456789.,-+±~<>/ toandbewK%$USD()[]", max_size=24))
@example("5±2")
@example("~5")
@example("5 and 10")
@example("1,5 to 2,5")
def test_an_interval_that_is_told_to_write_is_one(text: str) -> None:
    told = instead(text)
    if told.startswith("write ") and not re.search(" if |such as", told):
        written = parse_value(told.removeprefix("write "))
        assert isinstance(written, Range) or " to " not in told
