"""Tables as text, HTML and Markdown."""

from guessmodel.tables import aligned, as_html, as_markdown, as_text

CELLS = [["a", "mean"], ["x<y", "10"], ["z", "5"]]


def test_names_stand_left_and_figures_right() -> None:
    assert as_text("title", CELLS, ["! note"]) == "title\na    mean\nx<y    10\nz       5\n! note"


def test_html_shows_what_it_is_given_and_no_markup_of_it() -> None:
    page = as_html("a & b", CELLS, ["<note>"])
    assert page.startswith("<table><caption>a &amp; b</caption>")
    assert '<th scope="row">x&lt;y</th><td>10</td>' in page
    assert page.endswith("</table><p>&lt;note&gt;</p>")


def test_any_column_may_stand_left() -> None:
    assert aligned([("a", "b", "c"), ("1", "22", "333")], {1}) == ["a  b     c", "1  22  333"]


def test_markdown_has_a_rule_that_says_where_numbers_stand() -> None:
    assert as_markdown(CELLS, {1}).splitlines()[:2] == ["| a | mean |", "| --- | ---: |"]
