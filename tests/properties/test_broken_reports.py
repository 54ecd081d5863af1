"""Reports that somebody broke: both readers say what is wrong, and nothing else happens."""

import copy
import json
import random
from pathlib import Path
from typing import Any

import pytest

import guessmodel as gm
from guessmodel.claims.drift import compared, read_report
from guessmodel.errors import GuessmodelError
from guessmodel.report import document
from guessmodel.report.files import read, rendered
from guessmodel.report.index import index
from guessmodel.report.markdown import markdown
from guessmodel.report.verify import differences

VALUES: list[Any] = [
    None, True, 0, -1, 3, 1.5, 10**400, -1e300, "", "x", "a\nb", "\ud800", "../x", [], {}, [[]],
    {"value": None, "low": None, "high": None}, {"value": 1, "low": 2, "high": 0}, {"a": {}},
]  # fmt: skip


def changed(made: Any, random: random.Random) -> Any:
    """The document with a member removed, replaced, added, or exchanged for another of it."""
    made = copy.deepcopy(made)
    places: list[tuple[Any, Any]] = []

    def walk(node: Any) -> None:
        keys = node if isinstance(node, dict) else range(len(node))
        for key in keys:
            places.append((node, key))
            if isinstance(node[key], dict | list):
                walk(node[key])

    walk(made)
    for _ in range(random.choice([1, 1, 2, 4])):
        node, key = random.choice(places)
        with_other, other = random.choice(places)
        how = random.randrange(5)
        try:
            if how == 0:
                del node[key]
            elif how == 1:
                node[key] = random.choice(VALUES)
            elif how == 2:
                node[key] = copy.deepcopy(with_other[other])
            elif how == 3 and isinstance(node, dict):
                node[str(random.choice(VALUES))] = node[key]
            elif isinstance(node, list):
                node.append(random.choice(VALUES))
        except (KeyError, IndexError):  # went with a former change
            pass
    return made


@pytest.fixture(scope="module")
def model() -> gm.Model:
    price = gm.lognormal(
        {"home": (2, 4), "out": (8, 20)}, unit="USD/day", dim="place", name="price", doc="A price."
    )
    factor = gm.uniform(1, 2, name="factor", source="https://example.org")
    cost = price * factor
    over = cost.sel(place="out") / cost.sel(place="home")
    gm.claim(over, median="4.5", rtol=0.15)
    best = cost.idxmin("place")
    return gm.Model(price=price, factor=factor, cost=cost, over=over, cheap=factor < 1.5, best=best)


def test_both_readers(tmp_path: Path, model: gm.Model, long: bool) -> None:
    made = document(model, samples=256)
    rows = model.sample(256).summary().rows
    path = tmp_path / "model.json"
    told: set[str] = set()
    for seed in range(3000 if long else 250):
        text = json.dumps(changed(made, random.Random(seed)))
        path.write_text(text)
        try:
            committed = read_report(path)
            assert committed is not None
            compared("model", committed, rows)
        except GuessmodelError as error:
            told.add(str(error))
        try:
            found = read(path)
            texts = rendered(found)
            markdown(index([found]), index="README")
            differences(found, made)
        except GuessmodelError as error:
            told.add(str(error))
        else:
            assert set(texts) == {"model.md"}
    assert len(told) > 30
    assert all(str(path) in text and "\n" not in text for text in told)


def test_bytes_that_are_no_json(tmp_path: Path, long: bool) -> None:
    """A report with some of its bytes changed, cut or repeated."""
    made = json.dumps(document(gm.Model(x=gm.normal(0, 1)), samples=64)).encode()
    path = tmp_path / "model.json"
    examples, refused = 3000 if long else 250, 0
    for seed in range(examples):
        random_ = random.Random(seed)
        data = bytearray(made)
        for _ in range(random_.randint(1, 3)):
            at = random_.randrange(len(data))
            data[at : at + random_.choice([0, 1, 1, 50])] = random_.randbytes(
                random_.choice([0, 1, 1, 2])
            )
        path.write_bytes(data)
        for reader in (read, read_report):
            try:
                reader(path)
            except GuessmodelError:
                refused += 1
    assert refused > examples  # half of them: the rest is a report still
