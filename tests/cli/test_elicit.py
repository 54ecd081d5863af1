"""`guessmodel elicit`."""

import json

import pytest

from guessmodel.cli.main import main

WORDS = ["elicit", "10%=3 USD", "50%=5", "0.9=12"]


def test_a_table_and_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(WORDS) == 0
    said = capsys.readouterr().out
    assert "would the expert agree" in said and "x = gm.lognormal(mu=" in said
    assert main([*WORDS, "--families", "normal", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["unit"] == "USD" and list(told["families"]) == ["normal"]
    assert main(["elicit", "p10=3 USD", "p50=5", "p90=12", *WORDS[4:]]) == 0
    assert capsys.readouterr().out == said


def test_large_numbers_are_written_as_everywhere(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["elicit", "10%=30K USD", "50%=50K", "90%=120K"]) == 0
    printed = capsys.readouterr().out
    assert "30K" in printed and "e+0" not in printed.partition("x = gm")[0]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["elicit", "10=3", "50=5"], "10 is no probability between 0 and 1; write 0.1"),
        (["elicit", "10%:3"], "'10%:3': write '10%=3 USD' for the 10th percentile"),
        (["elicit", "10%=3", "0.1=4"], "0.1 is given twice"),
        ([*WORDS, "--families", ","], "',' names nothing; write names with commas between them"),
        ([*WORDS, "--families", "normal, gama"], "elicit: no family 'gama'; did you mean 'gamma'?"),
        ([*WORDS, "--lower", "4"], "the quantile 3 is not above lower=4"),
        (["elicit", "10%=3 USD", "50%=5 kg"], "error: cannot convert kg to USD"),
    ],
)
def test_refused(words: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    assert message in capsys.readouterr().err
