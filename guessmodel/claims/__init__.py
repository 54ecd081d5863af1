"""Published figures as claims: made, checked against a run, and against the last report."""
