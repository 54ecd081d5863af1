"""Text of a model cut into plain text, code and links, for each renderer to write in its way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

__all__ = ["Inline", "inlines"]

# Only these become links: `javascript:` and other schemes in a model's text do not.
_CODE = r"`(?P<code>[^`\n]+)`"
_URL = r"(?P<url>https?://[^\s<>\"'`|\\^{}]+[^\s<>\"'`|\\^{}.,;:!?)\]])"
_ARXIV = r"(?P<arxiv>arXiv:\d{4}\.\d{4,5}(?:v\d+)?)"
_DOI = r"(?P<doi>doi:10\.\d{4,9}/[\w.()/:;-]*\w)"
_PIECES = re.compile("|".join((_CODE, _URL, _ARXIV, _DOI)))


class Inline(NamedTuple):
    """A stretch of text; `target` is where it links to."""

    text: str
    code: bool = False
    target: str = ""


def inlines(text: str) -> Iterator[Inline]:
    """The stretches of a text, in order.

    >>> [piece.target or piece.text for piece in inlines("see `x`, arXiv:2203.15556.")]
    ['see ', 'x', ', ', 'https://arxiv.org/abs/2203.15556', '.']
    """
    place = 0
    for match in _PIECES.finditer(text):
        if match.start() > place:
            yield Inline(text[place : match.start()])
        yield _inlined(match)
        place = match.end()
    if place < len(text):
        yield Inline(text[place:])


def _inlined(match: re.Match[str]) -> Inline:
    text = match[0]
    if match["code"]:
        return Inline(match["code"], code=True)
    if match["arxiv"]:
        return Inline(text, target=f"https://arxiv.org/abs/{text.partition(':')[2]}")
    if match["doi"]:
        return Inline(text, target=f"https://doi.org/{text.partition(':')[2]}")
    return Inline(text, target=text)
