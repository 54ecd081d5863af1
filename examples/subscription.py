"""When does a subscription service earn its money back, within 36 months?"""

import guessmodel as gm

months = {"month": range(1, 37)}
month = gm.constant(1, "month")

price = gm.constant(12, "USD/user/month", source="price list")
conversion = gm.beta(2, 6, "percent", source="four similar products")
"""Share of the visitors who subscribe."""
churn = gm.beta(3, 8, "percent", source="four similar products")
"""Share of the subscribers who leave in a month."""
service = gm.lognormal(1.5, 4, "USD/user/month", source="hosting, support and payment fees")
"""Cost of serving a subscriber."""
click = gm.lognormal(0.2, 0.6, "USD/user", source="bids for search advertising")
"""Advertising that brings a visitor."""
visitors_now = gm.lognormal(10_000, 30_000, "user", source="trial campaign of two weeks")
"""Visitors in the month before the first."""
growth = gm.normal(0, 4, "percent", source="market reports")
"""Growth of the visitors from month to month."""
season = gm.lognormal(0.8, 1.25, dim=months, source="spread of the months of last year")
"""What makes one month better than another."""
team = gm.normal(15_000, 25_000, "USD/month", source="budget")
start_up = gm.lognormal(100_000, 200_000, "USD", source="the last two products")
"""Spent before the first month."""

visitors = season * gm.scan(lambda now: now * (1 + growth), visitors_now, dim=months)
subscribers = gm.scan(
    lambda now, new: now * (1 - churn) + new,
    gm.constant(0, "user"),
    visitors * conversion,
    dim="month",
)
revenue = subscribers * price * month
"""What subscribers pay in a month."""
profit = revenue - (subscribers * service + team) * month - visitors * click
cash = profit.cumsum("month") - start_up
"""What has been earned up to the end of a month."""
lowest_cash = cash.min("month")
"""What has to be financed."""
paid_back = cash.isel(month=-1) > 0
"""Whether all is earned back after 36 months."""
month_paid_back = cash.first_where(cash >= 0, "month", never=37)
"""The first month at the end of which it is; 37 where it is later."""

gm.headline(paid_back)
gm.headline(lowest_cash, statistics=(), percentiles=(5, 50))
gm.headline(month_paid_back, statistics=(), percentiles=(5, 50, 95))
gm.sweep({price: "6..18:7"}, lowest_cash)
gm.seek(paid_back, "probability", "99%", by=price)
