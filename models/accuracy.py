"""How much less accurate than GPT-3 are the models that anyone can download?

Gaps are in percentage points of accuracy, averaged over tasks: first as the author judges them,
then what the evidence that is cited would give by itself.
"""

import guessmodel as gm
from models.sources import bigscience, cottier, zhang

# --- The author's judgement ---------------------------------------------------------------------

opt_gap = gm.metalog(
    p5=1,
    p50=2,
    p95=5,
    lower=0,
    upper=49,
    unit="percentage_point",
    source=cottier("Table 1, note 14", zhang),
)
"""How far OPT-175B is below GPT-3."""
bloom_gap = gm.metalog(
    p5=1,
    p50=2,
    p95=10,
    lower=0,
    upper=49,
    unit="percentage_point",
    source=cottier("Table 1 and note 24"),
)
"""How far BLOOM is below GPT-3. No lognormal fits: one from 1 to 10 has the median 3.2."""
# Either gap is a score of GPT-3 less one of another model. If the errors of the three scores are
# independent and alike, GPT-3's is half of the variance of either gap, and their correlation 1/2.
opt_gap, bloom_gap = gm.correlate([opt_gap, bloom_gap], rank=0.5)
gap = gm.stack({"OPT-175B": opt_gap, "BLOOM": bloom_gap}, dim="model")
"""Both, side by side."""
bloom_is_worse = bloom_gap > opt_gap
"""Whether BLOOM is further below than OPT-175B."""

judged = "An input, the author's own judgement: what is tested is its entry, and the metalog."
gm.claim(
    opt_gap,
    median="2 percentage_point",
    interval="1 to 5 percentage_point",
    source=cottier("Table 1"),
    note=judged,
)
gm.claim(
    bloom_gap,
    median="2 percentage_point",
    interval="1 to 10 percentage_point",
    source=cottier("Table 1"),
    note=judged,
)

# --- The evidence for BLOOM: as good as OPT-175B on the tasks that both were evaluated on -------

tasks = "note 24: approximately 47%"

opt_average = gm.uniform(
    46.5, 47.5, "percent", source=cottier(f"{tasks}, as uncertain as its rounding", bigscience)
)
"""Accuracy of OPT-175B on BigScience's tasks."""
bloom_average = gm.uniform(
    46.5, 47.5, "percent", source=cottier(f"{tasks}, as uncertain as its rounding", bigscience)
)
"""Accuracy of BLOOM on BigScience's tasks."""
other_tasks = gm.normal(
    -3,
    3,
    "percentage_point",
    source="inferred: about a dozen tasks stand for all, and on each two models of this size "
    'differ by several points; the source calls them "far from comprehensive"',
)
"""How much BLOOM would gain on OPT-175B if all tasks were counted."""
bloom_lag = (opt_average - bloom_average - other_tasks).to("percentage_point")
"""How far BLOOM is below OPT-175B, by that evidence."""
bloom_gap_from_evidence = opt_gap + bloom_lag
"""How far BLOOM is below GPT-3, by that evidence and OPT's gap."""
gpt3_average = (opt_average + opt_gap).to("percent")
"""Accuracy that GPT-3 would reach on BigScience's tasks."""
relative_loss = (gap / gpt3_average).to("percent")
"""The gaps as shares of GPT-3's accuracy."""

gm.claim(
    bloom_gap_from_evidence,
    median="2 percentage_point",
    source=cottier('note 24: BLOOM is "similarly worse"'),
)
gm.claim(
    bloom_gap_from_evidence,
    interval="1 to 10 percentage_point",
    expected="falls short",
    source=cottier("Table 1"),
    note="The evidence alone allows that BLOOM beats GPT-3, and ends near 6. That it does not, and "
    "the long upper end, is the author's judgement: only 30% of its training text is English.",
)
