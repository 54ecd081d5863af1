"""Powers in densities, against exact integer arithmetic."""

from __future__ import annotations

import math
from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
import pytest

from guessmodel.numerics.kernels import beta_kernel, gamma_kernel


@pytest.mark.parametrize(("z", "k"), [(1, 1), (7, 3), (15, 16), (2100, 2000), (20000, 20000)])
def test_gamma_kernel_at_whole_shapes(z: int, k: int) -> None:
    with localcontext(prec=60):
        wanted = Decimal(z) ** k * Decimal(-z).exp() / math.factorial(k - 1)
    assert float(gamma_kernel(float(z), float(k))) == pytest.approx(float(wanted), rel=1e-12)


def test_gamma_kernel_at_a_half_and_at_nearly_nothing() -> None:
    # gamma(1/2) = sqrt(pi); gamma(k) is 1 / k - 0.577... for small k.
    assert gamma_kernel(2.0, 0.5) == pytest.approx(math.sqrt(2 / math.pi) * math.exp(-2))
    with np.errstate(divide="ignore"):  # as the template does: the branch is not taken
        small = gamma_kernel(1e-300, 1e-8)
    assert small == pytest.approx(1e-8 * 1e-300**1e-8, rel=1e-7)


@pytest.mark.parametrize(
    ("y", "a", "b"),
    [
        (Fraction(1, 2), 1, 1),
        (Fraction(1, 8), 3, 5),
        (Fraction(7, 8), 3000, 500),
        (Fraction(1, 1024), 2, 1000),
    ],
)
def test_beta_kernel_at_whole_shapes(y: Fraction, a: int, b: int) -> None:
    # 1 / B(a, b) = a b / (a + b) times the binomial coefficient (a + b over a).
    exact = y**a * (1 - y) ** b * Fraction(a * b, a + b) * math.comb(a + b, a)
    with localcontext(prec=60):
        wanted = Decimal(exact.numerator) / Decimal(exact.denominator)
    got = beta_kernel(float(y), float(1 - y), float(a), float(b))
    assert float(got) == pytest.approx(float(wanted), rel=1e-12)
