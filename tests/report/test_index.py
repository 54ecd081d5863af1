"""The page over all models."""

from pathlib import Path
from typing import Any

import guessmodel as gm
from guessmodel.report import Document, document
from guessmodel.report.index import headlines, index, standing
from guessmodel.report.page import Cell, Table


def cells(made: Document) -> list[tuple[Cell, ...]]:
    first = index([made]).sections[0].blocks[0]
    assert isinstance(first, Table)
    return list(first.rows)


def test_ratios_come_first(lunch_document: Document) -> None:
    (row,) = cells(lunch_document)
    assert [cell.text for cell in row] == [
        "over",
        "lunch",
        "4.5",
        "4.472",
        "2.52 to 7.94",
        "holds",
    ]
    assert (row[0].small, row[1].link, row[5].tone) == (("median",), "lunch", "good")


def test_else_the_first_claim_on_a_central_figure(hostile_document: Document) -> None:
    (row,) = cells(hostile_document)
    assert [cell.text for cell in row[1:]] == [
        "hostile",
        "3 USD",
        "3 USD",
        "2 to 4 USD",
        "holds",
    ]


def test_else_the_first_output() -> None:
    price = gm.normal(5, 8, "USD", name="price")
    made = document(gm.Model(price=price, dear=price > gm.constant("6.5 USD")))
    (row,) = cells(made)
    assert [cell.text for cell in row] == ["dear", "model", "", "50%", "", ""]


def test_intervals_are_in_the_unit_of_the_claim(lunch_document: Document) -> None:
    claim = next(c for c in lunch_document["claims"] if c["name"] == "home")
    made = {**lunch_document, "claims": [{**claim, "statistic": "mean"}]}
    (row,) = cells(made)
    p5 = made["quantities"]["home"]["p5"]["value"]
    assert row[4].text.endswith("USD/year")
    assert float(row[4].text.split()[0]) == float(f"{365 * p5:.3g}")


def test_what_is_expected_to_fall_short_is_no_headline(lunch_document: Document) -> None:
    last: dict[str, Any] = lunch_document["claims"][-1]
    assert last["expected"] == "falls short"
    (found,) = headlines({**lunch_document, "claims": [last]})
    assert found.claim is None


def test_a_claim_on_a_scenario_stands_beside_the_unchanged_model(tmp_path: Path) -> None:
    (tmp_path / "market.py").write_text(
        "import guessmodel as gm\n"
        'price = gm.normal(8, 12, "USD")\n'
        'gm.scenario("cheap", {price: gm.normal(1, 3, "USD")})\n'
        'gm.claim(price, mean="2 USD", scenario="cheap")\n'
    )
    (row,) = cells(document(gm.Model.from_file(tmp_path / "market.py"), samples=1024))
    assert [cell.text for cell in row[2:]] == [
        *("2 USD", "10 USD", "8 to 12 USD"),
        "holds in “cheap”; in base: falls short",
    ]


def test_models_are_sorted_and_counted(
    lunch_document: Document, hostile_document: Document
) -> None:
    page = index([lunch_document, hostile_document])
    assert page.lead == (
        "2 models, 4 of 4 published figures hold (1 arithmetic, 3 reconstructions); "
        "1 echo of inputs."
    )
    table = page.sections[1].blocks[0]
    assert isinstance(table, Table)
    assert [row[0].text for row in table.rows] == ["hostile", "lunch"]
    assert table.rows[1][2].text == (
        "3 of 3 published figures hold (3 reconstructions); 1 echo of inputs"
    )
    assert table.rows[1][2].tone == "good"
    bad = {**lunch_document, "claims": [{**lunch_document["claims"][0], "as_expected": False}]}
    table = index([bad]).sections[1].blocks[0]
    assert isinstance(table, Table) and table.rows[0][2].tone == "bad"


def test_models_with_a_priority_come_first() -> None:
    def made(name: str, priority: int | None) -> Document:
        price = gm.normal(5, 8, "USD", name="price")
        gm.headline(price)
        given = {**document(gm.Model(price=price)), "model": name}
        mean: Any = given["quantities"]["price"]["mean"]
        given["headlines"] = {"price": {"mean": {**mean, "unit": "USD"}}}
        return given | ({} if priority is None else {"priorities": {"price": priority}})

    documents = [made("a", None), made("b", 2), made("c", 1), {**made("d", None)}]
    del documents[3]["headlines"]
    table = index(documents).sections[0].blocks[0]
    assert isinstance(table, Table)
    assert [row[1].text for row in table.rows] == ["c", "b", "a", "d"]


MARKED = """import guessmodel as gm

price = gm.normal({"old": (8, 12), "new": (18, 22)}, unit="USD", dim="site")
dear = gm.normal(8, 12, "USD") > gm.constant(10, "USD")
gm.headline(
    price, at={"site": "new"}, sentence="{p95} at most, {median} in the middle", priority=7
)
gm.headline(dear, priority=1)
gm.claim(price, at={"site": "new"}, median="21 USD", rtol=0.1)
gm.claim(price, at={"site": "new"}, mean="30 USD", rtol=0.1)
"""


def marked(folder: Path) -> Document:
    (folder / "marked.py").write_text(MARKED)
    return document(gm.Model.from_file(folder / "marked.py"), samples=1024)


def test_what_the_author_marks_comes_in_the_order_of_priorities(tmp_path: Path) -> None:
    made = marked(tmp_path)
    rows = [[cell.text for cell in row] for row in cells(made)]
    # The mean, and the claim on it, though another is the first.
    assert rows == [
        ["dear", "marked", "", "50%", "", ""],
        ["price[new]", "marked", "30 USD", "20 USD", "18 to 22 USD", "falls short"],
    ]
    assert [found.statistic for found in headlines(made)] == ["mean", "probability"]


def test_a_model_stands_where_its_first_headline_does(tmp_path: Path) -> None:
    made = marked(tmp_path)  # 1 and 7
    other: Document = {**made, "model": "a", "priorities": dict.fromkeys(made["priorities"], 3)}
    bare: Document = {**made, "model": "a"}
    del bare["headlines"], bare["priorities"]
    last: Document = {**made, "model": "z"}  # with headlines, and no place among others
    del last["priorities"]
    assert standing(made) < standing(other) < standing(last) < standing(bare)
    table = index([bare, other, made]).sections[0].blocks[0]
    assert isinstance(table, Table)
    assert [row[1].text for row in table.rows] == ["marked", "marked", "a", "a", "a"]


def test_models_without_headlines_are_sorted_by_ratios_then_names(
    lunch_document: Document, hostile_document: Document
) -> None:
    def named(document: Document, name: str) -> Document:
        return {**document, "model": name}

    given = [named(hostile_document, "a"), named(lunch_document, "b"), named(hostile_document, "c")]
    table = index(given).sections[0].blocks[0]
    assert isinstance(table, Table)
    assert [row[1].text for row in table.rows] == ["b", "a", "c"]


def test_of_claims_the_ratios_or_else_one(lunch_document: Document) -> None:
    over = next(c for c in lunch_document["claims"] if c["name"] == "over")
    home = {**next(c for c in lunch_document["claims"] if c["name"] == "home"), "statistic": "mean"}
    both: Any = {**lunch_document, "claims": [home, over]}
    assert [each.quantity for each in headlines(both)] == ["over"]
    twice: Any = {**lunch_document, "claims": [home, home]}
    assert [each.quantity for each in headlines(twice)] == ["home"]
