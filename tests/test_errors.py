"""Places in the user's own code, in short files and in long ones."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import guessmodel as gm
from guessmodel.errors import (
    GuessmodelError,
    Location,
    ModelError,
    UsageError,
    caller,
    did_you_mean,
    located,
    needed,
    relocated,
)


@pytest.mark.parametrize("length", [3, 5000])
def test_caller_is_the_users_line(length: int) -> None:
    lines = ["x = (", "    caller()", ")"] + [f"y{i} = caller()" for i in range(length)]
    found: dict[str, Location] = {}
    exec(compile("\n".join(lines), "user.py", "exec"), {"caller": caller}, found)
    assert [str(found[f"y{i}"]) for i in range(length)] == [
        f"user.py:{i + 4}" for i in range(length)
    ]
    assert found["x"] == Location("user.py", 2)


def test_lines_agree_with_those_of_python() -> None:
    lines = ["def here():", "    return sys._getframe(1).f_lineno"]
    lines += [f"z{i} = (caller(),\n\n  here())" for i in range(500)]
    found: dict[str, tuple[Location, int]] = {}
    scope = {"caller": caller, "sys": sys}
    exec(compile("\n".join(lines), "user.py", "exec"), scope | {"here": None}, found)
    for i in range(500):
        where, line = found[f"z{i}"]
        assert (where.line, line) == (3 + 3 * i, 5 + 3 * i)


def test_a_file_called_like_the_package_is_the_users() -> None:
    import guessmodel

    file = f"{Path(guessmodel.__file__).parent}_plans.py"
    found: dict[str, Location] = {}
    exec(compile("here = caller()", file, "exec"), {"caller": caller}, found)
    assert found["here"] == Location(file, 1)


def test_places_are_shown_from_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert str(Location(str(tmp_path / "a" / "b.py"), 3)) == "a/b.py:3"
    assert str(Location("/elsewhere/b.py", 3)) == "/elsewhere/b.py:3"


def test_an_error_begins_with_its_place() -> None:
    error = GuessmodelError("no", Location("/elsewhere/b.py", 3))
    assert str(error) == "/elsewhere/b.py:3: no"
    assert (error.message, str(GuessmodelError("no"))) == ("no", "no")


def test_the_nearest_word() -> None:
    assert did_you_mean("prise", ["price", "cost"]) == "; did you mean 'price'?"
    assert did_you_mean("PRICE", ["Price"]) == "; did you mean 'Price'?"
    assert did_you_mean("xyz", ["price", "cost"]) == ""
    assert did_you_mean(3, ["price", "cost"]) == ""
    assert did_you_mean("import", ["report", "run"]) == ""


Wrong = Callable[[gm.Model], object]


@pytest.mark.parametrize("wrong", [lambda m: m.sample(64)[0], lambda m: m.sample(64)["a", "b"]])
def test_what_is_no_name_is_told_the_names(wrong: Wrong) -> None:
    with pytest.raises(UsageError, match="no result .*; there are price"):
        wrong(gm.Model(price=gm.normal(1, 2)))


def test_what_is_no_method_is_told_the_methods() -> None:
    with pytest.raises(UsageError, match=r"no sampling method 'None' \(there are nets"):
        gm.normal(1, 2).sample(64, method=None)


def test_a_missing_package_is_named_with_its_extra() -> None:
    needed("numpy", "store")
    with pytest.raises(UsageError) as error:
        needed("no_such_package", "dask")
    assert str(error.value) == (
        "this needs the package no_such_package: pip install 'guessmodel[dask]'"
    )


def test_an_error_keeps_the_line_that_it_knows_unless_it_is_moved() -> None:
    here, there = Location("model.py", 3), Location("other.py", 1)
    assert located(ModelError("x"), here).where == here
    assert located(ModelError("x", there), here).where == there
    moved = relocated(ModelError("x", there), here, "price: ")
    assert (type(moved), moved.where, moved.message) == (ModelError, here, "price: x")
