"""Families fitted to data, quantiles of experts, scores of forecasts."""
