"""Which database, and how the console behaves: the configuration file, its model, and the choice of a target."""
