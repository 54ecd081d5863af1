"""The importer is total: any bytes become a harmless file, or an error of guessmodel's."""

import ast
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guessmodel.errors import GuessmodelError
from guessmodel.interop.guesstimate.functions import FUNCTIONS
from guessmodel.interop.guesstimate.importing import drafted, import_sheet

Sheet = Callable[..., bytes]
DATA = Path(__file__).parents[1] / "data"
FEW = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
# What a model file of a sheet may be made of.
HARMLESS = (
    *(ast.Module, ast.Import, ast.alias, ast.Assign, ast.Expr, ast.Name, ast.Load, ast.Store),
    *(ast.Call, ast.keyword, ast.Attribute, ast.Constant, ast.List, ast.Dict, ast.Subscript),
    *(ast.BinOp, ast.UnaryOp, ast.Compare, ast.operator, ast.unaryop, ast.cmpop),
)


MODULES = {"guessmodel", "numpy", "math", "functools", "operator"}


def check_is_harmless(text: str) -> None:
    """Nothing but assignments of calls of ours, from names that the file itself assigns."""
    text.encode("utf-8")
    tree = ast.parse(text)
    known = {"gm", "np", "math", "functools", "operator", "sum"}  # names that no cell can have
    for node in tree.body:
        if isinstance(node, ast.Assign):
            (target,) = node.targets
            assert isinstance(target, ast.Name)
            known.add(target.id)
    for inner in ast.walk(tree):
        assert isinstance(inner, HARMLESS), ast.dump(inner)
        if isinstance(inner, ast.Import):
            assert {alias.name for alias in inner.names} <= MODULES
        if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Load):
            assert inner.id in known
        if isinstance(inner, ast.Attribute):
            assert not inner.attr.startswith("_")
            root = inner.value.value if isinstance(inner.value, ast.Attribute) else inner.value
            assert isinstance(root, ast.Name)
            whole = f"{root.id}.{inner.attr}"
            assert root.id in ("gm", "np", "math") or whole in ("functools.reduce", "operator.mul")
        if isinstance(inner, ast.Constant):
            assert isinstance(inner.value, int | float | str)


def check(data: bytes, *, faithful: bool = False) -> bool:
    """Whether there is a file, and nothing was refused."""
    try:
        _, text, refusals = drafted(data, faithful=faithful)
    except GuessmodelError:
        return False
    assert all(refusal.column >= 1 and str(refusal) for refusal in refusals)
    if refusals:  # then nothing is written
        return False
    check_is_harmless(text.text("A title"))
    return True


ANY = st.one_of(st.text(max_size=30), st.sampled_from(["'''", '"""', "\\", "\ud800", "#", "\x1b["]))
NUMBERS = st.sampled_from(["1", "2.5", ".5", "1e3", "0", "1e308", "10", "100"])
BARE = st.sampled_from(["A0", "A1", "${metric:A0}", "${metric:zz}", "pi", "i", "5K", "__import__"])


def combined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    operators = st.sampled_from(
        [*"+-*/^%", "==", "<", ">=", " and ", " or ", " xor ", " ", " mod ", ":", "=", "!", "?"]
    )
    calls = st.builds(
        lambda name, parts: f"{name}({','.join(parts)})",
        st.sampled_from(sorted(FUNCTIONS)),
        st.lists(inner, max_size=4),
    )
    return st.one_of(
        st.builds(lambda a, o, b: f"{a}{o}{b}", inner, operators, inner),
        st.builds(lambda a: f"({a})", inner),
        st.builds(lambda a: f"-{a}%", inner),
        st.builds(lambda a, b, c: f"{a} ? {b} : {c}", inner, inner, inner),
        st.builds(lambda parts: f"[{','.join(parts)}]", st.lists(inner, max_size=3)),
        calls,
        calls,
    )


FORMULAS = st.recursive(st.one_of(NUMBERS, BARE), combined, max_leaves=12).map(lambda t: f"={t}")
SEPARATORS = st.sampled_from([" to ", "..", "->", ":", " of ", " in ", "±"])
TEXTS = st.one_of(
    FORMULAS,
    FORMULAS,
    ANY,
    ANY.map(lambda text: f"={text}"),
    st.builds(lambda a, o, b: f"{a}{o}{b}", NUMBERS, SEPARATORS, NUMBERS),
)
CELLS = st.lists(
    st.tuples(
        ANY,
        TEXTS,
        st.fixed_dictionaries(
            {
                "row": st.integers(-3, 5),
                "description": ANY,
                "data": st.none() | st.lists(st.floats(-1e6, 1e6), max_size=4),
                "kind": st.sampled_from(["NORMAL", "UNIFORM", "DATA", None]),
                "readable": st.sampled_from(["A0", "A1", "PE", "A7", "A8"]),
            }
        ),
    ),
    min_size=1,
    max_size=5,
).map(lambda cells: [("a", "1 to 2"), ("b", "3"), *cells])


@FEW
@given(cells=CELLS, faithful=st.booleans())
def test_any_cells_become_a_harmless_file_or_are_refused(
    cells: list[Any], faithful: bool, sheet: Sheet
) -> None:
    check(sheet(*cells), faithful=faithful)


@FEW
@given(data=st.data())
def test_mutated_bytes_are_read_or_refused(data: st.DataObject) -> None:
    file = data.draw(st.sampled_from(sorted(DATA.glob("*_*.json"))))
    content = bytearray(file.read_bytes())
    pieces = st.sampled_from([b'"', b"\\", b"]", b"{", b"=", b"\xff", b"1e999", b'",'])
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(content) - 1))
        match data.draw(st.integers(0, 3)):
            case 0:
                content[at] = data.draw(st.integers(0, 255))
            case 1:
                del content[at : at + data.draw(st.integers(1, 20))]
            case 2:
                content[at:at] = data.draw(pieces)
            case _:
                content[at:at] = content[at : at + 30]
    check(bytes(content))


@FEW
@given(data=st.binary(max_size=60))
def test_any_bytes_are_refused(data: bytes) -> None:
    assert not check(data)


KEYS = """space graph metrics guesstimates metric id readableId location row column expression input
data value name _embedded calculators organization facts guesstimateType"""
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(KEYS.split()), inner, max_size=4)
    ),
    max_leaves=20,
)


@FEW
@given(document=JSON)
def test_any_json_is_read_or_refused(document: Any) -> None:
    check(json.dumps(document).encode())


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(cells=CELLS)
def test_what_is_imported_runs(cells: list[Any], sheet: Sheet) -> None:
    try:
        found = import_sheet(sheet(*cells))
    except GuessmodelError:
        return
    check_is_harmless(found.text)
    assert found.equality is not None and str(found.equality)


HOSTILE = [
    "=__import__('os').system('touch x')",
    "=eval(1)",
    "=gm.constant(1)",
    "=A0.__class__",
    "=A0[0]",
    "=(lambda: 1)()",
    "=A0; B1",
    "=1 if 2 else 3",
    "='a'",
    '="a"',
    "=f'{A0}'",
    "={1: 2}",
    "=A0 = 3",
    "=A0 := 3",
    "=`A0`",
    "=9" + "9" * 400,
    "=9^9^9^9",
    "=10^400",
    "=(" * 300 + "1" + ")" * 300,
    "=" + "-" * 5000 + "1",
    "=A0\x00",
    "=\ud800",
    "=ﬁ(1)",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_formulas_are_refused(text: str, sheet: Sheet) -> None:
    assert check(sheet(("x", "1 to 2"))) and not check(sheet(("x", "1 to 2"), ("y", text)))


@pytest.mark.parametrize("operator", "+*")
def test_what_is_long_and_flat_is_read_and_harmless(operator: str, sheet: Sheet) -> None:
    assert check(sheet(("x", "1 to 2"), ("y", "=A0" + f"{operator}1" * 300)))


def test_a_comment_of_a_formula_is_dropped(sheet: Sheet) -> None:
    data = sheet(("x", "1 to 2"), ("y", "=A0 * 2 # \x1b[31m\n import os"))
    assert "import os" not in drafted(data)[1].text("x") and check(data)


@pytest.mark.parametrize(
    "name",
    [
        '"""\nimport os\nos.abort()\n"""',
        "\\",
        'ends with "',
        '"begins',
        "'''",
        "\\N{DIGIT ONE} \\x41 \\u0041",
        "\ud800 half",
        "\u202e reversed",
        "\x1b[2J",
        "# type: ignore",
        "type: ignore",
        "fmt: off",
        "a\nb = 1",
        "a\rb = 1",
        "a\u2028b = 1",
        "{x} %s",
        "",
        "   ",
        "x" * 5000,
        "class",
        "gm",
        "__builtins__",
        "名前",
        "ﬁ",
        "É",
        "1",
        "²",
    ],
)
def test_hostile_names_and_descriptions(name: str, sheet: Sheet) -> None:
    data = sheet(
        (name, "1 to 2", {"description": name}),
        (name, "=A0 + log(2)", {"description": name, "row": 1}),
        (name, "", {"row": 1}),
        (name, "", {"row": 9}),
        name=name,
        description=name,
        _embedded={"calculators": [{"title": name, "content": name, "input_ids": ["A0"]}]},
    )
    found = import_sheet(data)
    check_is_harmless(found.text)
    assert len(found.model.quantities) == 2
