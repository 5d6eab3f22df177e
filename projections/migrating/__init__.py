"""Migrations of versioned models: log, rows, views and writers change in one transaction."""
