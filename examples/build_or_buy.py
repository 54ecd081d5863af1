"""Build an own data platform, or rent one for three years?

Guesses of a small company, in 2026 dollars; the point is how much each of them matters.
"""

import guessmodel as gm

engineer = gm.lognormal(180_000, 260_000, "USD/year", source="offers of the last year")
"""What an engineer costs, all in."""
team = gm.triangular(2, 6, mode=3, source="inferred: what others of our size have")
"""Engineers who build, and then run it."""
delay = gm.lognormal(0.5, 2.0, "year", source="inferred: our last three systems")
"""Until it works; until then the rented one is paid for too."""

users = gm.lognormal(250, 1500, source="inferred: pilot, and plans of the departments")
"""Average number of users over the three years."""
fee = gm.normal(900, 1300, "USD/year", source="quotes of two vendors")
"""Per user, after discounts."""
span = gm.constant(3, "year")

rented = (users * fee * span).to("USD")
built = (team * engineer * span + users * fee * gm.minimum(delay, span)).to("USD")

choice = gm.decision({"build": built, "rent": rented}, minimise=True)
