"""Is adding lamivudine to zidovudine worth its price, over 20 years of HIV?

Cohort model of Chancellor et al., PharmacoEconomics 12 (1997), as taught by Briggs, Claxton and
Sculpher, "Decision Modelling for Health Economic Evaluation" (2006), in pounds of 1995.
"""

import guessmodel as gm

study = "Chancellor et al. (1997), as in Briggs et al. (2006)"
spent = {"mild": 2756, "severe": 3052, "AIDS": 9007}

mild_to = gm.dirichlet({"mild": 1251, "severe": 350, "AIDS": 116, "dead": 17}, "to", source=study)
"""Where patients with 200 to 500 cells/mm³ are after a year."""
severe_to = gm.dirichlet({"severe": 731, "AIDS": 512, "dead": 15}, "to", source=study)
"""Where patients with fewer cells are after a year."""
aids_to = gm.dirichlet({"AIDS": 1312, "dead": 437}, "to", source=study)
"""Where patients with AIDS are after a year."""
relative_risk = gm.lognormal(0.365, 0.710, mass=0.95, source=study)
"""Risk of getting worse while both drugs work, against zidovudine alone."""
care = gm.gamma(mean=spent, sd=spent, dim="state", unit="GBP/year", source=study)
"""Care of a patient; its error is unknown, and taken to be as large as the mean."""
zidovudine = gm.constant(2278, "GBP/year", source=study)
lamivudine = gm.constant(2086.5, "GBP/year", source=study)
lamivudine_years = gm.constant({"one": 0, "both": 2}, dim="drugs", source=study)
"""For how long patients get the second drug: as long as it works."""
years = gm.constant({n: n for n in range(1, 21)}, dim="year")
year = gm.constant(1, "year")
discount_rate = gm.constant(6, "percent", source=study)
"""Of costs; life years are not discounted."""
threshold = gm.constant(30_000, "GBP/year", source="upper end of what NICE accepts")
"""Price of a year of life."""


def next_year(state, risk):
    mild, severe, aids = state
    to_severe = mild * mild_to.sel(to="severe") - severe * (1 - severe_to.sel(to="severe"))
    to_aids = mild * mild_to.sel(to="AIDS") + severe * severe_to.sel(to="AIDS")
    to_aids -= aids * aids_to.sel(to="dead")
    still_mild = mild - risk * mild * (1 - mild_to.sel(to="mild"))
    return still_mild, severe + risk * to_severe, aids + risk * to_aids


_both = years <= lamivudine_years
_states = gm.scan(next_year, (1, 0, 0), gm.where(_both, relative_risk, 1), dim="year")
patients = gm.stack(dict(zip(spent, _states, strict=True)), dim="state")
"""Share of the patients who are in a state at the end of a year."""
life_years = patients.sum(["state", "year"]) * year
"""Years that a patient lives."""
spending = (patients * (care + zidovudine + lamivudine * _both)).sum("state") * year
cost = gm.present_value(spending, discount_rate, "year")
"""Discounted cost of a patient."""
more_years = life_years.sel(drugs="both") - life_years.sel(drugs="one")
more_cost = cost.sel(drugs="both") - cost.sel(drugs="one")
benefit = more_years * threshold - more_cost
"""Net benefit of the second drug for a patient."""

gm.claim_ratio_of_means(more_cost, more_years, "6276 GBP/year", rtol=0.015, source=study)
gm.headline(benefit, sentence="Lamivudine is worth {mean} to a patient ({p5} to {p95}).")
