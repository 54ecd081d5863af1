"""The example answers its question: under 60 lines, and what it is about is worth most."""

from pathlib import Path

import guessmodel as gm
from guessmodel.analysis.decision import decision_of

FILE = Path(__file__).parents[2] / "examples" / "build_or_buy.py"


def test_users_are_worth_knowing() -> None:
    assert len(FILE.read_text().splitlines()) < 60
    model = gm.Model.from_file(FILE)
    found = decision_of(model, None).evaluate(model.sample(8192))
    assert found.choice == "rent" and next(iter(found.evppi)) == "users"
    assert found.unit == "USD" and found.evpi.value < found["build"].regret.value
