"""Widgets that know nothing of PostgreSQL: tables, panes, dialogs, and the text that may go on a terminal."""
