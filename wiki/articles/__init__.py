"""Free pages."""
