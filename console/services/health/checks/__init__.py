"""The checks, one module for each theme: pure functions from facts to a verdict, and a tuple of them."""
