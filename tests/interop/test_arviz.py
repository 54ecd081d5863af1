"""Posteriors by netCDF, DataTree and Dataset, and results for ArviZ: with its own libraries."""

import warnings
from pathlib import Path
from typing import Any

import arviz_base
import h5py
import numpy as np
import pytest
import xarray
from mutated import is_total, mutations

import guessmodel as gm
from guessmodel.errors import GuessmodelError

CHANCE = np.random.default_rng(7)
SLOPE = CHANCE.normal(size=(4, 25))
DRAWS = {"slope": SLOPE, "effect": np.stack([SLOPE, SLOPE**2, -SLOPE], axis=-1)}


def posterior() -> xarray.DataTree:
    """As ArviZ makes it of the draws of a sampler."""
    return arviz_base.from_dict(
        {"posterior": DRAWS, "prior": {"slope": SLOPE + 100.0}},
        coords={"school": ["a", "b", "c"]},
        dims={"effect": ["school"]},
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "fit.nc"
    posterior().to_netcdf(path, engine="h5netcdf")
    return path


def test_rows_stay_together(file: Path) -> None:
    for data in (file, str(file), posterior(), posterior()["posterior"].to_dataset()):
        made = gm.from_arviz(data)
        assert [dim.labels for dim in made["effect"].dims] == [("a", "b", "c")]
        run = gm.Model(made).sample(1024)
        slope, effect = run["slope"].values, run["effect"].values
        assert np.array_equal(effect, [slope, slope**2, -slope])
        assert set(slope.tolist()) == set(SLOPE.ravel().tolist())
        assert run["slope"].mean().value == pytest.approx(SLOPE.mean(), rel=1e-12)  # exact


def test_units_groups_and_variables(file: Path) -> None:
    made = gm.from_arviz(file, {"effect": "USD"}, variables=["effect"])
    assert list(made) == ["effect"] and str(made["effect"].unit) == "USD"
    assert gm.from_arviz(file, "kg", group="prior")["slope"].sample(64).mean().unit == "kg"
    assert gm.from_arviz(file, group="prior")["slope"].sample(64).mean().value > 90.0
    stated = xarray.DataArray(SLOPE, dims=["chain", "draw"], attrs={"units": "USD/hour"})
    assert str(gm.from_arviz(xarray.Dataset({"x": stated}))["x"].unit) == "USD/hour"
    named = gm.from_arviz(file, name="fit", doc="a fit", source="PyMC")["slope"]
    assert (named.doc, named.source) == ("a fit", "PyMC")


class InferenceData:
    """What ArviZ before 1.0 has: groups as attributes."""

    posterior = posterior()["posterior"].to_dataset()

    def groups(self) -> list[str]:
        return ["/posterior"]


def test_older_kinds(tmp_path: Path) -> None:
    assert set(gm.from_arviz(InferenceData())) == {"slope", "effect"}
    old = tmp_path / "old.nc"
    InferenceData.posterior.to_netcdf(old, format="NETCDF3_64BIT", engine="scipy")
    assert set(gm.from_arviz(old)) == {"slope", "effect"}
    with pytest.raises(GuessmodelError, match="no group 'prior'; did you mean 'posterior'"):
        gm.from_arviz(InferenceData(), group="prior")


def test_in_a_model_file(file: Path) -> None:
    model = file.with_name("model.py")
    model.write_text(
        "import guessmodel as gm\n\nfit = gm.from_arviz('fit.nc', name='fit')\n"
        "slope = fit['slope']\n"
        "total = fit['effect'].sum('school') - slope ** 2\n"
    )
    loaded = gm.Model.from_file(model)
    assert not loaded.unnamed
    assert np.allclose(loaded.sample(64)["total"].values, 0.0)


def _with(name: str, values: Any, *dims: str) -> xarray.Dataset:
    return xarray.Dataset({name: ((*dims,), values)})


@pytest.mark.parametrize(
    ("data", "how", "told"),
    [
        (_with("x", [[1.0]], "chain", "draw"), {"group": "prior"}, "a Dataset has no groups"),
        (3, {}, "takes a netCDF file, a DataTree, a Dataset or an InferenceData, not a int"),
        (posterior(), {"group": "posterio"}, "no group 'posterio'; did you mean 'posterior'"),
        (posterior(), {"variables": ["slop"]}, "no variable 'slop'; did you mean 'slope'"),
        (posterior(), {"variables": "slope"}, "write a list of names"),
        (posterior(), {"unit": {"x": "USD"}}, "a unit for 'x', which is none of slope, effect"),
        (posterior(), {"units": "USD"}, "from_arviz has no units=; did you mean 'unit'"),
        (_with("x", [1.0], "time"), {}, "'x' has no dimensions chain and draw"),
        (_with("x", [["a"]], "chain", "draw"), {}, "'x' holds no numbers"),
        (_with("x", [[np.nan]], "chain", "draw"), {}, "'x' has draws that are not finite"),
        (_with("x", np.zeros((1, 0)), "chain", "draw"), {}, "'x' has no draws"),
        (_with("x", np.zeros((1, 1, 10_001)), "chain", "draw", "i"), {}, "10,001 numbers a draw"),
        (_with("x", np.zeros((21, 1_000_000)), "chain", "draw"), {}, "21,000,000 numbers; up to"),
        (xarray.Dataset(), {}, "there are no variables"),
        ("nowhere.nc", {}, "there is no file .*nowhere.nc"),
        (".", {}, "is a folder; of a Zarr store give"),
        (
            xarray.Dataset({"x": (("chain", "draw"), [[1.0]], {"units": "bananas"})}),
            {},
            r"'x' is in the unit 'bananas', which is unknown; write unit=\{'x': …\}",
        ),
    ],
)
def test_what_is_refused(data: Any, how: dict[str, Any], told: str) -> None:
    with pytest.raises(GuessmodelError, match=told):
        gm.from_arviz(data, **how)


def test_files_that_lead_elsewhere_or_fill_the_memory(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.nc" for number in range(3)]
    with h5py.File(paths[0], "w") as file:
        file.create_group("posterior")["x"] = h5py.ExternalLink("/etc/other.h5", "x")
    with h5py.File(paths[1], "w") as file:
        file.create_group("posterior").create_dataset("n", (10**15,), "f8", chunks=(1,))
    with h5py.File(paths[2], "w") as file:
        file.create_group("posterior").create_dataset(
            "x", (1, 8), "i1", external=[("/etc/hostname", 0, 8)]
        )
    for path, told in zip(paths, ("another file", "labels; up to", "another file"), strict=True):
        with pytest.raises(GuessmodelError, match=told):
            gm.from_arviz(path)


def test_mutated_bytes_are_read_or_refused(tmp_path: Path) -> None:
    small = tmp_path / "small.nc"
    tree = xarray.DataTree.from_dict({"posterior": _with("x", [[1.0, 2.0]], "chain", "draw")})
    tree.to_netcdf(small, engine="h5netcdf")
    path = tmp_path / "mutated.nc"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for data in mutations(small.read_bytes(), 60):
            path.write_bytes(data)
            assert is_total(lambda: gm.from_arviz(path))


# --- out ------------------------------------------------------------------------------------------


def test_replicates_are_chains_and_come_back(tmp_path: Path) -> None:
    costs = gm.normal({"a": (1, 2), "b": (2, 3)}, dim="case", unit="USD")
    run = gm.Model(costs=costs, total=costs.sum("case")).sample(512)
    tree = run.to_arviz()
    assert tree["posterior"].sizes["chain"] == run.run.replicates
    flat = arviz_base.extract(tree)  # ArviZ's own reading of chains and draws
    values = flat["costs"].transpose("case", ...).to_numpy().reshape(2, -1)
    assert np.array_equal(np.sort(values), np.sort(run["costs"].values))
    path = tmp_path / "run.nc"
    tree.to_netcdf(path, engine="h5netcdf")
    back = gm.Model(gm.from_arviz(path)).sample(512)
    assert str(back["total"].quantity.unit) == "USD"
    assert np.allclose(back["costs"].values.sum(axis=0), back["total"].values)
    assert back["total"].mean().value == pytest.approx(run["total"].values.mean(), rel=1e-12)
    assert set(run.to_arviz("prior").children) == {"prior"}
    with pytest.raises(GuessmodelError, match="group='a/b' names no group"):
        run.to_arviz("a/b")


def test_arviz_itself_takes_it() -> None:
    """R-hat of draws on nets means nothing; that ArviZ computes on them without complaint does."""
    arviz = pytest.importorskip("arviz", reason="arviz is heavy: run where it is installed")
    tree = gm.Model(x=gm.normal(1, 2)).sample(512).to_arviz()
    taken = arviz.from_datatree(tree) if hasattr(arviz, "from_datatree") else tree
    assert float(arviz.summary(taken)["mean"]["x"]) == pytest.approx(1.5, abs=0.01)
