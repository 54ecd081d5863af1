"""guessmodel: models made of uncertain quantities."""
