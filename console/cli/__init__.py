"""The command line: one module per command group, each importing its service only when it is run."""
