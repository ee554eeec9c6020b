"""Jobs that a scheduler runs in the database: how each one stands, why one fails, and running or pausing it."""
