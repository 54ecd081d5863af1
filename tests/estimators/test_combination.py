"""Linear combinations against the same sums by NumPy's arrays, and how much work they take."""

import math
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guessmodel.estimators import combination
from guessmodel.estimators.combination import Combination

NUMBERS = 3 * combination._BLOCK


@settings(deadline=None)
@given(st.data())
def test_sums_and_multiples_are_those_of_vectors(data):
    # Each step takes two earlier combinations, so that all of them must stay as they were.
    at = st.integers(0, NUMBERS - 1)
    factor = st.sampled_from([-3.0, -1.0, -1e-3, 0.0, 0.5, 1.0, 1e40, 1e-40])
    known = [(Combination(), np.zeros(NUMBERS))]
    for _ in range(data.draw(st.integers(1, 30))):
        if data.draw(st.booleans()):
            number, size = data.draw(at), data.draw(factor)
            vector = np.zeros(NUMBERS)
            vector[number] = size
            known.append((Combination.of(number, size), vector))
            continue
        (a, x), (b, y) = data.draw(st.sampled_from(known)), data.draw(st.sampled_from(known))
        if data.draw(st.booleans()):
            size = data.draw(factor)
            known.append((a.plus(b, size), x + size * y))
        else:
            known.append((a.times(-2.0), -2.0 * x))
    for found, vector in known:
        largest = max(float(np.abs(other).max()) for _, other in known)
        assert found.sd == pytest.approx(math.hypot(*vector), rel=1e-12, abs=1e-14 * largest)


def test_what_cancels_is_gone():
    x, y = Combination.of(0, 1.0), Combination.of(500, 1.0)
    assert x.plus(x, -1.0).sd == 0.0
    assert x.plus(y, 1e-200).plus(x, -1.0).sd == pytest.approx(1e-200)
    tenths = Combination()
    for _ in range(10):
        tenths = tenths.plus(x, 0.1)
    assert tenths.plus(x, -1.0).sd == 0.0  # ten times 0.1 is 0.9999999999999999


def test_factors_neither_overflow_nor_vanish():
    decaying = Combination()
    for number in range(400):
        decaying = decaying.times(1e-3).plus(Combination.of(number, 1.0))
    assert decaying.sd == pytest.approx(math.sqrt(1 / (1 - 1e-6)), rel=1e-12)


def steps_of(make) -> int:
    """Lines of Python that a function runs, in all files: a count of its work without a clock."""
    count = 0

    def line(frame, event, _):
        nonlocal count
        count += event == "line"
        return line

    before = sys.gettrace()
    sys.settrace(line)
    try:
        make()
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("decay", [1.0, 0.9])
def test_a_running_sum_takes_work_in_proportion_to_its_terms(decay):
    def run(n):
        total = Combination()
        for number in range(n):
            total = total.times(decay).plus(Combination.of(number, 1.0))
        return total

    few, many = (steps_of(lambda n=n: run(n)) for n in (1_000, 4_000))
    assert many < 4.5 * few
    assert run(4_000).sd == pytest.approx(math.hypot(*(decay**k for k in range(4_000))))


def test_quadratic_work_would_be_seen():
    def run(n):
        sums = [[]]
        for number in range(n):
            longer = []
            for term in sums[-1]:
                longer.append(term)
            sums.append([*longer, number])

    few, many = (steps_of(lambda n=n: run(n)) for n in (100, 400))
    assert many > 10 * few
