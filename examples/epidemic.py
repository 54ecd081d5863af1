"""How many boys of a boarding school will be in bed with influenza?

In January 1978 one boy brought it to a school of 763. A fortnight later 512 had been in bed, 298 of
them on the worst day: British Medical Journal 1978, 1:587.
"""

import guessmodel as gm

report = "British Medical Journal 1978, 1:587"

boys = gm.constant(763, "person", source=report)
first = gm.constant(1, "person", source=report)
"""Who brings it."""
infections = gm.lognormal(2.4, 4.4, source="inferred: outbreaks in closed communities")
"""Boys whom one would infect if nobody were immune: the basic reproduction number."""
contagious = gm.lognormal(1.8, 2.8, "day", source="inferred: time until boys are put to bed")
"""Time for which one who is ill passes it on."""
day = gm.constant(1, "day")


def next_day(state):
    well, ill = state
    chance = -gm.expm1(-infections * day / contagious * ill / boys)
    recover = -gm.expm1(-day / contagious)
    return well * (1 - chance), ill * (1 - recover) + well * chance


well, ill = gm.scan(next_day, (boys - first, first), dim={"day": range(1, 29)})
"""How many have not been ill, and how many are, at the end of a day."""
worst = ill.max("day")
"""Boys who are ill on the worst day."""
fell_ill = boys - well.isel(day=-1)
"""Boys who have been ill after four weeks."""

gm.claim(worst, median="298 person", rtol=0.1, kind="prediction", source=report)
gm.claim(
    fell_ill,
    median="512 person",
    kind="prediction",
    expected="falls short",
    source=report,
    note="At this contagion nearly all have it; a third of them were never in bed.",
)
gm.headline(worst, sentence="On the worst day {p50} boys are ill ({p5} to {p95}).")
gm.headline(fell_ill)
