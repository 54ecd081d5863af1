"""From graph to numbers: a plan of array steps, run block by block on threads."""
