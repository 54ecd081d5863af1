"""Runs under a condition: closed forms, NumPy on the same draws, refusals."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st
from scipy import stats

import guessmodel as gm
from guessmodel.cli.main import main
from guessmodel.errors import DimensionError, GuessmodelError, UnitError, UsageError, WrongKind
from guessmodel.model.conditions import condition_from
from guessmodel.simulation.given import TooFew

X, Y = gm.normal(mean=0, sd=1, unit="USD"), gm.normal(mean=0, sd=1, unit="USD")
ONE = gm.constant(1, "USD")
ROWS = gm.normal({"a": (1, 2), "b": (3, 4)}, dim="row")
MODEL = gm.Model(
    x=X,
    y=Y,
    z=0.6 * X + 0.8 * Y,
    high=X > ONE,
    rows=ROWS,
    best=gm.stack({"one": X, "two": Y}, dim="option").idxmax("option"),
    fixed=ONE,
)
SIMULATION = MODEL.sample(2**14)


def test_closed_forms_of_the_normal_distribution() -> None:
    # Beyond 1 a normal variable has mean φ(1)/Φ(-1); one correlated with it by 0.6 has 0.6 of that.
    found = SIMULATION.given(X > ONE)
    above = stats.norm.pdf(1) / stats.norm.sf(1)
    for name, true in (("x", above), ("z", 0.6 * above)):
        mean = found[name].mean()
        assert abs(mean.value - true) < 2.5 * mean.error
        assert mean.error < 0.02
    condition = found.condition
    assert condition is not None
    assert abs(condition.share.value - stats.norm.sf(1)) < 3 * condition.share.error + 1e-9
    assert condition.effective_samples == round(condition.share.value * 2**14)
    assert found["x"].quantile(0.5).value == pytest.approx(
        stats.norm.isf(stats.norm.sf(1) / 2), abs=0.01
    )
    assert found["fixed"].mean().value == 1.0
    assert found["high"].probability().value == 1.0
    assert found["x"].shortfall(0.9).value > found["x"].mean().value


def test_what_shares_no_draw_with_the_condition_has_the_numbers_of_the_run_without() -> None:
    found = SIMULATION.given("x > 1 USD and rows[b] > 3.5")
    for name in ("y", "rows[a]", "fixed"):
        free, whole = found[name], SIMULATION[name]
        assert free.mean() == whole.mean()
        assert free.mean().is_exact
        for asked in ("sd", "median", "interval", "skewness", "hdi", "shortfall"):
            assert getattr(free, asked)() == getattr(whole, asked)()
        assert free.run is found.run
    assert found["y"].cdf(1) == SIMULATION["y"].cdf(1)
    # Draws that are shown, and go together with others, are those in which it holds.
    assert found.condition is not None
    np.testing.assert_array_equal(np.isnan(found["y"].values), ~found.condition.holds)
    assert found["y"].non_finite == found["z"].non_finite == 0.0
    assert not found["z"].mean().is_exact
    assert not found["rows[b]"].mean().is_exact


def test_what_goes_together_with_what_is_free_of_the_condition() -> None:
    found = SIMULATION.given("x > 1 USD")
    assert found.correlation("x", "y").value == 0.0  # independent, with and without the condition
    assert found.correlation("y", "rows[a]").is_exact
    # z = 0.6 x + 0.8 y, of which x > 1 leaves the variance 1 + λ - λ² of x, λ = φ(1) / Φ(-1).
    ratio = stats.norm.pdf(1) / stats.norm.sf(1)
    spread = 0.36 * (1 + ratio - ratio**2) + 0.64
    together = found.correlation("y", "z")
    assert together.value == pytest.approx(0.8 / np.sqrt(spread), abs=3 * together.error + 1e-3)
    # Of a sum that is below 0 both parts tell: of two normals, given that x + y < 0, the covariance
    # is that of their halves, var((x + y) / 2) - var((x - y) / 2) = (1 - 2/π) / 2 - 1 / 2 = -1/π.
    both = SIMULATION.given("x + y < 0 USD").covariance("x", "y")
    assert both.value == pytest.approx(-1 / np.pi, abs=3 * both.error + 1e-3)


def test_the_condition_is_one_and_what_it_denies_is_zero() -> None:
    plain, sure = gm.normal(mean=0, sd=1), gm.bernoulli(0.3)
    model = gm.Model(plain=plain, above=plain > 1, low=plain <= 1, wide=plain > 0.5, sure=sure)
    found = model.sample(2**12).given("plain > 1")
    for name, value in (("above", 1.0), ("wide", 1.0), ("low", 0.0)):
        for statistic in ("mean", "probability", "median"):
            told = getattr(found[name], statistic)()
            assert told.is_exact
            assert (told.value, told.low, told.high) == (value, value, value)
        assert found[name].sd().value == 0.0
    assert found["sure"].probability().value == 0.3
    happens = model.sample(2**12).given("sure")["sure"].mean()
    assert happens.is_exact
    assert happens.value == 1.0
    assert "constant" in (found.correlation("above", "plain").note or "")
    assert [row.kind for row in found.summary().rows][:2] == ["draw", "derived"]


@settings(max_examples=25, deadline=None)
@for_all(low=st.floats(-1.0, 0.5), width=st.floats(0.5, 3.0))
def test_statistics_are_those_of_the_draws_in_which_it_holds(low: float, width: float) -> None:
    text = f"{low!r} < x - y <= {low + width!r} USD"
    found = SIMULATION.given(text)
    x, y = SIMULATION["x"].values, SIMULATION["y"].values
    holds = (x - y > low) & (x - y <= low + width)
    z = SIMULATION["z"].values[holds]
    assert found["z"].mean().value == pytest.approx(z.mean(), rel=1e-9, abs=1e-12)
    assert found["z"].sd().value == pytest.approx(z.std(), rel=1e-9)
    assert found["z"].median().value == pytest.approx(np.median(z), abs=0.05)
    assert found.condition is not None
    assert found.condition.effective_samples == holds.sum()
    np.testing.assert_array_equal(np.isnan(found["z"].values), ~holds)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("x > 0", lambda s: s["x"].values > 0),
        ("0 < x < 100 cent", lambda s: (s["x"].values > 0) & (s["x"].values < 1)),
        ("x > y and high", lambda s: (s["x"].values > s["y"].values) & (s["x"].values > 1)),
        ("not high & y >= -0.5 USD", lambda s: (s["x"].values <= 1) & (s["y"].values >= -0.5)),
        ("x * 2 - y / 2 > 1", lambda s: s["x"].values * 2 - s["y"].values / 2 > 1),
        ("rows[b] > 3.5", lambda s: s["rows"].values[1] > 3.5),
        ("rows[b] - rows[a] < 2", lambda s: s["rows"].values[1] - s["rows"].values[0] < 2),
        ("best == one", lambda s: s["x"].values >= s["y"].values),
        ("best != 'one'", lambda s: s["x"].values < s["y"].values),
        ("-x > 0.1 USD", lambda s: -s["x"].values > 0.1),
        ("fixed < x", lambda s: s["x"].values > 1),
    ],
)
def test_conditions_as_text(text: str, holds) -> None:
    found = SIMULATION.given(text).condition
    assert found is not None
    np.testing.assert_array_equal(found.holds, holds(SIMULATION))
    assert found.text == text


@pytest.mark.parametrize(
    ("text", "kind", "message"),
    [
        ("x", UsageError, "x is no comparison; write a condition such as 'demand > 1000'"),
        ("x >", UsageError, "cannot read the condition 'x >'; write for example"),
        ("hihg", UsageError, "has no quantity 'hihg'; did you mean 'high'?"),
        ("zz > 3", UsageError, "model has no quantity 'zz'"),
        ("3 > 4", UsageError, "'3 > 4' compares no quantity of the model"),
        ("x > 3 kg", UnitError, "cannot convert kg to USD"),
        (
            "rows > 3",
            DimensionError,
            "the condition rows > 3 has a row; choose one, as text by co",
        ),
        ("rows[c] > 3", UsageError, "dimension 'row' has no label 'c'; it has a, b"),
        ("x > __import__('os')", GuessmodelError, ""),
        ("best == three", WrongKind, "write one of 'one', 'two'"),
    ],
)
def test_texts_that_are_refused(text: str, kind: type[GuessmodelError], message: str) -> None:
    with pytest.raises(kind) as caught:
        SIMULATION.given(text)
    assert message in str(caught.value)


def test_too_few_draws() -> None:
    with pytest.raises(TooFew) as caught:
        SIMULATION.given("x > 3 USD")
    # P = 0.00135: about 22 of 16,384 draws.
    assert str(caught.value).endswith(
        " of 16,384 draws are left, and 256 are needed; about 524,288 samples should do"
    )
    assert caught.value.enough == 524288
    found = MODEL.sample(2**14, given="x > 3 USD", quantities=["x"])
    assert found.run.samples >= 2**18
    above = stats.norm.pdf(3) / stats.norm.sf(3)
    assert found["x"].mean().value == pytest.approx(above, rel=0.01)
    precise = MODEL.sample(2**14, given="x > 2 USD", precision=0.01, quantities=["x"])
    assert precise["x"].mean().relative_error < 0.01
    assert precise["x"].quantile(0.95).relative_error < 0.01


def test_what_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is about a draw that the model does not have"):
        SIMULATION.given(gm.normal(0, 1) > 0)
    changed = MODEL.with_(x="1 to 2 USD").sample(1024)
    with pytest.raises(UsageError, match="write the condition as text"):
        changed.given(X > ONE)
    assert changed.given("x > 1.5 USD")["x"].mean().value > 1.5
    with pytest.raises(WrongKind, match="a condition is a comparison, such as demand > 1000"):
        SIMULATION.given(True)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="needs the draws of the run, which were not kept"):
        MODEL.sample(1024, keep=False).given("high")
    with pytest.raises(UsageError, match="sensitivity cannot be asked under a condition"):
        SIMULATION.given("x > 0 USD").sensitivity("z")
    with pytest.raises(UsageError, match="given= may make several runs"):
        MODEL.sample(1024, given="high", store=tmp_path / "store")


def test_two_conditions_and_tails_that_are_cut() -> None:
    twice = SIMULATION.given("x > 0 USD").given("y > 0 USD")
    assert twice.condition is not None
    assert twice.condition.text == "x > 0 USD and y > 0 USD"
    both = SIMULATION.given("x > 0 USD and y > 0 USD")
    assert twice["z"].mean() == both["z"].mean()
    wild = gm.cauchy(location=0, scale=1)
    cut = gm.Model(wild=wild).sample(4096).given((wild > -1) & (wild < 1))
    assert cut["wild"].mean().value == pytest.approx(0.0, abs=0.01)


def test_draws_that_are_lost_are_counted_among_those_that_are_left() -> None:
    z = gm.normal(mean=0, sd=1)
    simulation = gm.Model(z=z, root=gm.sqrt(z)).sample(4096)
    assert "50% of the draws are not finite" in (simulation["root"].mean().note or "")
    half = simulation.given("z > -0.6744898")["root"].mean()  # Φ(0.6745) = 3/4, of which 1/4 lost
    assert "33% of the draws are not finite" in (half.note or "")
    assert simulation.given("z > 0")["root"].mean().reliable


def test_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("model.py").write_text(
        "import guessmodel as gm\ndemand = gm.normal(800, 1200)\nsold = gm.minimum(demand, 1100)\n"
    )
    assert main(["run", "model.py", "--given", "demand > 1000"]) == 0
    assert "; given demand > 1000: 50.0% of the draws, 32,7" in capsys.readouterr().out
    assert main(["run", "model.py", "--given", "demand > 1000", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["given"]["condition"] == "demand > 1000"
    assert found["given"]["share"]["value"] == pytest.approx(0.5, abs=1e-3)
    assert found["given"]["effective_samples"] == pytest.approx(32768, abs=64)
    # Above its median a normal variable has mean 1000 + σ √(2/π), σ = 200 / 1.6448536.
    mean = found["quantities"]["demand"]["mean"]["value"]
    assert mean == pytest.approx(1000 + 200 / 1.6448536 * np.sqrt(2 / np.pi), rel=1e-3)
    assert main(["run", "model.py", "--given", "demand > 1350"]) == 2
    assert "draws are left, and 256 are needed; about " in capsys.readouterr().err
    words = ["--given", "demand > 1350", "--precision", "5%"]
    assert main(["run", "model.py", "demand", *words]) == 0


def test_text_makes_ordinary_quantities() -> None:
    made = condition_from(MODEL, "x > 0 USD and y > 0 USD")
    assert gm.Model(made=made).sample(4096)["made"].probability().value == pytest.approx(
        0.25, abs=0.01
    )


def test_a_condition_without_a_name_is_told_by_its_line() -> None:
    rows = gm.stack({"a": gm.normal(0, 1), "b": 0.0}, dim="row")
    with pytest.raises(GuessmodelError) as caught:
        SIMULATION.given(gm.normal(0, 1) > 0)
    assert "the condition of " in str(caught.value)
    assert "the condition the condition" not in str(caught.value)
    with pytest.raises(DimensionError) as caught:
        SIMULATION.given(rows > 0)
    assert "the condition of " in str(caught.value)
    assert "the condition the condition" not in str(caught.value)


def test_no_draw_left_names_no_number_of_samples() -> None:
    with pytest.raises(TooFew) as caught:
        SIMULATION.given("x > 50 USD")
    assert str(caught.value).endswith(
        "given x > 50 USD: none of 16,384 draws met it, and 256 are needed; it may be impossible: "
        "write a wider condition"
    )
    assert caught.value.enough > 2**14
