"""What is wrong with a migration before it runs: rules over its statements and over all that came before them."""
