"""Text of others, where it is shown: nothing in it acts."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from guessmodel.escaping import is_harmless, shown, shown_in_json, shown_in_log, shown_line

TEXTS = st.text(st.characters() | st.sampled_from(":#[\n\t \x1b\u202e\ud800"), max_size=12)
BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def acts(character: str) -> bool:
    """By Unicode's tables: controls, surrogates, separators of lines, bidirectional ones."""
    return (
        unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp")
        or unicodedata.bidirectional(character) in BIDI
        or character in "\ufffe\uffff"
    )


@given(TEXTS)
def test_nothing_acts(text: str) -> None:
    for how in (shown, shown_line, shown_in_log):
        found = how(text)
        assert not [c for c in found if acts(c) and c not in "\t\n"]
        found.encode()
    assert not [c for c in shown_line(text) if acts(c)]
    assert is_harmless(text) == (not [c for c in text if acts(c)])
    if is_harmless(text):
        assert shown(text) == shown_line(text) == text


@given(TEXTS)
def test_no_line_is_an_order(text: str) -> None:
    for line in shown_in_log(text).split("\n"):
        assert not line.lstrip().startswith("::")
        assert "##[" not in line
        assert "##vso[" not in line


@given(TEXTS)
def test_json_stays_what_it_is(text: str) -> None:
    import json

    escaped = shown_in_json(json.dumps([text], ensure_ascii=False))
    assert json.loads(escaped) == [text]
    assert not [c for c in escaped if acts(c)]
    assert "##[" not in escaped


def test_every_character_of_unicode() -> None:
    for code in range(0x110000):
        assert is_harmless(chr(code)) != acts(chr(code)), hex(code)


def test_ordinary_texts_stay() -> None:
    for text in ("naïve ± 5 µs", "日本語", "שלום", "👩‍🔬", "a::b, #5", "C:\\x1b"):
        assert shown_in_log(text) == shown_line(text) == text
