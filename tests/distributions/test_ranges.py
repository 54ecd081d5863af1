"""What a range says of each family, by the draws that it makes."""

import pytest

from guessmodel.distributions.ranges import BOUNDS, INTERVALS
from guessmodel.distributions.text import FAMILIES, quantity_from_text
from guessmodel.errors import UsageError


@pytest.mark.parametrize("family", FAMILIES)
def test_a_range_is_an_interval_or_bounds_or_nothing(family: str) -> None:
    text = "0.2 to 0.6"
    if family not in BOUNDS | INTERVALS:
        with pytest.raises(UsageError, match=f"a range alone says nothing of a {family}; write"):
            quantity_from_text(text, kept=family)
        return
    run = quantity_from_text(text, kept=family).sample(1 << 13)
    if family in INTERVALS:
        ends = run.interval()
        assert (ends.low.value, ends.high.value) == pytest.approx((0.2, 0.6))
    else:
        draws = run.values
        assert draws.min() >= 0.2 and draws.max() <= 0.6
        assert draws.max() - draws.min() > 0.37  # and it nearly reaches them


def test_they_are_families() -> None:
    assert set(FAMILIES) >= BOUNDS | INTERVALS and not BOUNDS & INTERVALS
