"""Moments of what is made of independent parts, from those of the parts."""
