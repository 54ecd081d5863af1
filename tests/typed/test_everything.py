"""The model of all documented forms runs; mypy checks its types in .ci/run."""

from pathlib import Path

import guessmodel as gm


def test_every_documented_form_runs():
    model = gm.Model.from_file(Path(__file__).with_name("everything.py"))
    sim = model.sample(256)
    for name in model.quantities:
        assert name in sim
    assert not [line for line in sim.problems() if not line.startswith("families")]
