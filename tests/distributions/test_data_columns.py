"""Tables of data: rows of DataFrames and CSV files stay together."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow
import pytest
from mutated import is_total, mutations
from pyarrow import parquet as pyarrow_parquet

import guessmodel as gm
from guessmodel.errors import GuessmodelError

ROWS = {"size": [1.0, 2.0, 5.0], "cost": [10.0, 30.0, 20.0]}


def pairs(made: dict[str, Any]) -> set[tuple[float, float]]:
    run = gm.Model(made).sample(256)
    return set(zip(run["size"].values.tolist(), run["cost"].values.tolist(), strict=True))


@pytest.fixture
def readings(tmp_path: Path) -> Path:
    path = tmp_path / "readings.csv"
    path.write_text("\ufeffsite, size,cost\na,1,10\n\nb,2,30\nc, 5 ,20\n", encoding="utf-8")
    return path


def test_rows_stay_together(readings: Path) -> None:
    expected = {(1.0, 10.0), (2.0, 30.0), (5.0, 20.0)}
    assert pairs(gm.empirical(pd.DataFrame(ROWS))) == expected
    made = gm.empirical(readings, {"cost": "USD"}, columns=["size", "cost"])
    assert pairs(made) == expected
    assert str(made["cost"].unit) == "USD"
    assert list(gm.empirical(pd.DataFrame(ROWS), columns=["cost"])) == ["cost"]
    assert list(gm.empirical(ROWS, columns=["cost"])) == ["cost"]


def test_units_of_headers(tmp_path: Path) -> None:
    path = tmp_path / "costs.csv"
    path.write_text("cost [USD],share[2025] [],note [florin],n\n3,1,2,4\n5,2,1,6\n")
    frame = pd.read_csv(path)
    frame.to_parquet(tmp_path / "costs.parquet")
    for data in (path, tmp_path / "costs.parquet", frame):
        made = gm.empirical(data)
        assert list(made) == ["cost", "share[2025]", "note [florin]", "n"]
        assert [str(each.unit) for each in made.values()] == ["USD", "", "", ""]
        assert str(gm.empirical(data, {"cost": "EUR"})["cost"].unit) == "EUR"
        assert list(gm.empirical(data, columns=["cost"])) == ["cost"]
        assert list(gm.empirical(data, columns=["cost [USD]"])) == ["cost"]
    assert list(gm.empirical({"cost [USD]": [1, 2]})) == ["cost [USD]"]  # as it was written
    path.write_text("cost [USD],cost [EUR]\n3,4\n")
    with pytest.raises(GuessmodelError, match="two columns are called 'cost'; rename one"):
        gm.empirical(path)
    (chosen,) = gm.empirical(path, columns=["cost [EUR]"]).values()
    assert str(chosen.unit) == "EUR" and chosen.sample(8).mean().value == 4.0


def test_draws_are_those_of_the_columns(readings: Path) -> None:
    plain = gm.Model(gm.empirical(ROWS)).sample(64)
    frame = gm.Model(gm.empirical(pd.DataFrame(ROWS))).sample(64)
    file = gm.Model(gm.empirical(str(readings), columns=["size", "cost"])).sample(64)
    for name in ROWS:
        assert np.array_equal(plain[name].values, frame[name].values)
        assert np.array_equal(plain[name].values, file[name].values)


def test_paths_start_from_the_folder_of_the_model(
    readings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = tmp_path / "model.py"
    model.write_text(
        "import guessmodel as gm\n"
        "row = gm.empirical('readings.csv', columns=['size', 'cost'])\n"
        "total = row['size'] * row['cost']\n"
    )
    monkeypatch.chdir("/")
    assert gm.Model.from_file(model).sample(64)["total"].mean().value > 0.0


@pytest.mark.parametrize("text", ["x\n1,234\n2,000\n", "x,y\n1,2\n3,4,5\n", "x,y\n2,5,7\n"])
def test_a_row_that_is_longer_than_the_header(text: str, tmp_path: Path) -> None:
    """1,234 was read as 1. Blank ends, as spreadsheets write them, say nothing."""
    path = tmp_path / "long.csv"
    path.write_text(text)
    row = 3 if "3,4,5" in text else 2
    told = rf"long.csv:{row} has . values, and the header .; write 1234 and 2.5 without commas"
    for read in (gm.empirical, gm.table, gm.fit):
        with pytest.raises(GuessmodelError, match=told):
            read(path)
    path.write_text("x,y\n1,2,,\n3,4, \n")
    assert list(gm.empirical(path)) == ["x", "y"]


def test_what_is_refused(readings: Path, tmp_path: Path) -> None:
    (tmp_path / "twice.csv").write_text("a,a\n1,2\n")
    (tmp_path / "empty.csv").write_text("a\n")
    (tmp_path / "short.csv").write_text("a,b\n1\n")
    (tmp_path / "german.csv").write_text("a;b\n1,5;2\n")
    (tmp_path / "bare.csv").write_text("3.5\n4\n5\n")
    (tmp_path / "binary.csv").write_bytes(b"a\n\xff\xfe\n")
    doubled = pd.DataFrame([[1, 2]], columns=["a", "a"])
    for call, text in (
        (lambda: gm.empirical("nowhere.csv"), "there is no file .*nowhere.csv"),
        (lambda: gm.empirical(readings), "readings.csv:2 has 'a' in the column 'site'; choose"),
        (lambda: gm.empirical(tmp_path / "short.csv"), "short.csv:2 has nothing in the column 'b'"),
        (lambda: gm.empirical(tmp_path / "twice.csv"), "has two columns 'a'; rename one"),
        (lambda: gm.empirical(tmp_path / "empty.csv"), "has no rows below its header"),
        (lambda: gm.empirical(tmp_path / "binary.csv"), "binary.csv is no text in UTF-8; save it"),
        (lambda: gm.empirical(tmp_path / "german.csv"), "has semicolons between its columns; save"),
        (lambda: gm.empirical(tmp_path / "bare.csv"), "begins with 3.5 in place of a header; name"),
        (lambda: gm.empirical(readings, columns=["sise"]), "no column 'sise'; did you mean 'size'"),
        (lambda: gm.empirical(readings, columns="size"), "columns='size'; write a list of names"),
        (lambda: gm.empirical(readings, columns=[]), r"columns=\[\]; write a list of names"),
        (lambda: gm.empirical(ROWS, columns=["c"]), "the data has no column 'c'; there are size, "),
        (lambda: gm.empirical([1, 2], columns=["a"]), "columns= chooses among those of a table"),
        (lambda: gm.empirical(doubled), "two columns of one name"),
    ):
        with pytest.raises(GuessmodelError, match=text):
            call()


# --- Parquet ------------------------------------------------------------------------------------


@pytest.fixture
def parquet(tmp_path: Path) -> Path:
    """Written by pyarrow, a library of its own."""
    path = tmp_path / "readings.parquet"
    table = {"site": ["a", "b", "c"], **ROWS, "gap": [1.0, None, 3.0], "count": [1, 2, 3]}
    pyarrow_parquet.write_table(pyarrow.table(table), path)
    return path


def test_rows_of_parquet_stay_together(parquet: Path) -> None:
    made = gm.empirical(parquet, {"cost": "USD"}, columns=["size", "cost"])
    assert pairs(made) == {(1.0, 10.0), (2.0, 30.0), (5.0, 20.0)}
    assert str(made["cost"].unit) == "USD"
    plain = gm.Model(gm.empirical(ROWS)).sample(64)
    assert np.array_equal(plain["size"].values, gm.Model(made).sample(64)["size"].values)
    whole = gm.empirical(parquet, columns=["count"])
    assert whole["count"].sample(64).mean().value == 2.0


def test_what_is_refused_of_parquet(parquet: Path, tmp_path: Path) -> None:
    twice = tmp_path / "twice.pq"
    pyarrow_parquet.write_table(pyarrow.table([[1.0], [2.0]], names=["a", "a"]), twice)
    torn = tmp_path / "torn.parquet"
    torn.write_bytes(b"PAR1 no more")
    many = tmp_path / "many.parquet"  # small, since it is compressed
    pyarrow_parquet.write_table(pyarrow.table({"x": np.zeros(20_000_001)}), many)
    for path, columns, told in (
        (parquet, None, "the column 'site' of .* holds string, no numbers"),
        (parquet, ["gap"], "column 'gap' holds nan at position 1"),
        (parquet, ["sizes"], "readings.parquet has no column 'sizes'; did you mean 'size'?"),
        (twice, None, "has two columns 'a'"),
        (torn, None, "cannot read .*torn.parquet: "),
        (many, None, "has 20,000,001 numbers; up to 20,000,000 are read"),
        (tmp_path / "no.parquet", None, "there is no file .*no.parquet"),
    ):
        with pytest.raises(GuessmodelError, match=told):
            gm.empirical(path, columns=columns)


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_mutated_bytes_are_read_or_refused(suffix: str, request: Any, tmp_path: Path) -> None:
    source = request.getfixturevalue("readings" if suffix == "csv" else "parquet")
    path = tmp_path / f"mutated.{suffix}"
    for data in mutations(source.read_bytes(), 150):
        path.write_bytes(data)
        assert is_total(lambda: gm.empirical(path))
