"""Model files: found, loaded in isolation, and read for names and descriptions."""
