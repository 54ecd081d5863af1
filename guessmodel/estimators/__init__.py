"""Estimates with their errors: from closed forms, from draws, and from counts of draws."""
