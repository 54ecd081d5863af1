"""What a script says beside its code: comments, titles and descriptions."""

from __future__ import annotations

import re

from guessmodel.interop.squiggle.syntax import Block, Expression, Program, Record, Statement, Text

__all__ = ["Comments", "joined"]


class Comments:
    """Comments of a program, each told once, in the order of its lines."""

    def __init__(self, program: Program) -> None:
        self._waiting = list(program.comments)

    def of(self, statement: Statement) -> list[str]:
        """Comments above a statement, back to the one before, and beside its first line."""
        return self._until(statement.place.line)

    def of_entries(
        self, expression: Expression, path: tuple[str, ...]
    ) -> dict[tuple[str, ...], list[str]]:
        """Comments of the entries of a dict that is written out, by their path."""
        if isinstance(expression, Block):
            self._until(expression.value.place.line)
            return self.of_entries(expression.value, path)
        found: dict[tuple[str, ...], list[str]] = {}
        if isinstance(expression, Record):
            for key, value in expression.entries:
                if isinstance(key, Text):
                    inner = (*path, key.value)
                    found[inner] = self._until(key.place.line, inside=True)
                    found |= self.of_entries(value, inner)
        return found

    def _until(self, line: int, *, inside: bool = False) -> list[str]:
        """Comments up to a line; those inside brackets only where it is `inside`, too. One beside
        an earlier line is about what is not told of, and lost."""
        found = []
        while self._waiting and self._waiting[0].line <= line:
            comment = self._waiting.pop(0)
            if comment.line == line or not (comment.beside or (comment.depth and not inside)):
                found.append(comment.text)
        return [text for text in map(_tidied, found) if text]


def joined(title: str, text: str) -> str:
    """A title and a description as one text."""
    if title and text:
        return f"{title.rstrip('.')}. {text}"
    return title or text


def _tidied(text: str) -> str:
    """A comment without the rules and stars that frame it."""
    lines = [re.sub(r"^[\s*/=#-]+|[\s*/=#-]+$", "", line) for line in text.splitlines()]
    return "\n".join(line for line in lines if line)
