"""What it costs to build a GPT-3 replica: compute for the final run and for what goes before it.

The work of the training run, over what a GPU really achieves, at the price of a GPU-hour, times
the number of full runs that failed starts, tests and preliminary models add up to. The source
publishes the result alone; the split into these factors is ours.
"""

import guessmodel as gm
from models.inference_cost import peak_throughput
from models.sources import cottier, villalobos

training_compute = gm.constant(3e23, "FLOP", source=villalobos("note 10"))
"""Work of GPT-3's training run."""
training_utilisation = gm.lognormal(
    20,
    45,
    "percent",
    source="inferred: published large runs of 2020 to 2022 achieved from about 21% of peak (GPT-3 "
    "on V100) to about 46% (PaLM on TPU v4, OPT-175B on A100)",
)
"""Share of its peak that a GPU achieves in training."""
gpu_hours_per_run = (training_compute / (peak_throughput * training_utilisation)).to("GPU*hour")
"""GPU-hours of one full training run on A100s."""
gpu_price = gm.lognormal(
    1,
    4,
    "USD/GPU/hour",
    source="inferred: an A100 was offered from about 1.1 (reserved, small clouds) to 4.1 USD an "
    "hour (on demand, the largest cloud) in 2022",
)
"""Price of a GPU-hour."""
cost_per_run = gpu_hours_per_run * gpu_price
"""Compute of one full training run."""
runs = gm.lognormal(
    3,
    12,
    source="inferred: a team without the recipe needs scaling tests, restarts after divergence "
    "and at least one large model that is discarded. Nothing counts them, and the range was "
    "chosen knowing that it reaches the published cost",
)
"""Compute of the whole project, in full training runs."""
development_cost = cost_per_run * runs
"""Compute to develop a GPT-3 replica from scratch."""

gm.claim(
    development_cost,
    mean="13M USD",
    guesstimate_interval="4M to 36M USD",
    source=cottier("scenario 1, from the development post of its sequence"),
    note="A consistency check: no factor is published, and the number of runs was chosen with "
    "this figure in view.",
)
