"""Is the database what its migrations say? Their own checks, and the questions that the platform's guide asks."""
