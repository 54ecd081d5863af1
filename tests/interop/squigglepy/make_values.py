"""Makes tests/interop/data/squigglepy.json: samples of each row of docs/coming-from/squigglepy.md.

    pip install squigglepy==0.30
    python tests/interop/squigglepy/make_values.py

Of each row it keeps, at five points, the share of 100,000 samples up to it.
"""

import json
import re
from importlib.metadata import version
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[3]
SAMPLES = 100_000


def main() -> None:
    import squigglepy as sq

    page = (ROOT / "docs" / "coming-from" / "squigglepy.md").read_text()
    rows = {}
    for number, theirs in enumerate(re.findall(r"^\| `(-?sq\..*?)` \|", page, re.MULTILINE)):
        sq.set_seed(number)
        distribution = eval(theirs, {"sq": sq})
        try:
            samples = np.asarray(sq.sample(distribution, n=SAMPLES), dtype=float)
        except TypeError:  # functions of Python's math take one sample at a time
            singly = (sq.sample(distribution, n=1) for _ in range(SAMPLES))
            samples = np.fromiter(map(float, singly), dtype=float)
        points = np.quantile(samples, [0.05, 0.25, 0.5, 0.75, 0.95], method="inverted_cdf")
        points = sorted({float(f"{x:.6g}") for x in points})
        rows[theirs] = [[x, float(np.mean(samples <= x + 1e-9 * abs(x)))] for x in points]
    document = {"squigglepy": version("squigglepy"), "samples": SAMPLES, "rows": rows}
    target = ROOT / "tests" / "interop" / "data" / "squigglepy.json"
    target.write_text(json.dumps(document, indent=1) + "\n")


if __name__ == "__main__":
    main()
