"""What a database of the plain flavour needs every day: weeks ahead, old weeks retired, reports refreshed."""
