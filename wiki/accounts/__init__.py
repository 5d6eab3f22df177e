"""Signing up, in and out, and what an account may do."""
