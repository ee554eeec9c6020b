"""Jobs that a scheduler runs in the database: how each one stands, why one fails, and what can be done about it."""
