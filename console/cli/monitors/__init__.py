"""How servers are and what goes on there; a session can be stopped."""
