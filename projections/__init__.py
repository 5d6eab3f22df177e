"""What is derived from the log, and can be dropped and rebuilt from it."""
