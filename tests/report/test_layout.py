"""What of a document is on its page."""

import math

import guessmodel as gm
from guessmodel.report import Document, document
from guessmodel.report.layout import layout
from guessmodel.report.page import Cell, Details, Paragraphs, Picture, Section, Table


def section(made: Document, key: str) -> Section:
    return next(each for each in layout(made).sections if each.key == key)


def table(made: Document, key: str) -> list[list[str]]:
    found = next(block for block in section(made, key).blocks if isinstance(block, Table))
    return [[cell.text for cell in row] for row in found.rows]


def test_sections_and_footer(lunch_document: Document) -> None:
    page = layout(lunch_document)
    assert [each.key for each in page.sections] == [
        "about",
        "answers",
        "results",
        "claims",
        "pictures",
        "drivers",
        "dependence",
        "together",
        "inputs",
        "graph",
        "others",
        "references",
    ]
    assert (page.title, page.name, page.data) == ("What lunch costs", "lunch", "lunch.json")
    # Without headlines the outputs that are claimed; medians where these are published.
    assert page.lead.startswith("How much more it costs to eat out: 4.47 (")
    assert page.footer == ("65,536 samples (nets, 8 replicates), seed 0.",)


def test_sections_without_content_are_left_out() -> None:
    made = document(gm.Model(days=gm.constant(250, "day")))
    assert [each.key for each in layout(made).sections] == ["inputs"]
    assert table(made, "inputs") == [["days", "250 day", "no source"]]


def test_results(lunch_document: Document) -> None:
    rows = table(lunch_document, "results")
    assert ["years"] in rows and ["best"] in rows
    assert next(row for row in rows if row[0] == "year 2027")[:5] == [
        "year 2027",
        "2.5",
        "1",
        "2.5",
        "4",
    ]
    assert next(row for row in rows if row[0] == "cheap")[1:] == ["50%", "", "", "", ""]
    home = next(row for row in rows if row[0] == "home" and row[5])
    assert " to " in home[5]
    assert [row for row in rows if row[0] in ("cost", "days", "price")] == []


def test_what_does_not_vary_is_said_once() -> None:
    rows = table(document(gm.Model(a=gm.constant(2, "USD") * 3)), "results")
    assert rows == [["a", "6", "", "", ""]]


def test_inputs(lunch_document: Document) -> None:
    block = section(lunch_document, "inputs").blocks[0]
    assert isinstance(block, Table)
    price = next(row for row in block.rows if row[0].text == "price")
    assert price[1].text == "home: 2 to 4 USD/day"
    assert (price[1].more, price[1].small) == (("out: 8 to 20 USD/day",), ("lognormal",))
    assert price[0].small == ("Price of a lunch.",)


def test_an_input_that_is_the_same_at_all_labels_is_said_once() -> None:
    months = {"month": [1, 2, 3]}
    made = document(
        gm.Model(
            season=gm.lognormal(1, 2, "USD", dim=months),
            fee=gm.constant(3, "USD", dim={**months, "site": ["a", "b"]}),
            rent=gm.constant({1: 3, 2: 4, 3: 3}, "USD", dim="month"),
            few=gm.constant({1: 3, 2: None, 3: 3}, "USD", dim="month"),
        )
    )
    rows = [(row[0].text, [row[1].text, *row[1].more]) for row in section_rows(made)]
    assert rows == [
        ("season", ["1 to 2 USD at each month"]),
        ("fee", ["3 USD at each month and site"]),
        ("rent", ["month 1: 3 USD", "month 2: 4 USD", "month 3: 3 USD"]),
        ("few", ["month 1: 3 USD", "month 3: 3 USD"]),
    ]


def section_rows(made: Document) -> tuple[tuple[Cell, ...], ...]:
    return next(b for b in section(made, "inputs").blocks if isinstance(b, Table)).rows


def test_inputs_that_are_no_numbers_have_probabilities() -> None:
    way, wet = gm.categorical({"train": 0.75, "car": 0.25}), gm.bernoulli(0.3)
    days = gm.choose({"train": 1, "car": 2}, by=way) + wet
    rows = table(document(gm.Model(way=way, wet=wet, days=days)), "inputs")
    texts = {row[0]: row[1] for row in rows}
    assert texts == {"way": "train: 75%", "wet": "30%"}


def test_a_form_stands_beside_its_cumulative_distribution() -> None:
    made = document(gm.Model(a=gm.lognormal(1, 2) + 1, b=gm.lognormal(1, 2) + 2))
    kinds = ("density", "cumulative distribution")
    made["pictures"] = [
        {"file": f"{name}-{kind}.svg", "kind": kind, "quantity": name, "alt": ""}  # type: ignore[typeddict-item]
        for name, many in (("a", 2), ("b", 1))
        for kind in kinds[:many]
    ]
    found = [block for block in section(made, "pictures").blocks if isinstance(block, Picture)]
    assert [each.first for each in found] == [True, False, False]


def test_steps_in_between_are_folded(lunch_document: Document) -> None:
    (fold,) = section(lunch_document, "others").blocks
    assert isinstance(fold, Details) and fold.title == "Steps in between (1)"
    inner = fold.blocks[0]
    assert isinstance(inner, Table)
    assert inner.rows[0][0].small == ("USD/year", "Cost of a year.", "= price * days * factor")


def test_dependence(lunch_document: Document) -> None:
    rows = dict(table(lunch_document, "dependence"))
    # log(out/home): Spearman of a normal sum with each part, 6/pi asin(rho/2); the widths in
    # logarithms are log(20/8) and log(4/2).
    widths = {"price[out]": math.log(20 / 8), "price[home]": -math.log(2)}
    total = math.hypot(*widths.values())
    wanted = [
        f"{name} {6 / math.pi * math.asin(width / total / 2):+.2f}".replace("-", "−")
        for name, width in widths.items()
    ]
    assert rows["over"] == ", ".join(wanted)


def test_captions(lunch_document: Document) -> None:
    titles = [
        block.title
        for block in section(lunch_document, "pictures").blocks
        if isinstance(block, Picture)
    ]
    assert "cheap: probability" in titles
    assert "over: cumulative distribution" in titles
    assert "years by year" in titles


def test_reservations_are_told_below_the_table() -> None:
    made = document(gm.Model(wide=gm.cauchy(0, 1) * gm.normal(1, 2, name="z")), samples=4096)
    texts = [b.text for b in section(made, "results").blocks if isinstance(b, Paragraphs)]
    assert len(texts) >= 2 and texts[1].startswith("! wide: ")
    assert table(made, "results")[0][1].endswith("!")


def test_warnings_are_on_the_page() -> None:
    made = document(gm.Model(gap=gm.log(gm.normal(-1, 1, name="z"))), samples=4096)
    (warning,) = section(made, "about").blocks
    assert isinstance(warning, Paragraphs) and warning.text.startswith("Warning: gap: ")
