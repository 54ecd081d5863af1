"""What counts as a difference between two documents."""

import copy
from typing import Any

import pytest

from guessmodel.model.model import Model
from guessmodel.report import Document, document
from guessmodel.report.verify import differences


def changed(made: Document, *path: Any, to: Any) -> Document:
    again = copy.deepcopy(made)
    place: Any = again
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = to
    return again


def test_other_draws_are_no_difference_but_in_the_seed(lunch: Model) -> None:
    one, two = document(lunch), document(lunch, seed=3)
    assert differences(one, one) == []
    found = differences(one, {**two, "seed": 0})
    assert [text for text in found if "dependence" not in text] == []


@pytest.mark.parametrize(
    ("path", "to", "words"),
    [
        (("title",), "other", "title was 'What lunch costs.' and is 'other'"),
        (("quantities", "price", "source"), None, "quantities.price.source was 'arXiv"),
        (("claims", 0, "note"), "new", "claims[0].note was None and is 'new'"),
        (("claims", 0, "verdict"), "undecided", "claims[0].verdict was 'holds' and is 'undecided'"),
        (("quantities", "new"), {}, "quantities now has new"),
        (
            ("quantities", "factor", "mean"),
            {"value": 1.6, "low": 1.6, "high": 1.6},
            "quantities.factor.mean was 1.5 and is 1.6",
        ),
        (("outputs",), [], "outputs was"),
    ],
)
def test_differences(lunch_document: Document, path: Any, to: Any, words: str) -> None:
    (found,) = differences(lunch_document, changed(lunch_document, *path, to=to))
    assert found.startswith(words)


def test_pictures_do_not_count(lunch_document: Document) -> None:
    assert differences(lunch_document, changed(lunch_document, "pictures", to=[])) == []


def test_floating_point_does_not_count(lunch_document: Document) -> None:
    near = {"value": 1.5000001, "low": 1.5000001, "high": 1.5000001}
    again = changed(lunch_document, "quantities", "factor", "mean", to=near)
    assert differences(lunch_document, again) == []


def test_a_number_that_is_no_more(lunch_document: Document) -> None:
    gone = {"value": None, "low": None, "high": None}
    again = changed(lunch_document, "quantities", "factor", "mean", to=gone)
    assert differences(lunch_document, again) == ["quantities.factor.mean was 1.5 and is None"]


def test_order_counts_and_five_lines_are_enough(lunch_document: Document) -> None:
    names = list(lunch_document["quantities"])
    turned = {name: lunch_document["quantities"][name] for name in reversed(names)}
    again = changed(lunch_document, "quantities", to=turned)
    assert differences(lunch_document, again) == ["quantities has another order"]
    other = copy.deepcopy(lunch_document)
    for entry in other["quantities"].values():
        entry["doc"] = "new"
    found = differences(lunch_document, other)
    assert len(found) == 6 and found[-1] == f"and {len(names) - 5} more"
