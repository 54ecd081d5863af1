"""How long does a model take whose weights do not fit on the accelerator?

The weights are streamed in layer by layer, as ZeRO-Infinity does. First the arithmetic of the
discussion, then the same with uncertain times, then GPT-3 on a desktop computer with four or eight
graphics cards.
"""

import guessmodel as gm
from models.inference_cost import gpt3_parameters
from models.sources import cottier, soerenmind

example = "comments, a concrete example of pipelining"
bandwidth = "comments, on bandwidth bottlenecks"

# --- The worked example -------------------------------------------------------------------------

layers = gm.constant(100, source=soerenmind(example))
"""Layers of the network."""
layer_time = gm.constant(10, "ms", source=soerenmind(example))
"""Time to compute a layer."""
fetch_time = gm.constant(40, "ms", source=soerenmind(example))
"""Time from asking for a layer's weights to having them; several requests can be under way."""
room = gm.constant(5, source=soerenmind(example))
"""Layers whose weights fit on the card."""
groups = gm.ceil(layers / room)
"""Groups of layers that fit at once."""


def in_memory(fetch: gm.Quantity, compute: gm.Quantity) -> gm.Quantity:
    """All weights fit: one fetch, then layer after layer."""
    return (fetch + layers * compute).to("s")


def grouped(fetch: gm.Quantity, compute: gm.Quantity) -> gm.Quantity:
    """Fetch as many layers as fit, compute them, fetch the next: nothing overlaps."""
    return (groups * (fetch + room * compute)).to("s")


def pipelined(fetch: gm.Quantity, compute: gm.Quantity) -> gm.Quantity:
    """A layer's weights are asked for as soon as an earlier layer has made room. Either computing
    never waits, or each group waits for the weights of its first layer."""
    waiting = groups * (fetch + compute) + (room - 1) * compute
    return gm.maximum(fetch + layers * compute, waiting).to("s")


latency_in_memory = in_memory(fetch_time, layer_time)
"""Latency with all weights on the card."""
latency_grouped = grouped(fetch_time, layer_time)
"""Latency with five layers at a time and no overlap."""
latency_pipelined = pipelined(fetch_time, layer_time)
"""Latency with loading and computing overlapped."""

gm.claim(latency_in_memory, mean="1.04 s", source=soerenmind(example))
gm.claim(latency_grouped, mean="1.8 s", source=soerenmind(example))
gm.claim(latency_pipelined, mean="1.04 s", source=soerenmind(example))

# --- The same with uncertain times --------------------------------------------------------------

layer_time_uncertain = gm.lognormal(
    5,
    20,
    "ms",
    source="inferred: the example's 10 ms is a round number; a factor of two either way",
)
"""Time to compute a layer, uncertain."""
fetch_time_uncertain = gm.lognormal(
    20,
    100,
    "ms",
    source="inferred: the example allows for spinning disks, which need up to 100 ms; an array of "
    "fast disks needs about 20",
)
"""Time to fetch a layer, uncertain."""
latency_in_memory_uncertain = in_memory(fetch_time_uncertain, layer_time_uncertain)
"""Latency with all weights on the card, uncertain."""
latency_grouped_uncertain = grouped(fetch_time_uncertain, layer_time_uncertain)
"""Latency without overlap, uncertain."""
latency_pipelined_uncertain = pipelined(fetch_time_uncertain, layer_time_uncertain)
"""Latency with overlap, uncertain."""
gain_from_overlap = latency_grouped_uncertain / latency_pipelined_uncertain
"""How many times longer it takes without overlap."""
price_of_streaming = latency_pipelined_uncertain / latency_in_memory_uncertain
"""How many times longer streaming takes than having everything on the card."""
loading_is_hidden = fetch_time_uncertain <= (room - 1) * layer_time_uncertain
"""Whether loading keeps up with computing: the discussion's condition."""

# --- Bandwidth of a desktop with graphics cards, at peak ----------------------------------------

cards = gm.constant({4: 4, 8: 8}, "card", dim="cards", source=soerenmind(bandwidth))
"""Graphics cards, each on 16 lanes."""
card_memory = gm.constant({4: 12, 8: 6}, "GB/card", dim="cards", source=soerenmind(bandwidth))
"""Memory of each."""
link_bandwidth = gm.constant(
    {"gen3": 16, "gen4": 31.5, "gen5": 63, "gen6": 126},
    "GB/s/card",
    dim="pcie_generation",
    source=soerenmind(f"{bandwidth}; generations 5 and 6 double and double again"),
)
"""Peak of 16 lanes."""
gpt3_compressed = gm.constant(300, "GB", source=soerenmind(f"{bandwidth}, by hearsay"))
"""GPT-3's weights, compressed."""
peak_bandwidth = cards * link_bandwidth
"""Peak of all cards together."""
memory_on_cards = cards * card_memory
"""Memory of all cards; the weights on them need not travel."""
streaming_time = ((gpt3_compressed - memory_on_cards) / peak_bandwidth).to("s")
"""Time for the other weights to travel, at peak."""
large_model = gm.constant(1, "TB", source=soerenmind(bandwidth))
"""A larger model."""
patience = gm.constant(1, "s", source=soerenmind(bandwidth))
"""Time that an inference may take."""
bandwidth_for_large_model = (large_model / patience).to("TB/s")
"""Bandwidth that the larger model needs between storage and computing."""

gm.claim(
    peak_bandwidth,
    at={"cards": 8, "pcie_generation": "gen4"},
    mean="250 GB/s",
    source=soerenmind(bandwidth),
    note="About 250: eight times 31.5 is 252.",
)
gm.claim(
    streaming_time,
    at={"cards": 8, "pcie_generation": "gen4"},
    mean="1 s",
    source=soerenmind(bandwidth),
)
gm.claim(
    streaming_time,
    at={"cards": 4, "pcie_generation": "gen4"},
    mean="2 s",
    source=soerenmind(bandwidth),
)
gm.claim(bandwidth_for_large_model, mean="at least 1 TB/s", source=soerenmind(bandwidth))

# --- The same desktop with what the discussion warns of -----------------------------------------

bytes_per_parameter = gm.constant(
    2, "byte/parameter", source=cottier('appendix "1% of Twitter activity", difference 2: FP16')
)
"""Size of an uncompressed weight."""
compression = gm.normal(
    0.8,
    0.95,
    source="inferred: lossless coding takes 5 to 20% off 16-bit weights; the discussion says that "
    "compression seldom saves much",
)
"""Size after compression, against before."""
weights = (gpt3_parameters * bytes_per_parameter * compression).to("GB")
"""GPT-3's weights, compressed by an uncertain amount."""
achieved = gm.uniform(
    0.6,
    0.9,
    source="inferred: copies from host to card reach 60 to 90% of a link's peak, less the headers "
    "of packets and waiting",
)
"""Share of the links' peak that copies reach."""
resident_share = gm.uniform(
    0.6,
    0.9,
    source="inferred: activations and the layers under way need the rest of the memory",
)
"""Share of the cards' memory for weights that stay."""
host_bandwidth = gm.lognormal(
    {"gen3": (80, 160), "gen4": (100, 200), "gen5": (200, 400), "gen6": (400, 800)},
    unit="GB/s",
    dim="pcie_generation",
    source="inferred: every byte comes out of the host's memory; eight channels give at most 171 "
    "GB/s with DDR4-2666 (gen3) and 205 with DDR4-3200 (gen4), half of it in a bad case; later "
    "generations double",
)
"""What the host can deliver to all cards: the limit that the discussion suspects."""
card_bandwidth = gm.lognormal(
    300,
    900,
    "GB/s/card",
    source="inferred: memory bandwidth of cards with 6 to 12 GB, from entry level to the best",
)
"""Speed at which a card reads its own memory."""
exchange_time = gm.lognormal(
    0.02,
    0.2,
    "ms",
    source="inferred: two exchanges of some ten kilobytes a layer among the cards, 10 to 100 "
    "microseconds each",
)
"""Time that the cards spend on exchanging activations."""
delivered = gm.minimum(peak_bandwidth * achieved, host_bandwidth)
"""Bandwidth from the host's memory to all cards."""
resident = memory_on_cards * resident_share
"""Weights that stay on the cards."""
load_time = (gm.maximum(weights - resident, 0) / delivered / layers).to("ms")
"""Time to load a layer."""
compute_time = (weights / layers / (cards * card_bandwidth) + exchange_time).to("ms")
"""Time to compute a layer for one token: every weight is read once."""
token_latency = (load_time + compute_time + (layers - 1) * gm.maximum(load_time, compute_time)).to(
    "s"
)
"""Time for a token, with loading and computing overlapped."""
within_patience = token_latency <= patience
"""Whether a token takes at most a second."""
machines = gm.ceil(weights / (resident + delivered * patience))
"""Whole desktops, each with its slice of every layer, that load GPT-3 within a second."""

gm.claim(
    weights,
    mean="300 GB",
    source=soerenmind(f"{bandwidth}, by hearsay"),
    note="From parameters, bytes and compression; in the source it is hearsay.",
)
