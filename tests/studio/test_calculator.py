"""A calculator: what leaves the server is reduced to some quantities, and little can be asked."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient, WebSocketTestSession

from guessmodel.errors import UsageError
from guessmodel.files import replace_file
from guessmodel.studio.access import Access
from guessmodel.studio.app import Studio, app_of
from guessmodel.studio.server import serve

from .conftest import ORIGIN, PLAN, SOCKET, asked, edit, opened, told


@pytest.fixture
def sealed(folder: Path, access: Access) -> Iterator[WebSocketTestSession]:
    """A page of a calculator of some quantities."""
    studio = Studio(folder / "plan.py", ("price", "people", "late"))
    with TestClient(app_of(studio, access), base_url=ORIGIN) as client:
        client.get("/", params={"token": access.token})
        with client.websocket_connect(SOCKET, headers={"origin": ORIGIN}) as found:
            yield found


def test_a_calculator_tells_values_and_forms_alone(sealed: WebSocketTestSession) -> None:
    shown = opened(sealed)
    view = shown["view"]
    assert [box["name"] for box in view["boxes"]] == ["people", "price", "late"]
    assert set(shown["inputs"]) == {"people", "price"}
    assert [card["name"] for card in view["cards"]] == ["late"]
    for box in view["boxes"]:
        assert (box["definition"], box["source"], box["where"], box["uses"]) == ("", "", "", [])
    assert set(edit(sealed, {"price": "180 to 320"})["boxes"]) == {"price"}  # not what it costs
    asked_for = {"type": "settle", "id": 7, "edits": {"price": "180 to 320"}, "first": "cost"}
    sealed.send_text(json.dumps(asked_for))
    some, settled = told(sealed, "some"), told(sealed, "changed")
    assert set(some["boxes"]) == {"price"}
    assert set(settled["boxes"]) == {"price"} and settled["claims"] is None
    whole = asked(sealed, "whole", "view")
    assert "days" not in json.dumps(whole) and "offers" not in json.dumps(whole)


@pytest.mark.parametrize("kind", ["diff", "save", "page", "drivers", "compare", "sweep"])
def test_a_calculator_is_asked_for_nothing_else(sealed: WebSocketTestSession, kind: str) -> None:
    opened(sealed)
    more = {"stamp": "", "variants": [], "moved": "price", "texts": []}
    error = asked(sealed, kind, "failed", **more)["error"]
    assert error == {"text": "this page is a calculator"}


@pytest.mark.parametrize("kind", ["edit", "move", "hold", "settle"])
def test_a_calculator_moves_nothing_that_it_does_not_show(
    sealed: WebSocketTestSession, kind: str
) -> None:
    opened(sealed)
    error = asked(sealed, kind, "failed", edits={"days": "3 to 4"}, moved="days")["error"]
    assert error == {"text": "the model cannot do that at present"}


def test_a_calculator_does_not_quote_the_file(sealed: WebSocketTestSession, folder: Path) -> None:
    opened(sealed)
    replace_file(folder / "plan.py", PLAN.replace("people * price", "people + price"))
    assert told(sealed, "broken")["error"] == {"text": "the model cannot do that at present"}


def test_a_name_that_a_calculator_does_not_find(folder: Path, access: Access) -> None:
    with TestClient(
        app_of(Studio(folder / "plan.py", ("pric",)), access), base_url=ORIGIN
    ) as client:
        client.get("/", params={"token": access.token})
        with client.websocket_connect(SOCKET, headers={"origin": ORIGIN}) as socket:
            socket.send_text(json.dumps({"type": "open", "model": "plan.py"}))
            text = told(socket, "broken")["error"]["text"]
    assert text == "--calculator: plan has no quantity 'pric'; did you mean 'price'?"


def test_a_calculator_is_of_one_file(folder: Path) -> None:
    with pytest.raises(UsageError, match="name its file, not the folder"):
        serve(folder, browser=False, calculator=["price"])
