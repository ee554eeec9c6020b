"""The command line: commands in folders by topic, each importing its service only when it is run."""
