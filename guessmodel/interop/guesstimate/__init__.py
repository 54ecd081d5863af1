"""Guesstimate: its sheets become model files, and are shown to give the same numbers."""
