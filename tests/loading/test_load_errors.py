"""Loading: what a file that is no model is told."""

import os
import re
import sys
import types
from pathlib import Path

import pytest

from guessmodel import Model
from guessmodel.errors import ModelError, UnitError
from guessmodel.loading.importing import Isolation
from guessmodel.loading.load import load, load_all

from .conftest import Write, refused


def test_missing_file(write: Write) -> None:
    write("coffee.py", "")
    assert refused("nothing.py") == "there is no file nothing.py"
    assert refused("coffee") == "there is no file coffee; did you mean coffee.py?"


def test_folder_and_other_kinds(project: Write) -> None:
    assert refused("ventures") == (
        "ventures is a folder; name a model file in it, such as ventures/model.py"
    )
    project("data.csv", "1,2")
    assert refused("data.csv") == "data.csv is not a Python file; a model's name ends in .py"


def test_syntax_error(write: Write) -> None:
    write("model.py", "import guessmodel as gm\nprice = gm.constant(5 10)\n")
    assert refused("model.py") == (
        "model.py:2: syntax error at '5 10': invalid syntax. Perhaps you forgot a comma?\n"
        "    price = gm.constant(5 10)"
    )


def test_syntax_error_in_an_imported_file(write: Write) -> None:
    write("helper.py", "x = = 2\n")
    write("model.py", "import guessmodel as gm\nimport helper\n")
    assert refused("model.py").startswith("helper.py:1: syntax error at '=': invalid syntax")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "x = 3 to 8\n",
            "model.py:1: syntax error at 'to': invalid syntax; a range is gm.lognormal(3, 8)",
        ),
        (
            "profit = price * 3\nprice = 2\n",
            "name 'price' is not defined; it is made in line 2, move",
        ),
        ("price = 2\nprofit = pricee * 3\n", "name 'pricee' is not defined; did you mean 'price'?"),
        ("import guessmodel as gm\nx = normal(1, 2)\n", "is not defined; write gm.normal"),
        ("import guessmodel\nx = normal(1, 2)\n", "is not defined; write guessmodel.normal"),
        ("def f():\n    inner = 3\n    return inner\nx = inner\n", "'inner' is not defined\n"),
        ("def f():\n    return later\nx = f()\nlater = 3\n", "it is made in line 4, move that up"),
    ],
)
def test_a_name_that_is_not_there(text: str, told: str, write: Write) -> None:
    write("model.py", text)
    assert told in refused("model.py")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("costs = {'rent': 1, 'food': 2}\nx = costs['Rent']\n", "did you mean 'rent'?\n    x = "),
        ("costs = {'rent': 1, 'food': 2}\nx = costs['wage']\n", "'wage'; there are rent, food\n"),
        (
            "rate = {k: k for k in range(99)}\nx = rate[-1]\n",
            "-1; there are 0, 1, 2, 3, 4, 5, 6, 7 …\n",
        ),
        ("a, b = {'u': 1}, {'v': 2}\nx = a['u'] * b['w']\n", "KeyError: 'w'; there are v\n"),
        ("def f(c):\n    return c['m']\nx = f({'n': 1})\n", "KeyError: 'm'; there are n\n"),
        ("x = {'n': 1}['m']\n", "KeyError: 'm'\n"),
    ],
)
def test_a_key_that_is_not_there(text: str, told: str, write: Write) -> None:
    write("model.py", text)
    assert told in refused("model.py")


def test_files_that_import_each_other(write: Write) -> None:
    write("model.py", "import guessmodel as gm\nfrom other import y\nx = gm.normal(1, 2)\n")
    write("other.py", "from model import x\ny = 2 * x\n")
    assert "two files import each other: move what both need" in refused("model.py")


def test_not_text(write: Write, tmp_path: Path) -> None:
    (tmp_path / "model.py").write_bytes(b"x = 1\0\n")
    assert refused("model.py").startswith("model.py:1: ")
    (tmp_path / "model.py").write_bytes(b"x = '\xff'\n")
    assert refused("model.py").startswith("model.py:1: the file is not in UTF-8; save it as UTF-8")


def test_an_exception_shows_the_users_own_line(write: Write) -> None:
    write("helper.py", "def divide(x):\n    return x / 0\n")
    write("model.py", "import guessmodel as gm\nfrom helper import divide\n\nx = divide(3)\n")
    assert refused("model.py") == (
        "helper.py:2: ZeroDivisionError: division by zero\n    return x / 0"
    )


def test_an_exception_in_a_library_shows_the_users_line(write: Write) -> None:
    write("model.py", "import json\nx = json.loads('{')\n")
    assert refused("model.py") == (
        "model.py:2: JSONDecodeError: Expecting property name enclosed in double quotes: "
        "line 1 column 2 (char 1)\n    x = json.loads('{')"
    )


def test_a_library_error_keeps_its_kind_and_its_line(write: Write) -> None:
    path = write(
        "model.py",
        """
        import guessmodel as gm
        a = gm.constant(1, "USD")
        b = a + gm.constant(1, "day")
        """,
    )
    with pytest.raises(UnitError, match=r"^model.py:3: cannot add"):
        load(path)


def test_a_library_error_in_foreign_code_shows_the_users_line(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("library/far_away.py", "def add(a, b):\n    return a + b\n")
    path = write(
        "here/model.py",
        """
        import guessmodel as gm
        from far_away import add
        a = add(gm.constant(1, "USD"), gm.constant(1, "day"))
        """,
    )
    monkeypatch.syspath_prepend(str(tmp_path / "library"))
    assert refused(path).startswith("here/model.py:3: cannot add")
    del sys.modules["far_away"]


def test_exit_is_an_error(write: Write) -> None:
    write("model.py", "import sys\nsys.exit(0)\n")
    assert refused("model.py") == (
        "model.py:2: the file ended the program (SystemExit); leave that out of a model\n"
        "    sys.exit(0)"
    )


def test_ctrl_c_passes(write: Write) -> None:
    path = write("model.py", "raise KeyboardInterrupt\n")
    with pytest.raises(KeyboardInterrupt):
        load(path)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("x = gm.normal(5%, 9%)", "; a share is gm.constant('5%'), or 5 with the unit 'percent'"),
        (
            "x = gm.normal(5, 9k)",
            "gm.constant('9k'), or has all its digits",
        ),
        ("my price = gm.normal(5, 9)", "; a name has no blanks: my_price"),
        ("x = gm.normal(5, 9, “USD”)", "; quotes in Python are straight, \" or '"),
        ("x = 5 to 9", "; a range is gm.lognormal(5, 9)"),
        ("if x = gm.normal(5, 9)", "instead of '='?"),
    ],
)
def test_a_line_that_is_no_python_says_what_is_meant(write: Write, line: str, told: str) -> None:
    write("model.py", f"import guessmodel as gm\n{line}\n")
    first, shown = refused("model.py").split("\n")
    assert first.startswith("model.py:2: syntax error")
    assert first.endswith(told)
    assert shown == f"    {line}"


def test_a_forgotten_import_is_told(write: Write) -> None:
    write("model.py", "x = gm.normal(5, 9)\n")
    told = "name 'gm' is not defined; begin the file with import guessmodel as gm"
    assert refused("model.py").startswith(f"model.py:1: NameError: {told}\n")


def test_a_file_in_utf_16_is_told(write: Write, tmp_path: Path) -> None:
    path = write("model.py", "")
    path.write_text("import guessmodel as gm\nx = gm.normal(5, 9)\n", encoding="utf-16")
    told = "the file is no text in UTF-8 (of UTF-16, perhaps); save it as UTF-8"
    assert refused("model.py") == f"model.py:1: {told}"


def test_no_quantities(write: Write) -> None:
    write("model.py", "x = 5\n")
    assert refused("model.py") == (
        "model.py:1: the file holds no quantities; bind one to a name, outside of functions, "
        'such as price = gm.lognormal(5, 10, "USD/hour")'
    )
    write("model.py", "")
    assert "holds no quantities" in refused("model.py")


def test_missing_init_is_named(write: Write, tmp_path: Path) -> None:
    write("ventures/helper.py", "import guessmodel as gm\nx = gm.constant(1)\n")
    write("ventures/model.py", "from ventures.helper import x\n")
    assert refused("ventures/model.py").splitlines()[0] == (
        "ventures/model.py:1: ModuleNotFoundError: No module named 'ventures'; for imports from "
        f"'ventures', add an empty {tmp_path / 'ventures' / '__init__.py'}"
    )


def test_a_foreign_package_of_the_same_name_shows_both_paths(
    project: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    foreign = project("elsewhere/ventures/__init__.py")
    monkeypatch.syspath_prepend(str(tmp_path / "elsewhere"))
    own = tmp_path / "ventures" / "__init__.py"
    assert refused("ventures/twitter.py") == (
        f"ventures/twitter.py:1: 'ventures' is both {own} and {foreign}; rename your own"
    )


def test_a_foreign_package_that_is_imported_already_shows_both_paths(
    project: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    foreign = types.ModuleType("ventures")
    foreign.__file__ = "/far/away/ventures/__init__.py"
    monkeypatch.setitem(sys.modules, "ventures", foreign)
    assert "and /far/away/ventures/__init__.py; rename your own" in refused("ventures/twitter.py")
    assert sys.modules["ventures"] is foreign


def test_a_foreign_folder_without_init_gives_way(
    project: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project("elsewhere/ventures/notes.txt")
    monkeypatch.syspath_prepend(str(tmp_path / "elsewhere"))
    assert len(load("ventures/twitter.py")) == 2
    foreign = types.ModuleType("ventures")
    foreign.__path__ = [str(tmp_path / "elsewhere" / "ventures")]
    monkeypatch.setitem(sys.modules, "ventures", foreign)
    assert len(load("ventures/twitter.py")) == 2
    assert sys.modules["ventures"] is foreign


def test_a_sibling_called_like_a_library_is_an_error_where_it_is_imported(write: Write) -> None:
    own = write("json.py", "x = 1\n")
    write("time.py", "x = 1\n")
    path = write("model.py", "import guessmodel as gm\nprice = gm.constant(1)\n")
    load(path)
    write("model.py", "import guessmodel as gm\ndef f():\n    from json import loads\n")
    pattern = rf"model.py:3: 'json' is both {own} and \S+json\S+; rename your own"
    assert re.fullmatch(pattern, refused(path))
    write("model.py", "import time\n")
    assert "and the built-in module time; rename your own" in refused(path)


def test_a_file_called_guessmodel_cannot_import_it(write: Write) -> None:
    write("guessmodel.py", "import guessmodel as gm\nprice = gm.constant(1)\n")
    assert re.match(r"guessmodel.py:1: 'guessmodel' is both .* and .*", refused("guessmodel.py"))


def test_a_file_that_loads_itself(write: Write) -> None:
    path = write(
        "model.py",
        """
        import guessmodel as gm
        x = gm.normal(1, 2)
        model = gm.Model.from_file(__file__)
        """,
    )
    with pytest.raises(ModelError, match=r"^model.py:3: the file loads itself, and would do so"):
        Model.from_file(path)
    assert not any(isinstance(finder, Isolation) for finder in sys.meta_path)


def test_a_file_that_is_not_utf_8(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    path = Path("model.py")
    text = 'import guessmodel as gm\nx = gm.normal(1, 2, doc="café")\n'
    path.write_text(text, encoding="latin-1")
    with pytest.raises(ModelError, match=r"model.py:2: the file is not in UTF-8; save it as UTF-8"):
        Model.from_file(path)
    path.write_text(f"# coding: latin-1\n{text}", encoding="latin-1")
    model = Model.from_file(path)
    assert model.doc_of("x") == "café"


@pytest.mark.parametrize("operator", ["+", "*"])
def test_an_expression_too_long_for_python_is_told_at_its_own_line(
    write: Write, operator: str
) -> None:
    terms = f" {operator} ".join(["x"] * 20_000)
    text = f"import guessmodel as gm\nx = gm.normal(1, 2)\n\nif True:\n    total = {terms}\n"
    path = write("model.py", text)
    with pytest.raises(ModelError) as found:
        Model.from_paths([path.parent])
    for said in (refused(path), str(found.value)):
        assert "model.py:5: syntax error: the expression has more operations" in said
        assert len(said) < 400


@pytest.mark.parametrize("name", [b"a\xff.py", b"a\x1b.py", "a\u202e.py".encode()])
def test_a_file_whose_name_cannot_be_shown(tmp_path: Path, name: bytes) -> None:
    path = tmp_path / os.fsdecode(name)
    path.write_text("import guessmodel as gm\nx = gm.normal(0, 1)\n")
    for given in (path, tmp_path):
        with pytest.raises(ModelError, match="has characters that cannot be shown; rename it"):
            load_all([given])
