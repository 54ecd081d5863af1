"""Conditional Monte Carlo: one draw of an output integrated out, which makes its CDF smooth."""
