"""`gm.score`: forecasts of all kinds, and what they are judged by."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest

import guessmodel as gm
from guessmodel.fitting.judged import Score

PRICE = gm.lognormal(5, 10, "USD", name="price")
YEARLY = gm.normal({1: (1, 2), 2: (3, 4)}, dim="year", name="yearly")
MODEL = gm.Model(price=PRICE, yearly=YEARLY, dear=gm.constant(7, "USD") < PRICE)
BEST = gm.normal({"a": (1, 2), "b": (1, 2)}, dim="way").idxmax("way")
RUN = MODEL.sample(4096)


def test_one_forecast_however_it_is_given() -> None:
    found = gm.score(PRICE, "8 USD")
    assert isinstance(found, Score)
    # CRPS and log score by scoringrules and SciPy: see test_scores.py
    assert (found.name, found.outcome, found.unit, found.inside) == ("price", 8.0, "USD", True)
    for other in (gm.score(RUN["price"], 8), gm.score(RUN, {"price": 8})["price"]):
        assert other.to_dict() == found.to_dict()
    assert gm.score(MODEL, {"price": gm.constant(8, "USD")})[0].crps.value == found.crps.value
    assert not gm.score(PRICE, 12).inside


def test_a_point_has_its_distance() -> None:
    assert gm.score(5, 7).crps.value == 2.0
    assert math.isnan(gm.score(5, 7).log_score.value)
    mean = (PRICE * gm.normal(1, 2)).sample(4096).mean()
    found = gm.score(mean, 8)
    assert found.crps.low < found.crps.value < found.crps.high
    assert found.crps.error == pytest.approx(mean.error)
    assert gm.score(gm.Estimate(5.0, 4.0, 6.0, "x"), 5.5).crps.low == 0.0


def test_an_event_has_the_brier_score() -> None:
    p = float(RUN["dear"].probability())
    for came in (True, False, np.True_, np.array(0.0)):
        found = gm.score(RUN["dear"], came)
        assert found.crps.value == pytest.approx((p - came) ** 2)
        assert found.log_score.value == pytest.approx(-math.log(p if came else 1 - p))
        assert found.came == ("yes" if came else "no")


def test_labels_lists_and_mappings() -> None:
    by_label = gm.score(RUN, {"yearly": {1: 1.5, 2: None}})
    assert [each.name for each in by_label] == ["yearly[1]"]
    assert by_label[0].pit == pytest.approx(0.5)
    two = gm.score([gm.normal(0, 1), gm.normal(2, 4)], [0.5, 3])
    assert [each.name for each in two] == ["1", "2"]
    assert gm.score({"a": PRICE, "b": 7}, {"b": 5, "a": 8})["b"].crps.value == 2.0


def test_under_a_condition_it_is_the_conditional_distribution() -> None:
    x = gm.normal(mean=0, sd=1, name="x")
    given = gm.Model(x=x).sample().given(x > 0)
    found = gm.score(given, {"x": 1.0})[0]
    # Half-normal: its density is 2 φ(x).
    assert found.log_score.low <= 0.5 - math.log(2 / math.sqrt(2 * math.pi)) <= found.log_score.high


@pytest.mark.parametrize(
    ("forecast", "outcome", "how", "message"),
    [
        (PRICE, "8 kg", {}, "cannot convert kg to USD"),
        (PRICE, float("nan"), {}, "write a finite number"),
        (PRICE, 8, {"mass": 90}, "mass is 90, not between 0 and 1; write 0.9"),
        (RUN, 8, {}, "outcomes of a simulation are {'name': outcome, …}"),
        (RUN, {"prise": 8}, {}, "no result 'prise'; did you mean 'price'"),
        ({"a": PRICE}, {"b": 8}, {}, "there is no forecast of 'b'"),
        ({"a": PRICE}, 8, {}, "outcomes of forecasts by name are {'name': outcome, …}"),
        ([PRICE, PRICE], [8], {}, "2 forecasts take a list of as many outcomes"),
        (RUN["yearly"], 8, {}, "'yearly' has labels; outcomes are {label: outcome, …}"),
        (RUN["yearly"], {3: 8}, {}, "'yearly' has no label 3"),
        *(
            (RUN["dear"], wrong, {}, "'dear' is an event; its outcome is True or False")
            for wrong in (0.5, np.array([1, 0]), np.array([1]), [True], pd.NA, PRICE, "yes")
        ),
        (BEST, "a", {}, "is a category; score the event"),
        ("5 to 10", 8, {}, "is no forecast; write a quantity, a result or a number"),
        (PRICE, None, {}, "nothing has come yet"),
    ],
)
def test_a_mistake_says_what_to_write(
    forecast: Any, outcome: Any, how: dict[str, Any], message: str
) -> None:
    with pytest.raises(gm.GuessmodelError) as caught:
        gm.score(forecast, outcome, **how)
    assert message in str(caught.value)
