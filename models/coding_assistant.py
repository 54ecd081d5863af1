"""What it costs to help a million software developers with code for a year.

A GPT-3-sized model of code answers requests all through the working day. It reads far more than it
writes: a token that is read costs as much work as one that is written, though it is done at a
better utilisation, and a part of it may have been read before.
"""

import guessmodel as gm
from models.development import development_cost
from models.development import published as development_published
from models.inference_cost import (
    bloom_flop_per_token,
    gpus_per_node,
    node_price,
    node_published,
    peak_throughput,
    tokens_per_node_day,
)
from models.sources import IN_VIEW, PUBLISHED, cottier

scenario = "scenario 2"

developers = gm.constant(1e6, "developer", source=cottier(scenario))
"""Developers who use the assistant."""
working_days = gm.constant(
    250, "day/year", source="inferred: 52 weeks of five days, less ten days off"
)
"""Days on which a developer uses it."""
requests = gm.lognormal(
    20,
    300,
    "request/developer/day",
    source="inferred: Ziegler et al. (2022) saw about 115 completions shown a day to an active "
    "user, of which 31 were accepted; other products report from 20 accepted to hundreds shown, "
    "and the average of a million users is less active",
)
"""Requests of a developer on a working day."""
answer_tokens = gm.lognormal(
    10,
    50,
    "token/request",
    source="inferred: one line to a few lines of code at ten tokens a line",
)
"""Tokens of an answer."""
prompt_tokens = gm.lognormal(
    200,
    1500,
    "token/request",
    source="inferred: the extension sends the code about the cursor and pieces of files like it; "
    "200 tokens in a small file, at most what the model's context of 2048 leaves",
)
"""Tokens of the code that is sent along."""
cached_share = gm.uniform(
    0,
    80,
    "percent",
    source="inferred: nothing if requests go to any node, as was usual in 2022; up to all but the "
    "last lines if the node keeps what it read a moment ago",
)
"""Share of the prompt that was read for an earlier request and need not be read again."""
batch_filled = gm.uniform(
    12,
    100,
    "percent",
    source="inferred: who types waits a second or two, so that a node can put few requests "
    "together: 25 tokens take 1.2 s in a batch of 16 and 2.2 s in one of 128, all that fit, by the "
    "benchmark published with BLOOM",
)
"""Share of the batch that fits into a node which requests fill."""
full_step = gm.constant(
    88, "ms", source="inferred: the same benchmark: 128 tokens at 0.69 ms, one of each text"
)
"""Time of a step that writes a token of each text of a full batch."""
fixed_step = gm.constant(
    42,
    "ms",
    source="inferred: the same benchmark: 32 tokens at 1.68 ms are 54 ms, and the line through "
    "this and the full batch begins at 42 ms, which is reading all weights at half the bandwidth",
)
"""The part of a step that takes the same time whatever the batch."""
batching = (full_step / (full_step - fixed_step + fixed_step / batch_filled)).to("percent")
"""Tokens written in such batches against as many as full ones allow."""
prompt_utilisation = gm.lognormal(
    30,
    60,
    "percent",
    source="inferred: a prompt is read all at once, which keeps a GPU as busy as training does "
    "(20 to 46%) or more, for no gradients are exchanged",
)
"""Share of its peak that a node achieves when it reads."""
load = gm.uniform(
    25,
    70,
    "percent",
    source="inferred: services that people use by day see two to four times their average load at "
    "the peak, for which nodes are rented; less where users live all over the world",
)
"""Share of the rented capacity that requests use, over a year."""
requests_per_day = (developers * working_days * requests).to("request/day")
"""Requests a day, averaged over the year."""
answers_per_day = requests_per_day * answer_tokens
"""Tokens that are written a day."""
prompts_per_day = requests_per_day * prompt_tokens * (1 - cached_share)
"""Tokens that are read a day."""
prompt_tokens_per_node_day = (
    gpus_per_node * peak_throughput * prompt_utilisation / bloom_flop_per_token
).to("token/day")
"""Tokens that a node can read in a day, if it does nothing else."""
nodes_to_write = answers_per_day / (tokens_per_node_day * batching * load)
"""Nodes that writing takes."""
nodes_to_read = prompts_per_day / (prompt_tokens_per_node_day * load)
"""Nodes that reading takes."""
nodes = gm.ceil(nodes_to_write + nodes_to_read)
"""Nodes to rent all year; whole nodes are rented."""
reading_share = (nodes_to_read / (nodes_to_read + nodes_to_write)).to("percent")
"""Share of reading in the work."""
cost_per_year = (nodes * node_price).to("USD/year")
"""Rent of the nodes for a year."""
cost_per_developer = cost_per_year / developers
"""Compute for one developer."""

gm.claim(
    cost_per_year,
    mean="2M USD/year",
    guesstimate_interval="260K to 8.4M USD/year",
    source=cottier(f"{scenario} and Table 2"),
    note="The usage was written down from published telemetry before it was run, but of two ways "
    "to combine it with the other inputs this one was known to fit better. An earlier version, "
    "worked back from this very figure, was thrown away.",
    scenario=PUBLISHED,
)

# --- Is it worth its cost? ----------------------------------------------------------------------

productivity = gm.uniform(
    1, 10, "percent", source="inferred: the source says between 1% and 10%, with no shape"
)
"""Gain in the developers' productivity."""
developer_pay = gm.constant(
    100e3,
    "USD/developer/year",
    source="inferred: the salary that the source takes for the project's own staff",
)
"""Pay of a developer."""
value_per_year = developers * developer_pay * productivity
"""Work gained, at the developers' pay."""
value_over_cost = value_per_year / cost_per_year
"""Work gained against compute: worth it at any plausible cost."""
duration = gm.constant(1, "year", source=cottier(scenario))
"""How long the assistant runs."""
development_over_deployment = development_cost / (cost_per_year * duration)
"""How many times development costs more than this deployment."""
exceeds_development = development_over_deployment < 1
"""Whether this deployment costs more than development."""

gm.claim_ratio_of_means(
    development_cost,
    cost_per_year * duration,
    "10",
    log10_tol=0.5,
    source=cottier(f'{scenario}: "still an order of magnitude lower"'),
    note="An order of magnitude is taken to mean ten, within half an order. The ratio of the "
    "published means, 13M to 2M, is 6.5.",
    scenario=PUBLISHED,
)

gm.headline(cost_per_year)
gm.headline(exceeds_development, percentiles=(), statistics=("probability",))

# --- As published: the inputs that reproduce the source's figures, chosen with these in view ----

published = {
    **node_published,
    **development_published,
    cached_share: "100%",  # reading is left out
    batch_filled: "100%",
    load: "uniform(30, 80) percent",
}
gm.scenario(
    PUBLISHED,
    published,
    doc="Only what is written is counted, in full batches, as if reading the code that is sent "
    "along were free.",
    source=IN_VIEW,
)
