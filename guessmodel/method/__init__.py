"""Warnings of what a model may not have meant to say."""
