"""Whatever the draws: the interval holds the draw of the rank, and counting commutes."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from guessmodel.estimators.sketch import Sketch
from guessmodel.numerics.counts import Counts, CountSums, suitable_thresholds

numbers = st.one_of(
    st.floats(-1e6, 1e6), st.integers(-5, 5).map(float), st.sampled_from([0.0, -0.0, 1.0])
)


@given(
    rows=st.lists(st.lists(numbers, min_size=20, max_size=60), min_size=2, max_size=6),
    pilot=st.lists(numbers, min_size=1, max_size=80),
    most=st.integers(16, 64),
    p=st.floats(0.2, 0.8),
    data=st.data(),
)
def test_the_interval_holds_the_draw_of_the_rank(rows, pilot, most, p, data):
    draws = np.sort(np.concatenate(rows))
    rank = round(p * (draws.size + 1))
    found = []
    for order in (rows, data.draw(st.permutations(rows))):
        thresholds, discrete = suitable_thresholds(np.array(pilot), most)
        counted = CountSums.empty(thresholds, discrete=discrete)
        for row in order:
            counts = Counts(counted.thresholds)
            cut = data.draw(st.integers(0, len(row)))
            counts.add(np.array(row[:cut]))
            counts.add(np.array(row[cut:]))
            counted.add(counts)
        found.append(Sketch(counted).quantile(p, float(draws[0]), float(draws[-1])))
    assert found[0] == found[1]
    estimate = found[0]
    assert estimate.low <= draws[rank - 1] <= estimate.high
    assert estimate.low <= estimate.value <= estimate.high
