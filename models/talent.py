"""Who can run a model like GPT-3 on their own?

The pool of people with the talent to run BLOOM, counted twice: as a product of uncertain shares,
and as the author judges it. Then those who will really do it, those who could pay for a node for a
year, and those with access to OPT-175B.
"""

import guessmodel as gm
from models.inference_cost import gpu_price, node_cost_per_year, node_published
from models.sources import IN_VIEW, PUBLISHED, cottier

gm.unit("university")
gm.unit("application")

pool = 'appendix "Talent pool: Thousands of people"'
node = 'appendix "Cost: $240 for 150 million words"'

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

graduates_uncertain = gm.lognormal(
    1.5e6,
    3e6,
    "person",
    source="inferred: 2 million is the source's count; definitions (computer science alone, or "
    "with information systems; employed in the field, or anywhere) differ by a factor of two",
)
"""Computer-science graduates in the workforce of the US, uncertain."""
top_share = gm.lognormal(
    0.3,
    3,
    "percent",
    source="inferred: the source has no special reason for the top 1%; a factor of three either "
    "way",
)
"""Share of graduates who are good enough."""
studied_share = gm.lognormal(
    4,
    20,
    "percent",
    source="inferred: a quarter of the workforce graduated since such courses became common "
    "(80 thousand a year since 2015, of two million); from one in six of those to most of them",
)
"""Share of those who studied deep learning for language."""
retained_share = gm.lognormal(
    3,
    30,
    "percent",
    source="inferred: nothing to count; a factor of three about the source's one in ten",
)
"""Share of those who have retained it, through work or further study."""
capable = (
    graduates_uncertain
    / population_us
    * population_world
    * top_share
    * studied_share
    * retained_share
).to("person")
"""People who can run BLOOM, uncertain."""

gm.claim(
    capable,
    mean="5000 person",
    source=cottier(f"{pool}, step 4: the product of best guesses"),
    scenario=PUBLISHED,
)
gm.claim(
    capable,
    median="5000 person",
    interval="100 to 45,000 person",
    expected="falls short",
    source=cottier("key takeaways 2a"),
    note="The author's judgement, with ends set by hand, as 5%, 50% and 95%. A product of shares "
    "with the mean 5000 has none of the three: it is skewed the other way.",
    scenario=PUBLISHED,
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
coverage = gm.uniform(
    20,
    100,
    "percent",
    source=cottier(f'{pool}: graduates are "more than 20% of the actual set"'),
)
"""Share of such graduates among all who can run BLOOM."""
actual_set = capable_judged / coverage
"""People who can run BLOOM, those who are no such graduates included."""
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
year = gm.constant(1, "year", source=cottier(node))
"""The time for which a node is rented."""
year_of_node = node_cost_per_year * year
"""Rent of one node for a year."""
millionaires = gm.constant(
    1.2, "percent", source="inferred: 62 million of 5.3 billion adults owned a million USD in 2021"
)
"""Share of the world's adults who own a million dollars."""
pareto_index = gm.uniform(
    1.3,
    1.7,
    source="inferred: wealth above a million falls off by a power law; published lists give 1.3 to "
    "1.7 for its exponent",
)
"""Exponent of the upper tail of wealth."""
spending_share = gm.lognormal(
    5,
    30,
    "percent",
    source="inferred: a project of one's own takes from a twentieth to a third of what one owns",
)
"""Share of what somebody owns that goes into renting the node."""
richer_factor = gm.lognormal(
    1,
    10,
    source="inferred: engineers at the top of their field are rich as often as adults in general, "
    "up to ten times as often",
)
"""How much more often the capable are rich than adults in general."""
wealth_needed = year_of_node / spending_share
"""What one has to own to pay for it."""
million = gm.constant(1e6, "USD", source="inferred: the unit that the rich are counted by")
"""A million dollars."""
can_pay_share = gm.minimum(
    millionaires * richer_factor * (million / wealth_needed) ** pareto_index, 1
).to("percent")
"""Share of the capable who could pay for it."""
can_pay = (capable * can_pay_share).to("person")
"""Capable people who could pay for it."""

tens_to_hundreds = cottier(f'{node}: "affordable for perhaps tens to hundreds of individuals"')
gm.claim(
    can_pay,
    interval=("at least 10 person", None),
    kind="prediction",
    source=tens_to_hundreds,
    note="Tens to hundreds is taken to mean from 10 to 1000, as a 90% interval.",
)
gm.claim(
    can_pay,
    interval=(None, "at most 1000 person"),
    kind="prediction",
    expected="falls short",
    source=tens_to_hundreds,
    note="The pool of the capable, uncertain by a factor of 40, leaves one chance in seven that "
    "more could pay.",
)

# --- Access to OPT-175B -------------------------------------------------------------------------

universities = gm.lognormal(
    50,
    200,
    "university",
    source="inferred: rankings of research on language stop at 50, 100 or 200 institutions",
)
"""Universities with a group for language processing."""
researchers_per_university = gm.lognormal(
    3,
    30,
    "person/university",
    source="inferred: a group is one to four members of staff, each with two to six postdocs and "
    "students who have published",
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
    1, "person/application", source="inferred: a form is filled in by one person for themselves"
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
    scenario=PUBLISHED,
)

# --- Who has such weights anyway ----------------------------------------------------------------

other_weights = gm.bernoulli(
    0.2, source=cottier("note 5: 80% confident that no other model's were widely available")
)
"""Whether the weights of another such model were widely available before July 2022."""
opt_leaked = gm.bernoulli(
    0.4, source=cottier('"OPT-175B can be directly accessed": 60% confident that they were not')
)
"""Whether somebody who had access has made OPT-175B's weights public."""
open_besides_bloom = other_weights | opt_leaked
"""Whether anybody could have such weights without BLOOM, if the two are judged independently."""

gm.headline(
    capable,
    sentence="Of those who could run BLOOM there are {mean} ({p5} to {p95}) by this count.",
    priority=2,
)
gm.headline(
    can_pay, sentence="A year of a node is within the means of {p50} of them ({p5} to {p95})."
)
gm.headline(opt_access)

# --- As published: the inputs that reproduce the source's figures, chosen with these in view ----

published = {
    gpu_price: node_published[gpu_price],
    graduates_uncertain: graduates_us,
    top_share: "0.1% to 5%",
    studied_share: "2% to 25%",
    retained_share: "1% to 25%",
    researchers_per_university: "2 to 25",
}
gm.scenario(
    PUBLISHED,
    published,
    doc="Shares whose widths were settled knowing the published interval.",
    source=IN_VIEW,
)
