"""`python -m benchmarks [CASE…] [--quick] [--write FILE]`, from the checkout.

Prints Markdown; `--write` puts it into a file, between its markers where it has them.
"""

from __future__ import annotations

import os

# One thread for everyone, unless a case says otherwise; libraries read this when they load.
for _name in ("OMP", "OPENBLAS", "MKL", "NUMBA", "OPENTURNS"):
    os.environ.setdefault(f"{_name}_NUM_THREADS", "1")
os.environ.setdefault("TQDM_DISABLE", "1")

import argparse  # noqa: E402
import sys  # noqa: E402
from collections.abc import Callable  # noqa: E402
from pathlib import Path  # noqa: E402

from benchmarks import (  # noqa: E402
    case_accuracy,
    case_arithmetic,
    case_coverage,
    case_families,
    case_held_out,
    case_held_out_conditions,
    case_held_out_drivers,
    case_held_out_events,
    case_held_out_far,
    case_held_out_farther,
    case_held_out_shape,
    case_held_out_turns,
    case_mixture,
    case_models,
    case_reference,
    case_scaling,
    case_sensitivity,
    case_startup,
    share,
)
from benchmarks.machine import heading  # noqa: E402
from benchmarks.measure import Section  # noqa: E402

CASES: dict[str, Callable[[bool], list[Section]]] = {
    "reference": case_reference.run,
    "accuracy": case_accuracy.run,
    "mixture": case_mixture.run,
    "models": case_models.run,
    "families": case_families.run,
    "startup": case_startup.run,
    "files": case_startup.files,
    "arithmetic": case_arithmetic.run,
    "scaling": case_scaling.run,
    "sensitivity": case_sensitivity.run,
    "share": share.run,
    "coverage": case_coverage.run,
    "held_out": case_held_out.run,
    "held_out_drivers": case_held_out_drivers.run,
    "held_out_events": case_held_out_events.run,
    "held_out_far": case_held_out_far.run,
    "held_out_shape": case_held_out_shape.run,
    "held_out_turns": case_held_out_turns.run,
    "held_out_conditions": case_held_out_conditions.run,
    "held_out_farther": case_held_out_farther.run,
}
APART = {  # no times; their results are in docs/coverage.md
    "coverage",
    "held_out",
    "held_out_drivers",
    "held_out_events",
    "held_out_far",
    "held_out_turns",
    "held_out_conditions",
    "held_out_farther",
    "held_out_shape",
}
BEGIN, END = "<!-- results: python -m benchmarks -->", "<!-- end of results -->"


def main() -> None:
    """Run the cases named, or all that measure speed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "cases", nargs="*", choices=[*CASES, []], metavar="CASE", help=str([*CASES])
    )
    parser.add_argument("--quick", action="store_true", help="fewer rounds and seeds")
    parser.add_argument("--write", type=Path, metavar="FILE", help="put the results into a file")
    args = parser.parse_args()
    parts = [heading()]
    print(parts[0], flush=True)
    for name in args.cases or [name for name in CASES if name not in APART]:
        for section in CASES[name](args.quick):
            parts.append(section.markdown())
            print(f"\n{parts[-1]}", flush=True)
    if args.write is not None:
        _write(args.write, "\n\n".join(part.strip() for part in parts))


def _write(path: Path, text: str) -> None:
    old = path.read_text() if path.exists() else ""
    if BEGIN in old and END in old:
        before, rest = old.split(BEGIN, 1)
        text = f"{before}{BEGIN}\n\n{text}\n\n{END}{rest.split(END, 1)[1]}"
    path.write_text(text)


if __name__ == "__main__":
    sys.exit(main())
