"""Draws in files, read back by the libraries that others read them with."""

import csv
import importlib.util
import json
import os
from pathlib import Path
from typing import Any

import h5netcdf
import numpy as np
import pandas as pd
import pytest
import xarray
from pyarrow import parquet

import guessmodel as gm
from guessmodel.errors import GuessmodelError
from guessmodel.interop.exporting import ENDINGS, FORMATS


@pytest.fixture(scope="module")
def run() -> Any:
    price = gm.lognormal(5, 10, "USD", doc="Of one; naïve.", source="offers")
    quarters = gm.stack({"q1": price, "q2": 2 * price}, dim="quarter")
    table = gm.normal({2025: (1, 2), 2026: (3, 4)}, dim="year")
    dear = price > gm.constant(7, "USD")
    best = gm.stack({"a b": price, "c": gm.normal(5, 10, "USD", name="other")}, dim="c").idxmax("c")
    gap = gm.log(table - 1.2)
    names = {key: value for key, value in locals().items() if isinstance(value, gm.Quantity)}
    return gm.Model(names).sample(1024)


def expected(run: Any) -> dict[str, Any]:
    """Draws by column."""
    found = {}
    for result in run.results():
        for piece in result.by_label.values() if result.dims else [result]:
            found[piece.name] = piece.values
    return found


def converted(column: tuple[str, ...]) -> list[Any]:
    """As every reader of CSV has numbers: 17 digits are exact."""
    try:
        return [float(cell) if cell else np.nan for cell in column]
    except ValueError:
        return list(column)


@pytest.mark.parametrize("kind", ["nc", "zarr"])
def test_arrays_come_back_with_labels_and_units(run: Any, kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"draws{FORMATS[kind]}"
    told = run.export(path)
    assert (told.format, told.samples) == (kind, 1024)
    read = xarray.open_dataset(path) if kind == "nc" else xarray.open_zarr(path)
    with read as back:
        before = run.to_xarray()
        for name in before.data_vars:
            assert np.array_equal(back[name].values, before[name].values, equal_nan=True)
            assert back[name].dims == before[name].dims
        assert back["year"].values.tolist() == [2025, 2026]
        assert back["quarter"].values.tolist() == ["q1", "q2"]
        attributes = back["price"].attrs
        assert (attributes["units"], attributes["description"]) == ("USD", "Of one; naïve.")
        assert back["best"].attrs["flag_meanings"] == "a_b c"
        assert list(back["best"].attrs["flag_values"]) == [0, 1]
        assert back.attrs["seed"] == "0" and back.attrs["replicates"] == str(run.run.replicates)


def test_another_reader_of_netcdf(run: Any, tmp_path: Path) -> None:
    run.export(tmp_path / "draws.nc")
    with h5netcdf.File(tmp_path / "draws.nc") as file:
        assert file.variables["price"].attrs["units"] == "USD"
        assert np.array_equal(file.variables["price"][...].ravel(), run["price"].values)


def test_a_posterior_again(run: Any, tmp_path: Path) -> None:
    run.export(tmp_path / "draws.nc")
    made = gm.from_arviz(tmp_path / "draws.nc", variables=["price", "quarters"])
    again = gm.Model(made).sample(64)
    assert set(again["price"].values) <= set(run["price"].values)
    assert again["price"].unit == "USD"
    assert np.array_equal(again["quarters"].values[1], 2 * again["price"].values)


def test_tables_come_back_by_column(run: Any, tmp_path: Path) -> None:
    heads = ["price [USD]", "quarters[q1] [USD]", "quarters[q2] [USD]", "table[2025] []"]
    run.export(tmp_path / "draws.csv")
    run.export(tmp_path / "draws.parquet")
    arrow = parquet.read_table(tmp_path / "draws.parquet")
    with (tmp_path / "draws.csv").open(newline="") as file:
        head, *rows = csv.reader(file)
    plain = pd.DataFrame(dict(zip(head, map(converted, zip(*rows, strict=True)), strict=True)))
    assert arrow.schema.metadata[b"seed"] == b"0"
    for table in (plain, arrow.to_pandas()):
        assert list(table.columns)[:4] == heads
        for (name, values), column in zip(expected(run).items(), table.columns, strict=True):
            if name == "best":
                labels = ["a b", "c"]
                assert table[column].tolist() == [labels[int(x)] for x in values]
            else:
                assert np.array_equal(table[column].to_numpy(), values, equal_nan=True), name


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_joint_draws_of_a_table_that_was_exported(run: Any, ending: str, tmp_path: Path) -> None:
    run.export(tmp_path / f"draws.{ending}")
    names = ["price", "quarters[q2]", "table[2025]"]
    made = gm.empirical(tmp_path / f"draws.{ending}", columns=names)
    assert [str(each.unit) for each in made.values()] == ["USD", "USD", ""]
    again = gm.Model(made).sample(64)
    assert np.array_equal(again["quarters[q2]"].values, 2 * again["price"].values)
    # Each of n values has the same probability: the mean is that of the draws, exactly.
    assert again["price"].mean().value == pytest.approx(run["price"].values.mean(), rel=1e-12)


def test_json_says_all(run: Any, tmp_path: Path) -> None:
    run.export(tmp_path / "draws.json")
    whole = json.loads((tmp_path / "draws.json").read_text())
    assert (whole["seed"], whole["samples"], whole["method"]) == (0, 1024, "nets")
    price = whole["quantities"]["price"]
    assert (price["unit"], price["doc"], price["source"]) == ("USD", "Of one; naïve.", "offers")
    assert np.array_equal(price["draws"], run["price"].values)
    second = whole["quantities"]["quarters"]["draws"]["q2"]
    assert np.array_equal(second, run["quarters"].sel(quarter="q2").values)
    assert set(whole["quantities"]["best"]["draws"]) == {"a b", "c"}
    gap = whole["quantities"]["gap"]["draws"]["2025"]
    values = run["gap"].sel(year=2025).values
    assert [x is None for x in gap] == np.isnan(values).tolist() and None in gap


def test_labels_that_files_do_not_have(tmp_path: Path) -> None:
    x = gm.normal(1, 2)
    run = gm.Model(x=gm.stack({1: x, "b": x, 2.5: x}, dim="case"), y=x).sample(64)
    for name in ("x.nc", "x.zarr", "x.csv", "x.parquet", "x.json"):
        run.export(tmp_path / name)
    with xarray.open_dataset(tmp_path / "x.nc") as back:
        assert back["case"].values.tolist() == ["1", "b", "2.5"]
    odd = gm.Model({"a/b": x}).sample(64)
    for name in ("y.nc", "y.zarr"):
        with pytest.raises(GuessmodelError, match="'a/b' cannot be the name of an array"):
            odd.export(tmp_path / name)


def test_formats_are_told_by_the_ending_or_in_words(run: Any, tmp_path: Path) -> None:
    assert set(ENDINGS.values()) == set(FORMATS)
    assert run.export(tmp_path / "draws", "csv").format == "csv"
    assert run.export(str(tmp_path / "draws.JSON")).format == "json"
    assert run.export(tmp_path / "draws.txt", to="parquet").to_dict()["format"] == "parquet"
    for path, to, told in (
        ("draws", None, "the ending of .*draws tells no format; say which of nc, zarr, csv"),
        ("draws.csv", "cvs", "no format 'cvs'; there are nc, zarr, csv, parquet, sip, json"),
        ("no/draws.csv", None, "there is no folder .*no$"),
        ("draws.zarr", None, "draws.zarr exists; delete it, or choose another name"),
    ):
        (tmp_path / "draws.zarr").mkdir(exist_ok=True)
        with pytest.raises(GuessmodelError, match=told):
            run.export(tmp_path / path, to)
    with pytest.raises(GuessmodelError, match="takes the name of a file, .* not 3"):
        run.export(3)


def test_a_file_is_replaced_whole_or_not_at_all(run: Any, tmp_path: Path) -> None:
    for name in ("x.csv", "x.nc", "x.parquet", "x.SIPmath"):
        path = tmp_path / name
        path.write_text("before")
        run.export(path)
        assert path.read_bytes() != b"before"
        assert [each.name for each in tmp_path.iterdir()] == [name]
        path.unlink()
    (tmp_path / "x.csv").mkdir()
    with pytest.raises(IsADirectoryError, match=r"x\.csv"):
        run.export(tmp_path / "x.csv")


WRITERS: dict[str, tuple[Any, str]] = {  # what writes the bytes of each format
    "nc": (xarray.Dataset, "to_netcdf"),
    "zarr": (xarray.Dataset, "to_zarr"),
    "csv": (pd.DataFrame, "to_csv"),
    "parquet": (parquet, "write_table"),
    "sip": (os, "write"),
    "json": (os, "write"),
}


@pytest.mark.parametrize(
    ("error", "raised", "told"),
    [
        (KeyboardInterrupt(), KeyboardInterrupt, "^$"),
        (OSError(28, "No space left on device"), OSError, "No space left on device: '.*draws"),
        (RuntimeError("no codec"), GuessmodelError, "export: cannot write .*draws.*: no codec"),
    ],
)
@pytest.mark.parametrize("kind", FORMATS)
def test_what_ends_midway_leaves_the_former_file_and_no_half(
    kind: str,
    error: BaseException,
    raised: type[BaseException],
    told: str,
    run: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / f"draws{FORMATS[kind]}"
    owner, name = WRITERS[kind]
    writes = getattr(owner, name)
    wrote = []

    def ends(*args: Any, **options: Any) -> None:
        writes(*args, **options)
        wrote.append(sum(each.stat().st_size for each in tmp_path.rglob("*") if each != path))
        raise error

    if kind != "zarr":  # of which nothing may be there
        path.write_text("before")
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, ends)
        with pytest.raises(raised, match=told):
            run.export(path)
    assert len(wrote) == 1 and (wrote[0] > 0 or kind == "csv")  # CSV's bytes may be in a buffer
    assert [each.name for each in tmp_path.iterdir()] == ([] if kind == "zarr" else [path.name])
    assert kind == "zarr" or path.read_text() == "before"
    run.export(path)
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("package", "kind", "extra"),
    [
        ("h5netcdf", "nc", "interop"),
        ("zarr", "zarr", "store"),
        ("pyarrow", "parquet", "interop"),
    ],
)
def test_a_package_that_is_missing_is_named(
    package: str, kind: str, extra: str, run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = importlib.util.find_spec
    monkeypatch.setattr(
        "importlib.util.find_spec", lambda name: None if name == package else known(name)
    )
    told = rf"^this needs the package {package}: pip install 'guessmodel\[{extra}\]'$"
    with pytest.raises(GuessmodelError, match=told):
        run.export(tmp_path / "x", kind)


def test_draws_that_were_not_kept(tmp_path: Path) -> None:
    x = gm.normal(1, 2)
    run = gm.Model(x=x).sample(1024, keep=False)
    for kind in FORMATS:
        with pytest.raises(GuessmodelError, match="the draws of 'x' were not kept"):
            run.export(tmp_path / "x", kind)


def test_what_is_told(run: Any, tmp_path: Path) -> None:
    told = run.export(tmp_path / "x.csv")
    assert repr(told) == f"1,024 draws of 6 quantities written to {tmp_path / 'x.csv'}"
    assert "price" in told.to_pandas().index
    assert "<caption>1,024 draws" in told._repr_html_()
