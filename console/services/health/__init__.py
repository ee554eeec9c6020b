"""Is it well? Checks of one database: what they ask, how they judge it, and what a person has snoozed."""
