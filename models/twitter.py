"""What it costs to write 1% of Twitter for a year.

BLOOM on rented nodes, against GPT-3 over its API, against developing the model in the first place,
and against the much higher figure of an earlier study.
"""

import guessmodel as gm
from models.development import development_cost
from models.development import published as development_published
from models.inference_cost import (
    api_price,
    gpu_memory,
    node_price,
    node_published,
    peak_throughput,
    tokens_per_node_day,
)
from models.sources import IN_VIEW, PUBLISHED, buchanan, cottier

scenario = "scenario 1"
appendix = 'appendix "1% of Twitter activity"'

tweets_per_day = gm.lognormal(
    450e6,
    850e6,
    "tweet/day",
    source="inferred: Twitter published 500 million for 2013 and no number since; counts by others "
    "went up to 850 million by 2022",
)
"""Tweets a day, worldwide."""
share = gm.constant(1, "percent", source=cottier(scenario))
"""Share of all tweets that the campaign writes."""
tokens_per_tweet = gm.lognormal(
    12,
    45,
    "token/tweet",
    source="inferred: Twitter's own counts of 2018: most often 33 characters, 12% above 140, 1% at "
    "the limit of 280; a campaign that argues writes 50 to 180, at 4 characters a token",
)
"""Length of a tweet."""
tokens_per_day = tweets_per_day * share * tokens_per_tweet
"""Text to be written every day."""

# --- BLOOM on rented nodes ----------------------------------------------------------------------

nodes = gm.ceil(tokens_per_day / tokens_per_node_day)
"""Nodes to rent; whole nodes are rented."""
cost_per_day = (nodes * node_price).to("USD/day")
"""Rent of the nodes for a day."""
cost_per_year = cost_per_day.to("USD/year")
"""Rent of the nodes for a year."""

gm.claim(
    cost_per_day,
    mean="450 USD/day",
    guesstimate_interval="240 to 720 USD/day",
    source=cottier(scenario),
    scenario=PUBLISHED,
)
gm.claim(
    cost_per_year,
    mean="160K USD/year",
    guesstimate_interval="88K to 260K USD/year",
    source=cottier(f"{scenario} and Table 2"),
    scenario=PUBLISHED,
)

# --- GPT-3 over the API -------------------------------------------------------------------------

api_cost_per_day = (tokens_per_day * api_price).to("USD/day")
"""The same text from GPT-3 over the API, for a day."""
api_cost_per_year = api_cost_per_day.to("USD/year")
"""The same text from GPT-3 over the API, for a year."""

gm.claim(
    api_cost_per_day,
    mean="5100 USD/day",
    guesstimate_interval="3800 to 6600 USD/day",
    source=cottier(scenario),
    scenario=PUBLISHED,
)
gm.claim(
    api_cost_per_year,
    mean="1.9M USD/year",
    guesstimate_interval="1.4M to 2.4M USD/year",
    source=cottier(scenario),
    scenario=PUBLISHED,
)

# --- Against development ------------------------------------------------------------------------

duration = gm.constant(1, "year", source=cottier(scenario))
"""How long the campaign runs."""
development_over_deployment = development_cost / (cost_per_year * duration)
"""How many times development costs more than this deployment."""

gm.claim_ratio_of_means(
    development_cost,
    cost_per_year * duration,
    "100",
    rtol=0.2,
    source=cottier(f'{scenario}: "about a 100x larger constraint financially"'),
    note='The source\'s own means, 13M and 160K, have the ratio 81: its "about" allows for 19%.',
    scenario=PUBLISHED,
)

# --- Against Buchanan et al. --------------------------------------------------------------------

buchanan_cost = gm.constant(10e6, "USD/year", source=cottier(f"{appendix}: ~10M USD", buchanan))
"""What Buchanan et al. expect: hundreds of GPT-3s, tens of millions a year, read as 10 million."""
buchanan_models = gm.constant(
    100,
    "model",
    source=cottier(f'{appendix}: "hundreds of GPT-3s", read as at least 100', buchanan),
)
"""How many copies of GPT-3 they expect to need."""
models_per_node = gm.constant(
    1, "model", source="inferred: a node holds BLOOM once, see fits_in_node of inference_cost"
)
"""Copies that a node runs."""
models_over_nodes = buchanan_models / (nodes * models_per_node)
"""How many times more copies that is than ours, of which each node runs one."""
buchanan_over_bloom = buchanan_cost / cost_per_year
"""How many times that exceeds BLOOM on rented nodes."""
orders_of_magnitude = gm.log10(buchanan_over_bloom)
"""The same in orders of magnitude."""
bits_assumed = gm.constant(32, "bit/parameter", source=cottier(f"{appendix}, difference 2"))
"""Size of a weight that Buchanan et al. seem to assume."""
bits_used = gm.constant(16, "bit/parameter", source=cottier(f"{appendix}, difference 2"))
"""Size of one of BLOOM's weights."""
v100_peak = gm.constant(125, "TFLOP/s/GPU", source=cottier(f"{appendix}, difference 3"))
"""Peak of a V100, the GPU that Buchanan et al. seem to assume."""
v100_memory = gm.constant(32, "GB/GPU", source=cottier(f"{appendix}, difference 3"))
"""Memory of a V100."""
memory_factor = bits_assumed / bits_used
"""How many times more memory their weights take."""
peak_factor = peak_throughput / v100_peak
"""How many times slower their GPU is; the source rounds it up to 3."""
chips_factor = gpu_memory / v100_memory
"""How many times more GPUs hold the same weights; the source rounds it down to 2."""
explained = memory_factor * peak_factor * chips_factor
"""The part of the difference that hardware explains."""
unexplained = buchanan_over_bloom / explained
"""What remains: buying instead of renting, and reasons not given."""
explained_share = (gm.log10(explained) / orders_of_magnitude).to("percent")
"""Share of the orders of magnitude that hardware explains: mostly, but not entirely."""

gm.claim(orders_of_magnitude, mean="2", source=cottier(appendix), scenario=PUBLISHED)
gm.claim(
    explained,
    mean="12",
    source=cottier(f"{appendix}: 2 * 3 * 2"),
    note="Without its two roundings it is 12.48.",
)

gm.headline(cost_per_year, sentence="To write 1% of Twitter costs {mean} ({p5} to {p95}).")
gm.headline(development_over_deployment)

# --- As published: the inputs that reproduce the source's figures, chosen with these in view ----

published = {
    **node_published,
    **development_published,
    tweets_per_day: gm.constant(670e6, "tweet/day", source=cottier(scenario)),
    tokens_per_tweet: "25 to 50",  # the published costs of the API come to 28 to 49
}
gm.scenario(
    PUBLISHED,
    published,
    doc="The source's count of tweets, and the length that reproduces its price over the API.",
    source=IN_VIEW,
)
