"""Questions that a model file states of its model."""

import inspect
from pathlib import Path
from textwrap import dedent

import pytest

import guessmodel as gm
from guessmodel.analysis import seek, stated, sweep
from guessmodel.analysis.stated import seeks_of, sweeps_of
from guessmodel.errors import GuessmodelError, UsageError, WrongKind

TEXT = """
    import guessmodel as gm
    price = gm.constant(3, "USD")
    cups = gm.normal(mean=100, sd=10)
    fee = gm.constant({"a": 100, "b": 200}, "USD", dim="case")
    profit = price * cups - fee
    sales = price * cups
    aside = gm.normal(1, 2)
"""


def loaded(folder: Path, *lines: str) -> gm.Model:
    (folder / "stand.py").write_text(dedent(TEXT) + "\n".join(lines))
    return gm.Model.from_file(folder / "stand.py")


def test_they_belong_to_their_model(tmp_path: Path) -> None:
    model = loaded(
        tmp_path,
        "gm.sweep({price: '1..3:3'}, profit)",
        "gm.sweep({'cups': [1, 2]}, 'sales', crosses=5, doc='x')",
        "gm.seek(sales, 'mean', '500 USD', by=price)",
    )
    assert [each.doc for each in stated.sweeps_of(model)] == [None, "x"]
    assert len(stated.sweeps_of(model, "profit")) == 1
    assert stated.seeks_of(model, "profit") == []
    (sought,) = stated.seeks_of(model, "sales")
    assert sought.evaluate(model).value == model.seek("sales", "mean", 500, by="price").value
    (tmp_path / "other.py").write_text(
        "import guessmodel as gm\nfrom stand import sales\nx = sales * 2\n"
    )
    other = gm.Model.from_file(tmp_path / "other.py")
    assert stated.sweeps_of(other) == [] and stated.seeks_of(other) == []


def test_the_answer_is_that_of_the_method(tmp_path: Path) -> None:
    model = loaded(tmp_path, "gm.sweep({price: '1..3:3', cups: [50, 100]}, profit)")
    (asked,) = stated.sweeps_of(model)
    how = {"n": 512, "seed": 3, "method": "lhs"}
    method = model.sweep({"price": [1, 2, 3], "cups": [50, 100]}, "profit", **how)
    assert str(asked.evaluate(model, **how)) == str(method)


def test_they_are_of_what_a_model_is_changed_to(tmp_path: Path) -> None:
    """The mean of 10 cups is 10 times the price."""
    model = loaded(
        tmp_path,
        "gm.sweep({price: [1, 2]}, sales)",
        "gm.seek(sales, 'mean', 60, by=price)",
        "gm.scenario('few', {cups: 10, price: '5 USD'})",
    )
    for changed in (model.with_(cups=10), model.in_scenario("few")):
        (swept,), (sought,) = stated.sweeps_of(changed), stated.seeks_of(changed)
        assert [row.mean.value for row in swept.evaluate(changed).rows] == pytest.approx([10, 20])
        assert sought.evaluate(changed).value.value == pytest.approx(6)
    side = model.side_by_side()
    (swept,), (sought,) = stated.sweeps_of(side), stated.seeks_of(side)
    found = {tuple(row.labels.values()): row.mean.value for row in swept.evaluate(side).rows}
    assert found[1, "few"] == pytest.approx(10) and found[2, "base"] == pytest.approx(200)
    answer = sought.evaluate(side)
    assert answer.sel("few").value.value == pytest.approx(6)
    assert answer.sel("base").value.value == pytest.approx(0.6)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("gm.sweep({'pricee': [1, 2]}, sales)", "no quantity 'pricee'; did you mean 'price'"),
        ("gm.sweep({price: [1]}, sales)", "gm.sweep: price: a sweep takes two values at least"),
        ("gm.sweep({price: '1..2 kg:3'}, sales)", "kg"),
        ("gm.sweep({price: [1, 2]}, aside)", "'aside' does not depend on 'price'"),
        ("gm.sweep({price: [1, 2]}, price)", "'price' is the output; sweep over an input of it"),
        ("gm.sweep({price: [1, 2]})", "which output? Name one of profit, sales, aside"),
        ("gm.sweep({price: [1, 2]}, price * 2)", "has no name"),
        ("gm.sweep({price: [1, 2]}, sales, crosses='3 kg')", "kg"),
        (
            "gm.seek(sales, 'mood', 3, by=price)",
            "gm.seek: no statistic 'mood'; did you mean 'mode'?",
        ),
        ("gm.seek(sales, 'mean', '3 kg', by=price)", "kg"),
        ("gm.seek(sales, 'P(> 0)', 3, by=price)", "a probability is sought between 0 and 1"),
        ("gm.seek(sales, 'mean', 3, by=aside)", "'sales' does not depend on 'aside'"),
        ("gm.seek(sales, 'mean', 3, by=price, between=(2, 1))", "write the lower first"),
        ("gm.seek(profit, 'mean', 3, by=price)", "'profit' has a case; choose one"),
    ],
)
def test_what_does_not_fit_is_told_when_the_file_is_loaded(
    tmp_path: Path, line: str, message: str
) -> None:
    with pytest.raises(GuessmodelError) as told:
        loaded(tmp_path, "", line)
    assert message in str(told.value)
    assert f"{tmp_path / 'stand.py'}:10" in str(told.value)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: gm.sweep("price=1..3:3"), "gm.sweep takes values by quantity"),
        (lambda: gm.sweep({}), "gm.sweep takes values by quantity"),
        (lambda: gm.sweep({3: [1, 2]}), "an input is given by itself or its name, not by 3"),
        (lambda: gm.sweep({"a": [1, 2]}, 3), "the output is given by itself or its name, not by 3"),
        (lambda: gm.sweep({"a": [1, 2]}, doc=3), "doc= takes text, not 3"),
        (lambda: gm.seek(None, "mean", 3, by="a"), "the output is given by itself or its name"),
        (lambda: gm.seek("x", "mean", 3, by=2), "by= is given by itself or its name, not by 2"),
        (lambda: gm.seek("x", "mean", 3, by="a", labels=2), "labels= takes a label by dimension"),
    ],
)
def test_what_is_no_question(call: object, message: str) -> None:
    with pytest.raises(WrongKind, match=message):
        call()


def test_a_question_of_another_model_is_refused() -> None:
    price, cups = gm.constant(3, "USD"), gm.normal(1, 2)
    asked = gm.sweep({price: [1, 2]}, "sales")
    with pytest.raises(UsageError, match="has no name in model"):
        asked.evaluate(gm.Model(sales=cups))


def test_a_word_means_one_thing() -> None:
    """A statement takes what the method takes, but for how it is drawn."""

    def arguments(function: object) -> list[str]:
        drawn = ("model", "n", "seed", "method", "scenarios", "doc")
        return [name for name in inspect.signature(function).parameters if name not in drawn]

    assert arguments(gm.sweep) == arguments(sweep.sweep)
    assert arguments(gm.seek) == arguments(seek.seek)


LABELS = """
import guessmodel as gm
price = gm.constant(3, "USD")
sales = price * gm.normal(5, 9, dim={"day": ["fri", "sat"]})
gm.sweep({price: [1, 2]}, "sales[sat]")
gm.sweep({price: [1, 2]}, sales)
gm.seek("sales[sat]", "mean", "10 USD", by=price)
gm.seek(sales, "mean", "10 USD", by=price, labels={"day": "fri"})
"""


def test_questions_about_a_label_of_an_output(tmp_path: Path) -> None:
    path = tmp_path / "shop.py"
    path.write_text(LABELS)
    model = gm.Model.from_file(path)
    assert [each.output for each in sweeps_of(model, "sales[sat]")] == ["sales[sat]"]
    assert len(sweeps_of(model, "sales")) == 2
    assert len(sweeps_of(model, "sales[fri]")) == 0
    assert len(seeks_of(model, "sales")) == 2
    (sat,), (fri,) = seeks_of(model, "sales[sat]"), seeks_of(model, "sales[fri]")
    assert sat.evaluate(model, n=1024).value == fri.evaluate(model, n=1024).value  # 10/7, exact
    path.write_text(LABELS.replace("sales[sat]", "sales[sun]"))
    with pytest.raises(gm.GuessmodelError, match=r"shop.py:5: gm.sweep: 'sales\[sun\]': dimension"):
        gm.Model.from_file(path)
