"""Could billions of copies of a human-level model be run?

Cost and accelerators for a model of GPT-3's size, of a thousand and of a million times its
parameters, with the hardware of 2021: one copy for every human, each working as fast as a human
reads.
"""

import guessmodel as gm
from models.inference_cost import (
    flop_per_parameter,
    gpt3_parameters,
    gpu_memory,
    hardware_price,
    hardware_price_ceiling,
    hardware_published,
    hardware_rate,
    hardware_utilisation,
    inference_utilisation,
    on_demand_hardware_price,
    page_length,
    page_price,
    peak_throughput,
    reading_speed,
    words_per_token,
)
from models.sources import IN_VIEW, PUBLISHED, brown, cottier, soerenmind
from models.twitter import v100_memory

gm.unit("stone")

intuition = "paragraph on intuition: 750 words cost 6 cents"
rental = "comments on the price of 100 trillion operations per second"
go = "comments on crossing the human range in Go"

multiplier = gm.constant(
    {1: 1, 1000: 1000, 1_000_000: 1e6},
    dim="parameter_multiplier",
    source=soerenmind(f"{intuition}; comments: three more orders of magnitude"),
)
"""Parameters of the model against GPT-3's."""
flop_per_word = (multiplier * gpt3_parameters * flop_per_parameter / words_per_token).to(
    "TFLOP/word"
)
"""Work for a word, in proportion to parameters."""

# --- Three prices for the same text -------------------------------------------------------------

api_page_price = multiplier * page_price
"""Price of 750 words over the API of 2021, if cost is proportional to parameters."""
api_hourly_price = (api_page_price / page_length * reading_speed).to("USD/hour")
"""Price over the API of the text that a human reads in an hour."""
hardware_hours = flop_per_word * reading_speed / hardware_rate
"""Hours of hardware with 1e14 operations per second for the text that a human reads in one."""
ceiling_hourly_price = hardware_hours * hardware_price_ceiling
"""Price of the same text on such hardware at the full 1 USD/hour."""
cheap_hourly_price = hardware_hours / hardware_utilisation * hardware_price
"""Price of the same text on such hardware at the cheap price and what it really achieves."""

gm.claim(
    api_page_price,
    at={"parameter_multiplier": 1000},
    mean="60 USD",
    source=soerenmind(intuition),
)
gm.claim(
    ceiling_hourly_price,
    at={"parameter_multiplier": 1000},
    mean="20 USD/hour",
    source=soerenmind(f"{rental}: 500 billion operations a word, 250 words/minute, 1 USD/hour"),
    note="Not written there: the product of its three figures.",
)

# --- The comment's model, which needs 1e14 operations per second --------------------------------

comment_rate = gm.constant(1e14, "FLOP/s", source=soerenmind(rental))
"""Operations per second of the model that the comment has in mind."""
comment_price = comment_rate / (hardware_rate * hardware_utilisation) * hardware_price
"""Price of that model on the cheapest hardware."""
words_while_thinking = gm.constant(
    1, "word/s", source="inferred: the comment compares the work of a word with that of a second"
)
"""Pace at which GPT-3 is compared with that model."""
orders_above_gpt3 = gm.log10(
    comment_rate / (words_while_thinking * gpt3_parameters * flop_per_parameter / words_per_token)
)
"""Orders of magnitude by which that model exceeds GPT-3."""
comment_price_on_demand = (
    comment_rate / (hardware_rate * hardware_utilisation) * (on_demand_hardware_price)
)
"""Price of that model at on-demand prices, which a service needs for availability."""

gm.claim(
    comment_price,
    interval=(None, "< 1 USD/hour"),
    source=soerenmind(f'{rental}: "well under $1/hour"'),
    note='"Well under" is taken to mean that even the 95th percentile is.',
    scenario=PUBLISHED,
)
gm.claim(
    orders_above_gpt3,
    mean="3",
    log10_tol=0.1,
    expected="falls short",
    source=soerenmind(f'{rental}: "something like 3 orders of magnitude more than gpt-3"'),
    note="By the same discussion's 500 billion operations a word it is 200 times, 2.3 orders.",
)

# --- Copies at work -----------------------------------------------------------------------------

copies_needed = gm.constant(8e9, "copy", source=soerenmind("heuristic of transformative impact"))
"""Copies for a transformative impact: as many as there are humans."""
pace = gm.lognormal(
    100,
    400,
    "word/copy/minute",
    source="inferred: a copy thinks about as fast as a human reads, 250 words a minute; a factor "
    "of two either way",
)
"""Words that a copy thinks or writes."""
hours_per_day = gm.uniform(
    8, 24, "hour/day", source="inferred: from a human working day to round the clock"
)
"""Time that a copy works."""
longer_context = gm.lognormal(
    1,
    4,
    source="inferred: contexts of two to sixteen times GPT-3's 2048 tokens make a token up to a "
    "few times dearer, through attention",
)
"""Cost of longer contexts, as a factor."""
revision = gm.lognormal(
    1.5,
    8,
    source="inferred: greedy sampling writes without revising; half a text to seven texts more "
    "for drafts, search and revision",
)
"""Cost of better sampling, as a factor."""
efficiency_gain = gm.lognormal(
    2,
    20,
    source="inferred: distillation to a fifth of the size at some loss, arithmetic of lower "
    "precision 2 to 4 times, better algorithms: one of these, or most",
)
"""Gain by better methods, as a factor."""
net_change = longer_context * revision / efficiency_gain
"""Cost of a word against today's: the source is unsure how these factors balance out."""
flop_rate = (flop_per_word * pace * net_change).to("TFLOP/s/copy")
"""Operations per second of a copy at work."""
hardware_per_copy = (flop_rate / (hardware_rate * hardware_utilisation)).to("1/copy")
"""Pieces of hardware with a peak of 1e14 operations per second that a copy keeps busy."""
hourly_price = hardware_per_copy * hardware_price
"""Price of a copy at work, on the cheapest hardware."""
hourly_price_on_demand = hardware_per_copy * on_demand_hardware_price
"""The same on demand."""
wage = gm.lognormal(
    20,
    60,
    "USD/person/hour",
    source="inferred: pay of writers and other skilled office work in rich countries",
)
"""What a human takes for an hour of the same work."""
people_per_copy = gm.constant(
    1, "person/copy", source="inferred: human-level is taken to mean the work of one person"
)
"""People whose work a copy does."""
price_over_wage = hourly_price / (wage * people_per_copy)
"""Price of a copy against the human's wage."""
is_cheaper = price_over_wage < 1
"""Whether a copy is cheaper than a human."""
is_cheaper_on_demand = hourly_price_on_demand < wage * people_per_copy
"""Whether it still is at on-demand prices."""

# --- Accelerators -------------------------------------------------------------------------------

accelerators = (
    copies_needed * flop_rate * hours_per_day / (peak_throughput * inference_utilisation)
).to("GPU")
"""A100s that all copies need, if their working hours are spread over the day."""
world_accelerators = gm.lognormal(
    1e6,
    6e6,
    "GPU",
    source="inferred: two or three years of sales at 1 to 2 million a year (10 billion USD in "
    "2021 at 5 to 10 thousand each), counted as A100s",
)
"""Accelerators in the world's data centres in 2021."""
share_of_world = accelerators / world_accelerators
"""Accelerators needed against those in the world."""
copies_possible = copies_needed / share_of_world
"""Copies that the world's accelerators can run."""
largest_cluster = gm.lognormal(
    10e3,
    90e3,
    "GPU",
    source='inferred: note 2 of SoerenMind (2021) was told of "tens of thousands of GPUs"',
)
"""Accelerators of the largest clusters."""
clusters = accelerators / largest_cluster
"""Such clusters needed."""
bytes_per_parameter = gm.constant(
    2, "byte/parameter", source=cottier('appendix "1% of Twitter activity", difference 2')
)
"""Size of a weight."""
accelerators_to_hold = gm.ceil(multiplier * gpt3_parameters * bytes_per_parameter / gpu_memory)
"""Accelerators that hold the weights of one copy."""
fits_in_cluster = accelerators_to_hold <= largest_cluster
"""Whether one of the largest clusters can hold one copy."""

gm.claim(
    accelerators_to_hold,
    at={"parameter_multiplier": 1},
    mean="at least 100 GPU",
    expected="falls short",
    source=soerenmind('"hundreds of GPUs just to fit the model into GPU memory"'),
    note="Contradicts Cottier (2022), where a model of that size fits in one node of eight GPUs.",
)
gm.claim(
    fits_in_cluster,
    at={"parameter_multiplier": 1000},
    probability="< 50%",
    kind="prediction",
    expected="falls short",
    source=soerenmind('"today\'s supercomputers may not be ready to store even a single copy"'),
    note="The weights fit on 4375 A100s of 80 GB, fewer than the largest clusters have.",
)

bytes_per_parameter_fp32 = gm.constant(
    4, "byte/parameter", source=cottier('appendix "1% of Twitter activity", difference 2')
)
"""Size of a weight in 32 bits."""
v100s_to_hold = gm.ceil(gpt3_parameters * bytes_per_parameter_fp32 / v100_memory)
"""V100s that hold GPT-3's weights in 32 bits."""

gm.claim(
    v100s_to_hold,
    mean="at least 100 GPU",
    expected="falls short",
    source=soerenmind('"hundreds of GPUs just to fit the model into GPU memory"'),
    note="Even on the GPUs of GPT-3's time and without halving the weights it is 22; a service "
    "needs memory for the texts under way, too.",
)

# --- Serial speed: how much faster than a human can one copy think? -----------------------------

layers_of_gpt3 = gm.constant(96, source=f"inferred: the published architecture, {brown.short}")
"""Layers of GPT-3, each of which waits for the one before it."""
depth_exponent = gm.uniform(
    0.2,
    0.35,
    source="inferred: from GPT-1 to GPT-3 parameters grew 1500 times and layers from 12 to 96, "
    "which is 0.28",
)
"""Power of the parameters with which layers grow."""
layers = layers_of_gpt3 * multiplier**depth_exponent
"""Layers of the model."""
gpus_per_layer_of_gpt3 = gm.lognormal(
    8,
    64,
    "GPU",
    source="inferred: the eight of a node share a layer over fast links, as BLOOM's benchmark ran; "
    "a few nodes could",
)
"""GPUs that share a layer of GPT-3."""
gpus_per_layer = gpus_per_layer_of_gpt3 * multiplier ** ((1 - depth_exponent) / 2)
"""GPUs that share a layer; more as layers get wider."""
memory_speed = gm.lognormal(
    1,
    1.8,
    "TB/s/GPU",
    source="inferred: an A100 of 80 GB reads its memory at 2 TB/s, and software at 50 to 90% of it",
)
"""Speed at which a GPU reads the weights, which it does for every token."""
exchange_time = gm.lognormal(
    20,
    100,
    "us",
    source="inferred: GPUs that share a layer exchange results twice a layer, 10 microseconds each "
    "within a node and 50 across nodes",
)
"""Time that the exchanges of a layer take."""
serial_token_time = (
    multiplier * gpt3_parameters * bytes_per_parameter / (gpus_per_layer * memory_speed)
    + layers * exchange_time
).to("ms")
"""Time for a token, if nothing else is done: all weights are read, all layers exchange."""
token = gm.constant(1, "token", source="inferred: the unit, to make a time the time of a token")
"""One token."""
serial_speed = (token / serial_token_time * words_per_token).to("word/minute")
"""Words in a minute that one copy can think at most."""
serial_speed_over_human = serial_speed / reading_speed
"""How many times faster than a human reads."""
thousandfold = gm.constant(
    1000, source=soerenmind('comments: "1000x as much to run your model 1000x faster than a human"')
)
"""The serial speed that one comment expects, and another doubts."""
reaches_thousandfold = serial_speed_over_human >= thousandfold
"""Whether a copy reaches it."""

gm.claim(
    serial_speed_over_human,
    at={"parameter_multiplier": 1000},
    mean="1000",
    kind="prediction",
    expected="falls short",
    source=soerenmind('comments: "running at much larger serial speed"'),
    note="A thousand times a reader is 0.18 ms a token. The layers of GPT-3 alone exchange results "
    "for 2 to 10 ms, and a model of a thousand times the size reads more weights and has more "
    "layers: money buys more copies, and hardly a faster one.",
)
gm.claim(
    reaches_thousandfold,
    at={"parameter_multiplier": 1},
    probability="< 50%",
    kind="prediction",
    source=soerenmind('comments: "I\'m not sure I expect 1000x better serial speed than humans"'),
)

# --- Go: how much larger must a model be to cross the human range? ------------------------------

stones = gm.constant(10, "stone", source=soerenmind(go))
"""Range between an unusually bad human and the best, if both train extensively."""
stones_per_doubling = gm.constant(1, "stone", source=soerenmind(go))
"""Strength that a model gains by doubling its size."""
human_range = 2 ** (stones / stones_per_doubling)
"""Size of a model at the top of the human range against one at the bottom."""
stones_uncertain = gm.normal(
    7, 13, "stone", source='inferred: "maybe you are looking at like 10"; three either way'
)
"""The range in stones, uncertain."""
stones_per_doubling_uncertain = gm.lognormal(
    0.7, 1.4, "stone", source='inferred: "my rough guess"; about a third either way'
)
"""Strength gained by doubling, uncertain."""
doublings_uncertain = stones_uncertain / stones_per_doubling_uncertain
"""Doublings of size across the human range, uncertain: ten are a factor of 1000, fifteen 33,000."""

gm.claim(
    human_range,
    mean="1000",
    rtol=0.05,
    source=soerenmind(f'{go}: "about a factor of 1000"'),
    note="Ten doublings are 1024.",
)

gm.headline(hourly_price, at={"parameter_multiplier": 1000})
gm.headline(
    is_cheaper,
    percentiles=(),
    statistics=("probability",),
    at={"parameter_multiplier": 1000},
)
gm.headline(share_of_world, at={"parameter_multiplier": 1})

# --- As published: the inputs that reproduce the source's figures, chosen with these in view ----

gm.scenario(
    PUBLISHED,
    hardware_published,
    doc="Cheap hardware at its peak, as the comment prices it.",
    source=IN_VIEW,
)
