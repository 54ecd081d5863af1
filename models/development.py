"""What it costs to build a GPT-3 replica: compute for the final run and for what goes before it.

The work of the training run, over what a GPU really achieves, at the price of a reserved GPU-hour,
times the number of full runs that failed starts, tests and preliminary models add up to. The
source publishes the result alone; the split into these factors is ours.
"""

import guessmodel as gm
from models.inference_cost import gpu_price, node_published, peak_throughput
from models.sources import IN_VIEW, PUBLISHED, cottier, villalobos

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
cost_per_run = gpu_hours_per_run * gpu_price
"""Compute of one full training run."""
runs = gm.lognormal(
    1.5,
    6,
    source="inferred: OPT-175B's own run took 2.2 times its ideal GPU-hours (56 days on 992 A100s "
    "with over 50 restarts, for 3.15e23 FLOP at the 147 TFLOP/s that it reports), and smaller "
    "models came before it; 1.5 for a team that has the recipe, 6 with a large model discarded",
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
    scenario=PUBLISHED,
)

gm.headline(development_cost)

# --- As published: the inputs that reproduce the source's figures, chosen with these in view ----

published = {
    gpu_price: node_published[gpu_price],
    runs: "3.5 to 26",
}
gm.scenario(
    PUBLISHED,
    published,
    doc="The price of the deployments' node, and as many runs as the published cost needs at it.",
    source=IN_VIEW,
)
