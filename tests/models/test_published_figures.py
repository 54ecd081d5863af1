"""Every figure that the documents assert and the models are to reproduce is a claim, and at least
90% of them hold.

The list is made from the documents: by model, the quantity it is about and the figure as printed
there. Readings that are kept beside a figure (a median beside a mean) are not in it, nor are
figures that the models add.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

import guessmodel as gm
from guessmodel.claims.checking import CheckResult

ROOT = Path(__file__).parents[2]
PAGES = ("README.md", "docs/models.md")

PUBLISHED = {
    "inference_cost": {
        "node_cost_per_day": ["240 USD/day"],
        "words_per_node_day": ["150 million words/day"],
        "cost_per_million_words": ["1.6 USD"],
        "api_cost_per_day": ["4000 USD/day"],
        "api_over_bloom": ["17"],
        "page_price_of_larger_model": ["60 USD"],
        "api_cost_of_reading": ["1.20 USD/hour"],
        "gpt3_flop_per_word": ["500 billion FLOP/word"],
        "words_per_second_of_hardware": ["200 word/s"],
        "api_over_hardware_at_ceiling": ["250"],
        "fits_in_node": ["at least 95%"],
        "node_cost_per_year": ["90K USD/year"],
    },
    "development": {"development_cost": ["13M USD", "4M USD", "36M USD"]},
    "twitter": {
        "cost_per_day": ["450 USD/day", "240 USD/day", "720 USD/day"],
        "cost_per_year": ["160K USD/year", "88K USD/year", "260K USD/year"],
        "api_cost_per_day": ["5100 USD/day", "3800 USD/day", "6600 USD/day"],
        "api_cost_per_year": ["1.9M USD/year", "1.4M USD/year", "2.4M USD/year"],
        "development_cost / (cost_per_year * duration)": ["100"],
        "orders_of_magnitude": ["2"],
        "explained": ["12"],
    },
    "coding_assistant": {"cost_per_year": ["2M USD/year", "260K USD/year", "8.4M USD/year"]},
    "largest_deployment": {
        "cost[combined]": ["1.3M USD", "230K USD", "5.2M USD"],
        "ratio[combined]": ["12%", "1.3%", "56%"],
        "ratio[adjusted]": ["20%", "10%", "68%"],
        "cost[adjusted]": ["2.6M USD", "950K USD", "6.2M USD", "1M USD", "6.6M USD"],
        "is_prohibitive[adjusted]": ["5%"],
        "development_cost / cost[adjusted]": ["5"],
        "(development_cost - cost)[adjusted] / cost[adjusted]": ["4"],
        "exceeds_development[chatgpt-scale]": ["at least 95%"],
    },
    "talent": {
        "capable_guess": ["5000 person"],
        "capable": ["100 person", "45,000 person"],
        "opt_access": ["1000 person", "200 person", "3000 person"],
    },
    "labour": {
        "labour_cost[twitter]": ["250K USD"],
        "labour_cost[coding assistant]": ["500K USD"],
        "full_year_cost[twitter]": ["1M USD"],
        "full_year_cost[coding assistant]": ["2M USD"],
        "adjusted_cost / coding_labour_cost": ["5"],
    },
    "transformative_copies": {
        "comment_price": ["< 1 USD/hour"],
        "api_page_price[1000]": ["60 USD"],
        "ceiling_hourly_price[1000]": ["20 USD/hour"],
        "human_range": ["1000"],
    },
    "streaming_latency": {
        "latency_in_memory": ["1.04 s"],
        "latency_grouped": ["1.8 s"],
        "latency_pipelined": ["1.04 s"],
        "peak_bandwidth[8, gen4]": ["250 GB/s"],
        "streaming_time[8, gen4]": ["1 s"],
        "streaming_time[4, gen4]": ["2 s"],
        "bandwidth_for_large_model": ["at least 1 TB/s"],
    },
    "training_inference_tradeoff": {
        "root_of_training": ["3e11 FLOP/inference"],
        "inferences_in_training": ["1e12 inference"],
        "service_inferences": ["110 trillion inference"],
        "backward_passes": ["3.5 trillion inference"],
        "training_over_service": ["0.1"],
    },
}
SHORT = {
    ("inference_cost", "api_over_hardware_at_ceiling", "250"),
    ("largest_deployment", "cost[combined]", "5.2M USD"),
    ("largest_deployment", "cost[adjusted]", "1M USD"),
    ("largest_deployment", "is_prohibitive[adjusted]", "5%"),
    ("largest_deployment", "(development_cost - cost)[adjusted] / cost[adjusted]", "4"),
    ("talent", "capable", "100 person"),
    ("talent", "capable", "45,000 person"),
}
"""Those that do not follow, as docs/models.md says."""

NAMES = sorted({*PUBLISHED, "accuracy"})
LISTED = [
    (model, quantity, figure)
    for model, quantities in PUBLISHED.items()
    for quantity, figures in quantities.items()
    for figure in figures
]


READINGS = {
    ("inference_cost", "api_over_hardware", "250"),
    ("inference_cost", "comment_ratio", "250"),
    ("labour", "largest_over_labour", "5"),
    ("labour", "coding_over_labour", "5"),
    ("largest_deployment", "development_over_deployment[adjusted]", "5"),
    ("talent", "capable", "5000 person"),
    ("transformative_copies", "accelerators_to_hold[1]", "at least 100 GPU"),
}
"""Other readings of a figure that is counted already."""

Check = Callable[[str], CheckResult]


@pytest.fixture
def checked(model_of: Callable[[str], gm.Model]) -> Check:
    return lambda name: _checked(model_of(name))


@cache
def _checked(model: gm.Model) -> CheckResult:
    return gm.check(model, reports="none")


@pytest.mark.parametrize("name", PUBLISHED)
def test_each_figure_is_a_claim_and_comes_out_as_listed(name: str, checked: Check) -> None:
    result = checked(name)
    found = {(name, claim.quantity, claim.published): claim.verdict for claim in result.claims}
    wanted = {figure for figure in LISTED if figure[0] == name}
    assert wanted <= found.keys()
    assert {figure for figure in wanted if found[figure] != "holds"} == {
        figure for figure in SHORT if figure[0] == name
    }


def test_at_least_90_percent_hold() -> None:
    assert len(LISTED) == len(set(LISTED)) == 78
    assert 1 - len(SHORT) / len(LISTED) > 0.9


def test_the_page_counts_as_the_check_does(checked: Check) -> None:
    """docs/models.md: all figures, those of the list above, and those said in passing; README."""
    claims = [claim for name in NAMES for claim in checked(name).claims]
    words = {file: " ".join((ROOT / file).read_text().split()) for file in PAGES}
    told = CheckResult(tuple(claims)).heading
    assert f"`{told}`" in words["docs/models.md"]
    hold, counted = told.split(" figures")[0].split(" of ")
    assert f"Of all {counted} published figures **{hold} hold**" in words["README.md"]
    kinds = told[told.index("(") + 1 : told.index(")")]
    assert f"({kinds})" in words["README.md"]
    there, elsewhere = told.removesuffix(" in base").rsplit("; ", 1)[1].split(" of ")
    assert f"{there} of {elsewhere} hold with independent inputs" in words["README.md"]
    passing = [
        claim
        for claim in claims
        if claim.kind != "echo"
        and (claim.model, claim.quantity, claim.published) not in READINGS | set(LISTED)
    ]
    holding = sum(claim.verdict == "holds" for claim in passing)
    assert f"{len(LISTED) - len(SHORT)} of 78 hold" in words["docs/models.md"]
    assert f"{holding} of {len(passing)} hold" in words["docs/models.md"]


def test_what_falls_short_says_why_and_the_page_names_it(checked: Check) -> None:
    claims = [claim for name in NAMES for claim in checked(name).claims]
    short = [claim for claim in claims if claim.expected == "falls short"]
    assert [claim.title for claim in short if len(claim.note or "") < 40] == []
    page = (ROOT / "docs" / "models.md").read_text()
    unnamed = {claim.quantity.partition("[")[0] for claim in short if claim.verdict != "holds"}
    assert {name for name in unnamed if f"`{name}`" not in page} == set()
