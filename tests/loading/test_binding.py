"""Names and descriptions out of a namespace and its source."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from guessmodel.errors import GuessmodelError
from guessmodel.loading.load import Module, load

Loads = Callable[[str], Module]


@pytest.fixture
def loads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Loads:
    """Load a model from its text."""
    monkeypatch.chdir(tmp_path)

    def loads(text: str) -> Module:
        Path("model.py").write_text("import guessmodel as gm\n" + dedent(text))
        return load("model.py")[-1]

    return loads


def names(module: Module) -> list[str]:
    return list(module.names)


def test_names_stand_in_the_order_of_the_file(loads: Loads) -> None:
    assert names(loads("b = gm.constant(1)\na = gm.constant(2)\nc = a + b\n")) == ["b", "a", "c"]


def test_the_first_name_counts(loads: Loads) -> None:
    assert names(loads("a = gm.constant(1)\nb = a\n")) == ["a"]
    assert names(loads("a = b = gm.constant(1)\n")) == ["a"]
    assert names(loads("a, b = gm.constant(1), gm.constant(2)\n")) == ["a", "b"]


def test_values_of_dicts_and_lists(loads: Loads) -> None:
    module = loads(
        """
        cost = {"twitter": gm.constant(1), 2025: [gm.constant(2), 7, gm.constant(3)]}
        both = {("a", 1): gm.constant(4)}
        loop = []
        loop.append(loop)
        """
    )
    assert names(module) == ["cost[twitter]", "cost[2025][0]", "cost[2025][2]", "both[a, 1]"]


def test_what_is_shown_instead_of_a_name_and_what_is_given_in_passing(loads: Loads) -> None:
    module = loads(
        """
        made = [gm.lognormal(1, 2) for _ in range(4)]
        first = made[0]
        for last in made:
            step = gm.constant(3)
        total = 0
        for part in made:
            total = total + part
        _second = made[1]
        named = {"a": gm.constant(5, name="kept")}
        """
    )
    assert names(module) == [
        *("made[0]", "made[1]", "made[2]", "made[3]", "step", "total", "kept"),
    ]
    assert module.labels == {"made[0]": "first"}  # `last` is what a loop leaves behind
    assert module.helpers == {"made[1]", "made[2]", "made[3]", "step"}
    entries = module.entries(own=True)
    assert [entry.key for entry in entries] == [f"model.{name}" for name in names(module)]


def test_variables_of_loops_do_not_rename(loads: Loads) -> None:
    module = loads(
        """
        cost = {}
        for label in ("a", "b"):
            price = gm.lognormal(1, 2)
            cost[label] = price * 2
        for again in cost.values():
            last = again
        """
    )
    assert names(module) == ["cost[a]", "cost[b]", "price"]


def test_an_item_is_not_called_like_the_variable_that_was_first(loads: Loads) -> None:
    module = loads(
        """
        cost = None
        for label in ("a", "b"):
            price = gm.lognormal(1, 2)
            items = {**(cost or {}), label: price}
            cost = items
        del cost
        """
    )
    assert names(module) == ["items[a]", "items[b]"]


def test_a_name_beats_the_place_in_a_dict_that_was_there_before(loads: Loads) -> None:
    assert names(loads("cost = {}\nx = gm.constant(1)\ncost['a'] = x\n")) == ["x"]
    module = loads("cost = {}\nwhile not cost:\n    x = gm.constant(1)\n    cost['a'] = x\n")
    assert names(module) == ["cost[a]"]


def test_name_wins(loads: Loads) -> None:
    module = loads('a = gm.constant(1, name="price")\n"""Its text."""\n')
    assert names(module) == ["price"]
    assert module.docs == {"price": "Its text."}


def test_name_makes_a_hidden_quantity_known(loads: Loads) -> None:
    module = loads(
        """
        def draw(label):
            return gm.lognormal(1, 2, name=f"price[{label}]")
        cost = draw("a") + 2 * draw("b")
        """
    )
    assert names(module) == ["price[a]", "price[b]", "cost"]


def test_two_quantities_of_one_name(loads: Loads) -> None:
    with pytest.raises(
        GuessmodelError,
        match=r"^model.py:3: two quantities are called 'a', here and in model.py:2; rename one",
    ):
        loads('a = gm.constant(1)\nb = gm.constant(2, name="a")\n')
    with pytest.raises(GuessmodelError, match="two quantities are called 'x'"):
        loads('cost = gm.lognormal(1, 2, name="x") * gm.lognormal(1, 2, name="x")\n')


def test_descriptions_in_blocks_and_of_items(loads: Loads) -> None:
    module = loads(
        '''
        cost = {}
        if True:
            a: gm.Quantity = gm.constant(1)
            """In a block."""
        cost["x"] = gm.constant(2)
        """Of an item."""
        b = gm.constant(3)

        """After a blank line."""
        c = gm.constant(4)
        c.unit
        """Not directly below."""
        def f():
            d = 1
            """Of a local."""
        '''
    )
    assert module.docs == {
        "cost[x]": "Of an item.",
        "a": "In a block.",
        "b": "After a blank line.",
    }


# --- names that are bound twice -----------------------------------------------------------------


def test_a_name_that_moves_on_while_the_first_is_used(loads: Loads) -> None:
    with pytest.raises(
        GuessmodelError,
        match=r"^model.py:4: 'price' is bound twice, at lines 2 and 4, and the first is still "
        "used; give them two names$",
    ):
        loads("price = gm.lognormal(1, 2)\ncost = price * 2\nprice = gm.lognormal(3, 4)\n")
    with pytest.raises(GuessmodelError, match="'price' is bound twice, at lines 2 and 4"):
        loads("price = gm.lognormal(1, 2)\ncost = price * 2\nprice = price * 1.1\n")
    with pytest.raises(GuessmodelError, match="'price' is bound twice, at lines 2 and 4"):
        loads("price = gm.lognormal(1, 2)\ncost = price * 2\nprice = 5\n")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("price = gm.lognormal(1, 2)\nprice = gm.lognormal(3, 4)\n", {"price"}),  # never used
        (  # builds on the first
            "price = gm.lognormal(1, 2)\nprice = price * 2\ncost = price + 1\n",
            {"price", "cost"},
        ),
        (
            "total = gm.constant(0)\nfor x in (1, 2):\n    total = total + x\ncost = total * 2\n",
            {"total", "cost"},
        ),
        # The first draw is still found by another name: of a variable, or its own.
        ("a = gm.lognormal(1, 2)\nx = a\ncost = x * 2\nx = 3\n", {"a", "cost"}),
        ('x = gm.lognormal(1, 2, name="a")\ncost = x * 2\nx = 3\n', {"a", "cost"}),
        (
            "if True:\n    a = gm.lognormal(1, 2)\nelse:\n    a = gm.lognormal(3, 4)\nb = a * 2\n",
            {"a", "b"},
        ),
    ],
)
def test_names_that_may_move_on(loads: Loads, text: str, left: set[str]) -> None:
    assert set(names(loads(text))) == left


def test_an_imported_name_may_be_bound_again(loads: Loads) -> None:
    Path("helper.py").write_text("import guessmodel as gm\nprice = gm.lognormal(1, 2)\n")
    module = loads("from helper import price\nx = price + 1\nprice = price * 2\n")
    assert names(module) == ["price", "x"]


# --- names that hide ----------------------------------------------------------------------------


def test_a_quantity_that_hides_the_library(loads: Loads) -> None:
    with pytest.raises(
        GuessmodelError,
        match=r"^model.py:2: the quantity 'gm' hides the module guessmodel, imported as 'gm'; "
        "rename the quantity$",
    ):
        loads("gm = gm.constant(1)\n")


def test_a_quantity_that_hides_a_builtin_is_an_error_where_it_harms(loads: Loads) -> None:
    assert names(loads("sum = gm.constant(1)\nmax = sum * 2\n")) == ["sum", "max"]
    with pytest.raises(
        GuessmodelError,
        match=r"^model.py:3: TypeError: 'Quantity' object is not callable; the quantity 'sum' "
        r"hides Python's own, rename it\n    total = sum\(\[1, 2\]\)$",
    ):
        loads("sum = gm.constant(1)\ntotal = sum([1, 2])\n")


def test_module_code_runs_as_in_any_module(loads: Loads) -> None:
    module = loads(
        """
        from math import *
        x: int = 3
        def f():
            return x, gm
        class A:
            y = x
        assert f() == (3, gm) and A.y == 3 and [x for _ in range(2)] == [3, 3]
        assert __annotations__ == {"x": int} or True
        del x
        assert "x" not in globals() and "pi" in globals()
        exec("z = gm.constant(2)")
        globals()["w"] = gm.constant(3)
        w = gm.constant(4)
        """
    )
    assert names(module) == ["z", "w"]
