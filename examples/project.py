"""When will the warehouse be ready, and what will it cost?"""

import guessmodel as gm

team = "the project team: least, most likely and most"

design = gm.pert(6, 16, "week", mode=8, source=team)
permit = gm.pert(4, 30, "week", mode=8, source="the town's last nine permits")
foundation = gm.pert(5, 11, "week", mode=6, source=team)
delivery = gm.pert(10, 26, "week", mode=14, source="two suppliers")
"""Delivery of the steel frame, which is ordered once the design is ready."""
assembly = gm.pert(8, 18, "week", mode=10, source=team)
fitting_out = gm.pert(6, 14, "week", mode=8, source=team)
strike = gm.bernoulli(0.15, source="one winter in seven")
"""Whether the carriers strike."""
strike_length = gm.lognormal(1, 6, "week", source="past strikes")

ground_ready = permit + foundation
"""From the end of the design until the ground is ready."""
steel_ready = delivery + strike * strike_length
"""From the end of the design until the steel is there."""
duration = design + gm.maximum(ground_ready, steel_ready) + assembly + fitting_out
"""From the order to the key."""
steel_is_late = steel_ready > ground_ready
"""Whether steel holds the project up, rather than the permit."""

materials = gm.lognormal(1.8e6, 2.6e6, "USD", source="quantity surveyor")
running_cost = gm.pert(40e3, 70e3, "USD/week", mode=48e3, source="wages, cranes and site office")
"""Cost of each week, whatever is done in it."""
penalty = gm.constant(25e3, "USD/week", source="contract")
deadline = gm.constant(52, "week", source="contract")
delay = gm.maximum(duration - deadline, 0)
"""Time by which the deadline is missed."""
cost = materials + running_cost * duration + penalty * delay
late = duration > deadline

gm.headline(duration, percentiles=(10, 50, 80, 90))
gm.headline(cost, percentiles=(10, 50, 80, 90))
gm.headline(late)
gm.sweep({deadline: "44..60:9 week"}, late, doc="How likely each deadline is missed.")
gm.seek(late, "probability", "10%", by=deadline, doc="What can be promised.")
