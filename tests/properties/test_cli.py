"""Whatever stands in --set: a result or one or two lines, never a traceback."""

import contextlib
import io
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guessmodel.cli.main import main

MODEL = """
import guessmodel as gm
price = gm.lognormal(5, 10, "USD/hour")
cost = {"a": price * 2, "b": price * 3}
"""

NUMBERS = st.one_of(
    st.floats().map(str),
    st.integers(-(10**30), 10**30).map(str),
    st.sampled_from(["5", "8K", "1,000", "$3", "2%", "1e400", "1e-400", "-0", "5..8", ".5", "∞"]),
)
UNITS = st.sampled_from(["", "USD/hour", "USD", "hour", "€/day", "nonsense", "/", "**", "(", "%"])
BETWEEN = st.sampled_from(["to", "-", "–", ".."])
VALUES = st.one_of(
    st.builds("{} {}".format, NUMBERS, UNITS),
    st.builds(
        "{} {} {} {}".format, NUMBERS, st.sampled_from(["to", "-", "–", ".."]), NUMBERS, UNITS
    ),
    st.text(max_size=20),
)
NAMES = st.one_of(st.sampled_from(["price", "model.price", "cost[a]", "cost"]), st.text(max_size=8))
CHANGES = st.one_of(st.builds("{}={}".format, NAMES, VALUES), st.text(max_size=20))


@pytest.fixture(scope="module")
def model() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "model.py")
        path.write_text(MODEL)
        yield str(path)


@settings(max_examples=150, deadline=None)
@given(st.lists(CHANGES, min_size=1, max_size=2))
def test_set(model: str, changes: list[str]) -> None:
    words = [f"--set={change}" for change in changes]
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(["run", model, "--samples", "64", "--threads", "1", *words])
    assert code in (0, 2)
    assert "Traceback" not in err.getvalue()
    assert "internal error" not in err.getvalue()
    if code == 2:
        assert out.getvalue() == ""
        assert err.getvalue().startswith("error: ")
        assert "--set" in err.getvalue() or "samples" in err.getvalue()
    else:
        assert out.getvalue().startswith(model)
