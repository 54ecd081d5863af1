"""The live page in a notebook: a model that can be tried, or a run that can be looked at.

The front end is the same module as everywhere (`page/dist/page.js`), and messages are those of the
studio's server; here the kernel answers them. Where there is no kernel, the page shows what it
began with.
"""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

from guessmodel.errors import GuessmodelError, needed
from guessmodel.simulation import Simulation
from guessmodel.studio.answering import Answering, encoded
from guessmodel.studio.requests import checked
from guessmodel.studio.sheet import Sheet

if TYPE_CHECKING:
    from guessmodel.model.model import Model

__all__ = ["bundle", "page_of", "widget"]

_MOST: Final = 1 << 23  # numbers of a run that is made again to be looked at


def widget(model: Model) -> Any:
    """A model as a widget: inputs are typed and dragged, what lies behind them follows.

    Raises UsageError where the extra `widget` is not installed.
    """
    needed("anywidget", "widget")
    page = Answering(
        Sheet.of_model(model), None, frozenset(), lambda: None, lambda some: made.send(_plain(some))
    )
    made = _kind()(start=_plain({"type": "view", "whole": False, **page.shown()}))

    def take(_: Any, content: Any, buffers: Any) -> None:
        try:
            request = checked(content)
        except ValueError:
            return
        if request["type"] == "open":
            made.send(_plain({"type": "view", "whole": False, **page.shown()}))
        else:
            made.send(_plain(page.answer(request)))

    made.on_msg(take)
    return made


def bundle(simulation: Simulation) -> dict[str, Any]:
    """What a notebook shows of a run beside its table: a page to look at, if there is one."""
    page = page_of(simulation)
    found = None if page is None else page._repr_mimebundle_()
    return found[0] if isinstance(found, tuple) else found or {}


def page_of(simulation: Simulation) -> Any | None:
    """A widget that shows a run; None where the extra is not installed, of a run under a condition,
    of a part of its model, or so large that it would take long to make it again."""
    whole = simulation.model.quantities.keys() == set(simulation.names)
    small = simulation.tallies is None and simulation.run.samples * len(simulation) <= _MOST
    if not whole or not small or simulation.condition is not None or find_spec("anywidget") is None:
        return None
    run = simulation.run
    try:
        sheet = Sheet.of_model(
            simulation.model, samples=run.samples, seed=run.seed, method=run.method
        )
    except GuessmodelError:
        return None
    page = Answering(sheet, None, frozenset(), lambda: None, lambda some: None)
    nothing: dict[str, Any] = {"inputs": {}, "scenarios": []}
    return _kind()(start=_plain({"type": "view", "whole": True, **page.shown(), **nothing}))


def _plain(message: Any) -> Any:
    return json.loads(encoded(message))


@cache
def _kind() -> Any:
    """The widget's class; made at first, for its package is an extra."""
    import anywidget
    import traitlets

    class Page(anywidget.AnyWidget):
        """A page of guessmodel."""

        _esm = (files("guessmodel.page") / "dist/page.js").read_text(encoding="utf-8")
        start = traitlets.Dict().tag(sync=True)

    return Page
