"""A kit for property tests of one's own models and families; see docs/testing-your-model.md.

`assert_…` are statistical assertions with a stated false-alarm probability, `check_family` tests
the formulas of a family, and `strategies` (which needs hypothesis) makes intervals, distributions
and small models.
"""

from guessmodel.testing.assertions import assert_coverage as assert_coverage
from guessmodel.testing.assertions import assert_follows as assert_follows
from guessmodel.testing.assertions import assert_same_draws as assert_same_draws
from guessmodel.testing.assertions import assert_true_value as assert_true_value
from guessmodel.testing.families import check_family as check_family

__all__ = [
    "assert_coverage",
    "assert_follows",
    "assert_same_draws",
    "assert_true_value",
    "check_family",
]
