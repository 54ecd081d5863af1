"""HTML: well-formed, accessible, self-contained, and no text of a model in it is markup."""

import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from guessmodel.report.html import html
from guessmodel.report.page import Cell, Link, Page, Paragraphs, Section, Table

VOID = {"meta", "br", "wbr", "hr", "img", "link", "input"}
Attributes = dict[str, str | None]


class Reader(HTMLParser):
    """Elements with their attributes and the texts below them; fails on a wrong nesting."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, Attributes, list[str]]] = []
        self.open: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), (tag, attrs)
        self.elements.append((tag, dict(attrs), []))
        if tag not in VOID:
            self.open.append(len(self.elements) - 1)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs), []))

    def handle_endtag(self, tag: str) -> None:
        assert self.elements[self.open.pop()][0] == tag

    def handle_data(self, data: str) -> None:
        for i in self.open:
            self.elements[i][2].append(data)

    def all(self, tag: str) -> list[tuple[Attributes, str]]:
        """Attributes and text of every element of a kind."""
        return [(a, "".join(texts).strip()) for name, a, texts in self.elements if name == tag]


def read(path: Path) -> Reader:
    reader = Reader()
    reader.feed(path.read_text())
    reader.close()
    assert reader.open == []
    return reader


@pytest.fixture(params=["lunch", "hostile", "index"])
def page(request: pytest.FixtureRequest, reports: Path) -> Reader:
    return read(reports / "reports" / f"{request.param}.html")


def test_landmarks_and_headings(page: Reader) -> None:
    assert page.all("html")[0][0] == {"lang": "en"}
    for tag in ("head", "header", "nav", "main", "footer", "h1"):
        assert len(page.all(tag)) == 1
    assert page.all("title")[0][1]
    levels = [int(tag[1]) for tag, _, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels == [1] + [2] * (len(levels) - 1)
    skip = page.all("a")[0]
    assert skip == ({"class": "skip", "href": "#main"}, "Skip to content")
    assert all(attributes.get("aria-labelledby") for attributes, _ in page.all("section"))


def test_links_within_the_page_lead_somewhere(page: Reader) -> None:
    known = [a["id"] for _, a, _ in page.elements if a.get("id")]
    assert len(set(known)) == len(known)
    targets = [a.get("href") or "" for a, _ in page.all("a")]
    targets += [a.get("aria-labelledby") or "" for a, _ in page.all("section")]
    for target in targets:
        if target.startswith("#"):
            assert target[1:] in known
    used = [a.get("xlink:href") for a, _ in page.all("use")]
    assert all(each and each[1:] in known for each in used)
    clips = re.findall(r"url\(#([^)]+)\)", str([a for _, a, _ in page.elements]))
    assert set(clips) <= set(known)


def test_links_to_files_lead_somewhere(page: Reader, reports: Path) -> None:
    files = [a.get("href") or "" for a, _ in page.all("a")]
    near = [file for file in files if not file.startswith(("#", "https://"))]
    assert near
    assert all((reports / "reports" / file).is_file() for file in near)


def test_tables(page: Reader) -> None:
    tables = page.all("table")
    assert len(page.all("caption")) == len(tables) > 0
    assert all(text for _, text in page.all("caption"))
    heads = page.all("th")
    assert {a.get("scope") for a, _ in heads} <= {"col", "row", "rowgroup"}
    assert all(text for _, text in heads)
    assert all(a.get("data-label") and a.get("role") == "cell" for a, _ in page.all("td"))


def test_pictures_have_names(reports: Path) -> None:
    for name in ("lunch", "hostile"):
        page = read(reports / "reports" / f"{name}.html")
        pictures = page.all("svg")
        assert len(pictures) == len(page.all("figure")) == len(page.all("figcaption")) > 2
        assert all(a.get("role") == "img" for a, _ in pictures)
        titles = [text for _, text in page.all("title")][1:]
        assert len(titles) == len(pictures) and all(titles)


def test_nothing_is_fetched_and_only_our_script_runs(page: Reader) -> None:
    assert not {"link", "iframe", "object", "embed", "img", "image", "base", "form"} & {
        tag for tag, _, _ in page.elements
    }
    scripts = page.all("script")
    data = [text for kind, text in scripts if kind.get("type") == "application/json"]
    ours = [text for kind, text in scripts if kind.get("type") != "application/json"]
    assert len(data) == 1 and len(ours) == 2
    assert "beforeprint" in ours[0]
    policy = next(
        a["content"]
        for a, _ in page.all("meta")
        if a.get("http-equiv") == "Content-Security-Policy"
    )
    wholes = [
        "".join(texts) for tag, a, texts in page.elements if tag == "script" and "id" not in a
    ]
    hashes = [base64.b64encode(hashlib.sha256(x.encode()).digest()).decode() for x in wholes]
    allowed = " ".join(f"'sha256-{digest}'" for digest in hashes)
    assert policy == f"default-src 'none'; style-src 'unsafe-inline'; script-src {allowed}"
    for _, attributes, _ in page.elements:
        assert not [name for name in attributes if name.startswith("on") or name == "src"]
        target = attributes.get("href") or attributes.get("xlink:href") or "#"
        assert re.match(r"#|https://|[\w%.-]+\.(html|json)$", target), target


def test_texts_of_a_model_are_text(reports: Path) -> None:
    path = reports / "reports" / "hostile.html"
    page = read(path)
    shown = "".join(text for tag, _, texts in page.elements if tag == "body" for text in texts)
    for number in (3, 4, 5, 6, 7, 8, 9, 10, 11):  # each stands there to be read
        assert f"alert({number})" in shown
    assert '<script>alert("title")</script> *bold*' in page.all("h1")[0][1]
    assert "\0" not in path.read_text() and "\x1b" not in path.read_text()
    links = [a["href"] for a, _ in page.all("a") if (a.get("href") or "").startswith("http")]
    assert set(links) == {"https://example.org/?a=1&b="}


def test_sources_that_are_references_are_links(reports: Path) -> None:
    page = read(reports / "reports" / "lunch.html")
    links = {text: a["href"] for a, text in page.all("a")}
    assert links["arXiv:2203.15556"] == "https://arxiv.org/abs/2203.15556"
    assert links["https://example.org/days"] == "https://example.org/days"


def test_numbers_are_those_of_the_document(reports: Path) -> None:
    page = read(reports / "reports" / "lunch.html")
    rows: dict[str, list[str]] = {}
    current: list[str] = []
    for tag, attributes, texts in page.elements:
        if tag == "th" and attributes.get("scope") == "row":
            current = rows.setdefault("".join(texts), [])
        elif tag == "td":
            current.append("".join(texts))
    # Uniform on 1 to 2; normal with a 90% interval of 1 to 3; 250 days of 2 to 4 USD and so on.
    assert next(cells for name, cells in rows.items() if name.startswith("factor"))[:4] == [
        "1.5",
        "1.05",
        "1.5",
        "1.95",
    ]
    assert rows["year 2026"][:4] == ["2", "1", "2", "3"]


def test_rows_of_a_group() -> None:
    rows = (
        (Cell("a", name=True),),
        (Cell("x"), Cell("1")),
        (Cell("y"), Cell("")),
        (Cell("b", name=True), Cell("2", tone="bad")),
    )
    page = Page(
        "t",
        "lead",
        (Section("s", "S", (Table("c", ("q", "v"), rows), Paragraphs("one\n\n    x = 1"))),),
        ("end",),
        Link("All", "index"),
    )
    text = html(page, lambda _: "")
    assert text.count("<tbody") == 2
    assert 'scope="rowgroup" role="rowheader" colspan="2"' in text
    assert text.count('class="member"') == 2
    assert 'class="empty"' in text and 'class="bad">✗ 2<' in text
    assert '<pre tabindex="0">x = 1</pre>' in text
    assert '<p class="up"><a href="index.html">All</a></p>' in text
