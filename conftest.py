"""Imports the package the ordinary way before any of its doctests is collected.

Under --import-mode=importlib a module of the package that is collected first would otherwise exist
twice, and its classes would not be equal to themselves.
"""

import guessmodel  # noqa: F401
