"""Who is connected, doing what, for how long, and who waits for whom."""
