"""Runs larger than memory, and larger than a machine: time, resident memory, workers.

`python benchmarks/bench_large.py [DRAWS]` prints Markdown. DRAWS is 1e9 by default; every row is a
process of its own, so that its peak memory is its own. The model has two outputs, cost and ratio.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

ROW = """
import json, resource, sys, time
import guessmodel as gm

words = gm.lognormal(1e8, 4e8) * 0.75
cost = gm.lognormal(3e7, 1.5e8) / words * gm.normal(8, 12) * 24 * 365
model = gm.Model(cost=cost, ratio=cost / gm.lognormal(4e6, 36e6))
how = json.loads(sys.argv[1])
n, wait = how.pop("n"), how.pop("wait", 0)
if wait:
    import distributed
    how["cluster"] = client = distributed.Client(how["cluster"], set_as_default=False)
    client.wait_for_workers(wait)
    model.sample(1 << 22, keep=False, cluster=client)  # workers import what they need
def cpu():
    return list(client.run(time.process_time).values()) if wait else [time.process_time()]
begun, before = time.perf_counter(), cpu()
simulation = model.sample(n, **how)
simulation.draws  # made now, where they are kept
drawn = time.perf_counter() - begun
used = max(now - then for now, then in zip(cpu(), before, strict=True))
p95 = simulation["ratio"].quantile(0.95)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
(counted,) = simulation["ratio"]._evidence().quantiles([0.95], "")
print(json.dumps({
    "samples": simulation.run.samples, "seconds": drawn, "cpu": used, "peak": peak,
    "p95": str(p95), "error": counted.relative_error, "estimator": counted.estimator,
}))
"""


def measured(**how: Any) -> dict[str, Any]:
    """One row, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", ROW, json.dumps(how)], capture_output=True, text=True, check=True
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def line(title: str, row: dict[str, Any]) -> str:
    """A row of the table."""
    return (
        f"| {title} | {row['samples']:,} | {row['seconds']:.1f} | {row['cpu']:.1f} "
        f"| {row['peak']:.0f} | {row['p95']} | {row['estimator']}, {row['error']:.1e} |"
    )


def streamed(n: int) -> list[str]:
    """Constant memory, in growing n; the draws kept, for comparison."""
    rows = [line("kept", measured(n=min(n, 10**7), keep=True))]
    sizes = [size for size in (10**6, 10**7, 10**8) if size < n]
    rows += [line("counted", measured(n=size, keep=False)) for size in [*sizes, n]]
    rows.append(line("counted, one thread", measured(n=min(n, 10**8), keep=False, threads=1)))
    return rows


def on_cluster(n: int) -> list[str]:
    """One worker process against two, of one thread each."""
    rows = []
    for workers in (1, 2):
        with tempfile.TemporaryDirectory() as folder:
            address = Path(folder) / "scheduler.json"
            code = (
                "import sys, time, distributed\n"
                "if __name__ == '__main__':\n"
                f"    c = distributed.LocalCluster(n_workers={workers}, threads_per_worker=1, "
                "dashboard_address=None)\n"
                "    print(c.scheduler_address, flush=True)\n"
                "    sys.stdin.read()\n"
            )
            script = address.with_suffix(".py")
            script.write_text(code)
            with subprocess.Popen(
                [sys.executable, str(script)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            ) as cluster:
                assert cluster.stdout is not None and cluster.stdin is not None
                found = cluster.stdout.readline().strip()
                row = measured(n=n, keep=False, cluster=found, wait=workers)
                rows.append((workers, row))
                cluster.stdin.close()
    ratio, cpu = (rows[0][1][key] / rows[1][1][key] for key in ("seconds", "cpu"))
    lines = [line(f"{workers} worker{'s' * (workers > 1)}", row) for workers, row in rows]
    return [
        *lines,
        "",
        f"Two workers are {ratio:.2f} times as fast as one, {cpu:.2f} times by CPU time.",
    ]


def main() -> None:
    """Print the tables."""
    n = int(float(sys.argv[1])) if len(sys.argv) > 1 else 10**9
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else float("nan")
    print(
        f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}, "
        f"{date.today()}; load before the run {load:.1f}\n"
    )
    head = "| | draws | seconds | busiest CPU seconds | peak MB | 95% of ratio | from draws alone |"
    rule = "|---|---|---|---|---|---|---|"
    begun = time.perf_counter()
    print(head, rule, *streamed(n), sep="\n")
    print()
    print(head, rule, *on_cluster(max(n // 5, 1 << 24)), sep="\n")
    print(f"\n{time.perf_counter() - begun:.0f} s in all.")


if __name__ == "__main__":
    main()
