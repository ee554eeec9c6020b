"""The patients pane: find a patient, see who looked."""
