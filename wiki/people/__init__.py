"""People who design, build or found."""
