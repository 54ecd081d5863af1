"""Quantiles and deviations over labels, draw by draw, against NumPy's own."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import guessmodel as gm
from guessmodel.errors import DimensionError, UsageError, WrongKind
from guessmodel.testing import assert_true_value

PEOPLE = {"individual": range(7)}


@given(
    # The squares of smaller numbers than these may lie below the floats.
    values=st.lists(st.floats(-1e6, 1e6).map(lambda x: round(x, 6)), min_size=1, max_size=9),
    p=st.floats(0.0, 1.0),
)
def test_of_constants(values: list[float], p: float) -> None:
    x = gm.constant(dict(enumerate(values)), dim="i")
    for found, true in (
        (x.quantile(p, "i"), np.quantile(values, p)),
        (x.median("i"), np.median(values)),
        (x.sd("i"), np.std(values)),
    ):
        assert found.dims == ()
        scale = max(map(abs, values))
        assert found.sample(8).values[0] == pytest.approx(true, rel=1e-9, abs=1e-12 * scale)


def test_draw_by_draw_beside_another_dimension() -> None:
    x = gm.normal({"a": (1, 3), "b": (2, 9)}, dim="place") * gm.lognormal(1, 2, dim=PEOPLE)
    model = gm.Model(x=x, p=x.quantile(0.3, "individual"), s=x.sd("place"))
    simulation = model.sample(512)
    draws = simulation["x"].values
    axes = [dim.name for dim in x.dims]
    np.testing.assert_allclose(
        simulation["p"].values, np.quantile(draws, 0.3, axis=axes.index("individual"))
    )
    np.testing.assert_allclose(simulation["s"].values, draws.std(axis=axes.index("place")))


def test_labels_that_are_not_applicable_are_left_out() -> None:
    x = gm.stack(
        {
            1: gm.constant({"a": 1, "b": None, "c": 5}, dim="i"),
            2: gm.constant({"a": None, "b": None, "c": 7}, dim="i"),
            3: gm.constant({"a": None, "b": None, "c": None}, dim="i"),
        },
        dim="k",
    )
    result = gm.Model(median=x.median("i"), sd=x.sd("i")).sample(8)
    assert result["median"].sel(k=1).mean().value == 3.0
    assert result["median"].sel(k=2).mean().value == 7.0
    assert result["median"].sel(k=3).mean().note == "not applicable"
    assert result["sd"].sel(k=1).mean().value == 2.0


def test_draws_that_are_lost_at_one_label_are_lost() -> None:
    x = gm.sqrt(gm.normal({"a": (1, 3), "b": (-1, 3)}, dim="i"))
    model = gm.Model(x=x, low=x.quantile(0.0, "i"))
    simulation = model.sample(512)
    lost = np.isnan(simulation["x"].values).any(axis=0)
    assert lost.any()
    np.testing.assert_array_equal(np.isnan(simulation["low"].values), lost)


def test_variability_is_told_apart_from_uncertainty() -> None:
    # Heights vary with sd 7 between people; their mean is uncertain with sd 3, the same for all.
    # The median of 2,001 people is uncertain by 3 and a little: √(9 + π/2 · 49/2001).
    people = {"individual": range(2001)}
    centre = gm.normal(mean=170, sd=3)
    height = centre + gm.normal(mean=0, sd=7, dim=people)
    model = gm.Model(median=height.median("individual"), spread=height.sd("individual"))
    simulation = model.sample(2048)
    assert simulation["median"].sd().value == pytest.approx(
        np.sqrt(9 + np.pi / 2 * 49 / 2001), rel=0.02
    )
    assert_true_value(simulation["spread"].mean(), 7.0 * (1 - 3 / (4 * 2001)), false_alarm=1e-6)
    # The sd of a sample's sd: 7 / √(2 · 2001), but for terms of 1/n², and 2048 draws of it.
    assert simulation["spread"].sd().value == pytest.approx(7 / np.sqrt(2 * 2001), rel=0.15)


def test_units_and_tails() -> None:
    warm = gm.normal({"a": (10, 20), "b": (12, 22)}, dim="i", unit="degC")
    assert str(warm.median("i").unit) == "degC"
    assert str(warm.sd("i").unit) == "delta_degC"
    heavy = gm.student_t(df=1, location=0, scale=1, dim={"i": range(3)})
    assert (heavy.sd("i").sample(4096).mean().note or "").endswith("the mean may not exist")
    light = gm.normal(0, 1, dim={"i": range(3)})
    assert light.sd("i").sample(4096).sd().reliable


def test_what_is_refused() -> None:
    x = gm.normal(0, 1, dim=PEOPLE)
    with pytest.raises(UsageError, match="a quantile is at a probability from 0 to 1, not 95; wri"):
        x.quantile(95, "individual")
    with pytest.raises(WrongKind, match="a quantile is at a probability such as 0.9, not at 'p5'"):
        x.quantile("p5", "individual")  # type: ignore[arg-type]
    with pytest.raises(DimensionError, match="no dimension 'individul'"):
        x.median("individul")
    with pytest.raises(
        WrongKind,
        match=r"sd goes along one dimension, such as 'individual', not \['individual'\]; over "
        r"draws it is simulation\[quantity\].sd\(\)",
    ):
        x.sd(["individual"])  # type: ignore[arg-type]
