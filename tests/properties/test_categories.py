"""What each public function, constructor and method does with a category: it goes by labels, or is
refused by its text. Never is a category taken for the number of a label's place.

Where a quantity may stand, a category is put: in all arguments of functions and constructors, by
the tables of `test_arguments_of_functions.py` and `test_arguments.py`, which are complete. Here are
the tables of methods, operators and functions of finance.
"""

from __future__ import annotations

import copy
import inspect
import operator
from collections.abc import Callable
from typing import Any

import pytest
from categories_given import CATEGORIES, NUMBERS, SHARES, refused

import guessmodel as gm
from guessmodel import finance
from guessmodel.errors import GuessmodelError
from guessmodel.graph.labelled import Labelled
from guessmodel.graph.operators import Operators

NUMBER = NUMBERS["alone"]


@pytest.mark.parametrize("name", [name for name in finance.__all__ if name != "present_value"])
def test_finance_takes_no_category_for_a_number(name: str) -> None:
    function = getattr(finance, name)
    kinds = [each.kind for each in inspect.signature(function).parameters.values()]
    given = sum(kind is not inspect.Parameter.KEYWORD_ONLY for kind in kinds)
    for place in range(given):

        def make(x: Any, place: int = place) -> Any:
            return function(*(x if k == place else 0.4 for k in range(given)))

        make(NUMBER)
        assert refused(make, "alone")


FIRST, OTHER = CATEGORIES["labelled"], gm.categorical(SHARES)
BY_LABELS: dict[str, Callable[[], Any]] = {
    "sel": lambda: FIRST.sel(case="a"),
    "isel": lambda: FIRST.isel(case=[0, 1]),
    "shift": lambda: FIRST.shift(case=1),
    "where": lambda: OTHER.where(NUMBER > 0.5, CATEGORIES["alone"]),
    "first_where": lambda: FIRST.first_where(FIRST == "a", "case"),
    "to": lambda: OTHER.to(""),
    "sample": lambda: OTHER.sample(64).category_probability("a"),
    "describe": OTHER.describe,
    "__pos__": lambda: +OTHER,
    "__eq__": lambda: OTHER == "a",
    "__ne__": lambda: OTHER != "a",
    **{
        f"__{name}__": lambda name=name: getattr(operator, name)(CATEGORIES["event"], 1)
        for name in ("lt", "le", "gt", "ge")
    },
    "__hash__": lambda: hash(OTHER),
    "__copy__": lambda: copy.copy(OTHER),
    "__deepcopy__": lambda: copy.deepcopy(OTHER),
    "__repr__": lambda: repr(OTHER),
}
TWO_SIDED = ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "and", "or", "xor")
REFUSED: dict[str, Callable[[], Any]] = {
    **{
        f"{name}": lambda name=name: getattr(FIRST, name)("case")
        for name in (
            *("sum", "mean", "min", "max", "prod", "median", "sd", "cumsum", "cumprod"),
            *("idxmin", "idxmax", "diff", "growth"),
        )
    },
    "quantile": lambda: FIRST.quantile(0.5, "case"),
    "formatted": lambda: OTHER.formatted("year"),
    **{f"__{name}__": lambda name=name: getattr(OTHER, f"__{name}__")(1) for name in TWO_SIDED},
    **{f"__r{name}__": lambda name=name: getattr(OTHER, f"__r{name}__")(1) for name in TWO_SIDED},
    **{
        f"__{name}__": lambda name=name: getattr(OTHER, f"__{name}__")()
        for name in ("neg", "abs", "invert", "round")
    },
    **{
        f"__{name}__": lambda function=function: function(OTHER)
        for name, function in (("ceil", gm.ceil), ("floor", gm.floor))
    },
}


def methods() -> set[str]:
    """All that is done with a quantity."""
    own = {name for name in vars(gm.Quantity) if callable(getattr(gm.Quantity, name))}
    own |= {name for name in vars(Labelled) if callable(getattr(Labelled, name))}
    public = {name for name in own if not name.startswith("_")}
    operators = {name for name in vars(Operators) if callable(getattr(Operators, name))}
    return public | {name for name in operators if name.startswith("__")}


def test_methods_and_operators_are_all_there() -> None:
    made = {"__init__", "__init_subclass__", "__module__", "__subclasshook__", "__class_getitem__"}
    assert methods() - made - {*BY_LABELS, *REFUSED} == set()


@pytest.mark.parametrize("name", BY_LABELS)
def test_methods_that_go_by_labels(name: str) -> None:
    made = BY_LABELS[name]()
    if isinstance(made, gm.Quantity):
        made.sample(64)
        assert made.categories in ((), ("a", "b"), ("a", "b", "never"))


@pytest.mark.parametrize("name", REFUSED)
def test_methods_that_are_refused(name: str) -> None:
    with pytest.raises(GuessmodelError, match="is a category; compare it|and .* is a category; "):
        REFUSED[name]()


def test_a_category_taken_for_a_number_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guessmodel.graph.categories.refuse_arithmetic", lambda *_: None)
    assert not refused(lambda x: x + 1, "alone")
    assert not refused(gm.exp, "event")
