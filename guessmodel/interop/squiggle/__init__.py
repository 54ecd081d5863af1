"""Models written in the Squiggle language, read and written as model files."""
