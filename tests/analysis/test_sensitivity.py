"""What drives an output of a model: against closed forms, by its invariances, and its refusals."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import guessmodel as gm
from guessmodel.simulation.statistics import NAMES, statistic

MEAN, SD = 0.5, math.sqrt(1 / 12)


def ishigami() -> gm.Model:
    x, y, z = (gm.uniform(-math.pi, math.pi) for _ in range(3))
    return gm.Model(x=x, y=y, z=z, out=gm.sin(x) + 7 * gm.sin(y) ** 2 + 0.1 * z**4 * gm.sin(x))


@pytest.mark.parametrize("method", ["nets", "lhs", "random"])
def test_first_order_and_total_of_a_published_function(method: str) -> None:
    """Ishigami and Homma (1990): exact indices."""
    found = ishigami().sample(1 << 15, method=method).sensitivity("out")
    known = {"x": (0.313905, 0.557589), "y": (0.442411, 0.442411), "z": (0.0, 0.243684)}
    assert set(found.inputs) == set(known)
    for name, (first, total) in known.items():
        driver = found[name]
        assert driver.total is not None
        assert abs(driver.first.value - first) < 4 * driver.first.error + 1e-6
        assert abs(driver.total.value - total) < 4 * driver.total.error + 1e-6
        assert driver.first.error < 0.012
        assert driver.total.error < 0.04
        assert driver.first.low <= driver.total.high
    assert found.sum_of_first() == pytest.approx(0.756316, abs=0.01)


def test_no_input_that_the_output_does_not_depend_on() -> None:
    a, b = gm.normal(0, 1), gm.normal(0, 1)
    model = gm.Model(a=a, b=b, out=a * 3)
    assert set(model.sample(4096).sensitivity("out").inputs) == {"a"}


def test_a_percentile_is_driven_by_what_decides_whether_it_is_exceeded() -> None:
    """Of a sum of normals P(Y > q | X) has the variance P(Y > q, Y' > q) − (1 − p)², with Y and Y'
    normal and correlated by the share of X; so the index is told from the bivariate normal."""
    from scipy.stats import multivariate_normal, norm

    a, b = gm.normal(mean=0, sd=1), gm.normal(mean=0, sd=2)
    model = gm.Model(a=a, b=b, out=a + b)
    simulation = model.sample()
    for of, p in (("p95", 0.95), ("median", 0.5)):
        found = simulation.sensitivity("out", of=of)
        q = norm.ppf(1 - p)
        for name, share in (("a", 0.2), ("b", 0.8)):
            both = multivariate_normal.cdf([q, q], cov=[[1, share], [share, 1]])
            known = (both - (1 - p) ** 2) / (p * (1 - p))
            assert abs(found[name].first.value - known) <= 3 * found[name].first.error
            assert found[name].first.error < 0.01
        # Of two inputs the total effect of one is what the other leaves.
        total = found["a"].total
        assert total is not None
        assert abs(total.value - (1 - found["b"].first.value)) <= 3 * total.error
    assert "shares of whether it is above its p95" in str(simulation.sensitivity("out", of="p95"))


def test_a_probability_of_a_quantity_is_that_of_its_comparison() -> None:
    a, b = gm.normal(0, 1, "USD"), gm.normal(0, 2, "USD")
    model = gm.Model(a=a, b=b, out=a + b, above=a + b > gm.constant(2, "USD"))
    simulation = model.sample(1 << 13)
    one = simulation.sensitivity("out", of="P(> 2 USD)")
    other = simulation.sensitivity("above", of="probability")
    for name in ("a", "b"):
        assert one[name].first == other[name].first
        assert one[name].total == other[name].total
        assert one[name].tornado == other[name].tornado
    assert one.base == other.base
    with pytest.raises(gm.GuessmodelError, match="'out' is never so in 8,192 draws, so nothing"):
        simulation.sensitivity("out", of="P(> 200 USD)")


def test_a_percentile_that_many_draws_share() -> None:
    """Of 0 with 60% and a normal else the median is 0: what counts is whether it is above."""
    on, size = gm.bernoulli(0.4), gm.normal(2, 3)
    found = gm.Model(on=on, size=size, out=on * size).sample(1 << 13).sensitivity("out", of="p50")
    assert found["on"].first.value == pytest.approx(1, abs=1e-3)
    assert found["size"].first.high < 0.01


def test_an_indicator_has_a_probability() -> None:
    a, b = gm.uniform(0, 1), gm.uniform(0, 1)
    model = gm.Model(a=a, b=b, above=a + b > 2 - math.sqrt(0.4))
    found = model.sample(1 << 15).sensitivity("above", of="probability")
    d = math.sqrt(0.4)
    known = (d**3 / 3 - 0.04) / 0.16  # the mean given a is (a − 1 + d)₊
    assert abs(found["a"].first.value - known) <= 3 * found["a"].first.error
    swing = found["a"].tornado
    assert swing is not None
    assert swing.at_p5.value == 0.0
    assert swing.at_p95.value == pytest.approx(0.95 - 1 + d, abs=2e-3)
    # Half of what changes when a is drawn anew, over the variance 0.2 · 0.8: E[p(1 − p)]/0.16
    # with p = (b − 1 + d)₊.
    total = found["a"].total
    assert total is not None
    assert abs(total.value - (d**2 / 2 - d**3 / 3) / 0.16) <= 3 * total.error


def test_rank_correlation_of_a_sum_of_normals() -> None:
    """Spearman's of Pearson's r is 6/π asin(r/2), r = 1/√2."""
    a, b = gm.normal(0, 1), gm.normal(0, 1)
    found = gm.Model(a=a, b=b, out=a - b).sample().sensitivity("out")
    known = 6 / math.pi * math.asin(math.sqrt(0.5) / 2)
    for name, sign in (("a", 1.0), ("b", -1.0)):
        assert abs(found[name].rank.value - sign * known) <= 2 * found[name].rank.error


def test_a_labelled_output_has_its_own_inputs_at_each_label() -> None:
    price = gm.uniform({1: 5, 2: 5}, {1: 6, 2: 9}, dim="year")
    fee = gm.uniform(1, 2)
    model = gm.Model(price=price, fee=fee, total=price + fee)
    found = model.sample(1 << 13).sensitivity("total")
    assert set(found.sel(year=1).inputs) == {"price[1]", "fee"}
    assert found.sel(year=1)["fee"].first.value == pytest.approx(0.5, abs=1e-3)
    assert found.sel(year=2)["fee"].first.value == pytest.approx(1 / 17, abs=1e-3)
    as_dict = found.to_dict()
    assert set(as_dict["inputs"]["fee"]["first"]) == {"1", "2"}
    assert set(as_dict["inputs"]["price[2]"]["tornado"]["swing"]) == {"2"}
    assert as_dict["unreliable"] == {"1": None, "2": None}
    with pytest.raises(gm.GuessmodelError, match="choose a label"):
        _ = found.inputs


def test_names_and_labels_of_others_change_nothing() -> None:
    """Names own their draws, so a quantity beside the output moves no bit of the answer."""
    model = ishigami()
    more = model.extended({"unrelated": gm.normal(0, 1)})
    one, other = (m.sample(4096).sensitivity("out").to_dict() for m in (model, more))
    assert one == other


@settings(deadline=None, max_examples=25)
@given(
    scale=st.floats(1e-3, 1e3) | st.floats(-1e3, -1e-3),
    shift=st.floats(-100, 100),
)
def test_units_of_the_output_change_no_share(scale: float, shift: float) -> None:
    x, y = gm.lognormal(1, 3), gm.normal(2, 4)
    model = gm.Model(x=x, y=y, out=x * y + x, other=scale * (x * y + x) + shift)
    simulation = model.sample(1024)
    one, other = (simulation.sensitivity(name) for name in ("out", "other"))
    for name in ("x", "y"):
        a, b = one[name], other[name]
        assert b.first.value == pytest.approx(a.first.value, abs=1e-6)
        assert b.rank.value == pytest.approx(math.copysign(1, scale) * a.rank.value, abs=1e-9)
        assert a.total is not None
        assert b.total is not None
        assert b.total.value == pytest.approx(a.total.value, abs=1e-6)
        assert a.tornado is not None
        assert b.tornado is not None
        assert b.tornado.swing.value == pytest.approx(scale * a.tornado.swing.value, rel=1e-6)


@pytest.mark.parametrize("power", [1.0, 3.0])
def test_ranks_know_no_increasing_transform(power: float) -> None:
    x, y = gm.lognormal(1, 3), gm.lognormal(2, 4)
    model = gm.Model(x=x, y=y, out=x * y, other=gm.log(x * y) * power)
    simulation = model.sample(1024)
    one, other = (simulation.sensitivity(name) for name in ("out", "other"))
    for name in ("x", "y"):
        assert other[name].rank.value == pytest.approx(one[name].rank.value, abs=1e-9)


def test_a_variance_that_does_not_exist_has_no_shares() -> None:
    """1/x of a uniform x down to 0 has the tail index 1; what is left are ranks."""
    x, y = gm.uniform(0, 1), gm.normal(0, 1)
    found = gm.Model(x=x, y=y, out=1 / x**0.6 + y).sample(1 << 13).sensitivity("out")
    assert found.unreliable == "the variance is infinite"
    assert math.isnan(found["x"].first.value)
    assert found["x"].first.note == "the variance is infinite"
    assert found["x"].rank.value < -0.3
    assert found["x"].tornado is not None
    assert math.isfinite(found["x"].tornado.swing.value)


def test_the_flood_of_a_tutorial_is_marked() -> None:
    """OpenTURNS' tutorial, whole: H ∝ Ks^−0.6 and Ks ~ N(30, 7.5) truncated at 0, so E[H²]
    diverges."""
    rise = gm.exponential(mean=1.0)  # −ln of it is a Gumbel variable
    ks = gm.truncated(gm.normal(mean=30, sd=7.5), 0)
    q = gm.maximum(1013.0 - 558.0 * gm.log(rise), 0.0)
    zv, zm = gm.uniform(49, 51), gm.uniform(54, 56)
    depth = (q / (ks * 300 * gm.sqrt((zm - zv) / 5000))) ** 0.6
    model = gm.Model(ks=ks, rise=rise, zv=zv, zm=zm, overflow=depth + zv - 58.5)
    found = model.sample(1 << 13).sensitivity("overflow")
    assert found.unreliable is not None
    assert "variance" in found.unreliable
    # With Ks on [15, ∞), as elsewhere, it exists.
    finite = model.with_(ks=gm.truncated(gm.normal(mean=30, sd=8), 15)).sample(1 << 13)
    assert finite.sensitivity("overflow").unreliable is None


@pytest.mark.usefixtures("by_draws")
def test_few_draws_that_decide_are_marked() -> None:
    x, y = gm.lognormal(1, 300), gm.lognormal(1, 300)
    found = gm.Model(x=x, y=y, out=x * y).sample(1 << 13).sensitivity("out")
    assert found.unreliable is not None
    assert found["x"].first.note == found.unreliable
    assert "hold" in str(found)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda x: x * 0 + 1, "'out' is the same in all 4,096 draws, so nothing tells what drives"),
        # One in a million draws is another, of which none of these is.
        (
            lambda x: (lambda event: event * x + event)(gm.bernoulli(1e-6)),
            "'out' is the same in all 4,096 draws, so nothing tells what drives it",
        ),
        (lambda x: gm.constant(3.0), "'out' does not vary, so nothing drives it"),
        (lambda x: gm.log(x), "'out' has draws that are not finite"),
        (
            lambda x: gm.stack({"a": x, "b": x * 2}, dim="case").idxmin("case"),
            "'out' is a category and has no variance",
        ),
    ],
)
def test_what_has_no_answer(make, message: str) -> None:  # type: ignore[no-untyped-def]
    x = gm.normal(-1, 1)
    with pytest.raises(gm.GuessmodelError, match=message):
        gm.Model(x=x, out=make(x)).sample(4096).sensitivity("out")


def test_other_refusals() -> None:
    model = ishigami()
    with pytest.raises(gm.GuessmodelError, match="need 1,024 samples by nets at least, not 512"):
        model.sample(512).sensitivity("out")
    with pytest.raises(gm.GuessmodelError, match="need 16,384 samples by random at least"):
        model.sample(8192, method="random").sensitivity("out")
    simulation = model.sample(1024)
    with pytest.raises(gm.GuessmodelError, match="no statistic 'p100'; there are mean, sd"):
        simulation.sensitivity("out", of="p100")
    with pytest.raises(
        gm.GuessmodelError, match="'out' is no comparison; ask for 'P\\(> 5\\)' of it, say"
    ):
        simulation.sensitivity("out", of="probability")
    with pytest.raises(gm.GuessmodelError, match="no result 'ou'; did you mean 'out'"):
        simulation.sensitivity("ou")
    found = simulation.sensitivity(model.quantities["out"])
    with pytest.raises(gm.GuessmodelError, match="'out' does not depend on an input 'q'"):
        _ = found["q"]


def test_a_statistic_is_the_one_that_is_named_or_refused() -> None:
    """A tornado of it begins at what the run says."""
    price = gm.lognormal(2, 9, "USD")
    result = (simulation := gm.Model(out=price * gm.lognormal(1, 2)).sample(8192))["out"]
    told = ("mean", "sd", "median", "p95", "P(> 5 USD)")
    for name in told:
        base = simulation.sensitivity("out", of=name).pieces[()].base
        assert base == pytest.approx(statistic(name)(result).value, rel=0.01)
    for name in set(NAMES) - {*told, "probability"}:
        with pytest.raises(gm.GuessmodelError) as caught:
            simulation.sensitivity("out", of=name)
        assert caught.value.message == (
            f"no sensitivity of '{name}'; ask for mean, sd, p95 or 'P(> 5)'"
        )


def test_a_run_that_keeps_no_draws_answers_from_its_preview() -> None:
    kept, streamed = (
        ishigami().sample(1 << 13, keep=keep).sensitivity("out")["x"].first
        for keep in (True, False)
    )
    assert kept == streamed


def test_a_label_that_does_not_vary_has_no_inputs() -> None:
    share = gm.constant({"a": 0.0, "b": 1.0}, dim="case")
    model = gm.Model(x=gm.normal(1, 2), out=share * gm.normal(3, 4, name="y"))
    found = model.sample(1024).sensitivity("out")
    assert found.sel(case="a").inputs == {}
    assert found.sel(case="a").unreliable == (
        "is the same in all 1,024 draws, so nothing tells what drives it"
    )
    assert list(found.sel(case="b").inputs) == ["y"]


def test_the_table_and_the_frame() -> None:
    x, y = gm.uniform(10, 20, "USD"), gm.uniform(2, 4)
    found = gm.Model(x=x, y=y, cost=x * y).sample(1 << 13).sensitivity("cost")
    text = str(found)
    assert "shares of its variance, and its mean, in USD" in text
    lines = [line.split()[0] for line in text.splitlines()[3:5]]
    assert lines == [driver.name for driver in found.pieces[()].drivers]
    assert "of the variance" in text.splitlines()[-1]
    html = found._repr_html_()
    assert html.count("<tr>") == 3
    frame = found.to_pandas().set_index("input")
    assert frame.loc["x", "first"] == found["x"].first.value
    assert frame.loc["y", "swing_high"] == found["y"].tornado.swing.high  # type: ignore[union-attr]
    np.testing.assert_array_less(frame["first_low"], frame["first"] + 1e-12)


def test_ends_are_written_as_the_output_is() -> None:
    wait, work = gm.uniform(1, 9), gm.uniform(1, 5)
    ready = (gm.constant(2025) + wait + work).formatted("year")
    found = gm.Model(wait=wait, work=work, ready=ready).sample(1024).sensitivity("ready")
    row = next(row for row in found.cells() if row[0] == "wait")
    assert row[4:] == ["2029.4", "2036.6", "7.2"]


@pytest.mark.usefixtures("by_draws")
def test_indices_whose_error_needs_a_fourth_moment_are_marked() -> None:
    a, b = gm.student_t(df=3), gm.student_t(df=3)
    found = gm.Model(a=a, b=b, y=a - b).sample(4096).sensitivity("y")
    assert found.unreliable == "unreliable: infinite fourth moment"
    assert found["a"].first.note == "unreliable: infinite fourth moment"
    light = gm.student_t(df=5, name="c") - gm.student_t(df=5, name="d")
    reliable = gm.Model(y=light + gm.normal(0, 1, name="e")).sample(4096).sensitivity("y")
    assert reliable.unreliable is None


def test_a_label_of_the_output_is_told_by_its_name() -> None:
    x = gm.normal(1, 2, dim={"site": ["a", "b"]})
    run = gm.Model(x=x, y=gm.uniform(1, 2) * x).sample(1024)
    assert str(run.sensitivity("y[b]")) == str(run.sensitivity("y").sel(site="b"))


@pytest.mark.parametrize("size", [1e-200, 1e-100, 1e100, 1e200])
def test_numbers_of_any_size_have_the_same_shares(size: float) -> None:
    """Their squares are no floating-point numbers: shares were refused, and swings 0."""
    a, b, c = gm.normal(3, 5), gm.normal(1, 2), gm.lognormal(1, 3)
    model = gm.Model(a=a, b=b, c=c, out=a * b + a * c, far=(a * b + a * c) * size)
    run = model.sample(4096)
    for of in ("mean", "sd", "p90"):
        one, other = (run.sensitivity(name, of=of) for name in ("out", "far"))
        assert one.unreliable is None
        assert other.unreliable is None
        assert other.base == pytest.approx(one.base * size, rel=1e-9)
        for name in ("a", "b", "c"):
            near, far = one[name], other[name]
            assert near.total is not None
            assert far.total is not None
            assert far.first.value == pytest.approx(near.first.value, abs=1e-9)
            assert far.total.error == pytest.approx(near.total.error, rel=1e-6)
            assert near.tornado is not None
            assert far.tornado is not None
            swing, wide = near.tornado.swing, far.tornado.swing
            assert wide.value == pytest.approx(swing.value * size, rel=1e-9)
            assert wide.error == pytest.approx(swing.error * size, rel=1e-6)


def test_a_label_that_never_varies_has_no_groups() -> None:
    a, b = gm.uniform(0, 1), gm.uniform(0, 1)
    out = gm.stack({"product": a * b, "zero": a * 0 + b * 0}, dim="case")
    found = gm.Model(a=a, b=b, out=out).sample(1024).sensitivity("out", groups={"both": ["a", "b"]})
    assert found.sel(case="zero").groups == {}
    assert "out[zero]: is the same in all 1,024 draws" in str(found)
