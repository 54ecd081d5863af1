"""The uncertainty budget: a published one, closed forms, and its refusals."""

import math

import pytest

import guessmodel as gm
from guessmodel.analysis.budget import Budget


def end_gauge(**how: object) -> Budget:
    """GUM H.1: the calibration of an end gauge of 50 mm; lengths in nm. Inputs as in its table
    H.1, where the components of a length's uncertainty are put together already."""
    ls = gm.student_t(df=18, location=50_000_623, scale=25)
    d = gm.student_t(df=25.6, location=215, scale=9.7)
    alpha, theta = gm.uniform(9.5e-6, 13.5e-6), gm.normal(mean=-0.1, sd=0.41)
    d_alpha, d_theta = gm.uniform(-1e-6, 1e-6), gm.uniform(-0.05, 0.05)
    length = ls + d - ls * (d_alpha * theta + alpha * d_theta)
    model = gm.Model(
        ls=ls, d=d, alpha=alpha, theta=theta, d_alpha=d_alpha, d_theta=d_theta, length=length
    )
    return model.sample(1 << 13).sensitivity("length").budget(**how)  # type: ignore[arg-type]


def test_the_end_gauge_of_the_gum() -> None:
    """JCGM 100:2008, table H.1 and H.1.5 to H.1.7: contributions 25, 9.7, 0, 0, 2.9 and 16.6 nm,
    u = 32 nm, 16.7 effective degrees of freedom, l = 50.000838 mm, U99 = 93 nm."""
    found = end_gauge(degrees={"d_alpha": 50, "d_theta": 2}, coverage=0.99)
    parts = {row.name: row.contribution for row in found.rows}
    assert parts["ls"] == pytest.approx(25, abs=0.05)
    assert parts["d"] == pytest.approx(9.7, abs=0.05)
    assert parts["d_theta"] == pytest.approx(16.6, abs=0.05)
    assert parts["d_alpha"] == pytest.approx(2.9, abs=0.05)
    assert max(parts["alpha"], parts["theta"]) < 1e-6
    assert found.estimate == pytest.approx(50_000_838, abs=0.5)
    assert found.uncertainty == pytest.approx(32, abs=0.5)
    assert found.degrees == pytest.approx(16.7, abs=0.1)
    assert found.factor == pytest.approx(2.92, abs=0.005)
    assert found.expanded == pytest.approx(93, abs=1)
    assert sum(row.share for row in found.rows) == pytest.approx(1)
    assert found["d_theta"].uncertainty == pytest.approx(0.029, abs=0.0005)
    assert found["ls"].degrees == 18
    # The second-order term d_alpha·theta, which the same clause has, is 11.7 nm more.
    assert found.sd.value == pytest.approx(
        math.sqrt(25**2 * 18 / 16 + 9.7**2 * 25.6 / 23.6 + 16.6**2 + 2.9**2 + 11.7**2 + 1.7**2),
        abs=0.1,
    )
    assert "not linear, or not normal" in str(found)


def test_a_product_of_what_is_known_well_is_nearly_linear() -> None:
    """y = a²/b: u(y)/y is the root of 4 (u(a)/a)² + (u(b)/b)² (GUM 5.1.6)."""
    way = gm.normal(mean=10, sd=0.01, unit="km")
    time = gm.normal(mean=5, sd=0.002, unit="hour")
    found = gm.Model(way=way, time=time, out=way**2 / time).sample().sensitivity("out").budget()
    assert found.unit == "km**2/hour"
    assert found.estimate == pytest.approx(20)
    assert found.uncertainty == pytest.approx(20 * math.hypot(2 * 0.001, 0.0004), rel=1e-5)
    assert found["way"].coefficient == pytest.approx(4)  # 2 a / b
    assert found["way"].coefficient_unit == "km/hour"
    assert found["time"].coefficient == pytest.approx(-4, rel=1e-5)  # −a²/b²
    assert found["time"].share == pytest.approx(1 / 26, rel=1e-4)
    assert found.degrees == math.inf
    assert found.factor == pytest.approx(1.959964, abs=1e-6)
    assert "not linear" not in str(found)


def test_coefficients_have_units_and_labels_have_rows() -> None:
    price = gm.normal(4, 6, "USD/hour")
    hours = gm.normal({"a": 1, "b": 2}, {"a": 3, "b": 6}, "hour", dim="team")
    model = gm.Model(price=price, hours=hours, cost=(price * hours).sum("team"), one=price * hours)
    found = model.sample(1024).sensitivity("cost").budget()
    assert (found["price"].coefficient, found["price"].coefficient_unit) == (
        pytest.approx(6),
        "hour",
    )
    assert found["hours[b]"].coefficient_unit == "USD/hour"
    labelled = model.sample(1024).sensitivity("one")
    with pytest.raises(gm.GuessmodelError, match="'one' has dimensions"):
        labelled.budget()
    assert {row.name for row in labelled.sel(team="b").budget().rows} == {"price", "hours[b]"}
    assert labelled.sel(team="b").budget().output == "one[b]"


def test_inputs_without_closed_form_and_with_ends() -> None:
    """A draw whose parameter is a draw stands for its own random number; an exponential one ends
    one standard deviation below its mean, so a smaller step is taken."""
    middle = gm.normal(mean=10, sd=1)
    late = gm.normal(middle, middle + 2)
    wait = gm.exponential(mean=3)
    model = gm.Model(middle=middle, late=late, wait=wait, out=2 * late + 5 * wait)
    found = model.sample().sensitivity("out").budget()
    assert found["wait"].contribution == pytest.approx(15)
    assert found["wait"].coefficient == pytest.approx(5)
    assert found["middle"].contribution == pytest.approx(2)
    assert found["late"].contribution == pytest.approx(2 * 2 / (2 * 1.644854), rel=1e-3)
    assert found.uncertainty == pytest.approx(found.sd.value, rel=1e-3)


def test_the_answer_is_markdown_html_json_and_a_frame() -> None:
    found = end_gauge()
    lines = str(found).splitlines()
    assert lines[0].startswith("| input | estimate | standard uncertainty | unit |")
    assert lines[2] == "| ls | 50000623 | 25 |  | 18 | 1 | 25 | 62.3% |"
    assert lines[8].startswith("| length | 50000838 | 32 |")
    assert found.to_dict()["inputs"]["theta"]["degrees"] is None
    assert found.to_dict()["drawn"]["sd"]["value"] == found.sd.value
    assert list(found.to_pandas()["input"])[:2] == ["ls", "d_theta"]
    assert found._repr_html_().count("<tr>") == 8


def test_refusals() -> None:
    with pytest.raises(gm.GuessmodelError, match="does not depend on an input 'd_theat'; did you"):
        end_gauge(degrees={"d_theat": 2})
    with pytest.raises(gm.GuessmodelError, match="'d': degrees of freedom are above 0, not 0"):
        end_gauge(degrees={"d": 0})
    with pytest.raises(
        gm.GuessmodelError, match=r"a coverage is a probability such as 0.95, not 2"
    ):
        end_gauge(coverage=2)
    with pytest.raises(gm.GuessmodelError, match="'length' does not depend on an input 'q'"):
        _ = end_gauge()["q"]
    x = gm.cauchy(0, 1)
    with pytest.raises(gm.GuessmodelError, match="'x' has no standard deviation, so there is no"):
        gm.Model(x=x, out=x * 2).sample(1024).sensitivity("out").budget()
    y = gm.normal(mean=0, sd=1)
    with pytest.raises(gm.GuessmodelError, match="'out' has no value at the means of its inputs"):
        gm.Model(y=y, out=1 / y**2).sample(1024).sensitivity("out").budget()
