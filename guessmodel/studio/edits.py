"""What was typed on a page: which edits can be made, what is wrong with the others, and what lies
behind them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple, final

from guessmodel.engine.behind import depending
from guessmodel.errors import GuessmodelError, UsageError
from guessmodel.model.elements import pick
from guessmodel.model.model import Model
from guessmodel.model.overrides import alone

__all__ = ["Edited", "Editor", "Edits", "said"]

_KNOWN: Final = 256  # edits whose errors are remembered
Edits = Mapping[str, str]
"""What was typed, by the name of the quantity (`price`, or `price[2025]` for one label)."""


class Edited(NamedTuple):
    """A model with the edits that can be made, these, and what is wrong with the others."""

    model: Model
    made: dict[str, str]
    errors: dict[str, str]


@final
@dataclass(eq=False)
class Editor:
    """Edits of a model as its file has it."""

    model: Model
    _errors: dict[tuple[str, str], str | None] = field(default_factory=dict)

    def edited(self, edits: Edits) -> Edited:
        """The model with edits; each is tried by itself, so that one that is wrong stops none."""
        made, errors = {}, {}
        for name, text in edits.items():
            error = self._error(name, text)
            if error is None:
                made[name] = text
            else:
                errors[name] = error
        return Edited(self.model.with_(made) if made else self.model, made, errors)

    def named(self, key: str) -> str:
        """The name of the quantity of which a key may be one label."""
        return pick(self.model, key)[0]

    def split(self, edits: Edits, key: str) -> tuple[Edits, Edits]:
        """Edits of the quantity of a key, at whatever labels, and all others."""
        name = self.named(key)
        own = {each: text for each, text in edits.items() if self.named(each) == name}
        return own, {each: text for each, text in edits.items() if each not in own}

    def behind(self, edits: Iterable[str], shown: Iterable[str]) -> list[str]:
        """Which of the names shown depend on edited quantities, or are these themselves."""
        quantities, known = self.model.quantities, set(shown)
        edited = {quantities[self.named(key)] for key in edits}
        moved = edited | depending(quantities.values(), edited)
        return [name for name, q in quantities.items() if q in moved and name in known]

    def _error(self, name: str, text: str) -> str | None:
        key = name, text
        if key not in self._errors:
            if len(self._errors) > _KNOWN:
                self._errors.clear()
            try:
                self._check(name, text)
                self._errors[key] = None
            except GuessmodelError as error:
                self._errors[key] = said(error, name)
        return self._errors[key]

    def _check(self, name: str, text: str) -> None:
        plain = self.named(name)
        if self.model.quantities[plain].kind == "derived":
            raise UsageError(f"'{plain}' follows from others; edit one of those")
        if not text.strip():
            raise UsageError("write a value, such as 5 to 8 USD/hour")
        alone(self.model, plain, frozenset()).with_({name: text})


def said(error: GuessmodelError, name: str) -> str:
    """What is wrong, without the name of the quantity beside which it stands."""
    return error.message.removeprefix(f"{name}: ")
