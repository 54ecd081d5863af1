"""Which input moved what."""

from pathlib import Path

import pytest

import guessmodel as gm
from guessmodel.claims.causes import explained
from guessmodel.claims.check_texts import drift_line
from guessmodel.claims.checking import check
from guessmodel.claims.drift import Drift
from guessmodel.report import write


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


SUM = """
import guessmodel as gm
a = gm.normal(mean={a}, sd=1, unit="USD")
b = gm.pert({b}, {d}, mode={c}, unit="USD")
c = gm.constant({e}, "USD")
still = gm.uniform(1, 2, "USD")
y = 2 * a + b + c + still{more}
"""


def changed(tmp_path: Path, before: str, after: str) -> dict[tuple[str, str], Drift]:
    """The drift of a model from the report of another one of its name."""
    file = tmp_path / "made.py"
    file.write_text(before)
    write([file], tmp_path / "reports")
    file.write_text(after)
    return {(d.quantity, d.statistic): d for d in check(file).drift}


def test_what_each_input_did_and_what_other_edits_did(tmp_path: Path) -> None:
    """The mean goes from 2·10 + (2 + 4·5 + 8)/6 + 5 + 1.5 = 31.5 up by 2·2 for a, by 1 for b, which
    is shifted, by 0.5 for c, and by 0.25 for what is no input."""
    before = {"a": 10, "b": 2, "c": 5, "d": 8, "e": 5, "more": ""}
    after = {"a": 12, "b": 3, "c": 6, "d": 9, "e": 5.5, "more": ' + gm.constant(0.25, "USD")'}
    found = changed(tmp_path, SUM.format(**before), SUM.format(**after))
    mean = found["y", "mean"]
    assert mean.inputs == ("a", "b", "c", "the rest")
    effects = {cause.name: cause.effect for cause in mean.causes}
    for name, value in (("a", 4.0), ("b", 1.0), ("c", 0.5), ("the rest", 0.25)):
        effect = effects[name]
        assert effect is not None
        assert effect.value == pytest.approx(value, abs=2e-3)
    assert drift_line(mean).endswith(
        ", +18.3%: +12.7% by a (+20%), +3.17% by b (+20%), +1.59% by c (+10%), +0.794% by the rest"
    )
    assert mean.to_dict()["causes"][0]["effect"]["value"] == pytest.approx(4.0, abs=2e-3)
    assert found["a", "mean"].causes == ()  # an input's own drift is its own edit
    assert ("still", "mean") not in found


def test_what_an_input_did_to_another_label_is_not_told(tmp_path: Path) -> None:
    text = """
import guessmodel as gm
price = gm.lognormal({{"x": 5, "z": {low}}}, {{"x": 9, "z": 20}}, dim="case")
hours = gm.normal({hours}, 20)
cost = price * hours
"""
    found = changed(tmp_path, text.format(low=6, hours=10), text.format(low=8, hours=11))
    x, z = found["cost[x]", "p50"], found["cost[z]", "p50"]
    assert x.inputs == ("hours",)
    assert set(z.inputs) == {"price", "hours"}
    assert z.inputs[0] == "price"  # the median by the root of 8/6, 15%, against 15.5 / 15, 3%
    assert "by the rest" not in drift_line(z)


def test_what_the_report_does_not_tell_is_named_alone(tmp_path: Path) -> None:
    """Of another unit, or a choice, there is no former value to put in its place."""
    text = "import guessmodel as gm\nfee = gm.constant({fee})\nx = gm.normal(1, 2)\ny = fee * x\n"
    found = changed(tmp_path, text.format(fee='2, "USD"'), text.format(fee='200, "cent"'))
    assert found["y", "unit"].inputs == ("fee",)
    assert drift_line(found["y", "unit"]).endswith("; fee moved")
