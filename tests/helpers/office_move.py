"""The text of a small model, for tests of the studio in this process and in a browser."""

__all__ = ["OFFICE_MOVE"]

OFFICE_MOVE = '''"""What does the office move cost?

A small plan.
"""

import guessmodel as gm

people = gm.constant(40, "person")
"""Who moves."""
price = gm.lognormal(
    90,  # the lower of two offers
    160,
    "USD/person",
    source="two offers",
)
"""What a mover asks for each desk."""
days = gm.pert(2, 9, "day", mode=3)
rent = gm.lognormal({"old": (200, 300), "new": (300, 450)}, unit="USD/day", dim="site")
cost = (people * price).to("USD") + (days * rent.sum("site")).to("USD")
"""The whole move."""
gm.claim(cost, mean="7200 USD", rtol=0.15)
'''

# A lognormal from a to b has the mean sqrt(a b) exp(s²/2), s = ln(b / a) / 3.28971. So a desk costs
# 121.85 USD, and 243.70 where it is 180 to 320; the rent of both sites 617.05 USD a day, for
# (2 + 4 * 3 + 9) / 6 days: 2,365 USD. 40 desks make 7,239 or 12,113 USD, 41 desks 7,361 USD, and
# 80 desks 12,113 or 21,861 USD.
