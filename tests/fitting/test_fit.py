"""Fits against SciPy's, and the coverage of what the line of model predicts."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from controlled import controlled
from scipy import optimize, stats

import guessmodel as gm
from guessmodel.fitting.families import FITTABLE

DATA = np.random.default_rng(7).lognormal(1.0, 0.6, 40)
CONTINUOUS = [name for name, each in FITTABLE.items() if not each.counts]
TRUTHS = {
    "normal": stats.norm(5, 2),
    "lognormal": stats.lognorm(0.8, scale=3),
    "exponential": stats.expon(scale=4),
    "gamma": stats.gamma(0.6, scale=3),
    "weibull": stats.weibull_min(1.5, scale=3),
    "logistic": stats.logistic(5, 2),
}


@pytest.mark.parametrize("family", CONTINUOUS)
def test_likelihood_is_that_of_scipy(family: str) -> None:
    """SciPy's own fit, by a search, has no larger likelihood."""
    found = gm.fit(DATA, family).best
    own = FITTABLE[family].scipy
    held = {"floc": 0} if FITTABLE[family].above_0 else {}
    theirs = float(own(*own.fit(DATA, **held)).logpdf(DATA).sum())
    count = len(found.parameters)
    assert (2.0 * count - found.aic) / 2.0 == pytest.approx(theirs, abs=1e-3)
    assert (2.0 * count - found.aic) / 2.0 > theirs - 1e-6


@pytest.mark.parametrize("family", CONTINUOUS)
def test_many_numbers_are_drawn_as_scipy_draws_them(family: str) -> None:
    """By a table, whose error is 1e-5 of a 32nd of an octave of the probability at most."""
    parameters = np.array([0.3, 1.7][: len(FITTABLE[family].parameters)])
    known, u = FITTABLE[family].frozen(parameters), np.random.default_rng(1).random(1 << 16)
    drawn = FITTABLE[family].drawn(known, u)
    assert drawn == pytest.approx(known.ppf(u), rel=1e-6, abs=1e-8)
    assert FITTABLE[family].drawn(known, u[:9]) == pytest.approx(known.ppf(u[:9]), rel=1e-12)


@pytest.mark.parametrize("share", [0.1, 0.01, 1e-3])
def test_a_gamma_of_data_that_hardly_vary_is_found(share: float) -> None:
    """Against a search along the shape, with the scale that makes the mean that of the data."""
    data = np.random.default_rng(1).normal(100.0, 100.0 * share, 50)

    def less(log_shape: float) -> float:
        shape = np.exp(log_shape)
        return float(-stats.gamma(shape, scale=data.mean() / shape).logpdf(data).sum())

    guess = -2.0 * np.log(share)
    found = optimize.minimize_scalar(less, bracket=(guess - 1.0, guess + 1.0), tol=1e-10)
    assert gm.fit(data, ["gamma"]).best.aic == pytest.approx(4.0 + 2.0 * found.fun, abs=1e-6)


@pytest.mark.parametrize("n", [10, 30, 100])
@pytest.mark.parametrize("family", list(TRUTHS))
def test_predictive_intervals_hold_what_they_say(family: str, n: int) -> None:
    """90% of next values, of the true distribution, in the central 90% of the line. The plain fit
    goes with it; its coverage, of many samples, is as near where there is much data alone."""
    truth = TRUTHS[family]
    made = np.random.default_rng(n)
    held, plain = [], []
    for _ in range(24):
        found = gm.fit(truth.rvs(n, random_state=made), family).best
        low, high = (float(end) for end in found.quantity.sample(256).interval())
        held.append(truth.cdf(high) - truth.cdf(low))
        ends = found.distribution.ppf([0.05, 0.95])
        plain.append(float(np.diff(truth.cdf(ends))[0]))
    own = FITTABLE[family]
    many = own.frozen(own.estimate(truth.rvs((10_000, n), random_state=made)))
    ends = many.ppf(np.broadcast_to([0.05, 0.95], (10_000, 2)))
    without = float(np.diff(truth.cdf(ends), axis=1).mean())
    mean, error = controlled(held, plain, without)
    assert abs(mean - 0.9) < 0.005 + error < 0.025
    if n == 10 and family != "exponential":
        assert 0.5 * (mean + without) < 0.895 - error  # half of it would be too little


@pytest.mark.parametrize("family", CONTINUOUS)
@pytest.mark.parametrize("unit", ["USD", None])
def test_lines_make_what_they_say(family: str, unit: str | None) -> None:
    found = gm.fit(DATA, family, unit=unit).best
    for text in (found.line, found.plain):
        made = eval(text, {"gm": gm})
        assert str(made.unit) == (unit or "")
        assert str(made.sample(64).median())
    made = eval(found.line, {"gm": gm}).sample(512).quantile(0.9)
    assert float(made) == float(found.quantity.sample(512).quantile(0.9))


@pytest.mark.parametrize("far", [0.0, 1e3, 1.7e9, 1e12])
@pytest.mark.parametrize("family", CONTINUOUS)
def test_lines_have_the_digits_that_their_spread_needs(family: str, far: float) -> None:
    """Six digits of a time stamp are days: whatever the location, the plain line has the quantiles
    of the fit to a thousandth of their range, and the other one is about the same centre."""
    data = far + DATA
    if far > 1e8 and family in ("gamma", "weibull"):
        with pytest.raises(gm.GuessmodelError, match="vary too little beside their size for its"):
            gm.fit(data, family)
        return
    found = gm.fit(data, family).best
    low, middle, high = found.distribution.ppf([0.05, 0.5, 0.95])
    plain = eval(found.plain, {"gm": gm}).sample(512)
    for p, expected in ((0.05, low), (0.5, middle), (0.95, high)):
        assert float(plain.quantile(p)) == pytest.approx(expected, abs=1e-3 * (high - low))
    whole = found.quantity.sample(512)
    assert float(whole.median()) == pytest.approx(middle, abs=0.1 * (high - low))


@pytest.mark.parametrize("power", [-650, -300, 300, 650])
@pytest.mark.parametrize("family", CONTINUOUS)
def test_the_scale_of_the_data_does_not_matter(family: str, power: int) -> None:
    """log f moves by the logarithm of the scale, and nothing else does: closed form."""
    plain, scaled = gm.fit(DATA, family).best, gm.fit(np.ldexp(DATA, power), family).best
    moved = power * np.log(2.0)
    assert scaled.aic == pytest.approx(plain.aic + 2.0 * DATA.size * moved, rel=1e-7)
    assert scaled.log_score == pytest.approx(plain.log_score + moved, rel=1e-7)
    assert scaled.p_value == pytest.approx(plain.p_value, abs=0.01)


@pytest.mark.parametrize("family", [each for each in CONTINUOUS if each != "exponential"])
def test_a_value_that_the_others_hold_impossible(family: str, tmp_path: Path) -> None:
    """Without it there is no spread: its density is 0, or without a limit at the others."""
    found = gm.fit([1.5, 1.5, 1.5, 1.5, 1.5, 2.5], family)
    assert found.best.log_score == np.inf
    assert found.to_dict()["families"][family]["log_score"] is None


def test_a_family_without_a_line_is_left_out() -> None:
    """A gamma of values over 70 orders of magnitude has its 95th percentile beyond all numbers."""
    found = gm.fit(np.exp(np.random.default_rng(0).normal(0, 40, 5)) * 1e200)
    assert found.best.family == "lognormal"
    assert found.left_out == {"gamma": "metalog: p95 is inf; write a finite number"}


@pytest.mark.parametrize("family", list(FITTABLE))
def test_lines_of_a_file_name_it(family: str, tmp_path: Path) -> None:
    """So that the model they are pasted into is not warned of an input without a source."""
    file = tmp_path / 'a "b".csv'
    data = [1, 2, 3, 1, 4, 2, 2, 3] if FITTABLE[family].counts else DATA.tolist()
    file.write_text("x\n" + "".join(f"{each}\n" for each in data))
    found = gm.fit(file, family).best
    assert found.quantity.source == f'a "b".csv: {len(data)} values of x'
    for k, line in enumerate((found.line, found.plain)):
        model = tmp_path / f"model{k}.py"
        model.write_text(f"import guessmodel as gm\nx = {line}\ny = x * 2\n")
        warnings = gm.check(gm.Model.from_file(model), reports="none").warnings
        assert [each.code for each in warnings] == []
    assert "source=" not in gm.fit(data, family).line


def test_the_right_family_is_found_and_a_wrong_one_is_told() -> None:
    found = gm.fit(stats.lognorm(0.8, scale=3).rvs(400, random_state=1))
    assert found.best.family == "lognormal" and found.best.fits
    assert not found["normal"].fits and not found["exponential"].fits
    assert "its mean does not exist" in str(found)
    made = np.random.default_rng(1)
    two = gm.fit(np.concatenate([made.normal(1, 0.1, 50), made.normal(9, 0.1, 50)]))
    assert not any(each.fits for each in two.families)
    assert "! nothing fits: even the best" in str(two)


def test_p_values_of_the_right_family_are_uniform() -> None:
    made = np.random.default_rng(3)
    p = [gm.fit(made.normal(size=30), "normal").best.p_value for _ in range(80)]
    assert stats.kstest(p, "uniform").pvalue > 1e-6


def test_scores_of_left_out_values() -> None:
    """The mean of −log f of a normal at values that it was fitted without is near its entropy."""
    found = gm.fit(np.random.default_rng(1).normal(3, 2, 2000), "normal").best
    assert found.log_score == pytest.approx(0.5 * np.log(2 * np.pi * np.e * 4.0), abs=0.06)


def test_a_file_and_a_series(tmp_path: Path) -> None:
    path = tmp_path / "d.csv"
    path.write_text("cost [USD],n\n" + "".join(f"{x},1\n" for x in DATA))
    found = gm.fit(path, "gamma", column="cost")
    assert (found.name, found.unit) == ("cost", "USD")
    same = gm.fit(pd.Series(DATA, name="cost [USD]"), "gamma")
    told = ', source="d.csv: 40 values of cost"'
    assert str(same.to_dict()) == str(found.to_dict()).replace(told, "")
    assert found.quantity.source == "d.csv: 40 values of cost"
    assert list(found.to_pandas().index) == ["gamma"]
    assert "<table>" in found._repr_html_()
    with pytest.raises(gm.GuessmodelError, match=r"has columns cost, n; choose one by column="):
        gm.fit(path)
    with pytest.raises(gm.GuessmodelError, match="no column 'cos'; did you mean 'cost'"):
        gm.fit(path, column="cos")
    path.write_text("cost\n1\nx\n")
    with pytest.raises(gm.GuessmodelError, match=r"d.csv:3 has 'x' in the column 'cost'"):
        gm.fit(path)


@pytest.mark.parametrize(
    ("data", "how", "message"),
    [
        ([1, 2, 3], {}, "3 values tell too little; 5 are the least"),
        (["a"] * 6, {}, "fit takes numbers"),
        ([[1, 2]] * 6, {}, "of one dimension"),
        ([1, 2, 3, 4, float("nan")], {}, "not finite"),
        ([2.0] * 9, {}, "all values are the same"),
        (DATA, {"families": "gama"}, "no family 'gama'; did you mean 'gamma'"),
        (-DATA, {"families": "gamma"}, "gamma is left out: not all data are above 0"),
        (DATA, {"column": "x"}, "column= is for a CSV file"),
        (DATA, {"unit": "nonsense"}, "nonsense"),
    ],
)
def test_refused(data: object, how: dict[str, str], message: str) -> None:
    with pytest.raises(gm.GuessmodelError, match=message):
        gm.fit(data, **how)  # type: ignore[arg-type]


def test_another_family_than_those_fitted() -> None:
    with pytest.raises(gm.GuessmodelError, match="'gamma' was not fitted; there are normal"):
        gm.fit(DATA, "normal")["gamma"]


def test_a_family_shows_its_line_and_a_frame_says_how_a_column_is_chosen() -> None:
    data = pd.DataFrame({"cost": [3.1, 4.7, 2.2, 8.9, 5.0, 3.8, 6.1, 4.4]})
    found = gm.fit(data["cost"], families="normal").best
    assert repr(found) == f"<normal: mean 4.775, sd {found.parameters['sd']:.4g}; {found.line}>"
    with pytest.raises(
        gm.GuessmodelError, match=r"one dimension; choose a column, as in data\['cost"
    ):
        gm.fit(data)
