"""Questions put to the draws of a run."""
