"""Names for the model file: as in the script, but in snake_case."""

from __future__ import annotations

import re
import unicodedata

from guessmodel.interop.identifiers import RESERVED

__all__ = ["LONGEST", "path_name"]

LONGEST = 48
_SHORTEST = 12  # of a part that is shortened
_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def path_name(*parts: str) -> str:
    """A Python name made of words of any kind; where it is long, the first parts are shortened.

    >>> path_name("annualCostUSD"), path_name("fees", "per user (€)"), path_name("2024")
    ('annual_cost_usd', 'fees_per_user', 'n2024')
    >>> path_name("expectationsAfterTheTransformation", "valuePerYear", "lognormal")
    'expectations_after_the_value_per_year_lognormal'
    """
    words = [_words(part) for part in parts]
    for i, one in enumerate(words):
        excess = len("_".join(filter(None, words))) - LONGEST
        if excess > 0:
            kept = one[: max(len(one) - excess, _SHORTEST)]
            whole = kept.rpartition("_")[0] if len(kept) < len(one) else kept
            words[i] = (whole or kept).strip("_")
    name = "_".join(filter(None, words))[:LONGEST].strip("_") or "value"
    if name[0].isdigit():
        name = f"n{name}"
    return f"{name}_" if name in RESERVED or name == "l" else name


def _words(part: str) -> str:
    text = unicodedata.normalize("NFKD", _HUMPS.sub("_", part))
    plain = text.encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")
