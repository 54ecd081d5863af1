"""A model whose every text is hostile, through every command: all that comes out is well-formed,
and nothing in it acts."""

import json
import random
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree

import pytest

from guessmodel.cli.main import main
from guessmodel.escaping import shown

PIECES = [
    "\x00", "\x1b[31m", "\x1b]0;title\x07", "\x9b2J", "\r", "\n", "\n::error::", "::warning::",
    "##[group]", "##vso[task]", "\u202e", "\u2066", "\ud800", "\udfff", "\ufffe", "\u2028", "\x85",
    "<script>alert(1)</script>", "</td>", "]]>", "&", "&amp;", '"', "'", "`", "|", "$x$", "*b*",
    "[a](javascript:alert(1))", "<img src=x onerror=alert(1)>", "-->", "a", "é", "日", "%s", "{0}",
]  # fmt: skip
MODEL = """{doc!r}
import guessmodel as gm
x = gm.normal(1, 3, "USD", doc={doc!r}, source={source!r})
parts = gm.lognormal({{{label!r}: (1, 2), "b": (2, 3)}}, unit="USD", dim="d", source={source!r})
rate = gm.constant(1)
net = rate * parts - x
total = parts.sum("d") + x
best = parts.idxmin("d")
gm.claim(x, mean="2 USD", source={source!r}, note={note!r})
gm.claim(parts, mean="9 USD", at={{"d": {label!r}}}, note={note!r}, source={source!r})
"""


OWN = {
    (files("guessmodel") / "report" / "page.js").read_text(),
    (files("guessmodel") / "page" / "dist" / "page.js").read_text(),
}


class Page(HTMLParser):
    """A page without a script but its own, an event handler, or an address that runs one."""

    is_data = False

    def handle_data(self, data: str) -> None:
        if self.cdata_elem != "script":
            return
        if self.is_data:
            json.loads(data)  # all of it: no text of a model ends the element
        else:
            assert data in OWN

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.is_data = ("type", "application/json") in attrs
        assert tag not in ("img", "iframe", "object", "embed", "form")
        for name, value in attrs:
            assert not name.startswith("on")
            assert not (name in ("href", "src") and (value or "").startswith("javascript:"))


def text(chance: random.Random) -> str:
    return "".join(chance.choice(PIECES) for _ in range(chance.randint(1, 5)))


def check_log(told: str) -> None:
    assert shown(told) == told
    for line in told.splitlines():
        assert not line.lstrip().startswith("::")
        assert "##[" not in line
        assert "##vso[" not in line


def check_file(path: Path) -> None:
    found = path.read_text(encoding="utf-8")
    assert shown(found) == found
    if path.suffix in (".svg", ".xml"):
        ElementTree.fromstring(found)
    elif path.suffix == ".json":
        json.loads(found)
    elif path.suffix == ".html":
        Page().feed(found)


@pytest.mark.filterwarnings("ignore:Glyph .* missing from:UserWarning")
def test_every_command(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    long: bool,
) -> None:
    monkeypatch.chdir(tmp_path)
    model = Path("model.py")
    for seed in range(60 if long else 2):
        chance = random.Random(seed)
        texts = {key: text(chance) for key in ("doc", "source", "label", "note")}
        model.write_text(MODEL.format(**texts), encoding="utf-8")
        for words in (
            ["run", "model.py", "--samples", "64"],
            ["run", "model.py", "--samples", "64", "--json"],
            ["check", "model.py", "--samples", "64", "--junit", "out.xml"],
            ["check", "model.py", "--samples", "64", "--json"],
            ["check", "model.py", "--samples", "64", "--markdown"],
            ["report", "model.py", "-o", "out", "--samples", "64"],
            ["report", "model.py", "-o", "out", "--verify"],
            ["plot", "model.py", "parts", "-o", "out.svg", "--samples", "64"],
            ["sensitivity", "model.py", "parts", "--samples", "1024"],
            ["sensitivity", "model.py", "parts", "--samples", "1024", "--json"],
            ["sweep", "model.py", "net", "--over", "rate=0.1..9:3", "--samples", "64"],
            ["sweep", "model.py", "net", "--over", "rate=1, 2", "--samples", "64", "--json"],
            ["seek", "model.py", "total", "--target", "9", "--by", "x", "--samples", "64"],
            ["plot", "model.py", "--kind", "graph", "-o", "graph.svg"],
        ):
            assert main(words) in (0, 1), (seed, words, capsys.readouterr().err)
            out, err = capsys.readouterr()
            check_log(out)
            check_log(err)
            if "--json" in words:
                json.loads(out)
        for path in (
            Path("out.xml"),
            Path("out.svg"),
            Path("graph.svg"),
            *Path("out").rglob("*.*"),
        ):
            check_file(path)
