"""The check of whole models: claims in order, more draws for the undecided, drift beside it."""

import json
import math
from pathlib import Path
from typing import Any

import pytest

import guessmodel as gm
from guessmodel.claims.checking import MOST_SAMPLES, CheckResult, figures
from guessmodel.cli.main import main
from guessmodel.errors import ModelError, UsageError

Capture = pytest.CaptureFixture[str]

# Only `paid` depends on sampling: use is 50 to 90% of 720 USD/day, so its mean is near 490.
MODEL = '''
"""Nodes."""
import guessmodel as gm
price = gm.constant(10, "USD/hour", source="a price list")
nodes = gm.constant(3, source="the source")
daily = (price * nodes).to("USD/day")
use = gm.lognormal(50, 90, "percent", source="inferred: from nought to all of it")
paid = gm.minimum(daily, daily * use)
kinds = gm.stack({"part": paid, "whole": daily}, dim="kind")
gm.claim(daily, mean="720 USD/day", source="table 2", note="whole nodes")
gm.claim(kinds, at={"kind": "whole"}, median="720 USD/day", interval="720 to 720 USD/day")
gm.claim(kinds, at={"kind": "part"}, mean="480 USD/day")
gm.claim(price / nodes, mean="3.3 USD/hour")
gm.claim_ratio_of_means(daily, price, "3.00")
'''
INPUTS: dict[str, Any] = {"price": 10, "nodes": 3, "use": gm.lognormal(50, 90, "percent")}


def model_file(folder: Path, text: str = MODEL, name: str = "nodes") -> Path:
    path = folder / "models" / f"{name}.py"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


def seen(result: CheckResult) -> list[tuple[str, str, str]]:
    return [(c.quantity, c.statistic, c.verdict) for c in result.claims]


# --- claims -------------------------------------------------------------------------------------


def test_every_figure_is_checked_in_order(tmp_path: Path) -> None:
    result = gm.check(model_file(tmp_path))
    assert seen(result) == [
        ("daily", "mean", "holds"),
        ("kinds[whole]", "median", "holds"),
        ("kinds[whole]", "interval low", "holds"),
        ("kinds[whole]", "interval high", "holds"),
        ("kinds[part]", "mean", "holds"),
        ("price / nodes", "mean", "holds"),
        ("daily / price", "ratio of means", "holds"),
    ]
    assert result.holds
    assert result.models == ("nodes",)
    first = result.claims[0]
    assert (first.model, first.published, first.source) == ("nodes", "720 USD/day", "table 2")
    assert (first.computed.value, first.tolerance) == (720.0, 5 / 720)
    assert (first.location.line, first.samples) == (10, 65_536)
    assert result.claims[4].tolerance == 0.15


def test_figures_are_known_without_sampling(tmp_path: Path, monkeypatch: Any) -> None:
    path = model_file(tmp_path)
    expected = [(c.quantity, c.statistic, c.published) for c in gm.check(path).claims]
    model = gm.Model.from_file(path)
    monkeypatch.setattr(gm.Model, "sample", None)
    found = [(title, s.statistic, s.figure.text) for _, s, title in figures(model)]
    assert found == expected


def test_results_are_in_the_unit_of_the_published_text(tmp_path: Path) -> None:
    text = (
        "import guessmodel as gm\nshare = gm.constant(0.125)\nrate = gm.constant(24, 'USD/day')\n"
    )
    text += "gm.claim(share, mean='12.5%')\ngm.claim(rate, mean='1.0 USD/hour')\n"
    computed = [claim.computed for claim in gm.check(model_file(tmp_path, text)).claims]
    assert [(c.value, c.unit) for c in computed] == [(12.5, "percent"), (1.0, "USD/hour")]


def test_labels_are_shown_as_labels(tmp_path: Path, capsys: Capture) -> None:
    text = """
import guessmodel as gm
cost = gm.normal({2024: 1, 2025: 2}, {2024: 2, 2025: 3}, dim="year")
best = cost.idxmax("year")
gm.claim(best, median="2025")
gm.claim(best == 2025, probability="1")
"""
    file = model_file(tmp_path, text, "years")
    assert main(["check", str(file)]) == 0
    shown = capsys.readouterr().out
    assert "best == 2025" in shown
    assert "K" not in shown
    assert main(["report", str(file), "-o", str(tmp_path / "reports")]) == 0
    page = (tmp_path / "reports" / "years.md").read_text(encoding="utf-8")
    assert "at least 90% are 2025" in page  # Φ(1 / (√2 · 0.304)) = 99%
    assert "K" not in page


@pytest.mark.parametrize("change", ["price", "nodes", "use"])
@pytest.mark.parametrize("factor", [0.7, 1.3])
def test_an_input_moved_by_30_percent_fails(tmp_path: Path, change: str, factor: float) -> None:
    model = gm.Model.from_file(model_file(tmp_path))
    assert gm.check(model).holds
    result = gm.check(model.with_({change: factor * INPUTS[change]}))
    assert not result.holds
    assert "falls short" in {claim.verdict for claim in result.claims}


def test_expected_to_fall_short(tmp_path: Path) -> None:
    text = MODEL.replace('mean="480 USD/day"', 'mean="{}", expected="falls short", note="why"')
    short = gm.check(model_file(tmp_path, text.replace("{}", "900 USD/day")))
    assert short.holds
    assert [c.verdict for c in short.claims if c.expected == "falls short"] == ["falls short"]
    starts = gm.check(model_file(tmp_path, text.replace("{}", "480 USD/day")))
    assert not starts.holds
    assert [c.verdict for c in starts.claims if not c.as_expected] == ["holds"]


@pytest.mark.parametrize(
    ("interval", "verdicts", "expected", "holds"),
    [
        ("720 to 900", ["holds", "falls short"], ["holds", "falls short"], True),
        ("600 to 900", ["falls short"] * 2, ["falls short"] * 2, True),
        ("720 to 720", ["holds"] * 2, ["falls short"] * 2, False),
    ],
)
def test_an_interval_falls_short_if_one_end_does(
    tmp_path: Path, interval: str, verdicts: list[str], expected: list[str], holds: bool
) -> None:
    text = MODEL.partition("gm.claim")[0]
    text += f'gm.claim(daily, interval="{interval} USD/day", expected="falls short", note="why")\n'
    result = gm.check(model_file(tmp_path, text))
    assert [c.verdict for c in result.claims] == verdicts
    assert [c.expected for c in result.claims] == expected
    assert result.holds is holds


def test_a_claim_on_what_only_another_module_names(tmp_path: Path) -> None:
    model_file(tmp_path, "import guessmodel as gm\nspare = gm.constant(3, 'USD')\n", "other")
    text = "import guessmodel as gm\nfrom other import spare\nown = gm.constant(1)\n"
    result = gm.check(model_file(tmp_path, text + "gm.claim(spare, mean='3 USD')\n"))
    assert seen(result) == [("other.spare", "mean", "holds")]


def test_a_claim_on_a_statistic_that_is_not_there(tmp_path: Path) -> None:
    text = "import guessmodel as gm\nx = gm.normal(1, 2)\ngm.claim(x, probability='5%')\n"
    path = model_file(tmp_path, text)
    with pytest.raises(UsageError) as caught:
        gm.check(path)
    assert str(caught.value).startswith(f"{path}:3: 'x' is not an indicator")


def test_claims_are_drawn_from_the_same_draws_as_the_model(tmp_path: Path) -> None:
    # An expression that only a claim names does not move the model's own draws.
    text = "import guessmodel as gm\na, b = gm.normal(1, 2), gm.lognormal(1, 2)\n"
    text += "cost = a * b * a\ngm.claim(cost * b, mean='5')\ngm.claim(cost, mean='3')\n"
    path = model_file(tmp_path, text)
    claim = gm.check(path).claims[1]
    assert claim.computed.value == gm.Model.from_file(path).sample()["cost"].mean().value


# --- undecided figures --------------------------------------------------------------------------

# The mean of a product of independent draws is the product of the means.
TRUE_MEAN = math.exp(0.5) * 1.5
UNDECIDED = """
import guessmodel as gm
a = gm.lognormal(mu=0, sigma=1)
b = gm.normal(1, 2)
c = gm.constant(1)
product = gm.apply(lambda x, y: x * y, a, b, unit="")
gm.claim(product, mean="< {edge!r}")
gm.claim(c, mean="1")
"""


def test_more_draws_decide(tmp_path: Path) -> None:
    for factor, verdict in ((1.01, "holds"), (0.99, "falls short")):
        path = model_file(tmp_path, UNDECIDED.format(edge=factor * TRUE_MEAN))
        few = gm.check(path, samples=256, most_samples=256)
        assert [claim.verdict for claim in few.claims] == ["undecided", "holds"]
        assert not few.holds
        more = gm.check(path, samples=256)
        assert [claim.verdict for claim in more.claims] == [verdict, "holds"]
        assert [claim.reason for claim in more.claims] == [None, None]
        decided, exact = (claim.samples for claim in more.claims)
        assert 256 < decided < MOST_SAMPLES
        assert exact == 256


def test_what_more_draws_cannot_decide_says_so(tmp_path: Path) -> None:
    path = model_file(tmp_path, UNDECIDED.format(edge=TRUE_MEAN))
    result = gm.check(path, samples=1024, most_samples=8192)
    claim = result.claims[0]
    assert (claim.verdict, claim.samples) == ("undecided", 8192)
    assert claim.reason == "the sampling error reaches across the edge of the tolerance"
    assert not result.holds


def test_an_undecided_figure_is_not_what_was_expected(tmp_path: Path) -> None:
    text = UNDECIDED.format(edge=TRUE_MEAN).replace(
        '")\ngm.claim(c', '", expected="falls short", note="why")\ngm.claim(c'
    )
    result = gm.check(model_file(tmp_path, text), samples=256, most_samples=256)
    assert not result.holds


# --- models, reports, drift ---------------------------------------------------------------------


def committed(path: Path, capsys: Capture, folder: str = "reports") -> None:
    assert main(["run", str(path), "--json"]) == 0
    place = path.parent.parent / folder / f"{path.stem}.json"
    place.parent.mkdir(exist_ok=True)
    place.write_text(capsys.readouterr().out)


def test_drift_from_the_report_beside_the_folder(tmp_path: Path, capsys: Capture) -> None:
    path = model_file(tmp_path)
    committed(path, capsys)
    result = gm.check(path)
    assert (result.holds, result.drift, result.remarks) == (True, (), ())
    model_file(tmp_path, MODEL.replace("gm.constant(3,", "gm.constant(3.001,"))
    result = gm.check(path)
    assert all(claim.as_expected for claim in result.claims)
    assert not result.holds
    moved = {(drift.quantity, drift.statistic) for drift in result.drift}
    assert ("nodes", "mean") in moved
    assert ("price", "mean") not in moved
    assert gm.check(path, drift=False).holds


def test_what_only_claims_name_is_no_drift(tmp_path: Path, capsys: Capture) -> None:
    path = model_file(tmp_path)
    committed(path, capsys)
    assert any(" / " in claim.quantity for claim in gm.check(path).claims)
    assert gm.check(path).drift == ()


def test_what_is_imported_drifts_in_its_own_model(tmp_path: Path, capsys: Capture) -> None:
    text = "import guessmodel as gm\nfrom nodes import price\ntwice = price * 2\n"
    paths = [model_file(tmp_path), model_file(tmp_path, text, "top")]
    for path in paths:
        committed(path, capsys)
    report = tmp_path / "reports" / "top.json"
    document = json.loads(report.read_text())
    document["quantities"]["price"]["from"] = "nodes"  # as guessmodel report says
    report.write_text(json.dumps(document))
    assert gm.check(tmp_path / "models").drift == ()
    model_file(tmp_path, MODEL.replace("gm.constant(10,", "gm.constant(11,"))
    moved = [(d.model, d.quantity) for d in gm.check(tmp_path / "models").drift]
    assert {("nodes", "price"), ("nodes", "daily"), ("top", "twice")} <= set(moved)
    assert ("top", "price") not in moved
    moved = [(d.model, d.quantity) for d in gm.check(paths[1]).drift]
    assert set(moved) == {("top", "price"), ("top", "twice")}


def test_reports_can_lie_elsewhere(tmp_path: Path, capsys: Capture) -> None:
    path = model_file(tmp_path)
    committed(path, capsys, "elsewhere")
    model_file(tmp_path, MODEL.replace("gm.constant(3,", "gm.constant(3.001,"))
    assert gm.check(path).drift == ()
    assert gm.check(path, tmp_path / "elsewhere").drift != ()


def test_models_without_a_report_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    model_file(tmp_path)
    model_file(tmp_path, MODEL, "twin")
    result = gm.check(tmp_path / "models")
    assert result.models == ("nodes", "twin")
    assert result.remarks == (
        f"no report of nodes, twin in {tmp_path / 'reports'}, so drift is not checked; "
        "guessmodel report writes it",
    )
    assert gm.check(gm.Model(a=gm.constant(1))).remarks == ()


def test_a_report_that_is_none(tmp_path: Path) -> None:
    path = model_file(tmp_path)
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "nodes.json").write_text("{}")
    with pytest.raises(ModelError, match="is no report of guessmodel"):
        gm.check(path)


def test_models_of_every_kind(tmp_path: Path) -> None:
    path = model_file(tmp_path)
    several = gm.check([path, gm.Model(a=gm.constant(1)), tmp_path / "models"])
    assert several.models == ("model", "nodes")  # a file is checked once
    with pytest.raises(UsageError, match="there is no model to check; name a model file"):
        gm.check([])


def test_progress_is_told(tmp_path: Path) -> None:
    model_file(tmp_path)
    model_file(tmp_path, MODEL, "twin")
    calls: list[tuple[int, int, str]] = []
    gm.check(tmp_path / "models", progress=lambda *call: calls.append(call))
    assert calls == [(0, 2, "nodes"), (1, 2, "twin"), (2, 2, "")]


def test_json(tmp_path: Path) -> None:
    document = gm.check(model_file(tmp_path)).to_dict()
    assert set(document) == {"holds", "claims", "drift", "warnings"}
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert document["claims"][0] == {
        "model": "nodes",
        "quantity": "daily",
        "statistic": "mean",
        "published": "720 USD/day",
        "computed": {"value": 720.0, "low": 720.0, "high": 720.0},
        "tolerance": 5 / 720,
        "verdict": "holds",
        "expected": "holds",
        "source": "table 2",
        "note": "whole nodes",
        "kind": "arithmetic",
        "at_edge": False,
        "scenario": None,
        "beside": {},
    }


def test_what_is_computed_is_told_with_its_format_and_reservation(tmp_path: Path) -> None:
    lines = (
        "import guessmodel as gm",
        "year = gm.normal(2020, 2030, format='year')",
        "price = gm.lognormal(5, 10, 'USD', format='USD,0')",
        "heavy = gm.pareto(scale=1, shape=1.5) + gm.normal(0, 1)  # of infinite variance",
        "for quantity, mean in ((year, '2025'), (price, '7.2 USD'), (heavy, '3.5')):",
        "    gm.claim(quantity, mean=mean, rtol=0.5, note='told only')",
    )
    model = gm.Model.from_file(model_file(tmp_path, "\n".join(lines)))
    computed = [claim.to_dict()["computed"] for claim in gm.check(model, drift=False).claims]
    simulation = model.sample()
    for name, told in zip(("year", "price"), computed, strict=False):  # both exact
        assert told == simulation[name].mean().to_dict()
    beside = [set(one) - {"value", "low", "high"} for one in computed]
    assert beside == [{"plain"}, {"format"}, {"note"}]
