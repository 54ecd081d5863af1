import math

import pytest
from scipy import stats

from guessmodel.numerics.confidence import clopper_pearson, student_t_cdf, student_t_quantile


@pytest.mark.parametrize("df", [1, 2, 3, 4, 7, 8, 15, 31, 63, 127, 1023])
@pytest.mark.parametrize("p", [0.5, 0.6, 0.95, 0.975, 0.999])
def test_student_t_quantile_agrees_with_scipy(df: int, p: float) -> None:
    assert student_t_quantile(p, df) == pytest.approx(stats.t.ppf(p, df), rel=1e-11, abs=1e-11)


@pytest.mark.parametrize("df", [1, 2, 5, 6, 127])
@pytest.mark.parametrize("t", [-30.0, -1.3, 0.0, 0.2, 4.0])
def test_student_t_cdf_agrees_with_scipy(df: int, t: float) -> None:
    assert student_t_cdf(t, df) == pytest.approx(stats.t.cdf(t, df), rel=1e-12, abs=1e-14)


def test_student_t_quantile_agrees_with_the_published_table() -> None:
    # Abramowitz and Stegun (1964), Table 26.10: t of which |T| stays below with 0.9 and 0.95
    assert [round(student_t_quantile(0.95, df), 3) for df in (1, 2, 7, 30)] == [
        6.314,
        2.92,
        1.895,
        1.697,
    ]
    assert round(student_t_quantile(0.975, 7), 3) == 2.365


@pytest.mark.parametrize(("p", "df"), [(0.4, 7), (1.0, 7), (0.95, 0)])
def test_student_t_quantile_refuses_what_it_was_not_made_for(p: float, df: int) -> None:
    with pytest.raises(ValueError, match=r"needs 0\.5 <= p < 1 and df >= 1"):
        student_t_quantile(p, df)


@pytest.mark.parametrize("n", [8, 100, 8192, 2**20])
@pytest.mark.parametrize("hits", [0, 1, 2, 8])
@pytest.mark.parametrize("mass", [0.9, 0.99])
def test_clopper_pearson_agrees_with_scipy(hits: int, n: int, mass: float) -> None:
    exact = stats.binomtest(hits, n).proportion_ci(mass, "exact")
    assert clopper_pearson(hits, n, mass) == pytest.approx((exact.low, exact.high), rel=1e-9)
    mirrored = clopper_pearson(n - hits, n, mass)
    assert mirrored == pytest.approx((1 - exact.high, 1 - exact.low), rel=1e-9)


def test_clopper_pearson_of_no_hit_is_the_closed_form() -> None:
    low, high = clopper_pearson(0, 5000)
    assert low == 0
    assert high == pytest.approx(-math.expm1(math.log(0.05) / 5000), rel=1e-9)
