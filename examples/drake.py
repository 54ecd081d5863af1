"""How many civilizations are there in the galaxy that we could hear?

The Drake equation with a distribution for each factor: Sandberg, Drexler and Ord, "Dissolving the
Fermi Paradox" (2018). The mean is in the millions, and most likely we are alone.
"""

import guessmodel as gm

gm.unit("star")
gm.unit("planet")
gm.unit("civilization")

paper = "Sandberg, Drexler and Ord (2018), section 3"

star_formation = gm.loguniform(1, 100, "star/year", source=paper)
"""Stars that form in the galaxy."""
with_planets = gm.loguniform(0.1, 1, source=paper)
"""Share of the stars that have planets."""
habitable = gm.loguniform(0.1, 1, "planet/star", source=paper)
"""Planets fit for life of a star that has planets."""
orders = gm.normal(mean=0, sd=50, source=paper)
"""Life begins 10 to this power times on such a planet, to be expected: nobody knows."""
with_life = -gm.expm1(-(10**orders))
"""Share of such planets on which it begins at least once."""
intelligent = gm.loguniform(0.001, 1, source=paper)
"""Share of those with life on which intelligence arises."""
communicating = gm.loguniform(0.01, 1, "civilization/planet", source=paper)
"""Share of those from which signals come."""
lifetime = gm.loguniform(100, 1e10, "year", source=paper)
"""For how long."""

civilizations = (
    star_formation * with_planets * habitable * with_life * intelligent * communicating * lifetime
)
"""Civilizations whose signals reach us now."""
alone = civilizations < gm.constant(1, "civilization")
"""Whether fewer than one are to be expected in the galaxy, ours apart."""
alone_in_universe = civilizations < gm.constant(1e-10, "civilization")
"""Whether fewer than one are to be expected in all galaxies that can be seen."""

gm.claim(alone, probability="52%", source=paper)
gm.claim(alone_in_universe, probability="38%", rtol=0.05, source=paper)
gm.claim(civilizations, median="0.32 civilization", source=paper)
gm.headline(alone)
gm.headline(civilizations, statistics=("median",), percentiles=())
