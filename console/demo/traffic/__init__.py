"""Background sessions that make the demo live: services at work, a slow report, a traffic jam of locks."""
