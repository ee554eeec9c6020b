"""The review tab: accesses that somebody should look at, and what was decided about them."""
