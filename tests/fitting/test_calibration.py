"""Calibration: intervals that hold what they say, and those that do not."""

import numpy as np
import pytest
from scipy import stats

import guessmodel as gm
from guessmodel.fitting.calibration import calibration


def test_hits_and_their_chances() -> None:
    found = calibration([0.04, 0.3, 0.5, 0.6, 0.9, 0.96], (0.5, 0.9))
    assert found.hits == {0.5: 3, 0.9: 4}
    # SciPy's binomial probabilities, summed: P(≤ 4) and what is as improbable above.
    pmf = stats.binom.pmf(np.arange(7), 6, 0.9)
    assert found.chances[0.9] == pytest.approx(pmf[pmf <= pmf[4] * (1 + 1e-9)].sum())
    assert found.count == 6 and found.pits[0] == 0.04


@pytest.mark.parametrize(
    ("sd", "shift", "message"),
    [
        (1.0, 0.0, None),
        (0.3, 0.0, "! 50% intervals are too narrow"),
        (5.0, 0.0, "! 50% intervals are too wide"),
        (1.0, -3.0, "forecasts are too low"),
        (1.0, 3.0, "forecasts are too high"),
    ],
)
def test_forecasts_that_are_wrong_are_told(sd: float, shift: float, message: str | None) -> None:
    came = np.random.default_rng(5).normal(size=40)
    forecasts = [gm.normal(mean=shift, sd=sd) for _ in came]
    found = gm.score(forecasts, came.tolist()).calibration()
    marks = [line for line in found.notes() if line.startswith("!")]
    assert (message is None and not marks) or any(message in line for line in marks if message)


def test_right_forecasts_are_seldom_called_wrong() -> None:
    made = np.random.default_rng(2)
    p = [calibration(made.random(30), (0.8,)).p_value for _ in range(100)]
    assert stats.kstest(p, "uniform").pvalue > 1e-6


def test_its_shapes() -> None:
    found = gm.score([gm.normal(0, 1)] * 6, [0.1, 0.5, 0.9, 0.2, 0.4, 3]).calibration()
    assert "5 of 6" in str(found) and "<table>" in found._repr_html_()
    assert found.to_dict()["intervals"]["0.9"]["held"] == 5
    assert list(found.to_pandas()["held"])[-1] == 5
    assert calibration([0.1, 0.5], (0.5,)).p_value is None
    with pytest.raises(gm.GuessmodelError, match="of forecasts that are distributions"):
        gm.score([5, 6], [5, 6]).calibration()
    with pytest.raises(gm.GuessmodelError, match="mass is 80, not between 0 and 1; write 0.8"):
        gm.score([gm.normal(0, 1)] * 2, [0.1, 0.5]).calibration([80])
