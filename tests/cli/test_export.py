"""`guessmodel export`."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import xarray

import guessmodel as gm
from guessmodel.cli.main import main
from guessmodel.interop.exporting import FORMATS

Capture = pytest.CaptureFixture[str]


@pytest.mark.parametrize("kind", FORMATS)
def test_each_format(kind: str, model: Callable[[str], None], capsys: Capture) -> None:
    assert main(["export", "model.py", "price", "--to", kind, "--samples", "1024"]) == 0
    said = capsys.readouterr()
    assert f"written to model{FORMATS[kind]}" in said.out
    lines = said.err.splitlines()
    if kind == "zarr":  # an old numcodecs warns of crc32c when it is imported
        lines = [line for line in lines if "crc32c usage" not in line]
    assert lines == []
    assert Path(f"model{FORMATS[kind]}").exists()


def test_the_draws_are_those_of_run(model: Callable[[str], None], capsys: Capture) -> None:
    words = ["export", "model.py", "-o", "draws.nc", "--samples=1024", "--seed=3", "--method=lhs"]
    assert main(words) == 0
    run = gm.Model.from_file("model.py").sample(1024, seed=3, method="lhs")
    with xarray.open_dataset("draws.nc") as back:
        assert np.array_equal(back["price"].values.ravel(), run["price"].values)


def test_json_of_what_was_written(model: Callable[[str], None], capsys: Capture) -> None:
    words = ["export", "model.py", "price", "cost", "-o", "m.SIPmath", "--json", "--samples=1024"]
    assert main(words) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["quantities"] == ["price", "cost[a]", "cost[c]"]
    assert told["fits"]["price"]["form"] == "Metalog_1_0"
    assert (told["format"], told["file"]) == ("sip", "m.SIPmath")
    assert told["left_out"] == ["cost[b], which is not applicable"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "export to what? --to {nc,zarr,csv,parquet,sip,json}, or -o FILE with an ending"),
        (["-o", "x.txt"], "the ending of x.txt tells no format; say which of nc, zarr"),
        (["cost[a]", "--to", "csv"], "'cost[a]' is one label; export takes whole quantities: cost"),
        (["cots", "--to", "csv"], "did you mean 'cost'"),
        (["--to", "xml"], "invalid choice: 'xml'"),
    ],
)
def test_refused(
    words: list[str], told: str, model: Callable[[str], None], capsys: Capture
) -> None:
    assert main(["export", "model.py", *words]) == 2
    assert told in capsys.readouterr().err
