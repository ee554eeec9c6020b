"""The panes, one folder each; console/registry.py is the only list of them."""
