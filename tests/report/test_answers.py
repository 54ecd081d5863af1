"""What a page answers first: cards, and the sentences that it begins with."""

import math
from pathlib import Path

import pytest

import guessmodel as gm
from guessmodel.errors import UsageError, WrongKind
from guessmodel.report.answers import cards, lead
from guessmodel.report.document import Document, document
from guessmodel.report.index import headlines
from guessmodel.report.numbers import at
from guessmodel.report.view import worded
from guessmodel.simulation.summary import STATISTICS

# A lognormal with 5% and 95% at its ends has the median √(5 · 20) = 10, and σ = ln 4 / 3.28971.
MEAN = 10 * math.exp((math.log(4) / 3.28971) ** 2 / 2)


MODEL = '''import guessmodel as gm
price = gm.lognormal(5, 20, "USD")
"""What it costs. Or so."""
twice = price * gm.constant({"a": 1, "b": 2}, dim="part")
dear = price > gm.constant(20, "USD")
'''


def made(*told: str) -> Document:
    file = Path("model.py")
    file.write_text(MODEL + "\n".join(told))
    return document(gm.Model.from_file(file))


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_sentence_is_filled_with_numbers() -> None:
    found = made('gm.headline(price, sentence="It costs {mean} ({p5} to {p95}), {p50} at best")')
    assert found["sentences"] == {"price": "It costs {mean} ({p5} to {p95}), {p50} at best"}
    assert lead(found) == f"It costs {MEAN:.1f} USD (5 to 20), 10 at best."
    (card,) = cards(found)
    assert card["words"] == f"It costs {MEAN:.1f} USD (5 to 20), 10 at best"
    assert (card["title"], card["value"]) == ("What it costs", f"{MEAN:.1f} USD")


def test_without_a_sentence_the_interval_that_is_asked_for() -> None:
    found = made("gm.headline(price, statistics=(), percentiles=(5, 50, 95))")
    (card,) = cards(found)
    assert (card["value"], card["words"]) == ("10 USD", "median; 90% between 5 and 20 USD")
    assert lead(found) == "What it costs: 10 USD (5 to 20)."


def test_what_hardly_ever_happens_is_not_called_certain() -> None:
    found = made(
        "rate = gm.lognormal(1e-6, 1e-4)",
        'loss = gm.where(gm.bernoulli(rate), price * 1e6, gm.constant(0, "USD"))',
        "certain = gm.constant(3) * 2",
        'gm.headline(loss, statistics=["mean"])',
        'gm.headline(certain, statistics=["mean"])',
    )
    loss, certain = cards(found)
    # The rate's mean is 1e-5 exp(s²/2) with s = ln 10 / 1.6449, times the mean of the price.
    true = 10 * math.exp((math.log(10) / 1.6448536) ** 2 / 2) * MEAN
    assert loss["words"] == "mean; at least 90% are 0 USD"
    assert loss["value"] == f"{true:.0f} USD"
    assert certain["words"] == "certain"


def test_percentiles_that_are_no_interval_about_the_middle_are_told_one_by_one() -> None:
    found = made("gm.headline(price, statistics=(), percentiles=(50, 95))")
    (card,) = cards(found)
    assert card["words"] == "median; 50% at most 10, 95% at most 20 USD"
    assert lead(found) == "What it costs: 10 USD (50% at most 10, 95% at most 20)."


def test_ends_of_a_narrow_interval_are_told_apart() -> None:
    found = made('volts = gm.normal(4.9921, 5.0063, "V")', "gm.headline(volts)")
    (card,) = cards(found)
    assert (card["value"], card["words"]) == ("4.999 V", "mean; 90% between 4.992 and 5.006 V")


def test_a_label_that_is_a_number_has_the_name_of_its_dimension() -> None:
    told = 'monthly = gm.lognormal(5, 20, "USD", dim={"month": [1, 2]})'
    (card,) = cards(made(told, 'gm.headline(monthly, at={"month": 2})'))
    assert card["title"] == "monthly (month 2)"


def test_what_is_asked_for_is_among_the_results() -> None:
    found = made("more = price * 2", "most = more * 2", "gm.headline(more)")
    assert [name for name, entry in found["quantities"].items() if entry["main"]] == [
        *("twice", "dear", "more", "most"),
    ]


def test_labels_thresholds_and_probabilities() -> None:
    found = made(
        'gm.headline(twice, at={"part": "b"}, statistics=("mean", "P(> 15 USD)"))',
        'gm.headline(dear, percentiles=(), statistics=("probability",))',
    )
    first, second = cards(found)
    assert first["title"] == "twice (b)" and first["labels"] == ["b"]
    assert first["thresholds"] == [15.0]
    # 20 is the 95th percentile.
    assert (second["value"], second["words"]) == ("5%", "probability")


def test_verdicts_of_base_and_scenario_are_both_there() -> None:
    found = made(
        'gm.scenario("cheap", {price: gm.lognormal(1, 4, "USD")})',
        'gm.claim(price, median="2 USD", scenario="cheap")',
    )
    from guessmodel.report.view import view

    model = gm.Model.from_file("model.py")
    shown = view(model, model.sample(1024), found)
    (claim,) = shown["claims"]
    assert (claim["scenario"], claim["verdict"]) == ("cheap", "holds")
    assert [(e["scenario"], e["verdict"]) for e in claim["beside"]] == [("base", "falls short")]
    assert shown["lead"] == lead(found)


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("{meen}", "meen"),
        ("{mean", "expected '}' before end of string; write for example"),
        ("{}", "braces hold the name of a statistic and nothing else"),
        ("{mean:.2f}", "braces hold the name of a statistic and nothing else"),
        ("no number", "has no number in it"),
    ],
)
def test_sentences_are_checked_at_their_line(sentence: str, words: str) -> None:
    price = gm.lognormal(5, 20, "USD")
    with pytest.raises(UsageError, match=r"gm\.headline: ") as caught:
        gm.headline(price, sentence=sentence)
    assert words in str(caught.value) and "test_answers.py:" in str(caught.value)


def test_a_sentence_is_a_text() -> None:
    with pytest.raises(WrongKind, match="sentence= is a text, not a value of type int"):
        gm.headline(gm.lognormal(5, 20), sentence=3)  # type: ignore[arg-type]


def test_where_the_mean_does_not_exist_the_median_stands_in_its_place() -> None:
    # A lognormal over a normal that may be 0 has no mean. Its median is that of the ratio.
    told = "ratio = price / gm.normal(mean=3, sd=1)"
    (card,) = cards(found := made(told, "gm.headline(ratio)"))
    median = found["quantities"]["ratio"]["p50"]["value"]
    assert found["quantities"]["ratio"]["mean"]["value"] is None
    assert card["value"] == f"{median:.1f} USD"
    assert card["words"].startswith("median; 90% between ")
    assert lead(found).startswith(f"ratio: {median:.1f} USD (")
    (figure,) = headlines(found)
    assert (figure.statistic, figure.computed["value"], figure.unit) == ("median", median, "USD")
    entry = found["quantities"]["ratio"]
    box = worded(entry, (), {key: at(entry, key, ()) for key in STATISTICS})
    assert (box["value"], box["mean"]) == (f"{median:.1f} USD", "– !")

    found = made(told, 'gm.headline(ratio, percentiles=(), sentence="It costs {mean}, I think")')
    assert lead(found) == "It costs – (the mean does not exist), I think."
    assert [card["value"] for card in cards(found)] == [f"{median:.1f} USD"]
