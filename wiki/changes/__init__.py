"""Changesets: the recent ones, one of them, and its revert."""
