"""Temperatures: places on scales whose zeros differ, and differences between them.

By definition (SI brochure, 9th ed., and NIST SP 811): t/degC = T/K - 273.15, and
t/degF = 9/5 t/degC + 32.
"""

from decimal import Decimal
from fractions import Fraction
from itertools import product
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import guessmodel as gm
from guessmodel.errors import UnitError
from guessmodel.units import compatible, conversion, difference, parse

SCALES = ["kelvin", "degC", "degF"]
ZERO = {"kelvin": Fraction(0), "degC": Fraction("273.15"), "degF": Fraction("459.67") * 5 / 9}
SIZE = {"kelvin": Fraction(1), "degC": Fraction(1), "degF": Fraction(5, 9)}
DELTA = {"kelvin": "kelvin", "degC": "delta_degC", "degF": "delta_degF"}
NUMBERS = st.builds(lambda n: Decimal(n).scaleb(-2), st.integers(-30_000, 100_000))


def converted(x: Fraction, source: str, target: str) -> Fraction:
    return (x * SIZE[source] + ZERO[source] - ZERO[target]) / SIZE[target]


def of(quantity: gm.Quantity) -> float:
    return float(quantity.sample(8).values[0])


@pytest.mark.parametrize(
    ("x", "source", "y", "target"),
    [
        (0, "degC", 273.15, "K"),
        (212, "degF", 100, "degC"),
        (-40, "°C", -40, "°F"),
        (0, "kelvin", -459.67, "fahrenheit"),
        (9, "delta_degF", 5, "delta_degC"),
        (5, "delta_degC", 5, "kelvin"),
        (5, "kelvin", 9, "delta_degF"),
    ],
)
def test_conversions_by_definition(x: float, source: str, y: float, target: str) -> None:
    assert of(gm.constant(x, source).to(target)) == pytest.approx(y, rel=1e-15)
    assert of(gm.constant(y, target).to(source)) == pytest.approx(x, rel=1e-15, abs=1e-13)


@given(NUMBERS, st.sampled_from(list(product(SCALES, SCALES))))
def test_numbers_in_all_scales_agree_with_exact_fractions(x: Decimal, scales) -> None:
    source, target = scales
    step = conversion(parse(source), parse(target))
    exact = converted(Fraction(x), source, target)
    # Three roundings, of numbers no larger than the terms that are added.
    assert step.apply(float(x)) == pytest.approx(float(exact), rel=1e-15, abs=3e-13)
    assert step.undo(step.apply(float(x))) == pytest.approx(float(x), rel=1e-15, abs=3e-13)
    out = np.array([float(x)])
    step.write(out, out)
    assert out[0] == step.apply(float(x))


@given(st.integers(-300, 300), st.sampled_from(list(product(SCALES, SCALES))))
def test_a_temperature_equals_itself_in_another_scale(x: int, scales) -> None:
    """Of hundredths of 9 degF, which are of two decimal digits in every scale."""
    a, b = scales
    start = Fraction(x, 100) * 9 + Fraction("0.67")
    there, here = converted(start, "degF", a), converted(start, "degF", b)
    p, q = gm.constant(float(there), a), gm.constant(float(here), b)
    assert of(p == q) == of(p <= q) == of(q >= p) == of(p == p.to(b)) == 1
    assert of(p < q) == of(p > q) == of(p != q) == 0
    assert of(p < gm.constant(float(here) + 1e-9, b)) == 1


@given(st.sampled_from(list(product(SCALES, SCALES))), NUMBERS, NUMBERS)
def test_sums_and_differences(scales, x: Decimal, y: Decimal) -> None:
    a, b = scales
    place, other = gm.constant(float(x), a), gm.constant(float(y), b)
    step = gm.constant(float(y), "delta_degF" if a != "kelvin" else b if b == a else "delta_degC")
    near = {"rel": 1e-12, "abs": 1e-9}
    if (a == "kelvin") == (b == "kelvin"):
        apart = place - other
        expected = Fraction(x) - converted(Fraction(y), b, a)
        assert str(apart.unit) == DELTA[a]
        assert of(apart) == pytest.approx(float(expected), **near)
    size = Fraction(5, 9) if str(step.unit) == "delta_degF" else Fraction(1)
    moved = Fraction(y) * size / SIZE[a]
    for there, sign in ((place + step, 1), (step + place, 1), (place - step, -1)):
        assert of(there.to(a)) == pytest.approx(float(Fraction(x) + sign * moved), **near)
    assert str((place + step).unit) == a


cold, warm, hot = gm.constant(20, "degC"), gm.constant(70, "degF"), gm.constant(300, "kelvin")
step = gm.constant(5, "delta_degC")
rows = gm.constant({"a": 20, "b": 24}, "degC", dim="case")


@pytest.mark.parametrize(
    "wire",
    [
        lambda: cold + cold,
        lambda: cold + warm,
        lambda: cold + hot,
        lambda: hot - cold,
        lambda: cold + 5,
        lambda: 0 + cold,
        lambda: step - cold,
        lambda: cold * 2,
        lambda: 2 * cold,
        lambda: cold / 2,
        lambda: cold * cold,
        lambda: cold / step,
        lambda: gm.constant(3, "W/kelvin") * cold,
        lambda: cold**2,
        lambda: cold**1.5,
        lambda: gm.sqrt(cold),
        lambda: cold // step,
        lambda: cold // warm,
        lambda: cold % warm,
        lambda: -cold,
        lambda: gm.abs(cold),
        lambda: gm.sign(cold),
        lambda: np.hypot(cold, warm),
        lambda: gm.exp(cold),
        lambda: cold > 0,
        lambda: gm.maximum(cold, 0),
        lambda: gm.where(step > 0, cold, step),
        lambda: cold < step,
        lambda: cold.to("delta_degC"),
        lambda: step.to("degC"),
        lambda: rows.sum("case"),
        lambda: rows.cumsum("case"),
        lambda: gm.constant(1, "J/degC"),
        lambda: gm.constant(1, "degF*hour"),
        lambda: gm.uniform(0, cold),
        lambda: gm.normal(mean=cold, sd=warm),
        lambda: gm.unit("temperaturesteps", equals="2 degC"),
        lambda: gm.claim_ratio_of_means(cold, warm, "1"),
    ],
)
def test_what_depends_on_where_a_scale_begins_is_refused(wire) -> None:
    with pytest.raises(UnitError) as caught:
        wire()
    assert caught.value.where is None or "test_temperatures.py" in str(caught.value)
    assert len(caught.value.message) < 200


def test_errors_say_what_to_write() -> None:
    with pytest.raises(UnitError, match=r'write .to\("kelvin"\), or delta_degC for a difference'):
        _ = cold * 2
    with pytest.raises(
        UnitError, match="to degC only a difference is added, counted in delta_degC"
    ):
        _ = cold + warm
    with pytest.raises(UnitError, match="one is a temperature, the other a difference"):
        cold.to("delta_degF")


def test_what_has_a_meaning_is_allowed() -> None:
    allowed = {
        gm.maximum(cold, warm): (190 / 9, "degC"),
        gm.where(cold > gm.constant(50, "degF"), warm, cold): (70, "degF"),
        rows.mean("case"): (22, "degC"),
        rows.max("case"): (24, "degC"),
        gm.round(warm, to="degC"): (21, "degC"),
        gm.ceil(warm + gm.constant(0.2, "delta_degF")): (71, "degF"),
        gm.constant(2, "W/kelvin") * (warm - cold).to("kelvin"): (20 / 9, "W"),
        gm.constant(2, "W/delta_degC") * step: (10, "W"),
        hot * 2: (600, "kelvin"),
        hot + step: (305, "kelvin"),
        gm.apply(np.positive, cold, unit="degC"): (20, "degC"),
    }
    for quantity, (value, unit) in allowed.items():
        assert str(quantity.unit) == unit
        assert of(quantity) == pytest.approx(value, rel=1e-14)


def test_units_know_their_differences() -> None:
    assert [str(difference(parse(x))) for x in SCALES] == ["kelvin", "delta_degC", "delta_degF"]
    assert str(difference(parse("USD"))) == "USD"
    assert parse("degC").is_absolute and not parse("kelvin").is_absolute
    assert not parse("W/delta_degC").is_absolute and not parse("").is_absolute
    assert compatible(parse("degC"), parse("kelvin")) and compatible(parse("degC"), parse("degF"))
    assert compatible(parse("delta_degF"), parse("kelvin"))
    assert not compatible(parse("degC"), parse("delta_degF"))


# 15 to 25 degC hold 90%: sd = 5 / 1.6449 (the normal distribution's quantile at 0.95).
NORMAL = NormalDist(20, 5 / NormalDist().inv_cdf(0.95))


@pytest.mark.parametrize("through", [(), ("degF",), ("kelvin",), ("degF", "kelvin")])
def test_a_draw_is_the_same_in_all_scales(through) -> None:
    """In closed form, and from draws (the maximum with what is far below has none)."""
    t = gm.normal(15, 25, "degC")
    for scale in through:
        t = t.to(scale)
    low = gm.constant(0, "kelvin").to(t.unit)
    warm = t.to("degC") > gm.constant(68, "degF")
    simulation = gm.Model(t=t, drawn=gm.maximum(t, low), warm=warm).sample(4096)
    scale = str(t.unit)
    for name in ("t", "drawn"):
        result = simulation[name]
        assert str(result.mean().unit) == scale
        middle = float(converted(Fraction(20), "degC", scale))
        assert result.mean().value == pytest.approx(middle, abs=0.01)
        assert str(result.sd().unit) == DELTA[scale]
        size = 1 / float(SIZE[scale])
        assert result.sd().value == pytest.approx(NORMAL.stdev * size, rel=2e-3)
        for p in (0.05, 0.5, 0.95):
            expected = float(converted(Fraction(NORMAL.inv_cdf(p)), "degC", scale))
            assert result.quantile(p).value == pytest.approx(expected, abs=0.02)
    assert simulation["t"].mean().estimator == "exact"
    assert simulation["warm"].mean().value == pytest.approx(0.5)


def test_a_draw_integrated_out_behind_a_conversion() -> None:
    """t + delta is normal with both variances; the path to each draw leads through degF."""
    delta = gm.lognormal(1, 3, "delta_degC")
    t = (gm.normal(15, 25, "degC") + delta).to("degF")
    simulation = gm.Model(t=t, back=t.to("degC")).sample(4096)
    for p in (0.05, 0.5, 0.95):
        f, c = simulation["t"].quantile(p), simulation["back"].quantile(p)
        assert f.value == pytest.approx(c.value * 1.8 + 32, abs=5e-3)
    assert simulation["t"].quantile(0.5).estimator == simulation["back"].quantile(0.5).estimator


def test_parameters_overrides_and_mixtures() -> None:
    t = gm.normal(mean=gm.constant(68, "degF"), sd=gm.constant(9, "delta_degF"), unit="degC")
    mixed = gm.mixture([gm.constant(20, "degC"), gm.constant(86, "degF")])
    wide = gm.truncated(gm.normal(15, 25, "degC"), lower=gm.constant(50, "degF"))
    model = gm.Model(t=t, mixed=mixed, wide=wide, rows=rows, hot=t.to("degF"))
    simulation = model.sample(1024)
    assert simulation["t"].mean().value == pytest.approx(20)
    assert simulation["t"].sd().value == pytest.approx(5)
    assert simulation["mixed"].mean().value == pytest.approx(25, abs=0.01)
    assert simulation["wide"].values.min() >= 10
    assert of(model.with_(t="50 degF").quantities["hot"]) == 50
    assert model.with_(t="59 to 77 degF").sample(64)["t"].quantile(0.05).value == pytest.approx(15)
    assert model.with_(t=21).sample(64)["hot"].mean().value == pytest.approx(69.8)
    spread = model.with_(rows=gm.constant(293.15, "kelvin")).sample(64)["rows"].values
    np.testing.assert_allclose(spread, 20)
    assert model.with_(t="-5 to 5 degC").sample(64)["t"].mean().value == pytest.approx(0, abs=1e-9)
    # A range is no lognormal here, though both ends are above 0: 0 degC is no end of anything.
    assert model.with_(t="15 to 25 degC").sample(64)["t"].mean().value == pytest.approx(20)


def test_claims_are_read_in_any_scale() -> None:
    from guessmodel.claims.published import read

    unit = parse("degC")
    figure = read("68.0 degF", unit)
    assert figure.value == pytest.approx(20) and figure.half_unit == pytest.approx(0.05 / 1.8)
    assert (str(figure.unit), figure.scale) == ("degC", 1.0)
    claim = gm.claim(gm.normal(15, 25, "degC"), sd="5.47 delta_degF", mean="68 degF")
    assert [s.figure.value for s in claim.statements] == pytest.approx([20, 5.47 / 1.8])
    with pytest.raises(UnitError, match="does not fit"):
        gm.claim(gm.normal(15, 25, "degC"), sd="5 degF")
