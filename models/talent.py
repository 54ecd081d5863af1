"""Who can run a model like GPT-3 on their own?

The pool of people with the talent to run BLOOM, counted twice: as a product of uncertain shares,
and as the author judges it. Then those who will really do it, those who could pay for a node for a
year, and those with access to OPT-175B.
"""

import guessmodel as gm
from models.inference_cost import node_cost_per_year
from models.sources import cottier

gm.unit("university")
gm.unit("application")

pool = 'appendix "Talent pool: Thousands of people"'

# --- The product of best guesses, as the source multiplies it -----------------------------------

graduates_us = gm.constant(2e6, "person", source=cottier(f"{pool}, step 1"))
"""Computer-science graduates in the workforce of the US."""
population_us = gm.constant(335e6, "person", source=cottier(f"{pool}, step 3"))
"""Population of the US."""
population_world = gm.constant(8e9, "person", source=cottier(f"{pool}, step 3"))
"""Population of the world."""
graduates_world = graduates_us / population_us * population_world
"""Graduates in the world, if they were as frequent everywhere as in the US."""
top_share_guess = gm.constant(1, "percent", source=cottier(f"{pool}, steps 2 and 4"))
"""Best guess of the share of graduates who are good enough."""
studied_share_guess = gm.constant(10, "percent", source=cottier(f"{pool}, step 2"))
"""Best guess of the share of those who studied deep learning for language."""
retained_share_guess = gm.constant(10, "percent", source=cottier(f"{pool}, step 2"))
"""Best guess of the share of those who have retained it."""
knowing_share_guess = (studied_share_guess * retained_share_guess).to("percent")
"""Best guess of the share of good graduates who have the knowledge."""
capable_guess = (graduates_world * top_share_guess * knowing_share_guess).to("person")
"""People who can run BLOOM: the product of the best guesses."""
barely_plausible_factor = gm.constant(
    10, source=cottier(f"{pool}, upper bound: 10% in place of one of the two shares of 1%")
)
"""How much the source thinks that one of the shares might barely plausibly be larger."""
capable_guess_high = capable_guess * barely_plausible_factor
"""People who can run BLOOM, with one of the shares larger."""

gm.claim(
    capable_guess,
    mean="5000 person",
    source=cottier(f"{pool}, step 4"),
    note="The source rounds 4776 to one figure.",
)
gm.claim(capable_guess_high, mean="50,000 person", source=cottier(f"{pool}, upper bound"))

# --- The same product with every share uncertain ------------------------------------------------

top_share = gm.lognormal(
    0.1,
    5,
    "percent",
    source="inferred: the source has no special reason for the top 1%; one in a thousand to one "
    "in twenty leaves its 10% barely plausible. Width chosen knowing the published interval",
)
"""Share of graduates who are good enough."""
studied_share = gm.lognormal(
    2,
    25,
    "percent",
    source="inferred: a quarter of the workforce graduated since such courses became common "
    "(80 thousand a year since 2015, of two million), so at most nearly all of those, at least "
    "one in twelve. Lower end chosen knowing the published interval",
)
"""Share of those who studied deep learning for language."""
retained_share = gm.lognormal(
    1,
    25,
    "percent",
    source="inferred: like the share who studied it, but with nothing to count, so down to one in "
    "a hundred. Width chosen knowing the published interval",
)
"""Share of those who have retained it, through work or further study."""
capable = (graduates_world * top_share * studied_share * retained_share).to("person")
"""People who can run BLOOM, uncertain: the mean is near the best guess, the median a quarter."""

gm.claim(
    capable,
    mean="5000 person",
    guesstimate_interval="100 to 45,000 person",
    source=cottier("key takeaways 2a"),
    note="The widths of the shares were settled with this interval in view: it shows that the "
    "product can have the published shape, not that it must. Of plausible round ends about one "
    "combination in a hundred has it.",
)

# --- The interval as the author set it: by hand, from two counts --------------------------------

engineers_counted = gm.constant(73, "person", source=cottier(f"{pool}, lower bound"))
"""Infrastructure engineers in the source's case studies: there must be at least as many."""
lower_bound = gm.constant(100, "person", source=cottier(f"{pool}, lower bound: 73, taken as 100"))
"""Number of which the author is 95% sure that there are more."""
downloads_per_month = gm.constant(15e3, "download/month", source=cottier(f"{pool}, upper bound"))
"""Downloads of BLOOM in the month before 10 October 2022."""
months_available = gm.constant(3, "month", source=cottier(f"{pool}, upper bound"))
"""Time since its release in July 2022."""
downloads = downloads_per_month * months_available
"""Downloads in all, if every month was like the last."""
people_per_download = gm.constant(
    1, "person/download", source="inferred: the source takes a download for a person"
)
"""People behind a download."""
upper_bound = downloads * people_per_download
"""Number of which the author is 95% sure that there are fewer."""
capable_judged = gm.metalog(
    p5=lower_bound,
    p50=capable_guess,
    p95=upper_bound,
    lower=0,
    unit="person",
    source=cottier(f"{pool}: best guess and the two bounds, as 5%, 50% and 95%"),
)
"""People who can run BLOOM, as the author judges: no product of lognormals is skewed that way."""
reaches_count = capable >= engineers_counted
"""Whether the uncertain product is at least the number of engineers counted."""

gm.claim(downloads, mean="45,000 downloads", source=cottier(f"{pool}, upper bound"))
gm.claim(
    capable_judged,
    median="5000 person",
    interval="100 to 45,000 person",
    source=cottier(pool),
    note="The ends are the author's own counts: what is tested is that one distribution has them "
    "and the best guess. Its mean is three times the best guess.",
)

# --- Who will, and who could pay ----------------------------------------------------------------

willing = gm.lognormal(10, 1000, "person", source=cottier("note 2"))
"""People who will really learn to run BLOOM on their own."""
active = gm.minimum(willing, capable)
"""The same, but never more than can: the two are judged independently."""
active_share = (active / capable).to("percent")
"""Share of the capable who will."""
year = gm.constant(1, "year", source=cottier('appendix "Cost: $240 for 150 million words"'))
"""The time for which a node is rented."""
year_of_node = node_cost_per_year * year
"""Rent of one node for a year."""
can_pay_share = gm.lognormal(
    1,
    10,
    "percent",
    source="inferred: about 1% of the world's adults own a million dollars, of which a year of a "
    "node is a tenth; engineers at the top of their field do up to ten times as often",
)
"""Share of the capable who could pay for it."""
can_pay = (capable * can_pay_share).to("person")
"""Capable people who could pay for it: the source expects tens to hundreds."""

# --- Access to OPT-175B -------------------------------------------------------------------------

universities = gm.lognormal(
    50,
    200,
    "university",
    source="inferred: rankings of research on language stop at 50, 100 or 200 institutions",
)
"""Universities with a group for language processing."""
researchers_per_university = gm.lognormal(
    2,
    25,
    "person/university",
    source="inferred: staff, postdocs and doctoral students with a paper on language models: two "
    "in a small group, two dozen in a large one. Chosen knowing the published interval",
)
"""Eligible researchers at each."""
eligible = universities * researchers_per_university
"""Researchers who meet the criteria for access."""
applications_per_day = gm.lognormal(
    10,
    50,
    "application/day",
    source="inferred: one to three people who read forms beside other work, a quarter of an hour "
    "each",
)
"""Applications processed on a working day."""
working_days = gm.constant(250, "day", source="inferred: 52 weeks of five days, less ten days off")
"""Working days in the first year."""
people_per_application = gm.constant(
    1, "person/application", source=cottier("note 15: the form asks for one person")
)
"""People behind an application."""
processed = applications_per_day * working_days * people_per_application
"""Applicants who can be processed in the first year."""
opt_access = gm.minimum(eligible, processed)
"""People with access to OPT-175B after a year."""
processing_binds = processed < eligible
"""Whether processing is the tighter limit; the author judged that it is not."""

gm.claim(
    opt_access,
    mean="1000 person",
    guesstimate_interval="200 to 3000 person",
    source=cottier('"OPT-175B can be directly accessed", and note 16'),
    note="The counts at universities were settled with this interval in view.",
)
