"""Whatever the texts of a model hold, a page shows them and nothing else happens."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from guessmodel.report.html import html
from guessmodel.report.markdown import markdown
from guessmodel.report.page import Cell, Page, Paragraphs, Section, Table

MARKUP = st.sampled_from(
    ["<", ">", "&", '"', "'", "`", "*", "_", "[", "]", "(", ")", "|", "\\", "!", "#", "- ", "1. ",
     "\n", "\n\n", "    ", "<script>", "</td>", "javascript:", "https://", "x.org", "]:", "](",
     "~~", "<!--", "]]>", "\0", "&amp;", "$", "a", "ß", "arXiv:2203.15556"]
)  # fmt: skip
TEXTS = st.lists(MARKUP | st.characters(codec="utf-8"), max_size=12).map("".join)
SAFE = re.compile(r"https?://|#|index\.(html|md)|t\.json$")


def page(text: str) -> Page:
    table = Table(text, ("q", text), ((Cell(text, (text,), name=True), Cell(text)),))
    section = Section("s", text, (Paragraphs(text), table))
    return Page(text, text, (section,), (text,), data="t.json")


class Tags(HTMLParser):
    """Tags and links of a page, and whether they are nested well."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: dict[str, int] = {}
        self.links: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen[tag] = self.seen.get(tag, 0) + 1
        self.links += [value or "" for name, value in attrs if name == "href"]
        assert not [name for name, _ in attrs if name.startswith("on") or name == "src"]
        if tag not in ("meta", "wbr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)


@given(TEXTS)
def test_html(text: str) -> None:
    tags, plain = Tags(), Tags()
    tags.feed(html(page(text), lambda _: ""))
    plain.feed(html(page("x"), lambda _: ""))
    free = {"a", "wbr", "code", "p", "pre"}  # which texts may make
    assert tags.open == []
    assert {k: n for k, n in tags.seen.items() if k not in free} == {
        k: n for k, n in plain.seen.items() if k not in free
    }
    assert all(map(SAFE.match, tags.links))


@given(TEXTS)
@example("https://]:&")  # a bracket ends the text of a link
@example("https://a[b](c)")
def test_markdown(text: str) -> None:
    markdown_it = pytest.importorskip("markdown_it")
    parser = markdown_it.MarkdownIt("commonmark").enable("table").enable("strikethrough")
    tokens = parser.parse(markdown(page(text)))
    inner = [each for token in tokens for each in token.children or []]
    kinds = [token.type for token in tokens]
    assert kinds.count("table_open") == 1 and kinds.count("tr_open") == 2
    assert kinds.count("th_open") == kinds.count("td_open") == 2
    assert not {"html_block", "blockquote_open", "bullet_list_open"} & set(kinds)
    tags = {token.content for token in inner if token.type == "html_inline"}
    assert tags <= {"<br>", "<sub>", "</sub>", "<code>", "</code>"}
    links = [str(token.attrs["href"]) for token in inner if token.type == "link_open"]
    assert all(map(SAFE.match, links))
    assert not {"image", "em_open", "s_open", "code_inline"} & {token.type for token in inner}
