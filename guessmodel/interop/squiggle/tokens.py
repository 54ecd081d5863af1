"""Which line breaks of a script separate statements: lark sees no others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import final

from lark import Token

from guessmodel.interop.squiggle.refusals import Refused
from guessmodel.interop.squiggle.syntax import Comment, Place

__all__ = ["DEEPEST", "MOST_TOKENS", "Separators"]

DEEPEST = 60  # brackets inside brackets
MOST_TOKENS = 100_000

_OPENING = {"(": ")", "[": "]", "{": "}"}
# A statement that ends in one of these goes on in the next line, and one goes on that begins so.
_GOES_ON = frozenset(
    (*"([{|*/+-^!<>=?,:@", "||", "&&", "==", "!=", "<=", ">=", ".-", ".+", ".*", "./", ".^", "::")
) | {"->", "to", "if", "then", "else"}
_WENT_ON = frozenset((*")]},:?=|", "->", "to", "then", "else"))


@final
class Separators:
    """Follows the lexer: comments are put aside, line breaks that separate become _SEP."""

    always_accept = ("COMMENT", "NEWLINE", "SEMICOLON")

    def __init__(self) -> None:
        self.comments: list[Comment] = []

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        """Tokens for the parser. Raises Refused for scripts that are too deep or too long."""
        self.comments = []
        opened: list[str] = []
        last: Token | None = None
        waiting: Token | None = None
        for count, token in enumerate(stream):
            if count >= MOST_TOKENS:
                raise Refused(f"the script has more than {MOST_TOKENS:,} words", place(token))
            if token.type == "COMMENT":
                self._keep(token, last, len(opened))
                continue
            if token.type in ("NEWLINE", "SEMICOLON"):
                if waiting is None or token.type == "SEMICOLON":
                    waiting = token
                continue
            if waiting is not None and last is not None and _apart(waiting, last, token, opened):
                yield Token.new_borrow_pos("_SEP", "\n", waiting)
            waiting = None
            if token in _OPENING:
                opened.append(str(token))
                if len(opened) > DEEPEST:
                    raise Refused(f"more than {DEEPEST} brackets inside one another", place(token))
            elif opened and token == _OPENING[opened[-1]]:
                opened.pop()
            last = token
            yield token

    def _keep(self, token: Token, last: Token | None, depth: int) -> None:
        text = str(token)
        body = text[2:] if text.startswith("//") else text[2:-2]
        beside = last is not None and last.end_line == token.line
        self.comments.append(Comment(token.end_line or 0, body, beside, depth))


def place(token: Token) -> Place:
    """Where a token begins."""
    return Place(token.line or 1, token.column or 1)


def _apart(waiting: Token, last: Token, token: Token, opened: list[str]) -> bool:
    if waiting.type == "SEMICOLON":
        return token != "}"
    inside = bool(opened) and opened[-1] in "(["
    return not inside and last not in _GOES_ON and token not in _WENT_ON
