"""Any bytes give a file or an error, and a file that holds nothing but what the grammar lets in."""

import ast
import random
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import guessmodel as gm
from guessmodel.errors import GuessmodelError
from guessmodel.interop.squiggle import importing, interpreter, nodes, statistics, tokens, writer
from guessmodel.interop.squiggle.importing import import_script
from guessmodel.interop.squiggle.nodes import FUNCTIONS

FOLDER = Path(__file__).parents[1] / "data" / "squiggle"
SCRIPTS = [path.read_bytes() for path in sorted(FOLDER.glob("*.squiggle"))]
HARMLESS = (
    *(ast.Module, ast.Expr, ast.Assign, ast.Call, ast.keyword, ast.Attribute, ast.Name, ast.Load),
    *(ast.Store, ast.Constant, ast.List, ast.BinOp, ast.UnaryOp, ast.Compare, ast.operator),
    *(ast.unaryop, ast.cmpop, ast.FunctionDef, ast.arguments, ast.arg, ast.Return, ast.Dict),
)


def audited(text: str) -> None:
    """The file is Python, and calls nothing but guessmodel's functions of numbers."""
    tree = ast.parse(text)
    first, import_, *rest = tree.body
    assert isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    assert isinstance(import_, ast.Import) and ast.unparse(import_) == "import guessmodel as gm"
    for statement in rest:
        if isinstance(statement, ast.FunctionDef) and statement.returns is not None:
            assert ast.unparse(statement.returns) in ("gm.Quantity", "dict[str, gm.Quantity]")
            statement.returns = None
        for node in ast.walk(statement):
            assert isinstance(node, HARMLESS), ast.dump(node)
            if isinstance(node, ast.Attribute):
                assert isinstance(node.value, ast.Name) and node.value.id == "gm"
                assert node.attr in (*FUNCTIONS, "Quantity", "headline")
            if isinstance(node, ast.Call):
                assert isinstance(node.func, ast.Attribute)


def attempt(data: bytes, folder: Path) -> str | None:
    path = folder / "it.squiggle"
    path.write_bytes(data)
    try:
        text = import_script(path).text
    except GuessmodelError:
        return None
    audited(text)
    assert {one.name for one in folder.iterdir()} == {"it.squiggle"}
    return text


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scripts")


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes(folder: Path, data: bytes) -> None:
    attempt(data, folder)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 2**32), st.integers(1, 6))
def test_mutated_scripts(folder: Path, seed: int, changes: int) -> None:
    chance = random.Random(seed)
    data = bytearray(chance.choice(SCRIPTS))
    start = chance.randrange(len(data))
    data = data[start : start + 400] if chance.random() < 0.7 else data
    for _ in range(changes):
        at = chance.randrange(len(data) + 1)
        match chance.randrange(3):
            case 0:
                del data[at : at + chance.randrange(1, 9)]
            case 1:
                data[at:at] = chance.choice(PIECES).encode()
            case _:
                other = chance.choice(SCRIPTS)
                begin = chance.randrange(len(other))
                data[at:at] = other[begin : begin + chance.randrange(1, 40)]
    attempt(bytes(data), folder)


PIECES = [
    *("(", ")", "[", "]", "{", "}", "|", "||", '"', "'", "\\", "\n", ";", ",", ":", "::", "=", "."),
    *("+", "-", "*", "/", "^", "->", " to ", "<", "!", "@", "//", "/*", "*/", "?", "if ", " then "),
    *(
        " else ",
        "1e999",
        "1e-999",
        "0",
        "9" * 40,
        "__import__('os')",
        "$",
        "\0",
        "\u202e",
        "\ud7ff",
    ),
    *("import ", "export ", "as ", "{||", "5%", "5years", "List.map", "mean(", "truncate(", '"""'),
]


# --- scripts from the grammar -------------------------------------------------------------------

NAMES = st.sampled_from(["a", "b", "cost", "perYear", "x1", "$y", "_z", "import_", "class", "list"])
NUMBERS = st.sampled_from(
    ["0", "1", "2", "0.5", "3%", "1.5k", "2M", "1e3", "7n", "12", "1e308", ".5", "3."]
)


def extended(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/", "^", "to"]), inner).map(" ".join),
        st.tuples(inner, st.sampled_from(["<", ">=", "==", "!=", "&&", "||"]), inner).map(
            lambda parts: f"({' '.join(parts)})"
        ),
        st.tuples(inner, inner).map("normal({0[0]}, {0[1]})".format),
        st.tuples(inner, inner).map("({0[0]} -> {{|v| v * {0[1]}}})".format),
        st.tuples(inner, inner, inner).map("(if {0[0]} then {0[1]} else {0[2]})".format),
        st.tuples(inner, inner).map("mx({0[0]}, {0[1]}, [0.3, 0.7])".format),
        st.tuples(inner, inner).map("sum([{0[0]}, {0[1]}])".format),
        st.tuples(inner, inner).map("{{a: {0[0]}, b: {0[1]}}}.a".format),
        st.tuples(inner, inner).map("{{ t = {0[0]}; t + {0[1]} }}".format),
        st.tuples(inner, inner).map("List.map([{0[0]}, 2], {{|i| i + {0[1]}}})[1]".format),
        inner.map("mean({0})".format),
        inner.map("truncateLeft({0}, 1)".format),
        inner.map("-{0}".format),
        inner.map("Sym.uniform({0}, 100)".format),
        inner.map("SampleSet.map(normal({0}, 1), {{|v| v > 0 ? v : 1}})".format),
    )


EXPRESSIONS = st.recursive(st.one_of(NAMES, NUMBERS), extended, max_leaves=6)
STATEMENTS = st.one_of(
    st.tuples(NAMES, EXPRESSIONS).map(" = ".join),
    st.tuples(NAMES, NAMES, EXPRESSIONS).map("{0[0]}({0[1]}) = {0[2]}".format),
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(STATEMENTS, min_size=1, max_size=6), st.booleans())
def test_scripts_from_the_grammar(folder: Path, statements: list[str], known: bool) -> None:
    begin = ["a = 5 to 10", "b = 2", "cost = normal(3, 1)", "x1 = uniform(1, 2)"] if known else []
    text = attempt("\n".join([*begin, *statements]).encode(), folder)
    if text is not None and re.search(r"^\w+ = ", text, re.MULTILINE):
        model = folder / "it.py"
        model.write_text(text)
        try:
            gm.Model.from_file(model)
        finally:
            model.unlink()


# --- what is refused by its number --------------------------------------------------------------


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same bounds at smaller numbers, which take less time to reach."""
    monkeypatch.setattr(interpreter, "MOST_STEPS", 3_000)
    monkeypatch.setattr(nodes, "MOST_NODES", 500)
    monkeypatch.setattr(statistics, "MOST", 10)
    monkeypatch.setattr(writer, "MOST_LINES", 200)


def test_the_bounds_are_those_of_the_docs() -> None:
    page = (Path(__file__).parents[3] / "docs" / "security.md").read_text()
    bounds = " ".join(page[page.index("A script of Squiggle") :].split())
    for number, what in (
        (importing.LARGEST, "bytes"),
        (tokens.MOST_TOKENS, "words"),
        (tokens.DEEPEST, "brackets or calls"),
        (interpreter.DEEPEST, "brackets or calls"),
        (interpreter.MOST_STEPS, "steps"),
        (nodes.MOST_NODES, "parts"),
    ):
        assert f"{number:,} {what}" in bounds
    assert f"lists and texts of {interpreter.LONGEST:,}" in bounds
    assert f"statistics of {statistics.MOST:,} distributions" in bounds
    assert f"{writer.MOST_LINES:,} lines of model" in bounds


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("x = " + "(" * 61 + "1" + ")" * 61, "more than 60 brackets inside one another"),
        ("x = " + "-" * 400 + "1", "more than 60 calls inside one another"),
        ("x = " + "2 ^ " * 400 + "2", "more than 60 calls inside one another"),
        ("f(g) = g(g)\nx = f(f)", "more than 60 calls inside one another"),
        ("x = List.upTo(1, 1e8)", "longer than 10,000"),
        ('x = List.upTo(1, 40) -> List.reduce("ab", {|a, i| a + a})', "longer than 10,000"),
        (
            "f0(x) = x + 1\n"
            + "\n".join(f"f{i + 1}(x) = f{i}(f{i}(x))" for i in range(25))
            + "\ny = f25(1)",
            "more than 3,000 steps",
        ),
        (
            "x = List.upTo(1, 100) -> map({|i| List.upTo(1, 100) -> map({|j| i * j})})",
            "more than 3,000 steps",
        ),
        (
            "x = List.upTo(1, 8) -> map({|i| List.upTo(1, 45) -> reduce(1 to 2, {|s, j| s * i})})"
            " -> map(mean)",
            "more than 3,000 steps",
        ),
        (
            "a0 = Sym.normal(1, 2)\n" + "\n".join(f"a{i + 1} = a{i} + a{i}" for i in range(30)),
            "the model would have more than 500 parts",
        ),
        (
            "x = List.upTo(1, 300) -> reduce(1 to 2, {|s, i| s * 1.01 + (1 to 2)})",
            "the model would have more than 500 parts",
        ),
        (
            "x = List.upTo(1, 120) -> map({|i| (1 to 2) * i + (2 to 3)})",
            "the model would have more than 200 lines",
        ),
        ("x = List.upTo(1, 40) -> map({|i| mean(normal(i, 1))})", "more than 10 distributions"),
        ("x = " + "1 + " * 60_000 + "1", "the script has more than 100,000 words"),
        ("x = 1e99999999", "the exponent 99999999… is out of range"),
        ("// " + "x" * 500_001, "more than 500,000 characters"),
        ("x = Danger.allCombinations(List.upTo(1, 30))", "longer than 10,000"),
    ],
)
def test_too_much_is_refused_by_its_number(tmp_path: Path, script: str, reason: str) -> None:
    (tmp_path / "it.squiggle").write_text(script)
    with pytest.raises(GuessmodelError) as caught:
        import_script(tmp_path / "it.squiggle")
    assert reason in str(caught.value)


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "it.squiggle").write_bytes(b" " * (importing.LARGEST + 1))
    with pytest.raises(GuessmodelError, match="more than 1,000,000 bytes"):
        import_script(tmp_path / "it.squiggle")


def test_a_sum_of_many_is_written(tmp_path: Path) -> None:
    """A deep graph neither ends in Python's stack nor in a file that Python cannot read."""
    script = "x = 1 to 2\ny = " + " + ".join(f"{i} * x" for i in range(1, 3000)) + "\nz = y ^ 2"
    text = attempt(script.encode(), tmp_path)
    assert text is not None
    script = "x = 1 to 2\ny = List.upTo(1, 2000) -> reduce(x, {|a, i| (a + i) * 0.5})"
    text = attempt(script.encode(), tmp_path)
    assert text is not None
    compile(text, "it.py", "exec")


# --- text that is only told ---------------------------------------------------------------------


def test_texts_stay_texts(tmp_path: Path) -> None:
    script = (
        "// type: ignore\n"
        "/* # noqa \n import os */\n"
        '@name("\\"\\"\\" + __import__(\'os\').system(\'true\') + \\"\\"\\"")\n'
        '@doc("ends in a backslash \\\\")\n'
        "x = 5 to 10\n"
        "// coding: latin-1\n// \u202e right to left\n// \x1b[31m red\n"
        'd = { "__import__(\'os\')": 1 to 2, "class": 3 to 4, "é à": 5 to 6, "": 7 to 8 }\n'
    )
    text = attempt(script.encode(), tmp_path)
    assert text is not None
    orders = [line for line in text.splitlines() if line.startswith(("# type", "# noqa", "# cod"))]
    assert orders == []
    assert "\x1b" not in text and "\u202e" not in text
    names = [node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)]
    assert "__import__" not in names


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("../secret.squiggle", "is not a file of the script's own folder"),
        ("/etc/passwd", "is not a file of the script's own folder"),
        ("..", "is not a file of the script's own folder"),
        ("hub:someone/model", "is not a file of the script's own folder"),
        ("http://example.org/x", "is not a file of the script's own folder"),
        ("./link.squiggle", "is not a file of the script's own folder"),
        ("./nul\\u0000.squiggle", "is not a file of the script's own folder"),
        ("./missing.squiggle", "there is no file missing.squiggle beside the script"),
        ("./main.squiggle", "main.squiggle imports itself"),
        ("./folder", "is not a file of the script's own folder"),
    ],
)
def test_imports_stay_in_the_folder(tmp_path: Path, path: str, reason: str) -> None:
    home = tmp_path / "home"
    (home / "folder").mkdir(parents=True)
    (tmp_path / "secret.squiggle").write_text("export x = 1")
    (home / "link.squiggle").symlink_to(tmp_path / "secret.squiggle")
    (home / "main.squiggle").write_text(f'import "{path}" as other\ny = 1 to 2')
    with pytest.raises(GuessmodelError) as caught:
        import_script(home / "main.squiggle")
    assert reason in str(caught.value)


def test_imports_in_a_circle_end(tmp_path: Path) -> None:
    (tmp_path / "a.squiggle").write_text('import "./b.squiggle" as b\nexport x = 1')
    (tmp_path / "b.squiggle").write_text('import "./a.squiggle" as a\nexport y = 1')
    with pytest.raises(GuessmodelError, match="imports itself"):
        import_script(tmp_path / "a.squiggle")
