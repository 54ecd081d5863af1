"""What must be true of each of the eleven models."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

import guessmodel as gm
from guessmodel.claims.claim import claims_of
from guessmodel.graph.quantity import Constant, Quantile, Quantity
from guessmodel.graph.traversal import ancestors

MODELS = Path(__file__).parents[2] / "models"
NAMES = (
    "accuracy",
    "coding_assistant",
    "development",
    "inference_cost",
    "labour",
    "largest_deployment",
    "streaming_latency",
    "talent",
    "training_inference_tradeoff",
    "transformative_copies",
    "twitter",
)
CITED = r"(SoerenMind \(2021\)|Cottier \(2022\)|Villalobos and Atkinson \(2023\)), \S"
JUDGED = {"accuracy": {"opt_gap", "bloom_gap"}, "talent": {"capable_judged"}}
"""Figures that their author set by hand: inputs and claims in one, and said to be so."""

ModelOf = Callable[[str], gm.Model]
every = pytest.mark.parametrize("name", NAMES)


def own(model: gm.Model) -> dict[str, Quantity]:
    return {name: entry.quantity for name, entry in model.entries.items() if entry.own}


def test_there_are_eleven() -> None:
    files = {path.stem for path in MODELS.glob("*.py")} - {"__init__", "sources"}
    assert files == set(NAMES)


@every
def test_begins_with_what_it_is_about(name: str, model_of: ModelOf) -> None:
    doc = model_of(name).doc
    assert doc is not None
    first, *rest = doc.strip().split("\n")
    assert first.endswith((".", "?"))
    assert not rest or rest[0] == ""


@every
def test_each_quantity_is_described_in_one_line(name: str, model_of: ModelOf) -> None:
    model = model_of(name)
    docs = {quantity: model.doc_of(quantity) for quantity in own(model)}
    assert [quantity for quantity, doc in docs.items() if not doc or "\n" in doc.strip()] == []
    assert [quantity for quantity, doc in docs.items() if not str(doc).endswith(".")] == []


@every
def test_each_input_has_a_source(name: str, model_of: ModelOf) -> None:
    for quantity in own(model_of(name)).values():
        if quantity.kind != "derived":
            source = quantity.source or ""
            assert re.match(CITED, source) or re.match(r"inferred: .{15}", source), quantity


@every
def test_all_draws_and_labelled_inputs_have_names(name: str, model_of: ModelOf) -> None:
    model = model_of(name)
    assert model.unnamed == []
    named = {entry.quantity for entry in model.entries.values()}
    inputs = [q for q in ancestors(own(model).values()) if q.source is not None]
    assert set(inputs) <= named


@every
def test_each_claim_has_a_source_and_is_about_a_result(name: str, model_of: ModelOf) -> None:
    model = model_of(name)
    assert claims_of(model)
    named = own(model)
    for claim in claims_of(model):
        assert re.match(CITED, claim.source or ""), claim.location
        for subject in claim.subjects:
            title = next((n for n, q in named.items() if q is subject), "")
            assert subject.kind == "derived" or title in JUDGED.get(name, ()), claim.location


SHARED_FIGURES = {
    # Stated in itself; the claim is that the hardware's work gives the same.
    ("inference_cost", "published_tokens_per_day"): {(200e6, "token/day")},
    # The round price that the comment's is "well under": input and bound of the claim.
    ("inference_cost", "hardware_price_ceiling"): {(1.0, "USD/hour")},
    # What "up to 90%" and "60%" leave; the claim is what another author says of all inference.
    ("largest_deployment", "barr_share"): {(50.0, "percent")},
    ("largest_deployment", "google_share"): {(50.0, "percent")},
    # A second is how long the discussion would wait, and how long loading takes at peak.
    ("streaming_latency", "patience"): {(1.0, "s")},
    # Stated by hearsay; the claim is that parameters and compression give the same.
    ("streaming_latency", "gpt3_compressed"): {(300.0, "GB")},
    # Set by hand, from 73 engineers counted.
    ("talent", "lower_bound"): {(100.0, "person")},
    # 10 to 1000 will run BLOOM, 1000 may have OPT-175B: different people.
    ("talent", "willing"): {(10.0, "person"), (1000.0, "person")},
    # The unit that the rich are counted by; a year of a team costs as much.
    ("talent", "million"): {(1e6, "USD")},
    # Stated in itself; the claim is that the square root of training is near it.
    ("training_inference_tradeoff", "inference_compute"): {(3e11, "FLOP/inference")},
    # A grid of powers of ten.
    ("training_inference_tradeoff", "inferences"): {(1e12, "inference")},
}
"""Inputs that are as round as some claim, and why that is no claim fed back."""


@every
def test_no_input_is_a_published_result(name: str, model_of: ModelOf) -> None:
    """No number or bound of an input is a figure that a claim of any model publishes. Spans in OOM
    are left out: they all are small whole numbers."""
    published = {
        (float(f"{statement.figure.value:.6g}"), str(claim.quantity.unit))
        for other in NAMES
        for claim in claims_of(model_of(other))
        for statement in claim.statements
        if str(claim.quantity.unit) not in ("", "OOM")
    }
    for title, quantity in own(model_of(name)).items():
        if quantity.kind == "derived" or title in JUDGED.get(name, ()):
            continue
        clash = {(float(f"{x:.6g}"), str(quantity.unit)) for x in numbers(quantity)} & published
        assert clash == SHARED_FIGURES.get((name, title), set()), title


def numbers(quantity: Quantity) -> list[float]:
    """Values of a constant, and what a draw was given."""
    operation = quantity.operation
    if isinstance(operation, Constant):
        return [float(x) for x in operation.value.ravel()]
    assert isinstance(operation, Quantile)
    given = [g.values() if isinstance(g, Mapping) else (g,) for g in operation.given.values()]
    return [float(x) for group in given for x in group if isinstance(x, int | float)]


@every
def test_claims_come_out_as_expected(name: str, model_of: ModelOf) -> None:
    result = gm.check(model_of(name), reports=MODELS / "none")
    unexpected = [
        (claim.quantity, claim.statistic, claim.published, str(claim.computed), claim.verdict)
        for claim in result.claims
        if not claim.as_expected
    ]
    assert unexpected == []


MUTANTS = {
    "accuracy": {"opt_gap": "normal(1.3 to 6.5 percentage_point)"},
    "coding_assistant": {"requests": "26 to 390 request/developer/day"},
    "development": {"training_compute": "3.9e23 FLOP"},
    "inference_cost": {"published_tokens_per_day": "260M token/day"},
    "labour": {"salary": "130K USD/person/year"},
    "largest_deployment": {"training_compute": "3.9e23 FLOP"},
    "streaming_latency": {"layer_time": "13 ms"},
    "talent": {"graduates_us": "2.6M person"},
    "training_inference_tradeoff": {"users": "390M user"},
    "transformative_copies": {"page_price": "0.078 USD"},
    "twitter": {"share": "1.3 percent"},
}


@every
def test_an_input_moved_by_30_percent_fails_the_check(name: str, model_of: ModelOf) -> None:
    mutant = model_of(name).with_(MUTANTS[name])
    assert not gm.check(mutant, reports=MODELS / "none").holds
