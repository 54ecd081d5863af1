"""negative_binomial: its convention, formulas and messages; SciPy is the independent method."""

from __future__ import annotations

import pytest
from family_parameters import parameters
from scipy import stats

from guessmodel.distributions.negative_binomial import NegativeBinomial, negative_binomial
from guessmodel.errors import GuessmodelError
from guessmodel.testing.families import check_family


@pytest.mark.parametrize("at", [(0.7, 0.3), (1.0, 0.01), (5.0, 0.9), (300.0, 0.02), (0.01, 0.5)])
def test_formulas_agree_with_each_other_and_with_scipy(at: tuple[float, float]) -> None:
    check_family(NegativeBinomial(), at, reference=stats.nbinom(*at))


def test_it_counts_the_failures() -> None:
    # Two successes of probability 1/2: none fails with probability 1/4, one with 2/8.
    assert NegativeBinomial().pdf([0.0, 1.0, 2.0], 2.0, 0.5) == pytest.approx([0.25, 0.25, 0.1875])


def test_certain_success() -> None:
    assert NegativeBinomial().ppf([0.0, 0.5, 1.0], 3.0, 1.0).tolist() == [0.0, 0.0, 0.0]


def test_by_mean_and_dispersion() -> None:
    made = stats.nbinom(*parameters(negative_binomial(mean=20, dispersion=4)))
    assert made.mean() == pytest.approx(20.0, rel=1e-12)
    assert made.var() == pytest.approx(20.0 + 400.0 / 4.0, rel=1e-12)


def test_by_mean_and_sd() -> None:
    made = stats.nbinom(*parameters(negative_binomial(mean=20, sd=8, unit="user")))
    assert [made.mean(), made.std()] == pytest.approx([20.0, 8.0], rel=1e-12)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"successes": 0, "p": 0.2}, "negative_binomial: successes is 0; it must be above 0"),
        ({"successes": 3, "p": 20}, "negative_binomial: p is 20, not between 0 and 1; write 0.2"),
        ({"mean": 9, "sd": 3}, "a count whose variance is its mean is gm.poisson(mean)"),
        (
            {"p": 0.2},
            "negative_binomial takes one of (successes=, p=) or (mean=, dispersion=) or "
            "(mean=, sd=); got p",
        ),
    ],
)
def test_a_mistake_says_what_to_write(options: dict[str, float], message: str) -> None:
    with pytest.raises(GuessmodelError) as caught:
        negative_binomial(**options)
    assert message in str(caught.value)
