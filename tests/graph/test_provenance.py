"""Whether a figure rests on inference: worked out from the graph, label by label."""

import guessmodel as gm
from guessmodel.graph.provenance import rests_on_inference
from guessmodel.graph.quantity import Quantity

STATED = gm.constant(2, "USD", source="the price list")
GUESSED = gm.lognormal(1, 3, "USD", source="inferred: twice the price list's rebate")


def rests(quantity: Quantity, **labels: str) -> bool:
    return rests_on_inference([quantity], labels)


def test_an_inferred_input_counts_however_deep() -> None:
    assert not rests(STATED * 2 + STATED)
    assert rests(gm.ceil(STATED + (GUESSED * 3).to("USD")))
    assert rests(gm.constant(1, source="  Inferred: capital letters do not matter"))
    assert not rests(gm.constant(1, source="stated, not inferred"))
    assert not rests(gm.constant(1))


def test_parameters_of_draws_count() -> None:
    assert rests(gm.normal(mean=STATED, sd=GUESSED))


def test_of_stacked_quantities_only_the_label_counts() -> None:
    both = gm.stack({"stated": STATED, "guessed": GUESSED}, dim="kind")
    assert not rests(both, kind="stated")
    assert rests(both, kind="guessed")
    assert not rests((both * 2).to("USD") / STATED, kind="stated")
    assert not rests(both.sel(kind="stated"))
    assert rests(both.sel(kind="guessed"))
    assert not rests(both.sel(kind=["stated", "guessed"]), kind="stated")
    assert not rests(both.isel(kind=0) + STATED)


def test_reductions_and_shifts_mix_labels() -> None:
    both = gm.stack({"stated": STATED, "guessed": GUESSED}, dim="kind")
    assert rests(both.sum("kind"))
    assert rests(both / both.sum("kind"), kind="stated")
    assert rests(both.shift(kind=1, fill=0), kind="stated")
