"""References at the end of a page."""

import guessmodel as gm
from guessmodel.report import document
from guessmodel.report.layout import layout
from guessmodel.report.markdown import markdown
from guessmodel.report.page import Table
from guessmodel.report.references import references_section


def test_each_document_once_with_its_link_and_what_rests_on_it() -> None:
    a = gm.normal(1, 2, "USD", source="Cox and Li (2022), table 1, citing Barr et al. (2019)")
    b = gm.normal(1, 2, "USD", source="https://example.org/a, page 3; arXiv:2203.15556")
    c = gm.normal(1, 2, "USD", source="Cox and Li (2022), table 2")
    d = gm.normal(1, 2, "USD", source="inferred: nobody knows")
    made = document(gm.Model(a=a, b=b, c=c, d=d, total=a + b + c + d), samples=64)
    (table,) = references_section(made).blocks
    assert isinstance(table, Table)
    assert [[cell.text for cell in row] for row in table.rows] == [
        ["arXiv:2203.15556", "b"],
        ["Barr et al. (2019)", "a"],
        ["Cox and Li (2022)", "a, c"],
        ["https://example.org/a", "b"],
    ]
    page = layout(made)
    assert page.sections[-1].key == "references"
    assert "[arXiv:2203.15556](<https://arxiv.org/abs/2203.15556>)" in markdown(page)


def test_none_without_sources() -> None:
    made = document(gm.Model(x=gm.normal(1, 2)), samples=64)
    assert references_section(made).blocks == ()
