"""What changed between two models, against closed forms."""

import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import guessmodel as gm
from guessmodel.analysis.compare import Comparison
from guessmodel.simulation.summary import STATISTICS

Z95 = 1.6448536269514722


def normals(*pairs: tuple[float, float]) -> gm.Model:
    """Sums of normal variables of given means and sds: x0, x1, …, and their total."""
    xs = {f"x{k}": gm.normal(mean=mean, sd=sd) for k, (mean, sd) in enumerate(pairs)}
    total = sum(xs.values())
    assert isinstance(total, gm.Quantity)
    return gm.Model({**xs, "total": total, "late": total > 12.0})


def test_a_model_and_itself() -> None:
    model = normals((1, 2), (3, 4))
    found = gm.compare(model, model, 4096)
    assert found.moved == found.changes == ()
    assert found.attribution == {}
    for change in found.everything:
        assert change.significant is False
        for key in STATISTICS:
            d = change.difference[key]
            assert d is not None and d.value == d.low == d.high == 0.0


def test_differences_of_what_has_no_closed_form() -> None:
    """Products of independent variables: means multiply. On common draws the error is far below
    that of either version."""
    a, b, c = gm.uniform(1, 3, name="a"), gm.uniform(2, 4, name="b"), gm.uniform(3, 4, name="c")
    old = gm.Model(a=a, b=b, c=c, y=a * b)
    new = old.with_(c=5).extended({})
    new = gm.Model(a=a, b=b, c=c, y=a * b + 0.01 * a * c)
    change = gm.compare(old, new)["y"]
    d, was = change.difference["mean"], change.old["mean"]
    assert d is not None and was is not None
    assert d.low <= 0.01 * 2.0 * 3.5 <= d.high
    assert 0.0 < d.error < was.error
    assert change.significant


def test_percentiles_and_probabilities() -> None:
    """x0 + x1 is normal: total moves from N(4, 20) to N(5, 25); P(total > 12) and percentiles
    follow."""
    found = gm.compare(normals((1, 2), (3, 4)), normals((1, 3), (4, 4)))
    for key, z in (("p5", -Z95), ("p50", 0.0), ("p95", Z95)):
        d = found["total"].difference[key]
        assert d is not None
        assert d.value == pytest.approx(1.0 + z * (5.0 - math.sqrt(20.0)), abs=2e-3)
    d = found["late"].difference["mean"]
    assert d is not None

    def above(mean: float, variance: float) -> float:
        return 0.5 * math.erfc((12.0 - mean) / math.sqrt(2.0 * variance))

    assert d.value == pytest.approx(above(5, 25) - above(4, 20), abs=1e-3)


def test_a_known_edit_among_fifty_is_found() -> None:
    def model(high: float) -> gm.Model:
        xs = {f"x{k}": gm.normal(1, high if k == 31 else 3) for k in range(50)}
        return gm.Model({**xs, "y": sum(xs.values()) * 1.0, "z": xs["x30"] * xs["x32"]})

    found = gm.compare(model(3.0), model(3.01), 4096)
    assert list(found.edited) == ["x31"]
    assert [change.name for change in found.moved] == ["y", "x31"]
    assert "z" in found.unchanged


def test_noise_is_not_significant() -> None:
    """A sum in another order is edited, and differs by rounding at most."""
    a, b, c = (gm.lognormal(1, 3, name=name) for name in "abc")
    old, new = gm.Model(a=a, b=b, c=c, y=(a + b) + c), gm.Model(a=a, b=b, c=c, y=a + (b + c))
    found = gm.compare(old, new, 4096)
    assert list(found.edited) == ["y"]
    assert found.moved == ()


def test_units_that_convert_and_units_that_do_not() -> None:
    def model(unit: str) -> gm.Model:
        x = gm.uniform(1, 3, unit)
        return gm.Model(x=x, y=x * gm.uniform(1, 2))

    grams = gm.compare(model("kg"), model("g"), 4096)["y"]
    assert grams.unit == "g"
    was, d = grams.old["mean"], grams.difference["mean"]
    assert was is not None and d is not None
    assert was.value == pytest.approx(3000.0, rel=1e-4)
    assert d.value == pytest.approx(-2997.0, rel=1e-4)
    other = gm.compare(model("kg"), model("hour"), 4096)["y"]
    assert other.note == "the unit was kg and is hour"
    assert other.significant
    assert other.difference["mean"] is None


def test_labels_come_and_go() -> None:
    def model(**share: float) -> gm.Model:
        x = gm.uniform(0, 1)
        return gm.Model(x=x, y=x * gm.constant(share, dim="case"))

    found = gm.compare(model(a=1.0, b=2.0), model(b=3.0, c=4.0), 4096)
    assert (found["y[a]"].significant, found["y[b]"].significant) == (None, True)
    d = found["y[b]"].difference["mean"]
    assert d is not None and d.value == pytest.approx(0.5)
    tree = found.to_dict()["quantities"]["y"]
    assert tree["old"]["mean"]["c"] is None if "c" in tree["old"]["mean"] else True
    assert tree["difference"]["mean"]["b"]["value"] == pytest.approx(0.5)
    assert tree["significant"]["b"] is True


def test_categories() -> None:
    def model(more: float) -> gm.Model:
        options = gm.stack({"a": gm.uniform(0, 1), "b": gm.uniform(0, 1) + more}, dim="option")
        return gm.Model(best=options.idxmax("option"))

    found = gm.compare(model(0.0), model(0.5))
    d = found["best[b]"].difference["mean"]
    assert d is not None  # P(u + 1/2 > v) = 1 - (1/2)²/2
    assert d.value == pytest.approx(7.0 / 8.0 - 0.5, abs=1e-3)


def test_means_that_do_not_exist() -> None:
    def model(scale: float) -> gm.Model:
        x = gm.cauchy(0, scale)
        return gm.Model(x=x, y=x + gm.uniform(0, 1))

    change = gm.compare(model(1), model(2), 4096)["y"]
    d = change.difference["mean"]
    assert d is not None and math.isnan(d.value) and d.note == "the mean does not exist"
    assert change.significant  # by its percentiles


@pytest.fixture
def found() -> Comparison:
    return gm.compare(normals((1, 2), (3, 4)), normals((1, 3), (4, 4)), 4096)


def test_json(found: Comparison) -> None:
    document = json.loads(json.dumps(found.to_dict()))
    assert set(document) >= {"quantities", "added", "removed", "edited", "attribution"}
    assert set(document["quantities"]) == {"x0", "x1", "total", "late"}
    total = document["quantities"]["total"]
    assert set(total["old"]) == set(total["new"]) == set(total["difference"]) == set(STATISTICS)
    assert set(total["difference"]["p95"]) >= {"value", "low", "high"}
    assert total["significant"] is True
    assert set(document["edited"]) == {"x0", "x1"}
    assert set(document["attribution"]["late"]["mean"]) == {"x0", "x1"}


def test_pandas_text_and_html(found: Comparison) -> None:
    pandas = pytest.importorskip("pandas")
    frame = found.to_pandas()
    assert isinstance(frame, pandas.DataFrame)
    assert frame.loc["x1", ("mean", "difference")] == pytest.approx(1.0)
    assert "4 of 4 quantities moved, 2 edited" in repr(found)
    assert "<table>" in found._repr_html_()
    with pytest.raises(KeyError):
        found["nothing"]


def test_a_wrong_difference_would_be_seen() -> None:
    """A twin of the test of percentiles: draws that are not common have far larger errors."""
    rng = np.random.default_rng(0)
    from guessmodel.analysis.common_draws import differences

    x, y = rng.normal(size=(2, 8, 512))
    common, apart = differences(x, x + 1.0), differences(x, y + 1.0)
    assert common["p50"].error < 1e-12 < 1e-2 < apart["p50"].error


Made = Callable[[str, str], Mapping[str, Any]]


def test_units_and_helpers_of_each_version(tmp_path: Path) -> None:
    """Each version has a unit of its own under one name, and a module of its own."""
    models = []
    for name, cores in (("old", 2), ("new", 3)):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "sizes.py").write_text(
            f'import guessmodel as gm\ngm.unit("core")\ngm.unit("blade", "{cores} core")\n'
            'blades = gm.uniform(1, 3, "blade")\n'
        )
        (folder / "model.py").write_text(
            'from sizes import blades\nload = blades.to("core") * 1.5\n'
        )
        models.append(gm.Model.from_file(folder / "model.py"))
    found = gm.compare(*models, 4096)
    d = found["load"].difference["mean"]
    assert d is not None and d.value == pytest.approx(1.5 * 2.0 * (3 - 2))


def test_many_labels_have_one_line_in_tables_and_all_of_them_in_json():
    years = range(2020, 2030)
    price = gm.normal(1, 2, name="price")

    def model(low):
        rate = gm.normal(low, 5, name="rate")
        cost = gm.constant({y: y - 2019 for y in years}, dim="year") * rate * price
        return gm.Model(rate=rate, price=price, cost=cost)

    found = gm.compare(model(2), model(3))
    (line,) = [change for change in found.shown if change.name == "cost"]
    assert line.title == "cost[2020]"  # all move by the same share
    assert line.folded == 9
    assert "cost[2020] * and 9 more" in str(found)
    assert len(found.to_dict()["quantities"]["cost"]["significant"]) == 10


def correlated(rank: float | None, other: str = "b") -> gm.Model:
    """Three normals with the same sd, two of them correlated, and the total of all."""
    draws = {name: gm.normal(mean=0, sd=1) for name in "abc"}
    if rank is not None:
        draws["a"], draws[other] = gm.correlate([draws["a"], draws[other]], rank=rank)
    return gm.Model({**draws, "total": draws["a"] + draws["b"] + draws["c"]})


def test_a_correlation_is_an_edit_of_the_draws() -> None:
    """Var(total) = 3 + 2r, r = 2 sin(πρ/6), whichever two draws are correlated."""
    same = gm.compare(correlated(0.5), correlated(0.5), 1024)
    assert same.changes == ()
    found = gm.compare(correlated(None), correlated(0.5), 4096)
    assert set(found.edited) == {"a", "b"}
    r = 2.0 * math.sin(math.pi / 12.0)
    p95 = found["total"].difference["p95"]
    assert p95 is not None
    assert p95.value == pytest.approx(Z95 * (math.sqrt(3.0 + 2.0 * r) - math.sqrt(3.0)), abs=1e-9)
    moved = gm.compare(correlated(0.5), correlated(0.5, "c"), 4096)
    assert set(moved.edited) == {"b", "c"}
    assert moved["total"].difference["p95"].value == pytest.approx(0.0, abs=1e-9)  # type: ignore[union-attr]


def test_rare_events_are_common_too() -> None:
    """A loss of probability 1/1000 is half as large again: with common draws of the event the
    difference of the means, 0.001 times half its mean, errs far less than the means do."""
    loss = gm.lognormal(mu=6, sigma=0.6, name="loss")
    cost = gm.gamma(shape=2, scale=30, name="cost") * gm.uniform(1, 2, name="factor")
    event = gm.bernoulli(1e-3, name="event")

    def hidden(size: float) -> gm.Model:
        y = cost + event * loss * gm.constant(size, name="size")
        return gm.Model(y=gm.apply(np.positive, y, unit=""))  # else its parts tell exactly

    old, new = hidden(1), hidden(1.5)
    for n in (1 << 12, 1 << 16):
        (change,) = [each for each in gm.compare(old, new, n).changes if each.name == "y"]
        mean = change.difference["mean"]
        assert mean is not None and change.new["mean"] is not None
        assert change.new["mean"].estimator == "stratified"
        true = 0.001 * 0.5 * math.exp(6 + 0.6**2 / 2)
        assert abs(mean.value - true) < 3 * mean.error < 0.02 * true
        assert mean.error < change.new["mean"].error
