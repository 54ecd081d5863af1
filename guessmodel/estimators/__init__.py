"""Estimates with their errors: from closed forms, from draws, and from counts of draws.

An `estimator` tells statistics of one quantity at one coordinate. They are asked in this order:

- `exact`, where the distribution is known: by a `closed_form`, as a sum of events
  (`sums_of_events`, `compounded`), or as a function of one draw (`one_draw`);
- `conditional`, with one draw integrated out;
- `sampled`, by draws (`replicates`, `order_statistics`, `shape`, `mode`, `shortest`, `joint`) or by
  counts of them (`sketch`).

Beside these, `by_parts` knows moments of what independent parts make up, `stratified` those of
draws in strata, and `tails` which moments exist. Intervals are longer where replicates agree by
chance (`gaps`, `coincidence`), and towards a heavy tail (`skewed_tails`).

Nothing here knows a run, its results or its names. No answer depends on what was asked before.
"""
