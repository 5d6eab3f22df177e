"""Forms of pages: their fields, in groups, checked as people type."""
