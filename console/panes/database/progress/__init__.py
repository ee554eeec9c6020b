"""What takes long and says how far it is: vacuum, analyze, index builds, clusters, base backups, copies."""
