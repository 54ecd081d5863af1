"""A project of model files that a test writes."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from guessmodel.errors import GuessmodelError
from guessmodel.loading.importing import Isolation
from guessmodel.loading.load import load

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Write a file of a project, and work in that project."""
    monkeypatch.chdir(tmp_path)

    def write(name: str, text: str = "") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text).lstrip("\n"))
        return path

    return write


@pytest.fixture
def project(write: Write) -> Write:
    """Two models in a package, with a helper that holds no quantities."""
    write("ventures/__init__.py")
    write("ventures/sources.py", "def cite(where: str) -> str:\n    return f'Cottier, {where}'\n")
    write(
        "ventures/inference_cost.py",
        '''
        """What a node costs."""
        import guessmodel as gm
        from ventures.sources import cite

        print("inference")
        node_price = gm.lognormal(5, 10, "USD/hour", source=cite("p. 3"))
        """Price of a node."""
        alias = node_price
        ''',
    )
    write(
        "ventures/twitter.py",
        '''
        """Tweets."""
        import guessmodel as gm
        from ventures.inference_cost import node_price
        from . import inference_cost as other

        price_again = node_price
        nodes: gm.Quantity = gm.lognormal(3, 8)
        """Nodes
            that are rented."""
        cost = {"twitter": nodes * node_price, "coding": nodes * other.node_price * 2}
        __guessmodel_attached__ = ["a claim"]
        ''',
    )
    return write


@pytest.fixture(autouse=True)
def process_unchanged() -> Iterator[None]:
    """Whatever happens, loading leaves the process as it was."""
    path, names = sys.path[:], set(sys.modules)
    yield
    assert sys.path == path
    assert not any(isinstance(finder, Isolation) for finder in sys.meta_path)
    added = set(sys.modules) - names
    assert not any(name.partition(".")[0] in ("ventures", "helper", "model") for name in added)


def refused(path: str | Path) -> str:
    """The text of the error, without the folder it happens in: one or two lines."""
    with pytest.raises(GuessmodelError) as caught:
        load(path)
    text = str(caught.value)
    assert text.count("\n") <= 1
    return text
