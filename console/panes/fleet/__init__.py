"""Every configured server at a glance: is it there, what is it, how busy, how far is its schema."""
