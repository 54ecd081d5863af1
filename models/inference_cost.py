"""What a word costs: GPT-3 over its API, BLOOM on a rented node, and bare hardware.

A node is a server with eight 80 GB A100 GPUs. The price of a GPU-hour and the tokens that a node
writes in a day are what development and every deployment in the other models are built on.
"""

import guessmodel as gm
from models.sources import IN_VIEW, PUBLISHED, bigscience, cottier, soerenmind

gm.unit("character")

node_appendix = 'appendix "Cost: $240 for 150 million words"'
rough_prices = "paragraph on intuition: 750 words cost 6 cents"
comments = "comments on the price of 100 trillion operations per second"

# --- A rented node ------------------------------------------------------------------------------

gpus_per_node = gm.constant(8, "GPU", source=cottier(node_appendix))
"""GPUs in a node."""
gpu_price = gm.lognormal(
    1,
    2.2,
    "USD/GPU/hour",
    source="inferred: offers of 2022 for a reserved 80 GB A100, from about 1 USD (three years, or "
    "a small cloud) to 2.2 USD (one year at a large cloud)",
)
"""Price of a GPU-hour, reserved for months: training and deployments pay the same."""
on_demand_premium = gm.lognormal(
    1.2,
    3,
    source="inferred: price lists of 2022: a small cloud asked 1.2 times its price of a reserved "
    "GPU, large ones from 1.7 times (one year) to 2.9 times (three years)",
)
"""Price of a GPU-hour on demand against one that is reserved."""
on_demand_gpu_price = gpu_price * on_demand_premium
"""Price of a GPU-hour on demand, for who does not know for how long."""
node_price = gpus_per_node * gpu_price
"""Rent of one node of 8 x 80 GB A100, reserved for three months at least."""
least_rental = gm.constant(3, "month", source=cottier("main text: a minimum three-month rental"))
"""The shortest time for which the source's node can be rented."""
smallest_bill = (node_price * least_rental).to("USD")
"""What has to be paid at least."""
node_cost_per_day = node_price.to("USD/day")
"""Rent of one node that runs day and night."""
node_cost_per_year = node_price.to("USD/year")
"""Rent of one node for a year, which is what an individual would have to pay."""
words_per_token = gm.constant(0.75, "word/token", source=cottier(node_appendix))
"""English words in a token."""
published_tokens_per_day = gm.constant(200e6, "token/day", source=cottier(node_appendix))
"""Tokens that a node writes in a day: the one cell of its sheet that the source publishes."""
words_per_node_day = published_tokens_per_day * words_per_token
"""Words that a node writes in a day, at the published throughput."""
million_words = gm.constant(1e6, "word", source=cottier(node_appendix))
"""The amount of text that a price is quoted for."""
cost_per_million_words = node_cost_per_day / words_per_node_day * million_words
"""Price of a million words on a rented node, at the published throughput."""

gm.claim(node_cost_per_day, mean="240 USD/day", source=cottier("Table 2"), scenario=PUBLISHED)
gm.claim(words_per_node_day, mean="150 million words/day", source=cottier(node_appendix))
gm.claim(
    cost_per_million_words,
    mean="1.6 USD",
    source=cottier(f"{node_appendix}: the quotient"),
    scenario=PUBLISHED,
)
gm.claim(node_cost_per_year, mean="90K USD/year", source=cottier(node_appendix), scenario=PUBLISHED)

# --- The same throughput from the hardware up: this uncertain one feeds the deployments ---------

peak_throughput = gm.constant(
    312, "TFLOP/s/GPU", source=cottier('appendix "1% of Twitter activity", difference 3')
)
"""Peak of an A100 in 16-bit arithmetic."""
inference_utilisation = gm.lognormal(
    8,
    40,
    "percent",
    source="inferred: the benchmark published with BLOOM measured 8% on such a node with batches "
    "of 32 (1.68 ms a token) and 20% with 128, all that fit (0.69 ms); twice that for better "
    "software",
)
"""Share of its peak that a node achieves when it writes text."""
bloom_parameters = gm.constant(
    176e9, "parameter", source=cottier('"BLOOM can be downloaded by anyone"', bigscience)
)
"""Size of BLOOM."""
flop_per_parameter = gm.constant(
    2,
    "FLOP/parameter/token",
    source="inferred: a forward pass multiplies once and adds once per parameter and token",
)
"""Work of a forward pass."""
bloom_flop_per_token = bloom_parameters * flop_per_parameter
"""Work of BLOOM for one token."""
tokens_per_node_day = (
    gpus_per_node * peak_throughput * inference_utilisation / bloom_flop_per_token
).to("token/day")
"""Tokens that a node really writes in a day."""
achieved_cost_per_million_words = (
    node_cost_per_day / (tokens_per_node_day * words_per_token) * million_words
)
"""Price of a million words on a rented node, with the throughput uncertain."""

gm.claim(
    tokens_per_node_day,
    mean="200 million tokens/day",
    source=cottier(node_appendix),
    note="A consistency check: the published figure was known when the utilisation was chosen.",
    scenario=PUBLISHED,
)

# --- The API of 2022 against the node -----------------------------------------------------------

api_price = gm.constant(20, "USD/million tokens", source=cottier("note 32: 0.02 USD for 1000"))
"""Price of GPT-3 (Davinci) over the API in 2022."""
api_cost_per_million_words = (api_price / words_per_token * million_words).to("USD")
"""The API's price for a million words."""
api_cost_per_day = (published_tokens_per_day * api_price).to("USD/day")
"""The API's price for as many words as a node writes in a day, 150 million."""
api_over_bloom = api_cost_per_day / node_cost_per_day
"""How many times dearer the API is than BLOOM on a rented node."""

gm.claim(api_cost_per_day, mean="4000 USD/day", source=cottier("Table 2 and note 32"))
gm.claim(
    api_over_bloom, mean="17", source=cottier("Table 2: 4000 against 240 USD"), scenario=PUBLISHED
)

hosted_price = gm.constant(
    9, "USD/month", source=cottier("on APIs: Hugging Face's plan for up to a million characters")
)
"""Price of BLOOM over the API of the host that it is downloaded from, for a month."""
hosted_characters = gm.constant(1e6, "character/month", source=cottier("on APIs: the same plan"))
"""Characters that this plan allows in a month."""
characters_per_word = gm.constant(
    5.3, "character/word", source="inferred: English words of 4.3 letters on average, and a space"
)
"""Length of a word with the space behind it."""
hosted_cost_per_million_words = (  # guessmodel: ignore[certain-output]
    hosted_price / hosted_characters * characters_per_word * million_words
).to("USD")
"""Price of a million words that go in over that API, if all that the plan allows is used."""

# --- The API of 2021, and a model of a thousand times the parameters ----------------------------

page_length = gm.constant(750, "word", source=soerenmind(rough_prices))
"""The text that the price of 2021 is quoted for: about three pages."""
page_price = gm.constant(0.06, "USD", source=soerenmind(rough_prices))
"""What GPT-3 charged for that text over the API in 2021."""
parameter_multiplier = gm.constant(1000, source=soerenmind(rough_prices))
"""Parameters of a larger model against GPT-3's, about as GPT-3 is to GPT-1."""
page_price_of_larger_model = page_price * parameter_multiplier
"""Price of the same text from the larger model, if cost is proportional to parameters."""
writer_rate = gm.lognormal(
    5,
    50,
    "cent/word",
    source="inferred: agencies for web content pay writers about 5 cents a word, established "
    "magazines about 50",
)
"""What a good human writer charges."""
writer_fee = (writer_rate * page_length).to("USD")
"""What a good human writer charges for the same text."""
larger_model_over_writer = page_price_of_larger_model / writer_fee
"""Price of the larger model against the writer's fee."""

gm.claim(page_price_of_larger_model, mean="60 USD", source=soerenmind(rough_prices))
gm.claim(
    larger_model_over_writer,
    mean="1",
    log10_tol=0.5,
    source=soerenmind(f'{rough_prices}, "comparable to the cost of a good human writer"'),
    note="The text gives no figure. Comparable is taken as half an order of magnitude either way, "
    "which was settled, like the writer's range, after a first comparison: it tests little.",
)

# --- The API against bare hardware, for an hour of a human's reading ----------------------------

reading_speed = gm.constant(250, "word/minute", source=soerenmind(comments))
"""Speed of a human reader."""
api_cost_of_reading = (reading_speed * page_price / page_length).to("USD/hour")
"""What the API of 2021 charges for the text that a human reads in an hour."""
gpt3_parameters = gm.constant(
    175e9, "parameter", source=cottier("note 32, and OPT-175B as a replica of GPT-3")
)
"""Size of GPT-3."""
gpt3_flop_per_word = (gpt3_parameters * flop_per_parameter / words_per_token).to("FLOP/word")
"""Work of GPT-3 for one word."""
hardware_rate = gm.constant(1e14, "FLOP/s", source=soerenmind(comments))
"""The hardware that the next price rents: 100 trillion operations per second."""
words_per_second_of_hardware = (hardware_rate / gpt3_flop_per_word).to("word/s")
"""Words of GPT-3 in a second of that hardware."""
interruptible_factor = gm.lognormal(
    0.3,
    1.5,
    source="inferred: interruptible offers of 2021 by their peak in 16 bits, against about 0.5 USD "
    "for 1e14 operations per second of a reserved A100: a T4 at 0.11 USD for 65e12 is 0.17, an "
    "A100 at about 1 for 312e12 is 0.32, a V100 at 0.75 to 0.9 for 125e12 is 0.6 to 0.72",
)
"""Price of interruptible hardware against a reserved A100, by operations per second at peak."""
reserved_hardware_price = (gpu_price / peak_throughput * hardware_rate).to("USD/hour")
"""Rent of reserved A100s with a peak of 1e14 operations per second: the shared GPU price."""
hardware_price = reserved_hardware_price * interruptible_factor
"""Rent of hardware whose peak is 1e14 operations per second, at the cheap end of the market."""
on_demand_hardware_price = (on_demand_gpu_price / peak_throughput * hardware_rate).to("USD/hour")
"""Rent of as much hardware on demand, which a service needs for availability."""
hardware_utilisation = inference_utilisation.to("")
"""Share of its peak that it achieves when it writes text: no more and no less than A100s."""
hardware_price_ceiling = gm.constant(1, "USD/hour", source=soerenmind(comments))
"""The round figure that the cheap price is well under."""
busy_share = (reading_speed * gpt3_flop_per_word / hardware_rate).to("percent")
"""Share of that hardware's peak which GPT-3 takes while it writes as fast as a human reads."""
api_over_hardware = api_cost_of_reading / (busy_share / hardware_utilisation * hardware_price)
"""How many times the API's price exceeds that of bare hardware at the cheap price."""
api_over_hardware_at_ceiling = api_cost_of_reading / (busy_share * hardware_price_ceiling)
"""The same if the hardware cost the full 1 USD/hour and achieved its peak."""
comment_pace = gm.constant(
    1,
    "word/s",
    source="inferred: the comment sets operations for a word against operations per second",
)
"""Pace of the reader that the comment's own two factors, 200 and 1.20, amount to."""
comment_ratio = api_cost_of_reading / (
    comment_pace * gpt3_flop_per_word / hardware_rate * hardware_price_ceiling
)
"""The comment's ratio as it was computed: 200 times 1.20."""
on_demand_factor = on_demand_hardware_price / hardware_price
"""On-demand cloud against the cheapest hardware."""
api_over_on_demand = api_over_hardware / on_demand_factor
"""How many times the API's price exceeds that of on-demand cloud."""

gm.claim(api_cost_of_reading, mean="1.20 USD/hour", source=soerenmind(comments))
gm.claim(gpt3_flop_per_word, mean="500 billion FLOP/word", source=soerenmind(comments))
gm.claim(words_per_second_of_hardware, mean="200 word/s", source=soerenmind(comments))
gm.claim(
    api_over_hardware,
    mean="250",
    expected="falls short",
    source=soerenmind(comments),
    note="A single figure is a mean, and the mean is near 310: a price that is as likely half of "
    "what one thinks as twice has a ratio that is larger on average than at its median, 276.",
    scenario=PUBLISHED,
)
gm.claim(
    on_demand_factor,
    mean="10",
    kind="prediction",
    expected="falls short",
    source=soerenmind(f"{comments}: on demand is about 10 times dearer"),
    note="An A100 on demand costs about 3 times as much as the cheapest hardware by operations per "
    "second. The 10 compares kinds of hardware too: at a large cloud a V100 on demand (3.06 USD "
    "for 125e12) against an interruptible T4 (0.11 USD for 65e12) is 14.",
)
gm.claim(
    comment_ratio,
    mean="250",
    rtol=0.05,
    source=soerenmind(comments),
    note="How the figure came about: 200 (a word's work against a second of hardware) times 1.20 "
    "(USD for an hour of reading) is 240. It mixes an amount per word with a rate per second: the "
    "reader of 250 words a minute has been taken for one of a word a second.",
)
gm.claim(
    api_over_hardware_at_ceiling,
    mean="250",
    expected="falls short",
    source=soerenmind(comments),
    note="At the 1 USD/hour that the comment names, 250 words a minute give about 60 (57.6 with "
    "its rounded 5e11 operations a word). A ratio of 250 needs 0.23 to 0.25 USD/hour, which "
    '"well under" may mean.',
)

# --- Does BLOOM fit in one node? ----------------------------------------------------------------

weights_size = gm.constant(329, "GB", source=cottier("note 25", bigscience))
"""BLOOM's weights, two bytes each, in GB of 2**30 bytes; the GPUs' memory is counted so too."""
gpu_memory = gm.constant(80, "GB/GPU", source=cottier(node_appendix))
"""Memory of one GPU."""
node_memory = gpus_per_node * gpu_memory
"""Memory of a node."""
memory_overhead = gm.lognormal(
    20,
    200,
    "GB",
    source="inferred: the attention cache takes 4 MB a token (70 layers, 14336 wide, keys and "
    "values, two bytes), so this is for 5 to 50 thousand tokens under way, all else included",
)
"""Memory beyond the weights."""
fits_in_node = weights_size + memory_overhead <= node_memory
"""Whether weights and overhead fit in one node."""

gm.claim(node_memory, mean="640 GB", source=cottier("appendix on the talent pool, step 5"))
gm.claim(
    fits_in_node,
    probability="at least 95%",
    kind="prediction",
    source=cottier("appendix on the talent pool, step 5"),
    note="The source compares 329 with 640 GB and says that one node seems sufficient; at least "
    "95% of plausible overheads is our reading of that.",
)

gm.headline(
    achieved_cost_per_million_words,
    sentence="A million words of BLOOM cost {mean} on a rented node ({p5} to {p95}).",
    priority=3,
)
gm.headline(api_over_hardware)

# --- As published: the inputs that reproduce the source's figures, chosen with these in view ----

node_published = {
    gpu_price: gm.constant(
        1.25, "USD/GPU/hour", source=cottier(f"{node_appendix}: 10 USD an hour for eight")
    ),
    inference_utilisation: "20% to 50%",  # 200 million tokens a day need 33%
}
hardware_published = {
    hardware_price: "0.1 to 0.5 USD/hour",  # the ratio of 250 needs 0.23
    hardware_utilisation: "100%",  # the comment compares with the peak
}
gm.scenario(
    PUBLISHED,
    node_published | hardware_published,
    doc="The source's price of a node; the utilisation and hardware price that its figures need.",
    source=IN_VIEW,
)
