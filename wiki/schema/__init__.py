"""What records of each kind look like, as JSON Schema, read off the models."""
