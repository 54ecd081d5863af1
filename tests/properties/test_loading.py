"""Whatever stands in a file: its quantities, or one or two lines that begin with the place."""

import keyword
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guessmodel.errors import GuessmodelError
from guessmodel.loading.load import load

PIECES = st.sampled_from(
    [
        *("gm", ".", "constant", "(", ")", "1", "=", "x", "y", "[", "]", '"""', "'", ":", "+", "#"),
        *("import", "from", "for", "in", "if", "lambda", "def", "del", "\\", "\0", "é", "\t"),
        *("\n", "\n    "),
    ]
)
SOURCES = st.one_of(
    st.binary(max_size=40),
    st.lists(PIECES, max_size=25).map(" ".join).map(str.encode),
)


@pytest.fixture(scope="module")
def file() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder, "model.py")


@settings(max_examples=150, deadline=None)
@given(SOURCES)
def test_any_file(file: Path, source: bytes) -> None:
    file.write_bytes(b"import guessmodel as gm\n" + source)
    try:
        modules, text = load(file), None
    except GuessmodelError as error:
        modules, text = (), str(error)
    if text is None:
        assert modules[-1].names
    else:
        assert text.startswith(f"{file}:")
        assert text.count("\n") <= 1


NAMES = st.from_regex(r"[a-z][a-z_]{0,6}", fullmatch=True).filter(
    lambda name: not keyword.iskeyword(name) and name != "gm"
)


@settings(max_examples=50, deadline=None)
@given(st.lists(NAMES, min_size=1, max_size=8, unique=True), st.data())
def test_names_come_in_order_whatever_stands_between(
    file: Path, names: list[str], data: st.DataObject
) -> None:
    lines = ["import guessmodel as gm"]
    for name in names:
        lines.append(f"{name} = gm.constant(1)")
        if data.draw(st.booleans()):
            lines.append(f'"""Text of {name}."""')
        if data.draw(st.booleans()):
            lines.append(f"alias_of_{name}_ = {name}")
        if data.draw(st.booleans()):
            lines.append(f"box_of_{name}_ = [{name}, {{'k': {name}}}]")
    file.write_text("\n".join(lines))
    module = load(file)[-1]
    assert list(module.names) == names
    assert all(module.docs[name] == f"Text of {name}." for name in module.docs)
    assert set(module.docs) == {name for name in names if f'"""Text of {name}."""' in lines}
