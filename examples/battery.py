"""In which year will battery packs cost less than 80 dollars a kilowatt-hour?"""

import guessmodel as gm

survey = "BloombergNEF, battery price survey of December 2024"

surveyed = gm.constant(2024, format="year", source=survey)
price = gm.constant(115, "USD/kWh", source=survey)
"""Average price of lithium-ion packs in that year."""
goal = gm.constant(80, "USD/kWh", source="inferred: electric cars then cost what others do")
learning = gm.beta(12, 24, "percent", source="inferred: 18% on average since 1992; studies differ")
"""Share by which the price falls when what has been made in all doubles."""
doubling = gm.lognormal(1.8, 4.5, "year", source="inferred: 2.5 years of late, and slowing down")
"""Time in which what has been made in all doubles."""

doublings = gm.log(goal / price) / gm.log(1 - learning)
"""Doublings until the goal is reached."""
wait = doublings * doubling
"""Time until then, from the middle of that year."""
reached = gm.floor(surveyed + 0.5 + wait / gm.constant(1, "year")).formatted("year")
"""The year in which it is."""
before_2030 = reached < 2030

gm.headline(reached, statistics=(), sentence="80 USD/kWh are reached in {p50} ({p5} to {p95}).")
gm.headline(before_2030)
