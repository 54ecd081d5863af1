"""Tables: columns of CSV files and DataFrames as labelled constants."""

from pathlib import Path

import pandas as pd
import pytest

import guessmodel as gm
from guessmodel.errors import DimensionError, ModelError, UnitError, WrongKind

TEXT = "region,cost [USD/day],people\nnorth,3.5,2\nsouth,,3\n"


def test_a_file_beside_the_model(tmp_path: Path) -> None:
    (tmp_path / "rates.csv").write_text(TEXT)
    (tmp_path / "model.py").write_text(
        "import guessmodel as gm\n"
        "rates = gm.table('rates.csv', source='the office')\n"
        "total = (rates['cost'] * rates['people']).sum('region')\n"
    )
    model = gm.Model.from_file(tmp_path / "model.py")
    total = model.sample(8)["total"].mean()
    assert (total.value, total.unit) == (7.0, "USD/day")  # south has no cost
    assert model.quantities["rates[cost]"].source == "the office"


def test_numbers_as_labels_and_another_index(tmp_path: Path) -> None:
    path = tmp_path / "years.csv"
    path.write_text("growth [%],year\n2,2025\n3,2026\n")
    found = gm.table(path, index="year")
    assert list(found) == ["growth"]
    assert found["growth"].dims[0].labels == (2025, 2026)
    assert str(found["growth"].unit) == "percent"


def test_some_columns(tmp_path: Path) -> None:
    path = tmp_path / "rates.csv"
    path.write_text("region,cost [USD],note\nnorth,3,new\nsouth,4,\n")
    for columns in (["cost"], ["cost [USD]"]):
        found = gm.table(path, columns=columns)
        assert list(found) == ["cost"] and str(found["cost"].unit) == "USD"
    frame = pd.read_csv(path)
    assert list(gm.table(frame, "region", columns=["cost"])) == ["cost"]
    with pytest.raises(ModelError, match="the DataFrame has no column 'cots'"):
        gm.table(frame, "region", columns=["cots"])


def test_a_frame() -> None:
    frame = pd.DataFrame({"region": ["a", "b"], "cost [USD]": [1, 2], "n": [3, 4]})
    found = gm.table(frame, index="region")
    assert list(found) == ["cost", "n"]
    assert (found["cost"] * found["n"]).sum("region").sample(8).mean().value == 11.0


def test_what_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rates.csv"
    path.write_text("region,cost\nnorth,3 USD\n")
    with pytest.raises(ModelError, match=r"rates.csv:2 has '3 USD' in the column 'cost', which is"):
        gm.table(path)
    with pytest.raises(ModelError, match="has no column 'rgion'; did you mean 'region'"):
        gm.table(path, index="rgion")
    with pytest.raises(ModelError, match="test_table.py.*table: there is no file"):
        gm.table("nowhere.csv")
    path.write_text("region,cost\nnorth,3\nnorth,4\n")
    with pytest.raises(DimensionError, match="has the label 'north' twice"):
        gm.table(path)
    path.write_text("region,cost [florin]\nnorth,3\n")
    with pytest.raises(UnitError, match="unknown unit 'florin'"):
        gm.table(path)
    path.write_text("region,cost [USD],cost [EUR]\nnorth,3,4\n")
    with pytest.raises(ModelError, match="two columns are called 'cost'"):
        gm.table(path)
    with pytest.raises(WrongKind, match="table takes the path of a file or a DataFrame"):
        gm.table([1, 2])
