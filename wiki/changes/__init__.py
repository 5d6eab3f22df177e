"""Changesets: the recent ones, and one of them."""
