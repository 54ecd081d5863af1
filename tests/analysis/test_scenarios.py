"""Scenarios side by side."""

from __future__ import annotations

import json

import pytest

import guessmodel as gm
from guessmodel.analysis.scenarios import Scenarios
from guessmodel.errors import UsageError

PRICE = gm.constant(3, "USD", name="price", doc="Of a cup.", source="menu")
CUPS = gm.normal(mean=100, sd=10, name="cups")
RENT = gm.lognormal({"a": (1, 2), "b": (3, 4)}, dim="case", unit="USD", name="rent")
NOISE = gm.normal(mean=0, sd=1e-6, unit="USD", name="noise")
MODEL = gm.Model(
    price=PRICE, cups=CUPS, rent=RENT, noise=NOISE, profit=PRICE * CUPS - RENT.sum("case") + NOISE
)
DEAR = gm.scenario("dear", {PRICE: 4}, doc="A better\n place.")
SAME = gm.scenario("same", {PRICE: 3, NOISE: "normal(mean=0, sd=0.000001)"})
QUIET = gm.scenario("quiet", {"rent[a]": 0})


def answer(n: int = 1024) -> Scenarios:
    return MODEL.sample(n, scenarios=[DEAR, SAME, QUIET]).scenarios()


def test_differences_are_those_of_common_draws() -> None:
    found = answer()["profit", "dear"]
    # (4 - 3) USD * cups: the mean by linearity; its error is that of the mean of cups alone
    difference = found.difference["mean"]
    assert difference is not None
    assert difference.low <= 100 <= difference.high
    assert difference.error < 0.1
    assert found.significant


def test_what_changes_nothing_has_no_difference() -> None:
    found = answer()
    for name in ("price", "noise", "profit"):
        line = found[name, "same"]
        for estimate in line.difference.values():
            assert estimate is not None and estimate.value == 0
        assert not line.significant
    assert found["cups", "dear"].change is None
    assert all(e is not None and e.value == 0 for e in found["cups", "dear"].difference.values())


def test_labels_have_lines_of_their_own() -> None:
    found = answer()
    assert found["rent[a]", "quiet"].row.mean is not None
    assert found["rent[a]", "quiet"].row.mean.value == 0
    assert found["rent[a]", "quiet"].significant
    assert not found["rent[b]", "quiet"].significant
    with pytest.raises(KeyError):
        _ = found["rent", "quiet"]


def test_json() -> None:
    shown = json.loads(json.dumps(answer().to_dict()))
    assert list(shown) == ["scenarios"]
    assert list(shown["scenarios"]) == ["base", "dear", "same", "quiet"]
    base, quiet = shown["scenarios"]["base"]["quantities"], shown["scenarios"]["quiet"]
    assert list(base) == ["price", "cups", "rent", "noise", "profit"]
    keys = ["unit", "kind", "doc", "source", "dims", "mean", "sd", "p5", "p50", "p95"]
    assert list(base["price"]) == keys
    assert (base["price"]["kind"], base["price"]["doc"]) == ("constant", "Of a cup.")
    rent = quiet["quantities"]["rent"]
    assert list(rent) == [*keys, "difference", "significant"]
    assert rent["dims"] == {"case": ["a", "b"]}
    assert rent["mean"]["a"]["value"] == 0
    assert list(rent["difference"]) == ["mean", "p5", "p50", "p95"]
    assert rent["significant"] == {"a": True, "b": False}
    assert quiet["quantities"]["cups"]["difference"]["p95"] == {"value": 0, "low": 0, "high": 0}


def test_the_table_shows_what_differs() -> None:
    head, *rows = answer().cells()
    assert head[:2] == ["quantity", "scenario"] and head[-2:] == ["difference", "moved"]
    assert [row[:2] for row in rows] == [
        *(["price", "base"], ["", "dear"], ["", "same"]),
        *(["rent[a]", "base"], ["", "quiet"], ["rent[b]", "base"], ["", "quiet"]),
        *(["noise", "base"], ["", "same"]),
        *(["profit *", "base"], ["", "dear"], ["", "same"], ["", "quiet"]),
    ]
    assert rows[0][-2:] == ["", ""]
    assert rows[1][-2:] == ["+1", "yes"]
    assert rows[2][-2:] == ["0", "no"]
    assert len(answer().cells(whole=True)) == 1 + 6 * 4
    notes = answer().notes()
    assert notes[:2] == ["dear: A better place.", "1 quantity is the same in all scenarios"]
    assert str(answer()).splitlines()[0].startswith("1,024 samples, nets, seed 0")
    assert "<caption>1,024 samples" in answer()._repr_html_()


def test_a_frame() -> None:
    frame = answer().to_pandas()
    assert len(frame) == 6 * 4
    dear = frame[(frame.quantity == "price") & (frame.scenario == "dear")].iloc[0]
    assert (dear["mean"], dear["mean_difference"], dear["significant"]) == (4, 1, True)


def test_draws_that_were_not_kept_have_errors_that_add_up() -> None:
    run = MODEL.sample(1024, scenarios=[DEAR], keep=False).scenarios()
    line = run["profit", "dear"]
    difference = line.difference["p95"]
    base = run["profit", "base"].row.p95
    assert difference is not None and base is not None and line.row.p95 is not None
    assert difference.error == pytest.approx(base.error + line.row.p95.error)
    assert line.significant


def test_categories() -> None:
    first = RENT.idxmin("case")
    model = gm.Model(rent=RENT, first=first)
    swapped = gm.scenario("swapped", {"rent[a]": 9})
    found = model.sample(1024, scenarios=[swapped]).scenarios()
    assert found["first[b]", "swapped"].row.mean is not None
    assert found["first[b]", "swapped"].row.mean.value == 1
    assert found["first[b]", "swapped"].significant


def test_a_run_without() -> None:
    with pytest.raises(UsageError, match=r"the run has no scenarios; model.sample\(scenarios=True"):
        MODEL.sample(64).scenarios()


def test_rounding_is_no_difference() -> None:
    """(3 x) (y / 3) is x y, but for the last digit."""
    x, y = gm.lognormal(4, 20), gm.lognormal(6, 10)
    model = gm.Model(x=x, y=y, both=x * y)
    tied = gm.scenario("tied", {x: gm.lognormal(12, 60), y: gm.lognormal(2, 10 / 3)})
    rows = model.sample(1024, scenarios=tied, quantities=["both"]).scenarios().cells()
    assert rows[2][-1] == "no"
    assert rows[2][-2] == "0"
