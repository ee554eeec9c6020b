"""What finds patients, brings them in, and gives tasks their patients."""
