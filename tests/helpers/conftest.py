"""Modules that tests import from each other; see `pythonpath` in pyproject.toml."""

collect_ignore_glob = ["*.py"]
