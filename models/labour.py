"""What the people cost who run a deployment, beside the compute."""

import guessmodel as gm
from models.coding_assistant import cost_per_year as coding_cost_per_year
from models.largest_deployment import adjusted_cost, published
from models.sources import IN_VIEW, PUBLISHED, cottier

team = '"Talent requirements and labor cost"'

# --- As the source multiplies -------------------------------------------------------------------

developers = gm.constant(
    {"twitter": 5, "coding assistant": 15}, "person", dim="deployment", source=cottier(team)
)
"""Software developers who have worked with projects in machine learning."""
ml_engineers = gm.constant(
    {"twitter": 5, "coding assistant": 5}, "person", dim="deployment", source=cottier(team)
)
"""Engineers who know how to run language models over several GPUs."""
team_size = developers + ml_engineers
"""People in the team."""
salary = gm.constant(100e3, "USD/person/year", source=cottier(team))
"""Pay of each."""
year = gm.constant(1, "year", source=cottier(team))
"""How long the team works, if it does for the whole year."""
full_year_cost = team_size * salary * year
"""Pay of the team for the whole year."""
effort = gm.constant(3, "month", source=cottier(f"{team} and note 37"))
"""How long the author expects it to work, in full time."""
labour_cost = (team_size * salary * effort).to("USD")
"""Pay of the team for that time."""

gm.claim(full_year_cost, at={"deployment": "twitter"}, mean="1M USD", source=cottier(team))
gm.claim(full_year_cost, at={"deployment": "coding assistant"}, mean="2M USD", source=cottier(team))
gm.claim(labour_cost, at={"deployment": "twitter"}, mean="250K USD", source=cottier(team))
gm.claim(labour_cost, at={"deployment": "coding assistant"}, mean="500K USD", source=cottier(team))

# --- The same, uncertain: the author calls all of these numbers intuition -----------------------

team_factor = gm.lognormal(
    0.6,
    1.7,
    source="inferred: note 36 found 12 people behind a product like the coding assistant, 0.6 of "
    "the 20, and probably missed some; as far off in the other direction",
)
"""People really needed, against the head count above."""
salary_uncertain = gm.lognormal(
    70e3,
    200e3,
    "USD/person/year",
    source="inferred: from pay in eastern Europe or academia to that of a US technology firm",
)
"""Pay of each, uncertain."""
effort_uncertain = gm.lognormal(
    1.5,
    6,
    "month",
    source='inferred: note 37 calls three months "just an intuitive estimate"; a factor of two '
    "either way",
)
"""How long the team works, uncertain."""
labour_cost_uncertain = (team_size * team_factor * salary_uncertain * effort_uncertain).to("USD")
"""Pay of the team, uncertain."""

# --- Against compute ----------------------------------------------------------------------------

coding_labour_cost = labour_cost.sel(deployment="coding assistant")
"""Pay of the coding assistant's team, as the source has it."""
coding_cost = coding_cost_per_year * year
"""Compute of the coding assistant for a year."""
largest_over_labour = adjusted_cost / coding_labour_cost
"""Compute of the largest viable deployment against that pay."""
coding_over_labour = coding_cost / coding_labour_cost
"""Compute of the coding assistant against that pay."""
coding_over_labour_uncertain = coding_cost / labour_cost_uncertain.sel(
    deployment="coding assistant"
)
"""The same with the pay uncertain."""
compute_is_larger = coding_over_labour_uncertain > 1
"""Whether the coding assistant's compute costs more than its people."""

takeaway = "key takeaways 2b: 1/5 of the median estimate of the compute cost"
gm.claim_ratio_of_means(
    adjusted_cost,
    coding_labour_cost,
    "5",
    source=cottier(takeaway),
    note="The text does not say whose compute; the published 2.6M of the largest deployment fits. "
    "It is the display of a sheet, which is a mean.",
    scenario=PUBLISHED,
)
gm.claim(
    largest_over_labour,
    median="5",
    expected="falls short",
    source=cottier(takeaway),
    note="Read as a true median: the cost is skewed, and its median lies a fifth below its mean.",
    scenario=PUBLISHED,
)
gm.claim(
    coding_over_labour,
    mean="5",
    expected="falls short",
    source=cottier(takeaway),
    note="Against the coding assistant's own compute: of the published 2M the labour is a quarter, "
    "and ours is 1.8M.",
    scenario=PUBLISHED,
)

# --- As published: the inputs that reproduce the source's figures, chosen with these in view ----

gm.scenario(
    PUBLISHED,
    published,
    doc="The compute of both deployments as published.",
    source=IN_VIEW,
)
