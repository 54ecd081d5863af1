"""How many machines does a service need so that its busiest hours are served?"""

import guessmodel as gm

users = gm.lognormal(3e6, 9e6, "user", source="inferred: sign-ups after earlier launches")
"""Users a year from now."""
rate = gm.lognormal(20, 60, "request/user/day", source="logs of the beta")
peak = gm.lognormal(2.0, 3.5, source="logs of similar services")
"""Load of the busiest hour of the year against the average."""
work = gm.lognormal(30, 80, "ms/request", source="profile of the beta")
"""Time for which a request keeps a core busy."""
cores = gm.constant(32, "node**-1", source="price list")
"""Cores of a node."""
busy = gm.uniform(50, 70, "percent", source="load tests: beyond that, answers are slow")
"""How busy its cores may be."""
node_price = gm.constant(1.35, "USD/node/hour", source="price list, reserved for a year")

load = (users * rate * peak * work).to("")
"""Cores that are busy in the busiest hour."""
nodes = gm.ceil(load / (cores * busy))
cost = (nodes * node_price).to("USD/year")
"""Rent, if all of them are rented for the whole year."""
gm.headline(nodes, percentiles=(50, 90, 99))
gm.headline(cost, percentiles=(50, 90, 99))
