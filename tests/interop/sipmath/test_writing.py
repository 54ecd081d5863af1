"""SIPmath libraries: fits, what is stated of them, and what other evaluators make of them."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats
from sip_evaluator import metalog, trials

import guessmodel as gm
from guessmodel.errors import GuessmodelError
from guessmodel.interop.exported import Exported

TRIALS = 4000


@pytest.fixture(scope="module")
def run() -> Any:
    price = gm.lognormal(5, 10, "USD", doc="Of one.")
    share = gm.beta(alpha=2, beta=5)
    orders = gm.poisson(4)
    many = gm.poisson(400)
    area = gm.uniform(2, 5, "m^2")
    loss = -gm.lognormal(5, 10)
    profit = orders * price - gm.normal(20, 40, "USD")
    dear = price > gm.constant(7, "USD")
    rent = gm.constant(12, "USD")
    quarters = gm.stack({"q1": price, "q2": 2 * price * share}, dim="quarter")
    names = {key: value for key, value in locals().items() if isinstance(value, gm.Quantity)}
    return gm.Model(names).sample(2**14)


@pytest.fixture(scope="module")
def written(run: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[Exported, Any]:
    path = tmp_path_factory.mktemp("sip") / "shop.SIPmath"
    return run.export(path), json.loads(path.read_text())


def test_fits_are_near_and_say_how_near(written: tuple[Exported, Any]) -> None:
    told, library = written
    fits = {fit.name: fit for fit in told.fits}
    assert {"quarters[q1]", "quarters[q2]"} <= set(fits)
    # Two terms are exact for uniform draws between their bounds: M = log(y / (1 - y)).
    area = next(sip for sip in library["sips"] if sip["name"] == "area")
    assert area["arguments"] == {
        "lowerBound": 2.0,
        "upperBound": 5.0,
        "aCoefficients": pytest.approx([0.0, 1.0], abs=1e-3),
    }
    assert [fits[name].form for name in ("orders", "dear", "rent")] == ["Lookup_Table"] * 3
    assert all(fit.error < 0.01 for fit in told.fits)
    assert told.rank_error is not None and told.rank_error < 0.05
    assert told.left_out == ()


def test_the_error_is_that_of_the_distribution_functions(
    run: Any, written: tuple[Exported, Any]
) -> None:
    # Kolmogorov and Smirnov's distance by SciPy, of draws and of the fit inverted by trials of an
    # evaluator of our own at equal steps.
    told, library = written
    even = np.linspace(0.0, 1.0, 20_001)[1:-1]
    for sip in library["sips"]:
        fit = next(fit for fit in told.fits if fit.name == sip["name"])
        if fit.form == "Lookup_Table":
            continue
        curve = metalog(even, sip["arguments"])
        curve = np.floor(curve + 0.5) if "rounding" in sip else curve
        name, _, label = sip["name"].partition("[")
        result = run[name].sel(quarter=label[:-1]) if label else run[name]
        distance = stats.ks_2samp(result.values, curve).statistic
        assert fit.error == pytest.approx(distance, abs=2e-3), sip["name"]


def test_another_evaluator_gives_the_same_distributions_and_correlations(
    run: Any, written: tuple[Exported, Any]
) -> None:
    told, library = written
    made = trials(library, TRIALS)
    draws = {result.name: result for result in run.results() if not result.dims}
    for name, result in draws.items():
        distance = np.abs(
            [np.mean(made[name] <= x) - np.mean(result.values <= x) for x in result.values[::97]]
        ).max()
        # Kolmogorov's bound at a false alarm of 1e-6, and what is stated.
        stated = next(fit.error for fit in told.fits if fit.name == name)
        assert distance < 2.7 / np.sqrt(TRIALS) + stated, name
    for a, b in (("price", "profit"), ("orders", "profit"), ("price", "dear"), ("price", "many")):
        ours = stats.spearmanr(draws[a].values, draws[b].values).statistic
        theirs = stats.spearmanr(made[a], made[b]).statistic
        assert theirs == pytest.approx(ours, abs=0.05 + 5.0 / np.sqrt(TRIALS)), (a, b)


def test_numbers_come_from_names(tmp_path: Path) -> None:
    def ids(**quantities: gm.Quantity) -> dict[str, int]:
        path = tmp_path / f"{len(quantities)}.SIPmath"
        gm.Model(quantities).sample(1024).export(path)
        library = json.loads(path.read_text())
        varied = [each["arguments"]["varId"] for each in library["U01"]["rng"]]
        return dict(zip(quantities, varied, strict=True))

    a, b, c = gm.normal(1, 2), gm.normal(1, 2), gm.normal(1, 2)
    both, three = ids(a=a, b=b), ids(c=c, b=b, a=a)
    assert both.items() <= three.items()
    assert len(set(three.values())) == 3


def test_independent_quantities_need_no_copula(tmp_path: Path) -> None:
    path = tmp_path / "two.SIPmath"
    told = gm.Model(a=gm.normal(1, 2), b=gm.gamma(2, 3)).sample(1024).export(path)
    library = json.loads(path.read_text())
    assert "copula" not in library["U01"] and "globalVariables" not in library
    assert told.rank_error is None and told.to_dict()["rank_error"] is None


def test_copies_can_be_factored(tmp_path: Path) -> None:
    x = gm.normal(1, 2)
    path = tmp_path / "copies.SIPmath"
    told = gm.Model(x=x, twice=2 * x, less=-x).sample(1024).export(path)
    made = trials(json.loads(path.read_text()), 500)  # by NumPy's Cholesky factor
    assert stats.spearmanr(made["x"], made["twice"]).statistic > 0.999
    assert stats.spearmanr(made["x"], made["less"]).statistic < -0.999
    assert told.rank_error is not None and told.rank_error < 1e-3


def test_a_rough_fit_is_marked(tmp_path: Path) -> None:
    x = gm.mixture([gm.uniform(1, 2), gm.uniform(100, 200), gm.uniform(3e4, 4e4)])
    told = gm.Model(x=x).sample(4096).export(tmp_path / "x.SIPmath")
    assert told.fits[0].rough
    assert any(line.startswith("! a metalog comes no nearer") for line in told.notes())
    assert "!" in repr(told) and "<table" in told._repr_html_()
    assert told.to_pandas().loc["x", "terms"] == told.fits[0].terms


def test_what_is_left_out_and_refused(tmp_path: Path) -> None:
    x = gm.normal(1, 2)
    best = gm.stack({"a": x, "b": gm.normal(1, 3)}, dim="case").idxmax("case")
    odd = gm.log(x - 1.5)
    run = gm.Model(x=x, best=best, odd=odd).sample(1024)
    told = run.export(tmp_path / "some.SIPmath")
    assert told.quantities == ("x",)
    assert told.left_out == (
        "best, whose values are categories",
        "odd, which has draws that are not finite",
    )
    with pytest.raises(GuessmodelError, match=r"cannot hold best, whose .*; nor odd, which has"):
        gm.Model(best=best, odd=odd).sample(1024).export(tmp_path / "none.SIPmath")
    wide = gm.constant(1.0, dim={"case": range(501)}) * x
    with pytest.raises(GuessmodelError, match="up to 500 variables, and there are 501"):
        gm.Model(wide=wide).sample(64).export(tmp_path / "wide.SIPmath")
    assert not (tmp_path / "none.SIPmath").exists()
