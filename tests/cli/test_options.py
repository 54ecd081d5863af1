"""Numbers on the command line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
