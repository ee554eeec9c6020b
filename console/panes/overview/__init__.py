"""The Overview pane: is it well?"""
