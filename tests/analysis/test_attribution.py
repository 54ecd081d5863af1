"""What each edit did: Shapley values, against values worked out by hand."""

import math
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import pytest

import guessmodel as gm
from guessmodel.analysis.attribution import players
from guessmodel.analysis.compare import Comparison
from guessmodel.estimators.estimate import Estimate
from guessmodel.graph.functions import where
from guessmodel.model.versions import Versions

Parts = Mapping[str, Estimate]


def parts_of(found: Comparison, title: str, key: str) -> Parts:
    """The contributions, which must add up to the difference."""
    parts = found.attribution[title].statistics[key]
    whole = found[title].difference[key]
    assert whole is not None
    total = math.fsum(e.value for e in parts.values())
    assert total == pytest.approx(whole.value, rel=1e-6, abs=1e-12)
    return parts


def covers(estimate: Estimate, value: float, times: float = 3.0) -> bool:
    return abs(estimate.value - value) <= times * estimate.error + 1e-9


def sums(*means: float, sd: float = 1.0) -> gm.Model:
    xs = {f"x{k}": gm.normal(mean=m, sd=sd) for k, m in enumerate(means)}
    return gm.Model({**xs, "y": sum(xs.values()) * 1.0})


def test_sums() -> None:
    parts = parts_of(gm.compare(sums(1, 2, 3), sums(1, 4, 7)), "y", "mean")
    assert parts.keys() == {"x1", "x2"}
    assert parts["x1"].value == pytest.approx(2.0, rel=1e-6)
    assert parts["x2"].value == pytest.approx(4.0, rel=1e-6)


def products(a: float, b: float) -> gm.Model:
    x, z = gm.uniform(a - 1, a + 1), gm.uniform(b - 1, b + 1)
    return gm.Model(a=x, b=z, y=x * z)


def test_products() -> None:
    """Of the means 2·3 -> 3·5: (3 - 2)(3 + 5)/2 = 4 and (5 - 3)(2 + 3)/2 = 5."""
    parts = parts_of(gm.compare(products(2, 3), products(3, 5)), "y", "mean")
    assert covers(parts["a"], 4.0)
    assert covers(parts["b"], 5.0)
    assert 0.0 < parts["a"].error < 1e-3


def test_percentiles_and_probabilities() -> None:
    """y is normal with variance s² + t²; s moves 3 -> 4 and t 4 -> 12."""

    def model(s: float, t: float) -> gm.Model:
        a, b = gm.normal(mean=0, sd=s), gm.normal(mean=0, sd=t)
        y = gm.maximum(a + b, -1e9)  # no closed form
        return gm.Model(a=a, b=b, y=y, above=a + b > 5.0)

    found = gm.compare(model(3, 4), model(4, 12))

    def shapley(v: Callable[[float, float], float]) -> tuple[float, float]:
        a = 0.5 * (v(4, 4) - v(3, 4) + v(4, 12) - v(3, 12))
        return a, v(4, 12) - v(3, 4) - a

    z = 1.6448536269514722
    parts = parts_of(found, "y", "p95")
    for part, value in zip(
        (parts["a"], parts["b"]), shapley(lambda s, t: z * math.hypot(s, t)), strict=True
    ):
        assert covers(part, value)
    parts = parts_of(found, "above", "mean")
    wanted = shapley(lambda s, t: 0.5 * math.erfc(5.0 / math.hypot(s, t) / math.sqrt(2.0)))
    for part, value in zip((parts["a"], parts["b"]), wanted, strict=True):
        assert covers(part, value)


def test_changed_structure_and_what_is_new() -> None:
    """y = a·b becomes a + b + c with a new c, while a moves from mean 2 to 3."""
    a = gm.uniform(1, 3)
    b, c = gm.uniform(4, 6), gm.uniform(0, 2)
    old = gm.Model(a=a, b=b, y=a * b)
    a2, b2 = gm.uniform(2, 4), gm.uniform(4, 6)
    new = gm.Model(a=a2, b=b2, c=c, y=a2 + b2 + c)
    parts = parts_of(gm.compare(old, new), "y", "mean")
    # v(∅) = 10, v(a) = 15, v(y) = 2 + 5 + 1 = 8, v(both) = 9
    assert covers(parts["a"], 0.5 * (15 - 10 + 9 - 8))
    assert covers(parts["y"], 0.5 * (8 - 10 + 9 - 15))


def test_an_edit_that_does_nothing_to_an_output() -> None:
    a, b = gm.uniform(1, 2), gm.uniform(1, 2)
    old = gm.Model(a=a, b=b, y=a * 2, z=b * a)
    c = gm.uniform(1, 3)
    new = gm.Model(a=a, b=c, y=a * 2, z=c * a)
    found = gm.compare(old, new, 4096)
    assert found.attribution.keys() == {"z"}
    assert found.attribution["z"].statistics["mean"].keys() == {"b"}
    assert found.attribute("b").statistics["mean"]["b"].value == pytest.approx(0.5)
    assert found.attribute("a").note == "no edit lies behind it"


def test_edits_that_only_together_close_no_cycle() -> None:
    a = gm.uniform(1, 2)
    old = gm.Model(a=a, b=a * 2, y=a + a * 2)
    b = gm.uniform(1, 4)
    new = gm.Model(a=b / 2, b=b, y=b / 2 + b)
    parts = gm.compare(old, new, 4096).attribution["y"].statistics["mean"]
    assert list(parts) == ["a, b", "y"]


def test_a_change_of_unit_goes_with_what_uses_it() -> None:
    def model(unit: str, low: float) -> gm.Model:
        x, z = gm.uniform(low, 2 * low, unit), gm.uniform(1, 3)
        return gm.Model(x=x, z=z, y=(x * z).to("kg"))

    found = gm.compare(model("kg", 1), model("g", 3000), 4096)
    assert players(found.versions) == [("x", "y")]
    assert parts_of(found, "y", "mean")["x, y"].value == pytest.approx(6.0, rel=1e-3)


def test_many_edits_are_looked_at_in_some_orders() -> None:
    """A product of eight factors, each of which goes from mean 1 to mean 2: 2⁸ - 1, in equal
    parts."""

    def model(mean: float) -> gm.Model:
        xs = {f"x{k}": gm.uniform(mean - 0.5, mean + 0.5) for k in range(8)}
        y = 1.0
        for x in xs.values():
            y = y * x
        return gm.Model({**xs, "y": y})  # type: ignore[dict-item]

    parts = parts_of(gm.compare(model(1), model(2), 4096), "y", "mean")
    assert len(parts) == 8
    for part in parts.values():
        assert covers(part, 255.0 / 8.0)
        assert 0.01 < part.error < 40.0
    again = gm.compare(model(1), model(2), 4096).attribution["y"].statistics["mean"]
    assert {k: e.value for k, e in again.items()} == {k: e.value for k, e in parts.items()}


def test_many_edits_in_several_files_are_grouped(tmp_path: Path) -> None:
    models = []
    for version, mean in (("old", 1), ("new", 2)):
        folder = tmp_path / version
        folder.mkdir()
        for part in ("left", "right"):
            lines = [f"{part}{k} = gm.uniform({mean}, {mean + 1})" for k in range(8)]
            (folder / f"{part}.py").write_text("import guessmodel as gm\n" + "\n".join(lines))
        total = " + ".join(f"{part}.{part}{k}" for part in ("left", "right") for k in range(8))
        (folder / "total.py").write_text(f"import left, right\ny = ({total}) * 2\n")
        models.append(gm.Model.from_file(folder / "total.py"))
    found = gm.compare(*models, 1024)
    parts = parts_of(found, "y", "mean")
    assert len(parts) == 2
    for part in parts.values():
        assert part.value == pytest.approx(16.0, rel=1e-6)


def test_labels() -> None:
    def model(high: float) -> gm.Model:
        x = gm.uniform(0, high)
        return gm.Model(x=x, y=x * gm.constant({"a": 1.0, "b": 2.0}, dim="case"))

    found = gm.compare(model(2), model(4), 4096)
    assert parts_of(found, "y[b]", "mean")["x"].value == pytest.approx(2.0)
    tree = found.to_dict()["attribution"]["y"]["mean"]
    assert tree["a"]["x"]["value"] == pytest.approx(1.0)


@pytest.mark.parametrize("method", ["lhs", "random"])
def test_other_methods(method: str) -> None:
    found = gm.compare(products(2, 3), products(3, 5), 4096, method=method)
    parts = parts_of(found, "y", "mean")
    assert covers(parts["a"], 4.0)
    assert covers(parts["b"], 5.0)


def test_the_order_of_names_and_unrelated_ones_do_not_matter() -> None:
    def model(a: float, b: float, *, more: bool) -> gm.Model:
        x, z = gm.uniform(a - 1, a + 1), gm.uniform(b - 1, b + 1)
        other = {"c": gm.uniform(0, 1)} if more else {}
        return gm.Model({**other, "b": z, "a": x, "y": x * z})

    one = parts_of(gm.compare(products(2, 3), products(3, 5), method="random"), "y", "mean")
    turned = gm.compare(model(2, 3, more=True), model(3, 5, more=True), method="random")
    other = parts_of(turned, "y", "mean")
    for name in ("a", "b"):
        assert other[name].value == pytest.approx(one[name].value, rel=1e-9)


def test_rare_branches_add_up_too() -> None:
    """A branch of probability 1e-5 that adds 1e5 or 3e5: the means are over rare events."""

    def model(size: float) -> gm.Model:
        p, x = gm.bernoulli(1e-5), gm.uniform(0, 1)
        loss = gm.uniform(0, 2 * size)
        return gm.Model(p=p, x=x, loss=loss, y=where(p > 0, loss, x))

    found = gm.compare(model(1e5), model(3e5))
    if "y" in found.attribution:
        parts_of(found, "y", "mean")


def test_a_wrong_weight_would_be_seen() -> None:
    """Contributions of edits made one after the other are others than Shapley's: 3 and 6."""
    parts = parts_of(gm.compare(products(2, 3), products(3, 5)), "y", "mean")
    assert not covers(parts["a"], 3.0)
    assert not covers(parts["b"], 6.0)


def test_mixtures_are_drawn_as_they_are() -> None:
    def model(weight: float) -> gm.Model:
        parts = [gm.normal(0, 1), gm.normal(5, 6)]
        x = gm.mixture(parts, [weight, 1.0 - weight])
        z = gm.uniform(1, 3)
        return gm.Model(x=x, z=z, y=x * z)

    found = gm.compare(model(0.5), model(0.25))
    assert covers(parts_of(found, "y", "mean")["x"], 2.0 * 0.25 * 5.0)


def test_versions_that_do_not_share_an_output() -> None:
    a = gm.uniform(1, 2)
    found = Versions.of(gm.Model(a=a, y=a * 2), gm.Model(a=a, z=a * 3))
    assert (found.added, found.removed, players(found)) == (("z",), ("y",), [])
    assert np.isnan(gm.compare(found.old, found.new, 64)["z"].relative())


def test_another_percentile_and_the_probability_of_any_quantity() -> None:
    """a is N(10, 1), then N(12, 1), b is N(5, 2), then N(6, 2): y = a + b is normal at each step.
    Percentiles of a sum of normals with the same deviations move as the means do."""
    s = math.sqrt(5.0)

    def above(mean: float) -> float:  # P(y > 18), by the complementary error function
        return 0.5 * math.erfc((18.0 - mean) / s / math.sqrt(2.0))

    def model(a: float, b: float) -> gm.Model:
        x, z = gm.normal(mean=a, sd=1, unit="kg"), gm.normal(mean=b, sd=2, unit="kg")
        return gm.Model(a=x, b=z, y=x + z)

    found = gm.compare(model(10, 5), model(12, 6))
    said = found.attribute("y", "p99").statistics
    assert list(said) == ["p99"]
    assert said["p99"]["a"].value == pytest.approx(2.0, abs=1e-6)
    assert said["p99"]["b"].value == pytest.approx(1.0, abs=1e-6)
    chance = found.attribute("y", "P(> 18000 g)")
    parts = chance.statistics["P(> 18000 g)"]
    a = 0.5 * (above(17) - above(15) + above(18) - above(16))
    b = 0.5 * (above(16) - above(15) + above(18) - above(17))
    assert covers(parts["a"], a)
    assert covers(parts["b"], b)
    assert 0.0 < parts["a"].error < 1e-3
    assert chance.unit == ""
    whole = math.fsum(part.value for part in parts.values())
    assert whole == pytest.approx(above(18) - above(15), abs=1e-3)


def test_a_probability_of_a_label_and_of_what_was_renamed() -> None:
    def model(high: float, name: str) -> gm.Model:
        price = gm.uniform(0, {"a": high, "b": 2}, dim="kind")
        return gm.Model({name: price, "cost": price * 3})

    found = gm.compare(model(4, "price"), model(8, "price"), 4096)
    parts = found.attribute("cost[a]", "P(> 6)").statistics["P(> 6)"]
    assert parts["price"].value == pytest.approx(0.25, abs=2e-3)  # from 1/2 to 3/4
    again = gm.compare(model(4, "price"), model(4, "fee"), 1024)
    assert again.attribute("fee[a]", "P(> 1)").note == "no edit lies behind it"


@pytest.mark.parametrize(
    ("title", "statistic", "message"),
    [
        ("z", "mean", "no quantity 'z'"),
        ("y", "sd", "sd cannot be attributed; write mean, p95, or 'P(> 5)'"),
        ("y", "probability", "'y' is no comparison"),
        ("y", "p", "no statistic 'p'"),
        ("y", "P(> 5 s)", "s"),
    ],
)
def test_what_is_not_attributed(title: str, statistic: str, message: str) -> None:
    found = gm.compare(sums(1, 2), sums(1, 3), 64)
    with pytest.raises(gm.GuessmodelError, match=re.escape(message)):
        found.attribute(title, statistic)
