"""Quantities: dims, operations, operators, traversal, names."""
