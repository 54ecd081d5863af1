"""Markdown: what GitHub renders is what the model says."""

import itertools
import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from guessmodel.report.markdown import markdown
from guessmodel.report.page import Cell, Details, Page, Paragraphs, Picture, Section, Table


@pytest.mark.parametrize("name", ["lunch", "hostile", "README"])
def test_links_lead_somewhere(reports: Path, name: str) -> None:
    folder = reports / "reports"
    text = (folder / f"{name}.md").read_text()
    targets = re.findall(r"(?<!\\)\]\(<?([^)>]+)>?\)", text)
    near = [unquote(target) for target in targets if not target.startswith("https://")]
    assert near
    assert all((folder / target).is_file() for target in near)


def test_texts_of_a_model_are_text(reports: Path) -> None:
    text = (reports / "reports" / "hostile.md").read_text()
    tags = set(re.findall(r"<(/?\w+)", text))
    assert tags <= {"br", "sub", "/sub", "code", "/code", "https"}
    assert not re.search(r"(?<!\\)\]\((?!<?(?:https:|hostile|README))", text)
    assert "\\*bold\\*" in text
    assert "\n\\# not a heading\n" in text
    assert "\0" not in text and "\x1b" not in text
    tables = [line for line in text.splitlines() if line.startswith("|")]
    for before, line in itertools.pairwise(tables):
        if re.match(r"\| (?:---|---:) ", line):
            assert _cells(before) == _cells(line)
    assert "a\\|b\\`c" in text


def _cells(line: str) -> int:
    return len(re.findall(r"(?<!\\)\|", line))


def test_all_rows_have_all_cells(reports: Path) -> None:
    text = (reports / "reports" / "lunch.md").read_text()
    for table in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        assert len({_cells(line) for line in table.splitlines()}) == 1


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("# one", "\\# one"),
        ("1. one", "1\\. one"),
        ("0.5 is one", "0.5 is one"),
        ("- one", "\\- one"),
        ("> one", "&gt; one"),
        ("[a]: javascript:x", "\\[a]: javascript:x"),
        ("a_b _c_ *d*", "a_b \\_c\\_ \\*d\\*"),
        ("see `a_b|c`", "see <code>a_b\\|c</code>"),
        ("so!https://a.org", "so\\![https://a.org](<https://a.org>)"),
        ("[x](y)", "\\[x\\](y)"),
        ("<b> & $x$", "&lt;b&gt; &amp; \\$x\\$"),
        ("https://a.org/b_c).", "[https://a.org/b_c](<https://a.org/b_c>))."),
    ],
)
def test_escapes(given: str, wanted: str) -> None:
    page = Page("t", "", (Section("s", "S", (Paragraphs(given),)),), ())
    assert markdown(page).split("\n\n")[2] == wanted


def test_kept_paragraphs_are_fenced() -> None:
    page = Page("t", "", (Section("s", "S", (Paragraphs("    a = ```b"),)),), ())
    assert "````\na = ```b\n````" in markdown(page)


def test_folds_and_pictures() -> None:
    table = Table("c", ("q", "v"), ((Cell("a", name=True), Cell("1", ("x", "y"), "good")),))
    fold = Details("More <1>", (table, Picture("t/a b.svg", "P", "a [picture]")))
    text = markdown(Page("t", "", (Section("s", "S", (fold,)),), ("end",), data="t.json"))
    assert "<details><summary>More &lt;1&gt;</summary>\n\n| q | v |\n| --- | --- |\n" in text
    assert "| **a** | ✅ 1<br>x<br>y |" in text
    assert "![a [picture]](t/a%20b.svg)\n\n</details>" in text
    assert text.endswith("<sub>end</sub>\n\n<sub>Data: [t.json](t.json)</sub>\n")


def test_a_parser_sees_what_was_meant(reports: Path) -> None:
    """By markdown-it, which rich brings along: no link and no tag but ours, and all tables."""
    markdown_it = pytest.importorskip("markdown_it")
    parser = markdown_it.MarkdownIt("commonmark").enable("table").enable("strikethrough")
    for name, tables in (("hostile", 6), ("lunch", 9)):
        text = (reports / "reports" / f"{name}.md").read_text()
        tokens = parser.parse(text)
        inner = [each for token in tokens for each in token.children or []]
        tags = {token.content for token in inner if token.type == "html_inline"}
        assert tags <= {"<br>", "<sub>", "</sub>", "<code>", "</code>"}
        blocks = [token.content for token in tokens if token.type == "html_block"]
        assert all(re.match(r"</?details>", block) for block in blocks)
        links = [token.attrs["href"] for token in inner if token.type == "link_open"]
        pictures = [token.attrs["src"] for token in inner if token.type == "image"]
        known = r"https://(example\.org|arxiv\.org)/|README\.md$|(hostile|lunch)[./]"
        assert links and pictures
        assert all(re.match(known, str(target)) for target in links + pictures)
        assert sum(token.type == "table_open" for token in tokens) == tables
        assert sum(token.type == "heading_open" and token.tag == "h1" for token in tokens) == 1
        kinds = {token.type for token in tokens + inner}
        assert not kinds & {"bullet_list_open", "ordered_list_open", "blockquote_open", "em_open"}
    shown = "".join(token.content for token in parser.parse(text) if token.type == "inline")
    assert "Two ways to eat" in shown
