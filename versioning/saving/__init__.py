"""Saves: changes of entities become events, rows and a changeset; where they go, and whose."""
