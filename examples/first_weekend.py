"""What will a film take in all, now that its first weekend has brought 30 million dollars?

guessmodel run examples/first_weekend.py total --given '28M USD < weekend and weekend < 32M USD'
"""

import guessmodel as gm

total = gm.lognormal(20e6, 300e6, "USD", source="inferred: films of this kind and budget")
"""What it takes in all, as it was expected before it opened."""
share = gm.beta(20, 42, "percent", source="inferred: the same films")
"""Share of that which comes on the first weekend."""
weekend = (total * share).to("USD")
"""What it takes on the first weekend."""
cost = gm.constant(55e6, "USD", source="studio")
"""Production and advertising."""
studio_share = gm.constant(50, "percent", source="contracts with cinemas")
gain = (total * studio_share).to("USD") - cost
pays = gain > 0
"""Whether the studio earns its money back in cinemas."""
