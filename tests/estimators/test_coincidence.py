"""How many labels are counted alike is told by their constants."""

import numpy as np
import pytest
from scipy import stats

import guessmodel as gm
from guessmodel.estimators.coincidence import coincidences
from guessmodel.graph.kinds import is_indicator

SAME = gm.lognormal(mu=0, sigma=1, dim={"case": range(12)})
OTHER = gm.normal({"a": (0, 1), "b": (0, 1), "c": (2, 5)}, dim="case")


@pytest.mark.parametrize(
    ("quantity", "expected"),
    [
        ((SAME > 2).sum("case"), 12.0),
        ((SAME > 2).mean("case"), 1.0),
        (5 - 3 * (SAME > 2).sum("case") / 2, 18.0),
        ((OTHER > 0.7).sum("case"), 2.0),
        ((gm.constant({i: 1 + i for i in range(12)}, dim="case") < SAME).sum("case"), 1.0),
        (SAME.sum("case"), 0.0),
        ((SAME > 2).max("case"), 0.0),
        (gm.normal(0, 1) * (SAME > 2).sum("case"), 0.0),
    ],
)
def test_labels_with_the_same_constants_are_counted_alike(quantity, expected):
    assert coincidences(quantity) == expected


def covered(quantity, truth, seeds=40):
    model = gm.Model(y=quantity)
    found = (model.sample(2**13, seed=seed)["y"].mean() for seed in range(seeds))
    return np.mean([estimate.low <= truth <= estimate.high for estimate in found])


@pytest.mark.parametrize("p", [100.08 / 1024, 0.2])  # of 1,024 draws a replicate
def test_sums_of_events_of_labels_are_covered(p, monkeypatch):
    # The mean is 12 p. Where nothing is told of coincidences 63 to 78% of intervals held it.
    count = (float(np.exp(stats.norm.isf(p))) < SAME).sum("case")
    # At a coverage of 85% fewer than 22 of 40 have a probability below 1e-6.
    assert covered(count, 12 * p) >= 22 / 40
    monkeypatch.setattr("guessmodel.simulation.result.coincidences", lambda _: 0.0)
    assert covered(count, 12 * p) < 0.9


def test_long_and_shared_expressions_are_told_at_once():
    total = growing = SAME.sel(case=0)
    doubled = (SAME > 2).sum("case")
    for _ in range(3000):
        total, growing = total + OTHER.sel(case="a"), growing * OTHER.sel(case="b")
    for _ in range(30):
        doubled = doubled + doubled  # one node used twice, thirty times over
    assert coincidences(total) == coincidences(growing) == 0.0
    assert coincidences(doubled) == 12.0 * 2**30
    assert not is_indicator(growing)
