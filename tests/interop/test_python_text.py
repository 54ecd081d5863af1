"""Texts of others as comments: what tools take for an order is made harmless, and no more."""

import re

import pytest

from guessmodel.interop.python_text import comment, heading

# What ruff, flake8, mypy, coverage and formatters look for in a line. (Python looks for an encoding
# in the first two, which are never comments.)
OBEYED = re.compile(
    r"#\s*(noqa|type:|fmt:|ruff:|mypy:|pyright:|pylint:|isort:|pragma|nosec|yapf:|-\*-)"
    r"|^#!",
    re.IGNORECASE,
)


@pytest.mark.parametrize(
    "text",
    [
        *("noqa", "NOQA: E501", "see # noqa", "x#noqa", "x# NoQA", "a ## noqa", "#type: ignore"),
        *("a#type: ignore", "pragma: no cover", "# pragma: no cover", "x#pragma: no cover"),
        *("fmt: off", "#!/bin/sh", "!/bin/sh", "-*- coding: utf-8 -*-", "a #", "##", "x#\tnoqa"),
        "word " * 17 + "# noqa",  # which the wrapping brings to the start of a line
        "w" * 85 + "#noqa",
    ],
)
def test_orders_are_made_harmless(text: str) -> None:
    for line in (*comment(text), heading(text)):
        body = line.removeprefix("# --- ") if line.startswith("# --- ") else line
        assert not OBEYED.search(body), line


def test_an_address_stays_one() -> None:
    address = "https://ourworldindata.org/mortality-risk-covid#case-fatality-rate"
    assert comment(f"see {address}") == [f"# see {address}"]
    assert comment("C# and F#.") == ["# C＃ and F#."]
