"""A model in a notebook: anywidget's Python side, without a browser."""

from typing import Any

import pytest

import guessmodel as gm
from guessmodel.errors import UsageError
from guessmodel.studio import widget as module

VIEW = "application/vnd.jupyter.widget-view+json"


def model() -> gm.Model:
    price = gm.lognormal(90, 160, "USD/person")
    people = gm.constant(40, "person")
    return gm.Model(price=price, people=people, cost=(people * price).to("USD"))


@pytest.fixture
def shown() -> Any:
    return model().widget()


def answers(shown: Any, monkeypatch: pytest.MonkeyPatch, *requests: Any) -> list[Any]:
    """What the kernel sends for the messages of a front end."""
    sent: list[Any] = []
    monkeypatch.setattr(type(shown), "send", lambda self, content: sent.append(content))
    for request in requests:
        shown._handle_custom_msg(request, [])
    return sent


def test_it_begins_with_what_is_known_at_once(shown: Any) -> None:
    start = shown.start
    assert (start["type"], start["whole"], start["file"]) == ("view", False, False)
    assert set(start["inputs"]) == {"price", "people"}
    assert "export" in shown._esm and "render" in shown._esm


def test_an_edit_moves_what_lies_behind_it(shown: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    edits = {"price": "180 to 320"}
    moved, changed, *_, settled, whole = answers(
        shown,
        monkeypatch,
        {"type": "move", "id": 1, "edits": edits, "moved": "price"},
        {"type": "edit", "id": 2, "edits": edits},
        {"type": "settle", "id": 3, "edits": edits},
        {"type": "whole", "id": 4, "edits": edits},
    )
    for answer in (moved, changed, settled):
        # 40 people at 243.70 USD: sqrt(a b) exp(s²/2) with s = ln(b / a) / 3.28971.
        assert answer["boxes"]["cost"][0]["numbers"]["mean"] == pytest.approx(9748, rel=0.01)
    assert (whole["type"], whole["whole"], whole["id"]) == ("view", True, 4)


@pytest.mark.parametrize("kind", ["diff", "save"])
def test_there_is_no_file(shown: Any, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    (answer,) = answers(shown, monkeypatch, {"type": kind, "edits": {}, "stamp": ""})
    assert answer["error"]["text"] == "there is no file here to be written"


@pytest.mark.parametrize("content", [None, [], "edit", {"type": "edit"}, {"type": "__init__"}])
def test_what_is_no_request_is_not_heard(
    shown: Any, monkeypatch: pytest.MonkeyPatch, content: Any
) -> None:
    assert answers(shown, monkeypatch, content) == []


def test_without_the_extra_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"pip install 'guessmodel\[widget\]'"):
        model().widget()


def test_a_run_is_shown_as_a_page_and_as_a_table() -> None:
    from IPython.core.formatters import DisplayFormatter

    simulation = model().sample(4096, seed=3)
    found, _ = DisplayFormatter().format(simulation)
    assert VIEW in found and "<table" in found["text/html"]
    shown = module.page_of(simulation)
    assert shown.start["view"]["run"] == "4,096 samples, nets, seed 3"
    assert shown.start["inputs"] == {}  # to be looked at
    exact = {box["name"]: box["elements"][0] for box in shown.start["view"]["boxes"]}
    assert exact["cost"]["numbers"]["mean"] == pytest.approx(simulation["cost"].mean().value)


def test_a_run_without_a_page_is_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    made = model()
    assert made.sample(4096, quantities=["cost"])._repr_mimebundle_() == {}
    assert made.sample(4096, keep=False)._repr_mimebundle_() == {}
    assert made.sample(4096).given("cost > 4000 USD")._repr_mimebundle_() == {}
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    assert made.sample(4096)._repr_mimebundle_() == {}
