"""Each row of the page for people who come from squigglepy, against samples of squigglepy's."""

import json
import math
import re
from pathlib import Path

import numpy as np
import pytest

import guessmodel as gm

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "coming-from" / "squigglepy.md").read_text()
ROWS = dict(re.findall(r"^\| `(-?sq\..*?)` \| `(.*)` \|$", PAGE, re.MULTILINE))
VALUES = json.loads((ROOT / "tests" / "interop" / "data" / "squigglepy.json").read_text())


def test_every_row_has_samples() -> None:
    """make_values.py makes them anew."""
    assert list(ROWS) == list(VALUES["rows"]) and len(ROWS) > 40


@pytest.mark.parametrize("theirs", ROWS)
def test_rows(theirs: str) -> None:
    """Shares up to some points; false alarm below 1e-6 a row. Ours are of a net, whose error is
    below 1e-3."""
    quantity = eval(ROWS[theirs], {"gm": gm})
    values = gm.Model(x=quantity).sample(2**15)["x"].values
    for point, share in VALUES["rows"][theirs]:
        ours = float(np.mean(values <= point + 1e-6 * abs(point)))
        error = math.sqrt(share * (1 - share) / VALUES["samples"])
        assert abs(ours - share) < 6 * error + 1e-3, (point, share, ours)
