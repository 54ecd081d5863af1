"""Claims: what they hold, where they are kept, and every complaint at the claim's own line."""

import inspect
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import guessmodel as gm
from guessmodel.claims.claim import Claim
from guessmodel.errors import DimensionError, GuessmodelError, UnitError, UsageError, WrongKind
from guessmodel.loading import ATTACHED

cost = gm.lognormal(240, 720, "USD/day", source="inferred: a test")
price = gm.constant(10, "USD/hour", source="a price list")
words = gm.lognormal(1, 2, "word/day")
expensive = cost > gm.constant(700, "USD/day")
by_kind = gm.stack({"twitter": cost, "coding assistant": cost * 2}, dim="deployment")
sparse = gm.constant({"a": 1, "b": None}, dim="which")


@pytest.fixture(autouse=True)
def no_claims() -> Iterator[None]:
    """Claims of one test are not those of the next."""
    yield
    globals().pop(ATTACHED, None)


def registered() -> list[Claim]:
    found: list[Claim] = globals().get(ATTACHED, [])
    return found


def complaint(kind: type[GuessmodelError], make: Callable[[], object]) -> str:
    """The text of an error, which begins with the line of the claim."""
    with pytest.raises(kind) as caught:
        make()
    assert registered() == []
    code = make.__code__
    where = caught.value.where
    assert where is not None
    assert where.file == __file__
    assert code.co_firstlineno <= where.line <= code.co_firstlineno + 10
    text = str(caught.value)
    assert text.count("\n") <= 1
    prefix = f"{where}: "
    assert text.startswith(prefix)
    return text.removeprefix(prefix)


# --- what a claim holds -------------------------------------------------------------------------


def test_a_claim_holds_one_statement_a_figure() -> None:
    made = gm.claim(
        cost,
        mean="450 USD/day",
        median="420 USD/day",
        sd="150 USD/day",
        interval="240 to 720 USD/day",
        guesstimate_interval=(None, "700 USD/day"),
        quantiles={0.25: "330 USD/day"},
        source="table 2",
        note="rough",
    )
    assert [(s.statistic, s.p, s.figure.text) for s in made.statements] == [
        ("mean", None, "450 USD/day"),
        ("median", 0.5, "420 USD/day"),
        ("sd", None, "150 USD/day"),
        ("interval low", 0.05, "240 USD/day"),
        ("interval high", 0.95, "720 USD/day"),
        ("guesstimate interval high", None, "700 USD/day"),
        ("quantile 0.25", 0.25, "330 USD/day"),
    ]
    assert made.quantity is cost
    assert (made.source, made.note, made.expected) == ("table 2", "rough", "holds")
    assert made.location.file == __file__


def test_a_probability_is_of_an_indicator() -> None:
    made = gm.claim(expensive, probability="5%")
    assert made.statements[0].figure.value == pytest.approx(0.05)


def test_labels_are_taken_in_the_order_of_the_dimensions() -> None:
    both = gm.stack({1: by_kind, 2: by_kind}, dim="year")
    made = gm.claim(both, mean="450 USD/day", at={"deployment": "twitter", "year": 2})
    assert made.labels == {"year": 2, "deployment": "twitter"}
    assert list(made.labels) == ["year", "deployment"]


def test_a_ratio_of_means_has_two_subjects() -> None:
    made = gm.claim_ratio_of_means(
        by_kind, words, "> 100 USD/word", at={"deployment": "coding assistant"}
    )
    assert made.subjects == (by_kind, words)
    assert [s.statistic for s in made.statements] == ["ratio of means"]
    assert made.labels_of(by_kind) == {"deployment": "coding assistant"}
    assert made.labels_of(words) == {}
    assert made.inferred


def test_how_two_go_together_has_two_subjects() -> None:
    made = gm.claim_joint(
        by_kind,
        words,
        correlation="0.5",
        covariance="> 2 USD*word/day**2",
        at={"deployment": "twitter"},
    )
    assert made.subjects == (by_kind, words)
    assert [s.statistic for s in made.statements] == ["correlation", "covariance"]
    assert made.joint and made.labels_of(words) == {}
    # Temperatures have a product of differences.
    warm = gm.normal(20, 30, "degC")
    assert gm.claim_joint(warm, warm, covariance="9 delta_degC**2").statements


def test_the_default_tolerance_follows_the_sources() -> None:
    stated = gm.claim(price.to("USD/day"), mean="240 USD/day")
    guessed = gm.claim(cost, mean="240 USD/day")
    assert stated.accepted(stated.statements[0]).relative == pytest.approx(5 / 240)
    assert guessed.accepted(guessed.statements[0]).relative == 0.15


# --- where it is kept ---------------------------------------------------------------------------


def test_claims_are_kept_by_the_module_that_makes_them() -> None:
    def helper() -> Claim:
        return gm.claim(cost, mean="450 USD/day")

    first, second = gm.claim(cost, median="420 USD/day"), helper()
    assert registered() == [first, second]
    assert second.location.line == inspect.getsourcelines(helper)[1] + 1


def test_another_module_keeps_its_own(tmp_path: Path) -> None:
    file = tmp_path / "other.py"
    file.write_text("import guessmodel as gm\nmade = gm.claim(gm.constant(3), mean='3')\n")
    module = ModuleType("other")
    exec(compile(file.read_text(), str(file), "exec"), vars(module))
    assert vars(module)[ATTACHED] == [module.made]
    assert module.made.location.line == 2
    assert registered() == []


def test_a_model_file_carries_its_own_claims_alone(tmp_path: Path) -> None:
    base = "import guessmodel as gm\nprice = gm.constant(3, 'USD')\ngm.claim(price, mean='3 USD')\n"
    (tmp_path / "base.py").write_text(base)
    (tmp_path / "top.py").write_text(
        "import guessmodel as gm\nfrom base import price\n"
        "cost = price * 2\ngm.claim(cost, mean='6 USD')\n"
    )
    model = gm.Model.from_file(tmp_path / "top.py")
    assert [claim.quantity for claim in model.claims] == [model.quantities["cost"]]
    assert "base" not in sys.modules


def test_overrides_take_the_claims_along(tmp_path: Path) -> None:
    file = tmp_path / "top.py"
    file.write_text(
        "import guessmodel as gm\nprice = gm.constant(3, 'USD')\ncost = price * 2\n"
        "gm.claim(cost, mean='6 USD')\ngm.claim(cost / price, mean='2')\n"
    )
    model = gm.Model.from_file(file).with_(price=30)
    assert model.claims[0].quantity is model.quantities["cost"]
    assert any(part is model.quantities["price"] for part in model.claims[1].quantity.operands)


# --- complaints ---------------------------------------------------------------------------------


def test_a_name_is_not_a_quantity() -> None:
    assert complaint(WrongKind, lambda: gm.claim("cots", mean="3")) == (  # type: ignore[arg-type]
        "gm.claim takes the quantity itself, not its name 'cots'; did you mean 'cost'?"
    )
    assert complaint(WrongKind, lambda: gm.claim("xyz", mean="3")) == (  # type: ignore[arg-type]
        "gm.claim takes the quantity itself, not its name 'xyz'; "
        "there are cost, price, words, expensive, by_kind, sparse"
    )
    assert complaint(WrongKind, lambda: gm.claim(450, mean="450")) == (  # type: ignore[arg-type]
        "gm.claim takes a quantity, not a value of type int"
    )
    assert complaint(
        WrongKind,
        lambda: gm.claim_ratio_of_means(cost, 3, "5"),  # type: ignore[arg-type]
    ) == ("gm.claim_ratio_of_means takes a quantity, not a value of type int")


def test_a_category_has_probabilities_alone() -> None:
    cheapest = by_kind.idxmin("deployment")
    assert complaint(WrongKind, lambda: gm.claim(cheapest, mean="3")) == (
        "gm.claim: a category has no statistics; claim the probability of a label, (q == 'twitter')"
    )
    assert gm.claim(cheapest == "twitter", probability="> 50%").statements


def test_unknown_statistics() -> None:
    misspelt = complaint(
        WrongKind,
        lambda: gm.claim(cost, medain="420 USD/day"),  # type: ignore[call-arg]
    )
    assert misspelt.startswith("claim has no medain=; did you mean 'median'? It takes quantity, ")
    assert misspelt.endswith("source=, note=, scenario=, kind=")
    assert complaint(
        WrongKind,
        lambda: gm.claim(cost, kurtosis="3"),  # type: ignore[call-arg]
    ) == ("claim has no kurtosis=; write statistics={'kurtosis': …}")


def test_statistics_by_name() -> None:
    cost = gm.lognormal(5, 10, "USD")
    assert (
        "statistics of the quantity: no statistic 'skewnes'; did you mean 'skewness'?"
        in complaint(UsageError, lambda: gm.claim(cost, statistics={"skewnes": "1"}))
    )
    assert "statistics of the quantity: cannot convert kg to USD" in complaint(
        UnitError, lambda: gm.claim(cost, statistics={"P(<= 5 kg)": "10%"})
    )
    assert "skewness of " in complaint(
        UnitError, lambda: gm.claim(cost, statistics={"skewness": "3 USD"})
    )
    made = gm.claim(
        cost,
        statistics={"shortfall(0.95)": "12 USD", "hdi(0.9) low": "4.7 USD", "skewness": "0.7"},
    )
    assert [statement.statistic for statement in made.statements] == [
        *("shortfall(0.95)", "hdi(0.9) low", "skewness"),
    ]


def test_a_claim_needs_a_figure() -> None:
    assert complaint(UsageError, lambda: gm.claim(cost, source="table 2")) == (
        "the claim on 'cost' has no figure; give one of mean=, median=, sd=, interval=, "
        "guesstimate_interval=, quantiles=, probability=, statistics="
    )


def test_what_is_refused_of_two_quantities() -> None:
    assert complaint(UsageError, lambda: gm.claim_joint(cost, words)) == (
        "the claim on 'cost' and 'words' has no figure; give one of correlation=, "
        "rank_correlation=, covariance="
    )
    assert complaint(UsageError, lambda: gm.claim_joint(cost, words, rank_correlation="60")) == (
        "rank correlation 60 is not between -1 and 1"
    )
    assert complaint(UsageError, lambda: gm.claim_joint(cost, words, correlation="-1.01")) == (
        "correlation -1.01 is not between -1 and 1"
    )
    assert complaint(UnitError, lambda: gm.claim_joint(cost, words, covariance="5 USD")) == (
        "covariance of 'cost' and 'words': '5 USD' does not fit a quantity in USD*word/day**2"
    )
    assert complaint(WrongKind, lambda: gm.claim_joint(cost, "words", correlation="0.5")) == (  # type: ignore[arg-type]
        "gm.claim_joint takes the quantity itself, not its name 'words'; write words without quotes"
    )
    assert complaint(DimensionError, lambda: gm.claim_joint(by_kind, words, correlation="0.5")) == (
        "'by_kind' and 'words' has the dimension 'deployment'; say which label is meant: "
        "at={'deployment': 'twitter'} (labels: 'twitter', 'coding assistant')"
    )


def test_units_and_texts() -> None:
    assert complaint(UnitError, lambda: gm.claim(cost, mean="450 token")) == (
        "mean of 'cost': '450 token' does not fit a quantity in USD/day"
    )
    assert complaint(UnitError, lambda: gm.claim(cost, median="450")) == (
        "median of 'cost': '450' has no unit; write '450 USD/day'"
    )
    assert complaint(UnitError, lambda: gm.claim(cost, mean="450 USD/dya")).startswith(
        "mean of 'cost': "
    )
    assert complaint(UsageError, lambda: gm.claim(cost * 2, sd="about 5")) == (
        "sd of the quantity: cannot read 'about 5' as a figure; write for example '160K USD'"
    )
    assert complaint(UsageError, lambda: gm.claim(cost, interval="450 USD/day")) == (
        "interval of 'cost': '450 USD/day' is no range; write for example '5 to 8 USD/hour'"
    )
    assert (
        complaint(UnitError, lambda: gm.claim_ratio_of_means(cost, words, "5 token"))
        == "the ratio of 'cost' / 'words': '5 token' does not fit a quantity in USD/word"
    )


def test_labels_and_dimensions() -> None:
    assert complaint(DimensionError, lambda: gm.claim(by_kind, mean="450 USD/day")) == (
        "'by_kind' has the dimension 'deployment'; say which label is meant: "
        "at={'deployment': 'twitter'} (labels: 'twitter', 'coding assistant')"
    )
    assert complaint(
        DimensionError,
        lambda: gm.claim(by_kind, mean="450 USD/day", at={"deployment": "twiter"}),
    ) == (
        "'by_kind': dimension 'deployment' has no label 'twiter'; it has "
        "['twitter', 'coding assistant']; did you mean 'twitter'?"
    )
    assert complaint(
        DimensionError,
        lambda: gm.claim(by_kind, mean="450 USD/day", at={"year": 2020}),
    ) == ("'by_kind' has no dimension 'year'; it has 'deployment'")
    assert complaint(
        DimensionError, lambda: gm.claim(cost, mean="450 USD/day", at={"year": 2020})
    ) == ("'cost' has no dimension 'year'")
    assert complaint(DimensionError, lambda: gm.claim(sparse, mean="1", at={"which": "b"})) == (
        "'sparse' is not applicable at [b]"
    )


def test_probabilities_and_quantiles() -> None:
    assert complaint(UsageError, lambda: gm.claim(cost, probability="5%")) == (
        "'cost' is in USD/day, not an indicator; compare it first, as in (q > 5)"
    )
    assert complaint(UsageError, lambda: gm.claim(expensive, probability="5")) == (
        "probability 5 is not between 0 and 1; write '5%'"
    )
    assert complaint(UsageError, lambda: gm.claim(cost, quantiles={95: "720 USD/day"})) == (
        "quantiles={95: …} is not between 0 and 1; write 0.95"
    )
    assert complaint(UsageError, lambda: gm.claim(cost, quantiles={0: "720 USD/day"})) == (
        "quantiles={0: …} is not between 0 and 1"
    )
    assert complaint(
        UsageError,
        lambda: gm.claim(cost, quantiles={"95%": "720 USD/day"}),  # type: ignore[dict-item]
    ) == ("quantiles={'95%': …}: write a probability such as 0.25")


def test_tolerances() -> None:
    assert complaint(UsageError, lambda: gm.claim(cost, mean=450)) == (
        "the number 450 USD/day does not show its rounding: write it as text ('450 USD/day'), "
        "or give rtol="
    )
    assert complaint(UsageError, lambda: gm.claim(cost, mean="450 USD/day", rtol=0.2)) == (
        "rtol=0.2 is more than 15%: give the reason in note="
    )
    assert complaint(UsageError, lambda: gm.claim(cost, mean="450 USD/day", log10_tol=0.5)) == (
        "log10_tol=0.5 is more than 15%: give the reason in note="
    )
    assert complaint(
        UsageError, lambda: gm.claim(cost, mean="450 USD/day", rtol=0.1, log10_tol=0.1)
    ) == ("rtol and log10_tol are two tolerances; give one of them")
    assert complaint(UsageError, lambda: gm.claim(cost, mean="450 USD/day", rtol=-0.1)) == (
        "rtol=-0.1 is no tolerance; write one such as 0.05"
    )
    assert complaint(UsageError, lambda: gm.claim(cost, mean="0 USD/day", rtol=0.1)) == (
        "rtol has no meaning for 0 USD/day; leave it out, and the rounding of the text counts"
    )
    wide: dict[str, Any] = {"rtol": 0.2, "note": "the source rounds generously"}
    assert gm.claim(cost, mean="450 USD/day", **wide).rtol == 0.2
    assert gm.claim(cost, mean="450 USD/day", log10_tol=0.06).log10_tol == 0.06


def test_expectations() -> None:
    assert complaint(
        UsageError,
        lambda: gm.claim(cost, mean="450 USD/day", expected="fails"),  # type: ignore[arg-type]
    ) == ("expected='fails': write 'holds' or 'falls short'")
    for note in (None, "  "):
        message = complaint(
            UsageError,
            lambda note=note: gm.claim(  # type: ignore[misc]
                cost, mean="450 USD/day", expected="falls short", note=note
            ),
        )
        assert message == "a claim that is expected to fall short needs the reason in note="


@pytest.mark.parametrize("key", ["source", "note"])
def test_source_and_note_are_text(key: str) -> None:
    with pytest.raises(WrongKind, match=rf"test_claim.py:\d+: {key}= takes text, not 3; write "):
        gm.claim(gm.normal(1, 2), mean="1.5", **{key: 3})


def test_what_a_notebook_shows_of_it() -> None:
    made = gm.claim(gm.lognormal(1, 5, "USD", name="cost"), interval="1 to 5 USD", mean="2.5 USD")
    assert repr(made) == "<claim on cost: mean 2.5 USD, interval low 1 USD, interval high 5 USD>"
