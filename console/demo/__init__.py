"""The embedded server, its synthetic data and the traffic that makes it live."""
