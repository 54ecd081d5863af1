"""Text that somebody else wrote, made harmless for where it is shown.

Names, labels, descriptions and sources may hold any character. Those that control a terminal,
reverse the order of what is read, or cannot stand in a file of UTF-8 or XML are shown as Python
would write them: `\\x1b`.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = [
    "is_harmless",
    "literal_markdown",
    "shown",
    "shown_in_json",
    "shown_in_log",
    "shown_in_markdown",
    "shown_line",
]

# C0 but tab and newline, delete, C1; what embeds, overrides or isolates a direction; line
# separators; halves of surrogate pairs; what is no character.
_HARMFUL: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_BREAK: Final = re.compile("[\t\n]")
# What services that run tests take for an order to them (`::error::`, `##[group]`, `##vso[…]`).
_ORDER: Final = re.compile(r"^(\s*):(?=:)|()#(?=#(?:vso)?\[)", re.MULTILINE)
# What would be markup within a line; `_` only at the edge of a word, `]` only before what makes it
# a link.
_MARKUP: Final = re.compile(r"([\\`*|~$]|\](?=[(\[])|(?<![^\W_])_|_(?![^\W_]))")
_ORDER_INSIDE: Final = re.compile(r"#(?=#(?:vso)?\[)")


def is_harmless(text: str) -> bool:
    """Whether a text has none of these characters, and is one line."""
    return not _HARMFUL.search(text) and not _BREAK.search(text)


def shown(text: str) -> str:
    """The text with these characters escaped; it may have several lines.

    >>> print(shown("red \\x1b[31m, one\\u202eway"))
    red \\x1b[31m, one\\u202eway
    """
    return _HARMFUL.sub(_escaped, text)


def shown_line(text: str) -> str:
    """The same for what has to stay one line.

    >>> print(shown_line("two\\nlines"))
    two\\nlines
    """
    return _BREAK.sub(_escaped, shown(text))


def shown_in_log(text: str) -> str:
    """The same for a terminal or the log of a CI service, which follows orders in it.

    >>> print(shown_in_log("::error::all is lost"))
    \\x3a:error::all is lost
    """
    return _ORDER.sub(lambda m: f"{m[1] or ''}\\x{ord(m[0].lstrip()[0]):02x}", shown(text))


def shown_in_json(text: str) -> str:
    """JSON with these characters, and orders to a CI service, escaped as JSON has it; they stand in
    strings only. No line of JSON begins with `::`."""
    harmless = _HARMFUL.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    return _ORDER_INSIDE.sub(r"\\u0023", harmless)


def literal_markdown(text: str) -> str:
    """Markdown within a line, or in a cell of a table, that stands for harmless text as it is.

    >>> print(literal_markdown("a_b *c* | <d>"))
    a_b \\*c\\* \\| &lt;d&gt;
    """
    from html import escape

    return _MARKUP.sub(r"\\\1", escape(text, quote=False))


def shown_in_markdown(text: str) -> str:
    """The same of any text, which becomes one line."""
    return literal_markdown(" ".join(shown(text).split()))


def _escaped(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape").decode("ascii")
