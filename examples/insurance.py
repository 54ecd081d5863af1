"""What do an insurer's large fires cost in a year, and how much of it the reinsurer?"""

import guessmodel as gm

gm.unit("fire")

expected = gm.gamma(mean=4, sd=1, unit="fire", source="inferred: twelve years of claims")
"""Large fires to be expected in a year."""
fires = gm.poisson(expected)
"""Large fires in the year."""
typical = gm.lognormal(1.6, 2.4, "million USD/fire", source="inferred: median of 48 claims")
"""Cost of one in the middle: half of them cost less."""
retention = gm.constant(5, "million USD/fire", source="treaty with the reinsurer")
"""What the insurer bears of each fire."""
cover = gm.constant(20, "million USD/fire", source="treaty with the reinsurer")
"""What the reinsurer pays at most for a fire, above the retention."""


def fire():
    loss = typical * gm.lognormal(mu=0, sigma=1.1, name="severity", source="inferred: 48 claims")
    return loss, gm.clip(loss - retention, 0, cover)


losses, ceded = gm.compound(fires, fire)
"""Cost of all fires of the year, and what the reinsurer pays of it."""
kept = losses - ceded
"""What the insurer bears."""
ruinous = kept > gm.constant(30, "million USD")
"""Whether that exceeds the capital set aside for it."""

gm.headline(kept, statistics=("mean", "shortfall(0.99)"), percentiles=(50, 90, 99))
gm.headline(ceded, percentiles=(50, 90, 99))
gm.headline(ruinous)
