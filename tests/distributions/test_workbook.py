"""Named cells and tables of workbooks, as openpyxl writes them: read, never calculated."""

import datetime
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from mutated import is_total, mutations
from openpyxl import Workbook, load_workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.table import Table

import guessmodel as gm
from guessmodel.errors import GuessmodelError

CELLS = {
    "price": ("B2", 7.5),
    "orders": ("B3", 40),
    "note": ("B4", "guess"),
    "since": ("B5", datetime.date(2025, 1, 1)),
    "open": ("B6", True),
    "formula": ("B7", "=B2*B3"),
    "nothing": ("B8", None),
}
ROWS = [
    ["region", "cost [USD/day]", "people", "note"],
    ["north", 3.5, 2, None],
    ["south", None, 3, None],
    ["all", "=SUM(B2:B3)", 5, None],
]


@pytest.fixture
def book(tmp_path: Path) -> Path:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Shop's data"
    for name, (cell, value) in CELLS.items():
        sheet[cell] = value
        place = f"'Shop''s data'!${cell[0]}${cell[1]}"
        book.defined_names[name] = DefinedName(name, attr_text=place)
    book.defined_names["area"] = DefinedName("area", attr_text="'Shop''s data'!$A$1:$B$9")
    book.defined_names["moving"] = DefinedName("moving", attr_text="OFFSET(A1,1,1)")
    rates = book.create_sheet("Rates")
    for row in ROWS:
        rates.append(row)
    rates.defined_names["local"] = DefinedName("local", attr_text="Rates!$C$2")
    table = Table(displayName="Staff", ref="A1:C4", totalsRowCount=1)
    rates.add_table(table)
    path = tmp_path / "shop.xlsx"
    book.save(path)
    return path


def test_named_cells_are_constants(book: Path) -> None:
    made = gm.from_xlsx(book, {"price": "USD"})
    assert list(made) == ["price", "orders", "local"]  # what has a number
    assert [str(each) for each in (made["price"].unit, made["orders"].unit)] == ["USD", ""]
    assert made["price"].source == "shop.xlsx, Shop's data!B2"
    assert (made["price"] * made["orders"]).sample(8).mean().value == 300.0
    assert list(gm.from_xlsx(str(book), names=["orders"])) == ["orders"]


def test_a_cell_without_a_name_is_read_where_it_stands(book: Path) -> None:
    made = gm.from_xlsx(book, names=["Shop's data!$B$2", "price"])
    assert list(made) == ["Shop's data!$B$2", "price"]
    plain = load_workbook(book)
    plain.defined_names.clear()
    for sheet in plain.worksheets:
        sheet.defined_names.clear()
    plain.save(book)
    found = gm.from_xlsx(book, {"Shop's data!B2": "EUR"})
    assert [str(each.sample(8).mean()) for each in found.values()] == [
        f"{made['price'].sample(8).mean()} EUR"
    ]
    assert found["Shop's data!B2"].source == "shop.xlsx, Shop's data!B2"
    with pytest.raises(GuessmodelError, match="has a name; name one, in the field left of the"):
        gm.from_xlsx(book)
    with pytest.raises(GuessmodelError, match="'Shop!B2': there is no sheet 'Shop'; .* Rates"):
        gm.from_xlsx(book, names=["Shop!B2"])
    for place in ("Shop's data!B", "Shop's data!price", "Shop's data!B2:B3"):
        told = re.escape(f"'{place}' is no single cell")
        with pytest.raises(GuessmodelError, match=told):
            gm.from_xlsx(book, names=[place])


def test_a_workbook_without_tables_says_how_one_is_made(book: Path) -> None:
    plain = load_workbook(book)
    for sheet in plain.worksheets:
        sheet.tables.clear()
    plain.save(book)
    for table in (None, "Staff"):
        with pytest.raises(GuessmodelError, match="it has no table; select the cells with"):
            gm.table(book, table=table)


def test_tables_are_labelled_constants(book: Path) -> None:
    made = gm.table(book)  # without the totals
    assert list(made) == ["cost", "people"]
    assert made["cost"].dims[0].name == "region" and made["cost"].dims[0].labels == (
        "north",
        "south",
    )
    assert str(made["cost"].unit) == "USD/day" and made["cost"].source == "shop.xlsx, Staff"
    assert (made["cost"] * made["people"]).sum("region").sample(8).mean().value == 7.0
    named = gm.table(book, "people", columns=["cost"], table="Staff", source="the office")
    assert list(named) == ["cost"] and named["cost"].dims[0].labels == (2, 3)
    assert named["cost"].source == "the office"


def test_in_a_model_file(book: Path) -> None:
    (book.parent / "model.py").write_text(
        "import guessmodel as gm\n"
        "cells = gm.from_xlsx('shop.xlsx', {'price': 'USD'})\n"
        "staff = gm.table('shop.xlsx')\n"
        "sales = cells['price'] * gm.poisson(cells['orders'])\n"
        "wages = (staff['cost'] * staff['people']).sum('region')\n"
    )
    run = gm.Model.from_file(book.parent / "model.py").sample(1024)
    assert run["sales"].mean().value == pytest.approx(300.0, rel=0.01)
    assert str(run["wages"].mean()) == "7 USD/day"


def several(path: Path) -> Path:
    book = load_workbook(path)
    book["Rates"].add_table(Table(displayName="Other", ref="F1:G3"))
    book["Rates"]["F1"], book["Rates"]["G1"] = "region", "n"
    book["Rates"]["F2"], book["Rates"]["G2"] = "a", "3 USD"
    book["Rates"]["F3"] = True
    found = path.with_name("several.xlsx")
    book.save(found)
    return found


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda b: gm.from_xlsx(3), "takes the path of a workbook, not 3"),
        (lambda b: gm.from_xlsx("no.xlsx"), "there is no file .*no.xlsx"),
        (lambda b: gm.from_xlsx(b, names="price"), "names='price'; write a list"),
        (lambda b: gm.from_xlsx(b, names=["prise"]), "no name 'prise'; did you mean 'price'"),
        (lambda b: gm.from_xlsx(b, {"prise": "USD"}), "no name 'prise'; did you mean 'price'"),
        (lambda b: gm.from_xlsx(b, {"note": "USD"}), "'guess', which is no number"),
        (lambda b: gm.from_xlsx(b, {"formula": "USD"}), "has no value; if it is a formula"),
        (lambda b: gm.from_xlsx(b, {"area": "USD"}), "and no single cell; gm.table reads"),
        (lambda b: gm.from_xlsx(b, {1: "USD"}), "there is no name '1'"),
        (lambda b: gm.from_xlsx(b, {"price": "USD"}, names=["orders"]), "not among names="),
        (lambda b: gm.from_xlsx(b, ["price"]), "names alone go by names="),
        (
            lambda b: gm.from_xlsx(b, names=["note"]),
            r"'note' \(Shop's data!B4\) has 'guess', which",
        ),
        (lambda b: gm.from_xlsx(b, names=["open"]), "has 'True', which is no number"),
        (lambda b: gm.from_xlsx(b, names=["since"]), "has '2025-01-01.*', which is no number"),
        (
            lambda b: gm.from_xlsx(b, names=["formula"]),
            "no value; if it is a formula, open and save",
        ),
        (lambda b: gm.from_xlsx(b, names=["nothing"]), "'nothing' .* has no value"),
        (lambda b: gm.from_xlsx(b, names=["area"]), "no single cell; gm.table reads tables"),
        (
            lambda b: gm.from_xlsx(b, names=["moving"]),
            r"'moving' is OFFSET\(A1,1,1\), and no single",
        ),
        (lambda b: gm.table(b, table="Staf"), "no table 'Staf'; did you mean 'Staff'"),
        (lambda b: gm.table(b, "place"), "has no column 'place'; there are region, cost"),
        (lambda b: gm.table(several(b)), r"choose a table by table='…'; there are Staff, Other"),
        (lambda b: gm.table(several(b), table="Other"), "Rates!3 has True for a label"),
        (lambda b: gm.table(several(b), "n", table="Other"), "Rates!3 has None for a label"),
        (
            lambda b: gm.table(b, "people"),
            "Rates!2 has 'north' in the column 'region', which is no",
        ),
        (
            lambda b: gm.table(b, columns=["cots"]),
            "no column 'cots'; there are cost \\[USD/day\\], people",
        ),
        (lambda b: gm.table(b, columns="cost"), "columns='cost'; write a list of names"),
        (lambda b: gm.table("x.csv", table="Staff"), "table= chooses among those of an xlsx"),
    ],
)
def test_what_is_refused(call: Any, told: str, book: Path) -> None:
    with pytest.raises(GuessmodelError, match=told):
        call(book)


def test_bombs_are_refused_by_their_number(book: Path, tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b" " * 60_000_001)
    with pytest.raises(GuessmodelError, match="60,000,001 bytes unpacked; up to 60,000,000 are"):
        gm.from_xlsx(bomb)
    with zipfile.ZipFile(bomb, "w") as packed:
        packed.writestr("xl/workbook.xml", '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>')
    with pytest.raises(GuessmodelError, match=r"workbook\.xml has a document type"):
        gm.from_xlsx(bomb)
    wide = load_workbook(book)
    wide["Rates"].tables["Staff"].ref = "A1:XFD1048576"
    wide.save(tmp_path / "wide.xlsx")
    with pytest.raises(GuessmodelError, match="'Staff' has more than 1,000,000 cells"):
        gm.table(tmp_path / "wide.xlsx")


def test_any_bytes_are_read_or_refused(book: Path) -> None:
    whole = book.read_bytes()
    for data in (b"", b"PK", *mutations(whole, 80)):
        book.write_bytes(data)
        assert is_total(lambda: gm.from_xlsx(book)), data
        assert is_total(lambda: gm.table(book)), data


def test_any_parts_are_read_or_refused(book: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(book) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    broken = tmp_path / "broken.xlsx"
    for name in parts:
        for data in mutations(parts[name], 8):
            with zipfile.ZipFile(broken, "w") as packed:
                for other, text in {**parts, name: data}.items():
                    packed.writestr(other, text)
            assert is_total(lambda: gm.from_xlsx(broken)), (name, data)
            assert is_total(lambda: gm.table(broken)), (name, data)


def test_the_package_that_is_missing_is_named(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    for call in (gm.from_xlsx, gm.table):
        with pytest.raises(GuessmodelError, match=r"needs the package openpyxl: pip install 'gues"):
            call(book)


def test_what_is_no_workbook_says_so(tmp_path: Path) -> None:
    for name, content, why in (
        ("e.xlsx", b"", "it is empty"),
        ("o.xls", b"\xd0\xcf", "save it as"),
    ):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(GuessmodelError, match=f"{name} is no xlsx workbook: {why}"):
            gm.from_xlsx(tmp_path / name)
