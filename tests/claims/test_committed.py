"""Committed reports: one error, naming file and place, for whatever is wrong with them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import guessmodel as gm
from guessmodel.claims.committed import read_document, read_quantities
from guessmodel.errors import ModelError
from guessmodel.report import document

Document = dict[str, Any]


@pytest.fixture(scope="module")
def whole() -> str:
    case = gm.lognormal({"a": (1, 2), "b": (2, 3)}, dim="case", name="case")
    over = case.sum("case") > 4
    return json.dumps(document(gm.Model(case=case, over=over), samples=64))


def refused(path: Path, text: str) -> str:
    path.write_text(text)
    with pytest.raises(ModelError) as caught:
        read_document(path)
    told = str(caught.value)
    assert told.startswith((str(path), f"cannot read the report {path}"))
    assert told.count("\n") == 0
    return told.replace(str(path), "FILE")


def test_a_report_is_read(tmp_path: Path, whole: str) -> None:
    path = tmp_path / "model.json"
    path.write_text(whole)
    assert read_document(path) == json.loads(whole)
    assert read_quantities(path, float) == json.loads(whole)["quantities"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "FILE:1: no report, Expecting value; write it anew"),
        ("[]", "FILE is no report"),
        ('{"format": "other"}', "FILE is no report"),
        ('{"format": "guessmodel report", "version": 99}', "FILE has version 99 of the format, no"),
        ("[" * 100_000, "cannot read the report FILE: it is nested too deeply"),
        ("[NaN]", "cannot read the report FILE: NaN is no number in JSON"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, text: str, words: str) -> None:
    assert refused(tmp_path / "x.json", text).startswith(words)


def _set(*path: str | int, to: Any) -> Callable[[Document], None]:
    def change(made: Any) -> None:
        for key in path[:-1]:
            made = made[key]
        made[path[-1]] = to

    return change


PICTURE = {"file": "other/x.svg", "kind": "density", "quantity": None, "alt": "x"}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_set("seed", to="1"), 'seed is "1", not integer'),
        (_set("quantities", "case", "p95", "a", "low", to=[]), "quantities.case.p95.a.low is an"),
        (_set("quantities", "case", "p95", "c", to=None), "quantities.case.p95 does not fit the"),
        (_set("quantities", "case", "dims", to={}), "quantities.case.mean does not fit the lab"),
        (_set("quantities", "over", "dims", to={"d": [1]}), "quantities.over.mean does not fit"),
        (_set("outputs", to=["none"]), "outputs speaks of 'none', which is no quantity of it"),
        (_set("quantities", "over", "depends_on", to=["z"]), "quantities.over.depends_on speaks"),
        (_set("dependence", 0, "output", to="z"), "dependence.0.output speaks of 'z'"),
        (_set("dependence", 0, "labels", to={"case": "c"}), "dependence.0.labels speaks of case="),
        (_set("pictures", to=[PICTURE]), "pictures.0.file is not in the folder model"),
        (_set("model", to="../model"), "model is '../model', not the name of the file"),
    ],
)
def test_the_place_is_told(
    tmp_path: Path, whole: str, change: Callable[[Document], None], words: str
) -> None:
    made = json.loads(whole)
    change(made)
    assert refused(tmp_path / "model.json", json.dumps(made)).startswith(f"FILE: {words}")


def test_drift_needs_the_quantities_alone(tmp_path: Path, whole: str) -> None:
    made = json.loads(whole)
    path = tmp_path / "model.json"
    path.write_text(json.dumps({"quantities": made["quantities"], "of": "a later version"}))
    assert read_quantities(path, float) == made["quantities"]
    made["quantities"]["case"]["mean"]["a"]["value"] = "1"
    path.write_text(json.dumps(made))
    with pytest.raises(ModelError, match=r'case\.mean\.a\.value is "1", not number or null'):
        read_quantities(path, float)
