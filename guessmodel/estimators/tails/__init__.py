"""How tails fall, told by the graph: which moments exist."""
