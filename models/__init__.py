"""Models of what large language models cost to develop and to deploy; see docs/models.md."""
