"""Spend compute on training a model, or on running it?

For each technique: what can be traded, the split that minimises training and inference together
for a number n of inferences, and the scale of deployment at which it pays to switch.

If x orders of magnitude (OOM) of training compute are added to where a technique stands today, each
saves `exchange_rate` OOM of inference at constant performance. In all, n inferences then cost
training * 10**x + n * inference * 10**(-exchange_rate * x). That is convex, and least at

    x = log10(exchange_rate * n * inference / training) / (1 + exchange_rate)

or at the nearer end of the technique's span. The source gives the ends of each curve and not its
shape; the straight line between them is our simplification.
"""

import guessmodel as gm
from models.development import training_compute
from models.inference_cost import gpt3_parameters
from models.largest_deployment import duration, queries_per_user, tokens_per_query, users
from models.sources import hoffmann, villalobos

OOM = gm.constant(1, "OOM", source="inferred: the unit, to make exponents plain numbers")
"""One order of magnitude."""

# --- GPT-3: one inference against its training --------------------------------------------------

inference_compute = gm.constant(3e11, "FLOP/inference", source=villalobos("note 10"))
"""Compute of GPT-3 for one token."""
inferences_in_training = training_compute / inference_compute
"""Inferences that cost as much as training."""
root_unit = gm.constant(
    1, "FLOP**0.5/inference", source="inferred: the rule of thumb is about numbers without units"
)
"""What makes the square root of FLOP the FLOP of one inference."""
root_of_training = gm.sqrt(training_compute) * root_unit
"""Compute of one inference by the rule of thumb: the square root of training."""

gm.claim(inferences_in_training, mean="1e12 inference", source=villalobos("note 10"))
gm.claim(
    root_of_training,
    mean="3e11 FLOP/inference",
    log10_tol=0.5,
    source=villalobos('"a good rule of thumb", and note 10'),
    note='The source says "close to the square root, albeit with significant variability": half '
    "an order of magnitude either way. The root is 5.5e11, 0.26 of one above.",
)

# --- A service for 300 million users ------------------------------------------------------------

service = "note 15"

passes_per_token = gm.constant(1, "inference/token", source=villalobos(service))
"""Passes for a token."""
inferences_per_user = (queries_per_user * tokens_per_query * passes_per_token * duration).to(
    "inference/user"
)
"""Forward passes for one user in a year."""
service_inferences = users * inferences_per_user
"""Forward passes for all users in a year."""
tokens_per_parameter = gm.constant(
    20, "token/parameter", source=f"inferred: the compute-optimal ratio of {hoffmann.short}"
)
"""Tokens to train on."""
backward_passes = gpt3_parameters * tokens_per_parameter * passes_per_token
"""Backward passes to train a model of GPT-3's size compute-optimally."""
backward_cost = gm.constant(3, source=villalobos(service))
"""Cost of a backward pass against a forward pass."""
training_over_service = backward_passes * backward_cost / service_inferences
"""Training against a year of the service."""

gm.claim(service_inferences, mean="110 trillion inference", source=villalobos(service))
gm.claim(backward_passes, mean="3.5 trillion inference", source=villalobos(service))
gm.claim(training_over_service, mean="0.1", source=villalobos(f"{service}: only 1/10"))

# --- What each technique can trade --------------------------------------------------------------

SCALING, SEARCH, PRUNING = "varying scaling policy", "MCTS", "pruning"
CHEAP, COSTLY = "resampling (cheap check)", "resampling (costly check)"  # of a solution
THOUGHT = "chain of thought"  # used or not, with nothing in between: not applicable

table = villalobos("summary table")
published_training_span = gm.constant(
    {SCALING: 1.2, SEARCH: 1.6, PRUNING: 1, CHEAP: 3, COSTLY: 1, THOUGHT: None},
    "OOM",
    dim="technique",
    source=table,
)
"""Training compute that can be traded, as published."""
published_inference_span = gm.constant(
    {SCALING: 0.7, SEARCH: 1.6, PRUNING: 1, CHEAP: 6, COSTLY: 1.45, THOUGHT: None},
    "OOM",
    dim="technique",
    source=table,
)
"""Inference compute that can be traded, as published."""
published_rate = published_inference_span / published_training_span
"""OOM of inference for one of training, from the published spans."""
is_efficient = (published_rate > 1 / 6) & (published_rate < 6)
"""Whether the exchange is better than 6 to 1, the source's bound for an efficient one."""

# The key takeaways and figure B, from the table: how much inference one order of training is worth.
one_for = villalobos("key takeaway 1: 1 to 2 OOM of inference for about 1 of training")
gm.claim(published_rate, at={"technique": COSTLY}, interval=(">= 1", "<= 2"), source=one_for)
gm.claim(
    published_rate,
    at={"technique": COSTLY},
    mean="1.5",
    source=villalobos("figure B: AlphaCode's resampling, +1.5 OOM of inference for -1 of training"),
)
gm.claim(
    published_rate,
    at={"technique": CHEAP},
    interval=(">= 1.25", "<= 2"),
    source=villalobos("key takeaway 3: 5 to 6 OOM of inference for 3 to 4 of training"),
)
training_for_inference = 1 / published_rate
"""OOM of training that one of inference is worth, from the published spans."""
gm.claim(
    training_for_inference,
    at={"technique": SCALING},
    interval=(">= 1", "<= 2"),
    source=villalobos("key takeaway 4: 1 to 2 OOM of training for 1 of inference"),
)
gm.claim(
    training_for_inference,
    at={"technique": SCALING},
    mean="2",
    source=villalobos("figure B: overtraining, +2 OOM of training for -1 of inference"),
    note="The summary table has 1.2 OOM of training for 0.7 of inference, which is 1.7.",
)
gm.claim(
    training_for_inference,
    at={"technique": PRUNING},
    interval=(">= 1", "<= 2"),
    source=villalobos("key takeaway 4: 1 to 2 OOM of training for 1 of inference"),
)
TRADED = [SCALING, SEARCH, PRUNING, CHEAP, COSTLY]  # techniques with a curve
length = gm.lognormal(
    {
        SCALING: (0.83, 1.2),
        SEARCH: (0.8, 1.25),
        PRUNING: (0.7, 1.4),
        CHEAP: (0.67, 1.5),
        COSTLY: (0.83, 1.2),
    },
    dim="technique",
    source="inferred: a fifth about the published value where two digits are given, two fifths "
    "where it is '~1', a half for the cheap check, which the source says to treat with skepticism",
)
"""How much longer a curve is than published: both spans are read off the same one."""
training_span = published_training_span.sel(technique=TRADED) * length
"""Training compute that can be traded at GPT-3's scale, uncertain."""
inference_span = published_inference_span.sel(technique=TRADED) * length
"""Inference compute that can be traded at GPT-3's scale, uncertain."""
search_position = gm.uniform(
    0.2, 0.8, source='inferred: "mixed" in the summary table: anywhere between the two ends'
)
"""Where models that use search stand, on the scale of the next quantity."""
position = gm.stack(
    {SCALING: 0, SEARCH: search_position, PRUNING: 0, CHEAP: 1, COSTLY: 1}, dim="technique"
)
"""Where current models stand: 0 is minimal training compute, 1 minimal inference compute."""

gm.claim(
    inference_span,
    at={"technique": SCALING},
    mean="at least 1 OOM",
    expected="falls short",
    source=villalobos("key takeaway 4 and figure B: overtraining saves 1 OOM of inference"),
    note="The summary table gives overtraining a span of 0.7 OOM at most: the document contradicts "
    "itself.",
)
gm.claim(
    inference_span,
    at={"technique": PRUNING},
    mean="at least 1 OOM",
    source=villalobos("key takeaway 4: at least ~1 OOM of inference"),
)

# --- How that changes with scale ----------------------------------------------------------------

growth = gm.constant({0: 0, 2: 2}, "OOM", dim="growth", source=villalobos('"Conclusions"'))
"""Training compute beyond GPT-3's: none, and one generation of GPT models."""
none = {SCALING: 0, SEARCH: 0, PRUNING: 0, CHEAP: 0, COSTLY: 0}
spans_widen = gm.constant(none | {CHEAP: 0.75}, dim="technique", source=villalobos("note 6"))
"""OOM that both spans gain for one of growth."""
inference_widens = gm.constant(none | {PRUNING: 0.08}, dim="technique", source=villalobos("note 4"))
"""OOM that the span in inference gains beyond that."""
rate_improves = gm.constant(none | {PRUNING: 0.5}, dim="technique", source=villalobos("note 4"))
"""What the exchange rate gains for one OOM of growth."""
span_left = gm.constant(
    {SCALING: 1, SEARCH: 1, PRUNING: 1, CHEAP: 1, COSTLY: 1},
    dim="technique",
    source="inferred: no model is near perfect performance, where the span of search falls to 0",
)
"""Share of the span that is left."""
exchange_rate = (inference_span + spans_widen * growth) / (
    training_span + spans_widen * growth
) + rate_improves * growth / OOM
"""OOM of inference that one of training saves."""
tradable_inference = (inference_span + (spans_widen + inference_widens) * growth) * span_left
"""Inference compute that can be traded."""
tradable_training = tradable_inference / exchange_rate
"""Training compute that can be traded."""


def ends() -> tuple[gm.Quantity, gm.Quantity]:
    """Training compute to add at the end with the least training, and at the other."""
    return -position * tradable_training, (1 - position) * tradable_training


# --- When to switch -----------------------------------------------------------------------------


def switch() -> gm.Quantity:
    """Inferences at which both ends take the same in all; one grows as the root of training."""
    least, most = (end / OOM for end in ends())
    gap = 10 ** (-exchange_rate * least) - 10 ** (-exchange_rate * most)
    return (10**most - 10**least) / gap * inferences_in_training * 10 ** (growth / OOM / 2)


switch_at = switch()
"""Inferences from which the end with the least inference takes less in all than the other."""
users_to_switch = switch_at / inferences_per_user
"""Users who make as many inferences in a year."""

# --- The split that minimises the total, at GPT-3's scale ---------------------------------------

inferences = gm.constant(
    {8: 1e8, 10: 1e10, 12: 1e12, 14: 1e14, 16: 1e16},
    "inference",
    dim="inferences_oom",
    source="inferred: from an evaluation to hundreds of millions of users for decades",
)
"""Inferences over the model's life, labelled by their order of magnitude."""
rate = exchange_rate.sel(growth=0)
"""OOM of inference that one of training saves, at GPT-3's scale."""


def optimum() -> gm.Quantity:
    """Where the total is least, on the span."""
    least, most = (end.sel(growth=0) for end in ends())
    flat = gm.log10(rate * inferences / inferences_in_training) / (1 + rate) * OOM
    return gm.clip(flat, least, most)


training_to_add = optimum()
"""Training compute to add for the least total; below 0 training is saved."""
training_spent = 10 ** (training_to_add / OOM)
"""Compute for training then, in units of today's training."""
inference_spent = 10 ** (-rate * training_to_add / OOM) * inferences / inferences_in_training
"""Compute for inference then, in units of today's training."""
training_share = (training_spent / (training_spent + inference_spent)).to("percent")
"""Share of training in the least total: the split."""
least_total = (training_spent + inference_spent) / (1 + inferences / inferences_in_training)
"""Least compute in all, as a share of what models take as they are used today."""
best_technique = least_total.idxmin("technique")
"""The technique that takes the least."""

# --- Two techniques together --------------------------------------------------------------------

overlap = gm.uniform(
    0,
    0.5,
    source="inferred: none was seen in some cases, and only techniques with very different "
    "mechanisms combine, so at least half of the smaller effect remains",
)
"""Share of the smaller effect that is lost."""


def together(span: gm.Quantity, first: str, second: str) -> gm.Quantity:
    """Span of two techniques: the larger, and what the overlap leaves of the smaller."""
    one, other = span.sel(technique=first), span.sel(technique=second)
    return gm.maximum(one, other) + (1 - overlap) * gm.minimum(one, other)


combined_span = together(training_span, SEARCH, SCALING)
"""Training compute that search and overtraining can trade together."""
combined_cheap_span = together(inference_span, SEARCH, CHEAP)
"""Inference compute that search and resampling with a cheap check can trade together."""
combined_costly_span = together(training_span, SEARCH, COSTLY)
"""Training compute that search and resampling with a costly check can trade together."""
combined_costly_inference = together(inference_span, SEARCH, COSTLY)
"""Inference compute that both can trade together."""
combined_rate = combined_costly_inference / combined_costly_span
"""OOM of inference for one of training, of both together."""

sequential = villalobos("key takeaway 2: 2 to 3 OOM of inference for about 2 of training")
gm.claim(
    combined_rate,
    interval=(">= 1", "<= 1.5"),
    source=sequential,
)
gm.claim(combined_costly_inference, interval="2 to 3 OOM", source=sequential)
gm.claim(
    combined_costly_span,
    mean="2 OOM",
    expected="falls short",
    source=sequential,
    note="The spans are 1.6 and 1 in the summary table, and of the smaller one a half to all is "
    "left when both are used: 2.4. The takeaway is the more careful one.",
)
gm.claim(combined_span, interval="2 to 3 OOM", source=villalobos('"Combining techniques"'))
gm.claim(combined_cheap_span, mean="at least 6 OOM", source=villalobos("note 14: 6 or more"))
