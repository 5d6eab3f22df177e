"""Viewpoints: which branch, at which position, every query of a block reads."""
