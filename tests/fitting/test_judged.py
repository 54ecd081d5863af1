"""Scores of several forecasts: their means, tables and other shapes."""

import pytest

import guessmodel as gm
from guessmodel.fitting.judged import Scores

PRICE = gm.lognormal(5, 10, "USD", name="price")
YEARLY = gm.normal({1: (1, 2), 2: (3, 4)}, dim="year", name="yearly")
RUN = gm.Model(price=PRICE, yearly=YEARLY, dear=gm.constant(7, "USD") < PRICE).sample(4096)


def test_means_are_of_all_or_of_none() -> None:
    two = gm.score([gm.normal(mean=0, sd=1), gm.normal(mean=0, sd=1)], [0.0, 1.0])
    assert two.mean("crps").value == pytest.approx((two[0].crps.value + two[1].crps.value) / 2)
    assert two.mean().is_exact
    assert gm.score(RUN, {"price": 8, "yearly": {1: 1.5}}).mean().note == "units differ"
    far = gm.score([gm.normal(0, 1) * gm.normal(0, 1), gm.normal(0, 1)], [1e4, 0.5])
    assert far.mean().note == "1 has none"
    assert far.mean("interval_score").value > 1e4
    with pytest.raises(gm.GuessmodelError, match="write log_score, crps, interval_score"):
        two.mean("brier")


def test_tables_and_other_shapes() -> None:
    found = gm.score(RUN, {"price": 8, "dear": True, "yearly": {1: 1.5}})
    assert "of all scores the lower is the better" in str(found)
    assert "<table>" in found._repr_html_() and "<table>" in found[0]._repr_html_()
    assert list(found.to_pandas().index) == ["price", "dear", "yearly[1]"]
    told = found.to_dict()
    assert set(told) == {"forecasts", "mean", "calibration"}
    assert told["forecasts"]["price"]["interval"]["mass"] == 0.9
    assert isinstance(found, Scores) and len(found) == 3
    narrow = gm.score(PRICE, 8, mass=0.5)
    assert narrow.interval_score.value != gm.score(PRICE, 8).interval_score.value
