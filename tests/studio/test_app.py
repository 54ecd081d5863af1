"""The server's protocol, and who it does not talk to."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from guessmodel.claims.checking import sampled_and_checked
from guessmodel.files import replace_file
from guessmodel.model.model import Model
from guessmodel.report.document import described
from guessmodel.report.view import view
from guessmodel.studio.access import Access, own_key

from .conftest import ORIGIN, PLAN, PORT, SOCKET, asked, edit, noticed, opened, told

# --- who is let in ------------------------------------------------------------------------------


def test_the_token_is_exchanged_for_a_cookie(stranger: TestClient, access: Access) -> None:
    answer = stranger.get("/", params={"token": access.token}, follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/"  # the token is gone from the address
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie and access.token not in cookie


def test_nothing_without_the_cookie(stranger: TestClient) -> None:
    assert stranger.get("/").status_code == 403
    assert stranger.get("/page.js").status_code == 403
    assert stranger.get("/", params={"token": "guessed"}).status_code == 403
    with (
        pytest.raises(WebSocketDisconnect),
        stranger.websocket_connect(SOCKET, headers={"origin": ORIGIN}),
    ):
        pass


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "https://evil.example",
        f"http://evil.example:{PORT}",
        "http://127.0.0.1:80",
        f"https://127.0.0.1:{PORT}",
        f"{ORIGIN}.evil.example",
    ],
)
def test_pages_of_others_open_no_socket(client: TestClient, origin: str | None) -> None:
    headers = {} if origin is None else {"origin": origin}
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect(SOCKET, headers=headers),
    ):
        pass


@pytest.mark.parametrize(
    "host", ["evil.example", f"evil.example:{PORT}", "127.0.0.1", "127.0.0.1:1", "", "0.0.0.0:8731"]
)
def test_a_name_that_was_made_to_lead_here_is_refused(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 421
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect(SOCKET, headers={"origin": ORIGIN, "host": host}),
    ):
        pass


def test_headers(client: TestClient) -> None:
    for path in ("/", "/page.js", "/nothing"):
        headers = client.get(path).headers
        assert headers["referrer-policy"] == "no-referrer"
        policy = headers["content-security-policy"]
        assert "script-src 'self';" in policy and "default-src 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"
    assert "<script>" not in client.get("/").text


@pytest.mark.parametrize("path", ["/plan.py", "/../plan.py", "/page.js/../../app.py", "/%2e%2e/x"])
def test_no_file_is_served(client: TestClient, path: str) -> None:
    assert client.get(path).status_code in (404, 421)


@pytest.mark.parametrize(
    "model", ["../secret.py", "/etc/passwd", "plan", "", "..", "link.py", "sub/../plan.py"]
)
def test_no_path_leads_out_of_the_folder(
    folder: Path, socket: WebSocketTestSession, model: str
) -> None:
    (folder.parent / "secret.py").write_text(PLAN)
    (folder / "link.py").symlink_to(folder.parent / "secret.py")
    socket.send_text(json.dumps({"type": "open", "model": model}))
    assert told(socket, "failed")["error"]["text"] == "there is no such model"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "null",
        '{"type": "open"}',
        '{"type": "open", "model": 3}',
        '{"type": "edit"}',
        '{"type": "edit", "edits": []}',
        '{"type": "edit", "edits": {"price": 3}}',
        json.dumps({"type": "edit", "edits": {"price": "1" * 1001}}),
        '{"type": "__init__", "edits": {}}',
        *map(
            json.dumps,
            [
                {"type": "move", "edits": {}},
                {"type": "move", "edits": {}, "moved": 3},
                {"type": "hold", "edits": [], "moved": "price"},
                {"type": "sweep", "edits": {}, "moved": "price", "texts": "3"},
                {"type": "sweep", "edits": {}, "moved": "price", "texts": ["3"] * 101},
                {"type": "sweep", "edits": {}, "moved": "price", "texts": ["3" * 1001]},
                {
                    "type": "compare",
                    "edits": {},
                    "variants": [{"name": "a", "edits": {}, "scenario": 3}],
                },
                {"type": "compare", "edits": {}, "variants": [{"name": "a", "scenario": None}]},
                {"type": "compare", "edits": {}, "variants": ["a"]},
                {"type": "save", "edits": {}},
                {"type": "settle"},
                {"type": "settle", "edits": {}, "first": 3},
                {"type": "held", "edits": {}},
                [],
            ],
        ),
    ],
)
def test_what_is_no_request(socket: WebSocketTestSession, text: str) -> None:
    socket.send_text(text)
    assert told(socket, "failed")["error"]["text"] == "not a request"
    assert opened(socket)["view"]["model"] == "plan"  # and it goes on


def test_the_key_is_kept_and_private(tmp_path: Path) -> None:
    place = tmp_path / "state"
    first = own_key(place)
    assert own_key(place) == first
    assert (place / "studio.key").stat().st_mode & 0o077 == 0
    (tmp_path / "file").write_text("")
    assert len(own_key(tmp_path / "file" / "below")) == 32  # cannot be kept


def test_the_cookie_is_of_a_folder_and_a_port(folder: Path) -> None:
    one = Access(PORT, folder, b"k" * 32)
    assert one.cookie == Access(PORT, folder, b"k" * 32).cookie
    others = [(PORT, folder.parent, b"k" * 32), (1, folder, b"k" * 32), (PORT, folder, b"l" * 32)]
    assert one.cookie not in {Access(*other).cookie for other in others}
    assert one.token != Access(PORT, folder, b"k" * 32).token


# --- what it tells ------------------------------------------------------------------------------


def test_a_model_and_what_follows_from_an_edit(socket: WebSocketTestSession) -> None:
    shown = opened(socket)
    assert {box["name"] for box in shown["view"]["boxes"]} >= {"price", "cost"}
    assert shown["inputs"]["price"]["texts"] == ["90 to 160 USD/person"]
    for kind in ("move", "edit", "settle"):
        changed = edit(socket, {"price": "180 to 320"}, kind)
        assert changed["id"] == 7 and changed["errors"] == {}
        assert set(changed["boxes"]) == {"price", "cost"}  # and nothing that is not behind it
        assert changed["boxes"]["price"][0]["numbers"]["p5"] == pytest.approx(180, rel=0.02)
        assert (changed["claims"] is None) == (kind != "settle")
    assert changed["claims"][0]["verdict"] == "falls short"


def test_what_is_looked_at_is_settled_before_the_rest(
    folder: Path, socket: WebSocketTestSession
) -> None:
    more = "".join(f"x{k} = people * {k}\n" for k in range(1, 7))
    noticed(socket, folder / "plan.py", f"{PLAN}{more}gm.headline(cost)\ngm.headline(late)\n")
    opened(socket)
    asked = {"type": "settle", "id": 3, "edits": {"people": "50"}, "first": "x5"}
    socket.send_text(json.dumps(asked))
    parts: list[dict[str, Any]] = []
    while (message := json.loads(socket.receive_text()))["type"] == "some":
        assert message["id"] == 3
        parts.append(message["boxes"])
    assert message["type"] == "changed" and message["settled"]
    # Of the answers `late` does not depend on it; the others come together.
    assert [len(part) for part in parts[:2]] == [1, 1]
    assert [*parts[0], *parts[1]] == ["cost", "x5"]
    together = {name: boxes for part in parts for name, boxes in part.items()}
    assert together.keys() == message["boxes"].keys()
    for name, boxes in together.items():
        figures = [{**each, "shape": None} for each in boxes]
        assert figures == [{**each, "shape": None} for each in message["boxes"][name]]


def test_the_file_is_told_at_once_and_then_as_a_report_has_it(
    socket: WebSocketTestSession, folder: Path
) -> None:
    first = opened(socket)
    socket.send_text(json.dumps({"type": "whole", "id": 1, "edits": {}}))
    second = told(socket, "view")
    assert (first["whole"], second["whole"]) == (False, True)
    model = Model.from_file(folder / "plan.py")
    simulation, checked = sampled_and_checked(model)
    exact = view(model, simulation, described(model, simulation, checked, {}))
    assert second["view"] == json.loads(json.dumps(exact))
    for rough, box in zip(first["view"]["boxes"], exact["boxes"], strict=True):
        for one, other in zip(rough["elements"], box["elements"], strict=True):
            for key, number in one["numbers"].items():
                assert number == pytest.approx(other["numbers"][key], rel=1e-3), (box["name"], key)
            assert ("shape" in one) == ("shape" in other)
            if "shape" in one:
                assert one["shape"]["kind"] == other["shape"]["kind"]


def test_what_is_asked_at_once_overtakes_what_takes_long(
    socket: WebSocketTestSession, folder: Path
) -> None:
    gate = folder / "gate"
    gate.touch()
    slow = f"""
from pathlib import Path
from time import sleep

def waits(x):
    while not Path({str(gate)!r}).exists():
        sleep(0.01)
    return x

lag = gm.apply(waits, days)
"""
    noticed(socket, folder / "plan.py", PLAN + slow)
    opened(socket)
    gate.unlink()  # what takes long does not end now
    for kind in ("settle", "move"):
        asked = {"type": kind, "id": 1, "edits": {"price": "180 to 320"}, "moved": "price"}
        socket.send_text(json.dumps(asked))
    socket.send_text("[]")
    told(socket, "failed")  # the server answers that itself: it has handed on all before it
    gate.touch()
    kinds = [json.loads(socket.receive_text())["type"] for _ in range(2)]
    assert kinds == ["superseded", "moved"]


def test_an_edit_that_cannot_be_read(socket: WebSocketTestSession) -> None:
    opened(socket)
    changed = edit(socket, {"price": "5 to 8 kg", "people": "50", "cost": "3 USD"})
    assert set(changed["boxes"]) == {"people", "cost"}  # the good one is done
    assert "kg" in changed["errors"]["price"]
    assert changed["errors"]["cost"] == "'cost' follows from others; edit one of those"


def test_variants_are_compared_on_common_draws(socket: WebSocketTestSession, folder: Path) -> None:
    noticed(socket, folder / "plan.py", PLAN + '\ngm.scenario("crowd", {people: 80})\n')
    assert opened(socket)["scenarios"] == ["crowd"]
    variants = [
        {"name": "file", "scenario": None, "edits": {}},
        {"name": "crowd", "scenario": "crowd", "edits": {}},
        {"name": "same", "scenario": None, "edits": {"people": "80"}},
        {"name": "both", "scenario": "crowd", "edits": {"price": "180 to 320"}},
        {"name": "none", "scenario": "nowhere", "edits": {}},
    ]
    found = {
        each["name"]: each
        for each in asked(socket, "compare", "compared", variants=variants)["variants"]
    }
    assert found["crowd"]["boxes"] == found["same"]["boxes"]
    file, crowd, both = (
        found[name]["boxes"]["cost"][0]["numbers"]["mean"] for name in ("file", "crowd", "both")
    )
    # 40 or 80 people at 121.85 USD, or 80 at 243.70.
    assert crowd - file == pytest.approx(40 * 121.85, rel=0.01)
    assert both - file == pytest.approx(80 * 243.70 - 40 * 121.85, rel=0.01)
    assert "nowhere" in found["none"]["error"]


def test_answers_along_values_of_an_input(socket: WebSocketTestSession) -> None:
    opened(socket)
    found = asked(socket, "sweep", "swept", moved="people", texts=["20", "40", "80 person"])
    ((line,),) = (found["lines"],)
    means = [values[0] for values in line["values"]]
    assert np.diff(means) == pytest.approx([20 * 121.85, 40 * 121.85], rel=0.01)
    assert "kg" in asked(socket, "sweep", "failed", moved="people", texts=["3 kg"])["error"]["text"]


def test_one_label(socket: WebSocketTestSession) -> None:
    opened(socket)
    changed = edit(socket, {"rent[old]": "400 to 500 USD/day"})
    old, new = changed["boxes"]["rent"]
    assert (old["numbers"]["p5"], new["numbers"]["p5"]) == (400, 300)


def test_a_saved_file_is_loaded_anew(folder: Path, socket: WebSocketTestSession) -> None:
    opened(socket)
    replace_file(folder / "plan.py", PLAN.replace("40,", "80,"))
    shown = told(socket, "view")["view"]
    people = next(box for box in shown["boxes"] if box["name"] == "people")
    assert people["elements"][0]["numbers"]["mean"] == 80


def test_an_error_is_told_at_its_line_and_the_last_good_state_kept(
    folder: Path, socket: WebSocketTestSession
) -> None:
    opened(socket)
    replace_file(folder / "plan.py", PLAN.replace("people * price", "people + price"))
    error = told(socket, "broken")["error"]
    line = 1 + PLAN.splitlines().index(
        'cost = (people * price).to("USD") + (days * rent.sum("site")).to("USD")'
    )
    assert (error["file"], error["line"]) == ("plan.py", line)
    assert error["code"].startswith("cost = (people + price)")
    assert set(edit(socket, {"price": "180 to 320"})["boxes"]) == {"price", "cost"}
    replace_file(folder / "plan.py", PLAN)
    assert told(socket, "view")["view"]["model"] == "plan"


def test_a_model_that_never_ends_is_given_up_when_it_is_mended(
    folder: Path, socket: WebSocketTestSession
) -> None:
    opened(socket)
    replace_file(folder / "plan.py", PLAN + "\nwhile True:\n    pass\n")
    assert set(edit(socket, {"price": "180 to 320"})["boxes"]) == {"price", "cost"}
    replace_file(folder / "plan.py", PLAN)
    assert told(socket, "view")["view"]["model"] == "plan"


def test_a_model_that_ends_its_process(folder: Path, socket: WebSocketTestSession) -> None:
    noticed(socket, folder / "plan.py", PLAN + "\nimport os\nos._exit(3)\n")
    socket.send_text(json.dumps({"type": "open", "model": "plan.py"}))
    assert "process ended" in told(socket, "broken")["error"]["text"]


def test_the_page_to_share_has_the_edits(socket: WebSocketTestSession) -> None:
    opened(socket)
    socket.send_text(json.dumps({"type": "page", "id": 1, "edits": {"price": "180 to 320"}}))
    page = told(socket, "page")["html"]
    assert page.startswith("<!DOCTYPE html>")
    assert "Changed from the file: price = 180 to 320." in page
