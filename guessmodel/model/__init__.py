"""Named quantities that are looked at together; overrides and scenarios."""
