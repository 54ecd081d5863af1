"""Two versions of a model: which names match, what was edited, and draws in common."""

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import numpy as np
import pytest

import guessmodel as gm
from guessmodel.model.versions import Versions

Pair = Callable[[str, str], Versions]


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    """Two versions in files of different names."""

    def made(old: str, new: str) -> Versions:
        models = []
        for name, text in (("first", old), ("second", new)):
            file = tmp_path / f"{name}.py"
            file.write_text(f"import guessmodel as gm\n{dedent(text)}")
            models.append(gm.Model.from_file(file))
        return Versions.of(*models)

    return made


BASE = """
price = gm.lognormal(5, 10, "USD/hour")
hours = gm.normal(100, 200, "hour")
cost = price * hours * gm.uniform(1, 2)
"""


def test_a_version_and_itself(pair: Pair) -> None:
    found = pair(BASE, BASE)
    assert found.both == ("price", "hours", "cost")
    assert (found.edited, found.added, found.removed, found.affected) == ((), (), (), ())


@pytest.mark.parametrize("method", ["nets", "lhs", "random"])
def test_draws_are_common_whatever_the_files_are_called(pair: Pair, method: str) -> None:
    more = "\n".join(f"x{k} = gm.normal(0, 1)" for k in range(20))
    found = pair(BASE, f"{BASE}\n{more}")
    for name in found.both:  # cost has a draw without a name
        old, new = (m.sample(1024, method=method)[name] for m in (found.old, found.new))
        assert np.array_equal(old.values, new.values)
    alone = found.new.sample(1024)["x3"].values
    assert not np.array_equal(alone, found.new.sample(1024)["x4"].values)


def test_what_is_said_of_a_quantity_is_no_part_of_its_definition(pair: Pair) -> None:
    new = """
    hours = gm.normal(
        100,
        200,
        "hour",
        source="a log", doc="how long",
    )
    price = gm.lognormal(5, 10, "USD/hour")
    "What one costs."
    cost = hours * price * gm.uniform(1, 2)
    """
    assert pair(BASE, new).edited == ("cost",)  # whose factors are in another order


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("gm.normal(1, 2)", "gm.normal(1, 3)"),
        ("gm.normal(1, 2)", "gm.uniform(1, 2)"),
        ("gm.normal(1, 2)", 'gm.normal(1, 2, "USD")'),
        ("gm.constant(1)", "gm.constant(2)"),
        ("a + a", "a + b"),
        ("a + b", "a - b"),
        ("gm.normal(0, 1) + gm.normal(0, 1)", "2 * gm.normal(0, 1)"),
        ("gm.clip(a, 0, 1)", "gm.clip(a, 0, 2)"),
        ("gm.apply(lambda x: x + 1, a)", "gm.apply(lambda x: x + 2, a)"),
        ("gm.empirical([1, 2, 3])", "gm.empirical([1, 2, 4])"),
        ('gm.normal(1, 2, dim={"m": [1, 2]})', 'gm.normal(1, 2, dim={"m": [1, 3]})'),
        ('gm.stack({1: a, 2: b}, dim="m").sum("m")', 'gm.stack({1: a, 2: b}, dim="m").mean("m")'),
        ("gm.mixture([a, b], [0.2, 0.8])", "gm.mixture([a, b], [0.3, 0.7])"),
    ],
)
def test_definitions_that_differ(pair: Pair, old: str, new: str) -> None:
    base = "a, b = gm.normal(2, 3), gm.normal(2, 3)\n"
    found = pair(f"{base}x = {old}\ny = x * 2", f"{base}x = {new}\ny = x * 2")
    assert found.edited[0] == "x"
    assert pair(f"{base}x = {old}", f"{base}x = {old}").edited == ()


def test_what_follows_from_an_edit_is_affected_and_not_edited(pair: Pair) -> None:
    found = pair(BASE, BASE.replace("5, 10", "5, 12"))
    assert (found.edited, found.affected) == (("price",), ("price", "cost"))
    assert found.edits_behind("cost") == ("price",)
    assert found.edits_behind("hours") == ()


def test_what_is_renamed_keeps_its_draws(pair: Pair) -> None:
    new = BASE.replace("price", "rate").replace("hours", "time")
    found = pair(f"{BASE}share = cost / 2", f"{new}part = cost / 2")
    assert found.renamed == {"rate": "price", "time": "hours", "part": "share"}
    assert (found.edited, found.added, found.removed) == ((), (), ())
    old, new_ = found.old.sample(1024)["price"], found.new.sample(1024)["rate"]
    assert np.array_equal(old.values, new_.values)


def test_a_whole_chain_is_renamed(pair: Pair) -> None:
    found = pair(
        "a = gm.normal(0, 1)\nb = a + 1\nc = b * 2", "x = gm.normal(0, 1)\ny = x + 1\nz = y * 2"
    )
    assert found.renamed == {"x": "a", "y": "b", "z": "c"}


def test_the_same_definition_with_other_users_is_no_new_name(pair: Pair) -> None:
    old = "a = gm.normal(0, 1)\nb = gm.normal(5, 6)\nu = a + b\nv = b * 1"
    new = "b = gm.normal(5, 6)\nc = gm.normal(0, 1)\nu = b + 1\nv = b * c"
    found = pair(old, new)
    assert found.renamed == {}
    assert (found.added, found.removed) == (("c",), ("a",))


def test_a_key_that_another_draw_has_is_not_taken(tmp_path: Path) -> None:
    """`other.x` of the new version is called x there, and so is first.x of the old one; but the
    new one imports a first.x as well."""
    (tmp_path / "old").mkdir()
    (tmp_path / "new").mkdir()
    (tmp_path / "old" / "first.py").write_text("import guessmodel as gm\nx = gm.normal(0, 1)\n")
    (tmp_path / "new" / "first.py").write_text("import guessmodel as gm\nx = gm.normal(0, 1)\n")
    (tmp_path / "new" / "other.py").write_text(
        "import first\nimport guessmodel as gm\nx = gm.normal(0, 1)\ny = x + first.x\n"
    )
    old = gm.Model.from_file(tmp_path / "old" / "first.py")
    new = gm.Model.from_file(tmp_path / "new" / "other.py")
    keys = list(Versions.of(old, new).new.keys.values())
    assert len(set(keys)) == len(keys)


def test_texts(pair: Pair) -> None:
    new = BASE.replace('(5, 10, "USD/hour")', '(\n    5, 12, "USD/hour",\n)')
    assert pair(BASE, new).texts("price") == (
        'price = gm.lognormal(5, 10, "USD/hour")',
        'price = gm.lognormal(5, 12, "USD/hour")',
    )


def test_texts_without_what_is_said(pair: Pair) -> None:
    said = 'gm.normal(1, {}, source=f"Ä ({{2}})", dim=None, doc="é")  # a note'
    found = pair(f"x = {said.format(2)}", f"x = gm.abs(\n  {said.format(3)}\n)")
    assert found.texts("x")[0] == "x = gm.normal(1, 2, dim=None) # a note"


def test_texts_where_the_lines_are_the_same(pair: Pair) -> None:
    text = "factor = {}\na = gm.normal(0, 1)\nx = a * factor"
    assert pair(text.format(2), text.format(3)).texts("x") == ("a * 2", "a * 3")


def test_models_without_a_file() -> None:
    a, b = gm.normal(0, 1), gm.normal(0, 1)
    found = Versions.of(gm.Model(a=a, c=a + 1), gm.Model(a=b, c=b + 2))
    assert found.edited == ("c",)
    old, new = (m.sample(64)["a"].values for m in (found.old, found.new))
    assert np.array_equal(old, new)


def test_helper_modules_of_their_own(tmp_path: Path) -> None:
    for name, high in (("old", 10), ("new", 12)):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "prices.py").write_text(
            f"import guessmodel as gm\nprice = gm.lognormal(5, {high})\n"
        )
        (folder / "model.py").write_text("from prices import price\ncost = price * 2\n")
    models = [gm.Model.from_file(tmp_path / name / "model.py") for name in ("old", "new")]
    assert Versions.of(*models).edited == ("price",)


@pytest.mark.parametrize("method", ["nets", "lhs", "random"])
def test_another_family_has_the_same_random_numbers(pair: Pair, method: str) -> None:
    found = pair("x = gm.lognormal(1, 2)\ny = x * 2", "x = gm.gamma(2, 3)\ny = x * 2")
    old, new = (m.sample(1024, method=method)["y"].values for m in (found.old, found.new))
    assert np.array_equal(old.argsort(), new.argsort())
