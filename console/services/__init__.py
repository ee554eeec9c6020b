"""What two panes, or a pane and the command line, share."""
