"""Numbers, and changes of the model, on the command line."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guessmodel.cli.main import main
from guessmodel.cli.options import count, seed, share
from guessmodel.errors import UsageError


@given(st.integers(1, 10**15 - 1))
def test_counts_read_back(n: int) -> None:
    assert count(str(n)) == n
    assert count(f"{n:,}") == n
    assert count(f"{n:_}") == n


@given(st.integers(1, 99), st.integers(0, 7))
def test_powers(base: int, exponent: int) -> None:
    assert count(f"{base}**{exponent}") == base**exponent
    assert count(f"{base}^{exponent}") == base**exponent
    assert count(f"{base}e{exponent}") == base * 10**exponent


def test_suffixes() -> None:
    assert [count(text) for text in ("64K", "1M", "1.5M", "2 million")] == [
        *(64_000, 1_000_000, 1_500_000, 2_000_000)
    ]


@pytest.mark.parametrize("text", ["", "1.5", "1 USD", "5 to 8", "-3", "nan", "inf", "2**", "1m"])
def test_what_is_no_count(text: str) -> None:
    with pytest.raises(UsageError):
        count(text)


@given(st.integers())
def test_any_whole_number_is_a_seed(n: int) -> None:
    assert seed(str(n)) == n


def test_no_seed() -> None:
    assert seed("none") is None
    assert seed("None") is None
    assert seed("0") == 0
    with pytest.raises(UsageError):
        seed("")


def test_shares() -> None:
    assert [share(text) for text in ("0.01", "1%", "1 %", "1e-3")] == [0.01, 0.01, 0.01, 0.001]
    for text in ("", "%", "0", "1", "100%", "-1%", "nan", "inf"):
        with pytest.raises(UsageError):
            share(text)


MODEL = """
import guessmodel as gm
cost = gm.constant({"a": 1, "b": 2}, "USD", dim="case")
price = gm.lognormal(5, 10, "USD")
total = price + cost.sum("case")
gm.scenario("dear", {price: "20 to 30 USD"})
gm.scenario("free", {"cost": 0})
"""


def means(words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    file = tmp_path / "model.py"
    file.write_text(MODEL)
    assert main(["run", str(file), "--json", "--samples", "64", *words]) == 0
    quantities = json.loads(capsys.readouterr().out)["quantities"]
    return {name: entry["mean"] for name, entry in quantities.items()}


def test_one_label_is_set(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = means(["--set", "cost[a]=500 cent"], tmp_path, capsys)
    assert [found["cost"][case]["value"] for case in "ab"] == [5, 2]


def test_scenarios_come_first_and_single_values_on_top(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--scenario", "dear", "--scenario", "free", "--set", "cost[b]=7"]
    found = means(words, tmp_path, capsys)
    assert [found["cost"][case]["value"] for case in "ab"] == [0, 7]
    assert 20 < found["price"]["value"] < 30


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--scenario", "deer"], "there is no scenario 'deer'; did you mean 'dear'?"),
        (["--scenario", "free", "--scenario", "free"], "--scenario 'free' is given twice"),
        (
            ["--set", "cost[c]=3"],
            "--set: 'cost[c]': dimension 'case' has no label 'c'; it has a, b",
        ),
        (["--set", "cost[a]=3", "--set", "cost[a]=4"], "--set 'cost[a]=4': 'cost[a]' is set twice"),
    ],
)
def test_changes_that_are_none(
    words: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "model.py"
    file.write_text(MODEL)
    for command in (["run"], ["sensitivity"]):
        assert main([*command, str(file), "total", *words]) == 2
        assert capsys.readouterr().err == f"error: {message}\n"


IDLE = """
import guessmodel as gm
price = gm.constant(3, "USD")
fee = gm.constant(1, "USD")
sales = price * gm.normal(5, 9, dim={"day": ["fri", "sat"]})
total = sales.sum("day") + fee
gm.scenario("dear", {price: 4})
"""


@pytest.mark.parametrize(
    ("words", "idle"),
    [
        (["run", "FILE", "sales", "--set", "fee=2"], True),
        (["run", "FILE", "sales[fri]", "--set", "fee=2", "--json"], True),
        (["run", "FILE", "sales[fri]", "--scenarios", "--set", "fee=2"], True),
        (["sensitivity", "FILE", "sales[dear, fri]", "--scenarios", "--set", "fee=2"], True),
        (["run", "FILE", "sales", "total", "--set", "fee=2"], False),
        (["run", "FILE", "sales", "--set", "sales[fri]=2"], False),
        (["run", "FILE", "--set", "fee=2"], False),
        (["sweep", "FILE", "sales", "--over", "price=1,2", "--set", "fee=2"], True),
        (["seek", "FILE", "sales[sat]", "--target", "9", "--by", "price", "--set", "fee=2"], True),
        (["sensitivity", "FILE", "sales[sat]", "--set", "fee=2"], True),
        (["sensitivity", "FILE", "total", "--set", "fee=2"], False),
    ],
)
def test_what_is_set_and_moves_nothing_is_told(
    words: list[str], idle: bool, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "shop.py"
    path.write_text(IDLE)
    assert main([str(path) if word == "FILE" else word for word in words]) == 0
    said = "--set fee: nothing that is asked for by name depends on it"
    assert (said in capsys.readouterr().err) == idle
