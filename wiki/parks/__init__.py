"""Parks."""
