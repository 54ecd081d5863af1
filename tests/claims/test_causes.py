"""Which input moved what."""

from pathlib import Path

import guessmodel as gm
from guessmodel.claims.causes import explained
from guessmodel.claims.drift import Drift
from guessmodel.cli.check_output import drift_line


def drift(quantity: str, before: float, now: float, model: str = "model") -> Drift:
    return Drift(model, quantity, "mean", before, now, "drifted")


def model() -> gm.Model:
    price, fee = gm.lognormal(5, 10), gm.constant(2.0)
    hours = gm.normal({"a": (1, 2), "b": (2, 3)}, dim="case")
    cost = price * hours
    return gm.Model(price=price, fee=fee, hours=hours, cost=cost, total=cost + fee)


def test_the_worst_first_and_what_moved_it() -> None:
    drifts = [
        drift("price", 7.0, 7.7),
        drift("fee", 2.0, 1.0),
        drift("cost[a]", 10.0, 11.0),
        drift("total[b]", 30.0, 30.6),
        Drift("model", "total", "unit", "USD", "EUR", "drifted"),
    ]
    found = explained([model()], drifts)
    assert [(d.quantity, d.inputs) for d in found] == [
        ("total", ("fee", "price")),
        ("fee", ()),
        ("price", ()),
        ("cost[a]", ("price",)),
        ("total[b]", ("fee", "price")),
    ]
    assert drift_line(found[3]) == "model: cost[a]: mean was 10 and is 11, +10%; price +10% moved"
    assert drift_line(found[4]).endswith("is 30.6, +2%; fee -50%, price +10% moved")


def test_an_input_that_did_not_drift_is_not_named() -> None:
    (found,) = explained([model()], [drift("cost[a]", 10.0, 11.0)])
    assert found.inputs == ()


def test_what_is_gone_and_what_was_nothing() -> None:
    gone = Drift("model", "tax", "name", "tax", None, "removed")
    found = explained([model()], [drift("fee", 0.0, 1.0), gone])
    assert {d.inputs for d in found} == {()}
    assert "%" not in drift_line(found[0])


def test_inputs_of_another_model(tmp_path: Path) -> None:
    (tmp_path / "prices.py").write_text("import guessmodel as gm\nprice = gm.lognormal(5, 10)\n")
    (tmp_path / "shop.py").write_text("from prices import price\ncost = price * 2\n")
    models = [gm.Model.from_file(tmp_path / f"{name}.py") for name in ("prices", "shop")]
    drifts = [drift("price", 7.0, 8.0, "prices"), drift("cost", 14.0, 16.0, "shop")]
    assert [d.inputs for d in explained(models, drifts)] == [(), ("price",)]


def test_an_imported_input_that_drifted_in_the_report_of_what_imports_it(tmp_path: Path) -> None:
    (tmp_path / "prices.py").write_text("import guessmodel as gm\nprice = gm.lognormal(5, 10)\n")
    (tmp_path / "shop.py").write_text("from prices import price\ncost = price * 2\n")
    shop = gm.Model.from_file(tmp_path / "shop.py")
    drifts = [drift("price", 7.0, 8.4, "shop"), drift("cost", 14.0, 16.8, "shop")]
    assert {d.quantity: d.inputs for d in explained([shop], drifts)} == {
        "price": (),
        "cost": ("price",),
    }
