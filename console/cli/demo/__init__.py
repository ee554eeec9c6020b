"""The demo, and the rows that it is made of."""
