"""Paragraphs, and names of files."""

from hypothesis import given
from hypothesis import strategies as st

from guessmodel.report.page import paragraphs, slug


@given(st.text())
def test_slugs_are_names_of_files_in_their_own_folder(text: str) -> None:
    made = slug(text)
    assert made
    assert all(c.isascii() and (c.isalnum() or c in "_-") for c in made)


@given(st.text())
def test_paragraphs_keep_all_words(text: str) -> None:
    assert " ".join(part for _, part in paragraphs(text)).split() == text.split()


def test_long_names_are_cut_and_still_differ() -> None:
    ordinary = 100 * "x"
    assert slug(ordinary) == ordinary
    one, other = slug(ordinary + "a"), slug(ordinary + "b")
    assert one != other
    assert one[:80] == ordinary[:80]
    assert len(one) == len(other) == 100
