"""Signing up, in and out, and what accounts are called."""
