"""SIPmath libraries as draws: metalogs, tables, samples and the Gaussian copula."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mutated import is_total, mutations
from scipy import stats
from sip_evaluator import metalog

import guessmodel as gm
from guessmodel.errors import GuessmodelError


def variable(name: str, ref: Any, **arguments: Any) -> dict[str, Any]:
    return {"name": name, "ref": ref, "function": "Metalog_1_0", "arguments": arguments}


def rng(name: str) -> dict[str, str]:
    return {"source": "rng", "name": name}


def layer(name: str) -> dict[str, str]:
    return {"source": "copula", "name": "Gaussian", "copulaLayer": name}


TABLE = [[0.25, 0.0], [0.75, 1.0], [1.0, 5.0]]
LIBRARY: dict[str, Any] = {
    "name": "examples",
    "libraryType": "SIPmath_3_0",
    "globalVariables": [
        {
            "name": "matrix",
            "value": {
                "columns": ["a", "b", "c"],
                "rows": ["a", "b", "c"],
                "matrix": [  # one triangle, as some writers have it
                    {"row": "a", "col": "a", "value": 1},
                    {"row": "b", "col": "a", "value": 0.6},
                    {"row": "c", "col": "b", "value": -0.5},
                ],
            },
        }
    ],
    "U01": {
        "rng": [
            {"name": f"hdr{k}", "function": "HDR_2_0", "arguments": {"entity": 1, "varId": k}}
            for k in range(1, 5)
        ]
        + [{"name": "again", "function": "HDR_2_0", "arguments": {"varId": 4, "entity": 1}}]
        + [{"name": "index", "function": "Index", "arguments": {}}],
        "copula": [
            {
                "name": "Gaussian",
                "function": "GaussianCopula",
                "arguments": {
                    "correlationMatrix": {"type": "globalVariables", "value": "matrix"},
                    "rng": ["hdr1", "hdr2", "hdr3"],
                },
                "copulaLayer": ["c1", "c2", "c3"],
            }
        ],
    },
    "sips": [
        variable("a", layer("c1"), aCoefficients=[10, 1.5, 0.5, 3, -2]),
        variable("b", layer("c2"), aCoefficients=[2, 0.5], lowerBound=1),
        variable(
            "c", layer("c3"), aCoefficients=[-0.4, 0.3, -0.4, 0.5], lowerBound=0, upperBound=5
        ),
        variable("d", rng("hdr4"), aCoefficients=[0.5, 0.2], upperBound=3),
        {**variable("e", rng("again"), aCoefficients=[50, 9]), "rounding": "nearest"},
        {**variable("f", rng("hdr1"), value=TABLE), "function": "Lookup_Table"},
        {
            **variable("g", rng("index"), type="array", value=[1, 2, 3, 4]),
            "function": "SIP_Array",
            "metadata": {"units": "USD", "description": "Observed."},
        },
        {**variable("h", rng("index"), type="array", value=[9, 7, 8, 6]), "function": "SIP_Array"},
    ],
}
NAMES = "abcdefgh"


def changed(**pieces: Any) -> dict[str, Any]:
    return {**json.loads(json.dumps(LIBRARY)), **pieces}


def only(sip: dict[str, Any]) -> dict[str, Any]:
    return changed(sips=[sip])


def test_quantiles_are_keelins() -> None:
    made = gm.from_sipmath(LIBRARY)
    run = gm.Model(made).sample(1024)
    for sip in LIBRARY["sips"][:4]:
        for p in (0.01, 0.3, 0.9):
            expected = metalog(np.array(p), sip["arguments"])
            assert run[sip["name"]].quantile(p).value == pytest.approx(float(expected), rel=1e-9)
    assert set(np.unique(run["f"].values)) == {0.0, 1.0, 5.0}
    assert run["f"].mean().value == pytest.approx(0.5 + 0.25 * 5.0)
    assert np.array_equal(run["e"].values, np.rint(run["e"].values))


def test_the_copula_and_shared_generators() -> None:
    run = gm.Model(gm.from_sipmath(LIBRARY)).sample(2**14)
    # Of a Gaussian copula Spearman's correlation is 6/π asin(r/2) (Kruskal 1958).
    for pair, r in (("ab", 0.6), ("bc", -0.5), ("ac", 0.0)):
        expected = 6.0 / np.pi * np.arcsin(r / 2.0)
        assert run.rank_correlation(*pair).value == pytest.approx(expected, abs=0.01)
    # d and e are on one generator, by two names: both increase in it.
    assert np.all(np.diff(run["e"].values[np.argsort(run["d"].values)]) >= 0.0)
    # f is on the first number of the copula, as a is.
    assert np.all(np.diff(run["f"].values[np.argsort(run["a"].values)]) >= 0.0)
    ours = stats.spearmanr(run["g"].values, run["h"].values).statistic
    assert set(zip(run["g"].values, run["h"].values, strict=True)) == {
        (1.0, 9.0),
        (2.0, 7.0),
        (3.0, 8.0),
        (4.0, 6.0),
    }
    assert ours < 0.0
    assert abs(run.rank_correlation("a", "d").value) < 0.01


def test_correlations_of_scores_are_taken_as_they_are() -> None:
    """Of a table of two values and a metalog a rank correlation can be 0.866 at most, which nearly
    equal scores all but reach: there is nothing to be solved for."""
    library = changed()
    library["sips"][1] = {
        **variable("b", layer("c2"), value=[[0.5, 0.0], [1.0, 1.0]]),
        "function": "Lookup_Table",
    }
    library["globalVariables"][0]["value"]["matrix"][1]["value"] = 0.9999999
    library["globalVariables"][0]["value"]["matrix"][2]["value"] = 0.0
    run = gm.Model(gm.from_sipmath(library)).sample(2**12)
    assert np.mean((run["a"].values > run["a"].median().value) == run["b"].values) > 0.998


def test_names_own_the_random_numbers() -> None:
    library = gm.from_sipmath(LIBRARY)
    fewer = gm.from_sipmath(LIBRARY, variables=["d", "a"])
    whole, some = (gm.Model(made).sample(64, method="random") for made in (library, fewer))
    assert np.array_equal(whole["d"].values, some["d"].values)


def test_units_texts_and_labels() -> None:
    made = gm.from_sipmath(LIBRARY, {"a": "kg"}, name="lib", source="a library")
    assert [str(made[name].unit) for name in "abg"] == ["kg", "", "USD"]
    assert (made["g"].doc, made["g"].source, made["a"].name) == ("Observed.", "a library", "lib[a]")
    labelled = gm.from_sipmath(LIBRARY, dim={"month": range(3)})
    values = gm.Model(labelled).sample(1024)["b"].values
    assert values.shape == (3, 1024) and len({row.tobytes() for row in values}) == 3


def test_a_round_trip(tmp_path: Path) -> None:
    price = gm.lognormal(5, 10, "USD", doc="Of one.")
    orders = gm.poisson(4)
    revenue = price * orders
    before = gm.Model(price=price, orders=orders, revenue=revenue).sample(2**14)
    told = before.export(tmp_path / "shop.SIPmath")
    (tmp_path / "model.py").write_text(
        "import guessmodel as gm\nshop = gm.from_sipmath('shop.SIPmath')\n"
    )
    model = gm.Model.from_file(tmp_path / "model.py")
    after = model.sample(2**14)
    assert model.quantities["shop[price]"].doc == "Of one."
    for fit in told.fits:
        old, new = before[fit.name], after[f"shop[{fit.name}]"]
        assert new.unit == old.unit
        distance = stats.ks_2samp(old.values, new.values).statistic
        assert distance < fit.error + 3e-3
    for pair in (("price", "revenue"), ("orders", "revenue"), ("price", "orders")):
        expected = before.rank_correlation(*pair).value
        found = after.rank_correlation(*(f"shop[{name}]" for name in pair)).value
        assert found == pytest.approx(expected, abs=0.01)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ([1], "takes the path of a library, not a list"),
        ("nowhere.SIPmath", "there is no file .*nowhere.SIPmath"),
        ({"name": "x"}, "there is no 'sips' in it"),
        (changed(sips=[]), "it has no variables"),
        (changed(sips=3), "'sips' is no list of objects"),
        (changed(U01=[]), "'U01' is no object"),
        (changed(sips=LIBRARY["sips"][:1] * 2), "two variables are called 'a'"),
        (changed(sips=LIBRARY["sips"][:1] * 2001), "it has 2,001 variables; up to 2,000 are read"),
        (only(variable("a\n", rng("hdr1"))), r"'a\\n' cannot be a name"),
        (only(variable("a", rng("hdr1"))), "'a': coefficients are no list of numbers"),
        (only(variable("a", rng("hdr1"), aCoefficients=[1, 10**400])), "are not all finite"),
        (only(variable("a", rng("hdr1"), aCoefficients=[1, -1])), "'a': .*is not increasing"),
        (only(variable("a", rng("hdr1"), aCoefficients=[1] * 33)), "33 coefficients; up to 32"),
        (only(variable("a", rng("hdr9"), aCoefficients=[1, 1])), "no generator 'hdr9'"),
        (only(variable("a", layer("c9"), aCoefficients=[1, 1])), "has no layer 'c9'"),
        (only(variable("a", {"source": "x"}, aCoefficients=[1, 1])), "source '' is not in the lib"),
        (only({**variable("a", rng("hdr1")), "function": "Norm"}), "function 'Norm' is not known"),
        (
            only({**variable("a", rng("hdr1"), value=[[0.5, 1]]), "function": "Lookup_Table"}),
            "do not increase to 1",
        ),
        (
            only({**variable("a", rng("hdr1"), type="csv", url="x"), "function": "SIP_Array"}),
            "its samples are not in the library; read them by gm.empirical",
        ),
        (
            only({**variable("a", rng("hdr1"), aCoefficients=[1, 1]), "rounding": "up"}),
            "rounded by 'up', not 'nearest'",
        ),
        (
            only({**variable("a", rng("hdr1"), aCoefficients=[1, 1]), "metadata": {"units": "zz"}}),
            "'a' is in the unit 'zz', which is unknown; write unit={'a': …}",
        ),
    ],
)
def test_what_is_refused(given: Any, told: str) -> None:
    with pytest.raises(GuessmodelError, match=told):
        gm.from_sipmath(given)


def test_matrices_that_are_refused() -> None:
    entries = [("b", "a", 0.9), ("c", "b", 0.9), ("c", "a", -0.9)]
    matrix = [{"row": row, "col": col, "value": value} for row, col, value in entries]
    stated: dict[str, Any] = {"columns": ["a", "b", "c"], "matrix": matrix}
    variables = [{"name": "matrix", "value": stated}]
    with pytest.raises(GuessmodelError, match="no variables have the correlations of 'Gaussian'"):
        gm.from_sipmath(changed(globalVariables=variables))
    matrix[0]["value"] = 2
    with pytest.raises(GuessmodelError, match="an entry that is no correlation"):
        gm.from_sipmath(changed(globalVariables=variables))
    stated["columns"] = ["a", "b"]
    with pytest.raises(GuessmodelError, match="has 2 columns for 3 layers"):
        gm.from_sipmath(changed(globalVariables=variables))
    with pytest.raises(GuessmodelError, match="has no matrix of correlations"):
        gm.from_sipmath(changed(globalVariables=[]))
    with pytest.raises(GuessmodelError, match="no variable 'z'; there are a, b, c"):
        gm.from_sipmath(LIBRARY, variables=["z"])
    with pytest.raises(GuessmodelError, match="a unit for 'z', which is no variable"):
        gm.from_sipmath(LIBRARY, {"z": "USD"})
    with pytest.raises(GuessmodelError, match=r"variables='a'; write a list"):
        gm.from_sipmath(LIBRARY, variables="a")


def test_any_bytes_are_read_or_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.SIPmath"
    whole = json.dumps(LIBRARY).encode()
    for data in (b"", b"[" * 100_000, b'{"sips": [NaN]}', b"\xff", *mutations(whole, 150)):
        path.write_bytes(data)
        assert is_total(lambda: gm.from_sipmath(path)), data
