"""Changes of the storage: each is a plan with its exact SQL, asked about, then carried out and recorded."""
